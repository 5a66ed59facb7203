import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { isQualifiedName } from '../../apimachinery/names';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { bool, list, named, need, ptr, str, strings, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { topologyWarnings } from '../validation/object-warnings';
import { object } from '../meta/schema';
import { oneOf } from '../validation/common';

interface TopologyTerm {
  readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

export interface StorageClass extends ApiObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reclaimPolicy?: 'Delete' | 'Retain' | 'Recycle';
  readonly mountOptions?: readonly string[];
  readonly allowVolumeExpansion?: boolean;
  readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  readonly allowedTopologies?: readonly TopologyTerm[];
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
  validate: ({ provisioner = '', parameters, reclaimPolicy = '', volumeBindingMode, allowedTopologies }, errors) => {
    if (provisioner === '') errors.at('provisioner').required('');
    else
      for (const text of isQualifiedName(provisioner.toLowerCase()))
        errors.at('provisioner').invalid(provisioner.toLowerCase(), text);
    validateParameters(parameters ?? {}, errors.at('parameters'));
    if (reclaimPolicy !== '') oneOf(reclaimPolicy, ['Delete', 'Retain'], errors.at('reclaimPolicy'));
    if (volumeBindingMode === undefined) errors.at('volumeBindingMode').required('');
    else oneOf(volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], errors.at('volumeBindingMode'));
    validateTopologies(allowedTopologies ?? [], errors.at('allowedTopologies'));
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
  warnings: ({ allowedTopologies }) => topologyWarnings(allowedTopologies),
  columns: [
    { ...nameColumn, cell: (given: ApiObject) => `${given.metadata.name}${isDefaultClass(given) ? ' (default)' : ''}` },
    column('Provisioner', ({ provisioner }) => provisioner),
    column('ReclaimPolicy', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    column('VolumeBindingMode', ({ volumeBindingMode }) => volumeBindingMode ?? '<unset>'),
    column('AllowVolumeExpansion', ({ allowVolumeExpansion }) => String(allowVolumeExpansion ?? false)),
    ageColumn,
  ],
});

const mostParameters = 512;
const parametersLimit = 256 * 1024;

function validateParameters(parameters: Readonly<Record<string, string>>, errors: FieldErrors): void {
  const entries = Object.entries(parameters);
  if (entries.length > mostParameters) return errors.tooLong(mostParameters);
  if (entries.some(([key]) => key === '')) errors.invalid('', 'field can not be empty.');
  const size = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size > parametersLimit) errors.tooLong(parametersLimit);
}

/** validateAllowedTopologies, ValidateTopologySelectorTerm. */
function validateTopologies(terms: readonly TopologyTerm[], errors: FieldErrors): void {
  // Upstream begins its list of what it has seen with one empty term for each that is to come.
  const seen = new Set(['']);
  terms.forEach(({ matchLabelExpressions = [] }, index) => {
    const at = errors.index(index).at('matchLabelExpressions');
    const keys = new Map<string, readonly string[]>();
    matchLabelExpressions.forEach(({ key = '', values }, each) => {
      const place = at.index(each);
      const wanted = values ?? [];
      if (wanted.length === 0) place.at('values').required('');
      wanted.forEach((value, position) => {
        if (wanted.indexOf(value) < position) place.at('values').index(position).duplicate(value);
      });
      for (const text of isQualifiedName(key)) place.at('key').invalid(key, text);
      if (keys.has(key)) place.at('key').duplicate(key);
      keys.set(key, [...new Set(wanted)].sort());
    });
    const text = [...keys]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map((entry) => JSON.stringify(entry))
      .join();
    if (seen.has(text)) at.duplicate('');
    seen.add(text);
  });
}
