import { equal } from '../../apimachinery/equal';
import { defineKind } from '../../apimachinery/kind';
import { controllerOf, type ApiObject, type ObjectMeta } from '../../apimachinery/object';
import { any, int64, need } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { nonNegative } from '../validation/common';

/** A state that a StatefulSet or DaemonSet once had. */
export interface ControllerRevision extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly data?: unknown;
  readonly revision: number;
}

export const controllerRevision = defineKind<ControllerRevision, 'orphan'>({
  names: { group: 'apps', version: 'v1', kind: 'ControllerRevision', plural: 'controllerrevisions' },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: object('ControllerRevision', { data: any, revision: need(int64) }),
  indexes: {
    orphan: (object) => (controllerOf(object) === undefined ? object.metadata.namespace : undefined),
  },
  defaults: (given) => ({ ...given, revision: given.revision ?? 0 }),
  validate: ({ data, revision }, errors) => {
    if (data === undefined || data === null) errors.at('data').required('data is mandatory');
    nonNegative(revision, errors.at('revision'));
  },
  validateUpdate: ({ data }, old, errors) => {
    if (!equal(data, old.data)) errors.at('data').invalid(data, 'field is immutable');
  },
  columns: [
    nameColumn,
    column('Controller', (object) => {
      const owner = controllerOf(object);
      if (owner === undefined) return '<none>';
      const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
      return `${owner.kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${owner.name}`;
    }),
    column('Revision', ({ revision }) => String(revision)),
    ageColumn,
  ],
});
