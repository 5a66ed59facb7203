import type { SignalName } from '../../../linux/process/types';
import { encode } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';
import type { Machine, Turn } from './machine';
import type { Value } from './values';

/** The event loop: one turn of the guest for everything that happened, in the order in which it happened. */
export class Loop {
  readonly #events: (readonly [string, ...Value[]])[] = [];
  readonly #output: { readonly fd: number; readonly bytes: Uint8Array }[] = [];
  #wake: (() => void) | undefined;
  /** What keeps the process alive: timers, sockets, children. */
  references = 0;

  constructor(private readonly process: Process) {}

  /** Is there anything that the guest has not been told yet? */
  get pending(): boolean {
    return this.#events.length > 0 || this.ticks;
  }

  /** Something happened: the guest's `__event` will be called with it. */
  post(kind: string, ...values: readonly Value[]): void {
    this.#events.push([kind, ...values]);
    this.#wake?.();
  }

  write(fd: number, data: string | Uint8Array): void {
    this.#output.push({ fd, bytes: typeof data === 'string' ? encode(data) : data });
  }

  async flush(): Promise<void> {
    while (this.#output.length > 0) {
      const { fd } = this.#output[0] ?? { fd: 1 };
      let count = 0;
      let size = 0;
      while (this.#output[count]?.fd === fd) size += this.#output[count++]?.bytes.length ?? 0;
      const all = new Uint8Array(size);
      let at = 0;
      for (const { bytes } of this.#output.splice(0, count)) {
        all.set(bytes, at);
        at += bytes.length;
      }
      if (fd <= 2) await (fd === 2 ? this.process.stderr : this.process.stdout).write(all);
      else await this.process.fds.write(fd, all);
    }
  }

  /** Runs until nothing is left that could happen, or the program exits. The exit status. */
  async run(machine: Machine, start: () => Turn): Promise<number> {
    let turn = this.#settle(machine, start());
    for (;;) {
      await this.flush();
      await this.process.compute(machine.takeCpu());
      if (turn === 'endless') return this.#spin();
      if (turn === 'exit') return machine.exitStatus ?? 0;
      const event = this.#events.shift();
      if (event !== undefined) turn = this.#settle(machine, this.#take(machine, event));
      else if (this.references > 0) await this.#wait();
      else turn = this.#settle(machine, machine.call('__idle'));
    }
  }

  #take(machine: Machine, [kind, ...values]: readonly [string, ...Value[]]): Turn {
    if (kind !== 'module') return machine.call('__event', kind, ...values);
    const [source, file] = values;
    return machine.evaluateModule(String(source), String(file), '__moduleSettled');
  }

  /** nextTick callbacks and promises' jobs, until neither is left. */
  #settle(machine: Machine, first: Turn): Turn {
    let turn = first;
    while (turn === 'done') {
      turn = machine.call('__ticks');
      if (turn === 'done') turn = machine.jobs();
      if (turn === 'done' && !this.ticks) break;
    }
    return turn;
  }

  /** Set by the guest when process.nextTick() was called since the last `__ticks`. */
  ticks = false;

  async #wait(): Promise<void> {
    await this.process.block<void>((wake) => {
      this.#wake = () => {
        this.#wake = undefined;
        wake();
      };
      if (this.#events.length > 0) this.#wake();
      return () => (this.#wake = undefined);
    });
  }

  /** An endless loop: nothing of the program can be seen but the time that it takes. */
  async #spin(): Promise<number> {
    for (;;) await this.process.compute(3000);
  }

  /** Handles a signal from now on by an event. */
  listen(signal: SignalName): () => void {
    return this.process.signals.handle(signal, () => this.post('signal', signal));
  }
}
