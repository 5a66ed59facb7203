import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';

export interface Namespace extends ApiObject {
  readonly spec: { readonly finalizers?: readonly string[] };
  readonly status: {
    readonly phase?: 'Active' | 'Terminating';
    readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time | null })[];
  };
}

export const namespace = defineKind<Namespace>({
  names: { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', short: ['ns'] },
  scope: 'Cluster',
});
