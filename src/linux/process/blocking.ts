import { Few } from '../../sim/few';
import type { Sys } from '../errno';
import { BlockedCall, type Blocked } from './blocked-call';
import type { Task } from './task';

const never: Promise<never> = { then: () => never } as unknown as Promise<never>;

/** The waiting system calls of one process, and what it must not return from yet because it is stopped or frozen. */
export class Blocking {
  readonly #blocked = new Few<Blocked>();
  #held: (() => void)[] | undefined;

  constructor(readonly task: Task) {}

  /** Whether the process waits in the kernel, as far as `ps` is concerned. */
  get sleeping(): boolean {
    return this.#blocked.size > 0;
  }

  block<T>(start: (wake: (value: T) => void) => () => void, interruptible: boolean): Promise<Sys<T>> {
    const { task } = this;
    if (task.status !== undefined) return never;
    const call = new BlockedCall<T>(this, interruptible);
    this.#blocked.add(call);
    call.cancel = task.trace.within(task.span, () => start((value) => call.end({ ok: true, value })));
    return call.result.promise;
  }

  get clock() {
    return this.task.clock;
  }

  /** A blocked call is over: it returns as soon as the process may run. */
  returns(call: Blocked, go: () => void): void {
    this.#blocked.delete(call);
    const { task } = this;
    if (task.status !== undefined) return;
    if (task.stopped !== undefined || task.frozen) (this.#held ??= []).push(() => this.returns(call, go));
    else go();
  }

  /** The process may run again. */
  resume(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) for (const go of held) go();
  }

  /** A signal was handled: what may be interrupted gives EINTR. */
  interrupt(): void {
    for (const blocked of [...this.#blocked]) if (blocked.interruptible) blocked.interrupt();
  }

  /** The process is dead: nothing returns any more. */
  clear(): void {
    const blocked = [...this.#blocked];
    this.#blocked.clear();
    this.#held = undefined;
    // Whoever would have woken them (a timer, a queue) must not keep the dead.
    for (const call of blocked) call.cancel();
  }
}

/** For calls of the dead: nobody waits for it, and nothing comes. */
export const neverReturns: Promise<never> = never;
