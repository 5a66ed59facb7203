import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Time } from '../../apimachinery/object';
import {
  bool,
  int32,
  int64,
  list,
  listMap,
  named,
  need,
  ptr,
  str,
  strings,
  struct,
  time,
} from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';

export interface CsiDriver extends ApiObject {
  readonly spec: {
    readonly attachRequired?: boolean;
    readonly podInfoOnMount?: boolean;
    readonly volumeLifecycleModes?: readonly string[];
    readonly storageCapacity?: boolean;
    readonly fsGroupPolicy?: string;
    readonly tokenRequests?: readonly { readonly audience: string; readonly expirationSeconds?: number }[];
    readonly requiresRepublish?: boolean;
    readonly seLinuxMount?: boolean;
  };
}

export const csiDriver = defineKind<CsiDriver>({
  names: { group: 'storage.k8s.io', version: 'v1', kind: 'CSIDriver', plural: 'csidrivers' },
  scope: 'Cluster',
  unconditionalUpdate: false,
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: object('CSIDriver', {
    spec: struct('CSIDriverSpec', {
      attachRequired: ptr(bool),
      podInfoOnMount: ptr(bool),
      volumeLifecycleModes: list(named('VolumeLifecycleMode')),
      storageCapacity: ptr(bool),
      fsGroupPolicy: ptr(named('FSGroupPolicy')),
      tokenRequests: list(struct('TokenRequest', { audience: need(str), expirationSeconds: ptr(int64) })),
      requiresRepublish: ptr(bool),
      seLinuxMount: ptr(bool),
      nodeAllocatableUpdatePeriodSeconds: ptr(int64),
    }),
  }),
  // SetDefaults_CSIDriver.
  defaults: (given) => ({
    ...given,
    spec: {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      requiresRepublish: false,
      seLinuxMount: false,
      ...given.spec,
      ...((given.spec?.volumeLifecycleModes ?? []).length > 0 ? {} : { volumeLifecycleModes: ['Persistent'] }),
    },
  }),
  columns: [
    nameColumn,
    { ...column<CsiDriver>('AttachRequired', ({ spec }) => spec.attachRequired ?? true), type: 'boolean' },
    { ...column<CsiDriver>('PodInfoOnMount', ({ spec }) => spec.podInfoOnMount ?? false), type: 'boolean' },
    { ...column<CsiDriver>('StorageCapacity', ({ spec }) => spec.storageCapacity ?? false), type: 'boolean' },
    column('TokenRequests', ({ spec }) => {
      const names = (spec.tokenRequests ?? []).map(({ audience }) => audience);
      return names.length === 0 ? '<unset>' : names.join(',');
    }),
    { ...column<CsiDriver>('RequiresRepublish', ({ spec }) => spec.requiresRepublish ?? false), type: 'boolean' },
    column('Modes', ({ spec }) => {
      const modes = (spec.volumeLifecycleModes ?? []).join(',');
      return modes === '' ? '<none>' : modes;
    }),
    ageColumn,
  ],
});

export interface VolumeAttachment extends ApiObject {
  readonly spec: {
    readonly attacher: string;
    readonly source: { readonly persistentVolumeName?: string };
    readonly nodeName: string;
  };
  readonly status: {
    readonly attached: boolean;
    readonly attachError?: { readonly time?: Time; readonly message?: string };
  };
}

const volumeError = struct('VolumeError', { time, message: str, errorCode: ptr(int32) });

export const volumeAttachment = defineKind<VolumeAttachment>({
  names: { group: 'storage.k8s.io', version: 'v1', kind: 'VolumeAttachment', plural: 'volumeattachments' },
  scope: 'Cluster',
  unconditionalUpdate: false,
  updateValidation: ['meta', 'validate', 'meta', 'validate', 'update'],
  schema: object('VolumeAttachment', {
    spec: struct('VolumeAttachmentSpec', {
      attacher: need(str),
      source: need(
        struct('VolumeAttachmentSource', {
          persistentVolumeName: ptr(str),
          inlineVolumeSpec: ptr(struct('PersistentVolumeSpec', {})),
        }),
      ),
      nodeName: need(str),
    }),
    status: struct('VolumeAttachmentStatus', {
      attached: need(bool),
      attachmentMetadata: strings,
      attachError: ptr(volumeError),
      detachError: ptr(volumeError),
    }),
  }),
  subresources: { status: true },
  prepareForCreate: (given) => ({ ...given, status: { attached: false } }),
  validate: ({ spec }, errors) => {
    const at = errors.at('spec');
    if ((spec?.attacher ?? '') === '') at.at('attacher').required('');
    if ((spec?.nodeName ?? '') === '') at.at('nodeName').required('');
    if (spec?.source?.persistentVolumeName === undefined)
      at.at('source').required('must specify one of inlineVolumeSpec and persistentVolumeName');
  },
  columns: [
    nameColumn,
    { ...column<VolumeAttachment>('Attacher', ({ spec }) => spec.attacher), format: 'name' },
    column('PV', ({ spec }) => spec.source.persistentVolumeName ?? ''),
    column('Node', ({ spec }) => spec.nodeName),
    { ...column<VolumeAttachment>('Attached', ({ status }) => status.attached), type: 'boolean' },
    ageColumn,
  ],
});

export interface CsiNode extends ApiObject {
  readonly spec: { readonly drivers: readonly { readonly name: string; readonly nodeID: string }[] };
}

export const csiNode = defineKind<CsiNode>({
  names: { group: 'storage.k8s.io', version: 'v1', kind: 'CSINode', plural: 'csinodes' },
  scope: 'Cluster',
  unconditionalUpdate: false,
  updateValidation: ['meta', 'validate', 'meta', 'validate', 'update'],
  schema: object('CSINode', {
    spec: struct('CSINodeSpec', {
      drivers: need(
        listMap(
          struct('CSINodeDriver', {
            name: need(str),
            nodeID: need(str),
            topologyKeys: need(list(str)),
            allocatable: ptr(struct('VolumeNodeResources', { count: ptr(int32) })),
          }),
          'name',
        ),
      ),
    }),
  }),
  columns: [
    nameColumn,
    { ...column<CsiNode>('Drivers', ({ spec }) => spec.drivers.length), type: 'integer' },
    ageColumn,
  ],
});
