import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { need } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { objectReference, type ObjectReference } from './object-reference';

interface Binding extends ApiObject {
  readonly target: ObjectReference;
}

/** Says on which node a pod is to run; pods/binding is the newer way of saying it (LegacyBindingREST). */
export const binding = defineKind<Binding>({
  names: { group: '', version: 'v1', kind: 'Binding', plural: 'bindings' },
  scope: 'Namespaced',
  createOnly: true,
  schema: object('Binding', { target: need(objectReference) }),
});
