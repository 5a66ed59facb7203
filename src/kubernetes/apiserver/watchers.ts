import type { Clock } from '../../sim/clock';
import { latencies } from '../../sim/latencies';
import type { Trace } from '../../sim/trace';
import type { ApiObject } from '../apimachinery/object';
import { eachValue, hasValue, type Cacher } from './cacher';
import type { Actor, Watch, WatchEvent, WatchOptions } from './registry';

type AnyEvent = WatchEvent;

/** One open watch. */
interface Watcher {
  readonly actor: Actor;
  readonly handler: (event: AnyEvent) => void;
  /** What could not be delivered while the actor was cut off. */
  held: AnyEvent[] | undefined;
  stopped: boolean;
}

/** What arrives at one instant. */
interface Batch {
  readonly at: number;
  readonly queue: { readonly watcher: Watcher; readonly event: AnyEvent }[];
}

/** While somebody cannot reach the server, how often to see whether they can again. */
const RETRY = 1000;

/** So many events are handed over in one turn of the thread. */
const AT_ONCE = 200;

/** Hands events to watchers through the clock: everything written at one instant arrives together, in order. */
export class WatchDelivery {
  #due: Batch | undefined;
  readonly #cutOff = new Set<Watcher>();
  #retrying = false;

  constructor(
    readonly clock: Clock,
    readonly trace: Trace,
  ) {}

  enqueue(watcher: Watcher, event: AnyEvent): void {
    const at = this.clock.now + latencies.watch;
    let due = this.#due;
    if (due?.at !== at) {
      const batch: Batch = { at, queue: [] };
      this.#due = due = batch;
      this.clock.setTimer(latencies.watch, () => this.#deliver(batch));
    }
    due.queue.push({ watcher, event });
  }

  #deliver(batch: Batch): void {
    if (this.#due === batch) this.#due = undefined;
    this.#deliverFrom(batch, 0);
  }

  /** What arrives at one instant is handed over before anything else happens, but not in one breath. */
  #deliverFrom({ queue, at }: Batch, start: number): void {
    const end = Math.min(start + AT_ONCE, queue.length);
    for (let index = start; index < end; index++) {
      const next = queue[index];
      if (next !== undefined) this.#hand(next.watcher, next.event);
    }
    if (end < queue.length) this.clock.goOn(() => this.#deliverFrom({ queue, at }, end));
  }

  #hand(watcher: Watcher, event: AnyEvent): void {
    if (watcher.stopped) return;
    if (watcher.held !== undefined || watcher.actor.connected?.() === false) {
      if (watcher.held === undefined || !this.#flush(watcher)) {
        (watcher.held ??= []).push(event);
        this.#cutOff.add(watcher);
        this.#retry();
        return;
      }
    }
    this.trace.within(event.cause, () => watcher.handler(event));
  }

  #flush(watcher: Watcher): boolean {
    if (watcher.actor.connected?.() === false) return false;
    const held = watcher.held ?? [];
    watcher.held = undefined;
    this.#cutOff.delete(watcher);
    for (const event of held) this.#hand(watcher, event);
    return true;
  }

  #retry(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    this.clock.setTimer(
      RETRY,
      () => {
        this.#retrying = false;
        for (const watcher of [...this.#cutOff])
          if (watcher.stopped || this.#flush(watcher)) this.#cutOff.delete(watcher);
        if (this.#cutOff.size > 0) this.#retry();
      },
      { background: true },
    );
  }
}

/** The watches of one kind, filed so that an event only touches those that want it. */
export class Watchers {
  /** How many events there were. */
  published = 0;
  readonly #all = new Set<Watcher>();
  readonly #namespaces = new Map<string, Set<Watcher>>();
  readonly #indexes = new Map<string, Map<string, Set<Watcher>>>();

  constructor(
    readonly cacher: Cacher,
    readonly delivery: WatchDelivery,
  ) {}

  add(actor: Actor, options: WatchOptions, handler: (event: AnyEvent) => void, past: readonly AnyEvent[]): Watch {
    const watcher: Watcher = { actor, handler, held: undefined, stopped: false };
    for (const event of past) this.#offer(watcher, options, event);
    const set = this.#setFor(options);
    set.add(watcher);
    return {
      stop: () => {
        watcher.stopped = true;
        set.delete(watcher);
      },
    };
  }

  /** An event just happened. */
  publish(event: AnyEvent): void {
    this.published++;
    for (const watcher of this.#all) this.delivery.enqueue(watcher, event);
    const { namespace } = event.object.metadata;
    if (namespace !== undefined && this.#namespaces.size > 0)
      for (const watcher of this.#namespaces.get(namespace) ?? []) this.delivery.enqueue(watcher, event);

    for (const [index, watched] of this.#indexes) {
      const after = event.type === 'DELETED' ? undefined : this.cacher.indexValues(index, event.object);
      const old = event.type === 'DELETED' ? event.object : event.old;
      const before = old === undefined ? undefined : this.cacher.indexValues(index, old);
      eachValue(before, (value) => {
        const watchers = watched.get(value);
        if (watchers === undefined || watchers.size === 0) return;
        const seen = hasValue(after, value) ? event : left(event);
        for (const watcher of watchers) this.delivery.enqueue(watcher, seen);
      });
      eachValue(after, (value) => {
        if (hasValue(before, value)) return;
        const watchers = watched.get(value);
        if (watchers === undefined || watchers.size === 0) return;
        const seen = entered(event);
        for (const watcher of watchers) this.delivery.enqueue(watcher, seen);
      });
    }
  }

  /** The same choice for one watcher and an event of the past. */
  #offer(watcher: Watcher, { namespace, by }: WatchOptions, event: AnyEvent): void {
    if (namespace !== undefined && event.object.metadata.namespace !== namespace) return;
    if (by === undefined) return this.delivery.enqueue(watcher, event);
    const has = (object: ApiObject | undefined): boolean =>
      object !== undefined && hasValue(this.cacher.indexValues(by.index, object), by.value);
    const after = event.type !== 'DELETED' && has(event.object);
    const before = event.type === 'DELETED' ? has(event.object) : has(event.old);
    if (after) this.delivery.enqueue(watcher, before ? event : entered(event));
    else if (before) this.delivery.enqueue(watcher, left(event));
  }

  #setFor({ namespace, by }: WatchOptions): Set<Watcher> {
    if (by !== undefined) {
      let values = this.#indexes.get(by.index);
      if (values === undefined) this.#indexes.set(by.index, (values = new Map<string, Set<Watcher>>()));
      return obtain(values, by.value);
    }
    return namespace === undefined ? this.#all : obtain(this.#namespaces, namespace);
  }
}

function obtain(sets: Map<string, Set<Watcher>>, key: string): Set<Watcher> {
  let set = sets.get(key);
  if (set === undefined) sets.set(key, (set = new Set<Watcher>()));
  return set;
}

/** For a watch that filters, an object that no longer matches is gone: its last state that did, at the new revision. */
function left(event: AnyEvent): AnyEvent {
  if (event.type === 'DELETED' || event.old === undefined) return event;
  const object = {
    ...event.old,
    metadata: { ...event.old.metadata, resourceVersion: event.object.metadata.resourceVersion },
  };
  return { ...event, type: 'DELETED', object };
}

function entered(event: AnyEvent): AnyEvent {
  if (event.type === 'ADDED') return event;
  const { object, revision, cause } = event;
  return { type: 'ADDED', object, revision, cause };
}
