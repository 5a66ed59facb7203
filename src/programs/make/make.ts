import type { Process, Program } from '../../linux/process/types';
import { addBuiltins } from './builtin';
import { expand } from './expand';
import { globbed } from './files';
import { parseAssignment } from './lines';
import { makeFlags, noFlags, type Flags } from './flags';
import { updateGoals } from './goals';
import { remakeMakefiles, removeIntermediates } from './makefiles';
import { parseArguments } from './options';
import { evaluate, readMakefile } from './parse';
import { fatal, Stop, targetNamed, type Make } from './state';
import { usage, version } from './texts';
import { assign, Scope } from './variables';
import { words } from './words';

/** GNU make 4.3. */
export const make: Program = async (process) => {
  const level = Number(process.env.get('MAKELEVEL') ?? '0') || 0;
  const name = level === 0 ? 'make' : `make[${level}]`;
  const flags = noFlags(level);
  inherit(flags, process.env.get('MAKEFLAGS') ?? '');
  const trouble = parseArguments(flags, process.args);
  if (trouble !== undefined) {
    await process.stderr.write(`${trouble.startsWith('the ') ? name : 'make'}: ${trouble}\n${usage}`);
    return 2;
  }
  if (flags.early !== undefined) {
    await process.stdout.write(flags.early === 'help' ? usage : version);
    return 0;
  }
  for (const directory of flags.directories) {
    const path = directory.startsWith('/') ? directory : `${process.cwd}/${directory}`;
    const real = process.fs.realpath(path);
    const stat = process.fs.stat(path);
    if (!real.ok || (stat.ok && stat.value.type !== 'directory')) {
      const why = real.ok ? 'Not a directory' : real.error.message;
      await process.stderr.write(`${name}: *** ${directory}: ${why}.  Stop.\n`);
      return 2;
    }
    process.cwd = real.value;
  }
  const implied = (level > 0 || flags.directories.length > 0) && !flags.silent && flags.printDirectory === undefined;
  if (implied) flags.printDirectory = true;
  const tell = async (word: string): Promise<void> => {
    if (flags.printDirectory === true) await process.stdout.write(`${name}: ${word} directory '${process.cwd}'\n`);
  };
  await tell('Entering');
  const status = await guarded(process, () => restarting(process, name, flags));
  await tell('Leaving');
  return status;
};

/** A Stop ends make; whatever else is thrown is not ours. */
async function guarded(process: Process, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    if (error.text !== undefined) await process.stderr.write(error.text);
    return error.status;
  }
}

/** MAKEFLAGS: letters first, then options, then `-- VAR=x`. */
function inherit(flags: Flags, text: string): void {
  if (text.trim() === '') return;
  const given = text.match(/(?:\\[^]|\S)+/g) ?? [];
  const args = given.map((word) => word.replace(/\\([^])/g, '$1'));
  const [first = ''] = args;
  if (!text.startsWith(' ') && !first.startsWith('-') && !first.includes('=')) args[0] = `-${first}`;
  const end = args.indexOf('--');
  parseArguments(flags, end < 0 ? args : [...args.slice(0, end), ...args.slice(end + 1)]);
  flags.goals.length = 0;
}

/** Reads and makes; from the start again where a makefile was remade. */
async function restarting(process: Process, name: string, flags: Flags): Promise<number> {
  for (let restarts = 0; ; restarts++) {
    const made = await started(process, name, flags, restarts);
    const status = await run(made, restarts);
    if (status !== 'again') return status;
  }
}

async function started(process: Process, name: string, flags: Flags, restarts: number): Promise<Make> {
  const state: Make = {
    process,
    name,
    flags,
    globals: new Scope(),
    targets: new Map(),
    patterns: [],
    patternSettings: [],
    makefiles: [],
    suffixes: [],
    defaultGoal: '',
    exportAll: false,
    place: undefined,
    variablePlace: undefined,
    started: 0,
    jobs: 0,
    waiting: [],
    intermediates: [],
    remaking: undefined,
    broken: false,
    expanding: Promise.resolve(),
  };
  const { globals } = state;
  addBuiltins(state);
  const origin = flags.environmentOverrides ? 'environment override' : 'environment';
  for (const [key, value] of process.env) {
    // The user's shell is not make's.
    if (key !== 'SHELL' && key !== 'MAKELEVEL' && key !== 'MAKEFLAGS') globals.set(key, value, origin, true);
  }
  globals.set('CURDIR', process.cwd, 'file');
  globals.set('MAKELEVEL', String(flags.level), 'environment');
  globals.set('MAKECMDGOALS', flags.goals.join(' '), 'default');
  globals.set('MAKE_RESTARTS', restarts === 0 ? '' : String(restarts), 'environment');
  for (const text of flags.variables) {
    const found = parseAssignment(text);
    if (found !== undefined) await assign(state, globals, { ...found, origin: 'command line', place: undefined });
  }
  const given = flags.variables.map((text) => text.replace(/[\\ \t\n]/g, '\\$&')).join(' ');
  globals.set('MAKEOVERRIDES', given, 'environment');
  const letters = makeFlags(flags);
  globals.set('MAKEFLAGS', given === '' ? letters : `${letters} -- ${given}`, 'environment');
  globals.set(
    'MFLAGS',
    letters === '' ? '' : letters.startsWith(' ') ? letters.slice(1) : `-${letters}`,
    'environment',
  );
  return state;
}

async function run(state: Make, restarts: number): Promise<number | 'again'> {
  const { process, flags } = state;
  for (const text of flags.evals) await evaluate(state, text, undefined);
  const named = flags.makefiles.length > 0 ? flags.makefiles : ['GNUmakefile', 'makefile', 'Makefile'];
  for (const file of named) {
    if (file === '-') await evaluate(state, await process.stdin.text(), { file: '', line: 1 });
    else if (await readMakefile(state, file))
      state.makefiles.unshift({ name: file, missing: undefined, optional: false });
    else if (flags.makefiles.length > 0) {
      await process.stderr.write(`${state.name}: ${file}: No such file or directory\n`);
      state.makefiles.unshift({ name: file, missing: { file: '', line: 0 }, optional: false });
    } else continue;
    if (flags.makefiles.length === 0) break;
  }
  if ((await remakeMakefiles(state)) && restarts < 10) return 'again';
  let goals = flags.goals;
  if (goals.length === 0) {
    const goal = state.globals.get('.DEFAULT_GOAL')?.value ?? '';
    goals = words(await expand(state, goal, state.globals));
    if (goals.length > 1) fatal(state, undefined, '.DEFAULT_GOAL contains more than one target');
  }
  if (goals.length === 0) {
    const none = state.makefiles.length === 0;
    fatal(state, undefined, none ? 'No targets specified and no makefile found' : 'No targets');
  }
  const targets = globbed(state, goals).map((goal) => targetNamed(state, goal));
  for (const target of targets) target.mentioned = true;
  const outcome = await updateGoals(state, targets).finally(() => removeIntermediates(state));
  return outcome === 'ok' ? 0 : outcome === 'question' ? 1 : 2;
}
