import type { CrictlCommand, Crictl } from './crictl';
import { podNameOf } from './found';
import { humanSize, short, table } from './table';
import type { Flag } from '../../toolkit/urfave';

const flags: readonly Flag[] = [
  { names: ['all', 'a'], usage: 'Show all containers' },
  { names: ['id'], value: 'value', usage: 'Filter by ID' },
  { names: ['pod', 'p'], value: 'value', usage: 'Filter by pod ID' },
  { names: ['no-stream'], usage: 'Only one measurement' },
  { names: ['output', 'o'], value: 'value', usage: 'Output format, One of: json|yaml|table' },
  { names: ['seconds', 's'], value: 'value', usage: 'Sample duration for CPU usage (default: 1s)' },
];

interface Usage {
  readonly id: string;
  readonly name: string;
  readonly cpu: string;
  readonly memory: number;
}

/** CPU between two readings a second apart, memory at the second. */
async function measure({ cri, flags: given, process }: Crictl): Promise<readonly Usage[]> {
  const chosen = cri
    .listContainers({ state: 'CONTAINER_RUNNING' })
    .filter(
      ({ id, sandboxId }) => id.startsWith(given.get('id') ?? '') && sandboxId.startsWith(given.get('pod') ?? ''),
    );
  const read = (id: string) => {
    const stats = cri.containerStats(id);
    return stats.ok ? stats.value : undefined;
  };
  const before = new Map(chosen.map(({ id }) => [id, read(id)?.cpuUsageCoreNanoSeconds ?? 0]));
  await process.sleep(1000);
  return chosen
    .flatMap(({ id, metadata }): Usage[] => {
      const now = read(id);
      if (now === undefined) return [];
      const cpu = ((now.cpuUsageCoreNanoSeconds - (before.get(id) ?? 0)) / 1e9) * 100;
      return [{ id, name: metadata.name, cpu: cpu.toFixed(2), memory: now.memoryWorkingSetBytes }];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** crictl stats. */
export const stats: CrictlCommand = {
  names: ['stats'],
  usage: 'List container(s) resource usage statistics',
  arguments: '[ID]',
  flags,
  async run(crictl) {
    const used = await measure(crictl);
    const rows = used.map(({ id, name, cpu, memory }) => [short(id), name, cpu, humanSize(memory, 4), '0B', '0', '0B']);
    await crictl.process.stdout.write(table(['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES', 'SWAP'], rows));
    return 0;
  },
};

/** crictl statsp: the containers of each pod together. */
export const statsp: CrictlCommand = {
  names: ['statsp'],
  usage: 'List pod statistics',
  arguments: '[ID]',
  flags,
  async run(crictl) {
    const { cri, process } = crictl;
    const used = new Map((await measure(crictl)).map((one) => [one.id, one]));
    const rows = cri.listPodSandbox({ state: 'SANDBOX_READY' }).map((pod) => {
      const parts = cri.listContainers({ sandboxId: pod.id }).flatMap(({ id }) => used.get(id) ?? []);
      const sum = (of: (one: Usage) => number): number => parts.reduce((total, one) => total + of(one), 0);
      return [
        podNameOf(pod),
        short(pod.id),
        sum(({ cpu }) => Number(cpu)).toFixed(2),
        humanSize(
          sum(({ memory }) => memory),
          4,
        ),
      ];
    });
    await process.stdout.write(table(['POD', 'POD ID', 'CPU %', 'MEM'], rows));
    return 0;
  },
};
