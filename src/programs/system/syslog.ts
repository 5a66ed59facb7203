import type { Process } from '../../linux/process/types';
import { managerOf } from './systemd';

/** syslog(3): a line for the host's journal, if the process sees one. */
export function syslog(
  process: Process,
  {
    identifier,
    priority,
    message,
    pid = true,
  }: {
    readonly identifier: string;
    readonly priority: number;
    readonly message: string;
    readonly pid?: boolean;
  },
): void {
  const manager = managerOf(process);
  if (manager === undefined) return;
  const found = process.host.processes(process).find((info) => info.pid === process.pid);
  const cgroup = found?.cgroup ?? '/';
  manager.journal.append({
    priority,
    identifier,
    message,
    source: {
      pid: pid ? process.pid : 0,
      uid: process.credentials.uid,
      gid: process.credentials.gid,
      comm: found?.comm ?? identifier,
      exe: process.argv[0] ?? '',
      cmdline: process.argv.join(' '),
      unit: manager.unitOf(cgroup),
      cgroup,
      invocation: undefined,
      transport: 'syslog',
    },
  });
}
