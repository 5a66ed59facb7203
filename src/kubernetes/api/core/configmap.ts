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

export const configMap = defineKind<ConfigMap>({
  names: { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', short: ['cm'] },
  scope: 'Namespaced',
  schema: object('ConfigMap', { immutable: ptr(bool), data: strings, binaryData: map(bytes) }),

  columns: [nameColumn, column('Data', ({ data, binaryData }) => count(data) + count(binaryData)), ageColumn],
});

const count = (entries: Labels | undefined): number => (entries === undefined ? 0 : Object.keys(entries).length);
