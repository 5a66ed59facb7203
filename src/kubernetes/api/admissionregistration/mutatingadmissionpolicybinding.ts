import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateMutatingBinding } from '../validation/mutating-policies';
import { categories, group, matchResources, withMatchDefaults, type MatchResources } from './rules';
import { paramRef, type ParamRef } from './validatingadmissionpolicybinding';

export interface MutatingAdmissionPolicyBinding extends ApiObject {
  readonly spec: {
    readonly policyName?: string;
    readonly paramRef?: ParamRef;
    readonly matchResources?: MatchResources;
  };
}

export const mutatingAdmissionPolicyBinding = defineKind<MutatingAdmissionPolicyBinding, 'policyName'>({
  names: {
    group,
    version: 'v1alpha1',
    kind: 'MutatingAdmissionPolicyBinding',
    plural: 'mutatingadmissionpolicybindings',
    categories,
  },
  scope: 'Cluster',
  schema: object('MutatingAdmissionPolicyBinding', {
    spec: struct('MutatingAdmissionPolicyBindingSpec', {
      policyName: str,
      paramRef: ptr(paramRef),
      matchResources: ptr(matchResources),
    }),
  }),
  generation: ({ spec }) => spec,
  indexes: { policyName: ({ spec }) => spec.policyName },
  defaults: (given) => {
    const { spec = {} } = given;
    const { matchResources: matched } = spec;
    return {
      ...given,
      spec: { ...spec, ...(matched === undefined ? {} : { matchResources: withMatchDefaults(matched) }) },
    };
  },
  validate: ({ spec }, errors) => validateMutatingBinding(spec, errors.at('spec')),
  columns: [
    nameColumn,
    column(
      'PolicyName',
      ({ spec }) => spec.policyName ?? '',
      'PolicyName indicates the policy definition which the policy binding binded to',
    ),
    column(
      'ParamRef',
      ({ spec }) => {
        if (spec.paramRef === undefined) return '<unset>';
        const { name = '', namespace = '' } = spec.paramRef;
        return namespace === '' ? name : `${namespace}/${name}`;
      },
      'ParamRef indicates the param resource which sets the configration param',
    ),
    ageColumn,
  ],
});
