import type { Job } from '../../api/batch/job';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { parseTime } from '../../apimachinery/time';
import type { ControllerContext } from '../controller';
import { isReady, readySince } from '../pods';
import { remainingTime } from './backoff';
import { failuresOf, IGNORED_FAILURES, indexOf, isIndexed, pendingIndexes } from './indexes';
import { finishTime, isTerminating, jobPod, waitsForEnd } from './pods';
import { untrack } from './orphans';
import { isCounted } from './policies';

/** At most so many pods in one sync. */
const BURST = 500;

/** What a sync found out before. */
interface Known {
  readonly succeeded: number;
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number> | undefined;
  /** The pod that failed last, by index. */
  readonly delayed: ReadonlyMap<number, Pod>;
  /** How long no pod is made. Virtual milliseconds. */
  readonly wait: () => number;
  readonly later: (delay: number) => void;
}

/** manageJob: as many active pods as there may be. */
export class Manager {
  active: number;
  deleted = 0;
  deletedReady = 0;
  failed = false;

  constructor(
    readonly context: ControllerContext,
    readonly job: Job,
    readonly pods: readonly Pod[],
    readonly activePods: readonly Pod[],
    readonly known: Known,
  ) {
    this.active = activePods.length;
  }

  /** deleteActivePods: they are counted when they have lost their finalizer. How many are gone. */
  deleteActive(): number {
    for (const each of this.activePods) this.#delete(each);
    return this.deleted;
  }

  manage(): void {
    const { spec } = this.job;
    if (spec.suspend === true) {
      for (const each of this.#surplus(this.active)) this.#remove(each);
      return;
    }
    const parallelism = spec.parallelism ?? 1;
    const wanted =
      spec.completions === undefined
        ? this.known.succeeded > 0
          ? this.active
          : parallelism
        : Math.max(0, Math.min(spec.completions - this.known.succeeded, parallelism));
    const surplus = this.#surplus(Math.max(this.active - wanted, 0)).slice(0, BURST);
    if (surplus.length > 0) {
      for (const each of surplus) this.#remove(each);
      return;
    }
    const leaving = waitsForEnd(this.job) ? this.pods.filter(isTerminating) : [];
    const missing = wanted - leaving.length - this.active;
    if (missing > 0) this.#create(Math.min(missing, BURST), leaving);
  }

  #create(missing: number, leaving: readonly Pod[]): void {
    const { job, known } = this;
    const perIndex = job.spec.backoffLimitPerIndex !== undefined;
    const hold = (delay: number): void => {
      known.later(delay);
      this.active = 0;
    };
    const wait = perIndex ? 0 : known.wait();
    if (wait > 0) return hold(wait);
    if (!isIndexed(job)) {
      for (let index = 0; index < missing; index++) if (!this.#make(undefined)) return;
      return;
    }
    const taken = new Set([...known.succeededIndexes, ...(known.failedIndexes ?? [])]);
    for (const each of [...this.activePods, ...leaving]) taken.add(indexOf(each));
    let indexes = pendingIndexes(taken, missing, job.spec.completions ?? 0);
    if (perIndex) {
      const waits = indexes.map((index) => this.#waitOf(index));
      const least = Math.min(...waits);
      if (indexes.length > 0 && least > 0) return hold(least);
      indexes = indexes.filter((_, at) => waits[at] === 0);
    }
    for (const index of indexes) {
      const last = known.delayed.get(index);
      if (!perIndex) {
        if (!this.#make({ index })) return;
        continue;
      }
      const counted = last !== undefined && isCounted(job, last);
      const failures = last === undefined ? 0 : failuresOf(last) + (counted ? 1 : 0);
      const ignoredFailures = last === undefined ? 0 : failuresOf(last, IGNORED_FAILURES) + (counted ? 0 : 1);
      if (!this.#make({ index, failures, ignoredFailures })) return;
    }
  }

  /** getRemainingTimePerIndex */
  #waitOf(index: number): number {
    const last = this.known.delayed.get(index);
    if (last === undefined) return 0;
    const failures = failuresOf(last) + failuresOf(last, IGNORED_FAILURES) + 1;
    return remainingTime({ failures, last: finishTime(last) }, this.context.clock.now);
  }

  #make(indexed: Parameters<typeof jobPod>[1]): boolean {
    const { client, events } = this.context;
    const made = client.create(podKind, jobPod(this.job, indexed));
    if (made.ok) {
      this.active++;
      events.event(this.job, 'Normal', 'SuccessfulCreate', `Created pod: ${made.value.metadata.name}`);
    } else {
      this.failed = true;
      events.event(this.job, 'Warning', 'FailedCreate', `Error creating: ${made.error.message}`);
    }
    return made.ok;
  }

  /** activePodsForRemoval: what has no index of its own, then those that got least far. */
  #surplus(least: number): readonly Pod[] {
    const { job } = this;
    const gone: Pod[] = [];
    let left = [...this.activePods];
    if (isIndexed(job)) {
      const byIndex = new Map<number, Pod[]>();
      for (const each of left.sort((a, b) => indexOf(a) - indexOf(b)))
        byIndex.set(indexOf(each), [...(byIndex.get(indexOf(each)) ?? []), each]);
      left = [];
      for (const [index, pods] of byIndex) {
        const invalid = index < 0 || index >= (job.spec.completions ?? 0);
        const sorted = pods.sort(byProgress);
        if (!invalid) left.push(...sorted.splice(-1));
        gone.push(...sorted);
      }
    }
    return least <= gone.length ? gone : [...gone, ...left.sort(byProgress).slice(0, least - gone.length)];
  }

  /** deleteJobPods: they do not count as failures. */
  #remove(each: Pod): void {
    untrack(this.context.client, each);
    this.#delete(each);
  }

  #delete(each: Pod): void {
    const { client, events } = this.context;
    const { namespace, name, uid } = each.metadata;
    const gone = client.delete(podKind, namespace, name, { preconditions: { uid } });
    if (!gone.ok && gone.error.code !== 404) {
      this.failed = true;
      events.event(this.job, 'Warning', 'FailedDelete', `Error deleting: ${gone.error.message}`);
      return;
    }
    this.active--;
    this.deleted++;
    if (isReady(each)) this.deletedReady++;
    if (gone.ok) events.event(this.job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  }
}

const phases = ['Pending', 'Unknown', 'Running'];

/** controller.ActivePods: unscheduled, pending and unready pods, then those restarted most and the youngest. */
function byProgress(a: Pod, b: Pod): number {
  const [one, other] = [rank(a), rank(b)];
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

const rank = (each: Pod): readonly number[] => [
  each.spec.nodeName === undefined ? 0 : 1,
  phases.indexOf(each.status.phase ?? 'Pending'),
  isReady(each) ? 1 : 0,
  isReady(each) ? -readySince(each) : 0,
  -Math.max(0, ...(each.status.containerStatuses ?? []).map(({ restartCount }) => restartCount)),
  -parseTime(each.metadata.creationTimestamp),
];
