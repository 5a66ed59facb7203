import { decode } from '../../../linux/io/bytes';
import type { Process, Program } from '../../../linux/process/types';
import { strftime } from '../../toolkit/date-format';
import { parseOptions } from '../../toolkit/options';
import { cpuTimes, memory, readProcesses, type Row } from './processes';

interface Sample {
  readonly at: number;
  readonly ticks: ReadonlyMap<number, number>;
  readonly cpus: readonly (readonly number[])[];
}

interface State {
  sort: 'cpu' | 'memory' | 'pid' | 'time';
  eachCpu: boolean;
  commands: boolean;
  idle: boolean;
  delay: number;
  user: string | undefined;
  pids: readonly number[];
  message: string;
}

const usage = `Usage:
  top -hv | -bcEeHiOSs1 -d secs -n max -u|U user -p pids -o field -w [cols]
`;

/** top(1): the busiest processes, once in batch mode or as a screen. */
export const top: Program = async (process) => {
  const { stdout, stderr } = process;
  const args = process.args.map((arg, index) => (index === 0 && /^[a-z]+\d*$/.test(arg) ? `-${arg}` : arg));
  const options = parseOptions(args, { short: 'hvbcE:e:HiOSs1d:n:u:U:p:o:w::', long: {} });
  if (typeof options === 'string') {
    const letter = /'(.*)'/.exec(options)?.[1] ?? '';
    await stderr.write(`top: unknown option '${letter}'\n${usage}`);
    return 1;
  }
  if (options.has('h', 'help')) {
    await stdout.write(`  procps-ng 4.0.2\n${usage}`);
    return 0;
  }
  if (options.has('v', 'version')) {
    await stdout.write('top from procps-ng 4.0.2\n');
    return 0;
  }
  const seconds = options.value('d');
  if (seconds !== undefined && !(Number(seconds) >= 0)) {
    await stderr.write(`top: bad delay interval '${seconds}'\n`);
    return 1;
  }
  const field = options.value('o')?.replace(/^[+-]/, '').toUpperCase();
  const sorts: Readonly<Record<string, State['sort']>> = {
    '%CPU': 'cpu',
    '%MEM': 'memory',
    RES: 'memory',
    PID: 'pid',
    'TIME+': 'time',
    TIME: 'time',
  };
  if (field !== undefined && sorts[field] === undefined) {
    await stderr.write(`top: unrecognized field name '${field}'\n`);
    return 1;
  }
  const state: State = {
    sort: field === undefined ? 'cpu' : (sorts[field] ?? 'cpu'),
    eachCpu: options.has('1'),
    commands: options.has('c'),
    idle: !options.has('i'),
    delay: seconds === undefined ? 3000 : Math.max(10, Number(seconds) * 1000),
    user: options.value('u') ?? options.value('U'),
    pids: options.values('p').flatMap((list) => list.split(',').map(Number)),
    message: '',
  };
  const most = Number(options.value('n') ?? Infinity);
  if (options.has('b')) {
    let before: Sample | undefined;
    for (let round = 0; round < most; round++) {
      if (round > 0) {
        await stdout.write('\n');
        await process.sleep(state.delay);
      }
      const now = sample(process);
      const written = await stdout.write(`${frame(process, state, before, now).join('\n')}\n`);
      if (!written.ok) return 1;
      before = now;
    }
    return 0;
  }
  if (process.tty === undefined || process.fds.get(0)?.kind !== 'tty') {
    await stderr.write('top: failed tty get\n');
    return 1;
  }
  return screen(process, state, most);
};

function sample(process: Process): Sample {
  const rows = readProcesses(process);
  return {
    at: process.clock.now,
    ticks: new Map(rows.map(({ pid, ticks }) => [pid, ticks])),
    cpus: ['', ...Array.from({ length: process.host.cpus }, (_, cpu) => String(cpu))].map((cpu) =>
      cpuTimes(process, cpu),
    ),
  };
}

/** `up  7:13`, `up 1 day,  2:03`, `up 5 min`. */
function upText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const day = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `;
  return `${day}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`}`;
}

const one = (value: number): string => value.toFixed(1);

/** The summary and the list, as many lines as there are. */
function frame(process: Process, state: State, before: Sample | undefined, now: Sample): readonly string[] {
  const { clock, host, fs } = process;
  const all = readProcesses(process);
  const people = new Set(all.flatMap(({ tty }) => (tty === undefined ? [] : [tty]))).size;
  const load = fs.readText('/proc/loadavg');
  const averages = load.ok ? load.value.split(' ').slice(0, 3).join(', ') : '0.00, 0.00, 0.00';
  const count = (...states: readonly string[]): string =>
    String(all.filter((row) => states.includes(row.state)).length).padStart(3);
  const lines = [
    `top - ${strftime('%H:%M:%S', clock.now)} up ${upText((clock.now - host.bootedAt) / 1000)}, ${String(people).padStart(2)} user${people === 1 ? '' : 's'},  load average: ${averages}`,
    `Tasks: ${String(all.length).padStart(3)} total, ${count('R')} running, ${count('S', 'D', 'I')} sleeping, ${count('T', 't')} stopped, ${count('Z')} zombie`,
  ];
  const cpuLine = (title: string, index: number): string => {
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, hard = 0, soft = 0, steal = 0] = (
      now.cpus[index] ?? []
    ).map((value, at) => Math.max(0, value - (before?.cpus[index]?.[at] ?? 0)));
    const sum = Math.max(1, user + nice + system + idle + wait + hard + soft + steal);
    const part = (value: number): string => one((value / sum) * 100).padStart(5);
    return `${title}:${part(user)} us,${part(system)} sy,${part(nice)} ni,${part(idle)} id,${part(wait)} wa,${part(hard)} hi,${part(soft)} si,${part(steal)} st `;
  };
  if (state.eachCpu)
    for (let cpu = 0; cpu < host.cpus; cpu++) lines.push(cpuLine(`%Cpu${String(cpu).padEnd(2)} `, cpu + 1));
  else lines.push(cpuLine('%Cpu(s)', 0));
  const mem = memory(process);
  const mib = (kb: number): string => one(kb / 1024).padStart(8);
  const total = mem.get('MemTotal') ?? 0;
  const free = mem.get('MemFree') ?? 0;
  const available = mem.get('MemAvailable') ?? free;
  const cache = (mem.get('Buffers') ?? 0) + (mem.get('Cached') ?? 0) + (mem.get('SReclaimable') ?? 0);
  const swap = mem.get('SwapTotal') ?? 0;
  const swapFree = mem.get('SwapFree') ?? 0;
  lines.push(
    `MiB Mem :${mib(total)} total,${mib(free)} free,${mib(total - available)} used,${mib(cache)} buff/cache     `,
    `MiB Swap:${mib(swap)} total,${mib(swapFree)} free,${mib(swap - swapFree)} used.${mib(available)} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
  );
  const span = before === undefined ? Math.max(1, clock.now - host.bootedAt) : Math.max(1, now.at - before.at);
  const share = (row: Row): number => {
    const from = before === undefined ? 0 : (before.ticks.get(row.pid) ?? 0);
    const since = before === undefined ? Math.max(1, clock.now - row.startedAt) : span;
    return ((row.ticks - from) * 10 * 100) / since;
  };
  const rows = all
    .map((row) => ({ row, cpu: share(row) }))
    .filter(
      ({ row, cpu }) =>
        (state.user === undefined || row.user === state.user || String(row.uid) === state.user) &&
        (state.pids.length === 0 || state.pids.includes(row.pid)) &&
        (state.idle || cpu > 0),
    );
  rows.sort((a, b) => {
    const by = {
      cpu: b.cpu - a.cpu,
      memory: b.row.residentKb - a.row.residentKb,
      pid: b.row.pid - a.row.pid,
      time: b.row.ticks - a.row.ticks,
    }[state.sort];
    return by === 0 ? a.row.pid - b.row.pid : by;
  });
  for (const { row, cpu } of rows) lines.push(processLine(row, cpu, total, state.commands));
  return lines;
}

const scaled = (kb: number, width: number): string => {
  const plain = String(kb);
  if (plain.length <= width) return plain.padStart(width);
  const mb = `${one(kb / 1024)}m`;
  return (mb.length <= width ? mb : `${one(kb / 1024 / 1024)}g`).padStart(width);
};

function processLine(row: Row, cpu: number, total: number, commands: boolean): string {
  const hundredths = row.ticks % 100;
  const seconds = Math.floor(row.ticks / 100);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}.${String(hundredths).padStart(2, '0')}`;
  const user = row.user.length > 8 ? `${row.user.slice(0, 7)}+` : row.user.padEnd(8);
  const command = commands ? (row.argv.length > 0 ? row.argv.join(' ') : `[${row.comm}]`) : row.comm;
  const memoryShare = one((row.residentKb / Math.max(1, total)) * 100);
  return `${String(row.pid).padStart(7)} ${user} ${row.priority.padStart(3)} ${String(row.nice).padStart(3)} ${scaled(row.virtualKb, 7)} ${scaled(row.residentKb, 6)} ${scaled(row.sharedKb, 6)} ${row.state} ${one(cpu).padStart(5)} ${memoryShare.padStart(5)} ${time.padStart(9)} ${command}`;
}

/** The screen: refreshed every few seconds and at each key. */
async function screen(process: Process, state: State, most: number): Promise<number> {
  const { stdout, tty } = process;
  if (tty === undefined) return 1;
  const { canonical, echo } = tty.termios;
  tty.termios.canonical = false;
  tty.termios.echo = false;
  const opened = process.fs.open('/dev/tty', { read: true });
  if (!opened.ok) return 1;
  const fd = process.fds.install(opened.value, 3);
  const keys: string[] = [];
  let wake: (() => void) | undefined;
  process.thread(async () => {
    for (;;) {
      const read = await process.fds.read(fd, 16);
      if (!read.ok || read.value.length === 0) return;
      keys.push(...decode(read.value));
      wake?.();
    }
  });
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.signals.handle(signal, () => {
      stopped = true;
      wake?.();
    });
  process.signals.handle('SIGWINCH', () => wake?.());
  const pause = async (ms: number): Promise<void> => {
    if (keys.length > 0 || stopped) return;
    await process.block<void>((resume) => {
      const timer = process.clock.setTimer(ms, resume);
      wake = resume;
      return () => {
        process.clock.cancel(timer);
        wake = undefined;
      };
    });
  };
  /** A line typed at the prompt; undefined if it was given up. */
  const ask = async (prompt: string): Promise<string | undefined> => {
    let typed = '';
    for (;;) {
      await stdout.write(`\x1b[6;1H\x1b[K\x1b[1m${prompt}\x1b[m ${typed}`);
      while (keys.length === 0 && !stopped) await pause(60_000);
      const key = keys.shift();
      if (key === undefined || key === '\x1b') return undefined;
      if (key === '\r' || key === '\n') return typed;
      typed = key === '\x7f' ? typed.slice(0, -1) : typed + key;
    }
  };
  await stdout.write('\x1b[?1h\x1b=\x1b[?25l\x1b[H\x1b[2J');
  let before: Sample | undefined;
  for (let round = 0; round < most && !stopped; round++) {
    const now = sample(process);
    const { rows, columns } = tty.size;
    const lines = frame(process, state, before, now)
      .slice(0, rows)
      .map((line) => line.slice(0, columns));
    if (state.message !== '')
      lines[5 + (state.eachCpu ? process.host.cpus - 1 : 0)] = `\x1b[7m ${state.message} \x1b[m`;
    state.message = '';
    const header = lines.findIndex((line) => line.startsWith('    PID'));
    const drawn = lines.map((line, index) =>
      index === header ? `\x1b[7m${line.padEnd(columns)}\x1b[m` : `${line}\x1b[K`,
    );
    await stdout.write(`\x1b[H${drawn.join('\r\n')}\x1b[J`);
    before = now;
    await pause(state.delay);
    const key = keys.shift();
    if (key === undefined) continue;
    if (key === 'q' || key === '\x03') break;
    if (key === 'M') state.sort = 'memory';
    else if (key === 'P') state.sort = 'cpu';
    else if (key === 'N') state.sort = 'pid';
    else if (key === 'T') state.sort = 'time';
    else if (key === '1') state.eachCpu = !state.eachCpu;
    else if (key === 'c') state.commands = !state.commands;
    else if (key === 'i') state.idle = !state.idle;
    else if (key === 'd' || key === 's') {
      const typed = await ask(`Change delay from ${one(state.delay / 1000)} to`);
      if (typed !== undefined && Number(typed) > 0) state.delay = Number(typed) * 1000;
    } else if (key === 'u' || key === 'U') {
      const typed = await ask('Which user (blank for all)');
      if (typed !== undefined) state.user = typed === '' ? undefined : typed;
    } else if (key === 'k') await kill(process, state, ask);
    else if (key !== ' ' && key !== '\r' && key !== '\n') state.message = "Unknown command - try 'h' for help";
  }
  tty.termios.canonical = canonical;
  tty.termios.echo = echo;
  process.fds.close(fd);
  await stdout.write(`\x1b[?1l\x1b>\x1b[${tty.size.rows};1H\r\n\x1b[?25h\x1b[K`);
  return 0;
}

async function kill(
  process: Process,
  state: State,
  ask: (prompt: string) => Promise<string | undefined>,
): Promise<void> {
  const first = readProcesses(process)[0]?.pid ?? 1;
  const typed = await ask(`PID to signal/kill [default pid = ${first}]`);
  if (typed === undefined) return;
  const pid = typed === '' ? first : Number(typed);
  if (!Number.isInteger(pid) || pid <= 0) {
    state.message = 'Unacceptable integer';
    return;
  }
  const signal = await ask(`Send pid ${pid} signal [15/sigterm]`);
  if (signal === undefined) return;
  const sent = process.kill(pid, /^(9|kill|sigkill)$/i.test(signal) ? 'SIGKILL' : 'SIGTERM');
  if (!sent.ok)
    state.message = `Failed signal pid '${pid}' with '${signal === '' ? 15 : signal}': ${sent.error.message}`;
}
