import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { realOf } from './credentials';
import type { Kernel } from './kernel';
import type { PidNamespace } from './pid-namespace';
import type { Task } from './task';
import type { SignalName } from './types';

/** kill(2). */
export function kill(kernel: Kernel, sender: Task, pid: number, signal: SignalName | 0): Sys<void> {
  const space = sender.namespaces.pid;
  if (pid > 0) {
    const target = space.get(pid);
    return target === undefined ? fail('ESRCH') : signalAll(sender, [target], signal);
  }
  if (pid === -1) {
    const others = [...space.tasks].filter((task) => task !== sender && task !== space.init);
    return signalAll(sender, others, signal);
  }
  const group = pid === 0 ? sender.group : (space.get(-pid)?.globalPid ?? lastingGroup(kernel, space, -pid));
  return signalAll(
    sender,
    [...space.tasks].filter((task) => task.group === group),
    signal,
  );
}

/** A group whose leader is gone is still known by the leader's pid. */
const lastingGroup = (kernel: Kernel, space: PidNamespace, group: number): number | undefined =>
  space === kernel.pidNamespace ? group : undefined;

function signalAll(sender: Task, targets: readonly Task[], signal: SignalName | 0): Sys<void> {
  if (targets.length === 0) return fail('ESRCH');
  const allowed = targets.filter((target) => maySignal(sender, target, signal));
  if (allowed.length === 0) return fail('EPERM');
  if (signal === 0) return ok(undefined);
  for (const target of allowed) {
    // pid_namespaces(7): nothing within a namespace can force its init, not even SIGKILL.
    const forced = signal === 'SIGKILL' || signal === 'SIGSTOP';
    const space = target.namespaces.pid;
    if (forced && space.init === target && sender.namespaces.pid === space) continue;
    target.deliver(signal);
  }
  return ok(undefined);
}

/** kill_ok_by_cred(): one's own processes, or any with CAP_KILL; SIGCONT within the session. */
function maySignal(sender: Task, target: Task, signal: SignalName | 0): boolean {
  const mine = sender.kernelCredentials;
  const real = realOf(mine);
  const theirs = realOf(target.kernelCredentials);
  if (mine.uid === theirs.uid || real.uid === theirs.uid || real.uid === target.kernelCredentials.uid) return true;
  if (signal === 'SIGCONT' && sender.session === target.session) return true;
  return sender.capableFor(target.namespaces.user, 'KILL');
}
