import type { Clock } from '../../sim/clock';

export interface EngineEvent {
  readonly status?: string;
  readonly id?: string;
  readonly from?: string;
  readonly Type: 'builder' | 'container' | 'network' | 'volume' | 'image' | 'service' | 'node' | 'secret' | 'config';
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope: 'local' | 'swarm';
  readonly time: number;
  readonly timeNano: number;
}

/** How many are kept for `docker events --since` (daemon/events, eventsLimit). */
const LIMIT = 256;

/** The engine's event stream. */
export class Events {
  readonly #kept: EngineEvent[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  constructor(readonly clock: Clock) {}

  emit(
    type: EngineEvent['Type'],
    action: string,
    id: string,
    attributes: Readonly<Record<string, string>>,
    scope: EngineEvent['scope'] = 'local',
  ): void {
    const { now } = this.clock;
    // Containers and images carry the fields of the first API versions too.
    const old =
      type === 'container'
        ? { status: action, id, ...(attributes['image'] === undefined ? {} : { from: attributes['image'] }) }
        : type === 'image'
          ? { status: action, id }
          : {};
    const event: EngineEvent = {
      ...old,
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: attributes },
      scope,
      time: Math.floor(now / 1000),
      timeNano: now * 1_000_000,
    };
    this.#kept.push(event);
    if (this.#kept.length > LIMIT) this.#kept.shift();
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Kept ones from `since` to `until`, in seconds. */
  between(since: number, until: number): readonly EngineEvent[] {
    return this.#kept.filter(({ timeNano }) => timeNano >= since * 1e9 && timeNano <= until * 1e9);
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
