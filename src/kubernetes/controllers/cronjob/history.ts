import type { CronJob } from '../../api/batch/cronjob';
import { job as jobKind, type Job } from '../../api/batch/job';
import { parseTime } from '../../apimachinery/time';
import type { ControllerContext } from '../controller';

/** The type of the condition with which a job ended. */
export const endOf = ({ status }: Job): 'Complete' | 'Failed' | undefined => {
  for (const { type, status: truth } of status.conditions ?? [])
    if ((type === 'Complete' || type === 'Failed') && truth === 'True') return type;
  return undefined;
};

/** deleteJob: with its pods; false where that failed. */
export function deleteJob({ client, events }: ControllerContext, owner: CronJob, { metadata }: Job): boolean {
  const { namespace, name } = metadata;
  const gone = client.delete(jobKind, namespace, name, { propagationPolicy: 'Background' });
  if (!gone.ok) {
    events.event(owner, 'Warning', 'FailedDelete', `Deleted job: ${gone.error.message}`);
    return false;
  }
  events.event(owner, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  return true;
}

/** cleanupFinishedJobs: the uids of what went. */
export function cleanUp(context: ControllerContext, owner: CronJob, jobs: readonly Job[]): ReadonlySet<string> {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = owner.spec;
  const gone = new Set<string>();
  const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
  for (const [end, limit] of Object.entries(limits)) {
    const ended = jobs.filter((each) => endOf(each) === end).sort(byStart);
    for (const each of ended.slice(0, Math.max(ended.length - limit, 0)))
      if (deleteJob(context, owner, each)) gone.add(each.metadata.uid);
  }
  return gone;
}

/** byJobStartTime: what never began comes last. */
function byStart(a: Job, b: Job): number {
  const [one, other] = [a, b].map(({ status }) =>
    status.startTime === undefined ? Number.MAX_SAFE_INTEGER : parseTime(status.startTime),
  );
  if (one !== other) return (one ?? 0) - (other ?? 0);
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
