import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { Task } from '../task';
import type { Cgroup } from './cgroup';
import type { CgroupViewer } from './files';
import { oomReport } from './oom-report';

/**
 * A process wants more memory (mm/memcontrol.c, try_charge): where that breaks a memory.max, here or above, the OOM
 * killer ends the greatest process of the group that is over, until it fits. The asking process may be the one.
 */
export function chargeMemory(task: Task, group: Cgroup, bytes: number, shmem = false): Sys<void> {
  if (bytes <= 0) {
    group.account(bytes, shmem);
    return ok(undefined);
  }
  for (;;) {
    const over = group.overLimit(bytes);
    if (over === undefined) break;
    over.countMemoryEvent('max');
    if (!killForMemory(over, task)) return fail('ENOMEM');
    // Who asked is dead: it will not use what it asked for.
    if (task.status !== undefined) return fail('ENOMEM');
  }
  group.account(bytes, shmem);
  for (const above of group.line()) if (above.memory > above.memoryHigh) above.countMemoryEvent('high');
  return ok(undefined);
}

/** memory.max was set below what is in use. */
export function enforceMemoryMax(group: Cgroup, { memory }: Pick<CgroupViewer, 'memory'>): void {
  if (group.memoryMax > memory) return;
  while (group.memory > group.memoryMax) {
    group.countMemoryEvent('max');
    if (!killForMemory(group, undefined)) return;
  }
}

/** Chooses and kills; false if nobody is left to kill. */
function killForMemory(group: Cgroup, asking: Task | undefined): boolean {
  group.countMemoryEvent('oom');
  let victim: Task | undefined;
  let most = 0;
  for (const task of group.everybody()) {
    const points = badness(task, group.memoryMax);
    if (points > most) [victim, most] = [task, points];
  }
  if (victim === undefined) return false;
  const whole = oomGroup(victim, group);
  const killed = whole === undefined ? [victim] : [...whole.everybody()];
  victim.kernel.log.write(...oomReport(group, asking ?? victim, victim));
  if (whole !== undefined) whole.countMemoryEvent('oom_group_kill');
  for (const task of killed) {
    if (task.oomScoreAdj === NEVER) continue;
    task.cgroup.countMemoryEvent('oom_kill');
    task.deliver('SIGKILL', { oom: true });
  }
  return true;
}

/** oom_score_adj that exempts a process. */
const NEVER = -1000;

/** oom_badness(): memory, shifted by oom_score_adj thousandths of what there is. */
function badness(task: Task, total: number): number {
  if (task.oomScoreAdj === NEVER || task.status !== undefined) return 0;
  return Math.max(1, task.rssKb * 1024 + (task.oomScoreAdj * total) / 1000);
}

/** memory.oom.group: the highest group with it, up to the one that is over, dies as one. */
function oomGroup(victim: Task, over: Cgroup): Cgroup | undefined {
  let found: Cgroup | undefined;
  for (const group of victim.cgroup.line()) {
    if (group.setting('memory.oom.group') === '1') found = group;
    if (group === over) break;
  }
  return found;
}
