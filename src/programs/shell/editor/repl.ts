import { remember } from '../builtins/history';
import { expandPrompt } from '../expand/prompt';
import { Source } from '../parse/source';
import { statusOf } from '../run/fork';

import { errorText } from '../run/io';
import { aliased, wantsMore } from '../run/source';
import { handlePending } from '../run/traps';
import { cooked, notifyJobs } from '../run/wait';
import type { Shell } from '../shell';
import { Exit, Interrupted } from '../state/errors';
import { expandHistory, HistoryError } from './history-expand';
import { LineEditor } from './line-editor';
import { oneLine } from './one-line';

/** Reads lines from the terminal and runs them until the end. */
export async function interact(shell: Shell): Promise<number> {
  const editor = new LineEditor(shell);
  const { process } = shell;
  const idle = process.span;
  let number = 1;
  for (;;) {
    await beforePrompt(shell);
    const typed = await readCommand(shell, editor);
    if (typed === 'interrupt') {
      shell.status = 130;
      continue;
    }
    if (typed === 'end') {
      if (shell.terminating !== undefined) return hangUp(shell);
      if (await mayLeave(shell)) return shell.status;
      continue;
    }
    const line = await withHistory(shell, typed);
    if (line === undefined || line.trim() === '') continue;
    remember(shell, asHistory(shell, line));
    shell.warnedOfJobs = false;
    // What is typed is one cause of everything that follows.
    process.span = process.trace.within(0, () =>
      process.trace.record(`${shell.dialect === 'bash' ? 'bash' : 'sh'}@${process.host.name}`, 'run', line),
    ).id;
    try {
      await runTyped(shell, line, number);
    } finally {
      process.span = idle;
    }
    number += line.split('\n').length;
  }
}

/** `cmdhist` keeps a command of several lines on one. */
function asHistory(shell: Shell, line: string): string {
  const joins = line.includes('\n') && shell.options.on('cmdhist') && !shell.options.on('lithist');
  return joins ? oneLine(line) : line;
}

async function beforePrompt(shell: Shell): Promise<void> {
  await notifyJobs(shell);
  const { tty } = shell.process;
  if (tty !== undefined && shell.options.on('checkwinsize')) {
    shell.variables.define('LINES', String(tty.size.rows));
    shell.variables.define('COLUMNS', String(tty.size.columns));
  }
  const { status } = shell;
  const variable = shell.variables.get('PROMPT_COMMAND')?.value;
  const commands = variable === undefined ? [] : typeof variable === 'string' ? [variable] : variable.values();
  for (const command of commands) {
    if (command.trim() !== '') await runTyped(shell, command, 1, 'eval');
    shell.status = status;
  }
}

/** A whole command: lines until it is complete, behind PS1 and PS2. */
async function readCommand(shell: Shell, editor: LineEditor): Promise<{ readonly text: string } | 'interrupt' | 'end'> {
  let text = '';
  for (let more = false; ; more = true) {
    const prompt = await expandPrompt(shell, shell.get(more ? 'PS2' : 'PS1') ?? '');
    const outcome = await editor.read(prompt);
    if (outcome.kind === 'interrupt') return 'interrupt';
    // ^D at PS2 ends the command where it is, which then is a syntax error.
    if (outcome.kind !== 'line') return more ? { text } : 'end';
    text = more ? `${text}\n${outcome.text}` : outcome.text;
    if (!wantsMore(`${aliased(shell, text) ?? text}\n`)) return { text };
  }
}

async function withHistory(shell: Shell, { text }: { readonly text: string }): Promise<string | undefined> {
  if (!shell.options.has('histexpand') || shell.dialect !== 'bash') return text;
  try {
    const expanded = expandHistory(text, shell.history);
    if (expanded === undefined) return text;
    await errorText(shell, `${expanded}\n`);
    return expanded;
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    await errorText(shell, `${shell.prefix}${error.message}\n`);
    return undefined;
  }
}

/** Runs a typed line; whatever goes wrong ends in a status and the next prompt, but for `exit`. */
async function runTyped(shell: Shell, line: string, number: number, kind: 'prompt' | 'eval' = 'prompt'): Promise<void> {
  const { source, calls } = shell;
  try {
    await shell.interpreter.source(shell, new Source(`${line}\n`, shell.name, kind, number));
    await handlePending(shell);
  } catch (error) {
    if (error instanceof Exit) throw error;
    shell.status = await statusOf(shell, error);
    if (error instanceof Interrupted) await errorText(shell, '\n');
    const { tty } = shell.process;
    if (tty !== undefined) {
      tty.foregroundGroup = shell.process.group;
      Object.assign(tty.termios, cooked);
    }
  }
  shell.flow = undefined;
  shell.tested = 0;
  shell.loopDepth = 0;
  shell.traceDepth = 1;
  shell.running = undefined;
  shell.runningTraps.clear();
  shell.source = source;
  shell.calls = calls;
}

/** ^D: ends the shell, but warns once of stopped jobs. */
async function mayLeave(shell: Shell): Promise<boolean> {
  if (shell.options.has('ignoreeof')) {
    await errorText(shell, 'Use "exit" to leave the shell.\n');
    return false;
  }
  const word = shell.options.on('login_shell') ? 'logout\n' : 'exit\n';
  await errorText(shell, shell.dialect === 'bash' ? word : '\n');
  if (!shell.warnedOfJobs && shell.jobs.list().some(({ state }) => state === 'stopped')) {
    await errorText(shell, 'There are stopped jobs.\n');
    shell.warnedOfJobs = true;
    return false;
  }
  return true;
}

/** The terminal went away: the jobs are told. */
function hangUp(shell: Shell): number {
  for (const job of shell.jobs.list()) {
    if (job.keptFromHangup || job.group === undefined) continue;
    shell.process.kill(-job.group, 'SIGHUP');
    if (job.state === 'stopped') shell.process.kill(-job.group, 'SIGCONT');
  }
  shell.terminating = undefined;
  return 129;
}
