import type { Clock } from '../../sim/clock';
import type { Pod } from '../api/core/pod';

/** A pod that waits for a node. */
export interface QueuedPod {
  pod: Pod;
  /** When it came into the queue, for the order among equal priorities. */
  readonly since: number;
  readonly order: number;
  attempts: number;
  /** Virtual milliseconds before which it is not tried again. */
  notBefore: number;
  state: 'active' | 'backoff' | 'unschedulable';
  /** The span that made it active. */
  cause: number;
}

/** Scheduler configuration: podInitialBackoffSeconds and podMaxBackoffSeconds. */
const BACKOFF_FIRST = 1000;
const BACKOFF_MOST = 10_000;

/**
 * The scheduling queue (pkg/scheduler/backend/queue): active pods in order of priority, pods that back off, and pods that
 * wait for the cluster to change. `ready` is called when there is something active.
 */
export class SchedulingQueue {
  readonly #pods = new Map<string, QueuedPod>();
  #active: QueuedPod[] = [];
  #sorted = true;
  #order = 0;

  constructor(
    readonly clock: Clock,
    readonly cause: () => number,
    readonly ready: () => void,
  ) {}

  /** Takes a pod in, or its new version. A change of what was asked for ends the waiting. */
  put(pod: Pod, changed: boolean): void {
    const { uid } = pod.metadata;
    const known = this.#pods.get(uid);
    if (known === undefined) {
      const { now } = this.clock;
      const queued: QueuedPod = {
        pod,
        since: now,
        order: this.#order++,
        attempts: 0,
        notBefore: now,
        state: 'active',
        cause: this.cause(),
      };
      this.#pods.set(uid, queued);
      this.#activate(queued);
      return;
    }
    known.pod = pod;
    if (changed && known.state === 'unschedulable') this.#release(known);
  }

  delete(uid: string): void {
    const known = this.#pods.get(uid);
    if (known === undefined) return;
    this.#pods.delete(uid);
    if (known.state === 'active') this.#active = this.#active.filter((queued) => queued !== known);
  }

  /** The first active pod; it is out of the queue's hands until `failed` or `delete`. */
  pop(): QueuedPod | undefined {
    if (!this.#sorted) {
      this.#active.sort(lastFirst);
      this.#sorted = true;
    }
    const queued = this.#active.pop();
    if (queued !== undefined) queued.attempts += 1;
    return queued;
  }

  /** Nothing to be had for this pod now: it waits for a change. */
  failed(queued: QueuedPod): void {
    if (this.#pods.get(queued.pod.metadata.uid) !== queued) return;
    queued.state = 'unschedulable';
    queued.notBefore = this.clock.now + Math.min(BACKOFF_FIRST * 2 ** (queued.attempts - 1), BACKOFF_MOST);
  }

  /** Tries again after the back-off, without waiting for a change (an error that was not the cluster's fault). */
  retry(queued: QueuedPod): void {
    this.failed(queued);
    this.#release(queued);
  }

  /** The cluster changed: whoever waited, and whom it may concern, may try again. */
  moveAll(concerns: (queued: QueuedPod) => boolean = () => true): void {
    for (const queued of this.#pods.values())
      if (queued.state === 'unschedulable' && concerns(queued)) this.#release(queued);
  }

  get waiting(): number {
    return this.#pods.size;
  }

  #release(queued: QueuedPod): void {
    queued.cause = this.cause();
    const delay = queued.notBefore - this.clock.now;
    if (delay <= 0) {
      this.#activate(queued);
      return;
    }
    queued.state = 'backoff';
    this.clock.setTimer(delay, () => {
      if (queued.state === 'backoff' && this.#pods.get(queued.pod.metadata.uid) === queued) this.#activate(queued);
    });
  }

  #activate(queued: QueuedPod): void {
    queued.state = 'active';
    this.#active.push(queued);
    this.#sorted = false;
    this.ready();
  }
}

/** Priority, then time in the queue; the next one last. */
const lastFirst = (a: QueuedPod, b: QueuedPod): number =>
  (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) || b.since - a.since || b.order - a.order;
