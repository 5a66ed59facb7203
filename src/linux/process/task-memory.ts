import { fail, type Sys } from '../errno';
import { ok } from '../../sim/result';
import { chargeMemory } from './cgroup';
import type { Task } from './task';

const PAGE_KB = 4;

/** Memory that a program says it holds (brk(2), mmap(2)): charged to its cgroup, which may kill for it. */
export class TaskMemory {
  #heldKb = 0;
  /** Address space that nothing was written to yet. */
  reservedKb = 0;

  constructor(readonly task: Task) {}

  /** Bytes that were allocated and not freed. */
  get held(): number {
    return this.#heldKb * 1024;
  }

  /**
   * Takes memory and touches it. ENOMEM over RLIMIT_AS; over memory.max the OOM killer ends somebody of the group, and if
   * that is this process, the program is unwound as by `exit`.
   */
  allocate(bytes: number): Sys<void> {
    const { task } = this;
    const kb = Math.ceil(bytes / 1024 / PAGE_KB) * PAGE_KB;
    if ((task.virtualKb + kb) * 1024 > task.limitTable.AS.soft) return fail('ENOMEM');
    // Pages are touched one after the other: what still fits is its own before the limit is met, and counts against it.
    const over = task.cgroup.overLimit(kb * 1024);
    const fits =
      over === undefined ? 0 : Math.max(0, Math.floor((over.memoryMax - over.memory) / 1024 / PAGE_KB) * PAGE_KB);
    for (const part of [fits, kb - fits]) {
      const charged = chargeMemory(task, task.cgroup, part * 1024);
      if (task.status !== undefined) task.exit(0);
      if (!charged.ok) return charged;
      this.#heldKb += part;
      task.rssKb += part;
    }
    return ok(undefined);
  }

  free(bytes: number): void {
    const kb = Math.min(this.#heldKb, Math.ceil(bytes / 1024 / PAGE_KB) * PAGE_KB);
    this.#heldKb -= kb;
    this.task.rssKb -= kb;
    chargeMemory(this.task, this.task.cgroup, -kb * 1024);
  }
}
