import type { LabelSelector } from '../../apimachinery/object';
import { list, listMap, named, need, ptr, str, struct, type Schema } from '../../apimachinery/schema';
import { labelSelector } from '../meta/schema';

/** What webhooks and policies of admission have in common. */
export interface RuleWithOperations {
  readonly operations: readonly string[];
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  readonly scope?: string;
}

export interface NamedRuleWithOperations extends RuleWithOperations {
  readonly resourceNames?: readonly string[];
}

export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

export interface MatchResources {
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly resourceRules?: readonly NamedRuleWithOperations[];
  readonly excludeResourceRules?: readonly NamedRuleWithOperations[];
  readonly matchPolicy?: string;
}

export const group = 'admissionregistration.k8s.io';
export const categories = ['api-extensions'];

const ruleFields: Readonly<Record<string, Schema>> = {
  operations: list(named('OperationType')),
  apiGroups: list(str),
  apiVersions: list(str),
  resources: list(str),
};
export const ruleWithOperations = struct('RuleWithOperations', { ...ruleFields, scope: ptr(named('ScopeType')) });
const namedRule = struct(
  'NamedRuleWithOperations',
  { resourceNames: list(str), ...ruleFields, scope: ptr(named('ScopeType')) },
  { atomic: true },
);

export const matchConditions = listMap(struct('MatchCondition', { name: need(str), expression: need(str) }), 'name');

export const matchResources = struct(
  'MatchResources',
  {
    namespaceSelector: ptr(labelSelector),
    objectSelector: ptr(labelSelector),
    resourceRules: list(namedRule),
    excludeResourceRules: list(namedRule),
    matchPolicy: ptr(named('MatchPolicyType')),
  },
  { atomic: true },
);

/** SetDefaults_Rule. */
export const withScope = <Rule extends RuleWithOperations>(rule: Rule): Rule => ({ ...rule, scope: rule.scope ?? '*' });

/** SetDefaults_MatchResources and of its rules. */
export function withMatchDefaults(given: MatchResources): MatchResources {
  const { resourceRules, excludeResourceRules } = given;
  return {
    ...given,
    matchPolicy: given.matchPolicy ?? 'Equivalent',
    namespaceSelector: given.namespaceSelector ?? {},
    objectSelector: given.objectSelector ?? {},
    ...(resourceRules === undefined ? {} : { resourceRules: resourceRules.map(withScope) }),
    ...(excludeResourceRules === undefined ? {} : { excludeResourceRules: excludeResourceRules.map(withScope) }),
  };
}
