import { equal } from '../../apimachinery/equal';
import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { quantityValue } from '../../apimachinery/quantity';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../core/persistentvolumeclaim';
import { cmpDiff } from '../gotypes/cmp/diff';
import { goValueOf } from '../gotypes/value';
import { label, labelSelector, oneOf, subdomain } from './common';

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Access modes of claims and volumes, but for there being any. */
export function validateAccessModes(given: readonly string[], errors: FieldErrors): void {
  for (const mode of given) oneOf(mode, modes, errors);
  if (given.includes('ReadWriteOncePod') && given.some((mode) => mode !== 'ReadWriteOncePod' && modes.includes(mode)))
    errors.forbidden('may not use ReadWriteOncePod with other access modes');
}

/** pkg/apis/core/validation: ValidatePersistentVolumeClaimSpec. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, errors: FieldErrors): void {
  const { accessModes = [], storageClassName = '', dataSource, dataSourceRef } = spec;
  if (accessModes.length === 0) errors.at('accessModes').required('at least 1 access mode is required');
  labelSelector(spec.selector, errors.at('selector'));
  validateAccessModes(accessModes, errors.at('accessModes'));
  const storage = spec.resources?.requests?.['storage'];
  const at = errors.at('resources').key('storage');
  if (storage === undefined) at.required('');
  else if (quantityValue(storage) <= 0) at.invalid(storage, 'must be greater than zero');
  if (storageClassName !== '') subdomain(storageClassName, errors.at('storageClassName'));
  if (spec.volumeMode !== undefined) oneOf(spec.volumeMode, ['Block', 'Filesystem'], errors.at('volumeMode'));
  if (dataSource !== undefined) validateSource(dataSource, errors.at('dataSource'));
  if (dataSourceRef !== undefined) {
    validateSource(dataSourceRef, errors.at('dataSourceRef'));
    const { namespace = '' } = dataSourceRef as { readonly namespace?: string };
    if (namespace !== '') label(namespace, errors.at('dataSourceRef').at('namespace'));
  }
  if (dataSource === undefined || dataSourceRef === undefined) return;
  const { namespace = '', ...others } = dataSourceRef as { readonly namespace?: string };
  const path = new GoText('field.Path{name:"dataSource", index:"", parent:(*field.Path)(0xc000000000)}');
  if (namespace !== '') errors.invalid(path, 'may not be specified when dataSourceRef.namespace is specified');
  else if (!equal(dataSource, others)) errors.invalid(path, 'must match dataSourceRef');
}

function validateSource(
  { apiGroup, kind = '', name = '' }: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string },
  errors: FieldErrors,
): void {
  if (name === '') errors.at('name').required('');
  if (kind === '') errors.at('kind').required('');
  if ((apiGroup ?? '') !== '') subdomain(apiGroup ?? '', errors.at('apiGroup'));
  else if (kind !== 'PersistentVolumeClaim')
    errors.invalid(kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
}

const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** ValidatePersistentVolumeClaimUpdate. */
export function validateClaimUpdate(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  errors: FieldErrors,
): void {
  const { spec } = claim;
  const [now, before] = comparedSpecs(claim, old, errors);
  if (!equal(now, before)) {
    const diff = cmpDiff(
      goValueOf('core.PersistentVolumeClaimSpec', before),
      goValueOf('core.PersistentVolumeClaimSpec', now),
    );
    errors
      .at('spec')
      .forbidden(
        `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${diff}`,
      );
  }
  const size = quantityValue(spec.resources?.requests?.['storage'] ?? '0');
  const actual = quantityValue(old.status?.capacity?.['storage'] ?? '0');
  if (size < quantityValue(old.spec.resources?.requests?.['storage'] ?? '0') && size <= actual)
    errors
      .at('spec')
      .at('resources')
      .at('requests')
      .at('storage')
      .forbidden('field can not be less than status.capacity');
  if (spec.volumeMode !== old.spec.volumeMode) errors.at('volumeMode').invalid(spec.volumeMode, 'field is immutable');
  if (spec.volumeAttributesClassName !== old.spec.volumeAttributesClassName)
    errors
      .at('spec')
      .at('volumeAttributesClassName')
      .forbidden('update is forbidden when the VolumeAttributesClass feature gate is disabled');
}

/** Both specs but for what may change: the volume once, the class where there was none, a bound claim's size. */
function comparedSpecs(
  { metadata, spec, status }: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  errors: FieldErrors,
): [PersistentVolumeClaimSpec, PersistentVolumeClaimSpec] {
  const { volumeName: _volume, ...rest } = old.spec;
  const before: PersistentVolumeClaimSpec =
    (old.spec.volumeName ?? '') === '' && spec.volumeName !== undefined
      ? { ...rest, volumeName: spec.volumeName }
      : old.spec;
  let now = spec;
  const annotation = metadata.annotations?.[betaClass];
  const oldAnnotation = old.metadata.annotations?.[betaClass];
  const { storageClassName, ...classless } = spec;
  const named = storageClassName !== undefined && old.spec.storageClassName === undefined;
  const upgraded =
    oldAnnotation !== undefined &&
    named &&
    storageClassName === oldAnnotation &&
    (annotation === undefined || annotation === oldAnnotation);
  if (!upgraded && (annotation ?? '') !== (oldAnnotation ?? ''))
    errors
      .at('metadata')
      .at('annotations')
      .at(betaClass)
      .invalid(annotation ?? '', 'field is immutable');
  if (named && (oldAnnotation === undefined || storageClassName === oldAnnotation)) now = classless;
  if (status?.phase === 'Bound' && now.resources?.requests !== undefined) {
    const storage = old.spec.resources?.requests?.['storage'] ?? '0';
    now = { ...now, resources: { ...now.resources, requests: { ...now.resources.requests, storage } } };
  }
  if (status?.phase === 'Bound' && now.volumeAttributesClassName !== undefined) {
    const { volumeAttributesClassName: _class, ...unclassed } = now;
    const { volumeAttributesClassName } = old.spec;
    now = volumeAttributesClassName === undefined ? unclassed : { ...unclassed, volumeAttributesClassName };
  }
  return [now, before];
}
