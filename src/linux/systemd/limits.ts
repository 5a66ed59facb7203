import type { Host } from '../host';
import { valueOf, type Definition } from './unit-file';
import { parseSize } from './words';

/** DefaultTasksMax=: 15 % of the kernel's maximum (system.conf(5)). */
export const DEFAULT_TASKS = 4_650;

/** Writes a unit's limits into its cgroup (systemd.resource-control(5)). */
export function applyLimits(host: Host, definition: Definition, cgroup: string): void {
  const memory = parseSize(
    valueOf(definition, 'Service', 'MemoryMax') ?? valueOf(definition, 'Service', 'MemoryLimit'),
    host.memory,
  );
  const high = parseSize(valueOf(definition, 'Service', 'MemoryHigh'), host.memory);
  const tasks = valueOf(definition, 'Service', 'TasksMax');
  const quota = /^(\d+(?:\.\d+)?)%$/.exec(valueOf(definition, 'Service', 'CPUQuota') ?? '')?.[1];
  const settings: readonly (readonly [string, string | undefined])[] = [
    ['memory.max', memory === undefined ? undefined : String(memory)],
    ['memory.high', high === undefined ? undefined : String(high)],
    ['pids.max', tasks === undefined ? undefined : tasks === 'infinity' ? 'max' : tasks],
    ['cpu.max', quota === undefined ? undefined : `${Math.round(Number(quota) * 1000)} 100000`],
    ['cpu.weight', valueOf(definition, 'Service', 'CPUWeight')],
  ];
  for (const [name, value] of settings) {
    const file = value === undefined || host.cgroup === undefined ? name : v1Files[name];
    if (value === undefined || file === undefined) continue;
    const controller = host.cgroup === undefined ? '' : `/${file.slice(0, file.indexOf('.'))}`;
    const folder = `/sys/fs/cgroup${controller}${cgroup}`;
    host.fs.mkdirAll(folder);
    host.fs.writeFile(`${folder}/${file}`, host.cgroup === undefined ? value : value.replace(/ 100000$/, ''));
  }
}

/** Where the same limits are with v1, whose period is the same from the start; it has no others. */
const v1Files: Readonly<Record<string, string>> = {
  'memory.max': 'memory.limit_in_bytes',
  'pids.max': 'pids.max',
  'cpu.max': 'cpu.cfs_quota_us',
};
