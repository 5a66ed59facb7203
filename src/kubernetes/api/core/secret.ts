import { bool, bytes, map, named, ptr, strings } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Labels, ObjectMeta } from '../../apimachinery/object';

export interface Secret extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  /** Values in base64. */
  readonly data?: Labels;
  readonly type?: string;
  readonly immutable?: boolean;
}

export const secret = defineKind<Secret>({
  names: { group: '', version: 'v1', kind: 'Secret', plural: 'secrets' },
  scope: 'Namespaced',
  schema: object('Secret', { immutable: ptr(bool), data: map(bytes), stringData: strings, type: named('SecretType') }),
  selectableFields: { type: ({ type }) => type ?? '' },

  defaults: (object) => ({ ...object, type: object.type === undefined || object.type === '' ? 'Opaque' : object.type }),

  columns: [
    nameColumn,
    column('Type', ({ type }) => type ?? ''),
    column('Data', ({ data }) => (data === undefined ? 0 : Object.keys(data).length)),
    ageColumn,
  ],
});
