import { withDefaults } from '../../apimachinery/defaults';
import { inPodNames, nameWarnings, changedTemplateWarnings } from '../validation/warnings';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, LabelSelector, ObjectMeta, Time } from '../../apimachinery/object';
import {
  bool,
  int32,
  int64,
  list,
  named,
  need,
  patchList,
  ptr,
  set,
  str,
  struct,
  time,
  type StructSchema,
} from '../../apimachinery/schema';
import { selectorColumnText } from '../../apimachinery/selector';
import { humanDuration, parseTime } from '../../apimachinery/time';
import { ageColumn, column, containersColumn, imagesColumn, nameColumn, wide } from '../columns';
import { defaultPodTemplate } from '../core/pod-defaults';
import { podTemplateSpec } from '../core/pod-schema';
import type { PodTemplateSpec } from '../core/pod-spec';
import { conditionOf, labelSelector, object } from '../meta/schema';
import { validateJob, validateJobUpdate } from '../validation/job';
import { validateJobStatus } from '../validation/job-status';

export interface Job extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: JobSpec;
  readonly status: JobStatus;
}

export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly activeDeadlineSeconds?: number;
  readonly podFailurePolicy?: PodFailurePolicy;
  readonly successPolicy?: {
    readonly rules: readonly { readonly succeededIndexes?: string; readonly succeededCount?: number }[];
  };
  readonly backoffLimit?: number;
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly selector?: LabelSelector;
  readonly manualSelector?: boolean;
  readonly template: PodTemplateSpec;
  readonly ttlSecondsAfterFinished?: number;
  readonly completionMode?: 'NonIndexed' | 'Indexed';
  readonly suspend?: boolean;
  readonly podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed';
  readonly managedBy?: string;
}

export interface PodFailurePolicy {
  readonly rules: readonly PodFailurePolicyRule[];
}

export interface PodFailurePolicyRule {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  readonly onExitCodes?: {
    readonly containerName?: string;
    readonly operator: 'In' | 'NotIn';
    readonly values: readonly number[];
  };
  readonly onPodConditions?: readonly { readonly type: string; readonly status: string }[];
}

export interface JobCondition extends Condition {
  readonly lastProbeTime?: Time | null;
  readonly lastTransitionTime?: Time | null;
}

export interface JobStatus {
  readonly conditions?: readonly JobCondition[];
  readonly startTime?: Time;
  readonly completionTime?: Time;
  readonly active?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly terminating?: number;
  readonly completedIndexes?: string;
  readonly failedIndexes?: string;
  readonly uncountedTerminatedPods?: { readonly succeeded?: readonly string[]; readonly failed?: readonly string[] };
  readonly ready?: number;
}

/** k8s.io/api/batch/v1 types.go. */
export const jobSpec: StructSchema = struct('JobSpec', {
  parallelism: ptr(int32),
  completions: ptr(int32),
  activeDeadlineSeconds: ptr(int64),
  podFailurePolicy: ptr(
    struct('PodFailurePolicy', {
      rules: need(
        list(
          struct('PodFailurePolicyRule', {
            action: need(named('PodFailurePolicyAction')),
            onExitCodes: ptr(
              struct('PodFailurePolicyOnExitCodesRequirement', {
                containerName: ptr(str),
                operator: need(named('PodFailurePolicyOnExitCodesOperator')),
                values: need(set(int32)),
              }),
            ),
            onPodConditions: list(
              struct('PodFailurePolicyOnPodConditionsPattern', {
                type: need(named('PodConditionType')),
                status: need(named('ConditionStatus')),
              }),
            ),
          }),
        ),
      ),
    }),
  ),
  successPolicy: ptr(
    struct('SuccessPolicy', {
      rules: need(list(struct('SuccessPolicyRule', { succeededIndexes: ptr(str), succeededCount: ptr(int32) }))),
    }),
  ),
  backoffLimit: ptr(int32),
  backoffLimitPerIndex: ptr(int32),
  maxFailedIndexes: ptr(int32),
  selector: ptr(labelSelector),
  manualSelector: ptr(bool),
  template: need(podTemplateSpec),
  ttlSecondsAfterFinished: ptr(int32),
  completionMode: ptr(named('CompletionMode')),
  suspend: ptr(bool),
  podReplacementPolicy: ptr(named('PodReplacementPolicy')),
  managedBy: ptr(str),
});

const jobStatus = struct('JobStatus', {
  conditions: patchList(conditionOf('Job', 'lastProbeTime'), 'type'),
  startTime: ptr(time),
  completionTime: ptr(time),
  active: int32,
  succeeded: int32,
  failed: int32,
  terminating: ptr(int32),
  completedIndexes: str,
  failedIndexes: ptr(str),
  uncountedTerminatedPods: ptr(struct('UncountedTerminatedPods', { succeeded: set(str), failed: set(str) })),
  ready: ptr(int32),
});

export const isJobFinished = ({ status }: Job): boolean =>
  (status.conditions ?? []).some(
    ({ type, status: truth }) => (type === 'Complete' || type === 'Failed') && truth === 'True',
  );

/** The labels by which a job's pods are found; the first two are old names of the others. */
export const jobLabels = (name: string, uid: string): Readonly<Record<string, string>> => ({
  'batch.kubernetes.io/controller-uid': uid,
  'batch.kubernetes.io/job-name': name,
  'controller-uid': uid,
  'job-name': name,
});

/** The defaults of a spec that stands in a template, as a CronJob's. */
export const defaultJobTemplateSpec = (spec: JobSpec): JobSpec => defaultJobSpec({ spec } as Job);

export const job = defineKind<Job>({
  names: { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', categories: ['all'] },
  scope: 'Namespaced',
  updateValidation: ['meta', 'validate', 'metaUpdate', 'validate', 'update'],
  schema: object('Job', { spec: jobSpec, status: jobStatus }),
  selectableFields: { 'status.successful': ({ status }) => String(status.succeeded ?? 0) },
  subresources: { status: true },
  generation: ({ spec }) => spec,

  defaults: (given) => ({ ...given, spec: defaultJobSpec(given) }),
  // pkg/registry/batch/job/strategy.go: a selector is made unless the job brings its own.
  prepareForCreate: (given) => {
    const made = { ...given, spec: withSelector(given), status: {} };
    // The job's labels are the template's very map, if that has any: then they get the generated ones too.
    return Object.keys(given.spec.template.metadata.labels ?? {}).length > 0 ? withTemplateLabels(made) : made;
  },
  canonicalize: withTemplateLabels,
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatus,

  warnings: (given, old) => [
    ...(old === undefined ? nameWarnings(given, inPodNames) : []),
    ...changedTemplateWarnings(given, old, given.spec.template, 'spec.template'),
  ],
  columns: [
    nameColumn,
    column('Status', jobState),
    column('Completions', completions),
    column('Duration', duration),
    ageColumn,
    containersColumn,
    imagesColumn,
    wide('Selector', ({ spec }) => selectorColumnText(spec.selector)),
  ],
});

/** SetDefaults_Job. */
function defaultJobSpec({ spec }: Job): JobSpec {
  const given: Partial<JobSpec> = spec ?? {};
  const single = given.completions === undefined && given.parallelism === undefined;
  const template = defaultPodTemplate(given.template ?? ({} as PodTemplateSpec));
  return {
    ...withDefaults<JobSpec>(given as JobSpec, {
      ...(single ? { completions: 1, parallelism: 1 } : { parallelism: 1 }),
      backoffLimit: given.backoffLimitPerIndex === undefined ? 6 : 2147483647,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: given.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
      manualSelector: false,
    }),
    ...(given.podFailurePolicy === undefined
      ? {}
      : {
          podFailurePolicy: {
            rules: (given.podFailurePolicy.rules ?? []).map((rule) =>
              rule.onPodConditions === undefined
                ? rule
                : {
                    ...rule,
                    onPodConditions: rule.onPodConditions.map((each) => ({
                      ...each,
                      status: (each.status ?? '') === '' ? 'True' : each.status,
                    })),
                  },
            ),
          },
        }),
    template,
  };
}

/** generateSelector. */
function withSelector({ spec, metadata: { name, uid } }: Job): JobSpec {
  if (spec.manualSelector === true) return spec;
  const { metadata } = spec.template;
  return {
    ...spec,
    selector: {
      ...spec.selector,
      matchLabels: { 'batch.kubernetes.io/controller-uid': uid, ...spec.selector?.matchLabels },
    },
    template: {
      ...spec.template,
      // What was given by hand stays: validation refuses what is wrong with it.
      metadata: { ...metadata, labels: { ...jobLabels(name, uid), ...metadata.labels } },
    },
  };
}

/** A job without labels has those of its pods. */
function withTemplateLabels(given: Job): Job {
  const { metadata, spec } = given;
  const { labels } = spec.template.metadata;
  if (labels === undefined || Object.keys(metadata.labels ?? {}).length > 0) return given;
  return { ...given, metadata: { ...metadata, labels } };
}

/** printJob. */
function jobState({ status, metadata }: Job): string {
  const has = (type: string): boolean =>
    (status.conditions ?? []).some((each) => each.type === type && each.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (has('Suspended')) return 'Suspended';
  if (has('FailureTarget')) return 'FailureTarget';
  if (has('SuccessCriteriaMet')) return 'SuccessCriteriaMet';
  return 'Running';
}

function completions({ spec, status }: Job): string {
  const done = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${done}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function duration({ status }: Job, now: number): string {
  const { startTime, completionTime } = status;
  if (startTime === undefined) return '';
  return humanDuration((completionTime === undefined ? now : parseTime(completionTime)) - parseTime(startTime));
}
