import { equal } from '../../apimachinery/equal';
import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import type { Job } from '../batch/job';
import { nonNegative } from './common';
import { parseIndexes } from './job-policies';

const has = ({ status }: Job, type: string): boolean =>
  (status.conditions ?? []).some((each) => String(each.type) === type && each.status === 'True');

/** ValidateJobStatusUpdate with the options of getStatusValidationOptions: mostly, what changed must be right. */
export function validateJobStatus(job: Job, old: Job, errors: FieldErrors): void {
  const { spec, status } = job;
  const at = errors.at('status');
  const conditions = at.at('conditions');
  for (const name of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const)
    nonNegative(status[name], at.at(name));
  validateUncounted(status.uncountedTerminatedPods, at.at('uncountedTerminatedPods'));

  const complete = has(job, 'Complete');
  const failed = has(job, 'Failed');
  const target = has(job, 'FailureTarget');
  const met = has(job, 'SuccessCriteriaMet');
  const finished = complete || failed;
  const differs = (type: string): boolean => has(job, type) !== has(old, type);
  const finishedChanged = finished !== (has(old, 'Complete') || has(old, 'Failed'));
  const changed = (name: keyof Job['status']): boolean => !equal(status[name], old.status[name]);

  if ((differs('Complete') || differs('Failed')) && complete && failed)
    conditions.invalidWhole('cannot set Complete=True and Failed=true conditions');
  if ((differs('Complete') || differs('FailureTarget')) && complete && target)
    conditions.invalidWhole('cannot set Complete=True and FailureTarget=true conditions');
  validateTimes(job, differs('Complete'), changed, at);
  if ((differs('Failed') || changed('failedIndexes')) && failed && !target)
    conditions.invalidWhole('cannot set Failed=True condition without the FailureTarget=true condition');
  if ((differs('Complete') || differs('SuccessCriteriaMet')) && complete && !met)
    conditions.invalidWhole('cannot set Complete=True condition without the SuccessCriteriaMet=true condition');
  if ((finishedChanged || changed('active')) && (status.active ?? 0) > 0 && finished)
    at.at('active').invalid(status.active, 'active>0 is invalid for finished job');
  const empty = spec.suspend === true && spec.completions === 0;
  if ((finishedChanged || changed('startTime')) && !empty && status.startTime === undefined && finished)
    at.at('startTime').required('startTime is required for finished job');
  const { failed: lost = [], succeeded: done = [] } = status.uncountedTerminatedPods ?? {};
  if ((finishedChanged || changed('uncountedTerminatedPods')) && finished && lost.length + done.length > 0)
    at.at('uncountedTerminatedPods').invalid(
      goUncounted(done, lost),
      'uncountedTerminatedPods needs to be empty for finished job',
    );
  validateIndexes(job, changed, at);
  if ((finishedChanged || changed('terminating')) && (status.terminating ?? 0) > 0 && finished)
    at.at('terminating').invalid(status.terminating, 'terminating>0 is invalid for finished job');
  if ((changed('ready') || changed('active')) && status.ready !== undefined && status.ready > (status.active ?? 0))
    at.at('ready').invalid(status.ready, 'cannot set more ready pods than active');
  if (met && failed) conditions.invalidWhole('cannot set SuccessCriteriaMet=True and Failed=true conditions');
  if (met && target) conditions.invalidWhole('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
  if (spec.successPolicy !== undefined && !met && complete)
    conditions.invalidWhole('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True');
  validateTransition(job, old, at);
}

type Changed = (name: keyof Job['status']) => boolean;

function validateTimes(job: Job, completeChanged: boolean, changed: Changed, errors: FieldErrors): void {
  const { completionTime, startTime } = job.status;
  const at = errors.at('completionTime');
  const complete = has(job, 'Complete');
  const relevant = completeChanged || changed('completionTime');
  if (relevant && completionTime !== undefined && !complete)
    at.invalid(goTime(completionTime), 'cannot set completionTime when there is no Complete=True condition');
  if (relevant && completionTime === undefined && complete) at.required('completionTime is required for Complete jobs');
  if (!(changed('startTime') || changed('completionTime'))) return;
  if (startTime === undefined || completionTime === undefined) return;
  if (Date.parse(completionTime) < Date.parse(startTime))
    at.invalid(goTime(completionTime), 'completionTime cannot be set before startTime');
}

function validateTransition(job: Job, old: Job, errors: FieldErrors): void {
  const { spec, status } = job;
  const conditions = errors.at('conditions');
  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (has(old, type) && !has(job, type))
      conditions.invalidWhole(`cannot disable the terminal ${type}=True condition`);
  const { failed = 0, succeeded = 0 } = status;
  if (failed < (old.status.failed ?? 0)) errors.at('failed').invalid(failed, 'cannot decrease the failed counter');
  const elastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (!elastic && succeeded < (old.status.succeeded ?? 0))
    errors.at('succeeded').invalid(succeeded, 'cannot decrease the succeeded counter');
  const { completionTime, startTime } = old.status;
  if (status.completionTime !== undefined && completionTime !== undefined && status.completionTime !== completionTime)
    errors.at('completionTime').invalid(goTime(status.completionTime), 'completionTime cannot be mutated');
  if (startTime !== undefined && startTime !== status.startTime && spec.suspend !== true)
    errors.at('startTime').required('startTime cannot be removed for unsuspended job');
  if (has(old, 'SuccessCriteriaMet') && !has(job, 'SuccessCriteriaMet'))
    conditions.invalidWhole('cannot disable the SuccessCriteriaMet=True condition');
  if (has(old, 'Complete') && !has(old, 'SuccessCriteriaMet') && has(job, 'SuccessCriteriaMet'))
    conditions.invalidWhole('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions');
}

function validateIndexes({ spec, status }: Job, changed: Changed, errors: FieldErrors): void {
  const { completions, backoffLimitPerIndex, completionMode } = spec;
  const { completedIndexes = '', failedIndexes } = status;
  const [done, failed] = [errors.at('completedIndexes'), errors.at('failedIndexes')];
  if (changed('completedIndexes') && completions !== undefined) {
    const parsed = parseIndexes(completedIndexes, completions);
    if (!parsed.ok) done.invalid(completedIndexes, `error parsing completedIndexes: ${parsed.error}`);
  }
  if (changed('failedIndexes') && completions !== undefined && backoffLimitPerIndex !== undefined) {
    const lost = parseIndexes(failedIndexes ?? '', completions);
    if (!lost.ok) failed.invalid(failedIndexes, `error parsing failedIndexes: ${lost.error}`);
  }
  if (changed('completedIndexes') && completedIndexes !== '' && completionMode !== 'Indexed')
    done.invalid(completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode');
  if (changed('failedIndexes') && backoffLimitPerIndex === undefined && failedIndexes !== undefined)
    failed.invalid(failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null');
}

function validateUncounted(pods: Job['status']['uncountedTerminatedPods'], errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const name of ['succeeded', 'failed'] as const)
    pods?.[name]?.forEach((uid, index) => {
      const at = errors.at(name).index(index);
      if (uid === '') at.invalid(uid, 'must not be empty');
      else if (seen.has(uid)) at.duplicate(uid);
      else seen.add(uid);
    });
}

/** metav1.Time as Go prints it. */
const goTime = (time: string): GoText => new GoText(`${time.slice(0, 10)} ${time.slice(11, 19)} +0000 UTC`);

const goUncounted = (succeeded: readonly string[], failed: readonly string[]): GoText => {
  const uids = (items: readonly string[]): string =>
    items.length === 0 ? '[]types.UID(nil)' : `[]types.UID{${items.map((uid) => JSON.stringify(uid)).join(', ')}}`;
  return new GoText(`batch.UncountedTerminatedPods{Succeeded:${uids(succeeded)}, Failed:${uids(failed)}}`);
};
