import { sha256Hex } from '../../images/digest';
import type { Range } from '../dockerfile/source';
import type { Op, Vertex } from './types';

interface VertexOptions {
  readonly name: string;
  readonly ranges?: readonly Range[];
  readonly ignoreCache?: boolean;
  /** Makes it another one although it does the same (a context is another one in each build). */
  readonly salt?: string;
}

/** A vertex; its digest says what it does, on what. */
export function vertexOf(op: Op, { name, ranges = [], ignoreCache = false, salt = '' }: VertexOptions): Vertex {
  const inputs = inputsOf(op);
  const digest = `sha256:${sha256Hex(`${definition(op)}\0${ignoreCache ? name : ''}\0${salt}`)}`;
  return { digest, name, op, inputs, ranges, ignoreCache };
}

/** What an operation does, other vertices by their digests. */
export const definition = (op: Op): string =>
  JSON.stringify(op, (key, value: unknown) => {
    if (key === 'proxy') return undefined;
    if (key === 'image') return (value as { readonly id: string }).id;
    return key === 'base' || key === 'from' ? (value as Vertex | undefined)?.digest : value;
  });

function inputsOf(op: Op): readonly Vertex[] {
  const found = new Set<Vertex>();
  if (op.kind !== 'file' && op.kind !== 'exec') return [];
  if (op.base !== undefined) found.add(op.base);
  const others = op.kind === 'file' ? op.actions : op.mounts;
  for (const other of others) if ('from' in other && other.from !== undefined) found.add(other.from);
  return [...found];
}
