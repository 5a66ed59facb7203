import { nodesGroup, nodePrefix, type User } from '../authentication/user';
import type { Storage } from '../storage';
import { allowed, noOpinion, type Attributes, type Authorizer, type Verdict } from './authorizer';
import { reaches, type VertexKind } from './node-graph';
import { nodeRules } from './rbac/bootstrappolicy/policy';
import { ruleAllows } from './rbac/rule';

const because = (reason: string): Verdict => ({ decision: 'NoOpinion', reason });

/** nodeidentifier: undefined for whoever is no kubelet; empty for a kubelet that does not say which. */
export function nodeIdentity({ name, groups }: Pick<User, 'name' | 'groups'>): string | undefined {
  if (!name.startsWith(nodePrefix) || !groups.includes(nodesGroup)) return undefined;
  return name.slice(nodePrefix.length);
}

/** plugin/pkg/auth/authorizer/node: kubelets see what their own pods need, and little else. */
export const nodeAuthorizer = (storage: Storage): Authorizer => ({
  authorize(attributes) {
    const node = nodeIdentity(attributes.user);
    if (node === undefined) return noOpinion;
    if (node === '') return because(`unknown node for user ${JSON.stringify(attributes.user.name)}`);
    return (
      subdivided(storage, node, attributes) ??
      (nodeRules.some((rule) => ruleAllows(attributes, rule)) ? allowed : noOpinion)
    );
  },
  rulesFor(user) {
    const isNode = nodeIdentity(user) !== undefined;
    const errors = isNode ? ['node authorizer does not support user rule resolution'] : [];
    return { rules: [], incomplete: isNode, errors };
  },
});

/** Access that depends on which object it is; undefined where the static rules decide. */
function subdivided(storage: Storage, node: string, attributes: Attributes): Verdict | undefined {
  if (!attributes.isResource) return undefined;
  const { group, resource, subresource } = attributes;
  switch (group === '' ? resource : `${resource}.${group}`) {
    case 'secrets':
      return readNamespaced(storage, node, 'secret', attributes);
    case 'configmaps':
      return readNamespaced(storage, node, 'configmap', attributes);
    case 'persistentvolumeclaims':
      return subresource === 'status'
        ? updateStatus(storage, node, 'pvc', attributes)
        : getOnly(storage, node, 'pvc', attributes);
    case 'persistentvolumes':
      return getOnly(storage, node, 'pv', attributes);
    case 'volumeattachments.storage.k8s.io':
      return getOnly(storage, node, 'va', attributes);
    case 'resourceclaims.resource.k8s.io':
      return getOnly(storage, node, 'resourceclaim', attributes);
    case 'serviceaccounts':
      return createToken(storage, node, attributes);
    case 'leases.coordination.k8s.io':
      return lease(node, attributes);
    case 'csinodes.storage.k8s.io':
      return csiNode(node, attributes);
    case 'nodes':
      return ownNode(node, attributes);
    case 'pods':
      return pods(storage, node, attributes);
    default:
      return undefined;
  }
}

function related(storage: Storage, node: string, kind: VertexKind, { namespace, name }: Attributes): Verdict {
  if (name === '') return because('No Object name found');
  if (reaches(storage, node, kind, namespace, name)) return allowed;
  return because(`no relationship found between node '${node}' and this object`);
}

function readNamespaced(storage: Storage, node: string, kind: VertexKind, attributes: Attributes): Verdict {
  const { verb, subresource, namespace } = attributes;
  if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return because('can only read resources of this type');
  if (subresource !== '') return because('cannot read subresource');
  if (namespace === '') return because('can only read namespaced object of this type');
  return related(storage, node, kind, attributes);
}

function getOnly(storage: Storage, node: string, kind: VertexKind, attributes: Attributes): Verdict {
  if (attributes.verb !== 'get') return because('can only get individual resources of this type');
  if (attributes.subresource !== '') return because('cannot get subresource');
  return related(storage, node, kind, attributes);
}

function updateStatus(storage: Storage, node: string, kind: VertexKind, attributes: Attributes): Verdict {
  const { verb } = attributes;
  if (verb !== 'update' && verb !== 'patch') return because('can only get/update/patch this type');
  return related(storage, node, kind, attributes);
}

function createToken(storage: Storage, node: string, attributes: Attributes): Verdict {
  if (attributes.verb !== 'create' || attributes.name === '')
    return because('can only create tokens for individual service accounts');
  if (attributes.subresource !== 'token') return because('can only create token subresource of serviceaccount');
  return related(storage, node, 'serviceaccount', attributes);
}

const ownVerbs = new Set(['get', 'create', 'update', 'patch', 'delete']);

function lease(node: string, { verb, namespace, name }: Attributes): Verdict {
  if (!ownVerbs.has(verb)) return because('can only get, create, update, patch, or delete a node lease');
  if (namespace !== 'kube-node-lease')
    return because('can only access leases in the "kube-node-lease" system namespace');
  if (verb !== 'create' && name !== node)
    return because('can only access node lease with the same name as the requesting node');
  return allowed;
}

function csiNode(node: string, { verb, subresource, name }: Attributes): Verdict {
  if (!ownVerbs.has(verb)) return because('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return because('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node)
    return because('can only access CSINode with the same name as the requesting node');
  return allowed;
}

/** NodeRestriction sees to it that what is written is the node's own. */
function ownNode(node: string, { verb, subresource, name }: Attributes): Verdict {
  const writes = verb === 'update' || verb === 'patch';
  if (subresource === 'status') return writes ? allowed : noOpinion;
  if (subresource !== '') return noOpinion;
  if (verb === 'create' || writes) return allowed;
  if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return noOpinion;
  if (name === node) return allowed;
  if (name === '') return because(`node '${node}' cannot read all nodes, only its own Node object`);
  return because(`node '${node}' cannot read '${name}', only its own Node object`);
}

function pods(storage: Storage, node: string, attributes: Attributes): Verdict {
  const { verb, subresource, name, fields } = attributes;
  if (subresource === 'status') return verb === 'update' || verb === 'patch' ? allowed : noOpinion;
  if (subresource === 'eviction') return verb === 'create' ? allowed : noOpinion;
  if (subresource !== '') return noOpinion;
  switch (verb) {
    case 'get':
      return related(storage, node, 'pod', attributes);
    case 'list':
    case 'watch':
      if (fields?.get('spec.nodeName') === node) return allowed;
      if (name !== '') return related(storage, node, 'pod', attributes);
      return because('can only list/watch pods with spec.nodeName field selector');
    case 'create':
    case 'delete':
      return allowed;
    default:
      return noOpinion;
  }
}
