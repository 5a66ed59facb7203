import type { SpanView } from '../../world/protocol';
import type { LayerName, Tower } from './tower';

/** One line of what a step made: `lowerdir` and its value. */
export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** A thing that a step made or did. */
export interface Artefact {
  readonly key: string;
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Ask why of this span. */
  readonly span: number;
}

/** One of the ten steps of `docker run`. Where nothing of it happened, it has no artefacts. */
export interface Step {
  readonly order: number;
  readonly layer: LayerName;
  readonly title: string;
  readonly artefacts: readonly Artefact[];
}

interface Kind {
  readonly layer: LayerName;
  readonly title: string;
  readonly isOf: (actor: string, span: SpanView) => boolean;
}

/** Who carries a request from the user's machine into another. */
const carriers = new Set(['com.docker.backend', 'vsudd', 'npfs']);
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);

/** From the line to the process, in the order in which a `docker run` goes through them. */
const kinds: readonly Kind[] = [
  { layer: 'cli', title: 'The CLI reads the line', isOf: (_actor, { verb }) => verb === 'parse' },
  {
    layer: 'socket',
    title: 'It asks over HTTP',
    isOf: (actor, { verb }) => carriers.has(actor) || (actor !== 'dockerd' && methods.has(verb)),
  },
  {
    layer: 'dockerd',
    title: 'dockerd looks for the image',
    isOf: (actor, { verb }) => actor === 'dockerd' && verb === 'image',
  },
  {
    layer: 'dockerd',
    title: 'It pulls what is missing',
    isOf: (actor, { verb }) => actor === 'dockerd' && verb === 'pull',
  },
  {
    layer: 'kernel',
    title: 'Layers are mounted over each other',
    isOf: (actor, { verb }) => actor === 'wcifs' || (actor === 'overlayfs' && verb === 'mount'),
  },
  {
    layer: 'kernel',
    title: 'A network is plugged in',
    isOf: (actor) => actor === 'libnetwork' || actor === 'netfilter' || actor === 'hns',
  },
  {
    layer: 'containerd',
    title: 'containerd gets the OCI configuration',
    isOf: (actor, { verb }) =>
      (actor === 'containerd' && verb === 'create') || (actor === 'hcs' && verb === 'CreateComputeSystem'),
  },
  { layer: 'shim', title: 'A shim is started', isOf: (actor) => actor === 'containerd-shim' || actor === 'vmcompute' },
  { layer: 'runc', title: 'runc makes the container', isOf: (actor) => actor === 'runc' || actor === 'hcs' },
  {
    layer: 'process',
    title: 'The process runs',
    isOf: (actor, { verb }) => actor === 'ntoskrnl' || (actor === 'kernel' && verb === 'execve'),
  },
];

/** What is drawn of one step; a loop of a hundred runs is not read one by one. */
const MOST = 24;

/** The ten steps, with what the last command left in each. */
export function stepsOf(
  spans: Iterable<SpanView>,
  { titles }: Pick<Tower, 'titles'> = { titles: {} },
): readonly Step[] {
  const found: Artefact[][] = kinds.map(() => []);
  for (const span of [...spans].sort((a, b) => a.id - b.id)) {
    const [actor = ''] = span.actor.split('@');
    const at = kinds.findIndex((kind) => kind.isOf(actor, span));
    const list = found[at];
    if (list !== undefined && list.length < MOST) list.push(artefact(span));
  }
  return kinds.map(({ layer, title }, index) => ({
    order: index + 1,
    layer,
    title: titles[index + 1] ?? title,
    artefacts: found[index] ?? [],
  }));
}

function artefact({ key, id, verb, subject, detail = {} }: SpanView): Artefact {
  const facts = Object.entries(detail)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ({ name, text: textOf(value) }));
  return { key, title: `${verb} ${subject}`, facts, span: id };
}

/** Lists line by line, objects as indented JSON without what is empty. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'string') ? value.join('\n') : JSON.stringify(value);
  return JSON.stringify(value, (_name, inner: unknown) => (isEmpty(inner) ? undefined : inner), 2);
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
