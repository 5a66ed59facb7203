import { humanSize } from '../cli/format';
import type { Command, Invocation } from '../cli/command';
import { filtersParam, query } from '../cli/api';
import { flags } from '../cli/flags';

type Kind = 'containers' | 'images' | 'networks' | 'volumes';

interface Pruned {
  readonly ContainersDeleted?: readonly string[] | null;
  readonly ImagesDeleted?: readonly { Untagged?: string; Deleted?: string }[] | null;
  readonly NetworksDeleted?: readonly string[] | null;
  readonly VolumesDeleted?: readonly string[] | null;
  readonly CachesDeleted?: readonly string[] | null;
  readonly SpaceReclaimed?: number;
}

const warnings: Readonly<Record<Kind, string>> = {
  containers: 'This will remove all stopped containers.',
  images: 'This will remove all dangling images.',
  networks: 'This will remove all custom networks not used by at least one container.',
  volumes: 'This will remove anonymous local volumes not used by at least one container.',
};

const singular: Readonly<Record<Kind, string>> = {
  containers: 'Remove all stopped containers',
  images: 'Remove unused images',
  networks: 'Remove all unused networks',
  volumes: 'Remove unused local volumes',
};

/** Asks whether to go on; without a terminal nobody answers. */
export async function confirmed({ flags: given, out, process }: Invocation, warning: string): Promise<boolean> {
  if (given.on('force')) return true;
  await out(`WARNING! ${warning}\nAre you sure you want to continue? [y/N] `);
  const answer = await process.stdin.readLine();
  return answer?.trim().toLowerCase() === 'y' || answer?.trim().toLowerCase() === 'yes';
}

/** `docker container prune` and its sisters. */
export function prune(kind: Kind): Command {
  return {
    use: 'prune [OPTIONS]',
    short: singular[kind],
    flags: flags(`
      ${kind === 'images' ? '-a, --all | Remove all unused images, not just dangling ones' : ''}
      ${kind === 'volumes' ? '-a, --all | Remove all unused volumes, not just anonymous ones' : ''}
      --filter filter | Provide filter values (e.g. "${kind === 'volumes' ? 'label=<label>' : 'until=<timestamp>'}")
      -f, --force | Do not prompt for confirmation
    `),
    operands: [0, 0],
    async run(invocation) {
      const { api, flags: given, out } = invocation;
      const everything = given.on('all');
      const warning =
        kind === 'images' && everything
          ? 'This will remove all images without at least one container associated to them.'
          : kind === 'volumes' && everything
            ? 'This will remove all local volumes not used by at least one container.'
            : warnings[kind];
      if (!(await confirmed(invocation, warning))) return 0;
      const filters = [
        ...given.all('filter'),
        ...(kind === 'images' ? [`dangling=${everything ? 'false' : 'true'}`] : []),
        ...(kind === 'volumes' && everything ? ['all=true'] : []),
      ];
      const pruned = (
        await api.send('POST', `/${kind}/prune${query({ filters: filtersParam(filters) })}`)
      ).json<Pruned>();
      await out(report(pruned));
      if (kind !== 'networks') await out(`Total reclaimed space: ${humanSize(pruned.SpaceReclaimed ?? 0, 4)}\n`);
      return 0;
    },
  };
}

export function report(pruned: Pruned): string {
  const section = (title: string, lines: readonly string[] | null | undefined): string =>
    lines === null || lines === undefined || lines.length === 0
      ? ''
      : `${title}\n${lines.map((line) => `${line}\n`).join('')}\n`;
  return (
    section('Deleted Containers:', pruned.ContainersDeleted) +
    section('Deleted Networks:', pruned.NetworksDeleted) +
    section('Deleted Volumes:', pruned.VolumesDeleted) +
    section(
      'Deleted Images:',
      pruned.ImagesDeleted?.map(({ Untagged, Deleted }) =>
        Untagged === undefined ? `deleted: ${Deleted ?? ''}` : `untagged: ${Untagged}`,
      ),
    ) +
    section('Deleted build cache objects:', pruned.CachesDeleted)
  );
}

export const systemPrune: Command = {
  use: 'prune [OPTIONS]',
  short: 'Remove unused data',
  flags: flags(`
    -a, --all | Remove all unused images not just dangling ones
    --filter filter | Provide filter values (e.g. "label=<key>=<value>")
    -f, --force | Do not prompt for confirmation
    --volumes | Prune anonymous volumes
  `),
  operands: [0, 0],
  async run(invocation) {
    const { api, flags: given, out } = invocation;
    const volumes = given.on('volumes');
    const all = given.on('all');
    const warning = `This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n${
      volumes ? '  - all anonymous volumes not used by at least one container\n' : ''
    }  - ${all ? 'all images without at least one container associated to them' : 'all dangling images'}\n  - ${
      all ? 'all build cache' : 'unused build cache'
    }\n`;
    if (!(await confirmed(invocation, warning))) return 0;
    let space = 0;
    const shared = given.all('filter');
    const kinds: readonly Kind[] = ['containers', 'networks', ...(volumes ? (['volumes'] as const) : []), 'images'];
    for (const kind of kinds) {
      const filters = [...shared, ...(kind === 'images' ? [`dangling=${all ? 'false' : 'true'}`] : [])];
      const pruned = (
        await api.send('POST', `/${kind}/prune${query({ filters: filtersParam(filters) })}`)
      ).json<Pruned>();
      space += pruned.SpaceReclaimed ?? 0;
      await out(report(pruned));
    }
    const cache = (
      await api.send(
        'POST',
        `/build/prune${query({ all: all ? '1' : undefined, filters: filtersParam(shared) ?? '' })}`,
      )
    ).json<Pruned>();
    space += cache.SpaceReclaimed ?? 0;
    await out(report(cache));
    await out(`Total reclaimed space: ${humanSize(space, 4)}\n`);
    return 0;
  },
};
