import type { Limit, Resource } from '../../../linux/process/rlimits';
import { out, usage, warn } from '../run/io';
import type { Shell } from '../shell';
import type { Builtin } from './types';

interface Row {
  readonly letter: string;
  /** The pipe buffer is no resource: it is what it is. */
  readonly resource: Resource | 'pipe';
  readonly text: string;
  readonly unit: string;
  /** Bytes of one unit. */
  readonly factor: number;
}

const row = (letter: string, resource: Row['resource'], text: string, unit: string, factor = 1): Row => ({
  letter,
  resource,
  text,
  unit,
  factor,
});

/** limits[] of bash's ulimit.def, in its order. */
const bashRows: readonly Row[] = [
  row('R', 'RTTIME', 'real-time non-blocking time', 'microseconds'),
  row('c', 'CORE', 'core file size', 'blocks', 1024),
  row('d', 'DATA', 'data seg size', 'kbytes', 1024),
  row('e', 'NICE', 'scheduling priority', ''),
  row('f', 'FSIZE', 'file size', 'blocks', 1024),
  row('i', 'SIGPENDING', 'pending signals', ''),
  row('l', 'MEMLOCK', 'max locked memory', 'kbytes', 1024),
  row('m', 'RSS', 'max memory size', 'kbytes', 1024),
  row('n', 'NOFILE', 'open files', ''),
  row('p', 'pipe', 'pipe size', '512 bytes'),
  row('q', 'MSGQUEUE', 'POSIX message queues', 'bytes'),
  row('r', 'RTPRIO', 'real-time priority', ''),
  row('s', 'STACK', 'stack size', 'kbytes', 1024),
  row('t', 'CPU', 'cpu time', 'seconds'),
  row('u', 'NPROC', 'max user processes', ''),
  row('v', 'AS', 'virtual memory', 'kbytes', 1024),
  row('x', 'LOCKS', 'file locks', ''),
];

/** limits[] of dash's miscbltin.c. */
const dashRows: readonly Row[] = [
  row('t', 'CPU', 'time', 'seconds'),
  row('f', 'FSIZE', 'file', 'blocks', 512),
  row('d', 'DATA', 'data', 'kbytes', 1024),
  row('s', 'STACK', 'stack', 'kbytes', 1024),
  row('c', 'CORE', 'coredump', 'blocks', 512),
  row('m', 'RSS', 'memory', 'kbytes', 1024),
  row('l', 'MEMLOCK', 'locked memory', 'kbytes', 1024),
  row('p', 'NPROC', 'process', ''),
  row('n', 'NOFILE', 'nofiles', ''),
  row('v', 'AS', 'vmemory', 'kbytes', 1024),
  row('w', 'LOCKS', 'locks', ''),
  row('r', 'RTPRIO', 'rtprio', ''),
];

const PIPE: Limit = { soft: 8, hard: 8 };
const SYNOPSIS = 'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]';

interface Wanted {
  readonly row: Row;
  readonly value: string | undefined;
}

interface Request {
  readonly hard: boolean;
  readonly soft: boolean;
  readonly all: boolean;
  readonly wanted: readonly Wanted[];
}

/** `ulimit` */
export const ulimit: Builtin = async (shell, args) => {
  const request = parse(shell, args);
  if (typeof request === 'string') {
    if (shell.dialect === 'bash') return usage(shell, `-${request}: invalid option`, SYNOPSIS);
    await warn(shell, `Illegal option -${request}`);
    return 2;
  }
  const { wanted, all } = request;
  const dash = shell.dialect !== 'bash';
  if (all) {
    const rows = dash ? dashRows : bashRows;
    return out(shell, rows.map((each) => `${described(shell, each)}${shown(shell, each, request)}\n`).join(''));
  }
  for (const { row: each, value } of wanted) {
    if (value === undefined) {
      const label = wanted.length > 1 && !dash ? described(shell, each) : '';
      await out(shell, `${label}${shown(shell, each, request)}\n`);
      continue;
    }
    const fault = change(shell, each, value, request);
    if (fault === undefined) continue;
    await warn(shell, fault);
    return dash ? 2 : 1;
  }
  return 0;
};

/** Options, each of which may have a value; gives a letter that is none. */
function parse(shell: Shell, args: readonly string[]): Request | string {
  const rows = shell.dialect === 'bash' ? bashRows : dashRows;
  const wanted: Wanted[] = [];
  let [hard, soft, all] = [false, false, false];
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (!/^-./.test(argument)) break;
    for (const letter of argument.slice(1)) {
      if (letter === 'H') hard = true;
      else if (letter === 'S') soft = true;
      else if (letter === 'a') all = true;
      else {
        const found = rows.find((each) => each.letter === letter);
        if (found === undefined) return letter;
        wanted.push({ row: found, value: undefined });
      }
    }
    const last = wanted.at(-1);
    const next = args[index + 1];
    if (last !== undefined && /[^HSa]$/.test(argument) && next !== undefined && !next.startsWith('-')) {
      wanted[wanted.length - 1] = { row: last.row, value: next };
      index++;
    }
  }
  const size = rows.find(({ letter }) => letter === 'f');
  if (wanted.length === 0 && size !== undefined) wanted.push({ row: size, value: args[index] });
  return { hard, soft, all, wanted };
}

function described({ dialect }: Shell, { letter, text, unit }: Row): string {
  if (dialect !== 'bash') return `${text}${unit === '' ? '' : `(${unit})`}`.padEnd(20) + ' ';
  return `${text.padEnd(20)} ${`(${unit === '' ? '' : `${unit}, `}-${letter}) `.padStart(20)}`;
}

const limitOf = (shell: Shell, resource: Row['resource']): Limit =>
  resource === 'pipe' ? PIPE : shell.process.limits.get(resource);

function shown(shell: Shell, { resource, factor }: Row, { hard, soft }: Request): string {
  const limit = limitOf(shell, resource);
  const value = hard && !soft ? limit.hard : limit.soft;
  return Number.isFinite(value) ? String(Math.floor(value / factor)) : 'unlimited';
}

function change(shell: Shell, { resource, factor, text }: Row, value: string, request: Request): string | undefined {
  const old = limitOf(shell, resource);
  const dash = shell.dialect !== 'bash';
  let wanted: number;
  if (value === 'unlimited') wanted = Infinity;
  else if (value === 'hard' && !dash) wanted = old.hard;
  else if (value === 'soft' && !dash) wanted = old.soft;
  else if (/^\d+$/.test(value) && BigInt(value) * BigInt(factor) >= 2n ** 63n) return `${value}: limit out of range`;
  else if (/^\d+$/.test(value)) wanted = Number(value) * factor;
  else return dash ? 'bad number' : `${value}: invalid number`;
  const both = request.hard === request.soft;
  const limit = { soft: both || request.soft ? wanted : old.soft, hard: both || request.hard ? wanted : old.hard };
  const message =
    resource === 'pipe'
      ? 'Invalid argument'
      : ((): string | undefined => {
          const set = shell.process.limits.set(resource, limit);
          return set.ok ? undefined : set.error.message;
        })();
  if (message === undefined) return undefined;
  return dash ? `error setting limit (${message})` : `${text}: cannot modify limit: ${message}`;
}
