import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { givenText, wasGivenEmpty } from '../../apimachinery/decode';
import { quantityInteger, parseQuantity, quantityValue } from '../../apimachinery/quantity';
import type { PersistentVolumeSpec } from '../core/persistentvolume';
import { goQuantity, oneOf, subdomain } from './common';
import { validateAccessModes } from './persistentvolumeclaim';
import { validateNodeSelector } from './affinity';
import { validateVolumeSource } from './volumes';

const policies = ['Delete', 'Recycle', 'Retain'];

/** The kinds of storage in the order in which they count. */
const inOrder = [
  ...['hostPath', 'gcePersistentDisk', 'awsElasticBlockStore', 'glusterfs', 'flocker', 'nfs', 'rbd', 'quobyte'],
  ...['cephfs', 'iscsi', 'cinder', 'fc', 'flexVolume', 'azureFile', 'vsphereVolume', 'photonPersistentDisk'],
  ...['portworxVolume', 'azureDisk', 'scaleIO', 'local', 'storageos', 'csi'],
];

/** pkg/apis/core/validation: ValidatePersistentVolumeSpec. `inline`: it is a volume attachment's own. */
export function validateVolumeSpec(spec: PersistentVolumeSpec, inline: boolean, errors: FieldErrors): void {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, nodeAffinity, storageClassName = '' } = spec;
  const notInline = (field: string, text = 'may not be specified'): void =>
    errors.at(field).forbidden(`${text} in the context of inline volumes`);
  if (inline) {
    if (spec.claimRef !== undefined) notInline('claimRef');
    if (Object.keys(spec.capacity ?? {}).length > 0) notInline('capacity');
    if (!Object.hasOwn(spec, 'csi')) errors.at('csi').required('has to be specified in the context of inline volumes');
  }
  if (accessModes.length === 0) errors.at('accessModes').required('');
  validateAccessModes(accessModes, errors.at('accessModes'));
  if (!inline) validateCapacity(spec, errors.at('capacity'));
  if (String(policy ?? '') !== '') {
    if (!inline) oneOf(policy, policies, errors.at('persistentVolumeReclaimPolicy'));
    else if (policy !== 'Retain') notInline('persistentVolumeReclaimPolicy', 'may only be Retain');
  }
  if (nodeAffinity !== undefined && inline) notInline('nodeAffinity');
  else if (nodeAffinity !== undefined) {
    const at = errors.at('nodeAffinity').at('required');
    const { required } = nodeAffinity;
    if (required === undefined || required === null) at.required('must specify required node constraints');
    else validateNodeSelector(required, at);
  }
  const given = spec as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const present = inOrder.filter((name) => given[name] !== undefined);
  present.forEach((name, index) => {
    const extra = name === 'cephfs' ? 'cephFS' : name;
    // A flexVolume is the only one that may stand next to another, says upstream.
    if (index > 0 && name !== 'flexVolume')
      return errors.at(extra).forbidden('may not specify more than 1 volume type');
    validateVolumeSource(name, given[name] ?? {}, errors);
    if (name === 'local' && nodeAffinity === undefined)
      errors.at('nodeAffinity').required('Local volume requires node affinity');
  });
  if (present.length === 0) errors.required('must specify a volume type');
  const path = given['hostPath']?.['path'];
  if (typeof path === 'string' && /^\/[/.]*$/.test(path) && policy === 'Recycle')
    errors.at('persistentVolumeReclaimPolicy').forbidden("may not be 'recycle' for a hostPath mount of '/'");
  if (storageClassName !== '' && inline) notInline('storageClassName');
  else if (storageClassName !== '') subdomain(storageClassName, errors.at('storageClassName'));
  if (spec.volumeMode === undefined) return;
  if (!inline) oneOf(spec.volumeMode, ['Block', 'Filesystem'], errors.at('volumeMode'));
  else if (spec.volumeMode !== 'Filesystem')
    notInline('volumeMode', 'may not specify volumeMode other than Filesystem');
}

function validateCapacity(spec: PersistentVolumeSpec, errors: FieldErrors): void {
  const { capacity = {} } = spec;
  const names = Object.keys(capacity);
  if (names.length === 0) errors.required('');
  if (capacity['storage'] === undefined || names.length > 1) {
    const entries = [...names]
      .sort()
      .map((name) => `${goQuote(name)}:${goQuantity(givenText(capacity, name) ?? capacity[name] ?? '', false).text}`);
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
