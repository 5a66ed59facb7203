import { equal } from '../../apimachinery/equal';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { defineKind } from '../../apimachinery/kind';
import { isDns1123Label, isDns1123Subdomain } from '../../apimachinery/names';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';
import { bool, int32, list, listMap, named, need, ptr, set, str, struct, time } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { mandatoryFlowSchemas } from './mandatory';

export interface FlowSchema extends ApiObject {
  readonly spec: FlowSchemaSpec;
  readonly status: { readonly conditions?: readonly FlowSchemaCondition[] };
}

export interface FlowSchemaSpec {
  readonly priorityLevelConfiguration: { readonly name: string };
  readonly matchingPrecedence: number;
  readonly distinguisherMethod?: { readonly type: string };
  readonly rules?: readonly PolicyRulesWithSubjects[];
}

export type FlowSchemaCondition = Condition<'Dangling'> & { readonly lastTransitionTime?: Time };

export interface PolicyRulesWithSubjects {
  readonly subjects: readonly FlowSubject[] | null;
  readonly resourceRules?: readonly ResourcePolicyRule[];
  readonly nonResourceRules?: readonly NonResourcePolicyRule[];
}

export interface FlowSubject {
  readonly kind: string;
  readonly user?: { readonly name: string };
  readonly group?: { readonly name: string };
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}

export interface ResourcePolicyRule {
  readonly verbs: readonly string[] | null;
  readonly apiGroups: readonly string[] | null;
  readonly resources: readonly string[] | null;
  readonly clusterScope?: boolean;
  readonly namespaces?: readonly string[];
}

export interface NonResourcePolicyRule {
  readonly verbs: readonly string[] | null;
  readonly nonResourceURLs: readonly string[] | null;
}

const subject = struct('Subject', {
  kind: need(named('SubjectKind')),
  user: ptr(struct('UserSubject', { name: need(str) })),
  group: ptr(struct('GroupSubject', { name: need(str) })),
  serviceAccount: ptr(struct('ServiceAccountSubject', { namespace: need(str), name: need(str) })),
});

const spec = struct('FlowSchemaSpec', {
  priorityLevelConfiguration: need(struct('PriorityLevelConfigurationReference', { name: need(str) })),
  matchingPrecedence: need(int32),
  distinguisherMethod: ptr(struct('FlowDistinguisherMethod', { type: need(named('FlowDistinguisherMethodType')) })),
  rules: list(
    struct('PolicyRulesWithSubjects', {
      subjects: need(list(subject)),
      resourceRules: list(
        struct('ResourcePolicyRule', {
          verbs: need(set(str)),
          apiGroups: need(set(str)),
          resources: need(set(str)),
          clusterScope: bool,
          namespaces: need(set(str)),
        }),
      ),
      nonResourceRules: list(
        struct('NonResourcePolicyRule', { verbs: need(set(str)), nonResourceURLs: need(set(str)) }),
      ),
    }),
  ),
});

/** flowcontrol.FlowSchemaMaxMatchingPrecedence. */
const lowestPrecedence = 10_000;

export const flowSchema = defineKind<FlowSchema>({
  names: { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', kind: 'FlowSchema', plural: 'flowschemas' },
  scope: 'Cluster',
  schema: object('FlowSchema', {
    spec,
    status: struct('FlowSchemaStatus', {
      conditions: listMap(
        struct('FlowSchemaCondition', {
          type: named('FlowSchemaConditionType'),
          status: named('ConditionStatus'),
          lastTransitionTime: time,
          reason: str,
          message: str,
        }),
        'type',
      ),
    }),
  }),
  subresources: { status: true },
  generation: (given) => given.spec,
  defaults: (given) => ({
    ...given,
    spec: { ...given.spec, matchingPrecedence: given.spec?.matchingPrecedence || 1000 },
  }),
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validate,
  // apihelpers.FlowSchemaSequence
  tableOrder: (a, b) =>
    a.spec.matchingPrecedence - b.spec.matchingPrecedence || (a.metadata.name < b.metadata.name ? -1 : 1),
  columns: [
    nameColumn,
    column(
      'PriorityLevel',
      (each) => each.spec.priorityLevelConfiguration.name,
      '`name` is the name of the priority level configuration being referenced Required.',
    ),
    column(
      'MatchingPrecedence',
      (each) => each.spec.matchingPrecedence,
      '`matchingPrecedence` is used to choose among the FlowSchemas that match a given request. The chosen FlowSchema is among those with the numerically lowest (which we take to be logically highest) MatchingPrecedence.  Each MatchingPrecedence value must be ranged in [1,10000]. Note that if the precedence is not specified, it will be set to 1000 as default.',
    ),
    column(
      'DistinguisherMethod',
      (each) => each.spec.distinguisherMethod?.type ?? '<none>',
      '`distinguisherMethod` defines how to compute the flow distinguisher for requests that match this schema. `nil` specifies that the distinguisher is disabled and thus will always be the empty string.',
    ),
    ageColumn,
    column(
      'MissingPL',
      ({ status }) => (status.conditions ?? []).find(({ type }) => type === 'Dangling')?.status ?? '?',
      'References to a broken or non-existent PriorityLevelConfiguration',
    ),
  ],
});

/** ValidateFlowSchema. */
function validate({ metadata, spec: given }: FlowSchema, errors: FieldErrors): void {
  const at = errors.at('spec');
  const { matchingPrecedence: precedence, distinguisherMethod, priorityLevelConfiguration, rules = [] } = given;
  const order = at.at('matchingPrecedence');
  if (precedence <= 0) order.invalid(precedence, 'must be a positive value');
  if (precedence > lowestPrecedence) order.invalid(precedence, `must not be greater than ${lowestPrecedence}`);
  if (precedence === 1 && metadata.name !== 'exempt')
    order.invalid(precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
  const method = distinguisherMethod?.type;
  if (distinguisherMethod !== undefined && method !== 'ByNamespace' && method !== 'ByUser')
    at.at('distinguisherMethod')
      .at('type')
      .notSupported(new GoText(`flowcontrol.FlowDistinguisherMethod{Type:${goQuote(method ?? '')}}`), [
        'ByNamespace',
        'ByUser',
      ]);
  const level = priorityLevelConfiguration?.name ?? '';
  const name = at.at('priorityLevelConfiguration').at('name');
  if (level === '') name.required('must reference a priority level');
  else for (const text of isDns1123Subdomain(level)) name.invalid(level, text);
  rules.forEach((rule, index) => validateRule(rule, at.at('rules').index(index)));
  const fixed = mandatoryFlowSchemas.get(metadata.name);
  if (fixed !== undefined && !equal(fixed, given))
    at.invalid(given, `spec of '${metadata.name}' must equal the fixed value`);
}

function validateRule(rule: PolicyRulesWithSubjects, errors: FieldErrors): void {
  const { subjects, resourceRules = [], nonResourceRules = [] } = rule;
  if ((subjects ?? []).length === 0) errors.at('subjects').required('subjects must contain at least one value');
  subjects?.forEach((each, index) => validateSubject(each, errors.at('subjects').index(index)));
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    errors.required('at least one of resourceRules and nonResourceRules has to be non-empty');
  resourceRules.forEach((each, index) => validateResourceRule(each, errors.at('resourceRules').index(index)));
  nonResourceRules.forEach((each, index) => {
    const at = errors.at('nonResourceRules').index(index);
    validateVerbs(each.verbs ?? [], at.at('verbs'));
    const urls = each.nonResourceURLs ?? [];
    const list = at.at('nonResourceURLs');
    if (urls.length === 0) list.required('nonResourceURLs must contain at least one value');
    else if (!wildcardAlone(urls, 'non-resource URLs', list))
      urls.forEach((url, position) => validateUrl(url, list.index(position)));
  });
}

const members = { User: 'user', Group: 'group', ServiceAccount: 'serviceAccount' } as const;

function validateSubject(given: FlowSubject, errors: FieldErrors): void {
  if (!(given.kind in members)) return errors.at('kind').notSupported(given.kind, ['Group', 'ServiceAccount', 'User']);
  const kind = given.kind as keyof typeof members;
  const at = errors.at(members[kind]);
  const value = given[members[kind]];
  if (value === undefined) at.required(`${members[kind]} is required when subject kind is '${kind}'`);
  else {
    if (value.name === '') at.at('name').required('');
    else if (kind === 'ServiceAccount' && value.name !== '*')
      for (const text of isDns1123Subdomain(value.name)) at.at('name').invalid(value.name, text);
    if (kind === 'ServiceAccount') {
      const namespace = given.serviceAccount?.namespace ?? '';
      if (namespace === '') at.at('namespace').required('must specify namespace for service account');
      else for (const text of isDns1123Label(namespace)) at.at('namespace').invalid(namespace, text);
    }
  }
  for (const other of ['ServiceAccount', 'User', 'Group'] as const)
    if (other !== kind && given[members[other]] !== undefined)
      errors.at(members[other]).forbidden(`${members[other]} is forbidden when subject kind is not '${other}'`);
}

const goStrings = (items: readonly string[]): GoText => new GoText(`[]string{${items.map(goQuote).join(', ')}}`);

/** True where `*` is there; then nothing else may be. */
function wildcardAlone(values: readonly string[], what: string, errors: FieldErrors): boolean {
  if (!values.includes('*')) return false;
  if (values.length > 1) errors.invalid(goStrings(values), `if '*' is present, must not specify other ${what}`);
  return true;
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

function validateVerbs(given: readonly string[], errors: FieldErrors): void {
  if (given.length === 0) errors.required('verbs must contain at least one value');
  else if (!wildcardAlone(given, 'verbs', errors) && !given.every((verb) => verbs.includes(verb)))
    errors.notSupported(goStrings(given), verbs);
}

function validateResourceRule(rule: ResourcePolicyRule, errors: FieldErrors): void {
  validateVerbs(rule.verbs ?? [], errors.at('verbs'));
  for (const [key, one, many] of [
    ['apiGroups', 'api group', 'api groups'],
    ['resources', 'resource', 'resources'],
  ] as const) {
    const values = rule[key] ?? [];
    if (values.length === 0) errors.at(key).required(`resource rules must supply at least one ${one}`);
    else wildcardAlone(values, many, errors.at(key));
  }
  const namespaces = rule.namespaces ?? [];
  const at = errors.at('namespaces');
  if (namespaces.length === 0 && rule.clusterScope !== true)
    at.required('resource rules that are not cluster scoped must supply at least one namespace');
  else if (!wildcardAlone(namespaces, 'namespaces', at))
    namespaces.forEach((namespace, index) => {
      for (const text of isDns1123Label(namespace))
        at.index(index).invalid(namespace, `each member of this list must be '*' or a DNS-1123 label; ${text}`);
    });
}

/** ValidateNonResourceURLPath. */
function validateUrl(url: string, errors: FieldErrors): void {
  if (url === '/') return;
  if (url === '') errors.invalid(url, 'must not be empty');
  else if (!url.startsWith('/')) errors.invalid(url, 'must start with slash');
  else if (url.includes(' ')) errors.invalid(url, 'must not contain white-space');
  else if (url.includes('//')) errors.invalid(url, 'must not contain double slash');
  else if (/\*.*\*/.test(url) || (url.includes('*') && !url.endsWith('/*')))
    errors.invalid(url, 'wildcard can only do suffix matching');
}
