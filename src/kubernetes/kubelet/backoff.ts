import type { Clock } from '../../sim/clock';

interface Entry {
  delay: number;
  updated: number;
}

/** client-go util/flowcontrol.Backoff: doubles per failure, forgets after twice the longest delay without one. */
export class Backoff {
  readonly #entries = new Map<string, Entry>();

  constructor(
    readonly clock: Clock,
    readonly first = 10_000,
    readonly most = 300_000,
  ) {}

  /** How long the id waits after its latest event, as the messages say; 0 where nothing is known. */
  delay(id: string): number {
    return this.#entries.get(id)?.delay ?? 0;
  }

  /** Whether it is too early after something that happened at `at`. */
  isSince(id: string, at: number): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined || this.#expired(entry, at)) return false;
    return this.clock.now - at < entry.delay;
  }

  /** Whether it is too early after the latest `next`. */
  isSinceUpdate(id: string): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined || this.#expired(entry, this.clock.now)) return false;
    return this.clock.now - entry.updated < entry.delay;
  }

  next(id: string, at: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || this.#expired(entry, at)) {
      this.#entries.set(id, { delay: this.first, updated: this.clock.now });
      return;
    }
    entry.delay = Math.min(entry.delay * 2, this.most);
    entry.updated = this.clock.now;
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }

  #expired = (entry: Entry, at: number): boolean => at - entry.updated > this.most * 2;
}

/** time.Duration.String for whole seconds and below: `10s`, `1m20s`, `236ms`, `1.045s`. */
export function durationText(ms: number): string {
  if (ms < 1) return ms === 0 ? '0s' : `${trim(ms * 1000)}µs`;
  if (ms < 1000) return `${trim(ms)}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = trim((ms % 60_000) / 1000);
  if (minutes === 0) return `${seconds}s`;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}s` : `${hours}h${minutes % 60}m${seconds}s`;
}

const trim = (value: number): string => String(Number(value.toFixed(9)));
