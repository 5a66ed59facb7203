import { kernelRelease } from '../../../linux/process/release';
import type { Process, Program } from '../../../linux/process/types';
import { strftime } from '../../toolkit/date-format';
import { parseOptions } from '../../toolkit/options';
import { users } from '../../toolkit/users';
import { cpuTimes, memory, readProcesses } from './processes';

/** Shares of processor time in per cent between two looks. */
function shares(before: readonly number[], now: readonly number[]): readonly number[] {
  const spent = now.map((value, index) => Math.max(0, value - (before[index] ?? 0)));
  const sum = Math.max(
    1,
    spent.reduce((total, value) => total + value, 0),
  );
  return spent.map((value) => (value / sum) * 100);
}

/** vmstat(8). */
export const vmstat: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const options = parseOptions(process.args, {
    short: 'afmnsdDwtS:hV',
    long: {
      active: 'a',
      forks: 'f',
      stats: 's',
      'one-header': 'n',
      disk: 'd',
      wide: 'w',
      timestamp: 't',
      'unit:': 'S',
    },
  });
  if (typeof options === 'string') {
    await stderr.write(`vmstat: ${options}\n\nUsage:\n vmstat [options] [delay [count]]\n`);
    return 1;
  }
  if (options.has('version', 'V')) {
    await stdout.write('vmstat from procps-ng 4.0.2\n');
    return 0;
  }
  const [delay, count] = options.operands;
  if (delay !== undefined && !(Number(delay) > 0)) {
    await stderr.write(`vmstat: failed to parse argument: '${delay}'\n`);
    return 1;
  }
  const unit = { k: 1000 / 1024, K: 1, m: 1_000_000 / 1024, M: 1024 }[options.value('S') ?? 'K'] ?? 1;
  await stdout.write(
    'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n',
  );
  let before: readonly number[] = [];
  const rounds = delay === undefined ? 1 : count === undefined ? Infinity : Number(count);
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await process.sleep(Number(delay) * 1000);
    const now = cpuTimes(process);
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, , , steal = 0] = shares(before, now);
    before = now;
    const mem = memory(process);
    const stat = fs.readText('/proc/stat');
    const of = (key: string): number =>
      Number(new RegExp(`^${key} (\\d+)`, 'm').exec(stat.ok ? stat.value : '')?.[1] ?? 0);
    const uptime = Math.max(1, (process.clock.now - process.host.bootedAt) / 1000);
    const size = (kb: number | undefined): string => String(Math.round((kb ?? 0) / unit)).padStart(6);
    const cache = (mem.get('Cached') ?? 0) + (mem.get('SReclaimable') ?? 0);
    const pad = (value: number, width: number): string => String(Math.round(value)).padStart(width);
    const line = await stdout.write(
      `${pad(of('procs_running'), 2)} ${pad(of('procs_blocked'), 2)} ${size((mem.get('SwapTotal') ?? 0) - (mem.get('SwapFree') ?? 0))} ${size(mem.get('MemFree'))} ${size(mem.get('Buffers'))} ${size(cache)}` +
        `    0    0     0     0 ${pad(of('intr') / uptime, 4)} ${pad(of('ctxt') / uptime, 4)} ${pad(user + nice, 2)} ${pad(system, 2)} ${pad(idle, 2)} ${pad(wait, 2)} ${pad(steal, 2)}\n`,
    );
    if (!line.ok) return 1;
  }
  return 0;
};

/** iostat(1) of sysstat. */
export const iostat: Program = async (process) => {
  const { stdout, stderr, fs, clock, host } = process;
  const options = parseOptions(process.args, { short: 'cdhkmNstVxyz', long: {} });
  if (typeof options === 'string') {
    await stderr.write('Usage: iostat [ options ] [ <interval> [ <count> ] ]\n');
    return 1;
  }
  const [interval, count] = options.operands;
  await stdout.write(
    `Linux ${kernelRelease} (${process.namespaces.uts.hostname}) \t${strftime('%m/%d/%y', clock.now)} \t_x86_64_\t(${host.cpus} CPU)\n\n`,
  );
  let before: readonly number[] = [];
  const rounds = interval === undefined ? 1 : count === undefined ? Infinity : Number(count);
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await process.sleep(Number(interval) * 1000);
    const now = cpuTimes(process);
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, , , steal = 0] = shares(before, now);
    before = now;
    const two = (value: number): string => value.toFixed(2).padStart(8);
    let text = '';
    if (!options.has('d'))
      text += `avg-cpu:  %user   %nice %system %iowait  %steal   %idle\n        ${[user, nice, system, wait, steal, idle].map(two).join('')}\n\n`;
    if (!options.has('c')) {
      const disks = fs.readText('/proc/diskstats');
      const uptime = Math.max(1, (clock.now - host.bootedAt) / 1000);
      text += 'Device             tps    kB_read/s    kB_wrtn/s    kB_dscd/s    kB_read    kB_wrtn    kB_dscd\n';
      for (const line of (disks.ok ? disks.value : '').split('\n')) {
        const [, , name, reads = '0', , sectors = '0', , writes = '0', , written = '0'] = line.trim().split(/\s+/);
        if (name === undefined) continue;
        const read = Number(sectors) / 2;
        const wrote = Number(written) / 2;
        const rate = (value: number, width: number): string => value.toFixed(2).padStart(width);
        text += `${name.padEnd(12)}${rate((Number(reads) + Number(writes)) / uptime, 10)}${rate(read / uptime, 13)}${rate(wrote / uptime, 13)}${rate(0, 13)}${String(Math.round(read)).padStart(11)}${String(Math.round(wrote)).padStart(11)}${'0'.padStart(11)}\n`;
      }
      text += '\n';
    }
    const written = await stdout.write(`${text}\n`);
    if (!written.ok) return 1;
  }
  return 0;
};

/** Who sits at which terminal: the first process of each session. */
function sessions(
  process: Process,
): readonly { readonly user: string; readonly tty: string; readonly at: number; readonly what: string }[] {
  const names = new Map(users(process.fs).map(({ uid, name }) => [uid, name]));
  const found = new Map<string, { user: string; tty: string; at: number; what: string }>();
  for (const row of readProcesses(process)) {
    if (row.tty === undefined) continue;
    const tty = row.tty.replace('/dev/', '');
    const what = row.argv.join(' ');
    const before = found.get(tty);
    if (before === undefined) found.set(tty, { user: names.get(row.uid) ?? row.user, tty, at: row.startedAt, what });
    else before.what = what;
  }
  return [...found.values()];
}

/** w(1). */
export const w: Program = async (process) => {
  const { stdout, clock, host, fs } = process;
  const seconds = Math.floor((clock.now - host.bootedAt) / 1000);
  const hours = Math.floor(seconds / 3600);
  const up =
    hours > 0
      ? `${String(hours % 24).padStart(2)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`
      : `${Math.floor(seconds / 60)} min`;
  const people = sessions(process);
  const load = fs.readText('/proc/loadavg');
  const averages = load.ok ? load.value.split(' ').slice(0, 3).join(', ') : '0.00, 0.00, 0.00';
  if (!process.args.includes('-h'))
    await stdout.write(
      ` ${strftime('%H:%M:%S', clock.now)} up ${hours >= 24 ? `${Math.floor(hours / 24)} day${hours >= 48 ? 's' : ''}, ` : ''}${up}, ${String(people.length).padStart(2)} user${people.length === 1 ? '' : 's'},  load average: ${averages}\n` +
        'USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n',
    );
  for (const { user, tty, at, what } of people)
    await stdout.write(
      `${user.padEnd(8)} ${tty.padEnd(8)} ${'-'.padEnd(16)} ${strftime('%H:%M', at)}    0.00s  0.00s  0.00s ${what}\n`,
    );
  return 0;
};

/** last(1): the sessions of now and the boot. */
export const last: Program = async (process) => {
  const { stdout, host } = process;
  for (const { user, tty, at } of sessions(process))
    await stdout.write(
      `${user.padEnd(8)} ${tty.padEnd(12)} ${''.padEnd(16)} ${strftime('%a %b %e %H:%M', at)}   still logged in\n`,
    );
  await stdout.write(
    `reboot   system boot  ${kernelRelease.slice(0, 16).padEnd(16)} ${strftime('%a %b %e %H:%M', host.bootedAt)}   still running\n`,
  );
  await stdout.write(`\nwtmp begins ${strftime('%a %b %e %H:%M:%S %Y', host.bootedAt)}\n`);
  return 0;
};
