import type { ProcessInfo, Program } from '../../linux/process/types';
import { dialectOf } from '../toolkit/dialect';
import { Names } from '../toolkit/users';

interface Column {
  readonly header: string;
  readonly width: number;
  readonly cell: (info: ProcessInfo, names: Names) => string;
}

const two = (value: number): string => String(value).padStart(2, '0');
const argsOf = ({ argv, comm }: ProcessInfo): string => (argv.length === 0 ? `[${comm}]` : argv.join(' '));
const minutes = (ms: number): string => `${Math.floor(ms / 60_000)}:${two(Math.floor(ms / 1000) % 60)}`;

/** What `-o` knows (busybox procps/ps.c, out_spec), in its order. */
const columns: Readonly<Record<string, Column>> = {
  user: { header: 'USER', width: 8, cell: ({ uid }, names) => names.user(uid) },
  group: { header: 'GROUP', width: 8, cell: ({ uid }, names) => names.user(uid) },
  comm: { header: 'COMMAND', width: 16, cell: ({ comm }) => comm },
  args: { header: 'COMMAND', width: 256, cell: argsOf },
  pid: { header: 'PID', width: 5, cell: ({ pid }) => String(pid) },
  ppid: { header: 'PPID', width: 5, cell: ({ parentPid }) => String(parentPid) },
  pgid: { header: 'PGID', width: 5, cell: ({ group }) => String(group) },
  tty: { header: 'TT', width: 6, cell: ({ tty }) => ttyOf(tty) },
  vsz: { header: 'VSZ', width: 4, cell: ({ rssKb }) => String(rssKb) },
  sid: { header: 'SID', width: 5, cell: ({ session }) => String(session) },
  stat: { header: 'STAT', width: 4, cell: ({ state }) => state },
  rss: { header: 'RSS', width: 4, cell: ({ rssKb }) => String(rssKb) },
  time: { header: 'TIME', width: 5, cell: ({ cpuMs }) => minutes(cpuMs) },
};

/** Major and minor number, as busybox prints a terminal. */
function ttyOf(tty: string | undefined): string {
  if (tty === undefined) return '?';
  const [, number] = /pts\/(\d+)$/.exec(tty) ?? [];
  return number === undefined ? '4,1' : `136,${number}`;
}

/** BusyBox's ps: everything that the namespace has; of options only -o and -T are looked at. */
export const busyboxPs: Program = async (process) => {
  const names = new Names(process.fs);
  const timed = dialectOf(process)?.build.psTime === true;
  const chosen: Column[] = [];
  const args = [...process.args];
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (!arg.startsWith('-o')) continue;
    for (const item of (arg.length > 2 ? arg.slice(2) : (args.shift() ?? '')).split(',')) {
      const equals = item.indexOf('=');
      const name = equals < 0 ? item : item.slice(0, equals);
      const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
      if (column === undefined) {
        await process.stderr.write(
          `ps: bad -o argument '${name}', supported arguments: ${Object.keys(columns).join(',')}\n`,
        );
        return 1;
      }
      const header = equals < 0 ? column.header : item.slice(equals + 1);
      chosen.push({ ...column, header, width: Math.max(column.width, header.length) });
    }
  }
  const found = process.host.processes(process).toSorted((a, b) => a.pid - b.pid);
  const wide = process.fds.get(1)?.kind === 'tty' ? (process.tty?.size.columns ?? 80) : Infinity;
  const lines =
    chosen.length === 0
      ? [
          timed ? 'PID   USER     TIME  COMMAND' : 'PID   USER     COMMAND',
          ...found.map((info) => {
            const user = names.user(info.uid).slice(0, 8).padEnd(8);
            const time = timed ? `${minutes(info.cpuMs).padStart(5)} ` : '';
            return `${String(info.pid).padStart(5)} ${user} ${time}${argsOf(info)}`;
          }),
        ]
      : [
          row(chosen.map(({ header, width }) => [header, width])),
          ...found.map((info) => row(chosen.map(({ cell, width }) => [cell(info, names), width]))),
        ];
  await process.stdout.write(lines.map((line) => `${line.slice(0, wide)}\n`).join(''));
  return 0;
};

/** The last column is as long as it is. */
const row = (cells: readonly (readonly [string, number])[]): string =>
  cells.map(([text, width], at) => (at === cells.length - 1 ? text : text.slice(0, width).padEnd(width))).join(' ');
