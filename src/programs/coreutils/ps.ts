import type { ProcessInfo } from '../../linux/process/types';
import { strftime } from '../toolkit/date-format';
import { tool, type Tool } from '../toolkit/tool';
import { Names, users } from '../toolkit/users';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly right?: boolean;
  readonly value: (info: ProcessInfo) => string;
}

/** ps(1) of procps: UNIX, BSD and GNU options. */
export const ps = tool(
  {
    name: 'ps',
    usage: '[options]',
    about: 'Report a snapshot of the current processes.',
    package: 'procps-ng 4.0.4',
    raw: true,
  },
  async (tool) => {
    const selection = parse(tool);
    if (typeof selection === 'string') {
      await tool.process.stderr.write(
        `error: ${selection}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
      );
      return 1;
    }
    const { process } = tool;
    const table = columnsOf(tool);
    const columns: Column[] = [];
    for (const { name, title } of selection.columns) {
      const column = table[aliases[name] ?? name];
      if (column === undefined) {
        await tool.process.stderr.write(`error: unknown user-defined format specifier "${name}"\n`);
        return 1;
      }
      columns.push(title === undefined ? column : { ...column, title, width: Math.max(column.width, title.length) });
    }
    let found = process.host.processes(process).filter((info) => selection.wanted(info));
    if (selection.sort !== undefined) found = sorted(found, selection.sort, table);
    else found = found.toSorted((a, b) => a.pid - b.pid);
    const terminal = process.fds.get(1)?.kind === 'tty';
    const width = selection.wide || !terminal ? Infinity : (process.tty?.size.columns ?? 80);
    const print = (cells: readonly string[]): Promise<void> | undefined => {
      const line = cells
        .map((cell, index) => {
          const column = columns[index];
          if (column === undefined) return cell;
          if (column.right === true) return cell.padStart(column.width);
          return index === columns.length - 1 ? cell : cell.slice(0, Math.max(column.width, 8)).padEnd(column.width);
        })
        .join(' ');
      return tool.out.line(line.slice(0, width));
    };
    if (selection.header && columns.some(({ title }) => title !== '')) await print(columns.map(({ title }) => title));
    const prefixes = selection.forest ? treeOf(found) : undefined;
    for (const info of prefixes?.order ?? found) {
      const prefix = prefixes?.prefix.get(info) ?? '';
      await print(columns.map((column, index) => (index === columns.length - 1 ? prefix : '') + column.value(info)));
    }
    return found.length === 0 ? 1 : 0;
  },
);

interface Selection {
  readonly columns: readonly { readonly name: string; readonly title: string | undefined }[];
  readonly wanted: (info: ProcessInfo) => boolean;
  readonly sort: string | undefined;
  readonly header: boolean;
  readonly wide: boolean;
  readonly forest: boolean;
}

const named = (list: string) => list.split(' ').map((name) => ({ name, title: undefined }));
const formats = {
  plain: named('pid tty time ucmd'),
  full: named('uid_name pid ppid c stime tty time args'),
  user: named('user pid %cpu %mem vsz rss tty stat start bsdtime args'),
  bsd: named('pid tty stat bsdtime args'),
  long: named('f s uid pid ppid c pri ni addr sz wchan tty time ucmd'),
  jobs: named('pid pgid sid tty time ucmd'),
};

/** The command line, or what is wrong with it. */
function parse(tool: Tool): Selection | string {
  const { process } = tool;
  const args = [...tool.operands];
  let columns: readonly { name: string; title: string | undefined }[] | undefined;
  const own: { name: string; title: string | undefined }[] = [];
  const conditions: ((info: ProcessInfo) => boolean)[] = [];
  let every = false;
  let withTerminals = false;
  let withoutTerminals = false;
  let header = true;
  let wide = false;
  let bsd = false;
  let forest = false;
  let sort: string | undefined;
  let invert = false;
  let quick: ReadonlySet<number> | undefined;
  const pids = (text: string): boolean => {
    const wanted = text.split(/[\s,]+/).map(Number);
    if (wanted.some(Number.isNaN)) return false;
    conditions.push(({ pid }) => wanted.includes(pid));
    return true;
  };
  const user = (text: string) => {
    const wanted = text
      .split(/[\s,]+/)
      .map((name) => users(tool.fs).find((one) => one.name === name)?.uid ?? Number(name));
    conditions.push(({ uid }) => wanted.includes(uid));
  };
  const output = (text: string) => {
    for (const part of text.split(/[\s,]+(?![^=]*$)|(?<!=[^,]*),|\s+(?![^=]*=)/)) {
      const [name = '', ...title] = part.split('=');
      if (name !== '') own.push({ name, title: title.length === 0 ? undefined : title.join('=') });
    }
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(arg);
    if (long !== null) {
      const value = () => long[2] ?? args[++index] ?? '';
      switch (long[1]) {
        case 'pid':
          if (!pids(value())) return 'process ID list syntax error';
          break;
        case 'ppid': {
          const wanted = value().split(',').map(Number);
          conditions.push(({ parentPid }) => wanted.includes(parentPid));
          break;
        }
        case 'user':
          user(value());
          break;
        case 'sort':
          sort = value();
          break;
        case 'format':
          output(value());
          break;
        case 'no-headers':
        case 'no-heading':
        case 'noheaders':
          header = false;
          break;
        case 'headers':
          break;
        case 'forest':
          forest = true;
          break;
        case 'deselect':
          invert = true;
          break;
        default:
          return `unknown gnu long option`;
      }
      continue;
    }
    if (arg.startsWith('-') && arg.length > 1) {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg.charAt(at);
        const value = () => {
          const attached = arg.slice(at + 1);
          at = arg.length;
          return attached === '' ? (args[++index] ?? '') : attached;
        };
        if (letter === 'e' || letter === 'A') every = true;
        else if (letter === 'f' || letter === 'F') columns = formats.full;
        else if (letter === 'l') columns = formats.long;
        else if (letter === 'j') columns = formats.jobs;
        else if (letter === 'a') conditions.push((info) => info.tty !== undefined && info.session !== info.pid);
        else if (letter === 'd') conditions.push((info) => info.session !== info.pid);
        else if (letter === 'N') invert = true;
        else if (letter === 'H') forest = true;
        else if (letter === 'w') wide = true;
        else if (letter === 'p') {
          if (!pids(value())) return 'process ID list syntax error';
        } else if (letter === 'q') {
          // Quick mode: these and no others, whatever else selects.
          const listed = value()
            .split(/[\s,]+/)
            .map(Number);
          if (listed.some(Number.isNaN)) return 'process ID list syntax error';
          quick = new Set(listed);
        } else if (letter === 'u' || letter === 'U') {
          // `-aux` is read as `aux`, as procps does.
          if (arg === '-aux') {
            withTerminals = withoutTerminals = bsd = true;
            columns = formats.user;
            break;
          }
          user(value());
        } else if (letter === 'o') output(value());
        else if (letter === 'C') {
          const wanted = value().split(',');
          conditions.push(({ comm }) => wanted.includes(comm));
        } else if (letter === 't') {
          const wanted = value().replace(/^\/dev\//, '');
          conditions.push(({ tty }) => tty?.replace('/dev/', '') === wanted);
        } else if (!'MLTZmcyV'.includes(letter)) return 'unsupported SysV option';
      }
      continue;
    }
    if (/^\d[\d,]*$/.test(arg)) {
      pids(arg);
      bsd = true;
      continue;
    }
    for (let at = 0; at < arg.length; at++) {
      const letter = arg.charAt(at);
      bsd = true;
      if (letter === 'a') withTerminals = true;
      else if (letter === 'x') withoutTerminals = true;
      else if (letter === 'u') columns = formats.user;
      else if (letter === 'l') columns = formats.long;
      else if (letter === 'j') columns = formats.jobs;
      else if (letter === 'f') forest = true;
      else if (letter === 'w') wide = true;
      else if (letter === 'h') header = false;
      else if (letter === 'o' || letter === 'p') {
        const attached = arg.slice(at + 1);
        const value = attached === '' ? (args[++index] ?? '') : attached;
        if (letter === 'o') output(value);
        else if (!pids(value)) return 'process ID list syntax error';
        break;
      } else if (!'eceTrmnsvSk'.includes(letter)) return 'unsupported option (BSD syntax)';
    }
  }
  const { uid } = process.credentials;
  const tty = process.tty?.path;
  let wanted: (info: ProcessInfo) => boolean;
  if (quick !== undefined) wanted = ({ pid }) => quick?.has(pid) === true;
  else if (every || (withTerminals && withoutTerminals)) wanted = () => true;
  else if (conditions.length > 0) wanted = (info) => conditions.some((condition) => condition(info));
  else if (withTerminals) wanted = (info) => info.tty !== undefined;
  else if (withoutTerminals) wanted = (info) => info.uid === uid;
  else if (tty === undefined) wanted = (info) => info.uid === uid && info.session === process.session;
  else wanted = (info) => info.uid === uid && info.tty === tty;
  const chosen = own.length > 0 ? own : (columns ?? (bsd ? formats.bsd : formats.plain));
  const selected = invert ? (info: ProcessInfo) => !wanted(info) : wanted;
  return { columns: chosen, wanted: selected, sort, header, wide, forest };
}

const aliases: Readonly<Record<string, string>> = {
  cmd: 'args',
  command: 'args',
  comm: 'comm',
  ucomm: 'comm',
  euser: 'user',
  uname: 'user',
  ruser: 'user',
  pcpu: '%cpu',
  pmem: '%mem',
  rssize: 'rss',
  rsz: 'rss',
  vsize: 'vsz',
  tt: 'tty',
  tname: 'tty',
  state: 's',
  start_time: 'stime',
  cputime: 'time',
  pgrp: 'pgid',
  sess: 'sid',
  session: 'sid',
  nice: 'ni',
  euid: 'uid',
  ruid: 'uid',
};

function columnsOf(tool: Tool): Readonly<Record<string, Column>> {
  const { process } = tool;
  const { now } = process.clock;
  const names = new Names(tool.fs);
  const seconds = (info: ProcessInfo) => Math.floor(info.cpuMs / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const user = (info: ProcessInfo): string => {
    const name = names.user(info.uid);
    return name.length > 8 ? `${name.slice(0, 7)}+` : name;
  };
  const percent = (info: ProcessInfo) => {
    const lived = Math.max(1, now - info.startedAt);
    return info.cpuMs / lived;
  };
  const started = (info: ProcessInfo): string => {
    if (now - info.startedAt < 86_400_000) return strftime('%H:%M', info.startedAt);
    return new Date(now).getUTCFullYear() === new Date(info.startedAt).getUTCFullYear()
      ? strftime('%b%d', info.startedAt)
      : strftime('%Y', info.startedAt);
  };
  const args = (info: ProcessInfo): string => {
    if (info.state === 'Z') return `[${info.comm}] <defunct>`;
    return info.argv.length === 0 ? `[${info.comm}]` : info.argv.join(' ');
  };
  const stat = (info: ProcessInfo): string =>
    info.state +
    (info.session === info.pid ? 's' : '') +
    (info.tty !== undefined && info.foregroundGroup === info.group ? '+' : '');
  const elapsed = (info: ProcessInfo): string => {
    const total = Math.floor((now - info.startedAt) / 1000);
    const [days, hours, minutes, rest] = [
      Math.floor(total / 86_400),
      Math.floor(total / 3600) % 24,
      Math.floor(total / 60) % 60,
      total % 60,
    ];
    return `${days > 0 ? `${days}-` : ''}${days > 0 || hours > 0 ? `${two(hours)}:` : ''}${two(minutes)}:${two(rest)}`;
  };
  const right = (title: string, width: number, value: Column['value']): Column => ({
    title,
    width,
    right: true,
    value,
  });
  const left = (title: string, width: number, value: Column['value']): Column => ({ title, width, value });
  const namespaceId = (kind: keyof ProcessInfo['namespaces']) =>
    right(`${kind.toUpperCase()}NS`, 10, (info) => String(info.namespaces[kind].id));
  return {
    pid: right('PID', 7, (info) => String(info.pid)),
    ppid: right('PPID', 7, (info) => String(info.parentPid)),
    pgid: right('PGID', 7, (info) => String(info.group)),
    sid: right('SID', 7, (info) => String(info.session)),
    tpgid: right('TPGID', 7, (info) => String(info.foregroundGroup)),
    uid: right('UID', 5, (info) => String(info.uid)),
    uid_name: left('UID', 8, user),
    user: left('USER', 8, user),
    group: left('GROUP', 8, (info) => names.group(info.uid)),
    '%cpu': right('%CPU', 4, (info) => (percent(info) * 100).toFixed(1)),
    '%mem': right('%MEM', 4, (info) => ((info.rssKb * 1024 * 100) / process.host.memory).toFixed(1)),
    c: right('C', 2, (info) => String(Math.min(99, Math.floor(percent(info) * 100)))),
    vsz: right('VSZ', 6, (info) => String(info.rssKb * 3 + 1800)),
    rss: right('RSS', 5, (info) => String(info.rssKb)),
    sz: right('SZ', 5, (info) => String(Math.floor((info.rssKb * 3 + 1800) / 4))),
    tty: left('TTY', 8, (info) => info.tty?.replace('/dev/', '') ?? '?'),
    stat: left('STAT', 4, stat),
    s: left('S', 1, (info) => info.state),
    f: right('F', 1, (info) => (info.uid === 0 ? '4' : '0')),
    pri: right('PRI', 3, () => '80'),
    ni: right('NI', 3, () => '0'),
    addr: left('ADDR', 4, () => '-'),
    wchan: left('WCHAN', 6, () => '-'),
    start: right('START', 5, started),
    stime: right('STIME', 5, started),
    lstart: right('STARTED', 24, (info) => strftime('%a %b %e %H:%M:%S %Y', info.startedAt)),
    etime: right('ELAPSED', 11, elapsed),
    etimes: right('ELAPSED', 7, (info) => String(Math.floor((now - info.startedAt) / 1000))),
    time: right(
      'TIME',
      8,
      (info) =>
        `${two(Math.floor(seconds(info) / 3600))}:${two(Math.floor(seconds(info) / 60) % 60)}:${two(seconds(info) % 60)}`,
    ),
    bsdtime: right('TIME', 6, (info) => `${Math.floor(seconds(info) / 60)}:${two(seconds(info) % 60)}`),
    ucmd: left('CMD', 15, (info) => info.comm + (info.state === 'Z' ? ' <defunct>' : '')),
    comm: left('COMMAND', 15, (info) => info.comm + (info.state === 'Z' ? ' <defunct>' : '')),
    args: left(tool.operands.some((arg) => /^-\w*[fFl]/.test(arg)) ? 'CMD' : 'COMMAND', 27, args),
    cgroup: left('CGROUP', 27, (info) => `0::${info.cgroup}`),
    pidns: namespaceId('pid'),
    netns: namespaceId('net'),
    mntns: namespaceId('mnt'),
    utsns: namespaceId('uts'),
    ipcns: namespaceId('ipc'),
  };
}

function sorted(infos: readonly ProcessInfo[], by: string, table: Readonly<Record<string, Column>>): ProcessInfo[] {
  let result = [...infos];
  for (const key of by.split(',').toReversed()) {
    const column = table[aliases[key.replace(/^[-+]/, '')] ?? key.replace(/^[-+]/, '')];
    if (column === undefined) continue;
    const sign = key.startsWith('-') ? -1 : 1;
    result = result.toSorted((a, b) => {
      const [left, right] = [column.value(a), column.value(b)];
      const order =
        column.right === true && !Number.isNaN(Number(left))
          ? Number(left) - Number(right)
          : left < right
            ? -1
            : left > right
              ? 1
              : 0;
      return order * sign;
    });
  }
  return result;
}

/** --forest: children below their parents, drawn as a tree. */
function treeOf(infos: readonly ProcessInfo[]): {
  order: readonly ProcessInfo[];
  prefix: ReadonlyMap<ProcessInfo, string>;
} {
  const prefix = new Map<ProcessInfo, string>();
  const order: ProcessInfo[] = [];
  const pids = new Set(infos.map(({ pid }) => pid));
  const visit = (info: ProcessInfo, text: string, lead: string): void => {
    order.push(info);
    prefix.set(info, lead);
    const children = infos.filter(({ parentPid, pid }) => parentPid === info.pid && pid !== info.pid);
    children.forEach((child, index) => {
      const last = index === children.length - 1;
      visit(child, `${text}${last ? '    ' : '|   '}`, `${text} \\_ `);
    });
  };
  for (const info of infos) if (!pids.has(info.parentPid) || info.parentPid === info.pid) visit(info, '', '');
  return { order, prefix };
}
