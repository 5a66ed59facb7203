import { lease } from '../../api/coordination/lease';
import { node as nodeKind, type Node } from '../../api/core/node';
import { persistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { csiNode } from '../../api/storage/csi';
import { equal } from '../../apimachinery/equal';
import { goQuote } from '../../apimachinery/field-errors';
import type { Labels } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { deny } from './deny';

const mirror = 'kubernetes.io/config.mirror';
const prefix = 'system:node:';

/** The node that a user is (nodeidentifier.NodeIdentity); undefined: none. */
const nodeOf = ({ user, groups }: Attributes['actor']): string | undefined =>
  user.startsWith(prefix) && groups?.includes('system:nodes') === true ? user.slice(prefix.length) : undefined;

/** NodeRestriction: kubelets write what is on their own node, and no labels that would draw pods to them. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  resources: [podKind.resource, nodeKind.resource, persistentVolumeClaim.resource, lease.resource, csiNode.resource],
  validate(attributes, storage): Status | undefined {
    const node = nodeOf(attributes.actor);
    if (node === undefined) return undefined;
    const why = reason(node, attributes, storage);
    return why === undefined ? undefined : deny(attributes, why);
  },
};

function reason(node: string, attributes: Attributes, storage: Storage): string | undefined {
  const { kind, operation, subresource, object, old } = attributes;
  const me = goQuote(node);
  switch (kind.resource) {
    case 'pods':
      if (subresource === 'status') return podStatus(me, node, attributes);
      if (subresource !== undefined)
        return `unexpected pod subresource ${goQuote(subresource)}, only 'status' and 'eviction' are allowed`;
      if (operation === 'CREATE') return podCreate(me, node, object as Pod, storage);
      if (operation === 'DELETE')
        return (object as Pod).spec.nodeName === node
          ? undefined
          : `node ${me} can only delete pods with spec.nodeName set to itself`;
      return `unexpected operation ${goQuote(operation)}, node ${me} can only create and delete mirror pods`;
    case 'nodes':
      return ofNode(me, node, attributes);
    case 'persistentvolumeclaims': {
      if (subresource !== 'status') return `may only update PVC status`;
      const { status: _now, ...rest } = object as unknown as { readonly status: unknown; readonly metadata: object };
      const { status: _then, ...before } = old as unknown as { readonly status: unknown; readonly metadata: object };
      const bare = (each: { readonly metadata: object }): unknown => ({
        ...each,
        metadata: { ...each.metadata, resourceVersion: '' },
      });
      return equal(bare(rest), bare(before))
        ? undefined
        : `node ${me} is not allowed to update fields other than status.quantity and status.conditions`;
    }
    case lease.resource:
      if (object.metadata.namespace !== 'kube-node-lease')
        return `can only access leases in the "kube-node-lease" system namespace`;
      return object.metadata.name === node
        ? undefined
        : `can only access node lease with the same name as the requesting node`;
    case csiNode.resource:
      return object.metadata.name === node
        ? undefined
        : `can only access CSINode with the same name as the requesting node`;
    default:
      return undefined;
  }
}

function podStatus(me: string, node: string, { operation, object, old }: Attributes): string | undefined {
  if (operation !== 'UPDATE') return `unexpected operation ${goQuote(operation)}`;
  if ((old as Pod | undefined)?.spec.nodeName !== node)
    return `node ${me} can only update pod status for pods with spec.nodeName set to itself`;
  return equal(object.metadata.labels ?? {}, old?.metadata.labels ?? {})
    ? undefined
    : `node ${me} cannot update labels through pod status`;
}

/** Only mirrors of static pods, which refer to nothing. */
function podCreate(me: string, node: string, { metadata, spec }: Pod, storage: Storage): string | undefined {
  if (metadata.annotations?.[mirror] === undefined)
    return `pod does not have ${goQuote(mirror)} annotation, node ${me} can only create mirror pods`;
  if (spec.nodeName !== node) return `node ${me} can only create pods with spec.nodeName set to itself`;
  const owners = metadata.ownerReferences ?? [];
  if (owners.length > 1) return `node ${me} can only create pods with a single owner reference set to itself`;
  const [owner] = owners;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `node ${me} can only create pods with an owner reference set to itself`;
  if (owner.controller !== true)
    return `node ${me} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion === true) return `node ${me} must not set blockOwnerDeletion on an owner reference`;
  const found = storage.get(nodeKind, undefined, node);
  if (found !== undefined && found.metadata.uid !== owner.uid)
    return `node ${node} UID mismatch: expected ${owner.uid} got ${found.metadata.uid}`;
  if ((spec.serviceAccountName ?? '') !== '') return `node ${me} can not create pods that reference a service account`;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const volumes = spec.volumes ?? [];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const refers = (what: 'secret' | 'configMap'): boolean =>
    volumes.some((volume) => volume[what] !== undefined) ||
    sources.some((source) => source[what] !== undefined) ||
    containers.some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.[`${what}KeyRef`] !== undefined) ||
        envFrom.some((each) => each[`${what}Ref`] !== undefined),
    );
  if (refers('secret') || (spec.imagePullSecrets ?? []).length > 0)
    return `node ${me} can not create pods that reference secrets`;
  if (refers('configMap')) return `node ${me} can not create pods that reference configmaps`;
  if (volumes.some(({ persistentVolumeClaim: claim }) => claim !== undefined))
    return `node ${me} can not create pods that reference persistentvolumeclaims`;
  return undefined;
}

function ofNode(me: string, node: string, { operation, object, old }: Attributes): string | undefined {
  const { name } = object.metadata;
  if (name !== node) return `node ${me} is not allowed to modify node ${goQuote(name)}`;
  if (operation === 'CREATE') {
    const bad = forbiddenLabels(object.metadata.labels, undefined);
    return bad.length === 0 ? undefined : `node ${me} is not allowed to set the following labels: ${bad.join(', ')}`;
  }
  if (operation !== 'UPDATE' || old === undefined) return undefined;
  if (!equal((object as Node).spec.taints ?? [], (old as Node).spec.taints ?? []))
    return `node ${me} is not allowed to modify taints`;
  const bad = forbiddenLabels(object.metadata.labels, old.metadata.labels);
  return bad.length === 0 ? undefined : `is not allowed to modify labels: ${bad.join(', ')}`;
}

/** kubeletapis.KubeletLabels and their namespaces. */
const kubeletLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const within = (domain: string, of: string): boolean => domain === of || domain.endsWith(`.${of}`);

function forbiddenLabels(now: Labels = {}, before: Labels = {}): readonly string[] {
  const changed = new Set([...Object.keys(now), ...Object.keys(before)].filter((key) => now[key] !== before[key]));
  return [...changed].sort().filter((key) => {
    const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
    if (within(domain, 'node-restriction.kubernetes.io')) return true;
    const isKubernetes = within(domain, 'kubernetes.io') || within(domain, 'k8s.io');
    const isKubelet =
      kubeletLabels.has(key) || within(domain, 'kubelet.kubernetes.io') || within(domain, 'node.kubernetes.io');
    return isKubernetes && !isKubelet;
  });
}
