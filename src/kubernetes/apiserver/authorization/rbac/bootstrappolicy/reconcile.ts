import {
  clusterRole,
  clusterRoleBinding,
  role,
  roleBinding,
  type ClusterRole,
  type PolicyRule,
  type Role,
  type RoleBinding,
  type Subject,
} from '../../../../api/rbac/rbac';
import { equal } from '../../../../apimachinery/equal';
import type { Kind } from '../../../../apimachinery/kind';
import type { Draft } from '../../../../apimachinery/object';
import type { RegistryClient } from '../../../registry';
import { missing } from '../covers';
import { autoupdate, bootstrapPolicy } from './policy';

/**
 * The post-start hook rbac/bootstrap-roles: makes what is missing of the default roles and bindings, and gives those that
 * are there back what was taken from them, unless their annotation `autoupdate` is false.
 */
export function reconcilePolicy(client: RegistryClient): void {
  const policy = bootstrapPolicy();
  for (const each of policy.clusterRoles) reconcileRole(client, clusterRole, each);
  for (const each of policy.clusterRoleBindings) reconcileBinding(client, clusterRoleBinding, each);
  for (const each of policy.roles) reconcileRole(client, role, each);
  for (const each of policy.roleBindings) reconcileBinding(client, roleBinding, each);
}

const isProtected = ({ metadata }: Role | RoleBinding): boolean => metadata.annotations?.[autoupdate] === 'false';

/** reconcileRoleOptions.run: rules are only added. */
function reconcileRole<T extends Role>(client: RegistryClient, kind: Kind<T>, wanted: Draft<T>): void {
  const { name = '', namespace } = wanted.metadata;
  const found = client.get(kind, namespace, name);
  if (found === undefined) return void client.create(kind, wanted);
  if (isProtected(found)) return;
  const { aggregationRule } = wanted as Draft<ClusterRole>;
  const rules: readonly PolicyRule[] = found.rules ?? [];
  const lacking = missing(rules, wanted.rules ?? []);
  const next = {
    ...found,
    metadata: {
      ...found.metadata,
      labels: { ...wanted.metadata.labels, ...found.metadata.labels },
      annotations: { ...wanted.metadata.annotations, ...found.metadata.annotations },
    },
    ...(lacking.length === 0 ? {} : { rules: [...rules, ...lacking] }),
    ...(aggregationRule === undefined ? {} : { aggregationRule }),
  };
  if (!equal(next, found)) client.update(kind, next);
}

/** reconcileRoleBindingOptions.run: a binding to another role is made anew, subjects are only added. */
function reconcileBinding(client: RegistryClient, kind: Kind<RoleBinding>, wanted: Draft<RoleBinding>): void {
  const { name = '', namespace } = wanted.metadata;
  const found = client.get(kind, namespace, name);
  if (found === undefined) return void client.create(kind, wanted);
  if (isProtected(found)) return;
  if (!equal(found.roleRef, wanted.roleRef)) {
    client.delete(kind, namespace, name);
    client.create(kind, wanted);
    return;
  }
  const subjects: readonly Subject[] = found.subjects ?? [];
  const lacking = (wanted.subjects ?? []).filter((each) => !subjects.some((own) => equal(own, each)));
  if (lacking.length > 0) client.update(kind, { ...found, subjects: [...subjects, ...lacking] });
}
