import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { validateLabels } from '../../apimachinery/names';
import type { StatefulSetSpec, StatefulSetStatus } from '../apps/statefulset';
import { annotationNames, labelSelector, nonNegative } from './common';
import { validatePodAnnotations } from './pod-annotations';
import { goSelector, isEmptySelector, isSelector, validateMatch } from './workload';

/** pkg/apis/apps/validation: ValidateStatefulSetSpec. */
export function validateStatefulSet(spec: StatefulSetSpec, errors: FieldErrors): void {
  const policy = String(spec.podManagementPolicy ?? '');
  if (policy === '') errors.at('podManagementPolicy').required('');
  else if (policy !== 'OrderedReady' && policy !== 'Parallel')
    errors.at('podManagementPolicy').invalid(policy, "must be 'OrderedReady' or 'Parallel'");
  validateStrategy(spec.updateStrategy, errors.at('updateStrategy'));
  const retention = spec.persistentVolumeClaimRetentionPolicy;
  if (retention !== undefined)
    for (const when of ['whenDeleted', 'whenScaled'] as const) {
      const value: string = retention[when] ?? '';
      if (value !== 'Retain' && value !== 'Delete')
        errors.at('persistentVolumeClaimRetentionPolicy').at(when).notSupported(value, ['Retain', 'Delete']);
    }
  nonNegative(spec.replicas, errors.at('replicas'));
  nonNegative(spec.minReadySeconds, errors.at('minReadySeconds'));
  nonNegative(spec.ordinals?.start, errors.at('ordinals.start'));
  const { selector, template } = spec;
  const at = errors.at('selector');
  if (selector === undefined) at.required('');
  else {
    labelSelector(selector, at);
    if (isEmptySelector(selector)) at.invalid(goSelector(selector), 'empty selector is invalid for statefulset');
  }
  if (selector !== undefined && !isSelector(selector)) at.invalid(goSelector(selector), '');
  else {
    // The pods' volumes are not all known here: ValidatePodTemplateSpecForStatefulSet looks at the metadata only.
    validateMatch(spec, errors);
    const pods = errors.at('template');
    validateLabels(template.metadata.labels, pods.at('labels'));
    annotationNames(template.metadata.annotations, pods.at('annotations'));
    validatePodAnnotations(template.metadata.annotations, template.spec, pods.at('annotations'));
  }
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  const pod = errors.at('template').at('spec');
  if (restartPolicy !== 'Always') pod.at('restartPolicy').notSupported(restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined)
    pod.at('activeDeadlineSeconds').forbidden('activeDeadlineSeconds in StatefulSet is not Supported');
}

function validateStrategy({ type, rollingUpdate }: StatefulSetSpec['updateStrategy'], errors: FieldErrors): void {
  const rolling = errors.at('rollingUpdate');
  if (String(type ?? '') === '') return errors.required('');
  if (type === 'RollingUpdate') return nonNegative(rollingUpdate?.partition, rolling.at('partition'));
  if (type === 'OnDelete') {
    if (rollingUpdate !== undefined)
      rolling.invalid(
        new GoText(
          `apps.RollingUpdateStatefulSetStrategy{Partition:${rollingUpdate.partition ?? 0}, MaxUnavailable:(*intstr.IntOrString)(nil)}`,
        ),
        "only allowed for updateStrategy 'RollingUpdate'",
      );
    return;
  }
  const pointer = rollingUpdate === undefined ? 'nil' : '0xc000000000';
  errors.invalid(
    new GoText(
      `apps.StatefulSetUpdateStrategy{Type:${goQuote(type)}, RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(${pointer})}`,
    ),
    "must be 'RollingUpdate' or 'OnDelete'",
  );
}

/** ValidateStatefulSetStatus. */
export function validateStatefulSetStatus(
  status: StatefulSetStatus,
  old: StatefulSetStatus,
  errors: FieldErrors,
): void {
  const counts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const;
  for (const name of ['replicas', ...counts, 'observedGeneration', 'collisionCount'] as const)
    nonNegative(status[name], errors.at(name));
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  for (const name of counts)
    if ((status[name] ?? 0) > replicas) errors.at(name).invalid(status[name], 'cannot be greater than status.replicas');
  if (availableReplicas > readyReplicas)
    errors.at('availableReplicas').invalid(availableReplicas, 'cannot be greater than status.readyReplicas');
  if ((status.collisionCount ?? 0) < (old.collisionCount ?? 0))
    errors.at('collisionCount').invalid(status.collisionCount ?? 0, 'cannot be decremented');
}
