import { job as jobKind, type Job, type JobCondition, type JobStatus } from '../../api/batch/job';
import type { Pod } from '../../api/core/pod';
import { equal } from '../../apimachinery/equal';
import type { ControllerContext } from '../controller';
import { conditionOf, ensureCondition, newCondition } from './conditions';
import { formatIndexes, indexOf, isIndexed } from './indexes';
import { untrack } from './orphans';
import { isFailed, isTracked } from './pods';
import { isCounted } from './policies';

/** More are counted in the next sync (MaxUncountedPods). */
const MOST = 500;

interface Tracked {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly ending: JobCondition | undefined;
  readonly previousIndexes: ReadonlySet<number>;
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number> | undefined;
  readonly delayed: ReadonlyMap<number, Pod>;
  readonly terminating: number;
  /** The status so far, without what is counted here. */
  readonly status: JobStatus;
  /** Called when what is to be counted has been written down. */
  readonly flushed: () => void;
}

/**
 * Writes down which pods are to be counted, takes their finalizers, and counts them: whoever fails in between finds out
 * what was left. False where a request failed. Upstream: trackJobStatusAndRemoveFinalizers
 */
export function track({ client, events }: ControllerContext, tracked: Tracked): boolean {
  const { job, pods, previousIndexes, delayed, terminating } = tracked;
  const indexed = isIndexed(job);
  const completions = job.spec.completions ?? 0;
  const finalizers = new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid));
  let status = counted(tracked.status, finalizers);
  const waiting = status.uncountedTerminatedPods ?? {};
  const succeeded = [...(waiting.succeeded ?? [])];
  const failed = [...(waiting.failed ?? [])];
  const done: Pod[] = [];
  const indexes = new Set([...previousIndexes].filter((index) => index < completions));
  let full = false;
  let { ending } = tracked;
  const sorted = indexed ? [...pods].sort((a, b) => indexOf(a) - indexOf(b)) : pods;
  for (const each of sorted) {
    if (!isTracked(each)) continue;
    const { uid } = each.metadata;
    const isOver = each.status.phase === 'Succeeded';
    const fails = isFailed(each, job);
    const index = indexOf(each);
    const valid = !indexed || (index >= 0 && index < completions);
    const free =
      job.metadata.deletionTimestamp !== undefined ||
      ending !== undefined ||
      isOver ||
      (fails && delayed.get(index)?.metadata.uid !== uid);
    if (!free) continue;
    done.push(each);
    if (isOver && !failed.includes(uid)) {
      if (indexed) {
        if (valid) indexes.add(index);
      } else if (!succeeded.includes(uid)) succeeded.push(uid);
    } else if (fails || (ending !== undefined && ending.type !== 'SuccessCriteriaMet')) {
      // At the end whoever is still there has failed.
      if (valid && !failed.includes(uid) && isCounted(job, each)) failed.push(uid);
    }
    full = indexes.size - previousIndexes.size + succeeded.length + failed.length >= MOST;
    if (full) break;
  }
  if (indexed) {
    const { completedIndexes: _before, ...rest } = status;
    const text = formatIndexes(indexes);
    const ours = tracked.failedIndexes;
    status = {
      ...rest,
      succeeded: indexes.size,
      ...(text === '' ? {} : { completedIndexes: text }),
      ...(ours === undefined ? {} : { failedIndexes: formatIndexes(ours) }),
    };
  }
  status = { ...status, uncountedTerminatedPods: { ...lists(succeeded, failed) } };
  if (ending !== undefined) {
    const { type, reason = '', message = '' } = ending;
    const { conditions = [] } = status;
    if (type !== 'Failed' && conditionOf(conditions, type) === undefined)
      status = { ...status, conditions: [...conditions, ending] };
    const outcome = type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed';
    ending = newCondition(outcome, reason, message, ending.lastProbeTime ?? '');
  }
  const { namespace, name } = job.metadata;
  const write = (next: JobStatus): boolean =>
    client.mutateStatus(jobKind, namespace, name, (now) => ({ ...now, status: tidy(next) })).ok;
  const first = tidy(status);
  if (!equal(first, job.status)) {
    if (!write(status)) return false;
    tracked.flushed();
  }
  for (const each of done) {
    untrack(client, each);
    finalizers.delete(each.metadata.uid);
  }
  status = counted(status, finalizers);
  const left = status.uncountedTerminatedPods ?? {};
  const uncounted = (left.succeeded?.length ?? 0) + (left.failed?.length ?? 0);
  const last = !full && uncounted === 0 && terminating === 0 ? ending : undefined;
  if (last !== undefined) {
    status = {
      ...status,
      conditions: ensureCondition(status.conditions ?? [], last),
      ...(last.type === 'Complete' ? { completionTime: last.lastTransitionTime ?? '' } : {}),
    };
  }
  if (!equal(tidy(status), first) && !write(status)) return false;
  if (last === undefined) return true;
  if (last.type === 'Complete') {
    if (job.spec.completions !== undefined && (status.succeeded ?? 0) > job.spec.completions)
      events.event(
        job,
        'Warning',
        'TooManySucceededPods',
        'Too many succeeded pods running after completion count reached',
      );
    events.event(job, 'Normal', 'Completed', 'Job completed');
  } else events.event(job, 'Warning', last.reason ?? '', last.message ?? '');
  return true;
}

const lists = (succeeded: readonly string[], failed: readonly string[]) => ({
  ...(succeeded.length === 0 ? {} : { succeeded }),
  ...(failed.length === 0 ? {} : { failed }),
});

/** cleanUncountedPodsWithoutFinalizers */
function counted(status: JobStatus, finalizers: ReadonlySet<string>): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const [waiting, lost] = [succeeded, failed].map((uids) => uids.filter((uid) => finalizers.has(uid)));
  return {
    ...status,
    succeeded: (status.succeeded ?? 0) + succeeded.length - (waiting?.length ?? 0),
    failed: (status.failed ?? 0) + failed.length - (lost?.length ?? 0),
    uncountedTerminatedPods: lists(waiting ?? [], lost ?? []),
  };
}

/** Without numbers that are nought, as the API leaves them out. */
function tidy({ active = 0, succeeded = 0, failed = 0, ...rest }: JobStatus): JobStatus {
  return {
    ...rest,
    ...(active === 0 ? {} : { active }),
    ...(succeeded === 0 ? {} : { succeeded }),
    ...(failed === 0 ? {} : { failed }),
  };
}
