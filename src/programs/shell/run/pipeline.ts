import type { AndOr, CommandNode, Pipeline, Statement } from 'unbash';
import type { OpenFile } from '../../../linux/io/open-file';
import type { Child, SignalName } from '../../../linux/process/types';
import { Job } from '../jobs/table';
import type { CommandOptions, Shell } from '../shell';
import { forkWaiting } from './fork';
import { errorText } from './io';
import { openPath, type Overlay } from './redirect';
import { timed } from './time';
import { afterFailure, runTrap } from './traps';
import { pipelineStatus, reap, waitForeground } from './wait';

/** A pipeline with `time` and `!` before it. */
export async function runPipeline(shell: Shell, node: Pipeline, options: CommandOptions): Promise<number> {
  const time = node.prefixes.find(({ type }) => type === 'Time');
  if (time?.type === 'Time') return timed(shell, time.posix !== undefined, () => negatable(shell, node, {}));
  return negatable(shell, node, options);
}

async function negatable(shell: Shell, node: Pipeline, options: CommandOptions): Promise<number> {
  const negated = node.prefixes.filter(({ type }) => type === 'Negation').length;
  if (negated === 0) return pipeline(shell, node, options);
  const { tested, negated: outer } = shell;
  shell.tested = tested + 1;
  shell.negated = tested;
  try {
    const status = await pipeline(shell, node, {});
    // PIPESTATUS keeps what `!` turns round.
    shell.pipeStatuses ??= [status];
    shell.status = negated % 2 === 1 ? (status === 0 ? 1 : 0) : status;
  } finally {
    shell.tested = tested;
    shell.negated = outer;
  }
  return shell.status;
}

async function pipeline(shell: Shell, node: Pipeline, options: CommandOptions): Promise<number> {
  const [only, second] = node.commands;
  if (only === undefined) return 0;
  if (second === undefined) return shell.interpreter.command(shell, only, options);
  const text = sourceText(shell, node);
  const job = new Job(undefined, text, false);
  const lastHere = shell.options.on('lastpipe') && !shell.jobControl;
  if (shell.traps.has('DEBUG')) {
    for (const each of node.commands) {
      if (each.type !== 'Command') continue;
      shell.position = each.pos;
      await runTrap(shell, 'DEBUG');
    }
  }
  const input = await startParts(shell, node, job, { foreground: shell.jobControl, lastHere });
  if (!lastHere) shell.status = await waitForeground(shell, job);
  else {
    const last = await lastPart(shell, node, input);
    await waitForeground(shell, job).catch((error: unknown) => {
      throw error;
    });
    const firsts = job.processes.map(({ status }) => (status?.kind === 'exited' ? status.code : 0));
    shell.status = pipelineStatus(shell, [...firsts, last]);
  }
  if (shell.status !== 0) await afterFailure(shell);
  return shell.status;
}

/** `shopt -s lastpipe`: the last part runs in this shell. */
async function lastPart(shell: Shell, node: Pipeline, input: OpenFile | undefined): Promise<number> {
  const last = node.commands.at(-1);
  if (last === undefined) return 0;
  const { fds } = shell.process;
  const before = fds.get(0);
  const keeper = before === undefined ? undefined : fds.install(before, 10);
  if (keeper !== undefined) shell.privateFds.add(keeper);
  if (input !== undefined) {
    fds.set(0, input);
    input.release();
  }
  try {
    return await shell.interpreter.command(shell, last);
  } finally {
    const file = keeper === undefined ? undefined : fds.get(keeper);
    if (file !== undefined) fds.set(0, file);
    if (keeper !== undefined) {
      fds.close(keeper);
      shell.privateFds.delete(keeper);
    }
  }
}

interface StartOptions {
  readonly foreground?: boolean;
  readonly lastHere?: boolean;
  readonly ignored?: readonly SignalName[];
  /** Standard input of the first part. */
  readonly input?: OpenFile;
}

/** Forks the parts of a pipeline, all before any of them runs on; the first one leads the process group. */
async function startParts(
  shell: Shell,
  node: Pipeline,
  job: Job,
  options: StartOptions,
): Promise<OpenFile | undefined> {
  const { foreground = false, lastHere = false, ignored } = options;
  const { commands, operators } = node;
  let input: OpenFile | undefined = options.input;
  input?.retain();
  const started: Child[] = [];
  for (const [index, command] of commands.entries()) {
    const last = index === commands.length - 1;
    if (last && lastHere) return input;
    const overlay: Overlay = new Map();
    if (input !== undefined) overlay.set(0, input);
    const pipe = last ? undefined : shell.process.pipe();
    pipe?.read.retain();
    pipe?.write.retain();
    if (pipe !== undefined) {
      overlay.set(1, pipe.write);
      if (operators[index] === '|&') overlay.set(2, pipe.write);
    }
    const group = shell.jobControl ? (started[0]?.pid ?? 0) : undefined;
    const forked = forkWaiting(shell, (sub) => runPart(sub, command), {
      overlay,
      group,
      foreground,
      ...(ignored === undefined ? {} : { ignored }),
    });
    let child: Child;
    try {
      child = forked instanceof Promise ? await forked : forked;
    } catch (error) {
      pipe?.read.release();
      throw error;
    } finally {
      input?.release();
      pipe?.write.release();
    }
    input = pipe?.read;
    started.push(child);
    job.group ??= shell.jobControl ? child.pid : undefined;
    job.processes.push({ pid: child.pid, text: sourceText(shell, command), status: undefined });
  }
  return undefined;
}

function runPart(sub: Shell, command: CommandNode): Promise<number> {
  return sub.interpreter.command(sub, command, { last: true });
}

/** `command &` */
export async function runBackground(shell: Shell, statement: Statement): Promise<number> {
  await reap(shell);
  const node = statement.command;
  const job = new Job(undefined, sourceText(shell, node), true);
  // Without job control nobody could interrupt it or type to it (POSIX, Asynchronous Lists).
  const ignored: readonly SignalName[] | undefined = shell.jobControl ? undefined : ['SIGINT', 'SIGQUIT'];
  if (node.type === 'Pipeline' && node.commands.length > 1 && node.prefixes.length === 0) {
    const input = shell.jobControl ? undefined : devNull(shell);
    await startParts(shell, node, job, {
      ...(ignored === undefined ? {} : { ignored }),
      ...(input === undefined ? {} : { input }),
    });
  } else await startOne(shell, node, job, ignored);
  shell.lastBackground = job.pid;
  shell.jobs.add(job);
  if (shell.interactive) await errorText(shell, `[${job.id}] ${job.pid}\n`);
  return 0;
}

async function startOne(
  shell: Shell,
  node: Statement['command'],
  job: Job,
  ignored: readonly SignalName[] | undefined,
): Promise<void> {
  const input = shell.jobControl ? undefined : devNull(shell);
  const run = (sub: Shell): Promise<number> => {
    // What fails here is what the shell waits for, not a command in it.
    if (node.type === 'Command') sub.traps.delete('ERR');
    return runNode(sub, node, { last: true });
  };
  const child = await forkWaiting(shell, run, {
    ...(input === undefined ? {} : { overlay: new Map([[0, input]]) }),
    ...(shell.jobControl ? { group: 0 } : {}),
    ...(ignored === undefined ? {} : { ignored }),
  });
  job.group = shell.jobControl ? child.pid : undefined;
  job.processes.push({ pid: child.pid, text: job.text, status: undefined });
}

function devNull(shell: Shell): OpenFile | undefined {
  const opened = openPath(shell, '/dev/null', { read: true });
  return opened.ok ? opened.value : undefined;
}

/** `a && b || c` */
export async function runAndOr(shell: Shell, node: AndOr, options: CommandOptions): Promise<number> {
  const { commands, operators } = node;
  for (const [index, command] of commands.entries()) {
    const operator = operators[index - 1];
    if (operator === '&&' && shell.status !== 0) continue;
    if (operator === '||' && shell.status === 0) continue;
    const last = index === commands.length - 1;
    if (last) return runNode(shell, command, options);
    shell.tested++;
    try {
      shell.status = await runNode(shell, command, {});
    } finally {
      shell.tested--;
    }
    if (shell.flow !== undefined) return shell.status;
  }
  return shell.status;
}

/** Whatever a statement holds. */
export async function runNode(shell: Shell, node: Statement['command'], options: CommandOptions): Promise<number> {
  switch (node.type) {
    case 'AndOr':
      return runAndOr(shell, node, options);
    case 'Pipeline':
      return runPipeline(shell, node, options);
    default:
      return shell.interpreter.command(shell, node, options);
  }
}

/** A node as it was typed, on one line, for `jobs`. */
export const sourceText = (shell: Shell, { pos, end }: { readonly pos: number; readonly end: number }): string =>
  shell.source.text.slice(pos, end).replace(/[ \t]*\n[ \t]*/g, ' ');
