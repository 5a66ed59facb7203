import { equal } from '../../apimachinery/equal';
import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import type { Job, JobSpec } from '../batch/job';
import { labelSelector, nonNegative, oneOf } from './common';
import { validatePodTemplate } from './pod-spec';

/** pkg/apis/batch/validation: ValidateJobSpec. */
export function validateJobSpec(spec: JobSpec, errors: FieldErrors): void {
  nonNegative(spec.parallelism, errors.at('parallelism'));
  nonNegative(spec.completions, errors.at('completions'));
  nonNegative(spec.activeDeadlineSeconds, errors.at('activeDeadlineSeconds'));
  nonNegative(spec.backoffLimit, errors.at('backoffLimit'));
  nonNegative(spec.ttlSecondsAfterFinished, errors.at('ttlSecondsAfterFinished'));
  nonNegative(spec.backoffLimitPerIndex, errors.at('backoffLimitPerIndex'));
  nonNegative(spec.maxFailedIndexes, errors.at('maxFailedIndexes'));
  validateModes(spec, errors);
  if (spec.selector !== undefined) labelSelector(spec.selector, errors.at('selector'));
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

function validateModes(spec: JobSpec, errors: FieldErrors): void {
  const { completionMode, completions, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completionMode !== undefined) {
    oneOf(completionMode, ['Indexed', 'NonIndexed'], errors.at('completionMode'));
    if (completionMode === 'Indexed' && completions === undefined)
      errors.at('completions').required('when completion mode is Indexed');
  }
  if (backoffLimitPerIndex !== undefined && completionMode !== 'Indexed')
    errors.at('backoffLimitPerIndex').invalid(backoffLimitPerIndex, 'requires indexed completion mode');
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined)
    errors.at('backoffLimitPerIndex').required('when maxFailedIndexes is specified');
  if (spec.podReplacementPolicy !== undefined)
    oneOf(spec.podReplacementPolicy, ['Failed', 'TerminatingOrFailed'], errors.at('podReplacementPolicy'));
}

/** ValidateJobUpdate: the shape of a running job stays. */
export function validateJobUpdate({ spec }: Job, { spec: old }: Job, errors: FieldErrors): void {
  const at = errors.at('spec');
  const immutable = (
    name: 'selector' | 'completionMode' | 'podFailurePolicy' | 'backoffLimitPerIndex' | 'managedBy',
  ) => {
    if (!equal(spec[name], old[name])) at.at(name).invalid(spec[name], 'field is immutable');
  };
  const elastic =
    spec.completionMode === 'Indexed' && spec.completions !== undefined && spec.completions === spec.parallelism;
  if (spec.completions !== old.completions && !elastic) {
    if (spec.completionMode === 'Indexed')
      at.at('completions').invalid(spec.completions, 'can only be modified in tandem with spec.parallelism');
    else at.at('completions').invalid(spec.completions, 'field is immutable');
  }
  immutable('selector');
  if (!equal(spec.template, old.template) && !(old.suspend === true && spec.suspend === true))
    at.at('template').invalid(new GoText('core.PodTemplateSpec{…}'), 'field is immutable');
  immutable('completionMode');
  immutable('podFailurePolicy');
  immutable('backoffLimitPerIndex');
  immutable('managedBy');
}
