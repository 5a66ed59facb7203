import { FewMap } from '../../sim/few-map';
import type { Task } from './task';

/** pid_namespaces(7): processes of an inner namespace have a pid in each outer one too. */
export class PidNamespace {
  #next = 1;
  readonly #tasks = new FewMap<number, Task>();
  /** Its init has ended: nobody can be born here any more. */
  dead = false;

  constructor(
    readonly id: number,
    readonly parent: PidNamespace | undefined,
  ) {}

  /** Gives the task its pids here and in all outer namespaces. */
  admit(task: Task): FewMap<PidNamespace, number> {
    const pids = new FewMap<PidNamespace, number>();
    for (let space: PidNamespace | undefined = this; space !== undefined; space = space.parent) {
      pids.set(space, space.#take(task));
    }
    return pids;
  }

  #take(task: Task): number {
    const pid = this.#next++;
    this.#tasks.set(pid, task);
    return pid;
  }

  forget(pid: number): void {
    this.#tasks.delete(pid);
  }

  get(pid: number): Task | undefined {
    return this.#tasks.get(pid);
  }

  /** In order of pid. */
  get tasks(): Iterable<Task> {
    return this.#tasks.values();
  }

  /** The newest pid. */
  get last(): number {
    return this.#next - 1;
  }

  get size(): number {
    return this.#tasks.size;
  }

  get init(): Task | undefined {
    return this.#tasks.get(1);
  }
}
