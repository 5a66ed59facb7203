import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import type { CronJobSpec } from '../batch/cronjob';
import { isTimeZone, parseSchedule } from '../batch/schedule';
import { nonNegative } from './common';
import { validateJobSpec } from './job';
import { goSelector } from './workload';

const policies = ['Allow', 'Forbid', 'Replace'];

/** pkg/apis/batch/validation: validateCronJobSpec. */
export function validateCronJob(spec: CronJobSpec, errors: FieldErrors): void {
  const schedule = spec.schedule ?? '';
  const at = errors.at('schedule');
  if (schedule === '') at.required('');
  else {
    const parsed = parseSchedule(schedule);
    if (!parsed.ok) at.invalid(schedule, parsed.error);
    if (schedule.includes('TZ'))
      at.invalid(schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
  }
  nonNegative(spec.startingDeadlineSeconds, errors.at('startingDeadlineSeconds'));
  if (spec.timeZone !== undefined) validateTimeZone(spec.timeZone, errors.at('timeZone'));
  const policy = String(spec.concurrencyPolicy ?? '');
  if (policy === '') errors.at('concurrencyPolicy').required('');
  else if (!policies.includes(policy)) errors.at('concurrencyPolicy').notSupported(policy, policies);
  const { spec: job } = spec.jobTemplate;
  const template = errors.at('jobTemplate').at('spec');
  validateJobSpec(job, template);
  if (job.selector !== undefined)
    template.at('selector').invalid(goSelector(job.selector), '`selector` will be auto-generated');
  if (job.manualSelector === true) template.at('manualSelector').notSupported(new GoText('true'), ['nil', 'false']);
  nonNegative(spec.successfulJobsHistoryLimit, errors.at('successfulJobsHistoryLimit'));
  nonNegative(spec.failedJobsHistoryLimit, errors.at('failedJobsHistoryLimit'));
}

function validateTimeZone(zone: string, errors: FieldErrors): void {
  if (zone === '') return errors.invalid(zone, 'timeZone must be nil or non-empty string');
  const unknown = `unknown time zone ${zone}`;
  // The parts must be what file names of the time zone database are.
  if (zone.split('/').some((part) => part === '.' || part === '..' || !/^(?!-)[A-Za-z.\-_0-9+]{1,14}$/.test(part)))
    return errors.invalid(zone, unknown);
  if (zone.toLowerCase() === 'local')
    errors.invalid(zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  // Go knows `Local`, written so.
  if (zone !== 'Local' && !isTimeZone(zone)) errors.invalid(zone, unknown);
}
