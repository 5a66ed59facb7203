import type { Host } from '../host';
import type { OpenFile } from '../io/open-file';
import { parseLimit, serviceLimits, type Limit, type LimitTable, type Resource } from '../process/rlimits';
import type { Child, Credentials, Process } from '../process/types';
import type { Journal, Source } from './journal';
import { namesOf, valueOf, valuesOf, type Definition } from './unit-file';
import { expandArguments, expandSpecifiers, splitWords, type Command } from './words';

/** What starting a unit's processes needs of the manager. */
export interface Runner {
  readonly host: Host;
  readonly journal: Journal;
}

export interface Started {
  readonly child: Child;
  readonly pid: number;
  /** As `systemctl status` shows it. */
  readonly text: string;
}

/** A failure before the program runs: the statuses of exit-status.h. */
interface Refusal {
  readonly status: number;
  readonly step: string;
  readonly reason: string;
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment that a unit's processes get. */
export function environmentOf(
  { host }: Runner,
  definition: Definition,
  more: Readonly<Record<string, string>>,
): Map<string, string> {
  const env = new Map([['LANG', 'C.UTF-8'], ['PATH', path], ...Object.entries(more)]);
  const assign = (text: string): void => {
    const equals = text.indexOf('=');
    if (equals > 0) env.set(text.slice(0, equals), text.slice(equals + 1));
  };
  for (const value of valuesOf(definition, 'Service', 'Environment'))
    for (const word of splitWords(expandSpecifiers(value, definition.name, host.name))) assign(word);
  for (const file of valuesOf(definition, 'Service', 'EnvironmentFile')) {
    const text = host.fs.readText(expandSpecifiers(file.replace(/^-/, ''), definition.name, host.name));
    if (!text.ok) continue;
    for (const line of text.value.split('\n')) {
      const match = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
      if (match !== null) env.set(match[1] ?? '', splitWords(match[2] ?? '').join(' '));
    }
  }
  return env;
}

/** Starts one command of a unit as a child of PID 1 in the unit's cgroup. */
export function startCommand(
  runner: Runner,
  definition: Definition,
  {
    cgroup,
    command,
    env,
    invocation,
  }: {
    readonly cgroup: string;
    readonly command: Command;
    readonly env: Map<string, string>;
    readonly invocation: string;
  },
): Started | undefined {
  const { host, journal } = runner;
  const expand = (text: string): string => expandSpecifiers(text, definition.name, host.name);
  const argv = expandArguments(command.argv.map(expand), env);
  const file = expand(command.path);
  const comm = (file.split('/').at(-1) ?? file).slice(0, 15);
  const user = command.privileged ? undefined : credentialsOf(host, definition);
  let process: Process | undefined;
  const source = (): Source => ({
    pid: process?.pid ?? 0,
    uid: process?.credentials.uid ?? 0,
    gid: process?.credentials.gid ?? 0,
    comm,
    exe: file,
    cmdline: argv.join(' '),
    unit: definition.name,
    cgroup,
    invocation,
    transport: 'stdout',
  });
  const identifier = valueOf(definition, 'Service', 'SyslogIdentifier') ?? comm;
  const stream = journal.stream(() => identifier, source, host.kernel.nextInode());
  const folder = valueOf(definition, 'Service', 'WorkingDirectory')?.replace(/^-/, '');
  const refusal = refusalOf(host, file, folder, user);
  const common = {
    argv: argv.length === 0 ? [file] : argv,
    env,
    cwd: folder === undefined ? '/' : expand(folder === '~' ? '/root' : folder),
    newSession: true,
    cgroup,
    limits: limitsOf(host, definition),
    fds: streamsOf(host, definition, stream),
    ...(user === undefined || typeof user === 'string' ? {} : { user }),
  };
  const text = argv.join(' ');
  if (refusal === undefined) {
    const spawned = host.spawn({ file: found(host, file) ?? file, ...common });
    if (spawned.ok) {
      process = spawned.value.process;
      return { child: spawned.value, pid: spawned.value.pid, text };
    }
    if (spawned.error.code === 'EAGAIN') return undefined;
    return fails(
      runner,
      definition,
      common,
      source,
      { status: 203, step: 'EXEC', reason: spawned.error.message },
      file,
    );
  }
  const { user: _, ...unprivileged } = { user: undefined, ...common };
  return fails(runner, definition, { ...unprivileged, cwd: '/' }, source, refusal, file);
}

/** systemd forks first and fails in the child: it has a pid and says why. */
function fails(
  { host, journal }: Runner,
  { name }: Definition,
  options: Omit<Parameters<Host['spawn']>[0], 'file'>,
  source: () => Source,
  { status, step, reason }: Refusal,
  file: string,
): Started | undefined {
  const comm = `(${(file.split('/').at(-1) ?? file).slice(0, 8)})`;
  const spawned = host.spawn({
    ...options,
    file: async ({ pid }) => {
      const say = (priority: number, message: string): void =>
        journal.append({
          priority,
          identifier: comm,
          message: `${name}: ${message}`,
          source: { ...source(), pid, comm, transport: 'journal' },
          about: name,
        });
      if (step === 'EXEC' && reason === 'No such file or directory')
        say(4, `Failed to locate executable ${file}: ${reason}`);
      if (step === 'CHDIR') say(3, `Changing to the requested working directory failed: ${reason}`);
      if (step === 'USER') say(3, `Failed to determine user credentials: ${reason}`);
      say(3, `Failed at step ${step} spawning ${file}: ${reason}`);
      return status;
    },
  });
  if (!spawned.ok) return undefined;
  return { child: spawned.value, pid: spawned.value.pid, text: options.argv.join(' ') };
}

/** A name without a slash is looked for in the fixed path (systemd.service(5)). */
function found(host: Host, file: string): string | undefined {
  if (file.includes('/')) return file;
  return path
    .split(':')
    .map((folder) => `${folder}/${file}`)
    .find((candidate) => host.fs.stat(candidate).ok);
}

function refusalOf(
  host: Host,
  file: string,
  folder: string | undefined,
  user: Credentials | string | undefined,
): Refusal | undefined {
  if (typeof user === 'string') return { status: 217, step: 'USER', reason: 'No such process' };
  if (folder !== undefined && folder !== '~' && !host.fs.stat(folder).ok)
    return { status: 200, step: 'CHDIR', reason: 'No such file or directory' };
  const at = found(host, file);
  if (at === undefined || !host.fs.stat(at).ok)
    return { status: 203, step: 'EXEC', reason: 'No such file or directory' };
  return undefined;
}

/** LimitNOFILE= and its like. */
function limitsOf(host: Host, definition: Definition): LimitTable {
  const usual = serviceLimits(host.memory);
  const own: Partial<Record<Resource, Limit>> = {};
  for (const resource of Object.keys(usual) as Resource[]) {
    const given = parseLimit(valueOf(definition, 'Service', `Limit${resource}`) ?? '');
    if (given !== undefined) own[resource] = given;
  }
  return Object.keys(own).length === 0 ? usual : { ...usual, ...own };
}

/** User= and Group=; a text names who does not exist. */
function credentialsOf({ fs }: Host, definition: Definition): Credentials | string | undefined {
  const name = valueOf(definition, 'Service', 'User');
  const groupName = valueOf(definition, 'Service', 'Group');
  if ((name === undefined || name === '') && (groupName === undefined || groupName === '')) return undefined;
  const records = (file: string): readonly (readonly string[])[] => {
    const text = fs.readText(file);
    return text.ok ? text.value.split('\n').map((line) => line.split(':')) : [];
  };
  const record = records('/etc/passwd').find(([login, , uid]) => login === (name ?? 'root') || uid === name);
  if (record === undefined) return name ?? '';
  const groups = records('/etc/group');
  const group = groups.find(([label, , gid]) => label === groupName || gid === groupName);
  const gid = Number(group?.[2] ?? record[3]);
  const more = groups
    .filter(([, , , members]) => members?.split(',').includes(record[0] ?? ''))
    .map(([, , number]) => Number(number));
  for (const extra of namesOf(definition, 'Service', 'SupplementaryGroups')) {
    const listed = groups.find(([label]) => label === extra)?.[2];
    if (listed !== undefined) more.push(Number(listed));
  }
  return { uid: Number(record[2]), gid, groups: [gid, ...more] };
}

function streamsOf(host: Host, definition: Definition, journal: OpenFile): ReadonlyMap<number, OpenFile> {
  const files = new Map<number, OpenFile>();
  const empty = host.fs.open('/dev/null', { read: true, write: true });
  if (empty.ok) files.set(0, empty.value);
  const input = /^file:(.*)$/.exec(valueOf(definition, 'Service', 'StandardInput') ?? '')?.[1];
  if (input !== undefined) {
    const opened = host.fs.open(input, { read: true });
    if (opened.ok) files.set(0, opened.value);
  }
  const outputOf = (spec: string): OpenFile => {
    if (spec === 'null' && empty.ok) return empty.value;
    const [, mode, target] = /^(file|append|truncate):(.*)$/.exec(spec) ?? [];
    if (target === undefined) return journal;
    const opened = host.fs.open(target, {
      write: true,
      create: true,
      append: mode === 'append',
      truncate: mode === 'truncate',
      mode: 0o644,
    });
    return opened.ok ? opened.value : journal;
  };
  const output = outputOf(valueOf(definition, 'Service', 'StandardOutput') ?? 'journal');
  files.set(1, output);
  const error = valueOf(definition, 'Service', 'StandardError') ?? 'inherit';
  files.set(2, error === 'inherit' ? output : outputOf(error));
  return files;
}
