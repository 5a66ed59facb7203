import { persistentVolume, type PersistentVolume } from '../../api/core/persistentvolume';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { volumeAttachment } from '../../api/storage/csi';
import type { Storage } from '../storage';

export type VertexKind = 'pod' | 'secret' | 'configmap' | 'pvc' | 'pv' | 'va' | 'serviceaccount' | 'resourceclaim';

const vertex = (kind: VertexKind, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;

/** Objects do not change, so what they refer to is worked out once. */
const known = new WeakMap<object, ReadonlySet<string>>();

/**
 * Whether a node has to do with an object: a pod that was assigned to it refers to it, or it belongs to a volume or
 * claim of such a pod. Upstream keeps a graph (plugin/pkg/auth/authorizer/node/graph.go); here the caches are one, and
 * what a pod refers to is remembered with the pod.
 */
export function reaches(storage: Storage, node: string, kind: VertexKind, namespace: string, name: string): boolean {
  const pods = storage.served(podKind).cacher.byIndex('spec.nodeName', node);
  if (kind === 'pod') return storage.get(podKind, namespace, name)?.spec.nodeName === node;
  if (kind === 'va') return storage.get(volumeAttachment, undefined, name)?.spec.nodeName === node;
  const wanted = vertex(kind, namespace, name);
  for (const pod of pods) if (refersTo(pod).has(wanted)) return true;
  if (kind !== 'pv' && kind !== 'secret') return false;
  return volumesOf(storage, pods).some((volume) => volumeRefersTo(volume).has(wanted));
}

function refersTo(pod: Pod): ReadonlySet<string> {
  let found = known.get(pod);
  if (found === undefined) known.set(pod, (found = podReferences(pod)));
  return found;
}

/** podutil.VisitPodSecretNames, VisitPodConfigmapNames, and the claims. */
function podReferences({ metadata, spec }: Pod): ReadonlySet<string> {
  const found = new Set<string>();
  // What a kubelet puts there itself gives it nothing (graph.AddPod).
  if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return found;
  const { namespace = '' } = metadata;
  const add = (kind: VertexKind, name: unknown): void => {
    if (typeof name === 'string' && name !== '') found.add(vertex(kind, namespace, name));
  };
  add('serviceaccount', spec.serviceAccountName);
  for (const { name } of spec.imagePullSecrets ?? []) add('secret', name);
  const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
  for (const { env = [], envFrom = [] } of containers) {
    for (const { valueFrom } of env) {
      add('secret', valueFrom?.secretKeyRef?.name);
      add('configmap', valueFrom?.configMapKeyRef?.name);
    }
    for (const { secretRef, configMapRef } of envFrom) {
      add('secret', secretRef?.name);
      add('configmap', configMapRef?.name);
    }
  }
  for (const volume of spec.volumes ?? []) volumeReferences(volume, metadata.name, add);
  return found;
}

interface AnyVolume {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
  readonly configMap?: { readonly name?: string };
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly ephemeral?: object;
  readonly projected?: {
    readonly sources?: readonly { readonly secret?: { name?: string }; readonly configMap?: { name?: string } }[];
  };
}

function volumeReferences(volume: AnyVolume, pod: string, add: (kind: VertexKind, name: unknown) => void): void {
  add('secret', volume.secret?.secretName);
  add('configmap', volume.configMap?.name);
  add('pvc', volume.persistentVolumeClaim?.claimName);
  if (volume.ephemeral !== undefined) add('pvc', `${pod}-${volume.name}`);
  for (const source of volume.projected?.sources ?? []) {
    add('secret', source.secret?.name);
    add('configmap', source.configMap?.name);
  }
  for (const reference of secretReferences(volume)) add('secret', reference.name);
}

interface SecretReference {
  readonly name?: string;
  readonly namespace?: string;
}

/** `cephfs.secretRef`, `csi.nodePublishSecretRef` …: the plugins of volumes name their secrets alike. */
function secretReferences(volume: object): readonly SecretReference[] {
  const found: SecretReference[] = [];
  for (const source of Object.values(volume) as unknown[]) {
    if (typeof source !== 'object' || source === null) continue;
    for (const [key, value] of Object.entries(source))
      if (/secretRef$/i.test(key) && typeof value === 'object' && value !== null) found.push(value as SecretReference);
  }
  return found;
}

/** The volumes behind the claims of some pods. */
function volumesOf(storage: Storage, pods: readonly Pod[]): readonly PersistentVolume[] {
  return storage
    .served(persistentVolume)
    .cacher.list()
    .filter(({ spec: { claimRef } }) => {
      if (claimRef === undefined) return false;
      const claim = vertex('pvc', claimRef.namespace ?? '', claimRef.name ?? '');
      return pods.some((pod) => refersTo(pod).has(claim));
    });
}

function volumeRefersTo(volume: PersistentVolume): ReadonlySet<string> {
  const home = volume.spec.claimRef?.namespace ?? '';
  return new Set([
    vertex('pv', '', volume.metadata.name),
    ...secretReferences(volume.spec).map(({ name = '', namespace = home }) => vertex('secret', namespace, name)),
  ]);
}
