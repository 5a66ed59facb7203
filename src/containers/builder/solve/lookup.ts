import type { Engine } from '../../dockerd/engine';
import { BuildFailure } from '../dockerfile/source';
import { checksum } from './checksum';
import { keepOf, notThere } from './files';
import { matching } from './glob';
import { rooted } from './rooted';
import type { CopyAction, Vertex } from './types';

/** `mount / from exec /bin/sh -c …`, as `buildx du --verbose` says. */
export function describe({ name, op }: Vertex): string {
  return op.kind === 'exec' ? `mount / from exec ${op.args.join(' ')}` : name;
}

/** What a COPY takes, in one text: paths and what is there. */
export function digestOf(engine: Engine, root: string, action: CopyAction): string {
  const fs = rooted(engine.options.host, root);
  for (const path of action.required) if (!fs.lstat(path).ok) throw missing(engine, path);
  const paths = action.wildcard ? matching(fs, action.source) : [action.source];
  if (paths.length === 0 && !/[*?[]/.test(action.source)) throw missing(engine, action.source);
  return paths
    .map((path) => {
      const name = paths.length > 1 || /[*?[]/.test(action.source) ? path : '';
      return `${name}\0${checksum(fs, path, keepOf(action, path))}`;
    })
    .join('\0');
}

/** A source that is not there: found while its checksum is made. */
export function missing({ options: { random } }: Engine, path: string): BuildFailure {
  const ref = `${random.uuid()}::${random.string(25, '0123456789abcdefghijklmnopqrstuvwxyz')}`;
  return new BuildFailure(
    `failed to compute cache key: failed to calculate checksum of ref ${ref}: ${notThere(path).message}`,
  );
}

/** All vertices below one, inputs first. */
export function inOrder(target: Vertex): readonly Vertex[] {
  const order = new Map<string, Vertex>();
  const visit = (vertex: Vertex): void => {
    if (order.has(vertex.digest)) return;
    for (const input of vertex.inputs) visit(input);
    order.set(vertex.digest, vertex);
  };
  visit(target);
  return [...order.values()];
}
