import { equal } from '../../apimachinery/equal';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { isDns1123Subdomain } from '../../apimachinery/names';
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
  set,
  str,
  strings,
  struct,
  time,
} from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { persistentVolumeSpec, type PersistentVolumeSpec } from '../core/persistentvolume';
import { object } from '../meta/schema';
import { oneOf, subdomain } from '../validation/common';
import { validateVolumeSpec } from '../validation/persistentvolume';

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
      volumeLifecycleModes: set(named('VolumeLifecycleMode')),
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
  // The feature MutableCSINodeAllocatableCount is off.
  prepareForCreate: withoutPeriod,
  prepareForUpdate: withoutPeriod,
  validate: ({ spec }, errors) => validateCsiDriver(spec, errors.at('spec')),
  validateUpdate: ({ spec }, old, errors) => {
    const at = errors.at('spec');
    if (spec.attachRequired !== old.spec.attachRequired)
      at.at('attachedRequired').invalid(spec.attachRequired, 'field is immutable');
    if (!equal(spec.volumeLifecycleModes, old.spec.volumeLifecycleModes))
      at.at('volumeLifecycleModes').invalid(goModes(spec.volumeLifecycleModes ?? []), 'field is immutable');
  },
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

function withoutPeriod(given: CsiDriver): CsiDriver {
  const { nodeAllocatableUpdatePeriodSeconds: _period, ...spec } = given.spec as CsiDriver['spec'] & {
    readonly nodeAllocatableUpdatePeriodSeconds?: number;
  };
  return { ...given, spec };
}

const goModes = (modes: readonly string[]): GoText =>
  new GoText(`[]storage.VolumeLifecycleMode{${modes.map(goQuote).join(', ')}}`);

const lifecycleModes = ['Persistent', 'Ephemeral'];
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];
const shortestToken = 600;

/** validateCSIDriverSpec; the rest has defaults. */
function validateCsiDriver(spec: CsiDriver['spec'], errors: FieldErrors): void {
  if (spec.fsGroupPolicy !== undefined) oneOf(spec.fsGroupPolicy, groupPolicies, errors.at('fsGroupPolicy'));
  const audiences = new Set<string>();
  spec.tokenRequests?.forEach(({ audience = '', expirationSeconds }, index) => {
    const at = errors.at('tokenRequests').index(index);
    if (audiences.has(audience)) return at.at('audience').duplicate(audience);
    audiences.add(audience);
    if (expirationSeconds === undefined) return;
    const seconds = at.at('expirationSeconds');
    if (expirationSeconds < shortestToken)
      seconds.invalid(expirationSeconds, 'may not specify a duration less than 10 minutes');
    if (expirationSeconds > 2 ** 32)
      seconds.invalid(expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  });
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!lifecycleModes.includes(mode)) errors.at('volumeLifecycleModes').notSupported(mode, lifecycleModes);
}

export interface VolumeAttachment extends ApiObject {
  readonly spec: {
    readonly attacher: string;
    readonly source: { readonly persistentVolumeName?: string; readonly inlineVolumeSpec?: object };
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
          inlineVolumeSpec: ptr(persistentVolumeSpec),
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
    const { attacher = '', nodeName = '', source } = spec ?? {};
    if (attacher === '') at.at('attacher').required('');
    const { persistentVolumeName: volume, inlineVolumeSpec: inline } = source ?? {};
    if (volume === undefined && inline === undefined)
      at.at('source').required('must specify exactly one of inlineVolumeSpec and persistentVolumeName');
    else if (volume !== undefined && inline !== undefined)
      at.at('source').forbidden('must specify exactly one of inlineVolumeSpec and persistentVolumeName');
    else if (volume === '')
      at.at('source').at('persistentVolumeName').required('must specify non empty persistentVolumeName');
    else if (inline !== undefined)
      validateVolumeSpec(inline as PersistentVolumeSpec, true, at.at('source').at('inlineVolumeSpec'));
    subdomain(nodeName, at.at('nodeName'));
  },
  // ValidateVolumeAttachmentV1
  validateCreate: ({ spec }, errors) => {
    const { attacher = '', source } = spec ?? {};
    const at = errors.at('spec').at('attacher');
    if (attacher === '') at.required('');
    if (attacher.length > 63) at.tooLong(63);
    for (const text of isDns1123Subdomain(attacher.toLowerCase())) at.invalid(attacher, text);
    const volume = source?.persistentVolumeName;
    if (volume !== undefined) subdomain(volume, errors.at('spec').at('source').at('persistentVolumeName'));
  },
  validateUpdate: ({ spec }, old, errors) => {
    if (!equal(spec, old.spec)) errors.at('spec').invalid(goAttachment(spec), 'field is immutable');
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

const goAttachment = ({ attacher, nodeName, source }: VolumeAttachment['spec']): GoText => {
  const pointer = (type: string, value: unknown): string =>
    `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`;
  return new GoText(
    `storage.VolumeAttachmentSpec{Attacher:${goQuote(attacher)}, Source:storage.VolumeAttachmentSource{PersistentVolumeName:${pointer('string', source.persistentVolumeName)}, InlineVolumeSpec:${pointer('core.PersistentVolumeSpec', source.inlineVolumeSpec)}}, NodeName:${goQuote(nodeName)}}`,
  );
};

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
