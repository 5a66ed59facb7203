import type { Limit, Resource } from '../../linux/process/rlimits';
import { help } from './help';
import { execute } from './run';
import { table, type Column } from './table';
import { utility } from './utility';

interface Row {
  readonly resource: Resource;
  readonly description: string;
  readonly units: string;
  readonly limit: Limit;
}

const resources: readonly (readonly [Resource, string, string, string])[] = [
  ['AS', 'v', 'address space limit', 'bytes'],
  ['CORE', 'c', 'max core file size', 'bytes'],
  ['CPU', 't', 'CPU time', 'seconds'],
  ['DATA', 'd', 'max data size', 'bytes'],
  ['FSIZE', 'f', 'max file size', 'bytes'],
  ['LOCKS', 'x', 'max number of file locks held', 'locks'],
  ['MEMLOCK', 'l', 'max locked-in-memory address space', 'bytes'],
  ['MSGQUEUE', 'q', 'max bytes in POSIX mqueues', 'bytes'],
  ['NICE', 'e', 'max nice prio allowed to raise', ''],
  ['NOFILE', 'n', 'max number of open files', 'files'],
  ['NPROC', 'u', 'max number of processes', 'processes'],
  ['RSS', 'm', 'max resident set size', 'bytes'],
  ['RTPRIO', 'r', 'max real-time priority', ''],
  ['RTTIME', 'y', 'timeout for real-time tasks', 'microsecs'],
  ['SIGPENDING', 'i', 'max number of pending signals', 'signals'],
  ['STACK', 's', 'max stack size', 'bytes'],
];

const amount = (value: number): string => (Number.isFinite(value) ? String(value) : 'unlimited');

const columns: readonly Column<Row>[] = [
  { name: 'RESOURCE', text: ({ resource }) => resource },
  { name: 'DESCRIPTION', text: ({ description }) => description },
  { name: 'SOFT', right: true, text: ({ limit }) => amount(limit.soft) },
  { name: 'HARD', right: true, text: ({ limit }) => amount(limit.hard) },
  { name: 'UNITS', text: ({ units }) => units },
];

/** prlimit(1). */
export const prlimit = utility(
  {
    name: 'prlimit',
    help: help.prlimit,
    short: `p:o:${resources.map(([, letter]) => `${letter}::`).join('')}`,
    long: {
      'pid:': 'p',
      'output:': 'o',
      noheadings: 'noheadings',
      raw: 'raw',
      verbose: 'verbose',
      ...Object.fromEntries(resources.map(([name, letter]) => [`${name.toLowerCase()}::`, letter])),
    },
    stopAtOperand: true,
  },
  async (process, options, complain) => {
    const pid = options.value('p');
    const target = pid === undefined ? process : process.host.limitsOf(process, Number(pid));
    const asked = resources.filter(([, letter]) => options.has(letter));
    const list = asked.length > 0 ? asked : resources;
    if (target === undefined)
      return complain(`failed to get the ${list[0]?.[0] ?? ''} resource limit: No such process`);
    const rows: Row[] = [];
    for (const [resource, letter, description, units] of list) {
      const now = target.limits.get(resource);
      const given = options.value(letter)?.replace(/^=/, '');
      if (given === undefined) {
        rows.push({ resource, description, units, limit: now });
        continue;
      }
      const limit = parse(given, now);
      if (limit === undefined) return complain(`failed to parse ${resource} limit`);
      if (limit.soft > limit.hard) return complain(`the soft limit ${resource} cannot exceed the hard limit`);
      const done = target.limits.set(resource, limit);
      if (!done.ok) return complain(`failed to set the ${resource} resource limit: ${done.error.message}`);
    }
    if (rows.length > 0 && (asked.length > 0 || options.operands.length === 0)) {
      const wanted = options.value('o')?.toUpperCase().split(',');
      const shown = wanted?.flatMap((name) => columns.filter((column) => column.name === name)) ?? columns;
      const headings = !options.has('noheadings');
      await process.stdout.write(table(rows, shown, { headings, raw: options.has('raw') }));
    }
    return options.operands.length === 0 ? 0 : execute(process, options.operands, complain);
  },
);

const value = (text: string): number => (text === 'unlimited' ? Infinity : /^\d+$/.test(text) ? Number(text) : NaN);

/** `soft:hard`, `soft:`, `:hard`, or both in one. */
function parse(text: string, now: Limit): Limit | undefined {
  const [soft = '', hard] = text.split(':');
  const limit =
    hard === undefined
      ? { soft: value(soft), hard: value(soft) }
      : { soft: soft === '' ? now.soft : value(soft), hard: hard === '' ? now.hard : value(hard) };
  return Number.isNaN(limit.soft) || Number.isNaN(limit.hard) ? undefined : limit;
}
