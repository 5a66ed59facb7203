import { persistentVolume } from '../api/core/persistentvolume';
import { persistentVolumeClaim } from '../api/core/persistentvolumeclaim';
import { pod as podKind, type Pod } from '../api/core/pod';
import type { ApiObject } from '../apimachinery/object';
import { keyOf, splitKey } from '../apimachinery/object';
import { claimsOf } from '../client/volume-helpers';
import { defineController, every } from './controller';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';

const has = ({ metadata }: ApiObject, finalizer: string): boolean => metadata.finalizers?.includes(finalizer) === true;

function without<T extends ApiObject>(object: T, finalizer: string): T {
  const finalizers = object.metadata.finalizers?.filter((each) => each !== finalizer) ?? [];
  const { finalizers: _had, ...metadata } = object.metadata;
  return { ...object, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } };
}

const withFinalizer = <T extends ApiObject>(object: T, finalizer: string): T => ({
  ...object,
  metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), finalizer] },
});

/** A claim goes when no pod on a node uses it any more. Upstream: pkg/controller/volume/pvcprotection */
export const claimProtectionController = defineController('pvc-protection-controller', ({ client }) => ({
  watches: [
    every(persistentVolumeClaim),
    {
      kind: podKind,
      keys: ({ type, object }) => {
        const pod = object as Pod;
        if (type === 'ADDED' || (type === 'MODIFIED' && !isOver(pod))) return [];
        return claimsOf(pod).map((name) => `${pod.metadata.namespace}/${name}`);
      },
    },
  ],
  sync(key) {
    const { namespace, name } = splitKey(key);
    const claim = client.get(persistentVolumeClaim, namespace, name);
    if (claim === undefined) return undefined;
    const goes = claim.metadata.deletionTimestamp !== undefined;
    const held = has(claim, claimFinalizer);
    if (goes === !held) return undefined;
    const used = (): boolean =>
      client
        .list(podKind, { namespace })
        .some((pod) => (pod.spec.nodeName ?? '') !== '' && claimsOf(pod).includes(name));
    if (goes && used()) return undefined;
    const next = goes ? without(claim, claimFinalizer) : withFinalizer(claim, claimFinalizer);
    const written = client.update(persistentVolumeClaim, next);
    return written.ok || written.error.code === 404 ? undefined : 'retry';
  },
}));

const isOver = ({ status: { phase } }: Pod): boolean => phase === 'Failed' || phase === 'Succeeded';

/** A volume goes when no claim is bound to it any more. Upstream: pkg/controller/volume/pvprotection */
export const volumeProtectionController = defineController('pv-protection-controller', ({ client }) => ({
  watches: [every(persistentVolume, (volume) => keyOf(volume))],
  sync(key) {
    const volume = client.get(persistentVolume, undefined, key);
    if (volume === undefined) return undefined;
    const goes = volume.metadata.deletionTimestamp !== undefined;
    const held = has(volume, volumeFinalizer);
    if (goes === !held || (goes && volume.status.phase === 'Bound')) return undefined;
    const next = goes ? without(volume, volumeFinalizer) : withFinalizer(volume, volumeFinalizer);
    const written = client.update(persistentVolume, next);
    return written.ok || written.error.code === 404 ? undefined : 'retry';
  },
}));
