import { persistentVolume } from '../../api/core/persistentvolume';
import { persistentVolumeClaim, type PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { pod as podKind } from '../../api/core/pod';
import { isDefaultClass, storageClass, type StorageClass } from '../../api/storage/storageclass';
import type { ControllerContext } from '../controller';
import { bind, setClaimPhase } from './bind';
import {
  annotated,
  annotation,
  bestMatch,
  claimsOf,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  classFor,
  classOf,
  hasClass,
  isBoundTo,
  mismatch,
  SELECTED_NODE,
  waitsForConsumer,
} from '../../client/volume-helpers';

/** syncClaim. False where a write failed. */
export function syncClaim(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  return annotation(claim, BIND_COMPLETED) === undefined ? syncUnbound(context, claim) : syncBound(context, claim);
}

/** syncUnboundClaim */
function syncUnbound(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  const { client, events } = context;
  const pending = (): boolean => setClaimPhase(context, claim, 'Pending');
  const wanted = claim.spec.volumeName ?? '';
  if (wanted === '') {
    const delayed = waitsForConsumer(client, claim);
    const volume = bestMatch(client.list(persistentVolume), claim, { delayed });
    if (volume !== undefined) return bind(context, volume, claim);
    if (assignDefaultClass(context, claim)) return true;
    if (delayed && annotation(claim, SELECTED_NODE) === undefined) {
      const [reason, message] = consumers(context, claim);
      events.event(claim, 'Normal', reason, message);
      return pending();
    }
    if (classOf(claim) !== '') return provision(context, claim);
    const text = 'no persistent volumes available for this claim and no storage class is set';
    events.event(claim, 'Normal', 'FailedBinding', text);
    return pending();
  }
  const volume = client.get(persistentVolume, undefined, wanted);
  if (volume === undefined) return pending();
  if (volume.spec.claimRef === undefined) {
    const why = mismatch(volume, claim);
    if (why === undefined) return bind(context, volume, claim);
    events.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${wanted}": ${why}`);
    return pending();
  }
  if (isBoundTo(volume, claim)) return bind(context, volume, claim);
  events.event(claim, 'Warning', 'FailedBinding', `volume "${wanted}" already bound to a different claim.`);
  return annotation(claim, BOUND_BY_CONTROLLER) !== undefined || pending();
}

/** syncBoundClaim: whether what it was bound to is still there, and its own. */
function syncBound(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  const { client } = context;
  const lost = (reason: string, message: string): boolean => {
    if (claim.status.phase === 'Lost') return true;
    if (!setClaimPhase(context, claim, 'Lost')) return false;
    context.events.event(claim, 'Warning', reason, message);
    return true;
  };
  const wanted = claim.spec.volumeName ?? '';
  const gone = 'Data on the volume is lost!';
  if (wanted === '') return lost('ClaimLost', `Bound claim has lost reference to PersistentVolume. ${gone}`);
  const volume = client.get(persistentVolume, undefined, wanted);
  if (volume === undefined) return lost('ClaimLost', `Bound claim has lost its PersistentVolume. ${gone}`);
  const { claimRef } = volume.spec;
  if (claimRef === undefined || claimRef.uid === claim.metadata.uid) return bind(context, volume, claim);
  return lost('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}

/** assignDefaultStorageClass: a claim that came before there was a default class gets it later. */
function assignDefaultClass({ client }: ControllerContext, claim: PersistentVolumeClaim): boolean {
  if (hasClass(claim)) return false;
  const found = client
    .list(storageClass, { matches: isDefaultClass })
    .reduce<StorageClass | undefined>(
      (best, each) => (best === undefined || isBefore(each, best) ? each : best),
      undefined,
    );
  if (found === undefined) return false;
  return client.update(persistentVolumeClaim, {
    ...claim,
    spec: { ...claim.spec, storageClassName: found.metadata.name },
  }).ok;
}

/** GetDefaultClass: the newest, of equally old ones the first by name. */
const isBefore = ({ metadata: a }: StorageClass, { metadata: b }: StorageClass): boolean =>
  a.creationTimestamp === b.creationTimestamp ? a.name < b.name : a.creationTimestamp > b.creationTimestamp;

/** emitEventForUnboundDelayBindingClaim */
function consumers({ client }: ControllerContext, { metadata }: PersistentVolumeClaim): readonly [string, string] {
  const pods = client
    .list(podKind, { namespace: metadata.namespace })
    .filter((pod) => (pod.spec.nodeName ?? '') === '' && claimsOf(pod).includes(metadata.name))
    .map((pod) => pod.metadata.name);
  if (pods.length === 0) return ['WaitForFirstConsumer', 'waiting for first consumer to be created before binding'];
  return ['WaitForPodScheduled', `waiting for pod${pods.length > 1 ? 's' : ''} ${pods.join(',')} to be scheduled`];
}

/** Where provisioners say who is to make a volume. */
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const BETA_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';

/** provisionClaim: no in-tree plugin provisions any more; who does watches for the annotations. */
function provision({ client, events }: ControllerContext, claim: PersistentVolumeClaim): boolean {
  const found = classFor(client, claim);
  const fail = (text: string): boolean => {
    events.event(claim, 'Warning', 'ProvisioningFailed', text);
    return true;
  };
  if (found === undefined) return fail(`storageclass.storage.k8s.io "${classOf(claim)}" not found`);
  const { provisioner } = found;
  // plugins.go FindProvisionablePluginByName: the built-in names are not left to others.
  if (provisioner.startsWith('kubernetes.io/')) return fail(`no volume plugin matched name: ${provisioner}`);
  const next = annotated(annotated(claim, BETA_PROVISIONER, provisioner), PROVISIONER, provisioner);
  if (next !== claim && !client.update(persistentVolumeClaim, next).ok) return false;
  const text =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the ` +
    'system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.';
  events.event(claim, 'Normal', 'ExternalProvisioning', text);
  return true;
}
