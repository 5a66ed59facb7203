import { fail, type Sys } from '../errno';
import type { OpenFile } from '../io/open-file';
import { ok } from '../../sim/result';
import type { Task } from './task';
import type { SpawnOptions } from './types';

/**
 * Before a background process reads from or writes to its terminal (tty_jobctrl.c, __tty_check_change): its group gets
 * SIGTTIN or SIGTTOU and the call waits; EIO where that cannot stop it. Undefined: it may.
 */
export function checkTerminal(
  task: Task,
  file: OpenFile,
  signal: 'SIGTTIN' | 'SIGTTOU',
): Promise<Sys<void>> | undefined {
  const { tty } = task;
  if (tty === undefined || file.name !== tty.path) return undefined;
  if (tty.foregroundGroup === task.group || tty.session !== task.session) return undefined;
  if (task.signals.disposition(signal) === 'ignore') {
    return signal === 'SIGTTIN' ? Promise.resolve(fail('EIO')) : undefined;
  }
  if (task.kernel.isOrphanedGroup(task.group)) return Promise.resolve(fail('EIO'));
  task.kernel.signalGroup(task.group, signal);
  return task.block<void>((wake) => task.after(0, wake));
}

/** setsid(2): not for the leader of a group that others are in. */
export function setsid(task: Task): Sys<number> {
  const { globalPid } = task;
  for (const other of task.kernel.pidNamespace.tasks) if (other.group === globalPid) return fail('EPERM');
  newSession(task);
  return ok(task.pid);
}

function newSession(task: Task): void {
  task.session = task.globalPid;
  task.group = task.globalPid;
  task.tty = undefined;
}

/** A new process's session and terminal. */
export function takeTerminal(
  task: Task,
  spawn: Pick<SpawnOptions, 'newSession' | 'controllingTty' | 'foreground'>,
): void {
  if (spawn.newSession === true) newSession(task);
  if (spawn.controllingTty !== undefined) {
    task.tty = spawn.controllingTty;
    task.tty.session = task.session;
    task.tty.foregroundGroup = task.group;
  }
  if (spawn.foreground === true && task.tty !== undefined) task.tty.foregroundGroup = task.group;
}
