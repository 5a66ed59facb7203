import { persistentVolume } from '../../api/core/persistentvolume';
import { persistentVolumeClaim, type PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { compareQuantities, parseQuantity } from '../../apimachinery/quantity';
import { keyOf, splitKey } from '../../apimachinery/object';
import { annotation } from '../../client/volume-helpers';
import { createEventRecorder } from '../../client/events';
import { defineController, every } from '../controller';

const PRE_RESIZE = 'volume.alpha.kubernetes.io/pre-resize-capacity';

/**
 * Says who enlarges volumes whose claims want more: no in-tree plugin does any more.
 * Upstream: pkg/controller/volume/expand/expand_controller.go
 */
export const volumeExpandController = defineController('expand-controller', ({ client, clock }) => {
  const events = createEventRecorder({ client, clock, component: 'volume_expand' });
  return {
    watches: [
      every(persistentVolumeClaim, (now, old) => {
        if (now.status.phase !== 'Bound') return undefined;
        if (old === undefined) return keyOf(now);
        const more =
          isMore(requested(now), requested(old)) ||
          isMore(now.status.capacity?.['storage'] ?? '0', old.status.capacity?.['storage'] ?? '0');
        return more ? keyOf(now) : undefined;
      }),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const claim = client.get(persistentVolumeClaim, namespace, name);
      const volume = claim && client.get(persistentVolume, undefined, claim.spec.volumeName ?? '');
      if (claim === undefined || volume?.spec.claimRef?.uid !== claim.metadata.uid) return;
      if (
        !isMore(requested(claim), claim.status.capacity?.['storage'] ?? '0') &&
        annotation(volume, PRE_RESIZE) === undefined
      )
        return;
      events.event(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC');
    },
  };
});

const requested = ({ spec }: PersistentVolumeClaim): string => spec.resources.requests?.['storage'] ?? '0';

function isMore(one: string, other: string): boolean {
  const [a, b] = [parseQuantity(one), parseQuantity(other)];
  return a.ok && b.ok && compareQuantities(a.value, b.value) > 0;
}
