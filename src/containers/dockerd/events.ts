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
    const Actor = { ID: id, Attributes: attributes };
    const time = Math.floor(now / 1000);
    const timeNano = now * 1_000_000;
    // Containers and images carry the fields of the first API versions too.
    const from = type === 'container' ? attributes['image'] : undefined;
    const event: EngineEvent =
      from !== undefined
        ? { status: action, id, from, Type: type, Action: action, Actor, scope, time, timeNano }
        : type === 'container' || type === 'image'
          ? { status: action, id, Type: type, Action: action, Actor, scope, time, timeNano }
          : { Type: type, Action: action, Actor, scope, time, timeNano };
    this.#kept.push(event);
    if (this.#kept.length > LIMIT) this.#kept.shift();
    for (const listener of Array.from(this.#listeners)) listener(event);
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
