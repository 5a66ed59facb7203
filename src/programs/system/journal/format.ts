import type { Entry } from '../../../linux/systemd/journal';
import { monthName, strftime } from '../../toolkit/date-format';
import { paint, type Look } from '../systemd';

/** What lines need besides the entry. */
export interface Shown {
  readonly mode: string;
  readonly host: string;
  readonly look: Look;
  readonly bootedAt: number;
  readonly bootId: string;
  readonly machineId: string;
  readonly hostname?: boolean;
}

const microseconds = (ms: number): number => Math.round(ms * 1000);
const fraction = (ms: number): string => String(microseconds(ms) % 1_000_000).padStart(6, '0');

/** The time at the beginning of a line, in one of the `short` modes. */
function stamp({ time }: Entry, { mode, bootedAt }: Shown): string {
  const clock = `${monthName(time)} ${strftime('%d %H:%M:%S', time)}`;
  switch (mode) {
    case 'short-iso':
      return strftime('%Y-%m-%dT%H:%M:%S+0000', time);
    case 'short-iso-precise':
      return `${strftime('%Y-%m-%dT%H:%M:%S', time)}.${fraction(time)}+0000`;
    case 'short-precise':
      return `${clock}.${fraction(time)}`;
    case 'short-full':
    case 'with-unit':
      return strftime('%a %Y-%m-%d %H:%M:%S UTC', time);
    case 'short-unix':
      return `${Math.floor(time / 1000)}.${fraction(time)}`;
    case 'short-monotonic':
    case 'short-delta': {
      const since = microseconds(time - bootedAt);
      return `[${String(Math.floor(since / 1_000_000)).padStart(5)}.${String(since % 1_000_000).padStart(6, '0')}]`;
    }
    default:
      return clock;
  }
}

/** One entry in the `short` modes, or `cat`. */
export function shortLine(entry: Entry, shown: Shown): string {
  const { look, mode } = shown;
  const { message, priority, identifier, source } = entry;
  const color = priority <= 3 ? 'red' : priority === 4 ? 'yellow' : priority === 5 ? 'bold' : 'none';
  const lines = message.split('\n').map((line) => paint(look, color, line));
  if (mode === 'cat') return lines.join('\n');
  const host = shown.hostname === false ? '' : ` ${shown.host}`;
  const who = mode === 'with-unit' ? (entry.about ?? source.unit ?? identifier) : identifier;
  const pid = source.pid === 0 ? '' : `[${source.pid}]`;
  const head = `${stamp(entry, shown)}${host} ${who}${pid}: `;
  return head + lines.join(`\n${' '.repeat(head.length)}`);
}

/** The fields of an entry, without those that begin with two underscores. */
export function fieldsOf(entry: Entry, shown: Shown): ReadonlyMap<string, string> {
  const { source, about, id, fields } = entry;
  const map = new Map<string, string>([
    ['PRIORITY', String(entry.priority)],
    ['SYSLOG_FACILITY', source.transport === 'kernel' ? '0' : '3'],
    ['_BOOT_ID', shown.bootId],
    ['_MACHINE_ID', shown.machineId],
    ['_HOSTNAME', shown.host],
    ['_RUNTIME_SCOPE', 'system'],
    ['_TRANSPORT', source.transport],
    ['SYSLOG_IDENTIFIER', entry.identifier],
    ['MESSAGE', entry.message],
  ]);
  if (source.transport !== 'kernel') {
    map.set('_PID', String(source.pid));
    map.set('_UID', String(source.uid));
    map.set('_GID', String(source.gid));
    map.set('_COMM', source.comm);
    map.set('_EXE', source.exe);
    map.set('_CMDLINE', source.cmdline);
    map.set('_SYSTEMD_CGROUP', source.cgroup);
    if (source.unit !== undefined) map.set('_SYSTEMD_UNIT', source.unit);
    map.set('_SYSTEMD_SLICE', /([^/]+\.slice)\/[^/]*$/.exec(source.cgroup)?.[1] ?? '-.slice');
    if (source.invocation !== undefined) map.set('_SYSTEMD_INVOCATION_ID', source.invocation);
  }
  if (about !== undefined) map.set('UNIT', about);
  if (id !== undefined) map.set('MESSAGE_ID', id);
  for (const [name, value] of Object.entries(fields ?? {})) map.set(name, value);
  return map;
}

/** `__CURSOR` and the times. */
function addresses(entry: Entry, { bootId, bootedAt }: Shown): readonly (readonly [string, string])[] {
  const real = microseconds(entry.time);
  const since = microseconds(entry.time - bootedAt);
  const hex = (value: number): string => value.toString(16);
  return [
    [
      '__CURSOR',
      `s=${bootId};i=${hex(entry.sequence)};b=${bootId};m=${hex(since)};t=${hex(real)};x=${hex(entry.sequence)}`,
    ],
    ['__REALTIME_TIMESTAMP', String(real)],
    ['__MONOTONIC_TIMESTAMP', String(since)],
  ];
}

/** One entry in any mode, with the newline. `wanted`: --output-fields. */
export function formatEntry(entry: Entry, shown: Shown, wanted: readonly string[] = []): string {
  const fields = (): readonly (readonly [string, string])[] =>
    [...fieldsOf(entry, shown)].filter(([name]) => wanted.length === 0 || wanted.includes(name));
  switch (shown.mode) {
    case 'json':
      return `${JSON.stringify(Object.fromEntries([...addresses(entry, shown), ...fields()]))}\n`;
    case 'json-pretty': {
      const lines = [...addresses(entry, shown), ...fields()].map(
        ([name, value]) => `\t${JSON.stringify(name)} : ${JSON.stringify(value)}`,
      );
      return `{\n${lines.join(',\n')}\n}\n`;
    }
    case 'json-sse':
      return `data: ${JSON.stringify(Object.fromEntries([...addresses(entry, shown), ...fields()]))}\n\n`;
    case 'json-seq':
      return `\x1e${JSON.stringify(Object.fromEntries([...addresses(entry, shown), ...fields()]))}\n`;
    case 'export':
      return `${[...addresses(entry, shown), ...fields()].map(([name, value]) => `${name}=${value}\n`).join('')}\n`;
    case 'verbose': {
      const [[, cursor = ''] = []] = addresses(entry, shown);
      const head = `${strftime('%a %Y-%m-%d %H:%M:%S', entry.time)}.${fraction(entry.time)} UTC [${cursor}]\n`;
      return (
        head +
        fields()
          .map(([name, value]) => `    ${name}=${value}\n`)
          .join('')
      );
    }
    default:
      return `${shortLine(entry, shown)}\n`;
  }
}

export const outputModes = new Set(
  (
    'short short-full short-iso short-iso-precise short-precise short-monotonic short-delta short-unix verbose export ' +
    'json json-pretty json-sse json-seq cat with-unit'
  ).split(' '),
);

/** What `-u` means: what the unit's processes wrote and what PID 1 said of it. */
export function entriesOfUnit(entries: readonly Entry[], units: readonly string[]): readonly Entry[] {
  const wanted = new Set(units);
  return entries.filter(
    ({ source, about }) =>
      (source.unit !== undefined && wanted.has(source.unit)) || (about !== undefined && wanted.has(about)),
  );
}
