import { decode } from '../../src/linux/io/bytes';
import type { BodyStream } from '../../src/linux/net/http/message';
import type { Clock } from '../../src/sim/clock';
import { at, type Thing } from './client';

export interface WatchEvent {
  readonly type: string;
  readonly object: Thing;
}

/** How long nothing must come to be sure of it, and something may take. Virtual milliseconds. */
const SILENCE = 10_000;
const PATIENCE = 60_000;

/** What a watch has said so far. */
export class Watcher {
  readonly #events: WatchEvent[] = [];
  constructor(
    readonly stream: BodyStream,
    readonly clock: Clock,
  ) {
    void this.#read();
  }

  async #read(): Promise<void> {
    let rest = '';
    for (let chunk = await this.stream.read(); chunk !== undefined; chunk = await this.stream.read()) {
      const lines = `${rest}${decode(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.#events.push(JSON.parse(line) as WatchEvent);
    }
  }

  /** The next event, which must be of this type and about this object as it was then. */
  async next(type: string, object?: Thing): Promise<WatchEvent> {
    await this.clock.runUntil(() => this.#events.length > 0, { limit: PATIENCE });
    const event = this.#events.shift();
    const said = event === undefined ? 'nothing' : `${event.type} ${event.object.metadata.name}`;
    if (event?.type !== type) throw new Error(`a watch said ${said} instead of ${type}`);
    if (object !== undefined && event.object.metadata.resourceVersion !== object.metadata.resourceVersion)
      throw new Error(`a watch told of ${said} at another version than ${object.metadata.resourceVersion}`);
    return event;
  }

  /** The first event of this type with this value at a path; what comes before does not matter. */
  async until(type: string, value?: unknown, ...path: readonly (string | number)[]): Promise<WatchEvent> {
    for (;;) {
      await this.clock.runUntil(() => this.#events.length > 0, { limit: PATIENCE });
      const event = this.#events.shift();
      if (event === undefined) throw new Error(`a watch never said ${type} with ${JSON.stringify(value)}`);
      if (event.type === type && (value === undefined || at(event.object, ...path) === value)) return event;
    }
  }

  /** Nothing comes for a while. */
  async silent(): Promise<void> {
    await this.clock.advance(SILENCE);
    const [event] = this.#events;
    if (event !== undefined) throw new Error(`a watch said ${event.type} ${event.object.metadata.name}, unasked`);
  }

  /** All that came. */
  get seen(): readonly WatchEvent[] {
    return this.#events;
  }

  stop(): void {
    this.stream.cancel();
  }
}
