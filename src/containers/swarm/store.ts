import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import { goTimestamp } from '../shim/timestamp';
import { newId } from './identity';
import type { Meta, Service, StoredFile, SwarmNode, Task } from './objects';

/** Why something is refused: an HTTP status and swarmkit's words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The managers' store (manager/state/store). Each change gets the next index; whoever watches looks at the whole state
 * again soon after, once for any number of changes.
 */
export class Store {
  readonly services = new Map<string, Service>();
  readonly tasks = new Map<string, Task>();
  readonly nodes = new Map<string, SwarmNode>();
  readonly secrets = new Map<string, StoredFile>();
  readonly configs = new Map<string, StoredFile>();
  #index = 8;
  #watchers: (() => void)[] = [];
  #told = false;
  closed = false;

  constructor(
    readonly clock: Clock,
    readonly random: Random,
  ) {}

  /** What every object begins with. */
  meta(): Meta {
    const at = this.instant();
    return { ID: newId(this.random), Version: { Index: ++this.#index }, CreatedAt: at, UpdatedAt: at };
  }

  instant(): string {
    return goTimestamp(this.clock.now, this.random.below(1_000_000));
  }

  /** An object was changed. */
  touch(object: Meta): void {
    object.Version = { Index: ++this.#index };
    object.UpdatedAt = this.instant();
    this.wake();
  }

  watch(look: () => void): void {
    this.#watchers.push(look);
  }

  /** Everybody looks, in a moment. */
  wake(): void {
    if (this.#told || this.closed) return;
    this.#told = true;
    this.clock.setTimer(1, () => {
      this.#told = false;
      if (!this.closed) for (const look of this.#watchers) look();
    });
  }

  close(): void {
    this.closed = true;
    this.#watchers = [];
  }

  tasksOf(service: Service): readonly Task[] {
    return [...this.tasks.values()].filter(({ ServiceID }) => ServiceID === service.ID);
  }
}

/** By id, by name, or by the beginning of an id; what fits twice is refused. */
export function findIn<T extends Meta>(all: ReadonlyMap<string, T>, text: string, nameOf: (object: T) => string) {
  const exact = all.get(text) ?? [...all.values()].find((object) => nameOf(object) === text);
  if (exact !== undefined) return exact;
  const fitting = [...all.values()].filter(({ ID }) => text !== '' && ID.startsWith(text));
  return fitting.length === 1 ? fitting[0] : undefined;
}
