import type { Process, Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { Names } from '../../toolkit/users';

const cell = (value: number): string => `${String(Math.round(value)).padStart(3)}%`;

/** BusyBox's top in batch mode (procps/top.c); on a terminal it is `top` of the table. */
export const top =
  (other: Program | undefined): Program =>
  async (process) => {
    const options = parseOptions(process.args, { short: 'bd:mn:H', bare: true });
    if (typeof options === 'string') return 1;
    const batch = options.has('b') || process.fds.get(1)?.kind !== 'tty';
    if (!batch && other !== undefined) return other(process);
    const rounds = Number(options.value('n') ?? Infinity);
    const delay = Number(options.value('d') ?? 5) * 1000;
    for (let round = 0; round < rounds; round++) {
      if (round > 0 && !(await process.sleep(delay))) break;
      await process.stdout.write(screen(process));
    }
    return 0;
  };

function screen(process: Process): string {
  const { fs, host } = process;
  const meminfo = fs.readText('/proc/meminfo');
  const kb = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(meminfo.ok ? meminfo.value : '')?.[1] ?? 0);
  const stat = fs.readText('/proc/stat');
  const [user = 0, nice = 0, system = 0, idle = 1, io = 0, irq = 0, soft = 0] = (
    /^cpu +(.*)$/m.exec(stat.ok ? stat.value : '')?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  const all = Math.max(1, user + nice + system + idle + io + irq + soft);
  const share = (ticks: number): string => String(Math.floor((ticks * 100) / all)).padStart(3);
  const load = fs.readText('/proc/loadavg');
  const averages = load.ok ? load.value.trim() : '0.00 0.00 0.00 1/1 1';
  const names = new Names(fs);
  const total = kb('MemTotal');
  const rows = host
    .processes(process)
    .toSorted((a, b) => b.cpuMs - a.cpuMs || b.rssKb - a.rssKb || a.pid - b.pid)
    .map(({ pid, parentPid, uid, state, rssKb, argv, comm, startedAt, cpuMs }) => {
      const size = rssKb < 100_000 ? String(rssKb) : `${Math.floor(rssKb / 1024)}m`;
      const cpu = (cpuMs * 100) / Math.max(1, process.clock.now - startedAt) / host.cpus;
      const command = argv.length === 0 ? `[${comm}]` : argv.join(' ');
      return `${String(pid).padStart(5)} ${String(parentPid).padStart(5)} ${names.user(uid).slice(0, 8).padEnd(8)} ${state.padEnd(3)} ${size.padStart(6)} ${cell((rssKb * 100) / Math.max(1, total))} ${cell(cpu)} ${command}`;
    });
  const used = total - kb('MemFree');
  const lines = [
    `Mem: ${used}K used, ${kb('MemFree')}K free, ${kb('Shmem')}K shrd, ${kb('Buffers')}K buff, ${kb('Cached')}K cached`,
    `CPU: ${share(user)}% usr ${share(system)}% sys ${share(nice)}% nic ${share(idle)}% idle ${share(io)}% io ${share(irq)}% irq ${share(soft)}% sirq`,
    `Load average: ${averages}`,
    '  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND',
    ...rows.map((row) => row.slice(0, process.fds.get(1)?.kind === 'tty' ? (process.tty?.size.columns ?? 80) : 79)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
