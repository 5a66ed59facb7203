import { carryEmpties } from '../../apimachinery/decode';
import { withDefaults } from '../../apimachinery/defaults';
import { equal } from '../../apimachinery/equal';
import { validateVolumeSpec } from '../validation/persistentvolume';
import { cmpDiff } from '../gotypes/cmp/diff';
import { goValueOf } from '../gotypes/value';
import { GoText } from '../../apimachinery/field-errors';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Quantities, Time } from '../../apimachinery/object';
import {
  bool,
  granular,
  int32,
  list,
  named,
  need,
  nullable,
  ptr,
  quantities,
  str,
  strings,
  struct,
  time,
} from '../../apimachinery/schema';
import { ageColumn, column, nameColumn, wide } from '../columns';
import { object } from '../meta/schema';
import { objectReference, type ObjectReference } from './object-reference';
import { accessModesText, withFinalizer, type AccessMode } from './persistentvolumeclaim';
import { nodeSelector } from './pod-schema';
import { nodeSelectorWarnings } from '../validation/object-warnings';
import { defaultSources } from './volume-defaults';
import { volume } from './volume-schema';

export interface PersistentVolume extends ApiObject {
  readonly spec: PersistentVolumeSpec;
  readonly status: PersistentVolumeStatus;
}

export interface PersistentVolumeSpec {
  readonly capacity?: Quantities;
  readonly accessModes?: readonly AccessMode[];
  readonly claimRef?: ObjectReference;
  readonly persistentVolumeReclaimPolicy: 'Retain' | 'Delete' | 'Recycle';
  readonly storageClassName?: string;
  readonly mountOptions?: readonly string[];
  readonly volumeMode?: 'Filesystem' | 'Block';
  readonly nodeAffinity?: { readonly required?: unknown };
  readonly volumeAttributesClassName?: string;
  readonly hostPath?: { readonly path: string; readonly type?: string };
  readonly local?: { readonly path: string; readonly fsType?: string };
  readonly nfs?: { readonly server: string; readonly path: string; readonly readOnly?: boolean };
  readonly csi?: { readonly driver: string; readonly volumeHandle: string };
}

export interface PersistentVolumeStatus {
  readonly phase?: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
  readonly message?: string;
  readonly reason?: string;
  readonly lastPhaseTransitionTime?: Time;
}

const secretReference = struct('SecretReference', { name: str, namespace: str }, { atomic: true });
const shared = volume.fields;
const take = (...names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const field = shared[name];
      return field === undefined ? [] : [[name, field]];
    }),
  );

/** Where the bytes of a volume are; exactly one of them. */
const sources = {
  ...take('gcePersistentDisk', 'awsElasticBlockStore', 'hostPath', 'nfs', 'fc', 'vsphereVolume', 'quobyte'),
  ...take('azureDisk', 'photonPersistentDisk', 'portworxVolume', 'flocker'),
  glusterfs: ptr(
    struct('GlusterfsPersistentVolumeSource', {
      endpoints: need(str),
      path: need(str),
      readOnly: bool,
      endpointsNamespace: ptr(str),
    }),
  ),
  rbd: ptr(
    struct('RBDPersistentVolumeSource', {
      monitors: need(list(str)),
      image: need(str),
      fsType: str,
      pool: str,
      user: str,
      keyring: str,
      secretRef: ptr(secretReference),
      readOnly: bool,
    }),
  ),
  iscsi: ptr(
    struct('ISCSIPersistentVolumeSource', {
      targetPortal: need(str),
      iqn: need(str),
      lun: need(int32),
      iscsiInterface: str,
      fsType: str,
      readOnly: bool,
      portals: list(str),
      chapAuthDiscovery: bool,
      chapAuthSession: bool,
      secretRef: ptr(secretReference),
      initiatorName: ptr(str),
    }),
  ),
  cinder: ptr(
    struct('CinderPersistentVolumeSource', {
      volumeID: need(str),
      fsType: str,
      readOnly: bool,
      secretRef: ptr(secretReference),
    }),
  ),
  cephfs: ptr(
    struct('CephFSPersistentVolumeSource', {
      monitors: need(list(str)),
      path: str,
      user: str,
      secretFile: str,
      secretRef: ptr(secretReference),
      readOnly: bool,
    }),
  ),
  flexVolume: ptr(
    struct('FlexPersistentVolumeSource', {
      driver: need(str),
      fsType: str,
      secretRef: ptr(secretReference),
      readOnly: bool,
      options: strings,
    }),
  ),
  azureFile: ptr(
    struct('AzureFilePersistentVolumeSource', {
      secretName: need(str),
      shareName: need(str),
      readOnly: bool,
      secretNamespace: nullable(str),
    }),
  ),
  scaleIO: ptr(
    struct('ScaleIOPersistentVolumeSource', {
      gateway: need(str),
      system: need(str),
      secretRef: nullable(secretReference),
      sslEnabled: bool,
      protectionDomain: str,
      storagePool: str,
      storageMode: str,
      volumeName: str,
      fsType: str,
      readOnly: bool,
    }),
  ),
  storageos: ptr(
    struct('StorageOSPersistentVolumeSource', {
      volumeName: str,
      volumeNamespace: str,
      fsType: str,
      readOnly: bool,
      secretRef: ptr(objectReference),
    }),
  ),
  local: ptr(struct('LocalVolumeSource', { path: need(str), fsType: ptr(str) })),
  csi: ptr(
    struct('CSIPersistentVolumeSource', {
      driver: need(str),
      volumeHandle: need(str),
      readOnly: bool,
      fsType: str,
      volumeAttributes: strings,
      controllerPublishSecretRef: ptr(secretReference),
      nodeStageSecretRef: ptr(secretReference),
      nodePublishSecretRef: ptr(secretReference),
      controllerExpandSecretRef: ptr(secretReference),
      nodeExpandSecretRef: ptr(secretReference),
    }),
  ),
};

/** Kinds of storage that know mount options. */
const mountable = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
];

export const persistentVolumeSpec = struct('PersistentVolumeSpec', {
  capacity: quantities,
  ...sources,
  accessModes: list(named('PersistentVolumeAccessMode')),
  claimRef: granular(ptr(objectReference)),
  persistentVolumeReclaimPolicy: named('PersistentVolumeReclaimPolicy'),
  storageClassName: str,
  mountOptions: list(str),
  volumeMode: ptr(named('PersistentVolumeMode')),
  nodeAffinity: ptr(struct('VolumeNodeAffinity', { required: ptr(nodeSelector) })),
  volumeAttributesClassName: ptr(str),
});

export const persistentVolume = defineKind<PersistentVolume, 'claim'>({
  names: { group: '', version: 'v1', kind: 'PersistentVolume', plural: 'persistentvolumes', short: ['pv'] },
  scope: 'Cluster',
  updateValidation: ['meta', 'validate', 'meta', 'validate', 'update'],
  schema: object('PersistentVolume', {
    spec: persistentVolumeSpec,
    status: struct('PersistentVolumeStatus', {
      phase: named('PersistentVolumePhase'),
      message: str,
      reason: str,
      lastPhaseTransitionTime: ptr(time),
    }),
  }),
  indexes: {
    /** `namespace/name` of the claim. */
    claim: ({ spec }) =>
      spec.claimRef === undefined ? undefined : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`,
  },
  subresources: { status: true },

  defaults: (given) => ({ ...given, spec: defaultSpec(given.spec ?? {}) }),
  // StorageObjectInUseProtection.
  prepareForCreate: (given) => ({
    ...withFinalizer(given, 'kubernetes.io/pv-protection'),
    status: { phase: 'Pending', lastPhaseTransitionTime: given.metadata.creationTimestamp },
  }),
  validate: ({ spec, metadata }, errors) => {
    validateVolumeSpec(spec, false, errors.at('spec'));
    const options = 'volume.beta.kubernetes.io/mount-options';
    if (metadata.annotations?.[options] !== undefined && !mountable.some((name) => Object.hasOwn(spec, name)))
      errors
        .at('metadata')
        .at('annotations')
        .at(options)
        .forbidden('may not specify mount options for this volume type');
  },
  validateUpdate: ({ spec }, { spec: old }, errors) => {
    const source = (from: PersistentVolumeSpec) =>
      Object.fromEntries(Object.entries(from).filter(([name]) => Object.hasOwn(sources, name)));
    if (!equal(source(spec), source(old)))
      errors
        .at('spec')
        .at('persistentvolumesource')
        .forbidden(
          `spec.persistentvolumesource is immutable after creation\n${cmpDiff(
            goValueOf('core.PersistentVolumeSource', old),
            goValueOf('core.PersistentVolumeSource', spec),
          )}`,
        );
    if (spec.volumeMode !== old.volumeMode) errors.at('volumeMode').invalid(spec.volumeMode, 'field is immutable');
    if (old.nodeAffinity !== undefined && !equal(spec.nodeAffinity, withLabelsOf(old.nodeAffinity, spec.nodeAffinity)))
      errors
        .at('nodeAffinity')
        .invalid(
          spec.nodeAffinity === undefined
            ? spec.nodeAffinity
            : new GoText(
                `core.VolumeNodeAffinity{Required:(*core.NodeSelector)(${spec.nodeAffinity.required === undefined ? 'nil' : '0xc000000000'})}`,
              ),
          'field is immutable, except for updating from beta label to GA',
        );
  },

  warnings: ({ metadata, spec }) => [
    ...(metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] === undefined
      ? []
      : [
          'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
        ]),
    ...(metadata.annotations?.['volume.beta.kubernetes.io/mount-options'] === undefined
      ? []
      : [
          'metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use "mountOptions" attribute instead',
        ]),
    ...Object.entries(oldSources).flatMap(([name, text]) =>
      Object.hasOwn(spec, name) ? [`spec.${name === 'storageos' ? 'storageOS' : name}: ${text}`] : [],
    ),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...nodeSelectorWarnings(spec.nodeAffinity?.required, 'spec.nodeAffinity.required'),
  ],
  columns: [
    nameColumn,
    column('Capacity', ({ spec }) => spec.capacity?.['storage'] ?? '0'),
    column('Access Modes', ({ spec }) => accessModesText(spec.accessModes)),
    column('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy),
    column('Status', ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating',
    ),
    column('Claim', ({ spec }) =>
      spec.claimRef === undefined ? '' : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`,
    ),
    column(
      'StorageClass',
      ({ metadata, spec }) =>
        metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '',
    ),
    column('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    column('Reason', ({ status }) => status.reason ?? ''),
    ageColumn,
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
});

/** SetDefaults_PersistentVolume. */
function defaultSpec(spec: Partial<PersistentVolumeSpec>): PersistentVolumeSpec {
  return carryEmpties(
    spec,
    withDefaults<PersistentVolumeSpec>(defaultSources(spec) as PersistentVolumeSpec, {
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
    }),
  );
}

/** Sources that are no more (pkg/api/persistentvolume/util.go). */
const oldSources: Readonly<Record<string, string>> = {
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

type Affinity = NonNullable<PersistentVolumeSpec['nodeAffinity']>;
interface Terms {
  readonly nodeSelectorTerms?: readonly { readonly matchExpressions?: readonly { readonly key?: string }[] }[];
}

/** Labels that have another name by now may be renamed. */
const generalLabels = new Map([
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
]);

/** `old` with the names of labels that `now` has in their place (getMaskNodeSelectorLabelChangeEqualities). */
function withLabelsOf(old: Affinity, now: Affinity | undefined): Affinity {
  const terms = (old.required ?? {}) as Terms;
  const others = (now?.required ?? {}) as Terms;
  return {
    ...old,
    required: {
      ...terms,
      nodeSelectorTerms: terms.nodeSelectorTerms?.map((term, index) => ({
        ...term,
        ...(term.matchExpressions === undefined
          ? {}
          : {
              matchExpressions: term.matchExpressions.map((each, at) => {
                const { key } = others.nodeSelectorTerms?.[index]?.matchExpressions?.[at] ?? {};
                return key !== undefined && generalLabels.get(each.key ?? '') === key ? { ...each, key } : each;
              }),
            }),
      })),
    } as NonNullable<Affinity['required']>,
  };
}
