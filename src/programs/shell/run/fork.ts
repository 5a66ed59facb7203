import type { Errno, Sys } from '../../../linux/errno';
import { ProcessEnded } from '../../../linux/process/process-ended';
import type { Child, Process, SignalName, SpawnOptions } from '../../../linux/process/types';
import type { Shell } from '../shell';
import { CowMap } from '../state/cow-map';
import { Exit, Interrupted, ShellError } from '../state/errors';
import { complain, errorText } from './io';
import { inheritedFds, RedirectError, type Overlay } from './redirect';
import { wording } from './plain-messages';
import { handlePending, runExitTrap } from './traps';

export interface ForkOptions {
  readonly overlay?: Overlay;
  readonly group?: number | undefined;
  readonly foreground?: boolean;
  readonly ignored?: readonly SignalName[];
  /** `$( )`: errexit is off in it unless `inherit_errexit` (bash(1)). */
  readonly substitution?: boolean;
}

/** fork(2): runs `body` in a child process with a copy of the shell. */
export function forkShell(shell: Shell, body: (sub: Shell) => Promise<number>, options: ForkOptions = {}): Sys<Child> {
  const { overlay, group, foreground = false, ignored, substitution = false } = options;
  // The copy is of now, whenever the child first runs.
  let copy: Shell | undefined;
  const make = (child: Process): Shell => (copy ??= subshell(shell, child, substitution));
  const spawn: SpawnOptions = {
    file: (child) => runForked(make(child), body),
    argv: shell.process.argv,
    fds: inheritedFds(shell, overlay),
    ...(group === undefined ? {} : { group }),
    ...(foreground ? { foreground } : {}),
    ...(ignored === undefined ? {} : { ignoredSignals: ignored }),
  };
  const spawned = shell.process.spawn(spawn);
  if (spawned.ok) make(spawned.value.process);
  return spawned;
}

/** The longest of the pauses below, in seconds (jobs.c, FORKSLEEP_MAX): at this one bash gives up. */
const FORKSLEEP_MAX = 16;

/** Forks; where there are too many processes, again and again after 1, 2, 4 and 8 seconds (jobs.c, make_child()). */
export function forkWaiting(
  shell: Shell,
  body: (sub: Shell) => Promise<number>,
  options: ForkOptions = {},
): Child | Promise<Child> {
  const forked = forkShell(shell, body, options);
  return forked.ok ? forked.value : forkAgain(shell, () => forkShell(shell, body, options), forked.error);
}

async function forkAgain(shell: Shell, fork: () => Sys<Child>, first: Errno): Promise<Child> {
  // dash does not try again.
  if (shell.dialect === 'ash') throw new ShellError(`can't fork: ${first.message}`, { status: 2 });
  if (shell.dialect !== 'bash' || first.code !== 'EAGAIN') throw new ShellError('Cannot fork', { status: 2 });
  for (let seconds = 1; seconds < FORKSLEEP_MAX; seconds *= 2) {
    await errorText(shell, `${shell.prefix}fork: retry: ${first.message}\n`);
    await shell.process.sleep(seconds * 1000);
    if (shell.interrupted) await handlePending(shell);
    const forked = fork();
    if (forked.ok) return forked.value;
  }
  throw new ShellError(`fork: ${first.message}`, { status: 254 });
}

function subshell(shell: Shell, child: Process, substitution: boolean): Shell {
  const sub = shell.fork(child, shell.jobs.fork());
  sub.interactive = false;
  sub.jobControl = false;
  // A subshell keeps what is ignored; the rest it only lists.
  const kept = new CowMap<string, string>();
  for (const [name, action] of shell.traps.entries()) {
    const inherits =
      (name === 'ERR' && shell.options.has('errtrace')) || (name === 'DEBUG' && shell.options.has('functrace'));
    if (action === '' || inherits) kept.set(name, action);
  }
  sub.traps = kept;
  sub.inheritedTraps = shell.traps.fork();
  if (substitution && !shell.options.on('inherit_errexit')) sub.options.change('errexit', false);
  if (shell.interactive) {
    // What an interactive shell handles is the default again.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGHUP'] as const) {
      if (child.signals.disposition(signal) === 'handler') child.signals.reset(signal);
    }
  }
  for (const fd of shell.privateFds) child.fds.close(fd);
  return sub;
}

/** Says what went wrong, now and only once; who takes the error then says nothing. */
export async function tell(shell: Shell, error: ShellError): Promise<void> {
  if (error.message === '') return;
  const text = `${error.prefix ?? shell.prefix}${wording(shell, error.message)}\n`;
  error.message = '';
  await errorText(shell, text);
}

async function runForked(sub: Shell, body: (sub: Shell) => Promise<number>): Promise<number> {
  return finish(sub, () => body(sub));
}

/** Runs a shell's main part to its end: what unwinds becomes a status, then the EXIT trap runs. */
export async function finish(shell: Shell, body: () => Promise<number>): Promise<number> {
  shell.status = await settle(shell, async () => {
    const status = await body();
    if (shell.pendingTraps.length > 0) await handlePending(shell);
    return status;
  });
  await runExitTrap(shell);
  if (shell.terminating !== undefined) {
    const signal = shell.terminating;
    shell.terminating = undefined;
    shell.process.signals.reset(signal);
    shell.process.kill(shell.process.pid, signal);
  }
  return shell.status & 0xff;
}

/** The status of what ran, with a message for what went wrong. Lets the kernel's `ProcessEnded` pass. */
export async function settle(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    return statusOf(shell, error);
  }
}

export async function statusOf(shell: Shell, error: unknown): Promise<number> {
  if (error instanceof ProcessEnded) throw error;
  shell.running = undefined;
  if (error instanceof Exit || error instanceof Interrupted) return error.status;
  if (error instanceof ShellError) {
    if (error.message !== '')
      await errorText(shell, `${error.prefix ?? shell.prefix}${wording(shell, error.message)}\n`);
    return shell.dialect === 'bash' ? error.status : Math.max(2, error.status);
  }
  if (error instanceof RedirectError) {
    await complain(shell, error.message);
    return 1;
  }
  await complain(shell, `internal fault: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
}
