import type { Process } from '../../../../linux/process/types';

/** What one thread of a process leaves for another. */
export class Mailbox<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;

  constructor(private readonly process: Process) {}

  put(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** The next item; undefined if none came for so many milliseconds. */
  async take(patience: number): Promise<T | undefined> {
    if (this.#items.length === 0) {
      const { clock } = this.process;
      await this.process.block<void>((wake) => {
        const end = (): void => {
          clock.cancel(timer);
          this.#wake = undefined;
        };
        const timer = clock.setTimer(patience, () => {
          end();
          wake();
        });
        this.#wake = () => {
          end();
          wake();
        };
        return end;
      });
    }
    return this.#items.shift();
  }
}
