import { persistentVolume, type PersistentVolume } from '../api/core/persistentvolume';
import { persistentVolumeClaim, type PersistentVolumeClaim } from '../api/core/persistentvolumeclaim';
import type { Pod } from '../api/core/pod';
import { storageClass, type StorageClass } from '../api/storage/storageclass';
import { controllerOf } from '../apimachinery/object';
import type { RegistryClient } from '../apiserver/registry';
import {
  annotated,
  annotation,
  bestMatch,
  BIND_COMPLETED,
  boundVolume,
  claimsOf,
  classOf,
  SELECTED_NODE,
} from '../client/volume-helpers';
import type { NodeLike, PodLike, SelectorTerm } from './objects';
import { matchesAnyTerm } from './selectors';

/** What the scheduler asks about storage. */
export interface StorageLister {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): readonly PersistentVolume[];
  class(name: string): StorageClass | undefined;
}

export const storageLister = (client: RegistryClient): StorageLister => ({
  claim: (namespace, name) => client.get(persistentVolumeClaim, namespace, name),
  volume: (name) => client.get(persistentVolume, undefined, name),
  volumes: () => client.list(persistentVolume),
  class: (name) => client.get(storageClass, undefined, name),
});

/** What a pod's claims are like. */
interface ClaimsOfPod {
  readonly bound: readonly PersistentVolumeClaim[];
  /** They are to be bound before any pod comes. */
  readonly immediate: readonly PersistentVolumeClaim[];
  /** They wait for the node of a pod. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

const none: ClaimsOfPod = { bound: [], immediate: [], delayed: [] };

/** podHasPVCs and GetPodVolumeClaims; a text says why the pod has to wait whatever the nodes are like. */
export function claimsFor(storage: StorageLister, pod: PodLike): ClaimsOfPod | string {
  const names = claimsOf(pod);
  if (names.length === 0) return none;
  const { namespace = '', name: podName, uid } = pod.metadata;
  const ephemeral = new Set(
    (pod.spec.volumes ?? []).flatMap((volume) =>
      volume.persistentVolumeClaim === undefined ? [`${podName}-${volume.name}`] : [],
    ),
  );
  const bound: PersistentVolumeClaim[] = [];
  const immediate: PersistentVolumeClaim[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  for (const name of names) {
    const claim = storage.claim(namespace, name);
    if (claim === undefined)
      return ephemeral.has(name)
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`;
    if (claim.status.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`;
    if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
    if (ephemeral.has(name) && controllerOf(claim)?.uid !== uid)
      return `PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`;
    const waits = storage.class(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
    if (isBound(claim)) bound.push(claim);
    else if (waits && (claim.spec.volumeName ?? '') === '') delayed.push(claim);
    else immediate.push(claim);
  }
  return { bound, immediate, delayed };
}

/** CheckNodeAffinity: whether a volume can be had on a node. */
export function reaches({ spec }: PersistentVolume, node: NodeLike): boolean {
  const required = spec.nodeAffinity?.required as { readonly nodeSelectorTerms: readonly SelectorTerm[] } | undefined;
  return required === undefined || matchesAnyTerm(node, required.nodeSelectorTerms);
}

interface Choice {
  /** Volumes for claims that wait for a consumer. */
  readonly found: ReadonlyMap<PersistentVolumeClaim, PersistentVolume>;
  /** Claims for which somebody has to make a volume. */
  readonly toProvision: readonly PersistentVolumeClaim[];
}

const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** FindPodVolumes for one node; undefined where the claims that wait cannot be served there. */
export function chooseVolumes(storage: StorageLister, { delayed }: ClaimsOfPod, node: NodeLike): Choice | undefined {
  const found = new Map<PersistentVolumeClaim, PersistentVolume>();
  const toProvision: PersistentVolumeClaim[] = [];
  const taken = new Set<PersistentVolume>();
  const volumes = storage.volumes();
  for (const claim of delayed) {
    const selected = annotation(claim, SELECTED_NODE);
    if (selected !== undefined && selected !== node.metadata.name) return undefined;
    const best =
      selected === undefined
        ? bestMatch(volumes, claim, { reaches: (volume) => reaches(volume, node), without: taken })
        : undefined;
    if (best !== undefined) {
      taken.add(best);
      found.set(claim, best);
      continue;
    }
    const { provisioner = '' } = storage.class(claim.spec.storageClassName ?? '') ?? {};
    if (provisioner === '' || provisioner === NO_PROVISIONER) return undefined;
    toProvision.push(claim);
  }
  return { found, toProvision };
}

type Binding = 'bound' | 'waiting' | { readonly error: string };

/** BindPodVolumes: the writes that make claims the chosen node's; the volume controller does the rest. */
export function bindVolumes(client: RegistryClient, pod: Pod, node: NodeLike): Binding {
  const storage = storageLister(client);
  const claims = claimsFor(storage, pod);
  if (typeof claims === 'string') return { error: claims };
  const choice = chooseVolumes(storage, claims, node);
  if (choice === undefined) return { error: "node(s) didn't find available persistent volumes to bind" };
  for (const [claim, volume] of choice.found) {
    const next = boundVolume(volume, claim);
    const written = next === volume ? undefined : client.update(persistentVolume, next);
    if (written?.ok === false) return { error: written.error.message };
  }
  for (const claim of choice.toProvision) {
    const next = annotated(claim, SELECTED_NODE, node.metadata.name);
    const written = next === claim ? undefined : client.update(persistentVolumeClaim, next);
    if (written?.ok === false) return { error: written.error.message };
  }
  return claims.delayed.length === 0 && claims.immediate.length === 0 ? 'bound' : 'waiting';
}

const isBound = (claim: PersistentVolumeClaim): boolean =>
  (claim.spec.volumeName ?? '') !== '' && annotation(claim, BIND_COMPLETED) !== undefined;
