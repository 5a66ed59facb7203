import {
  clusterRole as clusterRoleKind,
  clusterRoleBinding as clusterRoleBindingKind,
  role as roleKind,
  roleBinding as roleBindingKind,
  type ClusterRole,
  type PolicyRule,
  type Role,
  type RoleBinding,
} from '../../../api/rbac/rbac';
import { equal } from '../../../apimachinery/equal';
import type { ApiObject } from '../../../apimachinery/object';
import { failure, forbidden, type Status } from '../../../apimachinery/status';
import type { AdmissionPlugin, Attributes as Write } from '../../admission/admission';
import { systemMasters, type User } from '../../authentication/user';
import type { Actor } from '../../registry';
import type { Storage } from '../../storage';
import { compact, compactString, missing, quoted } from './covers';
import { rbacOf } from './rbac';

const group = 'rbac.authorization.k8s.io';
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/**
 * Nobody grants what they do not have: the stores that upstream wraps around those of roles and bindings
 * (pkg/registry/rbac/…/policybased). They look before anything else of the write is checked.
 */
export const rbacEscalation: AdmissionPlugin = {
  name: 'policybased',
  resources: [roleKind, clusterRoleKind, roleBindingKind, clusterRoleBindingKind].map(({ resource }) => resource),
  validate(write, storage) {
    const user = userOf(write.actor);
    if (user.groups.includes(systemMasters) || write.operation === 'DELETE') return undefined;
    if (write.old !== undefined && onlyForCollector(write.object, write.old)) return undefined;
    const { resource } = write.kind;
    return resource === roleBindingKind.resource || resource === clusterRoleBindingKind.resource
      ? bindingProblem(user, write, storage)
      : roleProblem(user, write, storage);
  },
};

/** Who writes; the groups that an in-process component left out are those of its account. */
const userOf = ({ user, groups = [] }: Actor): User => ({ name: user, groups });

const refused = ({ kind, object }: Write, why: string): Status =>
  forbidden({ group, plural: kind.names.plural }, object.metadata.name, why);

function roleProblem(user: User, write: Write, storage: Storage): Status | undefined {
  const object = write.object as ApiObject as ClusterRole | Role;
  const { namespace = '', name } = object.metadata;
  // The name that a request has: none for a create.
  if (isAllowed(storage, user, 'escalate', write.kind.names.plural, namespace, write.old === undefined ? '' : name))
    return undefined;
  const problem = escalation(storage, user, namespace, object.rules ?? []);
  if (problem !== undefined) return refused(write, problem);
  if (!('aggregationRule' in object) || object.aggregationRule === undefined) return undefined;
  return escalation(storage, user, namespace, everything) === undefined
    ? undefined
    : refused(write, 'must have cluster-admin privileges to use the aggregationRule');
}

function bindingProblem(user: User, write: Write, storage: Storage): Status | undefined {
  const { roleRef, metadata } = write.object as ApiObject as RoleBinding;
  const { namespace = '' } = metadata;
  const plural = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  if (isAllowed(storage, user, 'bind', plural, namespace, roleRef.name)) return undefined;
  const rules = rbacOf(storage).rulesOfRole(roleRef, namespace);
  if (typeof rules === 'string')
    return failure(404, 'NotFound', rules, { name: roleRef.name, group, kind: roleRef.kind.toLowerCase() });
  const problem = escalation(storage, user, namespace, rules);
  return problem === undefined ? undefined : refused(write, problem);
}

const isAllowed = (
  storage: Storage,
  user: User,
  verb: string,
  resource: string,
  namespace: string,
  name: string,
): boolean =>
  rbacOf(storage).authorize({
    user,
    verb,
    isResource: true,
    group,
    resource,
    subresource: '',
    namespace,
    name,
    path: '',
  }).decision === 'Allow';

/** ConfirmNoEscalation: what of the rules the user does not have, in upstream's words. */
function escalation(storage: Storage, user: User, namespace: string, rules: readonly PolicyRule[]): string | undefined {
  const owned = rbacOf(storage).rulesFor(user, namespace);
  const left = missing(owned.rules, rules);
  if (left.length === 0) return undefined;
  const lines = [...new Set(compact(left).map(compactString))].sort().join('\n');
  const errors = owned.errors.length === 0 ? '' : `; resolution errors: [${owned.errors.join(' ')}]`;
  return `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${lines}${errors}`;
}

/** IsOnlyMutatingGCFields. */
function onlyForCollector(object: ApiObject, old: ApiObject): boolean {
  const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managed, ...rest } = object.metadata;
  const { ownerReferences: _own, finalizers: _final, managedFields: _manage, ...before } = old.metadata;
  return equal({ ...object, metadata: rest }, { ...old, metadata: before });
}
