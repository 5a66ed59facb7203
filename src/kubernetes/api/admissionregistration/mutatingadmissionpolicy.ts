import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { list, listMap, named, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, integer, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateMutatingPolicy } from '../validation/mutating-policies';
import { paramKind, paramKindColumn, sameConditions, variable, withPolicyDefaults, type PolicySpec } from './policies';
import { categories, group, matchConditions, matchResources } from './rules';

export interface Mutation {
  readonly patchType?: string;
  readonly applyConfiguration?: { readonly expression?: string };
  readonly jsonPatch?: { readonly expression?: string };
}

export interface MutatingAdmissionPolicySpec extends PolicySpec {
  readonly mutations?: readonly Mutation[];
  readonly reinvocationPolicy?: string;
}

export interface MutatingAdmissionPolicy extends ApiObject {
  readonly spec: MutatingAdmissionPolicySpec;
}

/** Served only where --feature-gates and --runtime-config say so. */
export const mutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy>({
  names: {
    group,
    version: 'v1alpha1',
    kind: 'MutatingAdmissionPolicy',
    plural: 'mutatingadmissionpolicies',
    singular: 'mutatingadmissionpolicy',
    categories,
  },
  scope: 'Cluster',
  schema: object('MutatingAdmissionPolicy', {
    spec: struct('MutatingAdmissionPolicySpec', {
      paramKind: ptr(paramKind),
      matchConstraints: ptr(matchResources),
      variables: listMap(variable, 'name'),
      mutations: list(
        struct('Mutation', {
          patchType: need(named('PatchType')),
          applyConfiguration: ptr(struct('ApplyConfiguration', { expression: str })),
          jsonPatch: ptr(struct('JSONPatch', { expression: str })),
        }),
      ),
      failurePolicy: ptr(named('FailurePolicyType')),
      matchConditions,
      reinvocationPolicy: named('ReinvocationPolicyType'),
    }),
  }),
  generation: ({ spec }) => spec,
  defaults: withPolicyDefaults,
  validateCreate: ({ spec }, errors) => validateMutatingPolicy(spec, false, errors.at('spec')),
  validateUpdate: ({ spec }, old, errors) =>
    validateMutatingPolicy(spec, sameConditions(spec, old.spec), errors.at('spec')),
  columns: [
    nameColumn,
    integer(
      'Mutations',
      ({ spec }) => spec.mutations?.length ?? 0,
      'Mutation indicates the number of mutations rules defined in this configuration',
    ),
    paramKindColumn,
    ageColumn,
  ],
});
