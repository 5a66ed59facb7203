import type { CronJob } from '../../api/batch/cronjob';
import { parseSchedule, type Schedule } from '../../api/batch/schedule';
import { isTimeZone } from '../../api/batch/schedule';
import { parseTime } from '../../apimachinery/time';
import type { Result } from '../../../sim/result';

/** When a CronJob is due. Upstream: pkg/controller/cronjob/utils.go. All times are virtual milliseconds. */

/** Room for clocks that differ. */
const PADDING = 100;

/** formatSchedule: a time zone in the text itself wins over the field. */
export function scheduleOf({ spec: { schedule, timeZone } }: CronJob): Result<Schedule, string> {
  const local = schedule.includes('TZ') || timeZone === undefined || !isTimeZone(timeZone) ? 'UTC' : timeZone;
  return parseSchedule(schedule, local);
}

interface Due {
  readonly earliest: number;
  /** The last time that has come; undefined if none has. */
  readonly recent: number | undefined;
  readonly missed: 'none' | 'few' | 'many';
}

/** mostRecentScheduleTime; undefined where the schedule never comes. */
export function mostRecent(job: CronJob, now: number, schedule: Schedule, withDeadline: boolean): Due | undefined {
  const { metadata, spec, status } = job;
  let earliest = parseTime(status.lastScheduleTime ?? metadata.creationTimestamp);
  if (withDeadline && spec.startingDeadlineSeconds !== undefined)
    earliest = Math.max(earliest, now - spec.startingDeadlineSeconds * 1000);
  const first = schedule.next(earliest);
  const second = first === undefined ? undefined : schedule.next(first);
  if (first === undefined || second === undefined) return undefined;
  if (now < first) return { earliest, recent: undefined, missed: 'none' };
  if (now < second) return { earliest, recent: first, missed: 'none' };
  const between = Math.round((second - first) / 1000);
  if (between < 1) return undefined;
  const count = Math.floor(Math.floor((now - first) / 1000) / between) + 1;
  let recent: number | undefined;
  let next = schedule.next(first + (count - 2) * between * 1000);
  while (next !== undefined && next <= now) {
    recent = next;
    next = schedule.next(next);
  }
  return { earliest, recent, missed: count > 100 ? 'many' : 'few' };
}

/** nextScheduleTimeDuration: how long until it is looked at again. */
export function untilNext(job: CronJob, now: number, schedule: Schedule): number | undefined {
  const due = mostRecent(job, now, schedule, false);
  const from = due === undefined ? now : (due.recent ?? (due.missed === 'none' ? due.earliest : now));
  const next = schedule.next(from);
  return next === undefined ? undefined : Math.max(next + PADDING - now, 0);
}
