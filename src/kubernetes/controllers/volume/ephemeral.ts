import { persistentVolumeClaim, type PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { controllerOf, keyOf, splitKey, type ObjectMeta } from '../../apimachinery/object';
import { claimsOf } from '../../client/volume-helpers';
import { createEventRecorder } from '../../client/events';
import { defineController, every } from '../controller';
import { ownerRef } from '../pods';

/** Between a new pod and its claims. Virtual milliseconds. */
const LAG = 20;

const hasEphemeral = ({ spec, metadata }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && (spec.volumes ?? []).some(({ ephemeral }) => ephemeral !== undefined);

type ClaimTemplate = Pick<PersistentVolumeClaim, 'spec'> & { readonly metadata?: Partial<ObjectMeta> };

/** Makes the claims of generic ephemeral volumes. Upstream: pkg/controller/volume/ephemeral */
export const ephemeralVolumeController = defineController('ephemeral-volume-controller', ({ client, clock, later }) => {
  const events = createEventRecorder({ client, clock, component: 'ephemeral_volume' });

  /** handleVolume: why it cannot be had. */
  function handle(owner: Pod, volume: string, template: ClaimTemplate): string | undefined {
    const { namespace } = owner.metadata;
    const name = `${owner.metadata.name}-${volume}`;
    const claim = client.get(persistentVolumeClaim, namespace, name);
    if (claim !== undefined) {
      const own = controllerOf(claim)?.uid === owner.metadata.uid;
      const pod = `${namespace}/${owner.metadata.name}`;
      return own ? undefined : `PVC ${namespace}/${name} was not created for pod ${pod} (pod is not owner)`;
    }
    const { labels, annotations } = template.metadata ?? {};
    const made = client.create(persistentVolumeClaim, {
      metadata: {
        name,
        namespace,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
        ownerReferences: [ownerRef(owner)],
      },
      spec: template.spec,
    });
    return made.ok ? undefined : `create PVC ${name}: ${made.error.message}`;
  }

  return {
    watches: [
      every(podKind, (each, old) => {
        if (!hasEphemeral(each)) return undefined;
        if (old !== undefined) return keyOf(each);
        // The scheduler looks first.
        later(keyOf(each), LAG);
        return undefined;
      }),
      every(persistentVolumeClaim, ({ metadata: { namespace, name } }) => {
        // Somebody deleted it: whose it was needs another.
        if (client.get(persistentVolumeClaim, namespace, name) !== undefined) return undefined;
        return client
          .list(podKind, { namespace })
          .filter((each) => hasEphemeral(each) && claimsOf(each).includes(name))
          .map((each) => keyOf(each));
      }),
    ],
    sync(key) {
      const { namespace, name } = splitKey(key);
      const found = client.get(podKind, namespace, name);
      if (found === undefined || !hasEphemeral(found)) return undefined;
      for (const { name: volume, ephemeral } of found.spec.volumes ?? []) {
        if (ephemeral === undefined) continue;
        const why = handle(found, volume, ephemeral.volumeClaimTemplate as ClaimTemplate);
        if (why === undefined) continue;
        events.event(found, 'Warning', 'FailedBinding', `ephemeral volume ${volume}: ${why}`);
        return 'retry';
      }
      return undefined;
    },
  };
});
