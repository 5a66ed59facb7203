import { equal } from '../../apimachinery/equal';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { list, listMap, named, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, integer, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateMutatingPolicy } from '../validation/mutating-policies';
import {
  categories,
  group,
  matchConditions,
  matchResources,
  withMatchDefaults,
  type MatchCondition,
  type MatchResources,
} from './rules';
import { paramKind, variable } from './validatingadmissionpolicy';

export interface Mutation {
  readonly patchType?: string;
  readonly applyConfiguration?: { readonly expression?: string };
  readonly jsonPatch?: { readonly expression?: string };
}

export interface MutatingAdmissionPolicySpec {
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
  readonly matchConstraints?: MatchResources;
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
  readonly mutations?: readonly Mutation[];
  readonly failurePolicy?: string;
  readonly matchConditions?: readonly MatchCondition[];
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
  defaults: (given) => {
    const { spec = {} } = given;
    return {
      ...given,
      spec: {
        ...spec,
        failurePolicy: spec.failurePolicy ?? 'Fail',
        ...(spec.matchConstraints === undefined ? {} : { matchConstraints: withMatchDefaults(spec.matchConstraints) }),
      },
    };
  },
  validateCreate: ({ spec }, errors) => validateMutatingPolicy(spec, false, errors.at('spec')),
  validateUpdate: ({ spec }, old, errors) => {
    const same = equal(spec.paramKind, old.spec.paramKind) && equal(spec.matchConditions, old.spec.matchConditions);
    validateMutatingPolicy(spec, same, errors.at('spec'));
  },
  columns: [
    nameColumn,
    integer(
      'Mutations',
      ({ spec }) => spec.mutations?.length ?? 0,
      'Mutation indicates the number of mutations rules defined in this configuration',
    ),
    column(
      'ParamKind',
      ({ spec }) =>
        spec.paramKind === undefined ? '<unset>' : `${spec.paramKind.apiVersion ?? ''}/${spec.paramKind.kind ?? ''}`,
      'ParamKind specifies the kind of resources used to parameterize this policy',
    ),
    ageColumn,
  ],
});
