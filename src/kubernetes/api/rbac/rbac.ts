import { equal } from '../../apimachinery/equal';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { defineKind, type Kind } from '../../apimachinery/kind';
import { isDns1123Subdomain, isPathSegment } from '../../apimachinery/names';
import type { ApiObject, LabelSelector } from '../../apimachinery/object';
import { list, need, ptr, str, struct } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn, wide } from '../columns';
import { labelSelector, object } from '../meta/schema';
import { labelSelector as validateLabelSelector } from '../validation/common';
import { isSelector } from '../validation/workload';

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface Role extends ApiObject {
  readonly rules: readonly PolicyRule[] | null;
}

export interface ClusterRole extends Role {
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface RoleRef {
  readonly apiGroup: string;
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
}

export interface RoleBinding extends ApiObject {
  readonly subjects?: readonly Subject[];
  readonly roleRef: RoleRef;
}

const group = 'rbac.authorization.k8s.io';
const rules = need(
  list(
    struct('PolicyRule', {
      verbs: need(list(str)),
      apiGroups: list(str),
      resources: list(str),
      resourceNames: list(str),
      nonResourceURLs: list(str),
    }),
  ),
);
const createdAt = {
  ...column<ApiObject>('Created At', ({ metadata }) => metadata.creationTimestamp),
  type: 'date' as const,
};

/** No rules are told as null, whichever way they are left out. */
const withRules = <T extends Role>(given: T): T =>
  (given.rules ?? []).length === 0 ? { ...given, rules: null } : given;

export const role = defineKind<Role>({
  names: { group, version: 'v1', kind: 'Role', plural: 'roles' },
  scope: 'Namespaced',
  createOnUpdate: true,
  updateValidation: ['meta', 'validate', 'meta', 'validate', 'metaUpdate', 'update'],
  nameRule: 'path',
  schema: object('Role', { rules }),
  defaults: withRules,
  validate: (given, errors) =>
    given.rules?.forEach((rule, index) => validateRule(rule, true, errors.at('rules').index(index))),
  columns: [nameColumn, createdAt],
});

export const clusterRole = defineKind<ClusterRole>({
  names: { group, version: 'v1', kind: 'ClusterRole', plural: 'clusterroles' },
  scope: 'Cluster',
  createOnUpdate: true,
  updateValidation: ['meta', 'validate', 'meta', 'validate', 'metaUpdate', 'update'],
  nameRule: 'path',
  schema: object('ClusterRole', {
    rules,
    aggregationRule: ptr(struct('AggregationRule', { clusterRoleSelectors: list(labelSelector) })),
  }),
  // Aggregated rules are the controller's: none are printed as none.
  defaults: withRules,
  validate: (given, errors) => {
    given.rules?.forEach((rule, index) => validateRule(rule, false, errors.at('rules').index(index)));
    const { aggregationRule } = given;
    if (aggregationRule === undefined) return;
    const at = errors.at('aggregationRule').at('clusterRoleSelectors');
    const selectors = aggregationRule.clusterRoleSelectors ?? [];
    if (selectors.length === 0) at.required('at least one clusterRoleSelector required if aggregationRule is non-nil');
    selectors.forEach((selector, index) => {
      validateLabelSelector(selector, at.index(index));
      if (!isSelector(selector)) at.index(index).invalid(undefined, 'invalid label selector.');
    });
  },
  columns: [nameColumn, createdAt],
});

/** ValidatePolicyRule. */
function validateRule(rule: PolicyRule, isNamespaced: boolean, errors: FieldErrors): void {
  const verbs = rule.verbs ?? [];
  const { nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  if (verbs.length === 0) errors.at('verbs').required('verbs must contain at least one value');
  if (nonResourceURLs.length > 0) {
    if (isNamespaced)
      errors
        .at('nonResourceURLs')
        .invalid(goStrings(nonResourceURLs), 'namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0)
      errors
        .at('nonResourceURLs')
        .invalid(goStrings(nonResourceURLs), 'rules cannot apply to both regular resources and non-resource URLs');
    return;
  }
  if (apiGroups.length === 0) errors.at('apiGroups').required('resource rules must supply at least one api group');
  if (resources.length === 0) errors.at('resources').required('resource rules must supply at least one resource');
}

const goStrings = (values: readonly string[]): GoText => new GoText(`[]string{${values.map(goQuote).join(', ')}}`);

/** subjectNames: accounts with their namespace. */
const namesOf =
  (wanted: Subject['kind']) =>
  ({ subjects: all = [] }: RoleBinding): string =>
    all
      .filter(({ kind }) => kind === wanted)
      .map(({ name, namespace }) => (wanted === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
      .join(', ');

const subjects = list(
  struct('Subject', { kind: need(str), apiGroup: str, name: need(str), namespace: str }, { atomic: true }),
);
const roleRef = need(struct('RoleRef', { apiGroup: need(str), kind: need(str), name: need(str) }, { atomic: true }));

const binding = (kind: string, plural: string, isNamespaced: boolean): Kind<RoleBinding> =>
  defineKind<RoleBinding>({
    names: { group, version: 'v1', kind, plural },
    scope: isNamespaced ? 'Namespaced' : 'Cluster',
    createOnUpdate: true,
    updateValidation: ['meta', 'validate', 'meta', 'validate', 'metaUpdate', 'update'],
    nameRule: 'path',
    schema: object(kind, { subjects, roleRef }),
    defaults: (given) => ({
      ...given,
      roleRef: {
        ...given.roleRef,
        apiGroup: (given.roleRef?.apiGroup ?? '') === '' ? group : given.roleRef.apiGroup,
      },
      ...(given.subjects === undefined ? {} : { subjects: given.subjects.map(defaultSubject) }),
    }),
    validate: (given, errors) => {
      const at = errors.at('roleRef');
      if (given.roleRef.apiGroup !== group) at.at('apiGroup').notSupported(given.roleRef.apiGroup, [group]);
      const allowed = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
      if (!allowed.includes(given.roleRef.kind)) at.at('kind').notSupported(given.roleRef.kind ?? '', allowed);
      if ((given.roleRef.name ?? '') === '') at.at('name').required('');
      for (const text of isPathSegment(given.roleRef.name ?? '')) at.at('name').invalid(given.roleRef.name, text);
      given.subjects?.forEach((subject, index) =>
        validateSubject(subject, isNamespaced, errors.at('subjects').index(index)),
      );
    },
    validateUpdate: (given, old, errors) => {
      if (!equal(given.roleRef, old.roleRef))
        errors.at('roleRef').invalid(goRoleRef(given.roleRef), 'cannot change roleRef');
    },
    columns: [
      nameColumn,
      column('Role', (given) => `${given.roleRef.kind}/${given.roleRef.name}`),
      ageColumn,
      wide('Users', namesOf('User')),
      wide('Groups', namesOf('Group')),
      wide('ServiceAccounts', namesOf('ServiceAccount')),
    ],
  });

export const roleBinding = binding('RoleBinding', 'rolebindings', true);
export const clusterRoleBinding = binding('ClusterRoleBinding', 'clusterrolebindings', false);

const goRoleRef = ({ apiGroup, kind, name }: RoleRef): GoText =>
  new GoText(
    `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`,
  );

/** SetDefaults_Subject. */
function defaultSubject(subject: Subject): Subject {
  if ((subject.apiGroup ?? '') !== '') return subject;
  return subject.kind === 'User' || subject.kind === 'Group' ? { ...subject, apiGroup: group } : subject;
}

function validateSubject(
  { kind, apiGroup = '', name = '', namespace = '' }: Subject,
  isNamespaced: boolean,
  errors: FieldErrors,
): void {
  if (name === '') errors.at('name').required('');
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') for (const problem of isDns1123Subdomain(name)) errors.at('name').invalid(name, problem);
      if (apiGroup !== '') errors.at('apiGroup').notSupported(apiGroup, ['']);
      if (!isNamespaced && namespace === '') errors.at('namespace').required('');
      return;
    case 'User':
    case 'Group':
      if (apiGroup !== group) errors.at('apiGroup').notSupported(apiGroup, [group]);
      return;
    default:
      errors.at('kind').notSupported(kind ?? '', ['ServiceAccount', 'User', 'Group']);
  }
}
