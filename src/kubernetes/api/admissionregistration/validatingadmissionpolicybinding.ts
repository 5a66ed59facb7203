import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, LabelSelector } from '../../apimachinery/object';
import { named, ptr, set, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { labelSelector, object } from '../meta/schema';
import { validateBinding } from '../validation/admission-policies';
import { categories, group, matchResources, withMatchDefaults, type MatchResources } from './rules';

export type ValidationAction = 'Deny' | 'Warn' | 'Audit';

export interface ParamRef {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly parameterNotFoundAction?: string;
}

export interface ValidatingAdmissionPolicyBinding extends ApiObject {
  readonly spec: {
    readonly policyName?: string;
    readonly paramRef?: ParamRef;
    readonly matchResources?: MatchResources;
    readonly validationActions?: readonly ValidationAction[];
  };
}

export const paramRef = struct(
  'ParamRef',
  {
    name: str,
    namespace: str,
    selector: ptr(labelSelector),
    parameterNotFoundAction: ptr(named('ParameterNotFoundActionType')),
  },
  { atomic: true },
);

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
      policyName: str,
      paramRef: ptr(paramRef),
      matchResources: ptr(matchResources),
      validationActions: set(named('ValidationAction')),
    }),
  }),
  generation: ({ spec }) => spec,
  indexes: { policyName: ({ spec }) => spec.policyName },
  defaults: (given) => {
    const { spec = {} } = given;
    return {
      ...given,
      spec: {
        ...spec,
        ...(spec.matchResources === undefined ? {} : { matchResources: withMatchDefaults(spec.matchResources) }),
      },
    };
  },
  validate: ({ spec }, errors) => validateBinding(spec, errors.at('spec')),
  columns: [
    nameColumn,
    column(
      'PolicyName',
      ({ spec }) => spec.policyName ?? '',
      'PolicyName indicates the policy definition which the policy binding binded to',
    ),
    column(
      'ParamRef',
      ({ spec: { paramRef } }) => {
        if (paramRef === undefined) return '<unset>';
        const { name = '', namespace = '' } = paramRef;
        return namespace === '' ? name : `${namespace}/${name}`;
      },
      'ParamRef indicates the param resource which sets the configration param',
    ),
    ageColumn,
  ],
});
