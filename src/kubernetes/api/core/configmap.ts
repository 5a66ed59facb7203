import { equal } from '../../apimachinery/equal';
import { configKeyProblems } from '../validation/common';
import { bool, bytes, map, ptr, strings } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Labels, ObjectMeta } from '../../apimachinery/object';

export interface ConfigMap extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly data?: Labels;
  /** Values in base64. */
  readonly binaryData?: Labels;
  readonly immutable?: boolean;
}

const immutable = 'field is immutable when `immutable` is set';

export const configMap = defineKind<ConfigMap>({
  names: { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', short: ['cm'] },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'update', 'meta', 'validate'],
  schema: object('ConfigMap', { immutable: ptr(bool), data: strings, binaryData: map(bytes) }),

  validate: ({ data, binaryData }, errors) => {
    for (const key in data) {
      for (const text of configKeyProblems(key)) errors.at('data').key(key).invalid(key, text);
      if (binaryData?.[key] !== undefined)
        errors.at('data').key(key).invalid(key, 'duplicate of key present in binaryData');
    }
    for (const key in binaryData)
      for (const text of configKeyProblems(key)) errors.at('binaryData').key(key).invalid(key, text);
  },
  validateUpdate: (object, old, errors) => {
    if (old.immutable !== true) return;
    if (object.immutable !== true) errors.at('immutable').forbidden(immutable);
    if (!equal(object.data, old.data)) errors.at('data').forbidden(immutable);
    if (!equal(object.binaryData, old.binaryData)) errors.at('binaryData').forbidden(immutable);
  },

  columns: [nameColumn, column('Data', ({ data, binaryData }) => count(data) + count(binaryData)), ageColumn],
});

const count = (entries: Labels | undefined): number => (entries === undefined ? 0 : Object.keys(entries).length);
