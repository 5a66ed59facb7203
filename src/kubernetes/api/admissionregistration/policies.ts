import { equal } from '../../apimachinery/equal';
import type { ApiObject, LabelSelector } from '../../apimachinery/object';
import { named, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { labelSelector } from '../meta/schema';
import { matchResources, withMatchDefaults, type MatchCondition, type MatchResources } from './rules';

/** What the specs of all admission policies say, whether they validate or mutate. */
export interface PolicySpec {
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
  readonly matchConstraints?: MatchResources;
  readonly failurePolicy?: string;
  readonly matchConditions?: readonly MatchCondition[];
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
}

export interface ParamRef {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly parameterNotFoundAction?: string;
}

/** What all bindings say: which policy goes where, with which parameters. */
export interface BindingSpec {
  readonly policyName?: string;
  readonly paramRef?: ParamRef;
  readonly matchResources?: MatchResources;
}

export const paramKind = struct('ParamKind', { apiVersion: str, kind: str }, { atomic: true });
export const variable = struct('Variable', { name: need(str), expression: need(str) }, { atomic: true });

const paramRef = struct(
  'ParamRef',
  {
    name: str,
    namespace: str,
    selector: ptr(labelSelector),
    parameterNotFoundAction: ptr(named('ParameterNotFoundActionType')),
  },
  { atomic: true },
);

export const bindingFields = { policyName: str, paramRef: ptr(paramRef), matchResources: ptr(matchResources) };

/** SetDefaults_ValidatingAdmissionPolicySpec, SetDefaults_MutatingAdmissionPolicySpec. */
export function withPolicyDefaults<Policy extends { readonly spec: PolicySpec }>(given: Policy): Policy {
  const { spec = {} } = given;
  const { failurePolicy = 'Fail', matchConstraints: matched } = spec;
  return {
    ...given,
    spec: {
      ...spec,
      failurePolicy,
      ...(matched === undefined ? {} : { matchConstraints: withMatchDefaults(matched) }),
    },
  };
}

/** Of the resources that a binding matches. */
export function withBindingDefaults<Bound extends { readonly spec: BindingSpec }>(given: Bound): Bound {
  const { spec = {} } = given;
  const { matchResources: matched } = spec;
  return {
    ...given,
    spec: { ...spec, ...(matched === undefined ? {} : { matchResources: withMatchDefaults(matched) }) },
  };
}

/** Conditions that an update leaves as they were are not looked at again. */
export const sameConditions = (spec: PolicySpec, old: PolicySpec): boolean =>
  equal(spec.paramKind, old.paramKind) && equal(spec.matchConditions, old.matchConditions);

export const paramKindColumn = column<ApiObject & { readonly spec: PolicySpec }>(
  'ParamKind',
  ({ spec: { paramKind } }) =>
    paramKind === undefined ? '<unset>' : `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}`,
  'ParamKind specifies the kind of resources used to parameterize this policy',
);

type Binding = ApiObject & { readonly spec: BindingSpec };

export const bindingColumns = [
  nameColumn,
  column<Binding>(
    'PolicyName',
    ({ spec }) => spec.policyName ?? '',
    'PolicyName indicates the policy definition which the policy binding binded to',
  ),
  column<Binding>(
    'ParamRef',
    ({ spec: { paramRef } }) => {
      if (paramRef === undefined) return '<unset>';
      const { name = '', namespace = '' } = paramRef;
      return namespace === '' ? name : `${namespace}/${name}`;
    },
    'ParamRef indicates the param resource which sets the configration param',
  ),
  ageColumn,
];
