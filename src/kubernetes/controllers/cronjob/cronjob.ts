import { cronJob, type CronJob, type CronJobStatus } from '../../api/batch/cronjob';
import { job as jobKind, type Job } from '../../api/batch/job';
import { isTimeZone } from '../../api/batch/schedule';
import { timeZone } from '../../api/batch/time-zone';
import type { ObjectReference } from '../../api/core/object-reference';
import { controllerOf, keyOf, splitKey, type Draft } from '../../apimachinery/object';
import { equal } from '../../apimachinery/equal';
import { parseTime, timeOf } from '../../apimachinery/time';
import { referenceTo } from '../../client/events';
import { defineController, every, ownedBy, type ControllerContext } from '../controller';
import { ownerRef } from '../pods';
import { cleanUp, deleteJob, endOf } from './history';
import { mostRecent, scheduleOf, untilNext } from './times';

const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Makes jobs when they are due. Upstream: pkg/controller/cronjob/cronjob_controllerv2.go */
export const cronJobController = defineController('cronjob-controller', (context) => {
  const { client, clock, events, later } = context;
  return {
    watches: [
      ownedBy(jobKind, cronJob),
      every(cronJob, (now, old) => {
        const key = keyOf(now);
        const { schedule, timeZone: zone } = now.spec;
        if (old === undefined || (old.spec.schedule === schedule && old.spec.timeZone === zone)) return key;
        const parsed = scheduleOf(now);
        if (!parsed.ok) {
          const text = `unparseable schedule for cronjob: ${schedule}`;
          events.event(now, 'Warning', 'UnParseableCronJobSchedule', text);
          return undefined;
        }
        const delay = untilNext(now, clock.now, parsed.value);
        if (delay !== undefined) later(key, delay);
        return undefined;
      }),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(cronJob, namespace, name);
      if (found === undefined) return undefined;
      const jobs = client
        .list(jobKind, { namespace })
        .filter((each) => controllerOf(each)?.name === name && controllerOf(each)?.kind === 'CronJob');
      const gone = cleanUp(context, found, jobs);
      const sync = new Sync(context, found, gone);
      const delay = sync.run(jobs);
      const { status } = sync;
      if (!equal(status, found.status)) {
        if (!client.mutateStatus(cronJob, namespace, name, (now) => ({ ...now, status })).ok) return 'retry';
      }
      if (typeof delay === 'number') later(key, delay);
      return delay === 'retry' ? delay : undefined;
    },
  };
});

/** One look at one CronJob (syncCronJob). */
class Sync {
  readonly #context: ControllerContext;
  readonly #owner: CronJob;
  #active: readonly ObjectReference[];
  #rest: Omit<CronJobStatus, 'active'>;

  constructor(context: ControllerContext, owner: CronJob, gone: ReadonlySet<string>) {
    this.#context = context;
    this.#owner = owner;
    const { active = [], ...rest } = owner.status;
    this.#active = active.filter(({ uid = '' }) => !gone.has(uid));
    this.#rest = rest;
  }

  get status(): CronJobStatus {
    return { ...(this.#active.length === 0 ? {} : { active: this.#active }), ...this.#rest };
  }

  /** In how many virtual milliseconds to come again. */
  run(jobs: readonly Job[]): number | 'retry' | undefined {
    for (const each of jobs) this.#see(each);
    const known = new Set(jobs.map(({ metadata }) => metadata.uid));
    for (const { uid = '', name = '' } of this.#active) {
      if (known.has(uid)) continue;
      this.#tell('Normal', 'MissingJob', `Active job went missing: ${name}`);
      this.#forget(uid);
    }
    const { metadata, spec } = this.#owner;
    if (metadata.deletionTimestamp !== undefined) return undefined;
    if (spec.timeZone !== undefined && !isTimeZone(spec.timeZone)) {
      const zone = JSON.stringify(spec.timeZone);
      this.#tell('Warning', 'UnknownTimeZone', `invalid timeZone: ${zone}: unknown time zone ${spec.timeZone}`);
      return undefined;
    }
    return spec.suspend ? undefined : this.#schedule();
  }

  #see(job: Job): void {
    const { name, uid } = job.metadata;
    const active = this.#active.some((each) => each.uid === uid);
    const end = endOf(job);
    if (end === undefined) {
      if (!active) {
        const text = `Saw a job that the controller did not create or forgot: ${name}`;
        this.#tell('Warning', 'UnexpectedJob', text);
      }
      return;
    }
    if (active) {
      this.#forget(uid);
      this.#tell('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end}`);
    }
    const { completionTime } = job.status;
    const { lastSuccessfulTime } = this.#rest;
    if (end !== 'Complete' || completionTime === undefined) return;
    if (lastSuccessfulTime === undefined || parseTime(completionTime) > parseTime(lastSuccessfulTime))
      this.#rest = { ...this.#rest, lastSuccessfulTime: completionTime };
  }

  #schedule(): number | 'retry' | undefined {
    const owner = this.#owner;
    const { now } = this.#context.clock;
    const { schedule: text, startingDeadlineSeconds, concurrencyPolicy } = owner.spec;
    if (text.includes('TZ'))
      this.#tell(
        'Warning',
        'UnsupportedSchedule',
        `CRON_TZ or TZ used in schedule ${JSON.stringify(text)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
      );
    const parsed = scheduleOf(owner);
    if (!parsed.ok) {
      const why = `unparseable schedule: ${JSON.stringify(text)} : ${parsed.error}`;
      this.#tell('Warning', 'UnparseableSchedule', why);
      return undefined;
    }
    const schedule = parsed.value;
    const due = mostRecent(owner, now, schedule, true);
    if (due === undefined) {
      const why = `invalid schedule: ${text} : time difference between two schedules is less than 1 second`;
      this.#tell('Warning', 'InvalidSchedule', why);
      return undefined;
    }
    const next = (): number | undefined =>
      untilNext({ ...owner, status: { ...owner.status, ...this.status } }, now, schedule);
    const at = due.recent;
    if (at === undefined) return next();
    if (due.missed === 'many')
      this.#tell(
        'Warning',
        'TooManyMissedTimes',
        'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
      );
    if (startingDeadlineSeconds !== undefined && at + startingDeadlineSeconds * 1000 < now) {
      this.#tell('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123z(at)}`);
      return next();
    }
    const name = `${owner.metadata.name}-${Math.floor(at / 60_000)}`;
    const { lastScheduleTime } = owner.status;
    if (this.#active.some((each) => each.name === name)) return next();
    if (lastScheduleTime !== undefined && parseTime(lastScheduleTime) === at) return next();
    if (concurrencyPolicy === 'Forbid' && this.#active.length > 0) {
      const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      this.#tell('Normal', 'JobAlreadyActive', why);
      return next();
    }
    if (concurrencyPolicy === 'Replace' && !this.#replace()) return 'retry';
    const made = this.#create(name, at);
    return made === undefined ? next() : made;
  }

  /** Those still running make room. */
  #replace(): boolean {
    for (const { namespace, name = '', uid = '' } of this.#active) {
      const running = this.#context.client.get(jobKind, namespace, name);
      if (running === undefined) {
        this.#tell('Warning', 'FailedGet', `Get job: jobs.batch ${JSON.stringify(name)} not found`);
        return false;
      }
      if (!deleteJob(this.#context, this.#owner, running)) return false;
      this.#forget(uid);
    }
    return true;
  }

  /** Undefined where the job is there. */
  #create(name: string, at: number): 'retry' | number | undefined {
    const { client, clock } = this.#context;
    const owner = this.#owner;
    const made = client.create(jobKind, jobOf(owner, name, at));
    let job: Job;
    if (made.ok) {
      job = made.value;
      this.#tell('Normal', 'SuccessfulCreate', `Created job ${name}`);
    } else {
      const before =
        made.error.reason === 'AlreadyExists' ? client.get(jobKind, owner.metadata.namespace, name) : undefined;
      if (before === undefined) {
        this.#tell('Warning', 'FailedCreate', `Error creating job: ${made.error.message}`);
        return 'retry';
      }
      const parsed = scheduleOf(owner);
      if (controllerOf(before)?.uid !== owner.metadata.uid)
        return parsed.ok ? untilNext(owner, clock.now, parsed.value) : undefined;
      job = before;
    }
    const { fieldPath: _path, ...reference } = referenceTo(job);
    this.#active = [...this.#active, reference];
    this.#rest = { ...this.#rest, lastScheduleTime: timeOf(at) };
    return undefined;
  }

  #forget(uid: string): void {
    this.#active = this.#active.filter((each) => each.uid !== uid);
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.event(this.#owner, type, reason, message);
  }
}

/** getJobFromTemplate2 */
function jobOf(owner: CronJob, name: string, at: number): Draft<Job> {
  const { metadata, spec } = owner.spec.jobTemplate;
  return {
    metadata: {
      name,
      namespace: owner.metadata.namespace,
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata.annotations, [SCHEDULED]: localTime(at, owner.spec.timeZone) },
      ownerReferences: [ownerRef(owner)],
    },
    spec,
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** RFC 3339, as the clocks there show it. */
function localTime(at: number, place = 'UTC'): string {
  const shown = timeZone(place)?.wallTime(at);
  if (shown === undefined) return timeOf(at);
  const { year, month, day, hour, minute, second } = shown;
  const ahead = Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - at) / 60_000);
  const offset = `${ahead < 0 ? '-' : '+'}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  const date = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  return `${date}${ahead === 0 ? 'Z' : offset}`;
}

/** time.RFC1123Z in UTC. */
const rfc1123z = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');
