import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { named, set, struct } from '../../apimachinery/schema';
import { object } from '../meta/schema';
import { validateBinding } from '../validation/admission-policies';
import { bindingColumns, bindingFields, withBindingDefaults, type BindingSpec } from './policies';
import { categories, group } from './rules';

export type ValidationAction = 'Deny' | 'Warn' | 'Audit';

export interface ValidatingAdmissionPolicyBinding extends ApiObject {
  readonly spec: BindingSpec & { readonly validationActions?: readonly ValidationAction[] };
}

export const validatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding, 'policyName'>({
  names: {
    group,
    version: 'v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    categories,
  },
  scope: 'Cluster',
  schema: object('ValidatingAdmissionPolicyBinding', {
    spec: struct('ValidatingAdmissionPolicyBindingSpec', {
      ...bindingFields,
      validationActions: set(named('ValidationAction')),
    }),
  }),
  generation: ({ spec }) => spec,
  indexes: { policyName: ({ spec }) => spec.policyName },
  defaults: withBindingDefaults,
  validate: ({ spec }, errors) => validateBinding(spec, errors.at('spec')),
  columns: bindingColumns,
});
