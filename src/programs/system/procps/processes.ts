import type { Process } from '../../../linux/process/types';
import { users } from '../../toolkit/users';

/** A process as /proc shows it. */
export interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly user: string;
  readonly uid: number;
  readonly comm: string;
  readonly argv: readonly string[];
  readonly state: string;
  readonly priority: string;
  readonly nice: number;
  readonly virtualKb: number;
  readonly residentKb: number;
  readonly sharedKb: number;
  /** Ticks of 10 ms. */
  readonly ticks: number;
  readonly tty: string | undefined;
  readonly startedAt: number;
  readonly cgroup: string;
}

/** All processes that this one sees, from /proc. */
export function readProcesses(process: Process): readonly Row[] {
  const { fs } = process;
  const names = new Map(users(fs).map(({ uid, name }) => [uid, name]));
  return process.host.processes(process).flatMap((info) => {
    const text = fs.readText(`/proc/${info.pid}/stat`);
    const fields = text.ok ? text.value.slice(text.value.lastIndexOf(')') + 2).split(' ') : [];
    const field = (number: number): number => Number(fields[number - 3] ?? 0) || 0;
    const status = fs.readText(`/proc/${info.pid}/status`);
    const kb = (key: string): number =>
      Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status.ok ? status.value : '')?.[1] ?? 0);
    return [
      {
        pid: info.pid,
        parent: info.parentPid,
        user: names.get(info.uid) ?? String(info.uid),
        uid: info.uid,
        comm: info.comm,
        argv: info.argv,
        state: fields[0] ?? info.state,
        priority: field(18) <= -100 ? 'rt' : String(field(18)),
        nice: field(19),
        virtualKb: Math.round(field(23) / 1024),
        residentKb: kb('VmRSS') || info.rssKb,
        sharedKb: kb('RssFile'),
        ticks: field(14) + field(15),
        tty: info.tty,
        startedAt: info.startedAt,
        cgroup: info.cgroup,
      },
    ];
  });
}

/** Jiffies of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
export function cpuTimes({ fs }: Process, cpu = ''): readonly number[] {
  const text = fs.readText('/proc/stat');
  const line = (text.ok ? text.value : '').split('\n').find((each) => each.startsWith(`cpu${cpu} `)) ?? '';
  return line.trim().split(/\s+/).slice(1).map(Number);
}

/** /proc/meminfo in KiB. */
export function memory({ fs }: Process): ReadonlyMap<string, number> {
  const text = fs.readText('/proc/meminfo');
  return new Map(
    [...(text.ok ? text.value : '').matchAll(/^([\w()]+):\s+(\d+)/gm)].map(([, key = '', value]) => [
      key,
      Number(value),
    ]),
  );
}
