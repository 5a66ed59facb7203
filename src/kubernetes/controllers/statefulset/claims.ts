import type { StatefulSet } from '../../api/apps/statefulset';
import { persistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import type { Pod } from '../../api/core/pod';
import type { OwnerReference } from '../../apimachinery/object';
import type { RegistryClient } from '../../apiserver/registry';
import type { EventRecorder } from '../../client/events';
import { ownerRef } from '../pods';
import { claimsOf, isInRange, ordinalOf } from './identity';

/** Makes the claims of a pod that are not there yet; false if one could not be made. */
export function createClaims(
  client: RegistryClient,
  events: EventRecorder,
  set: StatefulSet,
  ordinal: number,
  pod: string,
): boolean {
  let all = true;
  for (const draft of claimsOf(set, ordinal)) {
    const { name = '', namespace } = draft.metadata;
    if (client.get(persistentVolumeClaim, namespace, name) !== undefined) continue;
    const made = client.create(persistentVolumeClaim, draft);
    const what = `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name}`;
    if (made.ok) events.event(set, 'Normal', 'SuccessfulCreate', `${what} success`);
    else {
      all = false;
      events.event(set, 'Warning', 'FailedCreate', `${what} failed error: ${made.error.message}`);
    }
  }
  return all;
}

/** UpdatePodClaimForRetentionPolicy: whose end is the claims' end. */
export function retainClaims(client: RegistryClient, set: StatefulSet, pod: Pod): void {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const ordinal = ordinalOf(set, pod.metadata.name);
  const leaves = !isInRange(set, ordinal);
  const bySet = whenDeleted === 'Delete' && !(whenScaled === 'Delete' && leaves);
  const byPod = whenScaled === 'Delete' && leaves;
  for (const { metadata } of claimsOf(set, ordinal)) {
    const claim = client.get(persistentVolumeClaim, metadata.namespace, metadata.name ?? '');
    if (claim === undefined) continue;
    const refs = claim.metadata.ownerReferences ?? [];
    const owns = (uid: string): boolean => refs.some((each) => each.uid === uid);
    if (owns(set.metadata.uid) === bySet && owns(pod.metadata.uid) === byPod) continue;
    const others = refs.filter(({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid);
    const next: readonly OwnerReference[] = [
      ...others,
      ...(bySet ? [ownerRef(set)] : []),
      ...(byPod ? [{ apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid }] : []),
    ];
    client.mutate(persistentVolumeClaim, claim.metadata.namespace, claim.metadata.name, (now) => {
      const { ownerReferences: _refs, ...rest } = now.metadata;
      return { ...now, metadata: next.length === 0 ? rest : { ...rest, ownerReferences: next } };
    });
  }
}
