import { Failure } from '../errors';
import { nameOfObject, namespaceOf, text, withAt, type JsonObject } from '../json';
import { splitGroupVersion } from '../rest/discovery';

/** Names a resource (resid.ResId). */
export interface ResId {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** An object on its way through a kustomization. */
export interface Resource {
  object: JsonObject;
  /** What it was called before, the first name first. */
  readonly before: readonly ResId[];
  /** A generated one gets the hash of its content as a suffix. */
  readonly hashed: boolean;
}

export function idOf(object: JsonObject): ResId {
  const { group, version } = splitGroupVersion(text(object, 'apiVersion'));
  return { group, version, kind: text(object, 'kind'), name: nameOfObject(object), namespace: namespaceOf(object) };
}

export const idText = ({ group, version, kind, name, namespace }: ResId): string =>
  `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}/${name || '[noName]'}.${namespace || '[noNs]'}`;

const sameNamespace = (a: ResId, b: ResId): boolean => (a.namespace || 'default') === (b.namespace || 'default');
const sameId = (a: ResId, b: ResId): boolean =>
  a.group === b.group && a.version === b.version && a.kind === b.kind && a.name === b.name && sameNamespace(a, b);

/** All names that a resource has or had. */
export const idsOf = (resource: Resource): readonly ResId[] => [...resource.before, idOf(resource.object)];

/** The only resource that is or was called so. */
export function findOne(resources: readonly Resource[], wanted: ResId): Resource {
  const found = resources.filter((each) => idsOf(each).some((id) => sameId(id, wanted)));
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  const why = only === undefined ? `no matches for Id ${idText(wanted)}` : `multiple matches for Id ${idText(wanted)}`;
  throw new Failure(`${why}; failed to find unique target for patch ${idText(wanted)}`);
}

/** Adds resources to others; names must be new. */
export function append(into: Resource[], added: readonly Resource[]): void {
  for (const each of added) {
    const id = idOf(each.object);
    if (into.some((other) => sameId(idOf(other.object), id)))
      throw new Failure(`may not add resource with an already registered id: ${idText(id)}`);
    into.push(each);
  }
}

/** The resource under another name or in another namespace; what it was called stays known. */
export const renamed = (resource: Resource, keys: readonly string[], value: string): Resource => ({
  ...resource,
  before: [...resource.before, idOf(resource.object)],
  object: withAt(resource.object, keys, value) as JsonObject,
});

const clusterKinds = new Set(
  'APIService CSIDriver CSINode CertificateSigningRequest ClusterRole ClusterRoleBinding ComponentStatus CustomResourceDefinition FlowSchema IngressClass MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass PriorityLevelConfiguration RuntimeClass StorageClass ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment'.split(
    ' ',
  ),
);
export const isNamespaced = (object: JsonObject): boolean => !clusterKinds.has(text(object, 'kind'));

const first =
  'Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role ClusterRole RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass PersistentVolume PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget'.split(
    ' ',
  );
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
const rank = (kind: string): number =>
  first.includes(kind) ? first.indexOf(kind) - first.length : last.indexOf(kind) + 1;
const kindText = ({ group, version, kind }: ResId): string => `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;

/** The order in which kubectl prints and applies: what others need comes first (kustomize's legacy order). */
export function byKind(a: Resource, b: Resource): number {
  const [left, right] = [idOf(a.object), idOf(b.object)];
  const difference = rank(left.kind) - rank(right.kind);
  if (difference !== 0) return difference;
  const key = (id: ResId): string => `${kindText(id)}|${id.namespace}|${id.name}`;
  return key(left) < key(right) ? -1 : 1;
}
