import { withDefaults } from '../../apimachinery/defaults';
import { inPodNames, nameWarnings, changedTemplateWarnings } from '../validation/warnings';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta, Time } from '../../apimachinery/object';
import { bool, int32, int64, list, named, need, ptr, str, struct, time } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn, since, wide } from '../columns';
import { objectReference, type ObjectReference } from '../core/object-reference';
import { object, objectMeta } from '../meta/schema';
import { validateCronJob } from '../validation/cronjob';
import { selectorColumnText } from '../../apimachinery/selector';
import { defaultJobTemplateSpec, jobSpec, type JobSpec } from './job';

export interface CronJob extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: CronJobSpec;
  readonly status: CronJobStatus;
}

export interface CronJobSpec {
  readonly schedule: string;
  readonly timeZone?: string;
  readonly startingDeadlineSeconds?: number;
  readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace';
  readonly suspend: boolean;
  readonly jobTemplate: { readonly metadata: Partial<ObjectMeta>; readonly spec: JobSpec };
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
}

export interface CronJobStatus {
  readonly active?: readonly ObjectReference[];
  readonly lastScheduleTime?: Time;
  readonly lastSuccessfulTime?: Time;
}

export const cronJob = defineKind<CronJob>({
  names: { group: 'batch', version: 'v1', kind: 'CronJob', plural: 'cronjobs', short: ['cj'], categories: ['all'] },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: object('CronJob', {
    spec: struct('CronJobSpec', {
      schedule: need(str),
      timeZone: ptr(str),
      startingDeadlineSeconds: ptr(int64),
      concurrencyPolicy: named('ConcurrencyPolicy'),
      suspend: ptr(bool),
      jobTemplate: need(struct('JobTemplateSpec', { metadata: objectMeta, spec: jobSpec })),
      successfulJobsHistoryLimit: ptr(int32),
      failedJobsHistoryLimit: ptr(int32),
    }),
    status: struct('CronJobStatus', {
      active: list(objectReference),
      lastScheduleTime: ptr(time),
      lastSuccessfulTime: ptr(time),
    }),
  }),
  subresources: { status: true },
  generation: ({ spec }) => spec,

  defaults: (given) => ({
    ...given,
    spec: {
      ...withDefaults(given.spec, {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      }),
      jobTemplate: {
        metadata: given.spec?.jobTemplate?.metadata ?? {},
        spec: templateDefaults(given.spec?.jobTemplate?.spec),
      },
    },
  }),
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validate: ({ spec }, errors) => validateCronJob(spec, errors.at('spec')),
  validateCreate: ({ metadata }, errors) => {
    // Jobs get eleven characters more, and have 63.
    if (metadata.name.length > 52)
      errors.at('metadata').at('name').invalid(metadata.name, 'must be no more than 52 characters');
  },

  warnings: (given, old) => [
    ...(old === undefined ? nameWarnings(given, inPodNames) : []),
    ...changedTemplateWarnings(given, old, given.spec.jobTemplate.spec.template, 'spec.jobTemplate.spec.template'),
  ],
  columns: [
    nameColumn,
    column('Schedule', ({ spec }) => spec.schedule),
    column('Timezone', ({ spec }) => spec.timeZone ?? '<none>'),
    { ...column<CronJob>('Suspend', ({ spec }) => String(spec.suspend === true ? 'True' : 'False')), type: 'boolean' },
    { ...column<CronJob>('Active', ({ status }) => (status.active ?? []).length), type: 'integer' },
    column('Last Schedule', ({ status }, now) =>
      status.lastScheduleTime === undefined ? '<none>' : since(status.lastScheduleTime, now),
    ),
    ageColumn,
    wide('Containers', ({ spec }) => spec.jobTemplate.spec.template.spec.containers.map(({ name }) => name).join(',')),
    wide('Images', ({ spec }) => spec.jobTemplate.spec.template.spec.containers.map(({ image }) => image).join(',')),
    wide('Selector', ({ spec }) => selectorColumnText(spec.jobTemplate.spec.selector)),
  ],
});

/** A template's spec gets the defaults of its pods and none of jobs: those come when the job is made. */
function templateDefaults(spec: JobSpec | undefined): JobSpec {
  const whole = defaultJobTemplateSpec(spec ?? ({} as JobSpec));
  return { ...spec, template: whole.template };
}
