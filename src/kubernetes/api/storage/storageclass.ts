import { equal } from '../../apimachinery/equal';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { bool, list, named, need, ptr, str, strings, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { oneOf } from '../validation/common';

export interface StorageClass extends ApiObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reclaimPolicy?: 'Delete' | 'Retain' | 'Recycle';
  readonly mountOptions?: readonly string[];
  readonly allowVolumeExpansion?: boolean;
  readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  readonly allowedTopologies?: readonly unknown[];
}

const defaultAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
export const isDefaultClass = ({ metadata }: ApiObject): boolean =>
  defaultAnnotations.some((name) => metadata.annotations?.[name] === 'true');

export const storageClass = defineKind<StorageClass>({
  names: { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass', plural: 'storageclasses', short: ['sc'] },
  scope: 'Cluster',
  updateValidation: ['meta', 'validate', 'metaUpdate', 'update'],
  schema: object('StorageClass', {
    provisioner: need(str),
    parameters: strings,
    reclaimPolicy: ptr(named('PersistentVolumeReclaimPolicy')),
    mountOptions: list(str),
    allowVolumeExpansion: ptr(bool),
    volumeBindingMode: ptr(named('VolumeBindingMode')),
    allowedTopologies: list(
      struct(
        'TopologySelectorTerm',
        {
          matchLabelExpressions: list(
            struct('TopologySelectorLabelRequirement', { key: need(str), values: need(list(str)) }),
          ),
        },
        { atomic: true },
      ),
    ),
  }),
  defaults: (given) => ({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...given }),
  validate: ({ provisioner = '', reclaimPolicy = '', volumeBindingMode }, errors) => {
    if (provisioner === '') errors.at('provisioner').required('');
    if (reclaimPolicy !== '') oneOf(reclaimPolicy, ['Delete', 'Retain'], errors.at('reclaimPolicy'));
    if (volumeBindingMode === undefined) errors.at('volumeBindingMode').required('');
    else oneOf(volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], errors.at('volumeBindingMode'));
  },
  validateUpdate: (given, old, errors) => {
    if (!equal(given.parameters, old.parameters))
      errors.at('parameters').forbidden('updates to parameters are forbidden.');
    if (given.provisioner !== old.provisioner)
      errors.at('provisioner').forbidden('updates to provisioner are forbidden.');
    if (given.reclaimPolicy !== old.reclaimPolicy)
      errors.at('reclaimPolicy').forbidden('updates to reclaimPolicy are forbidden.');
    if (given.volumeBindingMode !== old.volumeBindingMode)
      errors.at('volumeBindingMode').invalid(given.volumeBindingMode, 'field is immutable');
  },
  columns: [
    { ...nameColumn, cell: (given: ApiObject) => `${given.metadata.name}${isDefaultClass(given) ? ' (default)' : ''}` },
    column('Provisioner', ({ provisioner }) => provisioner),
    column('ReclaimPolicy', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    column('VolumeBindingMode', ({ volumeBindingMode }) => volumeBindingMode ?? '<unset>'),
    column('AllowVolumeExpansion', ({ allowVolumeExpansion }) => String(allowVolumeExpansion ?? false)),
    ageColumn,
  ],
});
