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
  if (settings.every(([, value]) => value === undefined)) return;
  const folder = `/sys/fs/cgroup${cgroup}`;
  host.fs.mkdirAll(folder);
  for (const [file, value] of settings) if (value !== undefined) host.fs.writeFile(`${folder}/${file}`, value);
}
