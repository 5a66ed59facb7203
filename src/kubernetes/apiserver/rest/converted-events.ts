import { WebhookCalls } from '../admission/webhook/calls';
import type { WebhookTransport } from '../admission/webhook/transport';
import { Unconverted, type WebhookConversion } from '../apiextensions/conversion';

/**
 * Events of a watch, each handled when its objects have been converted, in the order in which they came. A conversion
 * that fails ends the watch, as the cache of the version does with all its watches.
 */
export class ConvertedEvents<E> {
  readonly #waiting: E[] = [];

  constructor(
    readonly conversion: WebhookConversion,
    readonly transport: WebhookTransport,
    readonly newUid: () => string,
    readonly handle: (event: E) => void,
    readonly end: () => void,
  ) {}

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  push(event: E): void {
    this.#waiting.push(event);
    if (this.#waiting.length === 1) void this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      const [event] = this.#waiting;
      if (event === undefined) return;
      if (!(await this.#handled(event))) {
        this.#waiting.length = 0;
        this.end();
        return;
      }
      this.#waiting.shift();
    }
  }

  async #handled(event: E): Promise<boolean> {
    const calls = new WebhookCalls(this.newUid);
    for (;;)
      try {
        this.conversion.during(calls, () => this.handle(event));
        return true;
      } catch (thrown) {
        if (!(thrown instanceof Unconverted)) throw thrown;
        if (thrown.status !== undefined) return false;
        await calls.make(this.transport);
      }
  }
}
