import type { Clock, Timer } from '../../sim/clock';
import type { Trace } from '../../sim/trace';
import type { EtcdStore } from './store';

/** Keys that live no longer than somebody keeps them alive. */
export interface Lease {
  readonly id: number;
  /** Seconds that were granted. */
  readonly ttl: number;
  /** When it ends. Virtual milliseconds. */
  readonly expires: number;
  readonly keys: ReadonlySet<string>;
}

interface Granted {
  readonly id: number;
  readonly ttl: number;
  expires: number;
  timer: Timer;
  readonly keys: Set<string>;
}

/** etcd's lessor: grants leases, lets go of what hangs on those that end. */
export class Lessor {
  readonly #leases = new Map<number, Granted>();
  #next: number;

  constructor(
    readonly store: EtcdStore,
    readonly clock: Clock,
    readonly trace: Trace,
    /** Ids begin here; real ones are 63 random bits. */
    first = 0x694d,
  ) {
    this.#next = first;
    // A key belongs to the lease of its last write.
    store.subscribe(({ key, current, previous }) => {
      if (previous?.lease !== undefined) this.#leases.get(previous.lease)?.keys.delete(key);
      if (current?.lease !== undefined) this.#leases.get(current.lease)?.keys.add(key);
    });
  }

  /** Undefined where the id is taken. */
  grant(ttl: number, id = this.#next++): Lease | undefined {
    if (this.#leases.has(id)) return undefined;
    const lease: Granted = { id, ttl, expires: 0, timer: this.#timer(id, ttl), keys: new Set() };
    lease.expires = this.clock.now + ttl * 1000;
    this.#leases.set(id, lease);
    return lease;
  }

  get(id: number): Lease | undefined {
    return this.#leases.get(id);
  }

  list(): readonly Lease[] {
    return [...this.#leases.values()];
  }

  /** Begins anew with the time that was granted; undefined where there is no such lease. */
  keepAlive(id: number): Lease | undefined {
    const lease = this.#leases.get(id);
    if (lease === undefined) return undefined;
    this.clock.cancel(lease.timer);
    lease.timer = this.#timer(id, lease.ttl);
    lease.expires = this.clock.now + lease.ttl * 1000;
    return lease;
  }

  /** Ends a lease; its keys go in one revision. False where there is no such lease. */
  revoke(id: number): boolean {
    const lease = this.#leases.get(id);
    if (lease === undefined) return false;
    this.#leases.delete(id);
    this.clock.cancel(lease.timer);
    const keys = [...lease.keys].sort();
    if (keys.length === 0) return true;
    const span = this.trace.record('etcd', 'lease expired', `lease/${id.toString(16)}`);
    this.store.write(
      keys.map((key) => ({ key })),
      span.id,
    );
    return true;
  }

  #timer(id: number, ttl: number): Timer {
    return this.clock.setTimer(ttl * 1000, () => this.revoke(id), { background: true });
  }
}
