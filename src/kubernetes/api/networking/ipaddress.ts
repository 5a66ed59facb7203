import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { ptr, str, struct } from '../../apimachinery/schema';
import { isPathSegment } from '../../apimachinery/names';
import { subdomain } from '../validation/common';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateIpName } from './ip';

export interface IpAddress extends ApiObject {
  readonly spec: {
    readonly parentRef?: {
      readonly group?: string;
      readonly resource?: string;
      readonly namespace?: string;
      readonly name?: string;
    };
  };
}

/** Who has an address: the server makes one for each cluster IP of a service. */
export const ipAddress = defineKind<IpAddress>({
  names: { group: 'networking.k8s.io', version: 'v1', kind: 'IPAddress', plural: 'ipaddresses', short: ['ip'] },
  scope: 'Cluster',
  nameRule: 'any',
  schema: object('IPAddress', {
    spec: struct('IPAddressSpec', {
      parentRef: ptr(struct('ParentReference', { group: str, resource: str, namespace: str, name: str })),
    }),
  }),
  validate: ({ metadata, spec }, errors) => {
    for (const key of ['generateName', 'name'] as const)
      if ((metadata[key] ?? '') !== '') validateIpName(metadata[key] ?? '', errors.at('metadata').at(key));
    const at = errors.at('spec').at('parentRef');
    const parent = spec?.parentRef;
    if (parent === undefined) return at.required('');
    if ((parent.group ?? '') !== '') subdomain(parent.group ?? '', at.at('group'));
    for (const key of ['resource', 'name', 'namespace'] as const) {
      const value = parent[key] ?? '';
      if (value === '' && key !== 'namespace') at.at(key).required('');
      for (const text of isPathSegment(value)) at.at(key).invalid(value, text);
    }
  },
  validateUpdate: ({ spec }, old, errors) => {
    if (JSON.stringify(spec) !== JSON.stringify(old.spec))
      errors.at('spec').at('parentRef').invalid(spec.parentRef, 'field is immutable');
  },
  columns: [
    nameColumn,
    column(
      'ParentRef',
      ({ spec: { parentRef } }) =>
        [parentRef?.group, parentRef?.resource, parentRef?.namespace, parentRef?.name]
          .filter((part) => part !== undefined && part !== '')
          .join('/') || '<none>',
      'ParentRef references the resource that an IPAddress is attached to. An IPAddress must reference a parent object.',
    ),
    { ...ageColumn, unlisted: true },
  ],
});
