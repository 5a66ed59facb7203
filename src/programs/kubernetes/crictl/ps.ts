import type { ContainerStatus, PodSandboxStatus } from '../../../containers/containerd/cri';
import { humanDuration } from '../../../containers/dockerd/human';
import type { Flag } from '../../toolkit/urfave';
import type { Crictl, CrictlCommand } from './crictl';
import { namespaceOf, podNameOf } from './found';
import { containerJson, sandboxJson } from './json';
import { short, table } from './table';

const selection: readonly Flag[] = [
  { names: ['id'], value: 'value', usage: 'Filter by container id' },
  { names: ['name'], value: 'value', usage: 'Filter by container name regular expression pattern' },
  { names: ['namespace'], value: 'value', usage: 'Filter by pod namespace regular expression pattern' },
  { names: ['label'], value: 'list', usage: 'Filter by key=value label' },
  { names: ['state', 's'], value: 'value', usage: 'Filter by state' },
  { names: ['latest', 'l'], usage: 'Show the most recently created' },
  { names: ['last', 'n'], value: 'value', usage: 'Show last n recently created' },
  { names: ['no-trunc'], usage: 'Show output without truncating the ID' },
  { names: ['quiet', 'q'], usage: 'Only display IDs' },
  { names: ['output', 'o'], value: 'value', usage: 'Output format, One of: json|yaml|table' },
  { names: ['resolve-image-path', 'r'], usage: 'Display image path instead of image id' },
];

const containerStates: Readonly<Record<ContainerStatus['state'], string>> = {
  CONTAINER_CREATED: 'Created',
  CONTAINER_RUNNING: 'Running',
  CONTAINER_EXITED: 'Exited',
  CONTAINER_UNKNOWN: 'Unknown',
};
const sandboxStates: Readonly<Record<PodSandboxStatus['state'], string>> = {
  SANDBOX_READY: 'Ready',
  SANDBOX_NOTREADY: 'NotReady',
};

/** A pattern that a person typed; a broken one matches nothing. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}

interface Listed {
  readonly id: string;
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** What all lists share: newest first, by id, labels and count. */
function select<T extends Listed>(
  { flags }: Crictl,
  all: readonly T[],
  state: (one: T) => string,
  shownAlways: boolean,
): T[] {
  const labels = flags.get('label')?.split(',') ?? [];
  const wanted = flags.get('state')?.toLowerCase();
  const found = all
    .filter((one) => one.id.startsWith(flags.get('id') ?? ''))
    .filter((one) => matches(flags.get('namespace'), namespaceOf(one)))
    .filter((one) =>
      labels.every(
        (label) => `${one.labels[label.split('=', 1)[0] ?? ''] ?? ''}` === label.slice(label.indexOf('=') + 1),
      ),
    )
    .filter((one) =>
      wanted === undefined ? shownAlways || state(one) === 'Running' : state(one).toLowerCase() === wanted,
    )
    .sort((a, b) => b.createdAt - a.createdAt);
  const count = flags.has('latest') ? 1 : Number(flags.get('last') ?? Infinity);
  return found.slice(0, count);
}

/** crictl ps. */
export const ps: CrictlCommand = {
  names: ['ps'],
  usage: 'List containers',
  flags: [
    { names: ['all', 'a'], usage: 'Show all containers' },
    { names: ['image'], value: 'value', usage: 'Filter by container image' },
    { names: ['pod', 'p'], value: 'value', usage: 'Filter by pod id' },
    ...selection,
  ],
  async run(crictl) {
    const { cri, flags, process } = crictl;
    const all = flags.has('all') || flags.has('latest') || flags.has('last');
    const found = select(crictl, cri.listContainers(), ({ state }) => containerStates[state], all)
      .filter(({ metadata }) => matches(flags.get('name'), metadata.name))
      .filter(({ sandboxId }) => sandboxId.startsWith(flags.get('pod') ?? ''))
      .filter(
        ({ image, imageId }) =>
          flags.get('image') === undefined ||
          image.includes(flags.get('image') ?? '') ||
          imageId.startsWith(flags.get('image') ?? ''),
      );
    const id = (full: string): string => (flags.has('no-trunc') ? full : short(full));
    if (flags.has('quiet')) await process.stdout.write(found.map((one) => `${one.id}\n`).join(''));
    else if (flags.get('output') === 'json')
      await process.stdout.write(`${JSON.stringify({ containers: found.map(containerJson) }, null, 2)}\n`);
    else {
      const rows = found.map((one) => [
        id(one.id),
        flags.has('resolve-image-path') ? one.image : id(one.imageId),
        `${humanDuration(process.clock.now - one.createdAt)} ago`,
        containerStates[one.state],
        one.metadata.name,
        String(one.metadata.attempt),
        id(one.sandboxId),
        podNameOf(one),
        namespaceOf(one),
      ]);
      await process.stdout.write(
        table(['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'], rows),
      );
    }
    return 0;
  },
};

/** crictl pods. */
export const pods: CrictlCommand = {
  names: ['pods'],
  usage: 'List pods',
  flags: selection,
  async run(crictl) {
    const { cri, flags, process } = crictl;
    const found = select(crictl, cri.listPodSandbox(), ({ state }) => sandboxStates[state], true).filter(
      ({ metadata }) => matches(flags.get('name'), metadata.name),
    );
    const id = (full: string): string => (flags.has('no-trunc') ? full : short(full));
    if (flags.has('quiet')) await process.stdout.write(found.map((one) => `${one.id}\n`).join(''));
    else if (flags.get('output') === 'json')
      await process.stdout.write(`${JSON.stringify({ items: found.map(sandboxJson) }, null, 2)}\n`);
    else {
      const rows = found.map((one) => [
        id(one.id),
        `${humanDuration(process.clock.now - one.createdAt)} ago`,
        sandboxStates[one.state],
        one.metadata.name,
        one.metadata.namespace,
        String(one.metadata.attempt),
        '(default)',
      ]);
      await process.stdout.write(
        table(['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], rows),
      );
    }
    return 0;
  },
};
