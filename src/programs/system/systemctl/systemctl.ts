import type { Program } from '../../../linux/process/types';
import type { OptionSpec } from '../../toolkit/options';
import { lookOf, managerOf, notBooted, paged, systemdOptions, systemdVersion } from '../systemd';
import { exists, mangle, mayManage, unitsOf, type Context } from './context';
import { cat, changeFiles, defaultTarget, isEnabled, setDefault } from './files';
import { help } from './help';
import { kill, namesFor, runJobs } from './jobs';
import { listDependencies, listSockets, listTimers, listUnitFiles, listUnits, wantedTypes } from './list';
import { show } from './show';
import { nameOfPid, systemStatus, unitStatus } from './status';

const spec: OptionSpec = {
  short: 'ht:p:P:alo:n:qs:fH:M:riT',
  long: {
    'type:': 't',
    'state:': 'state',
    failed: 'failed',
    'property:': 'p',
    value: 'value',
    all: 'a',
    full: 'l',
    reverse: 'reverse',
    recursive: 'r',
    'output:': 'o',
    'lines:': 'n',
    quiet: 'q',
    'signal:': 's',
    'kill-whom:': 'kill-whom',
    'kill-who:': 'kill-whom',
    force: 'f',
    now: 'now',
    'no-pager': 'no-pager',
    'no-legend': 'no-legend',
    'legend:': 'legend',
    'no-block': 'no-block',
    'no-reload': 'no-reload',
    'no-ask-password': 'no-ask-password',
    'no-wall': 'no-wall',
    'no-warn': 'no-warn',
    wait: 'wait',
    system: 'system',
    user: 'user',
    global: 'global',
    runtime: 'runtime',
    plain: 'plain',
    'root:': 'root',
    'host:': 'H',
    'machine:': 'M',
    'job-mode:': 'job-mode',
    'preset-mode:': 'preset-mode',
    'show-types': 'show-types',
    'show-transaction': 'T',
    after: 'after',
    before: 'before',
    'timestamp:': 'timestamp',
    'check-inhibitors:': 'check-inhibitors',
    'with-dependencies': 'with-dependencies',
    'dry-run': 'dry-run',
  },
};

type Verb = (context: Context, operands: readonly string[], verb: string) => Promise<number>;

const print =
  (make: (context: Context, operands: readonly string[]) => string): Verb =>
  async (context, operands) => {
    await out(context, make(context, operands));
    return 0;
  };

const out = ({ process, options }: Context, text: string): Promise<void> =>
  paged(process, text, !options.has('no-pager'), 'FRSX');

/** is-active and is-failed: the state of each, and whether one of them is it. */
const is =
  (good: readonly string[], bad: number): Verb =>
  async (context, operands) => {
    let found = false;
    for (const unit of unitsOf(context, operands)) {
      if (!context.options.has('q')) await context.process.stdout.write(`${unit.active}\n`);
      found ||= good.includes(unit.active);
    }
    return found ? 0 : bad;
  };

const status: Verb = async (context, operands) => {
  const { manager, process, options } = context;
  if (operands.length === 0) {
    const all = options.has('a') || options.has('t') ? listed(context) : undefined;
    await out(context, all ?? systemStatus(context));
    return 0;
  }
  let code = 0;
  const parts: string[] = [];
  const names = operands.flatMap((operand) =>
    /[*?[]/.test(operand) ? namesFor(context, [operand]) : [nameOfPid(context, operand)],
  );
  for (const name of names) {
    const unit = manager.unit(name);
    if (!exists(unit) && unit.active === 'inactive') {
      await process.stderr.write(`Unit ${name} could not be found.\n`);
      code = 4;
      continue;
    }
    parts.push(unitStatus(context, unit));
    if (unit.active !== 'active' && unit.active !== 'reloading' && code === 0) code = 3;
  }
  await out(context, parts.join('\n'));
  return code;
};

const listed = (context: Context): string =>
  context.manager.units
    .filter(({ type }) => wantedTypes(context).types.length === 0 || wantedTypes(context).types.includes(type))
    .map((unit) => unitStatus(context, unit))
    .join('\n');

const jobs: Verb = (context, operands, verb) => runJobs(context, verb, operands);
const files: Verb = (context, operands, verb) => changeFiles(context, verb, operands);

const daemonReload: Verb = async (context) => {
  if (!mayManage(context)) {
    await context.error('Reload daemon failed: Interactive authentication required.');
    return 1;
  }
  context.manager.reload();
  return 0;
};

const list: Verb = async (context, operands) => {
  const { error } = wantedTypes(context);
  if (error !== undefined) {
    await context.error(error);
    return 1;
  }
  await out(context, listUnits(context, operands));
  return 0;
};

const notHere =
  (message: string): Verb =>
  async (context) => {
    await context.error(message);
    return 1;
  };

/** Verbs, and how many operands they need. */
const verbs: Readonly<Record<string, readonly [run: Verb, least: number]>> = {
  'list-units': [list, 0],
  'list-unit-files': [print(listUnitFiles), 0],
  'list-sockets': [print(listSockets), 0],
  'list-timers': [print(listTimers), 0],
  'list-jobs': [print(() => 'No jobs running.\n'), 0],
  'list-dependencies': [
    print((context, [name]) => listDependencies(context, mangle(name ?? defaultTarget(context)))),
    0,
  ],
  status: [status, 0],
  show: [print((context, operands) => show(context, unitsOf(context, operands))), 0],
  cat: [
    async (context, operands) => {
      const text = await cat(context, operands);
      if (typeof text === 'number') return text;
      await out(context, text);
      return 0;
    },
    1,
  ],
  'is-active': [is(['active', 'reloading'], 3), 1],
  'is-failed': [is(['failed'], 1), 1],
  'is-enabled': [isEnabled, 1],
  'is-system-running': [
    async ({ manager, process }) => {
      const failed = manager.units.some(({ active }) => active === 'failed');
      await process.stdout.write(failed ? 'degraded\n' : 'running\n');
      return failed ? 1 : 0;
    },
    0,
  ],
  'get-default': [print((context) => `${defaultTarget(context)}\n`), 0],
  'set-default': [(context, [target = '']) => setDefault(context, target), 1],
  'daemon-reload': [daemonReload, 0],
  'daemon-reexec': [daemonReload, 0],
  'reset-failed': [
    async (context, operands) => {
      const units = operands.length === 0 ? context.manager.units : unitsOf(context, operands);
      for (const unit of units) context.manager.service(unit.name)?.resetFailed();
      return 0;
    },
    0,
  ],
  kill: [kill, 1],
  isolate: [jobs, 1],
  help: [
    notHere(
      "'help' command expects one or more unit names.\n(Alternatively, help for systemctl itself may be shown with --help)",
    ),
    0,
  ],
  edit: [notHere('Cannot edit units if not on a tty.'), 1],
  ...Object.fromEntries(
    'start stop restart reload try-restart condrestart reload-or-restart try-reload-or-restart force-reload'
      .split(' ')
      .map((verb) => [verb, [jobs, 1]] as const),
  ),
  ...Object.fromEntries('enable disable reenable mask unmask'.split(' ').map((verb) => [verb, [files, 1]] as const)),
};

/** systemctl(1). */
export const systemctl: Program = async (process) => {
  const options = await systemdOptions(process, 'systemctl', spec);
  if (typeof options === 'number') return options;
  if (options.has('help', 'h')) {
    await process.stdout.write(help);
    return 0;
  }
  if (options.has('version')) {
    await process.stdout.write(systemdVersion);
    return 0;
  }
  const error = async (message: string): Promise<void> => {
    await process.stderr.write(`${message}\n`);
  };
  const [verb = 'list-units', ...operands] = options.operands;
  const known = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (known === undefined) {
    await error(`Unknown command verb ${verb}.`);
    return 1;
  }
  const [run, least] = known;
  if (operands.length < least) {
    await error('Too few arguments.');
    return 1;
  }
  const manager = managerOf(process);
  if (manager === undefined) return notBooted(process);
  return run({ process, manager, options, look: lookOf(process), operands, error }, operands, verb);
};
