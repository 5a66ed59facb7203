import { isJobFinished, job as jobKind, type Job, type JobCondition, type JobStatus } from '../../api/batch/job';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { equal } from '../../apimachinery/equal';
import { controllerOf, keyOf, splitKey } from '../../apimachinery/object';
import { selectorMatcher } from '../../apimachinery/selector-matcher';
import { parseTime, timeOf } from '../../apimachinery/time';
import type { RegistryClient } from '../../apiserver/registry';
import { defineController, every, ownedBy, type ControllerContext, type Outcome } from '../controller';
import { claim, deletionOrder, isActive, isReady } from '../pods';
import {
  failuresOf,
  formatIndexes,
  IGNORED_FAILURES,
  indexOf,
  isIndexed,
  parseIndexes,
  pendingIndexes,
} from './indexes';
import { finishTime, isFailed, isTerminating, isTracked, jobPod, TRACKING } from './pods';
import { failureVerdict, successPolicyMet } from './policies';

/** The delay before a failed pod is replaced: doubled each time. Virtual milliseconds. */
const BACKOFF = 10_000;
const BACKOFF_MOST = 600_000;
/** At most so many pods in one sync. */
const BURST = 500;
const OURS = 'kubernetes.io/job-controller';

/** Runs pods to completion. Upstream: pkg/controller/job/job_controller.go */
export const jobController = defineController('job-controller', (context) => {
  const { client } = context;
  return {
    watches: [
      every(jobKind),
      ownedBy(podKind, jobKind),
      every(podKind, (orphan) => (controllerOf(orphan) === undefined ? adopters(client, orphan) : undefined)),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(jobKind, namespace, name);
      if (found === undefined) {
        forgetOrphans(client, namespace ?? '');
        return undefined;
      }
      if (found.spec.managedBy !== undefined && found.spec.managedBy !== OURS) return undefined;
      return new Sync(context, key, found).run();
    },
  };
});

const adopters = (client: RegistryClient, { metadata: { labels, namespace } }: Pod): readonly string[] =>
  labels === undefined
    ? []
    : client
        .list(jobKind, { namespace, matches: ({ spec }) => selectorMatcher(spec.selector ?? {})(labels) })
        .map((each) => keyOf(each));

/** Pods whose job has gone need not be counted any more. */
function forgetOrphans(client: RegistryClient, namespace: string): void {
  for (const each of client.list(podKind, { namespace, matches: isTracked })) {
    const owner = controllerOf(each);
    const job = owner === undefined ? undefined : client.get(jobKind, namespace, owner.name);
    if (job === undefined || job.metadata.uid !== owner?.uid) untrack(client, each);
  }
}

function untrack(client: RegistryClient, { metadata: { namespace, name, uid } }: Pod): void {
  client.mutate(podKind, namespace, name, (now) => {
    if (now.metadata.uid !== uid || !isTracked(now)) return now;
    const { finalizers = [], ...rest } = now.metadata;
    const left = finalizers.filter((each) => each !== TRACKING);
    return { ...now, metadata: left.length === 0 ? rest : { ...rest, finalizers: left } };
  });
}

interface Ending {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** One look at one job. */
class Sync {
  readonly #context: ControllerContext;
  readonly #key: string;
  readonly #job: Job;
  readonly #pods: readonly Pod[];
  #active: readonly Pod[];
  #deleted = 0;
  #created = 0;
  #retry = false;
  #succeededIndexes = new Set<number>();
  #failedIndexes: Set<number> | undefined;

  constructor(context: ControllerContext, key: string, job: Job) {
    this.#context = context;
    this.#key = key;
    this.#job = job;
    const matches = selectorMatcher(job.spec.selector ?? {});
    this.#pods = claim({
      client: context.client,
      kind: podKind,
      owner: job,
      matches: ({ metadata }) => matches(metadata.labels),
    });
    this.#active = this.#pods.filter(isActive);
  }

  run(): Outcome {
    const { client } = this.#context;
    const job = this.#job;
    if (isJobFinished(job)) {
      for (const each of this.#pods) if (isTracked(each) && !isActive(each)) untrack(client, each);
      return undefined;
    }
    const { spec, status: before } = job;
    const tracked = this.#pods.filter(isTracked);
    const verdicts = new Map(
      tracked.filter((each) => isFailed(each, job)).map((each) => [each, failureVerdict(job, each)]),
    );
    const succeededPods = tracked.filter(({ status }) => status.phase === 'Succeeded');
    const failedPods = [...verdicts.keys()];
    const failedCount = failedPods.filter((each) => verdicts.get(each)?.action !== 'Ignore').length;
    let succeeded = (before.succeeded ?? 0) + succeededPods.length;
    const failed = (before.failed ?? 0) + failedCount;
    if (isIndexed(job)) {
      this.#countIndexes(succeededPods, failedPods, verdicts);
      succeeded = this.#succeededIndexes.size;
    }

    const suspended = spec.suspend === true;
    const startTime = suspended ? undefined : (before.startTime ?? timeOf(this.#context.clock.now));
    let ending = this.#targeted() ?? this.#failure(failed, startTime, verdicts);
    const met = ending === undefined ? successPolicyMet(job, this.#succeededIndexes) : undefined;
    if (met !== undefined) ending = { type: 'Complete', reason: 'SuccessPolicy', message: met };
    if (ending === undefined && this.#failedIndexes !== undefined) ending = this.#indexFailure(succeeded);

    if (ending !== undefined) this.#deletePods(this.#active);
    else if (suspended) this.#deletePods(this.#active);
    else if (job.metadata.deletionTimestamp === undefined) this.#manage(succeeded);
    if (ending === undefined && !suspended) ending = this.#completion(succeeded);

    // Whoever waits for its end is not there any more.
    const remaining = this.#active.length + this.#created - this.#deleted;
    const terminating = this.#pods.filter(isTerminating).length + this.#deleted;
    for (const each of [...succeededPods, ...failedPods]) untrack(client, each);
    if (ending !== undefined) for (const each of tracked) if (isTerminating(each)) untrack(client, each);

    const conditions = this.#conditions(ending, terminating, suspended);
    const complete = conditions.some(({ type }) => type === 'Complete');
    const status: JobStatus = {
      ...(conditions.length === 0 ? {} : { conditions }),
      ...(startTime === undefined ? {} : { startTime }),
      ...(complete ? { completionTime: timeOf(this.#context.clock.now) } : {}),
      ...(remaining === 0 ? {} : { active: remaining }),
      ...(succeeded === 0 ? {} : { succeeded }),
      ...(failed === 0 ? {} : { failed }),
      terminating,
      ...(isIndexed(job) && this.#succeededIndexes.size > 0
        ? { completedIndexes: formatIndexes(this.#succeededIndexes) }
        : {}),
      ...(this.#failedIndexes === undefined ? {} : { failedIndexes: formatIndexes(this.#failedIndexes) }),
      uncountedTerminatedPods: {},
      ready: ending === undefined && !suspended ? this.#active.filter(isReady).length : 0,
    };
    if (!equal(status, before))
      client.mutateStatus(jobKind, job.metadata.namespace, job.metadata.name, (now) => ({ ...now, status }));
    this.#tell(ending, conditions, suspended);
    return this.#retry ? 'retry' : undefined;
  }

  #countIndexes(
    succeededPods: readonly Pod[],
    failedPods: readonly Pod[],
    verdicts: ReadonlyMap<Pod, { readonly action: string } | undefined>,
  ): void {
    const { spec, status } = this.#job;
    const completions = spec.completions ?? 0;
    this.#succeededIndexes = parseIndexes(status.completedIndexes, completions);
    for (const each of succeededPods) {
      const index = indexOf(each);
      if (index >= 0 && index < completions) this.#succeededIndexes.add(index);
    }
    if (spec.backoffLimitPerIndex === undefined) return;
    const failed = (this.#failedIndexes = parseIndexes(status.failedIndexes, completions));
    for (const each of failedPods) {
      const action = verdicts.get(each)?.action;
      const index = indexOf(each);
      if (index < 0 || action === 'Ignore') continue;
      if (action === 'FailIndex' || failuresOf(each) >= spec.backoffLimitPerIndex) failed.add(index);
    }
  }

  /** What an earlier sync decided; only the end of the last pods was waited for. */
  #targeted(): Ending | undefined {
    for (const { type, status, reason = '', message = '' } of this.#job.status.conditions ?? []) {
      if (status !== 'True') continue;
      if (type === 'FailureTarget') return { type: 'Failed', reason, message };
      if (type === 'SuccessCriteriaMet') return { type: 'Complete', reason, message };
    }
    return undefined;
  }

  #failure(
    failed: number,
    startTime: string | undefined,
    verdicts: ReadonlyMap<Pod, { readonly action: string; readonly message: string } | undefined>,
  ): Ending | undefined {
    const { spec } = this.#job;
    for (const verdict of verdicts.values())
      if (verdict?.action === 'FailJob')
        return { type: 'Failed', reason: 'PodFailurePolicy', message: verdict.message };
    const limit = spec.backoffLimit ?? 6;
    const restarts =
      spec.template.spec.restartPolicy === 'OnFailure'
        ? this.#active.reduce(
            (sum, { status }) =>
              sum + (status.containerStatuses ?? []).reduce((all, each) => all + each.restartCount, 0),
            0,
          )
        : 0;
    const past = restarts > 0 && (limit === 0 || restarts >= limit);
    if (failed > limit || past)
      return {
        type: 'Failed',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      };
    if (spec.activeDeadlineSeconds !== undefined && startTime !== undefined) {
      const left = parseTime(startTime) + spec.activeDeadlineSeconds * 1000 - this.#context.clock.now;
      if (left <= 0)
        return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
      this.#context.later(this.#key, left);
    }
    return undefined;
  }

  #indexFailure(succeeded: number): Ending | undefined {
    const { maxFailedIndexes, completions = 0 } = this.#job.spec;
    const count = this.#failedIndexes?.size ?? 0;
    if (maxFailedIndexes !== undefined && count > maxFailedIndexes)
      return {
        type: 'Failed',
        reason: 'MaxFailedIndexesExceeded',
        message: 'Job has exceeded the specified maximal number of failed indexes',
      };
    return count > 0 && succeeded + count >= completions
      ? { type: 'Failed', reason: 'FailedIndexes', message: 'Job has failed indexes' }
      : undefined;
  }

  #completion(succeeded: number): Ending | undefined {
    const { completions } = this.#job.spec;
    const remaining = this.#active.length + this.#created - this.#deleted;
    const done =
      completions === undefined ? succeeded > 0 && remaining === 0 : succeeded >= completions && remaining === 0;
    return done
      ? {
          type: 'Complete',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        }
      : undefined;
  }

  /** manageJob: as many active pods as there may be. */
  #manage(succeeded: number): void {
    const { spec } = this.#job;
    const parallelism = spec.parallelism ?? 1;
    const active = this.#active.length;
    const failedIndexes = this.#failedIndexes?.size ?? 0;
    const wanted =
      spec.completions === undefined
        ? succeeded > 0
          ? Math.min(active, parallelism)
          : parallelism
        : Math.max(0, Math.min(spec.completions - succeeded - failedIndexes, parallelism));
    if (active > wanted) {
      this.#deletePods(this.#surplus(active - wanted));
      return;
    }
    // Whose replacement waits for the end of those that are on their way out.
    const leaving = spec.podReplacementPolicy === 'Failed' ? this.#pods.filter(isTerminating).length : 0;
    const missing = Math.min(wanted - active - leaving, BURST);
    if (missing <= 0) return;
    if (isIndexed(this.#job)) return this.#createIndexed(missing);
    const wait = this.#backoff(this.#pods);
    if (wait > 0) return this.#context.later(this.#key, wait);
    for (let index = 0; index < missing; index++) if (!this.#create(undefined)) return;
  }

  #createIndexed(missing: number): void {
    const { spec } = this.#job;
    const completions = spec.completions ?? 0;
    const taken = new Set([...this.#succeededIndexes, ...(this.#failedIndexes ?? [])]);
    for (const each of this.#active) taken.add(indexOf(each));
    if (spec.podReplacementPolicy === 'Failed')
      for (const each of this.#pods) if (isTerminating(each)) taken.add(indexOf(each));
    const perIndex = spec.backoffLimitPerIndex !== undefined;
    if (!perIndex) {
      const wait = this.#backoff(this.#pods);
      if (wait > 0) return this.#context.later(this.#key, wait);
    }
    for (const index of pendingIndexes(taken, perIndex ? completions : missing, completions)) {
      if (this.#created >= missing) return;
      if (!perIndex) {
        if (!this.#create({ index })) return;
        continue;
      }
      const last = this.#lastFailed(index);
      const wait = last === undefined ? 0 : this.#delayAfter(failuresOf(last) + 1, finishTime(last));
      if (wait > 0) {
        this.#context.later(this.#key, wait);
        continue;
      }
      const ignored = last !== undefined && failureVerdict(this.#job, last)?.action === 'Ignore';
      const failures = last === undefined ? 0 : failuresOf(last) + (ignored ? 0 : 1);
      const ignoredFailures = last === undefined ? 0 : failuresOf(last, IGNORED_FAILURES) + (ignored ? 1 : 0);
      if (!this.#create({ index, failures, ignoredFailures })) return;
    }
  }

  #lastFailed(index: number): Pod | undefined {
    const failed = this.#pods.filter((each) => indexOf(each) === index && isFailed(each, this.#job));
    return failed.sort((a, b) => finishTime(a) - finishTime(b)).at(-1);
  }

  #create(indexed: Parameters<typeof jobPod>[1]): boolean {
    const { client, events } = this.#context;
    const made = client.create(podKind, jobPod(this.#job, indexed));
    if (made.ok) {
      this.#created++;
      events.event(this.#job, 'Normal', 'SuccessfulCreate', `Created pod: ${made.value.metadata.name}`);
    } else {
      this.#retry = true;
      events.event(this.#job, 'Warning', 'FailedCreate', `Error creating: ${made.error.message}`);
    }
    return made.ok;
  }

  /** activePodsForRemoval: of an index the surplus first, then the highest indexes. */
  #surplus(count: number): readonly Pod[] {
    if (!isIndexed(this.#job))
      return deletionOrder(this.#active, this.#active, this.#context.clock.now).slice(0, count);
    const completions = this.#job.spec.completions ?? 0;
    const seen = new Set<number>();
    const doubled: Pod[] = [];
    const single: Pod[] = [];
    for (const each of [...this.#active].sort((a, b) => indexOf(a) - indexOf(b))) {
      const index = indexOf(each);
      if (index < 0 || index >= completions || seen.has(index)) doubled.push(each);
      else single.push(each);
      seen.add(index);
    }
    return [...doubled, ...single.reverse()].slice(0, count);
  }

  #deletePods(pods: readonly Pod[]): void {
    const { client, events } = this.#context;
    for (const each of pods) {
      const { namespace, name, uid } = each.metadata;
      const gone = client.delete(podKind, namespace, name, { preconditions: { uid } });
      if (!gone.ok && gone.error.code !== 404) {
        this.#retry = true;
        events.event(this.#job, 'Warning', 'FailedDelete', `Error deleting: ${gone.error.message}`);
        continue;
      }
      this.#deleted++;
      if (gone.ok) events.event(this.#job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    }
  }

  /** How long the next pod waits after those that failed in a row. Virtual milliseconds. */
  #backoff(pods: readonly Pod[]): number {
    const finished = pods
      .filter((each) => each.status.phase === 'Succeeded' || isFailed(each, this.#job))
      .sort((a, b) => finishTime(a) - finishTime(b));
    let failures = 0;
    let last = 0;
    for (const each of finished) {
      failures = each.status.phase === 'Succeeded' ? 0 : failures + 1;
      last = finishTime(each);
    }
    return failures === 0 ? 0 : this.#delayAfter(failures, last);
  }

  #delayAfter(failures: number, since: number): number {
    return since + Math.min(BACKOFF * 2 ** (failures - 1), BACKOFF_MOST) - this.#context.clock.now;
  }

  #conditions(ending: Ending | undefined, terminating: number, suspended: boolean): readonly JobCondition[] {
    const at = timeOf(this.#context.clock.now);
    const kept = this.#job.status.conditions ?? [];
    const next: JobCondition[] = [...kept];
    const put = (type: string, status: 'True' | 'False', reason: string, message: string): void => {
      const fresh = { type, status, lastProbeTime: at, lastTransitionTime: at, reason, message };
      const index = next.findIndex((each) => each.type === type);
      if (index < 0) next.push(fresh);
      else if (next[index]?.status !== status) next[index] = fresh;
    };
    const was = kept.find(({ type }) => type === 'Suspended');
    if (ending === undefined && suspended) put('Suspended', 'True', 'JobSuspended', 'Job suspended');
    if (!suspended && was?.status === 'True') put('Suspended', 'False', 'JobResumed', 'Job resumed');
    if (ending === undefined) return next;
    put(ending.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', 'True', ending.reason, ending.message);
    // The last word is only said when all pods have come to their end.
    if (terminating === 0) put(ending.type, 'True', ending.reason, ending.message);
    return next;
  }

  #tell(ending: Ending | undefined, conditions: readonly JobCondition[], suspended: boolean): void {
    const { events } = this.#context;
    const before = this.#job.status.conditions ?? [];
    const had = (type: string): boolean => before.some((each) => each.type === type && each.status === 'True');
    const has = (type: string): boolean => conditions.some((each) => each.type === type && each.status === 'True');
    if (suspended && has('Suspended') && !had('Suspended'))
      events.event(this.#job, 'Normal', 'Suspended', 'Job suspended');
    if (!suspended && had('Suspended')) events.event(this.#job, 'Normal', 'Resumed', 'Job resumed');
    if (ending === undefined) return;
    if (has('Complete') && !had('Complete')) events.event(this.#job, 'Normal', 'Completed', 'Job completed');
    if (has('Failed') && !had('Failed')) events.event(this.#job, 'Warning', ending.reason, ending.message);
  }
}
