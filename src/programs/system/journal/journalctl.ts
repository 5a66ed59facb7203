import type { Process, Program } from '../../../linux/process/types';
import type { Entry } from '../../../linux/systemd/journal';
import type { Manager } from '../../../linux/systemd/manager';
import { strftime } from '../../toolkit/date-format';
import { globToRegExp } from '../../toolkit/glob';
import type { Options, OptionSpec } from '../../toolkit/options';
import { mangle } from '../systemctl/context';
import { maySeeJournal } from '../systemctl/status';
import { lookOf, managerOf, paged, systemdOptions, systemdVersion } from '../systemd';
import { explain } from './catalog';
import { entriesOfUnit, fieldsOf, formatEntry, outputModes, type Shown } from './format';
import { help } from './help';
import { kernelEntries } from './kernel';
import { parseTimestamp } from './time';

const spec: OptionSpec = {
  short: 'hS:U:c:b::u:t:p:g:ko:n::rxafqmeM:D:NF:l',
  long: {
    'since:': 'S',
    'until:': 'U',
    'cursor:': 'c',
    'after-cursor:': 'after-cursor',
    'boot::': 'b',
    'unit:': 'u',
    'user-unit:': 'user-unit',
    'identifier:': 't',
    'priority:': 'p',
    'facility:': 'facility',
    'grep:': 'g',
    'case-sensitive::': 'case-sensitive',
    dmesg: 'k',
    'output:': 'o',
    'output-fields:': 'output-fields',
    'lines::': 'n',
    reverse: 'r',
    'show-cursor': 'show-cursor',
    utc: 'utc',
    catalog: 'x',
    'no-hostname': 'no-hostname',
    'no-full': 'no-full',
    full: 'full',
    all: 'a',
    follow: 'f',
    'no-tail': 'no-tail',
    quiet: 'q',
    'no-pager': 'no-pager',
    'pager-end': 'e',
    system: 'system',
    user: 'user',
    merge: 'm',
    'directory:': 'D',
    fields: 'N',
    'field:': 'F',
    'list-boots': 'list-boots',
    'disk-usage': 'disk-usage',
    'vacuum-size:': 'vacuum-size',
    'vacuum-files:': 'vacuum-files',
    'vacuum-time:': 'vacuum-time',
    verify: 'verify',
    sync: 'sync',
    flush: 'flush',
    rotate: 'rotate',
  },
};

const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

const levelOf = (text: string): number => (/^[0-7]$/.test(text) ? Number(text) : levels.indexOf(text));

/** `-p err`, `-p 2..4`; undefined if a level is none. */
function priorities(text: string): readonly [number, number] | undefined {
  const [from = '', to] = text.split('..');
  const first = levelOf(from);
  const last = to === undefined ? first : levelOf(to);
  if (first < 0 || last < 0) return undefined;
  return to === undefined ? [0, first] : [Math.min(first, last), Math.max(first, last)];
}

type Filter = (entry: Entry) => boolean;

/** All that options and operands ask of an entry; a text says what is wrong. */
function filtersOf(process: Process, manager: Manager, options: Options, shown: Shown): readonly Filter[] | string {
  const filters: Filter[] = [];
  const { now } = process.clock;
  for (const [option, keep] of [
    [
      'S',
      (at: number): Filter =>
        ({ time }) =>
          time >= at,
    ],
    [
      'U',
      (at: number): Filter =>
        ({ time }) =>
          time <= at,
    ],
  ] as const) {
    const text = options.value(option);
    if (text === undefined) continue;
    const at = parseTimestamp(text, now);
    if (at === undefined) return `Failed to parse timestamp: ${text}`;
    filters.push(keep(at));
  }
  const [since, until] = ['S', 'U'].map((option) => parseTimestamp(options.value(option) ?? '', now));
  if (since !== undefined && until !== undefined && since > until) return '--since= must be before --until=.';
  const level = options.value('p');
  if (level !== undefined) {
    const range = priorities(level);
    if (range === undefined) return `Unknown log level ${level}`;
    filters.push(({ priority }) => priority >= range[0] && priority <= range[1]);
  }
  const units = options.values('u');
  if (units.length > 0) {
    const names = units.flatMap((unit) => {
      if (!/[*?[]/.test(unit)) return [manager.unit(mangle(unit)).name, mangle(unit)];
      const pattern = globToRegExp(unit);
      return manager.units
        .map(({ name }) => name)
        .filter((name) => pattern.test(name) || pattern.test(name.replace(/\.service$/, '')));
    });
    const own = new Set(entriesOfUnit(manager.journal.entries, names));
    const wanted = new Set(names);
    filters.push(
      (entry) =>
        own.has(entry) ||
        (entry.source.unit !== undefined && wanted.has(entry.source.unit)) ||
        wanted.has(entry.about ?? ''),
    );
  }
  const identifiers = options.values('t');
  if (identifiers.length > 0) filters.push(({ identifier }) => identifiers.includes(identifier));
  const pattern = options.value('g');
  if (pattern !== undefined) {
    const insensitive = pattern === pattern.toLowerCase();
    const expression = new RegExp(pattern, insensitive ? 'i' : '');
    filters.push(({ message }) => expression.test(message));
  }
  if (options.has('k')) filters.push(({ source }) => source.transport === 'kernel');
  const matches = new Map<string, string[]>();
  for (const operand of options.operands) {
    if (operand === '+') continue;
    const equals = operand.indexOf('=');
    if (operand.startsWith('/')) matches.set('_EXE', [...(matches.get('_EXE') ?? []), operand]);
    else if (equals < 1) return `Failed to add match '${operand}': Invalid argument`;
    else {
      const name = operand.slice(0, equals);
      matches.set(name, [...(matches.get(name) ?? []), operand.slice(equals + 1)]);
    }
  }
  for (const [name, values] of matches)
    filters.push((entry) => values.includes(fieldsOf(entry, shown).get(name) ?? ''));
  return filters;
}

/** `-n 20` and `-b -1` take the next word where it looks like theirs. */
function joinOptional(args: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const next = args[index + 1] ?? '';
    const long = arg === '--lines' || arg === '--boot';
    const lines = (/^-[a-zA-Z]*n$/.test(arg) && !arg.startsWith('--')) || arg === '--lines';
    const boot = (/^-[a-zA-Z]*b$/.test(arg) && !arg.startsWith('--')) || arg === '--boot';
    if ((lines && /^(\d+|all)$/.test(next)) || (boot && /^([+-]?\d+|all|[0-9a-f]{32})$/.test(next))) {
      joined.push(long ? `${arg}=${next}` : `${arg}${next}`);
      index++;
    } else joined.push(arg);
  }
  return joined;
}

const HINT =
  "Hint: You are currently not seeing messages from other users and the system.\n      Users in groups 'adm', 'systemd-journal' can see all messages.\n      Pass -q to turn off this notice.\n";

/** journalctl(1). */
export const journalctl: Program = async (process) => {
  const { stdout, stderr } = process;
  process.argv = [process.argv[0] ?? 'journalctl', ...joinOptional(process.args)];
  const options = await systemdOptions(process, 'journalctl', spec);
  if (typeof options === 'number') return options;
  if (options.has('help', 'h')) {
    await stdout.write(help);
    return 0;
  }
  if (options.has('version')) {
    await stdout.write(systemdVersion);
    return 0;
  }
  const fail = async (message: string): Promise<number> => {
    await stderr.write(`${message}\n`);
    return 1;
  };
  const manager = managerOf(process);
  if (manager === undefined) {
    await stderr.write('No journal files were found.\n');
    await stdout.write('-- No entries --\n');
    return 0;
  }
  if (!maySeeJournal(process))
    return fail(`${options.has('q') ? '' : HINT}No journal files were opened due to insufficient permissions.`);
  const { journal } = manager;
  const mode = options.value('o') ?? 'short';
  if (!outputModes.has(mode)) return fail(`Unknown output format '${mode}'.`);
  const id = process.fs.readText('/etc/machine-id');
  const shown: Shown = {
    mode,
    host: process.namespaces.uts.hostname,
    look: lookOf(process),
    bootedAt: manager.startedAt,
    bootId: journal.bootId,
    machineId: id.ok ? id.value.trim() : '',
    hostname: !options.has('no-hostname'),
  };
  const told = await command(process, manager, options, shown);
  if (told !== undefined) return told;
  const boot = options.value('b');
  if (boot !== undefined && !/^[+-]?[01]$|^-0$/.test(boot) && boot !== journal.bootId)
    return fail(`Data from the specified boot (${boot}) is not available: No such boot ID in journal`);
  if (boot === '-1') return fail('Data from the specified boot (-1) is not available: No such boot ID in journal');
  const filters = filtersOf(process, manager, options, shown);
  if (typeof filters === 'string') return fail(filters);
  const keep: Filter = (entry) => filters.every((filter) => filter(entry));
  const follow = options.has('f');
  const all =
    options.has('k') || options.given.length === 0 || !options.has('u') ? merged(process, manager) : journal.entries;
  let entries = all.filter(keep);
  const lines = options.has('n') ? (options.value('n') ?? '10') : undefined;
  const limit =
    lines !== undefined
      ? lines === 'all'
        ? Infinity
        : Number(lines)
      : follow
        ? options.has('no-tail')
          ? Infinity
          : 10
        : options.has('e')
          ? 1000
          : Infinity;
  if (limit !== Infinity) entries = limit === 0 ? [] : entries.slice(-limit);
  if (options.has('r')) entries = [...entries].reverse();
  const fields = options.value('output-fields')?.split(',') ?? [];
  const print = (entry: Entry): string =>
    formatEntry(entry, shown, fields) +
    (options.has('x') && mode.startsWith('short') ? explain(entry, shown.look) : '');
  const text = entries.map(print).join('');
  if (follow) {
    await stdout.write(text);
    return followJournal(process, manager, (entry) => (keep(entry) ? print(entry) : ''));
  }
  const none = entries.length === 0 && !options.has('q') && !/^(json|export)/.test(mode) ? '-- No entries --\n' : '';
  await paged(process, text + none, !options.has('no-pager'), options.has('e') ? 'FRSX +G' : 'FRSX');
  return 0;
};

/** The kernel's lines among the others. */
function merged(process: Process, { journal, startedAt }: Manager): readonly Entry[] {
  const kernel = kernelEntries(process, startedAt);
  if (kernel.length === 0) return journal.entries;
  return [...kernel, ...journal.entries].sort((a, b) => a.time - b.time);
}

/** `-f`: what comes, until somebody ends it. */
async function followJournal(process: Process, { journal }: Manager, print: (entry: Entry) => string): Promise<number> {
  let seen = journal.entries.at(-1)?.sequence ?? 0;
  for (;;) {
    await process.block<void>((wake) => journal.onAppend(wake), { interruptible: true });
    const news = journal.entries.filter(({ sequence }) => sequence > seen);
    seen = news.at(-1)?.sequence ?? seen;
    const text = news.map(print).join('');
    if (text !== '' && !(await process.stdout.write(text)).ok) return 1;
  }
}

/** What is no listing of entries. */
async function command(
  process: Process,
  { journal }: Manager,
  options: Options,
  shown: Shown,
): Promise<number | undefined> {
  const { stdout, stderr, clock } = process;
  const { entries } = journal;
  const folder = `/var/log/journal/${shown.machineId}`;
  if (options.has('list-boots')) {
    const time = (ms: number | undefined): string => strftime('%a %Y-%m-%d %H:%M:%S UTC', ms ?? clock.now);
    const width = ' '.repeat(19);
    await stdout.write(
      `IDX BOOT ID${' '.repeat(26)}FIRST ENTRY${width.slice(2)}LAST ENTRY\n  0 ${journal.bootId} ${time(entries[0]?.time)} ${time(entries.at(-1)?.time)}\n`,
    );
    return 0;
  }
  if (options.has('disk-usage')) {
    await stdout.write('Archived and active journals take up 8.0M in the file system.\n');
    return 0;
  }
  const span = options.value('vacuum-time');
  if (span !== undefined || options.has('vacuum-size', 'vacuum-files')) {
    const at = span === undefined ? undefined : parseTimestamp(`-${span}`, clock.now);
    if (span !== undefined && at === undefined) {
      await stderr.write(`Failed to parse vacuum time: ${span}\n`);
      return 1;
    }
    if (at !== undefined) journal.vacuum(at);
    for (const path of [folder, '/var/log/journal', '/run/log/journal'])
      await stderr.write(`Vacuuming done, freed 0B of archived journals from ${path}.\n`);
    return 0;
  }
  if (options.has('sync', 'flush', 'rotate')) return 0;
  if (options.has('verify')) {
    await stderr.write(`PASS: ${folder}/system.journal\n`);
    return 0;
  }
  const field = options.value('F');
  if (field !== undefined || options.has('N')) {
    const found = new Set<string>();
    for (const entry of entries)
      for (const [name, value] of fieldsOf(entry, shown))
        if (field === undefined) found.add(name);
        else if (name === field) found.add(value);
    await stdout.write([...found].map((text) => `${text}\n`).join(''));
    return 0;
  }
  return undefined;
}
