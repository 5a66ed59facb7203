import type { FieldErrors } from '../../apimachinery/field-errors';
import { isDns1123Subdomain } from '../../apimachinery/names';
import { validateFc, validateFlocker, validateIscsi, validateQuobyte } from './block-volumes';
import { descendingPath, inRange, label, oneOf, subdomain } from './common';

export type Source = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Fields that a source cannot do without, for the many kinds of storage that this world does not mount. */
const required: Readonly<Record<string, readonly string[]>> = {
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  gitRepo: ['repository'],
  nfs: ['server', 'path'],
  glusterfs: ['endpoints', 'path'],
  rbd: ['monitors', 'image'],
  flexVolume: ['driver'],
  cinder: ['volumeID'],
  cephfs: ['monitors'],
  azureFile: ['secretName', 'shareName'],
  azureDisk: ['diskName', 'diskURI'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  storageos: ['volumeName'],
  persistentVolumeClaim: ['claimName'],
};

/** What is wrong with storage of some kind, of a pod's volume or (`persistent`) of a persistent one. */
export function validateStorageSource(kind: string, source: Source, persistent: boolean, errors: FieldErrors): void {
  for (const field of required[kind] ?? []) if (isBlank(source[field])) errors.at(field).required('');
  switch (kind) {
    case 'gcePersistentDisk':
    case 'awsElasticBlockStore': {
      const partition = Number(source['partition'] ?? 0);
      if (partition < 0 || partition > 255) errors.at('partition').invalid(partition, inRange(1, 255));
      return;
    }
    case 'gitRepo':
      return descendingPath(text(source['directory']), errors.at('directory'));
    case 'nfs':
      if (!text(source['path']).startsWith('/'))
        errors.at('path').invalid(text(source['path']), 'must be an absolute path');
      return;
    case 'iscsi':
      return validateIscsi(source, persistent, errors);
    case 'fc':
      return validateFc(source, errors);
    case 'flocker':
      return validateFlocker(source, errors);
    case 'quobyte':
      return validateQuobyte(source, errors);
    case 'flexVolume':
      return validateOptions(source['options'], errors.at('options'));
    case 'azureDisk':
      return validateAzureDisk(source, errors);
    case 'storageos': {
      const { volumeName, volumeNamespace } = source;
      if (!isBlank(volumeName)) label(text(volumeName), errors.at('volumeName'));
      if (!isBlank(volumeNamespace)) label(text(volumeNamespace), errors.at('volumeNamespace'));
      return requireReference(source['secretRef'], persistent, errors.at('secretRef'));
    }
    case 'cinder':
      return requireReference(source['secretRef'], persistent, errors.at('secretRef'));
    case 'glusterfs': {
      const namespace = source['endpointsNamespace'];
      const at = errors.at('endpointsNamespace');
      if (namespace === '') at.invalid('', 'if the endpointnamespace is set, it must be a valid namespace name');
      else if (namespace !== undefined) label(text(namespace), at);
      return;
    }
    case 'azureFile':
      if (source['secretNamespace'] === '') errors.at('secretNamespace').required('');
      return;
    case 'csi':
      return persistent ? validatePersistentDriver(source, errors) : validateDriver(source, errors);
    case 'local': {
      const path = text(source['path']);
      if (path === '') errors.at('path').required('');
      else if (path.split('/').includes('..')) errors.at('path').invalid(path, "must not contain '..'");
      return;
    }
    default:
      return;
  }
}

/** ValidateCSIDriverName. */
function driverName(name: string, errors: FieldErrors): void {
  if (name === '') errors.required('');
  if (name.length > 63) errors.tooLong(63);
  for (const problem of isDns1123Subdomain(name.toLowerCase())) errors.invalid(name, problem);
}

function validateDriver(source: Source, errors: FieldErrors): void {
  driverName(text(source['driver']), errors.at('driver'));
  const reference = source['nodePublishSecretRef'] as Source | undefined;
  if (reference === undefined) return;
  const name = text(reference['name']);
  if (name === '') errors.at('nodePublishSecretRef').at('name').required('');
  else subdomain(name, errors.at('name'));
}

const driverSecrets = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
];

function validatePersistentDriver(source: Source, errors: FieldErrors): void {
  driverName(text(source['driver']), errors.at('driver'));
  if (isBlank(source['volumeHandle'])) errors.at('volumeHandle').required('');
  for (const field of driverSecrets) {
    const reference = source[field] as Source | undefined;
    if (reference === undefined) continue;
    const { name, namespace } = reference;
    if (isBlank(name)) errors.at(field).at('name').required('');
    else subdomain(text(name), errors.at(field).at('name'));
    if (isBlank(namespace)) errors.at(field).at('namespace').required('');
    else label(text(namespace), errors.at(field).at('namespace'));
  }
}

function requireReference(given: unknown, persistent: boolean, errors: FieldErrors): void {
  if (given === undefined) return;
  const { name, namespace } = given as Source;
  if (isBlank(name)) errors.at('name').required('');
  if (persistent && isBlank(namespace)) errors.at('namespace').required('');
}

function validateOptions(options: unknown, errors: FieldErrors): void {
  for (const key of Object.keys((options ?? {}) as Source)) {
    const slash = key.indexOf('/');
    const normalized = `.${(slash < 0 ? key : key.slice(0, slash)).toLowerCase()}`;
    if (normalized.endsWith('.kubernetes.io') || normalized.endsWith('.k8s.io'))
      errors.key(key).invalid(key, 'kubernetes.io and k8s.io namespaces are reserved');
  }
}

const managedUri = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const blobUri = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

function validateAzureDisk({ cachingMode, kind, diskURI }: Source, errors: FieldErrors): void {
  if (cachingMode !== undefined) oneOf(text(cachingMode), ['None', 'ReadOnly', 'ReadWrite'], errors.at('cachingMode'));
  if (kind === undefined) return;
  oneOf(text(kind), ['Dedicated', 'Managed', 'Shared'], errors.at('kind'));
  const uri = text(diskURI);
  const managed = kind === 'Managed';
  if (!uri.startsWith(managed ? '/subscriptions/' : 'https://'))
    errors.at('diskURI').notSupported(uri, [managed ? managedUri : blobUri]);
}
