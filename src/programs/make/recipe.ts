import type { Child, WaitStatus } from '../../linux/process/types';
import { commandArguments } from './argv';
import { expand, valueOf } from './expand';
import { missing, mtimeOf } from './files';
import {
  complain,
  exclusively,
  prefix,
  special,
  tellMissing,
  type Make,
  type Outcome,
  type Place,
  type Recipe,
  type Target,
} from './state';
import { environment, type Scope } from './variables';
import { words } from './words';

interface Line {
  readonly text: string;
  readonly place: Place | undefined;
  readonly silent: boolean;
  readonly ignore: boolean;
  /** Runs even with -n, -q and -t: `+`, or it calls $(MAKE). */
  readonly always: boolean;
}

/** Lines that a line goes on with after a backslash are one. */
export const chop = (recipe: Recipe): string[] => recipe.lines.flatMap((line) => line.split(/(?<!\\)\n/));

const marks = (text: string): string => /^[-@+ \t]*/.exec(text)?.[0] ?? '';
const isRecursive = (text: string): boolean => marks(text).includes('+') || /\$(?:\(MAKE\)|\{MAKE\})/.test(text);

/** All lines expanded, which comes before the first of them runs (new_job of job.c). */
async function prepare(make: Make, target: Target, recipe: Recipe, scope: Scope): Promise<Line[]> {
  const lines: Line[] = [];
  const outer = make.place;
  const whole = special(make, '.ONESHELL');
  const raw = whole ? [chop(recipe).join('\n')] : chop(recipe);
  for (const [index, one] of raw.entries()) {
    const place = recipe.place === undefined ? undefined : { ...recipe.place, line: recipe.place.line + index };
    make.place = place;
    const expanded = await expand(make, one, scope);
    const pieces = whole ? [oneShell(expanded)] : expanded.split(/(?<!\\)\n/);
    for (const piece of pieces) {
      const all = marks(one) + marks(piece);
      lines.push({
        text: piece.slice(marks(piece).length),
        place,
        silent: all.includes('@') || special(make, '.SILENT', target),
        ignore: all.includes('-') || make.flags.ignore || special(make, '.IGNORE', target),
        always: all.includes('+') || isRecursive(one),
      });
    }
  }
  make.place = outer;
  return lines;
}

/** A POSIX shell gets the script without the marks of its lines; the first line's count for all. */
function oneShell(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return [first, ...rest.map((line) => line.slice(marks(line).length))].join('\n');
}

/** Runs a target's recipe (execute_file_commands of commands.c). */
export async function runRecipe(make: Make, target: Target, recipe: Recipe, scope: Scope): Promise<Outcome> {
  const { flags } = make;
  const lines = await exclusively(make, () => prepare(make, target, recipe, scope));
  if (flags.touch && !lines.some(({ always }) => always)) return touch(make, target);
  const work = lines.filter(({ text }) => text.trim() !== '');
  if (work.length === 0) return 'ok';
  await slot(make);
  // Somebody failed meanwhile: nothing new begins.
  const broken = make.broken;
  try {
    if (broken) return 'failed';
    for (const line of work) {
      if (flags.question && !line.always) return 'question';
      if (flags.touch && !line.always) continue;
      const outcome = await runLine(make, target, line, scope);
      if (outcome !== 'ok') return outcome;
    }
    return 'ok';
  } finally {
    make.jobs--;
    make.waiting.shift()?.();
  }
}

/** Waits for a place among the jobs. */
async function slot(make: Make): Promise<void> {
  while (make.jobs >= make.flags.jobs)
    await make.process.block<void>((wake) => {
      make.waiting.push(wake);
      return () => undefined;
    });
  make.jobs++;
}

async function runLine(make: Make, target: Target, line: Line, scope: Scope): Promise<Outcome> {
  const { process, flags } = make;
  if (flags.just || (!line.silent && !flags.silent)) await process.stdout.write(`${line.text}\n`);
  make.started++;
  const shell = await valueOf(make, 'SHELL', scope);
  const shellFlags = words(await valueOf(make, '.SHELLFLAGS', scope));
  const argv =
    special(make, '.ONESHELL') && line.text.includes('\n')
      ? [shell, ...shellFlags, line.text]
      : commandArguments(line.text, shell, shellFlags);
  if (argv === undefined || line.text === ':' || (flags.just && !line.always)) return 'ok';
  const [name = ''] = argv;
  const env = await exclusively(make, () => environment(make, scope));
  const file = name.includes('/') ? name : process.which(name);
  const child = file === undefined ? undefined : process.spawn({ file, argv, env });
  let status: WaitStatus = { kind: 'exited', code: 127 };
  if (child?.ok === true) status = await ended(child.value);
  else {
    await complain(make, `${name}: ${child === undefined ? 'No such file or directory' : child.error.message}`);
  }
  if (status.kind === 'exited' && status.code === 0) return 'ok';
  return failed(make, target, line, status);
}

const ended = (child: Child): Promise<WaitStatus> => child.wait();

/** strsignal(3) */
const signals: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGABRT: 'Aborted',
  SIGKILL: 'Killed',
  SIGSEGV: 'Segmentation fault',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
  SIGUSR1: 'User defined signal 1',
  SIGUSR2: 'User defined signal 2',
};

async function failed(make: Make, target: Target, line: Line, status: WaitStatus): Promise<Outcome> {
  if (make.flags.question && status.kind === 'exited' && status.code === 1) return 'question';
  // A makefile that may be missing fails without a word.
  if (make.remaking?.optional === true && !line.ignore) return 'failed';
  if (!line.ignore) await tellMissing(make);
  const what =
    status.kind === 'exited'
      ? `Error ${status.code}`
      : status.kind === 'signaled'
        ? (signals[status.signal] ?? status.signal)
        : 'Stopped';
  const where = line.place === undefined ? '<builtin>' : `${line.place.file}:${line.place.line}`;
  const stars = line.ignore ? '' : '*** ';
  await make.process.stderr.write(
    `${prefix(make, undefined)}${stars}[${where}: ${target.name}] ${what}${line.ignore ? ' (ignored)' : ''}\n`,
  );
  if (line.ignore) return 'ok';
  await deleteFailed(make, target, status);
  if (!make.flags.keepGoing && !make.broken) {
    make.broken = true;
    if (make.jobs > 1) await complain(make, '*** Waiting for unfinished jobs....');
  }
  return 'failed';
}

/** With .DELETE_ON_ERROR, or after a signal, no half-made target is left. */
async function deleteFailed(make: Make, target: Target, status: WaitStatus): Promise<void> {
  if (!special(make, '.DELETE_ON_ERROR') && status.kind !== 'signaled') return;
  for (const one of [target, ...target.alsoMake]) {
    if (one.precious || one.phony) continue;
    const before = mtimeOf(make, one);
    const now = make.process.fs.stat(one.name);
    if (!now.ok || now.value.type !== 'file' || (before !== missing && now.value.mtime === before)) continue;
    await make.process.stderr.write(`${make.name}: *** Deleting file '${one.name}'\n`);
    make.process.fs.unlink(one.name);
  }
}

async function touch(make: Make, target: Target): Promise<Outcome> {
  if (target.phony) return 'ok';
  const { process, flags } = make;
  if (!flags.silent) await process.stdout.write(`touch ${target.name}\n`);
  make.started++;
  if (flags.just) return 'ok';
  const now = process.clock.now;
  if (!process.fs.stat(target.name).ok) process.fs.writeFile(target.name, '');
  process.fs.utimes(target.name, now, now);
  return 'ok';
}
