import type { ClusterRole, PolicyRule, Role, RoleBinding, Subject } from '../../../../api/rbac/rbac';
import type { Draft } from '../../../../apimachinery/object';
import { clusterRoles } from './cluster-roles';
import { controllerRoles } from './controller-roles';
import { clusterBindings, namespaceBindings, namespaceRoles, roleOfBinding } from './namespace-roles';
import { ruleOf, type RoleTable } from './rule-text';

const group = 'rbac.authorization.k8s.io';
const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' } as const;
export const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate';

const aggregateTo = (name: string): string => `${group}/aggregate-to-${name}`;

/** Into which of the three roles for people a role goes. */
const aggregates: Readonly<Record<string, string>> = {
  'system:aggregate-to-admin': 'admin',
  'system:aggregate-to-edit': 'edit',
  'system:aggregate-to-view': 'view',
  edit: 'admin',
  view: 'edit',
};

const meta = (name: string, namespace?: string): Draft<Role>['metadata'] => {
  const target = aggregates[name];
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: target === undefined ? bootstrapping : { ...bootstrapping, [aggregateTo(target)]: 'true' },
    annotations: { [autoupdate]: 'true' },
  };
};

function subjectOf(text: string): Subject {
  const space = text.indexOf(' ');
  const kind = text.slice(0, space) as Subject['kind'];
  const name = text.slice(space + 1);
  if (kind !== 'ServiceAccount') return { kind, apiGroup: group, name };
  const slash = name.indexOf('/');
  return { kind, name: name.slice(slash + 1), namespace: name.slice(0, slash) };
}

const plain = (table: RoleTable, namespace?: string): readonly Draft<Role>[] =>
  Object.entries(table).map(([name, rules]) => ({ metadata: meta(name, namespace), rules: rules.map(ruleOf) }));

/** admin, edit and view: the clusterrole-aggregation-controller fills them. */
const aggregated = (['admin', 'edit', 'view'] as const).map((name): Draft<ClusterRole> => ({
  metadata: meta(name),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregateTo(name)]: 'true' } }] },
  rules: null,
}));

const binding = (
  name: string,
  kind: 'Role' | 'ClusterRole',
  subjects: readonly string[],
  namespace?: string,
): Draft<RoleBinding> => ({
  metadata: meta(name, namespace),
  roleRef: { apiGroup: group, kind, name: kind === 'Role' ? (roleOfBinding[name] ?? name) : name },
  ...(subjects.length === 0 ? {} : { subjects: subjects.map(subjectOf) }),
});

/** What kube-apiserver makes sure of at every start: plugin/pkg/auth/authorizer/rbac/bootstrappolicy. */
export interface Policy {
  readonly clusterRoles: readonly Draft<ClusterRole>[];
  readonly clusterRoleBindings: readonly Draft<RoleBinding>[];
  readonly roles: readonly Draft<Role>[];
  readonly roleBindings: readonly Draft<RoleBinding>[];
}

export const bootstrapPolicy = (): Policy => ({
  clusterRoles: [...plain(clusterRoles), ...aggregated, ...plain(controllerRoles)],
  clusterRoleBindings: [
    ...Object.entries(clusterBindings).map(([name, subjects]) => binding(name, 'ClusterRole', subjects)),
    ...Object.keys(controllerRoles).map((name) =>
      binding(name, 'ClusterRole', [`ServiceAccount kube-system/${name.slice('system:controller:'.length)}`]),
    ),
  ],
  roles: Object.entries(namespaceRoles).flatMap(([namespace, table]) => plain(table, namespace)),
  roleBindings: Object.entries(namespaceBindings).flatMap(([namespace, table]) =>
    Object.entries(table).map(([name, subjects]) => binding(name, 'Role', subjects, namespace)),
  ),
});

/** NodeRules: what the Node authorizer lets every kubelet do; it is also the cluster role system:node. */
export const nodeRules: readonly PolicyRule[] = (clusterRoles['system:node'] ?? []).map(ruleOf);
