import { bool, list, listMap, ptr } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { objectReference } from './object-reference';
import { localObjectReference } from './pod-schema';
import { ageColumn, column, nameColumn } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta } from '../../apimachinery/object';
import type { ObjectReference } from './object-reference';
import type { LocalObjectReference } from './pod-spec';

export interface ServiceAccount extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly secrets?: readonly ObjectReference[];
  readonly imagePullSecrets?: readonly LocalObjectReference[];
  readonly automountServiceAccountToken?: boolean;
}

function withSecretNames(given: ServiceAccount): ServiceAccount {
  if (given.secrets === undefined) return given;
  return { ...given, secrets: given.secrets.map(({ name }) => (name === undefined ? {} : { name })) };
}

export const serviceAccount = defineKind<ServiceAccount>({
  names: { group: '', version: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', short: ['sa'] },
  scope: 'Namespaced',
  schema: object('ServiceAccount', {
    secrets: listMap(objectReference, 'name'),
    imagePullSecrets: list(localObjectReference),
    automountServiceAccountToken: ptr(bool),
  }),

  // cleanSecretReferences: of a secret only the name counts.
  prepareForCreate: withSecretNames,
  prepareForUpdate: withSecretNames,

  warnings: ({ metadata }) =>
    metadata.annotations?.['kubernetes.io/enforce-mountable-secrets'] === undefined
      ? []
      : [
          'metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets',
        ],
  columns: [nameColumn, column('Secrets', ({ secrets }) => secrets?.length ?? 0), ageColumn],
});
