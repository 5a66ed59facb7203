import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { isPathSegment } from '../../apimachinery/names';
import { compileFor, declarations } from '../admissionregistration/expressions';
import type {
  MatchCondition,
  MatchResources,
  NamedRuleWithOperations,
  RuleWithOperations,
} from '../admissionregistration/rules';
import { labelSelector, oneOf, qualifiedName } from './common';

/** pkg/apis/admissionregistration/validation: what webhooks and policies share. */
const operations = ['*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT'];
const scopes = ['Cluster', 'Namespaced', '*'];
export const failurePolicies = ['Ignore', 'Fail'];
export const matchPolicies = ['Exact', 'Equivalent'];
const mostConditions = 64;

/** `[]string{"a"}`, as Go prints slices. */
export const goSlice = (type: string, values: readonly string[]): GoText =>
  new GoText(`[]${type}{${values.map(goQuote).join(', ')}}`);

export function ruleWithOperations(rule: RuleWithOperations, errors: FieldErrors): void {
  const { operations: given = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const at = errors.at('operations');
  if (given.length === 0) at.required('');
  if (given.length > 1 && given.includes('*'))
    at.invalid(
      goSlice('admissionregistration.OperationType', given),
      "if '*' is present, must not specify other operations",
    );
  given.forEach((operation, index) => oneOf(operation, operations, at.index(index)));
  for (const [name, values, word] of [
    ['apiGroups', apiGroups, 'groups'],
    ['apiVersions', apiVersions, 'versions'],
  ] as const) {
    if (values.length === 0) errors.at(name).required('');
    if (values.length > 1 && values.includes('*'))
      errors.at(name).invalid(goSlice('string', values), `if '*' is present, must not specify other API ${word}`);
  }
  apiVersions.forEach((version, index) => {
    if (version === '') errors.at('apiVersions').index(index).required('');
  });
  validateResources(resources, errors.at('resources'));
  if (scope !== undefined) oneOf(scope, scopes, errors.at('scope'));
}

function validateResources(resources: readonly string[], errors: FieldErrors): void {
  if (resources.length === 0) errors.required('');
  const anySubresource = new Set<string>();
  const anyResource = new Set<string>();
  let plain = false;
  resources.forEach((resource, index) => {
    if (resource === '') return errors.index(index).required('');
    const slash = resource.indexOf('/');
    if (slash < 0) {
      plain = resource !== '*';
      return;
    }
    const [name, sub] = [resource.slice(0, slash), resource.slice(slash + 1)];
    if (anySubresource.has(name))
      errors.index(index).invalid(resource, `if '${name}/*' is present, must not specify ${resource}`);
    if (anyResource.has(sub))
      errors.index(index).invalid(resource, `if '*/${sub}' is present, must not specify ${resource}`);
    if (sub === '*') anySubresource.add(name);
    if (name === '*') anyResource.add(sub);
  });
  const all = goSlice('string', resources);
  if (resources.length > 1 && resources.includes('*/*'))
    errors.invalid(all, "if '*/*' is present, must not specify other resources");
  if (resources.includes('*') && plain)
    errors.invalid(all, "if '*' is present, must not specify other resources without subresources");
}

export function matchResources(given: MatchResources | undefined, errors: FieldErrors): void {
  if (given === undefined) return;
  oneOf(given.matchPolicy ?? '', matchPolicies, errors.at('matchPolicy'));
  labelSelector(given.namespaceSelector, errors.at('namespaceSelector'));
  labelSelector(given.objectSelector, errors.at('objectSelector'));
  given.resourceRules?.forEach((rule, index) => namedRule(rule, errors.at('resourceRules').index(index)));
  given.excludeResourceRules?.forEach((rule, index) => namedRule(rule, errors.at('excludeResourceRules').index(index)));
}

function namedRule(rule: NamedRuleWithOperations, errors: FieldErrors): void {
  const names = new Set<string>();
  rule.resourceNames?.forEach((name, index) => {
    const at = errors.at('resourceNames').index(index);
    for (const text of isPathSegment(name)) at.invalid(name, text);
    if (names.has(name)) at.duplicate(name);
    names.add(name);
  });
  ruleWithOperations(rule, errors);
}

export function matchConditions(
  conditions: readonly MatchCondition[] | undefined,
  params: boolean,
  errors: FieldErrors,
): void {
  if (conditions === undefined) return;
  if (conditions.length > mostConditions) errors.tooMany(conditions.length, mostConditions);
  const names = new Set<string>();
  const declared = declarations({ params, authorizer: true });
  conditions.forEach(({ name = '', expression = '' }, index) => {
    const at = errors.index(index);
    const trimmed = expression.trim();
    if (trimmed === '') at.at('expression').required('');
    else {
      const compiled = compileFor(trimmed, declared, ['bool']);
      if (!compiled.ok) at.at('expression').invalid(trimmed, compiled.error);
    }
    if (name === '') return at.at('name').required('');
    qualifiedName(name, at.at('name'));
    if (names.has(name)) at.at('name').duplicate(name);
    names.add(name);
  });
}
