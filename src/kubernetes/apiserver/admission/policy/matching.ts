import { namespace as namespaceKind } from '../../../api/core/namespace';
import type {
  MatchResources,
  NamedRuleWithOperations,
  RuleWithOperations,
} from '../../../api/admissionregistration/rules';
import type { Kind } from '../../../apimachinery/kind';
import type { ApiObject, LabelSelector } from '../../../apimachinery/object';
import { selectorMatcher } from '../../../apimachinery/selector-matcher';
import type { Storage } from '../../storage';
import type { Attributes } from '../admission';

/** Configuration of admission is not subject to it: nobody could mend a policy that forbids everything. */
const exempt = new Set([
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
]);

export const isExempt = ({ kind }: Attributes): boolean => exempt.has(kind.resource);

/** matching.Matcher.Matches: the request, as the version that the rules name; undefined: they do not. */
export function matchedAs(
  constraints: MatchResources | undefined,
  of: Attributes,
  storage: Storage,
): Attributes | undefined {
  if (constraints === undefined) return of;
  const { namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = constraints;
  const { matchPolicy = 'Equivalent' } = constraints;
  if (!matchesSelectors(namespaceSelector, objectSelector, of, storage)) return undefined;
  if (ruledAs(excludeResourceRules, matchPolicy, of) !== undefined) return undefined;
  return resourceRules.length === 0 ? of : ruledAs(resourceRules, matchPolicy, of);
}

/** matchesResourceRules. */
function ruledAs(
  rules: readonly NamedRuleWithOperations[],
  matchPolicy: string,
  of: Attributes,
): Attributes | undefined {
  if (rules.some((rule) => matchesNamedRule(rule, of))) return of;
  if (matchPolicy === 'Exact') return undefined;
  const { kind } = of;
  const equivalents = [...(kind.stored === undefined ? [] : [kind.stored]), ...(kind.stored ?? kind).views];
  const known = equivalents.filter((each) => each !== kind);
  for (const rule of rules)
    for (const each of known) if (matchesNamedRule(rule, { ...of, kind: each })) return convertedTo(each, of);
  return undefined;
}

/** admission.NewVersionedAttributes. */
const convertedTo = (kind: Kind, of: Attributes): Attributes => ({
  ...of,
  kind,
  asked: of.asked ?? of.kind,
  object: kind.encode(of.object),
  ...(of.old === undefined ? {} : { old: kind.encode(of.old) }),
});

/** Of the namespace it is in (or is), and of the object before or after. */
export function matchesSelectors(
  namespaces: LabelSelector | undefined,
  objects: LabelSelector | undefined,
  of: Attributes,
  storage: Storage,
): boolean {
  if (namespaces !== undefined && !isEmpty(namespaces)) {
    const labels = namespaceOf(of, storage);
    if (labels !== undefined && !selectorMatcher(namespaces)(labels.metadata.labels)) return false;
  }
  if (objects === undefined || isEmpty(objects)) return true;
  const matches = selectorMatcher(objects);
  const { object, old, operation } = of;
  if (operation !== 'DELETE' && matches(object.metadata.labels)) return true;
  return old !== undefined && matches(old.metadata.labels);
}

const isEmpty = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;

/** The namespace whose labels count; undefined: at the cluster scope, where every selector matches. */
export function namespaceOf({ kind, object }: Attributes, storage: Storage): ApiObject | undefined {
  if (kind.resource === namespaceKind.resource) return object;
  const { namespace } = object.metadata;
  return namespace === undefined ? undefined : storage.get(namespaceKind, undefined, namespace);
}

/** Namespaces count as in themselves. */
export const namespaceNameOf = ({ kind, object }: Attributes): string | undefined =>
  kind.resource === namespaceKind.resource ? object.metadata.name : object.metadata.namespace;

function matchesNamedRule(rule: NamedRuleWithOperations, of: Attributes): boolean {
  const { resourceNames = [] } = rule;
  return matchesRule(rule, of) && (resourceNames.length === 0 || resourceNames.includes(of.object.metadata.name));
}

/** rules.Matcher. */
export function matchesRule(rule: RuleWithOperations, { kind, operation, subresource }: Attributes): boolean {
  const { group, version, plural } = kind.names;
  const any = (given: readonly string[], value: string): boolean => given.includes('*') || given.includes(value);
  const namespaced = kind.namespaced;
  if (rule.scope === 'Namespaced' && !namespaced && kind.resource !== namespaceKind.resource) return false;
  if (rule.scope === 'Namespaced' && kind.resource === namespaceKind.resource) return false;
  if (rule.scope === 'Cluster' && namespaced) return false;
  return (
    any(rule.operations, operation) &&
    any(rule.apiGroups, group) &&
    any(rule.apiVersions, version) &&
    rule.resources.some((resource) => matchesResource(resource, plural, subresource ?? ''))
  );
}

function matchesResource(rule: string, resource: string, subresource: string): boolean {
  const [name = '', sub = ''] = rule.split('/');
  return (name === '*' || name === resource) && (sub === '*' || sub === subresource);
}
