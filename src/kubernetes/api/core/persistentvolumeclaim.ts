import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, LabelSelector, ObjectMeta, Quantities, Time } from '../../apimachinery/object';
import { granular, list, listMap, map, named, need, ptr, quantities, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn, wide } from '../columns';
import { conditionOf, object } from '../meta/schema';
import { validateClaimSpec, validateClaimUpdate } from '../validation/persistentvolumeclaim';
import { defaultClaimSpec } from './volume-defaults';
import { fractionalWarning } from '../validation/object-warnings';
import { claimSpec } from './volume-schema';

export type AccessMode = 'ReadWriteOnce' | 'ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOncePod';

export interface PersistentVolumeClaim extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: PersistentVolumeClaimSpec;
  readonly status: PersistentVolumeClaimStatus;
}

export interface PersistentVolumeClaimSpec {
  readonly accessModes?: readonly AccessMode[];
  readonly selector?: LabelSelector;
  readonly resources: { readonly limits?: Quantities; readonly requests?: Quantities };
  readonly volumeName?: string;
  readonly storageClassName?: string;
  readonly volumeMode?: 'Filesystem' | 'Block';
  readonly dataSource?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
  readonly dataSourceRef?: {
    readonly apiGroup?: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  };
  readonly volumeAttributesClassName?: string;
}

export interface PersistentVolumeClaimStatus {
  readonly phase?: 'Pending' | 'Bound' | 'Lost';
  readonly accessModes?: readonly AccessMode[];
  readonly capacity?: Quantities;
  readonly currentVolumeAttributesClassName?: string;
  readonly modifyVolumeStatus?: object;
  readonly conditions?: readonly (Condition & {
    readonly lastProbeTime?: Time | null;
    readonly lastTransitionTime?: Time | null;
  })[];
}

const claimStatus = struct('PersistentVolumeClaimStatus', {
  phase: named('PersistentVolumeClaimPhase'),
  accessModes: list(named('PersistentVolumeAccessMode')),
  capacity: quantities,
  conditions: listMap(conditionOf('PersistentVolumeClaim', 'lastProbeTime'), 'type'),
  allocatedResources: quantities,
  allocatedResourceStatuses: granular(map(named('ClaimResourceStatus'))),
  currentVolumeAttributesClassName: ptr(str),
  modifyVolumeStatus: ptr(
    struct('ModifyVolumeStatus', {
      targetVolumeAttributesClassName: str,
      status: need(named('PersistentVolumeClaimModifyVolumeStatus')),
    }),
  ),
});

export const persistentVolumeClaimSchema = object('PersistentVolumeClaim', { spec: claimSpec, status: claimStatus });

/** SetDefaults_PersistentVolumeClaim. */
export const defaultClaim = (claim: PersistentVolumeClaim): PersistentVolumeClaim => ({
  ...claim,
  spec: defaultClaimSpec(claim.spec),
});

/** Keeps an object while somebody uses it. */
export function withFinalizer<T extends ApiObject>(given: T, finalizer: string): T {
  const { finalizers = [] } = given.metadata;
  if (finalizers.includes(finalizer)) return given;
  return { ...given, metadata: { ...given.metadata, finalizers: [...finalizers, finalizer] } };
}

/** RWO, ROX, RWX, RWOP. */
export const accessModesText = (given: readonly AccessMode[] | undefined): string =>
  (
    [
      ['ReadWriteOnce', 'RWO'],
      ['ReadOnlyMany', 'ROX'],
      ['ReadWriteMany', 'RWX'],
      ['ReadWriteOncePod', 'RWOP'],
    ] as const
  )
    .filter(([mode]) => given?.includes(mode) === true)
    .map(([, short]) => short)
    .join(',');

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim, 'volume'>({
  names: {
    group: '',
    version: 'v1',
    kind: 'PersistentVolumeClaim',
    plural: 'persistentvolumeclaims',
    short: ['pvc'],
  },
  scope: 'Namespaced',
  updateValidation: ['meta', 'validate', 'metaUpdate', 'meta', 'validate', 'update'],
  schema: persistentVolumeClaimSchema,
  indexes: { volume: ({ spec }) => spec.volumeName },
  subresources: { status: true },

  defaults: defaultClaim,
  // StorageObjectInUseProtection.
  prepareForCreate: (claim) => ({
    ...withFinalizer(claim, 'kubernetes.io/pvc-protection'),
    spec: withDataSource(withKnownSource(withoutGated(claim.spec))),
    status: { phase: 'Pending' },
  }),
  prepareForUpdate: (claim, { spec: old }) => ({
    ...claim,
    spec: withDataSource(withKnownSource(withoutGated(claim.spec, old), old)),
  }),
  prepareForStatusUpdate: withoutGatedStatus,
  validate: ({ spec }, errors) => validateClaimSpec(spec, errors.at('spec')),
  validateUpdate: validateClaimUpdate,

  warnings: ({ metadata, spec }) => [
    ...(metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] === undefined
      ? []
      : [
          'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
        ]),
    ...fractionalWarning('spec.resources.requests', spec.resources.requests),
    ...fractionalWarning('spec.resources.limits', spec.resources.limits),
  ],
  columns: [
    nameColumn,
    column('Status', ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating',
    ),
    column('Volume', ({ spec }) => spec.volumeName ?? ''),
    column('Capacity', ({ spec, status }) =>
      (spec.volumeName ?? '') === '' ? '' : (status.capacity?.['storage'] ?? '0'),
    ),
    column('Access Modes', ({ spec, status }) =>
      (spec.volumeName ?? '') === '' ? '' : accessModesText(status.accessModes),
    ),
    column('StorageClass', storageClassText),
    column('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    ageColumn,
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
});

/** helper.GetPersistentVolumeClaimClass: the annotation was there before the field. */
function storageClassText({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '';
}

/** DropDisabledFields: VolumeAttributesClass and CrossNamespaceVolumeDataSource are not on. */
function withoutGated(given: PersistentVolumeClaimSpec, old?: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  let spec = given;
  if (spec.volumeAttributesClassName !== undefined && old?.volumeAttributesClassName === undefined) {
    const { volumeAttributesClassName: _class, ...rest } = spec;
    spec = rest;
  }
  if ((spec.dataSourceRef?.namespace ?? '') !== '' && old?.dataSourceRef === undefined) {
    const { dataSourceRef: _ref, ...rest } = spec;
    spec = rest;
  }
  return spec;
}

/** DropDisabledFieldsFromStatus. */
function withoutGatedStatus(
  claim: PersistentVolumeClaim,
  { status: old }: PersistentVolumeClaim,
): PersistentVolumeClaim {
  const { currentVolumeAttributesClassName, modifyVolumeStatus, ...status } = claim.status;
  return {
    ...claim,
    status: {
      ...status,
      ...(currentVolumeAttributesClassName === undefined || old.currentVolumeAttributesClassName === undefined
        ? {}
        : { currentVolumeAttributesClassName }),
      ...(modifyVolumeStatus === undefined || old.modifyVolumeStatus === undefined ? {} : { modifyVolumeStatus }),
    },
  };
}

/** EnforceDataSourceBackwardsCompatibility: whatever is neither a claim nor a snapshot is silently dropped. */
function withKnownSource(spec: PersistentVolumeClaimSpec, old?: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSource, dataSourceRef, ...rest } = spec;
  if (dataSource === undefined || dataSourceRef !== undefined) return spec;
  if (old?.dataSource !== undefined || old?.dataSourceRef !== undefined) return spec;
  const { kind } = dataSource;
  const apiGroup = dataSource.apiGroup ?? '';
  const known =
    apiGroup === ''
      ? kind === 'PersistentVolumeClaim'
      : apiGroup === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot';
  return known ? spec : rest;
}

/** NormalizeDataSources: either source is copied to the other. */
function withDataSource(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined && dataSourceRef === undefined) return { ...spec, dataSourceRef: dataSource };
  if (dataSource === undefined && dataSourceRef !== undefined && (dataSourceRef.namespace ?? '') === '') {
    const { namespace: _namespace, ...source } = dataSourceRef;
    return { ...spec, dataSource: source };
  }
  return spec;
}
