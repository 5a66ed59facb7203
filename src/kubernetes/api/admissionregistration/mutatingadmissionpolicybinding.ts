import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { struct } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { validateMutatingBinding } from '../validation/mutating-policies';
import { bindingColumns, bindingFields, withBindingDefaults, type BindingSpec } from './policies';
import { categories, group } from './rules';

export interface MutatingAdmissionPolicyBinding extends ApiObject {
  readonly spec: BindingSpec;
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
    spec: struct('MutatingAdmissionPolicyBindingSpec', bindingFields),
  }),
  generation: ({ spec }) => spec,
  indexes: { policyName: ({ spec }) => spec.policyName },
  defaults: withBindingDefaults,
  validate: ({ spec }, errors) => validateMutatingBinding(spec, errors.at('spec')),
  columns: bindingColumns,
});
