import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import type { Kind } from '../apimachinery/kind';
import { controllerOf, keyOf, type ApiObject } from '../apimachinery/object';
import type { RegistryClient, WatchEvent } from '../apiserver/registry';
import { createEventRecorder, type EventRecorder } from '../client/events';
import type { Informers } from './informers';

/** What a controller works with. */
export interface ControllerContext {
  readonly client: RegistryClient;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  /** Asks for a sync of the key after some virtual milliseconds. */
  readonly later: (key: string, delay: number) => void;
}

/** `retry`: come again, later each time. A function: what is left of a long sync, for the next turn of the thread. */
export type Outcome = 'retry' | undefined | (() => Outcome);

export interface ControllerParts {
  readonly watches: readonly KeyWatch[];
  /** Reads the present, computes the difference, acts. May run at any time, any number of times. */
  sync(key: string): Outcome | void;
}

/** Which keys an event may concern. */
export interface KeyWatch {
  readonly kind: Kind;
  keys(event: WatchEvent): Iterable<string>;
}

export interface ControllerDefinition {
  readonly name: string;
  readonly start: (context: ControllerContext) => ControllerParts;
}

/** Makes a controller of its name (as events and the trace show it) and its parts. */
export const defineController = (name: string, start: ControllerDefinition['start']): ControllerDefinition => ({
  name,
  start,
});

/** Each object of a kind under a key of its own, or under several. */
export function every<T extends ApiObject>(
  kind: Kind<T>,
  keys: (object: T, old: T | undefined) => string | Iterable<string> | undefined = keyOf,
): KeyWatch {
  return {
    kind: kind as unknown as Kind,
    keys(event) {
      const { object, old } = event as unknown as WatchEvent<T>;
      const found = keys(object, old);
      return found === undefined ? [] : typeof found === 'string' ? [found] : found;
    },
  };
}

/** Objects of a kind under the key of the controller that owns them, before and after. */
export function ownedBy<T extends ApiObject>(kind: Kind<T>, owner: Kind): KeyWatch {
  const ownerKey = (object: ApiObject): string | undefined => {
    const reference = controllerOf(object);
    if (reference === undefined || reference.kind !== owner.names.kind) return undefined;
    const { namespace } = object.metadata;
    return namespace === undefined || !owner.namespaced ? reference.name : `${namespace}/${reference.name}`;
  };
  return every(kind, (object, old) => {
    const now = ownerKey(object);
    const before = old === undefined ? undefined : ownerKey(old);
    if (before !== undefined && before !== now) return now === undefined ? [before] : [before, now];
    return now;
  });
}

export interface RunOptions {
  readonly client: RegistryClient;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
}

/** Runs a controller until the result is called. */
export function runController(
  { name, start }: ControllerDefinition,
  { client, informers, clock, random, trace }: RunOptions,
): () => void {
  const queue = new WorkQueue(clock, trace, (key) => parts.sync(key));
  const parts = start({
    client,
    events: createEventRecorder({ client, clock, component: name }),
    clock,
    random,
    later: (key, delay) => queue.addAfter(key, delay),
  });
  const stops = parts.watches.map(({ kind, keys }) =>
    informers.on(kind, (event) => {
      for (const key of keys(event)) queue.add(key);
    }),
  );
  return () => {
    queue.stop();
    for (const stop of stops) stop();
  };
}

/**
 * How long a worker is busy with one key: reading, some requests, their answers. In recorded loops two writes of one
 * object by one controller are 3 to 30 ms apart.
 */
const BUSY = 10;

/** client-go workqueue.DefaultTypedControllerRateLimiter: 5 ms, doubled each time, at most 1,000 s. */
const RETRY_FIRST = 5;
const RETRY_MOST = 1_000_000;

/**
 * Keys to be synced, each once however often it was added. All that are due at one instant run in one timer, each under
 * the cause that added it first. While a worker is busy with a key it is not synced again.
 */
export class WorkQueue {
  readonly #waiting = new Map<string, number>();
  readonly #busyUntil = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  /** When a delayed sync of the key is due. */
  readonly #delayed = new Map<string, number>();
  #draining = false;
  #stopped = false;

  constructor(
    readonly clock: Clock,
    readonly trace: Trace,
    readonly sync: (key: string) => Outcome | void,
  ) {}

  add(key: string): void {
    if (this.#stopped || this.#waiting.has(key)) return;
    const busy = this.#busyUntil.get(key);
    if (busy !== undefined && busy > this.clock.now) {
      this.addAfter(key, busy - this.clock.now);
      return;
    }
    this.#waiting.set(key, this.trace.current);
    if (this.#draining) return;
    this.#draining = true;
    this.clock.setTimer(0, () => this.#drain());
  }

  /** Of several delays for one key the earliest counts; later ones are asked for again by the sync itself. */
  addAfter(key: string, delay: number): void {
    if (this.#stopped) return;
    const at = this.clock.now + delay;
    const known = this.#delayed.get(key);
    if (known !== undefined && known <= at) return;
    this.#delayed.set(key, at);
    this.clock.setTimer(delay, () => {
      if (this.#delayed.get(key) !== at) return;
      this.#delayed.delete(key);
      this.add(key);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
  }

  #drain(): void {
    this.#draining = false;
    const now = [...this.#waiting];
    this.#waiting.clear();
    for (const [key, cause] of now) {
      if (this.#stopped) return;
      this.#busyUntil.set(key, this.clock.now + BUSY);
      this.trace.within(cause, () => this.#run(key));
    }
    if (this.#busyUntil.size > 1000) {
      for (const [key, until] of this.#busyUntil) if (until <= this.clock.now) this.#busyUntil.delete(key);
    }
  }

  #run(key: string): void {
    this.#came(key, this.sync(key) ?? undefined);
  }

  #came(key: string, outcome: Outcome): void {
    if (typeof outcome === 'function') this.clock.goOn(() => this.#came(key, outcome()));
    else if (outcome === 'retry') {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.addAfter(key, Math.min(RETRY_FIRST * 2 ** failures, RETRY_MOST));
    } else if (this.#failures.size > 0) {
      this.#failures.delete(key);
    }
  }
}
