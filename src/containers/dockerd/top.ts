import type { Container } from './container';
import type { Engine } from './engine';

/** `docker top`: the host's ps, reduced to the container's processes. */
export function topOf({ options: { host } }: Engine, { id }: Container, _args: string) {
  const group = `/system.slice/docker-${id}.scope`;
  const processes = host.init.host
    .processes(host.init)
    .filter(({ cgroup, state }) => cgroup === group && state !== 'Z')
    .map(({ uid, pid, parentPid, startedAt, tty, cpuMs, argv }) => [
      uid === 0 ? 'root' : String(uid),
      String(pid),
      String(parentPid),
      '0',
      new Date(startedAt).toISOString().slice(11, 16),
      tty?.replace('/dev/', '') ?? '?',
      new Date(cpuMs).toISOString().slice(11, 19),
      argv.join(' '),
    ]);
  return { Processes: processes, Titles: ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'] };
}
