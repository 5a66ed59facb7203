import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Quantities } from '../../apimachinery/object';
import { list, need, ptr, quantities, str, strings, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { toleration } from '../core/pod-schema';
import { object } from '../meta/schema';
import { label } from '../validation/common';

export interface RuntimeClass extends ApiObject {
  readonly handler: string;
  readonly overhead?: { readonly podFixed?: Quantities };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly unknown[];
  };
}

export const runtimeClass = defineKind<RuntimeClass>({
  names: { group: 'node.k8s.io', version: 'v1', kind: 'RuntimeClass', plural: 'runtimeclasses' },
  scope: 'Cluster',
  createOnUpdate: true,
  unconditionalUpdate: false,
  updateValidation: ['meta', 'validate', 'metaUpdate', 'update'],
  schema: object('RuntimeClass', {
    handler: need(str),
    overhead: ptr(struct('Overhead', { podFixed: quantities })),
    scheduling: ptr(struct('Scheduling', { nodeSelector: strings, tolerations: list(toleration) })),
  }),
  defaults: (given) => ({ ...given, handler: given.handler ?? '' }),
  validate: ({ handler }, errors) => label(handler, errors.at('handler')),
  validateUpdate: ({ handler }, old, errors) => {
    if (handler !== old.handler) errors.at('handler').invalid(handler, 'field is immutable');
  },
  columns: [nameColumn, column('Handler', ({ handler }) => handler), ageColumn],
});
