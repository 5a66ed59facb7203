import { equal } from '../../apimachinery/equal';
import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import type { Job, JobSpec } from '../batch/job';
import { isDns1123Label } from '../../apimachinery/names';
import { selectorMatches } from '../../apimachinery/selector';
import { sharpV } from '../gotypes/sharp';
import { goValueOf } from '../gotypes/value';
import { domainPrefixedPath, goMap, labelSelector, nonNegative, oneOf } from './common';
import { goFailurePolicy, goSuccessPolicy, validatePodFailurePolicy, validateSuccessPolicy } from './job-policies';
import { validatePodTemplate } from './pod-spec';
import { goSelector, isSelector, validateMatch } from './workload';

/** pkg/apis/batch/validation: ValidateJob but for the metadata. */
export function validateJob({ spec, metadata }: Job, errors: FieldErrors): void {
  const at = errors.at('spec');
  validateGeneratedSelector(spec, metadata, at);
  validateJobSpec(spec, at);
  if (spec.selector === undefined) at.at('selector').required('');
  else labelSelector(spec.selector, at.at('selector'));
  if (spec.selector === undefined || isSelector(spec.selector)) validateMatch(spec, at);
  const { completionMode, completions = 0 } = spec;
  if (completionMode !== 'Indexed' || completions <= 0) return;
  const hostname = `${metadata.name}-${completions - 1}`;
  if (isDns1123Label(hostname).length > 0)
    errors
      .at('metadata')
      .at('name')
      .invalid(metadata.name, `will not able to create pod with invalid DNS label: ${hostname}`);
}

/** What generateSelector has made must have come through. */
function validateGeneratedSelector(spec: JobSpec, { name, uid }: Job['metadata'], errors: FieldErrors): void {
  if (spec.manualSelector === true || spec.selector === undefined) return;
  const { labels = {} } = spec.template.metadata;
  const at = errors.at('template').at('metadata').at('labels');
  const wanted: Record<string, string> = {};
  for (const [key, value = ''] of [
    ['controller-uid', uid],
    ['job-name', name],
    ['batch.kubernetes.io/controller-uid', uid],
    ['batch.kubernetes.io/job-name', name],
  ] as const) {
    wanted[key] = value;
    const actual = labels[key];
    if (actual === undefined) at.key(key).required(`must be '${value}'`);
    else if (actual !== value) at.key(key).invalid(new GoText(goMap(labels)), `must be '${value}'`);
  }
  if (isSelector(spec.selector) && !selectorMatches(spec.selector, wanted))
    errors.at('selector').invalid(goSelector(spec.selector), '`selector` not auto-generated');
}

/** validateJobSpec: what a CronJob's template says too. */
export function validateJobSpec(spec: JobSpec, errors: FieldErrors): void {
  nonNegative(spec.parallelism, errors.at('parallelism'));
  nonNegative(spec.completions, errors.at('completions'));
  nonNegative(spec.activeDeadlineSeconds, errors.at('activeDeadlineSeconds'));
  nonNegative(spec.backoffLimit, errors.at('backoffLimit'));
  nonNegative(spec.ttlSecondsAfterFinished, errors.at('ttlSecondsAfterFinished'));
  nonNegative(spec.backoffLimitPerIndex, errors.at('backoffLimitPerIndex'));
  if (spec.maxFailedIndexes !== undefined) {
    nonNegative(spec.maxFailedIndexes, errors.at('maxFailedIndexes'));
    if (spec.backoffLimitPerIndex === undefined)
      errors.at('backoffLimitPerIndex').required('when maxFailedIndexes is specified');
  }
  if (spec.managedBy !== undefined) {
    domainPrefixedPath(spec.managedBy, errors.at('managedBy'));
    if (spec.managedBy.length > 63) errors.at('managedBy').tooLong(63);
  }
  validateModes(spec, errors);
  if (spec.podFailurePolicy !== undefined)
    validatePodFailurePolicy(spec, spec.podFailurePolicy, errors.at('podFailurePolicy'));
  if (spec.successPolicy !== undefined) validateSuccessPolicy(spec, spec.successPolicy, errors.at('successPolicy'));
  if (spec.podReplacementPolicy !== undefined)
    oneOf(
      spec.podReplacementPolicy,
      spec.podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'],
      errors.at('podReplacementPolicy'),
    );
  validatePodTemplate(spec.template, errors.at('template'));
  const { restartPolicy } = spec.template.spec;
  const policy = errors.at('template').at('spec').at('restartPolicy');
  if (restartPolicy === undefined || String(restartPolicy) === '' || restartPolicy === 'Always')
    policy.required('valid values: "OnFailure", "Never"');
  else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never')
    policy.notSupported(restartPolicy, ['OnFailure', 'Never']);
  else if (spec.podFailurePolicy !== undefined && restartPolicy !== 'Never')
    policy.invalid(restartPolicy, 'only "Never" is supported when podFailurePolicy is specified');
}

const mostIndexes = 100_000;
/** Limits of jobs with more completions than `mostIndexes` and a back-off limit per index. */
const fewIndexes = 10_000;

function validateModes(spec: JobSpec, errors: FieldErrors): void {
  const { completionMode, completions, parallelism = 0, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completionMode !== undefined && completionMode !== 'NonIndexed' && completionMode !== 'Indexed')
    errors.at('completionMode').notSupported(completionMode, ['NonIndexed', 'Indexed']);
  if (completionMode === 'Indexed') {
    if (completions === undefined) errors.at('completions').required('when completion mode is Indexed');
    if (parallelism > mostIndexes)
      errors
        .at('parallelism')
        .invalid(parallelism, `must be less than or equal to ${mostIndexes} when completion mode is Indexed`);
    const failed = errors.at('maxFailedIndexes');
    if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
      failed.invalid(maxFailedIndexes, 'must be less than or equal to completions');
    if (maxFailedIndexes !== undefined && maxFailedIndexes > mostIndexes)
      failed.invalid(maxFailedIndexes, `must be less than or equal to ${mostIndexes}`);
    if ((completions ?? 0) > mostIndexes && backoffLimitPerIndex !== undefined) {
      const rule = `must be less than or equal to ${fewIndexes} when completions are above ${mostIndexes} and used with backoff limit per index`;
      if (maxFailedIndexes === undefined) failed.required(`must be specified when completions is above ${mostIndexes}`);
      if (parallelism > fewIndexes) errors.at('parallelism').invalid(parallelism, rule);
      if (maxFailedIndexes !== undefined && maxFailedIndexes > fewIndexes) failed.invalid(maxFailedIndexes, rule);
    }
  }
  if (completionMode !== undefined && completionMode !== 'NonIndexed') return;
  for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const) {
    const value = spec[name];
    if (value !== undefined) errors.at(name).invalid(value, 'requires indexed completion mode');
  }
}

/** ValidateJobUpdate: the shape of a running job stays. */
export function validateJobUpdate({ spec, status }: Job, { spec: old }: Job, errors: FieldErrors): void {
  const at = errors.at('spec');
  const immutable = (
    name: 'selector' | 'completionMode' | 'podFailurePolicy' | 'backoffLimitPerIndex' | 'managedBy' | 'successPolicy',
    text: unknown = spec[name],
  ) => {
    if (!equal(spec[name], old[name])) at.at(name).invalid(text, 'field is immutable');
  };
  const elastic =
    spec.completionMode === 'Indexed' && (spec.completions === undefined || spec.completions === spec.parallelism);
  if (spec.completions !== old.completions && !elastic) {
    if (spec.completionMode === 'Indexed')
      at.at('completions').invalid(spec.completions, 'can only be modified in tandem with spec.parallelism');
    else at.at('completions').invalid(spec.completions, 'field is immutable');
  }
  immutable('selector', goSelector(spec.selector));
  if (!equal(spec.template, schedulable({ spec, status }, old)))
    at.at('template').invalid(
      new GoText(sharpV(goValueOf('core.PodTemplateSpec', spec.template))),
      'field is immutable',
    );
  immutable('completionMode');
  immutable('podFailurePolicy', goFailurePolicy(spec.podFailurePolicy));
  immutable('backoffLimitPerIndex');
  immutable('managedBy');
  immutable('successPolicy', goSuccessPolicy(spec.successPolicy));
}

/** The old template with what a suspended job that has not begun may still change: where its pods go. */
function schedulable({ spec, status }: Pick<Job, 'spec' | 'status'>, old: JobSpec): JobSpec['template'] {
  const { template } = old;
  if (old.suspend !== true || status.startTime !== undefined) return template;
  const { metadata, spec: now } = spec.template;
  const { annotations: _annotations, labels: _labels, ...others } = template.metadata;
  const {
    nodeSelector: _selector,
    tolerations: _tolerations,
    schedulingGates: _gates,
    affinity,
    ...pod
  } = template.spec;
  const { nodeAffinity: _node, ...rest } = affinity ?? {};
  const node = now.affinity?.nodeAffinity;
  const wanted = { ...rest, ...(node === undefined ? {} : { nodeAffinity: node }) };
  return {
    metadata: {
      ...others,
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    },
    spec: {
      ...pod,
      ...(now.nodeSelector === undefined ? {} : { nodeSelector: now.nodeSelector }),
      ...(now.tolerations === undefined ? {} : { tolerations: now.tolerations }),
      ...(now.schedulingGates === undefined ? {} : { schedulingGates: now.schedulingGates }),
      ...(now.affinity === undefined && Object.keys(wanted).length === 0 ? {} : { affinity: wanted }),
    },
  };
}
