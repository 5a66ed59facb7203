import { type Job, type JobCondition } from '../../api/batch/job';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { selectorMatcher } from '../../apimachinery/selector-matcher';
import { parseTime, timeOf } from '../../apimachinery/time';
import type { ControllerContext } from '../controller';
import { claim, isActive, isReady } from '../pods';
import { nextRecord, remainingTime, type BackoffRecord } from './backoff';
import { conditionOf, ensureCondition, newCondition } from './conditions';
import { failuresOf, IGNORED_FAILURES, indexOf, isIndexed, parseIndexes } from './indexes';
import { Manager } from './manage';
import { finishTime, isFailed, isTerminating, isTracked } from './pods';
import { failureVerdict, isCounted, successPolicyMet } from './policies';
import { track } from './tracking';

/** One look at one job (syncJob). */
export class Sync {
  readonly #context: ControllerContext;
  readonly #key: string;
  readonly #job: Job;
  readonly #records: Map<string, BackoffRecord>;
  readonly #pods: readonly Pod[];

  constructor(context: ControllerContext, key: string, job: Job, records: Map<string, BackoffRecord>) {
    this.#context = context;
    this.#key = key;
    this.#job = job;
    this.#records = records;
    const matches = selectorMatcher(job.spec.selector ?? {});
    this.#pods = claim({
      client: context.client,
      kind: podKind,
      owner: job,
      matches: ({ metadata }) => matches(metadata.labels),
    });
  }

  /** True where a request failed. */
  run(): boolean {
    const { clock, events } = this.#context;
    const job = this.#job;
    const { spec } = job;
    const at = timeOf(clock.now);
    const active = this.#pods.filter(isActive);
    const succeededPods = this.#uncounted('succeeded').filter(({ status }) => status.phase === 'Succeeded');
    const failedPods = this.#uncounted('failed').filter((each) => isFailed(each, job));
    const waiting = job.status.uncountedTerminatedPods ?? {};
    let succeeded = (job.status.succeeded ?? 0) + succeededPods.length + (waiting.succeeded?.length ?? 0);
    const failed =
      (job.status.failed ?? 0) +
      failedPods.filter((each) => isCounted(job, each)).length +
      (waiting.failed?.length ?? 0);
    const suspended = spec.suspend === true;
    let { startTime } = job.status;
    if (!suspended) startTime ??= at;
    const record = nextRecord(this.#records.get(this.#key), succeededPods, failedPods);

    let ending = this.#decided(at) ?? this.#failure(failed, startTime, at);
    const previous = parseIndexes(job.status.completedIndexes, spec.completions ?? 0);
    const succeededIndexes = new Set(previous);
    let failedIndexes: Set<number> | undefined;
    let delayed: ReadonlyMap<number, Pod> = new Map();
    if (isIndexed(job)) {
      for (const each of this.#pods)
        if (each.status.phase === 'Succeeded' && isTracked(each) && this.#isValid(each))
          succeededIndexes.add(indexOf(each));
      succeeded = succeededIndexes.size;
      if (spec.backoffLimitPerIndex !== undefined) {
        failedIndexes = this.#failedIndexes(spec.backoffLimitPerIndex);
        ending ??= this.#indexFailure(failedIndexes.size, succeeded, at);
        delayed = this.#delayed(active, succeededIndexes, failedIndexes);
      }
      if (ending === undefined) {
        const met = successPolicyMet(job, succeededIndexes);
        if (met !== undefined) ending = newCondition('SuccessCriteriaMet', 'SuccessPolicy', met, at);
      }
    }

    const manager = new Manager(this.#context, job, this.#pods, active, {
      succeeded,
      succeededIndexes,
      failedIndexes,
      delayed,
      wait: () => remainingTime(record, clock.now),
      later: (delay) => this.#context.later(this.#key, Math.max(delay, 1000)),
    });
    let { conditions = [] } = job.status;
    if (ending !== undefined) {
      // While not all could be deleted the job is not at its end.
      if (manager.deleteActive() !== active.length) ending = undefined;
    } else {
      const managed = job.metadata.deletionTimestamp === undefined;
      if (managed) manager.manage();
      const { completions } = spec;
      const enough = completions === undefined ? succeeded > 0 : succeeded >= completions;
      if (enough && manager.active === 0) {
        const text = 'Reached expected number of succeeded pods';
        ending = newCondition('SuccessCriteriaMet', 'CompletionsReached', text, at);
      } else if (managed) {
        const next = suspended
          ? ensureCondition(conditions, { ...newCondition('Suspended', 'JobSuspended', 'Job suspended', at) })
          : ensureCondition(conditions, {
              ...newCondition('Suspended', 'JobResumed', 'Job resumed', at),
              status: 'False',
            });
        if (next !== conditions) {
          conditions = next;
          if (suspended) events.event(job, 'Normal', 'Suspended', 'Job suspended');
          else {
            events.event(job, 'Normal', 'Resumed', 'Job resumed');
            startTime = at;
          }
        }
      }
    }
    const ok = track(this.#context, {
      job,
      pods: this.#pods,
      ending,
      previousIndexes: previous,
      succeededIndexes,
      failedIndexes,
      delayed,
      terminating: this.#pods.filter(isTerminating).length + manager.deleted,
      status: {
        ...job.status,
        ...(conditions.length === 0 ? {} : { conditions }),
        ...(startTime === undefined ? {} : { startTime }),
        active: manager.active,
        ready: active.filter(isReady).length - manager.deletedReady,
        terminating: this.#pods.filter(isTerminating).length + manager.deleted,
      },
      flushed: () => this.#records.set(this.#key, record),
    });
    return !ok || manager.failed;
  }

  /** Whether a pod of an indexed job works on one of its indexes. */
  #isValid(each: Pod): boolean {
    const index = indexOf(each);
    return index >= 0 && index < (this.#job.spec.completions ?? 0);
  }

  /** getValidPodsWithFilter */
  #uncounted(which: 'succeeded' | 'failed'): readonly Pod[] {
    const counted = new Set(this.#job.status.uncountedTerminatedPods?.[which]);
    return this.#pods.filter(
      (each) => isTracked(each) && !counted.has(each.metadata.uid) && (!isIndexed(this.#job) || this.#isValid(each)),
    );
  }

  /** What an earlier sync decided, or a rule of the job's failure policy. */
  #decided(at: string): JobCondition | undefined {
    const { conditions = [] } = this.#job.status;
    const met = conditionOf(conditions, 'SuccessCriteriaMet');
    if (met?.status === 'True') return met;
    const target = conditionOf(conditions, 'FailureTarget');
    if (target?.status === 'True') return newCondition('Failed', target.reason ?? '', target.message ?? '', at);
    for (const each of this.#pods) {
      if (!isFailed(each, this.#job)) continue;
      const verdict = failureVerdict(this.#job, each);
      if (verdict?.action === 'FailJob') return newCondition('FailureTarget', 'PodFailurePolicy', verdict.message, at);
    }
    return undefined;
  }

  #failure(failed: number, startTime: string | undefined, at: string): JobCondition | undefined {
    const { spec } = this.#job;
    const limit = spec.backoffLimit ?? 6;
    if (failed > limit || this.#restartedTooOften(limit))
      return newCondition('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit', at);
    if (spec.activeDeadlineSeconds !== undefined && startTime !== undefined && spec.suspend !== true) {
      const left = parseTime(startTime) + spec.activeDeadlineSeconds * 1000 - this.#context.clock.now;
      if (left <= 0)
        return newCondition('FailureTarget', 'DeadlineExceeded', 'Job was active longer than specified deadline', at);
      this.#context.later(this.#key, left);
    }
    return undefined;
  }

  /** pastBackoffLimitOnFailure */
  #restartedTooOften(limit: number): boolean {
    if (this.#job.spec.template.spec.restartPolicy !== 'OnFailure') return false;
    let restarts = 0;
    for (const { status } of this.#pods) {
      if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
      for (const each of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
        restarts += each.restartCount;
    }
    return limit === 0 ? restarts > 0 : restarts >= limit;
  }

  /** calculateFailedIndexes */
  #failedIndexes(limit: number): Set<number> {
    const failed = parseIndexes(this.#job.status.failedIndexes, this.#job.spec.completions ?? 0);
    for (const each of this.#pods) {
      if (!isTracked(each) || !this.#isValid(each) || !isFailed(each, this.#job)) continue;
      const action = failureVerdict(this.#job, each)?.action;
      if (action === 'FailIndex' || (action !== 'Ignore' && failuresOf(each) >= limit)) failed.add(indexOf(each));
    }
    return failed;
  }

  #indexFailure(failed: number, succeeded: number, at: string): JobCondition | undefined {
    const { maxFailedIndexes, completions = 0 } = this.#job.spec;
    if (maxFailedIndexes !== undefined && failed > maxFailedIndexes) {
      const text = 'Job has exceeded the specified maximal number of failed indexes';
      return newCondition('FailureTarget', 'MaxFailedIndexesExceeded', text, at);
    }
    return failed > 0 && succeeded + failed >= completions
      ? newCondition('FailureTarget', 'FailedIndexes', 'Job has failed indexes', at)
      : undefined;
  }

  /** getPodsWithDelayedDeletionPerIndex: of each index that waits for a new pod the one that failed last. */
  #delayed(
    active: readonly Pod[],
    succeeded: ReadonlySet<number>,
    failed: ReadonlySet<number>,
  ): ReadonlyMap<number, Pod> {
    const running = new Set(active.map(indexOf));
    const total = (each: Pod): number => failuresOf(each) + failuresOf(each, IGNORED_FAILURES);
    const found = new Map<number, Pod>();
    for (const each of this.#pods) {
      if (!isTracked(each) || !this.#isValid(each) || !isFailed(each, this.#job)) continue;
      const index = indexOf(each);
      if (succeeded.has(index) || failed.has(index) || running.has(index)) continue;
      const before = found.get(index);
      if (before === undefined || (total(before) <= total(each) && finishTime(each) >= finishTime(before)))
        found.set(index, each);
    }
    return found;
  }
}
