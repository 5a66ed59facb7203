import type { Clock } from '../../sim/clock';
import type { Deferred } from '../../sim/deferred';
import { fail, type Sys } from '../errno';

/** A system call that waits, as its process sees it. */
export interface Blocked {
  readonly interruptible: boolean;
  /** A signal was handled: the call gives EINTR. */
  interrupt(): void;
  /** Takes back what the call began: its process is dead. */
  cancel(): void;
}

/** Who waits. */
interface Waiting {
  readonly clock: Clock;
  /** The call is over: calls `go` as soon as the process may run. */
  returns(call: Blocked, go: () => void): void;
}

/** One waiting system call: the promise that a program awaits, and who may end it. */
export class BlockedCall<T> implements Blocked {
  readonly result: Deferred<Sys<T>>;
  cancel: () => void = nothing;
  #over = false;

  constructor(
    readonly process: Waiting,
    readonly interruptible: boolean,
  ) {
    this.result = process.clock.deferred<Sys<T>>();
  }

  interrupt(): void {
    this.cancel();
    this.end(fail('EINTR'));
  }

  end(value: Sys<T>): void {
    if (this.#over) return;
    this.#over = true;
    this.process.returns(this, () => this.result.resolve(value));
  }
}

const nothing = (): void => undefined;
