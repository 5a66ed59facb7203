import type { Clock } from '../../sim/clock';
import type { Lease, Lessor } from '../etcd/lease';

/** --event-ttl, in seconds. */
const TTL = 3600;
/** etcd3 leaseManager: a lease serves a while, and so many objects; each lives that much longer than it should. */
const REUSE = { seconds: 60, objects: 1000 };

/** The leases under which events are stored: pkg/registry/core/event with k8s.io/apiserver/pkg/storage/etcd3 leaseManager. */
export class EventLeases {
  #current: Lease | undefined;
  #granted = 0;
  #used = 0;

  constructor(
    readonly clock: Clock,
    readonly lessor: Lessor,
  ) {}

  /** The lease for an event that is written now. */
  get(): number | undefined {
    const age = (this.clock.now - this.#granted) / 1000;
    const usable = this.#current !== undefined && age < REUSE.seconds && this.#used < REUSE.objects;
    if (!usable) {
      this.#current = this.lessor.grant(TTL + REUSE.seconds);
      this.#granted = this.clock.now;
      this.#used = 0;
    }
    this.#used++;
    return this.#current?.id;
  }
}
