import type { FieldErrors } from '../../apimachinery/field-errors';
import type { DownwardApiFile, KeyToPath, Volume, VolumeProjection } from '../core/pod-spec';
import { label } from './common';
import { quantityValue } from '../../apimachinery/quantity';
import { validateLabels } from '../../apimachinery/names';
import { annotationNames } from './common';
import type { PersistentVolumeClaim } from '../core/persistentvolumeclaim';
import { validateClaimSpec } from './persistentvolumeclaim';
import { isBlank, validateStorageSource, type Source } from './storage-sources';
import { validateFieldRef, validateResourceFieldRef } from './container';

/** ValidateVolumes: the volumes that may be mounted, and what is wrong with the others. */
export function validateVolumes(volumes: readonly Volume[], errors: FieldErrors): ReadonlyMap<string, Volume> {
  const known = new Map<string, Volume>();
  volumes.forEach((volume, index) => {
    const at = errors.index(index);
    const { name = '' } = volume;
    const before = errors.causes.length;
    validateSource(volume, at);
    if (name === '') at.at('name').required('');
    else label(name, at.at('name'));
    if (known.has(name)) at.at('name').duplicate(name);
    if (errors.causes.length === before) known.set(name, volume);
    else if (name !== '' && !known.has(name) && errors.causes.length > before) known.delete(name);
  });
  return known;
}

/** Where messages call a source by another name than the field. */
const shownAs: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** The names of what is one too many are not always the fields'. */
const extraAs: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

/** The sources in the order of validateVolumeSource: the first counts. */
const inOrder = [
  ...['emptyDir', 'hostPath', 'gitRepo', 'gcePersistentDisk', 'awsElasticBlockStore', 'secret', 'nfs', 'iscsi'],
  ...['glusterfs', 'flocker', 'persistentVolumeClaim', 'rbd', 'cinder', 'cephfs', 'quobyte', 'downwardAPI', 'fc'],
  ...['flexVolume', 'configMap', 'azureFile', 'vsphereVolume', 'photonPersistentDisk', 'portworxVolume', 'azureDisk'],
  ...['storageos', 'projected', 'scaleIO', 'csi', 'ephemeral', 'image'],
];

/** One source of a persistent volume. */
export function validateVolumeSource(kind: string, source: Source, errors: FieldErrors): void {
  const at = errors.at(shownAs[kind] ?? kind);
  if (kind === 'hostPath') validateHostPath({ hostPath: source as NonNullable<Volume['hostPath']> }, at);
  else validateStorageSource(kind, source, true, at);
}

function validateSource(volume: Volume, errors: FieldErrors): void {
  const sources = inOrder.filter((kind) => Object.hasOwn(volume, kind));
  sources.forEach((kind, index) => {
    const at = errors.at(shownAs[kind] ?? kind);
    if (index > 0) return errors.at(extraAs[kind] ?? kind).forbidden('may not specify more than 1 volume type');
    const source = (volume as unknown as Readonly<Record<string, Source>>)[kind] ?? {};
    switch (kind) {
      case 'emptyDir':
        if (quantityValue(String(source['sizeLimit'] ?? '0')) < 0)
          at.at('sizeLimit').forbidden('SizeLimit field must be a valid resource quantity');
        return;
      case 'ephemeral':
        return validateEphemeral(volume.ephemeral?.volumeClaimTemplate, at.at('volumeClaimTemplate'));
      case 'hostPath':
        return validateHostPath(volume, at);
      case 'secret':
        if (isBlank(volume.secret?.secretName)) at.at('secretName').required('');
        validateMode(volume.secret?.defaultMode, at.at('defaultMode'));
        return validateItems(volume.secret?.items, at.at('items'));
      case 'configMap':
        if (isBlank(volume.configMap?.name)) at.at('name').required('');
        validateMode(volume.configMap?.defaultMode, at.at('defaultMode'));
        return validateItems(volume.configMap?.items, at.at('items'));
      case 'downwardAPI':
        validateMode(volume.downwardAPI?.defaultMode, at.at('defaultMode'));
        return volume.downwardAPI?.items?.forEach((item) => validateDownward(item, at));
      case 'projected':
        validateMode(volume.projected?.defaultMode, at.at('defaultMode'));
        return validateProjections(volume.projected?.sources ?? [], at);
      default:
        return validateStorageSource(kind, source, false, at);
    }
  });
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

export function validateHostPath({ hostPath }: Pick<Volume, 'hostPath'>, errors: FieldErrors): void {
  const path = hostPath?.path ?? '';
  if (path === '') return errors.at('path').required('');
  if (path.split('/').includes('..')) errors.at('path').invalid(path, "must not contain '..'");
  const type = hostPath?.type;
  if (type !== undefined && !hostPathTypes.includes(type)) errors.at('type').notSupported(type, hostPathTypes);
}

function validateMode(mode: number | undefined, errors: FieldErrors): void {
  if (mode !== undefined && (mode > 0o777 || mode < 0))
    errors.invalid(mode, 'must be a number between 0 and 0777 (octal), both inclusive');
}

/** validateLocalNonReservedPath. */
function validatePath(path: string, errors: FieldErrors): void {
  if (path.startsWith('/')) errors.invalid(path, 'must be a relative path');
  const parts = path.split('/');
  if (parts.includes('..')) errors.invalid(path, "must not contain '..'");
  if (path.startsWith('..') && parts[0] !== '..') errors.invalid(path, "must not start with '..'");
}

function validateItems(items: readonly KeyToPath[] | undefined, errors: FieldErrors): void {
  items?.forEach(({ key = '', path = '', mode }, index) => {
    const at = errors.index(index);
    if (key === '') at.at('key').required('');
    if (path === '') at.at('path').required('');
    else validatePath(path, at.at('path'));
    validateMode(mode, at.at('mode'));
  });
}

const downwardPaths = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

function validateDownward({ path = '', fieldRef, resourceFieldRef, mode }: DownwardApiFile, errors: FieldErrors): void {
  if (path === '') errors.at('path').required('');
  else validatePath(path, errors.at('path'));
  if (fieldRef !== undefined) {
    validateFieldRef(fieldRef, downwardPaths, errors.at('fieldRef'));
    if (resourceFieldRef !== undefined)
      errors.invalid('resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
  } else if (resourceFieldRef !== undefined)
    validateResourceFieldRef(resourceFieldRef, true, errors.at('resourceFieldRef'));
  else errors.required('one of fieldRef and resourceFieldRef is required');
  validateMode(mode, errors.at('mode'));
}

/** validateProjectionSources. */
function validateProjections(sources: readonly VolumeProjection[], errors: FieldErrors): void {
  const paths = new Set<string>();
  const claim = (path: string | undefined, at: FieldErrors): void => {
    if (path === undefined || path === '') return;
    if (paths.has(path)) at.invalid(path, `conflicting duplicate paths`);
    paths.add(path);
  };
  sources.forEach((source, index) => {
    const at = errors.at('sources').index(index);
    const kinds = Object.keys(source);
    kinds.forEach((kind, position) => {
      if (position > 0) return at.forbidden('may not specify more than 1 volume type per source');
      if (kind === 'secret' || kind === 'configMap') {
        const named = source[kind];
        if (isBlank(named?.name)) at.at(kind).at('name').required('');
        validateItems(named?.items, at.at(kind).at('items'));
        for (const { path } of named?.items ?? []) claim(path, errors);
      } else if (kind === 'downwardAPI') {
        for (const item of source.downwardAPI?.items ?? []) {
          validateDownward(item, at.at('downwardAPI'));
          claim(item.path, errors);
        }
      } else if (kind === 'serviceAccountToken') {
        const { expirationSeconds = 3600, path = '' } = source.serviceAccountToken ?? {};
        if (expirationSeconds < 600)
          at.at('serviceAccountToken')
            .at('expirationSeconds')
            .invalid(expirationSeconds, 'may not specify a duration less than 10 minutes');
        if (expirationSeconds > 2 ** 32)
          at.at('serviceAccountToken')
            .at('expirationSeconds')
            .invalid(expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
        if (path === '') errors.at('path').required('');
        claim(path, errors);
      }
      return undefined;
    });
  });
}

/** ValidatePersistentVolumeClaimTemplate. */
function validateEphemeral(
  given: NonNullable<Volume['ephemeral']>['volumeClaimTemplate'] | undefined,
  errors: FieldErrors,
): void {
  if (given === undefined) return errors.required('');
  const template = given as unknown as Pick<PersistentVolumeClaim, 'metadata' | 'spec'>;
  validateLabels(template.metadata?.labels, errors.at('metadata').at('labels'));
  annotationNames(template.metadata?.annotations, errors.at('metadata').at('annotations'));
  validateClaimSpec(template.spec, errors.at('spec'));
}
