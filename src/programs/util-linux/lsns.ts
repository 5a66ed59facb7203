import { pinnedNamespaces } from '../../linux/net/netns';
import type { HostView, Namespace, Process, ProcessInfo } from '../../linux/process/types';
import { users } from '../toolkit/users';
import { help } from './help';
import { table, type Column } from './table';
import { utility } from './utility';

const types = ['mnt', 'net', 'ipc', 'user', 'pid', 'uts', 'cgroup', 'time'] as const;
type Type = (typeof types)[number];

interface Row {
  readonly id: number;
  readonly type: Type;
  readonly processes: readonly ProcessInfo[];
  /** The process that stands for it: the lowest pid. */
  readonly first: ProcessInfo;
}

/** There is one time namespace. */
const TIME: Namespace = { id: 4_026_531_834 };

const namespaceOf = (info: ProcessInfo, type: Type): Namespace => (type === 'time' ? TIME : info.namespaces[type]);

/** lsns(8). */
export const lsns = utility(
  {
    name: 'lsns',
    help: help.lsns,
    short: 'Jlno:p:ruWt:T::',
    long: {
      json: 'J',
      list: 'l',
      noheadings: 'n',
      'output:': 'o',
      'output-all': 'output-all',
      'task:': 'p',
      raw: 'r',
      notruncate: 'u',
      nowrap: 'W',
      'type:': 't',
      'tree::': 'T',
    },
  },
  async (process, options, complain) => {
    const asked = options.values('t');
    const unknown = asked.find((type) => !(types as readonly string[]).includes(type));
    if (unknown !== undefined) return complain(`unknown namespace type: ${unknown}`);
    const all = columns(process);
    const [wanted] = options.operands;
    const usual = asked.includes('net')
      ? 'NS,TYPE,NPROCS,PID,USER,NETNSID,NSFS,COMMAND'
      : 'NS,TYPE,NPROCS,PID,USER,COMMAND';
    const chosen = options.has('output-all')
      ? all.map(({ name }) => name)
      : (options.value('o') ?? (wanted === undefined ? usual : 'PID,PPID,USER,COMMAND')).split(',');
    const shown: Column<Row>[] = [];
    for (const name of chosen) {
      const column = all.find((one) => one.name === name.toUpperCase());
      if (column === undefined) return complain(`unknown column: ${name}`);
      shown.push(column);
    }
    let rows = namespaces(process.host.processes(process));
    if (asked.length > 0) rows = rows.filter(({ type }) => asked.includes(type));
    const pid = options.value('p');
    if (pid !== undefined) {
      if (!/^\d+$/.test(pid)) return complain(`invalid PID argument: '${pid}'`);
      rows = rows.filter(({ processes }) => processes.some((info) => info.pid === Number(pid)));
    }
    if (wanted !== undefined) {
      if (!/^\d+$/.test(wanted)) return complain(`invalid namespace argument: '${wanted}'`);
      const found = rows.find(({ id }) => id === Number(wanted));
      if (found === undefined) return complain(`not found namespace: ${wanted}`);
      // The processes of one namespace, each a row of its own.
      rows = found.processes.map((info) => ({ ...found, first: info }));
    }
    if (options.has('J')) {
      await process.stdout.write(json(rows, shown));
      return 0;
    }
    const raw = options.has('r');
    const hanging =
      raw || options.has('l') ? {} : { parent: wanted === undefined ? representatives(rows) : parents(rows) };
    if (rows.length > 0) {
      await process.stdout.write(table(rows, shown, { headings: !options.has('n'), raw, ...hanging }));
    }
    return 0;
  },
);

function namespaces(infos: readonly ProcessInfo[]): readonly Row[] {
  const found = new Map<number, Row & { readonly processes: ProcessInfo[] }>();
  for (const info of [...infos].sort((a, b) => a.pid - b.pid)) {
    if (info.state === 'Z') continue;
    for (const type of types) {
      const { id } = namespaceOf(info, type);
      const known = found.get(id);
      if (known === undefined) found.set(id, { id, type, processes: [info], first: info });
      else known.processes.push(info);
    }
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** A namespace hangs on the last line of its process's parent, if that stands for a namespace, too. */
function representatives(rows: readonly Row[]): (row: Row) => Row | undefined {
  const above = new Map<Row, Row | undefined>();
  const lines = new Map<number, Row>();
  for (const row of rows) {
    above.set(row, lines.get(row.first.parentPid));
    lines.set(row.first.pid, row);
  }
  return (row) => above.get(row);
}

function parents(rows: readonly Row[]): (row: Row) => Row | undefined {
  const byPid = new Map(rows.map((row) => [row.first.pid, row]));
  return (row) => byPid.get(row.first.parentPid);
}

const pinned = (host: HostView, id: number): string => {
  const found = pinnedNamespaces(host).find(([, net]) => net.id === id);
  return found === undefined ? '' : `/run/netns/${found[0]}`;
};

function columns(process: Process): readonly Column<Row>[] {
  const { host, fs } = process;
  const known = users(fs);
  return [
    { name: 'NS', right: true, text: ({ id }) => String(id) },
    { name: 'TYPE', text: ({ type }) => type },
    { name: 'PATH', text: ({ first, type }) => `/proc/${first.pid}/ns/${type}` },
    { name: 'NPROCS', right: true, text: ({ processes }) => String(processes.length) },
    { name: 'PID', right: true, text: ({ first }) => String(first.pid) },
    { name: 'PPID', right: true, text: ({ first }) => String(first.parentPid) },
    { name: 'COMMAND', tree: true, text: ({ first: { argv, comm } }) => (argv.length > 0 ? argv.join(' ') : comm) },
    { name: 'UID', right: true, text: ({ first }) => String(first.uid) },
    { name: 'USER', text: ({ first }) => known.find(({ uid }) => uid === first.uid)?.name ?? String(first.uid) },
    { name: 'NETNSID', right: true, text: ({ type }) => (type === 'net' ? 'unassigned' : '') },
    { name: 'NSFS', text: ({ type, id }) => (type === 'net' ? pinned(host, id) : '') },
    { name: 'PNS', right: true, text: () => '0' },
    { name: 'ONS', right: true, text: ({ first }) => String(first.namespaces.user.id) },
  ];
}

const numbers = new Set(['NS', 'NPROCS', 'PID', 'PPID', 'UID', 'PNS', 'ONS']);

function json(rows: readonly Row[], shown: readonly Column<Row>[]): string {
  const objects = rows.map((row) => {
    const fields = shown.map((column) => {
      const text = column.text(row);
      const value = numbers.has(column.name) ? text : text === '' ? 'null' : JSON.stringify(text);
      return `         "${column.name.toLowerCase()}": ${value}`;
    });
    return `{\n${fields.join(',\n')}\n      }`;
  });
  return `{\n   "namespaces": [\n      ${objects.join(',')}\n   ]\n}\n`;
}
