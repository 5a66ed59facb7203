import { parseSignal } from '../../../linux/process/signals';
import type { SignalName } from '../../../linux/process/types';
import { Source } from '../parse/source';
import type { Shell } from '../shell';
import { Exit, Interrupted } from '../state/errors';
import { signalNumber } from '../jobs/signals';

/** Signals whose default would end the shell: with an EXIT trap it runs that first (bash's termsig_handler). */
const deadly: readonly SignalName[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];

/** Sets (`action`), ignores (`''`) or takes back (undefined) a trap. `name` is `EXIT`, `ERR`, `SIGINT` … */
export function setTrap(shell: Shell, name: string, action: string | undefined): void {
  shell.inheritedTraps = undefined;
  if (action === undefined) shell.traps.delete(name);
  else shell.traps.set(name, action);
  const signal = name.startsWith('SIG') ? parseSignal(name) : undefined;
  if (signal !== undefined) arm(shell, signal);
  else if (name === 'EXIT' && !shell.interactive)
    for (const each of deadly) if (!shell.traps.has(each)) arm(shell, each);
}

/** Brings the disposition of a signal in line with its trap. What a shell found ignored it cannot trap. */
export function arm(shell: Shell, signal: SignalName): void {
  if (shell.deaf.has(signal)) return;
  shell.trapHandlers.get(signal)?.();
  shell.trapHandlers.delete(signal);
  const action = shell.traps.get(signal);
  const { signals } = shell.process;
  let undo: (() => void) | undefined;
  if (action === '') undo = signals.ignore(signal);
  else if (action !== undefined) undo = signals.handle(signal, () => shell.pendingTraps.push(signal));
  else if (signals.disposition(signal) === 'ignore') return;
  else if (shell.traps.has('EXIT') && deadly.includes(signal) && !shell.interactive) {
    undo = signals.handle(signal, () => {
      shell.terminating = signal;
    });
  } else if (!shell.interactive) signals.reset(signal);
  if (undo !== undefined) shell.trapHandlers.set(signal, undo);
}

/** What signals left to do: traps to run, or the end of the line or the shell. Called between commands. */
export async function handlePending(shell: Shell): Promise<void> {
  if (shell.terminating !== undefined) throw new Exit(128 + signalNumber(shell.terminating));
  while (shell.pendingTraps.length > 0) {
    const name = shell.pendingTraps.shift();
    if (name !== undefined) await runTrap(shell, name);
  }
  if (shell.interrupted) {
    shell.interrupted = false;
    throw new Interrupted();
  }
}

export const hasPending = (shell: Shell): boolean =>
  shell.interrupted || shell.pendingTraps.length > 0 || shell.terminating !== undefined;

/** What messages call a trap's command. */
const trapNames: Readonly<Record<string, string>> = {
  DEBUG: 'debug trap',
  ERR: 'error trap',
  RETURN: 'return trap',
  SIGINT: 'interrupt trap',
};

/** Runs a trap's command; `$?` is afterwards what it was. */
export async function runTrap(shell: Shell, name: string): Promise<void> {
  const action = shell.traps.get(name);
  if (action === undefined || action === '' || shell.runningTraps.has(name)) return;
  shell.runningTraps.add(name);
  const { status, running, source, position } = shell;
  shell.running = undefined;
  try {
    await shell.interpreter.source(
      shell,
      new Source(action, shell.source.name, 'eval', name.startsWith('SIG') ? 1 : shell.line, trapNames[name] ?? 'trap'),
    );
  } finally {
    shell.runningTraps.delete(name);
  }
  shell.running = running;
  shell.source = source;
  shell.position = position;
  if (shell.flow === undefined) shell.status = status;
}

/** The EXIT trap, once; `exit` in it decides the status. */
export async function runExitTrap(shell: Shell): Promise<void> {
  const action = shell.traps.get('EXIT');
  if (action === undefined || action === '') return;
  shell.traps.delete('EXIT');
  const { status } = shell;
  shell.flow = undefined;
  try {
    await shell.interpreter.source(shell, new Source(action, shell.source.name, 'eval', 1, 'exit trap'));
    shell.status = status;
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    shell.status = error.status;
  }
}

/** After a command that failed where nobody looks: the ERR trap, then `set -e`. */
export async function afterFailure(shell: Shell): Promise<void> {
  if (shell.tested > 0 || shell.flow !== undefined) return;
  if (shell.traps.has('ERR') && (shell.options.has('errtrace') || !shell.variables.inFunction))
    await runTrap(shell, 'ERR');
  if (shell.options.has('errexit')) throw new Exit(shell.status);
}

/** DEBUG and RETURN traps of the caller are not those of a function or a sourced file (bash(1), FUNCTIONS). */
export function hideTraps(shell: Shell): ReadonlyMap<string, string> {
  const hidden = new Map<string, string>();
  if (shell.traps.size === 0 || shell.options.has('functrace')) return hidden;
  for (const name of ['DEBUG', 'RETURN']) {
    const action = shell.traps.get(name);
    if (action === undefined) continue;
    hidden.set(name, action);
    shell.traps.delete(name);
  }
  return hidden;
}

/** Brings them back, but where others were set meanwhile. */
export function showTraps(shell: Shell, hidden: ReadonlyMap<string, string>): void {
  for (const [name, action] of hidden) if (!shell.traps.has(name)) shell.traps.set(name, action);
}
