import { int32, microTime, named, ptr, str, struct } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, MicroTime, ObjectMeta } from '../../apimachinery/object';

export interface Lease extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: MicroTime;
    readonly renewTime?: MicroTime;
    readonly leaseTransitions?: number;
    readonly strategy?: string;
    readonly preferredHolder?: string;
  };
}

export const lease = defineKind<Lease>({
  names: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases' },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: object('Lease', {
    spec: struct('LeaseSpec', {
      holderIdentity: ptr(str),
      leaseDurationSeconds: ptr(int32),
      acquireTime: ptr(microTime),
      renewTime: ptr(microTime),
      leaseTransitions: ptr(int32),
      strategy: ptr(named('CoordinatedLeaseStrategy')),
      preferredHolder: ptr(str),
    }),
  }),
  createOnUpdate: true,
  unconditionalUpdate: false,

  defaults: (object) => ({ ...object, spec: object.spec ?? {} }),

  // Feature CoordinatedLeaderElection is not on.
  prepareForCreate: withoutStrategy,
  prepareForUpdate: withoutStrategy,

  validate: ({ spec }, errors) => {
    if (spec.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0)
      errors.at('spec').at('leaseDurationSeconds').invalid(spec.leaseDurationSeconds, 'must be greater than 0');
    if (spec.leaseTransitions !== undefined && spec.leaseTransitions < 0)
      errors.at('spec').at('leaseTransitions').invalid(spec.leaseTransitions, 'must be greater than or equal to 0');
  },

  columns: [nameColumn, column('Holder', ({ spec }) => spec.holderIdentity ?? ''), ageColumn],
});

function withoutStrategy(given: Lease): Lease {
  const { strategy, preferredHolder, ...spec } = given.spec;
  return strategy === undefined && preferredHolder === undefined ? given : { ...given, spec };
}
