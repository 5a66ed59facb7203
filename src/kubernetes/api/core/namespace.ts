import { list, listMap, named, struct } from '../../apimachinery/schema';
import { conditionOf, object } from '../meta/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { finalizerName } from '../validation/common';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';

export interface Namespace extends ApiObject {
  readonly spec: { readonly finalizers?: readonly string[] };
  readonly status: {
    readonly phase?: 'Active' | 'Terminating';
    readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time | null })[];
  };
}

/** Every namespace carries its name as a label. */
const nameLabel = 'kubernetes.io/metadata.name';

export const namespace = defineKind<Namespace>({
  names: { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', short: ['ns'] },
  scope: 'Cluster',
  updateValidation: ['meta', 'validate', 'metaUpdate', 'update'],
  schema: object('Namespace', {
    spec: struct('NamespaceSpec', { finalizers: list(named('FinalizerName')) }),
    status: struct('NamespaceStatus', {
      phase: named('NamespacePhase'),
      conditions: listMap(conditionOf('Namespace'), 'type'),
    }),
  }),
  nameRule: 'label',
  selectableFields: { 'status.phase': ({ status }) => status.phase ?? '' },
  subresources: { status: true },

  defaults: (space) =>
    space.metadata.name === '' || space.metadata.labels?.[nameLabel] === space.metadata.name
      ? space
      : {
          ...space,
          metadata: { ...space.metadata, labels: { ...space.metadata.labels, [nameLabel]: space.metadata.name } },
        },
  prepareForCreate: (space) => {
    const finalizers = space.spec?.finalizers ?? [];
    return {
      ...space,
      spec: { finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] },
      status: { phase: 'Active' },
    };
  },
  validate: ({ spec }, errors) => {
    for (const finalizer of spec?.finalizers ?? []) finalizerName(finalizer, errors.at('spec').at('finalizers'));
  },
  // Only the finalize subresource changes them.
  prepareForUpdate: (space, old) => ({ ...space, spec: old.spec, status: old.status }),

  columns: [nameColumn, column('Status', ({ status }) => status.phase ?? '', 'The status of the namespace'), ageColumn],
});
