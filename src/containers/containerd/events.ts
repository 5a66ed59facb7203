import type { Clock } from '../../sim/clock';

/** What containerd tells its subscribers (containerd api/events/*.proto): a topic and that topic's message. */
export interface Envelope {
  /** Virtual milliseconds. */
  readonly timestamp: number;
  readonly namespace: string;
  /** `/tasks/start`, `/containers/create`, … */
  readonly topic: Topic;
  readonly event: Readonly<Record<string, unknown>>;
}

export type Topic =
  | '/containers/create'
  | '/containers/delete'
  | '/images/create'
  | '/images/delete'
  | '/snapshot/prepare'
  | '/snapshot/remove'
  | '/tasks/create'
  | '/tasks/start'
  | '/tasks/exit'
  | '/tasks/delete'
  | '/tasks/oom'
  | '/tasks/paused'
  | '/tasks/resumed'
  | '/tasks/exec-added'
  | '/tasks/exec-started';

/** containerd's exchange (pkg/events/exchange): forwards to who listens, keeps nothing. */
export class Exchange {
  readonly #listeners = new Set<(envelope: Envelope) => void>();

  constructor(readonly clock: Clock) {}

  publish(namespace: string, topic: Topic, event: Readonly<Record<string, unknown>>): void {
    if (this.#listeners.size === 0) return;
    const envelope: Envelope = { timestamp: this.clock.now, namespace, topic, event };
    for (const listener of [...this.#listeners]) listener(envelope);
  }

  subscribe(listener: (envelope: Envelope) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
