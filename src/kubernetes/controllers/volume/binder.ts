import { persistentVolume } from '../../api/core/persistentvolume';
import { persistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { keyOf, splitKey } from '../../apimachinery/object';
import { annotation, BIND_COMPLETED } from '../../client/volume-helpers';
import { defineController, every } from '../controller';
import { syncClaim } from './claim';
import { syncVolume } from './volume';

/** --pvclaimbinder-sync-period: whoever waits, or could not be written, is looked at again. */
const RESYNC = 15_000;
/** Between a new claim and its first sync. Virtual milliseconds. */
const LAG = 30;
const CLAIM = 'claim ';
const VOLUME = 'volume ';

/** Binds claims and volumes to each other. Upstream: pkg/controller/volume/persistentvolume/pv_controller.go */
export const persistentVolumeBinder = defineController('persistentvolume-controller', (context) => {
  const { client, clock, later } = context;
  const claimKey = (namespace: string | undefined, name: string): string => `${CLAIM}${namespace ?? ''}/${name}`;
  const began = clock.now;
  let due = false;
  /** All that are not settled come again together. */
  const comeAgain = (): void => {
    if (due) return;
    due = true;
    clock.setTimer(
      RESYNC - ((clock.now - began) % RESYNC),
      () => {
        due = false;
        for (const { metadata, status } of client.list(persistentVolumeClaim))
          if (status.phase !== 'Bound') later(claimKey(metadata.namespace, metadata.name), 0);
        for (const { metadata, status } of client.list(persistentVolume))
          if (status.phase !== 'Bound' && status.phase !== 'Available') later(`${VOLUME}${metadata.name}`, 0);
      },
      { background: true },
    );
  };
  return {
    watches: [
      every(persistentVolumeClaim, (claim, old) => {
        const own = `${CLAIM}${keyOf(claim)}`;
        // Who looks at pods is quicker: those that come with their claims have to wait.
        if (old === undefined && annotation(claim, BIND_COMPLETED) === undefined) {
          later(own, LAG);
          return undefined;
        }
        const { volumeName = '' } = claim.spec;
        return volumeName === '' ? own : [own, `${VOLUME}${volumeName}`];
      }),
      every(persistentVolume, ({ metadata, spec: { claimRef } }) => {
        const own = `${VOLUME}${metadata.name}`;
        return claimRef?.name === undefined ? own : [own, claimKey(claimRef.namespace, claimRef.name)];
      }),
    ],
    sync(key) {
      if (key.startsWith(CLAIM)) {
        const { namespace, name } = splitKey(key.slice(CLAIM.length));
        const claim = client.get(persistentVolumeClaim, namespace, name);
        if (claim === undefined) return undefined;
        if (!syncClaim(context, claim) || claim.status.phase !== 'Bound') comeAgain();
        return undefined;
      }
      const volume = client.get(persistentVolume, undefined, key.slice(VOLUME.length));
      if (volume === undefined) return undefined;
      const { namespace, name = '' } = volume.spec.claimRef ?? {};
      const settled = syncVolume(context, volume, () => later(claimKey(namespace, name), 0));
      if (!settled || volume.status.phase === 'Failed') comeAgain();
      return undefined;
    },
  };
});
