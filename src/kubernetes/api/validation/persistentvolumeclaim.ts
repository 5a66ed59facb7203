import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { quantityValue } from '../../apimachinery/quantity';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../core/persistentvolumeclaim';
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

/** ValidatePersistentVolumeClaimUpdate; upstream appends a diff of the Go structs. */
export function validateClaimUpdate(
  { spec, status, metadata }: PersistentVolumeClaim,
  { spec: old, metadata: oldMetadata }: PersistentVolumeClaim,
  errors: FieldErrors,
): void {
  const bound = status?.phase === 'Bound';
  const annotation = 'volume.beta.kubernetes.io/storage-class';
  // A claim without a class may get one, be it from the default or by hand.
  const classless = old.storageClassName === undefined && oldMetadata.annotations?.[annotation] === undefined;
  if ((metadata.annotations?.[annotation] ?? '') !== (oldMetadata.annotations?.[annotation] ?? ''))
    errors
      .at('metadata')
      .at('annotations')
      .key(annotation)
      .invalid(metadata.annotations?.[annotation] ?? '', 'field is immutable');
  const like: PersistentVolumeClaimSpec = {
    ...spec,
    ...((old.volumeName ?? '') === '' && old.volumeName !== undefined ? { volumeName: old.volumeName } : {}),
    ...(classless || old.storageClassName === undefined ? {} : { storageClassName: spec.storageClassName ?? '' }),
  };
  const { storageClassName: _class, volumeName, resources, volumeAttributesClassName: _attributes, ...rest } = like;
  const { storageClassName: oldClass, volumeName: oldVolume, resources: oldResources, ...before } = old;
  const { volumeAttributesClassName: _oldAttributes, ...others } = before;
  const changed =
    !equal(rest, others) ||
    (!classless && spec.storageClassName !== oldClass) ||
    ((oldVolume ?? '') !== '' && volumeName !== oldVolume) ||
    (!bound && !equal(resources, oldResources));
  if (changed)
    errors
      .at('spec')
      .forbidden(
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      );
  const size = quantityValue(spec.resources?.requests?.['storage'] ?? '0');
  if (size < quantityValue(old.resources?.requests?.['storage'] ?? '0')) {
    const actual = quantityValue(status?.capacity?.['storage'] ?? '0');
    if (size <= actual)
      errors
        .at('spec')
        .at('resources')
        .at('requests')
        .at('storage')
        .forbidden('field can not be less than status.capacity');
  }
  if (spec.volumeMode !== old.volumeMode) errors.at('volumeMode').invalid(spec.volumeMode, 'field is immutable');
}
