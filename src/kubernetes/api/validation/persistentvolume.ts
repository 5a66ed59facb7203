import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { wasGivenEmpty } from '../../apimachinery/decode';
import { quantityInteger, parseQuantity, quantityValue } from '../../apimachinery/quantity';
import type { PersistentVolumeSpec } from '../core/persistentvolume';
import { goQuantity, oneOf, subdomain } from './common';
import { validateAccessModes } from './persistentvolumeclaim';
import { validateNodeSelector } from './affinity';
import { validateVolumeSource } from './volumes';

const policies = ['Delete', 'Recycle', 'Retain'];

/** pkg/apis/core/validation: ValidatePersistentVolumeSpec. `sources`: the fields that are kinds of storage. */
export function validateVolumeSpec(spec: PersistentVolumeSpec, sources: readonly string[], errors: FieldErrors): void {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, nodeAffinity, storageClassName = '' } = spec;
  if (accessModes.length === 0) errors.at('accessModes').required('');
  validateAccessModes(accessModes, errors.at('accessModes'));
  validateCapacity(spec, errors.at('capacity'));
  if (String(policy ?? '') !== '') oneOf(policy, policies, errors.at('persistentVolumeReclaimPolicy'));
  if (nodeAffinity !== undefined) {
    const at = errors.at('nodeAffinity').at('required');
    const { required } = nodeAffinity;
    if (required === undefined || required === null) at.required('must specify required node constraints');
    else validateNodeSelector(required, at);
  }
  const given = spec as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const present = sources.filter((name) => given[name] !== undefined);
  present.forEach((name, index) => {
    if (index > 0) return errors.at(name).forbidden('may not specify more than 1 volume type');
    validateVolumeSource(name, given[name] ?? {}, errors);
    if (name === 'local' && nodeAffinity === undefined)
      errors.at('nodeAffinity').required('Local volume requires node affinity');
  });
  if (present.length === 0) errors.required('must specify a volume type');
  const path = given['hostPath']?.['path'];
  if (typeof path === 'string' && /^\/[/.]*$/.test(path) && policy === 'Recycle')
    errors.at('persistentVolumeReclaimPolicy').forbidden("may not be 'recycle' for a hostPath mount of '/'");
  if (storageClassName !== '') subdomain(storageClassName, errors.at('storageClassName'));
  if (spec.volumeMode !== undefined) oneOf(spec.volumeMode, ['Block', 'Filesystem'], errors.at('volumeMode'));
}

function validateCapacity(spec: PersistentVolumeSpec, errors: FieldErrors): void {
  const { capacity = {} } = spec;
  const names = Object.keys(capacity);
  if (names.length === 0) errors.required('');
  if (capacity['storage'] === undefined || names.length > 1) {
    const entries = [...names].sort().map((name) => `${goQuote(name)}:${goQuantity(capacity[name] ?? '').text}`);
    const nil = names.length === 0 && !wasGivenEmpty(spec, 'capacity');
    errors.notSupported(new GoText(`core.ResourceList${nil ? '(nil)' : `{${entries.join(', ')}}`}`), ['storage']);
  }
  for (const name of names) {
    const value = capacity[name] ?? '0';
    const parsed = parseQuantity(value);
    if (parsed.ok && quantityInteger(parsed.value) < 0n)
      errors.key(name).invalid(Number(quantityInteger(parsed.value)), 'must be a valid resource quantity');
    if (quantityValue(value) <= 0) errors.key(name).invalid(value, 'must be greater than zero');
  }
}
