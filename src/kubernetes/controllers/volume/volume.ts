import { persistentVolume, type PersistentVolume } from '../../api/core/persistentvolume';
import { persistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import type { ControllerContext } from '../controller';
import { setVolumePhase, unannotated } from './bind';
import { annotation, BOUND_BY_CONTROLLER, modesDiffer } from '../../client/volume-helpers';

const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/** syncVolume; `again` asks for a sync of the claim. False where a write failed. */
export function syncVolume(context: ControllerContext, volume: PersistentVolume, again: () => void): boolean {
  const { client, events } = context;
  const { claimRef } = volume.spec;
  if ((claimRef?.uid ?? '') === '') return setVolumePhase(context, volume, 'Available');
  const found = client.get(persistentVolumeClaim, claimRef?.namespace, claimRef?.name ?? '');
  const claim = found?.metadata.uid === claimRef?.uid ? found : undefined;
  if (claim === undefined) return release(context, volume);
  const wanted = claim.spec.volumeName ?? '';
  if (wanted === volume.metadata.name) return setVolumePhase(context, volume, 'Bound');
  if (wanted === '') {
    if (!modesDiffer(claim, volume)) again();
    else {
      const text = 'due to incompatible volumeMode.';
      const [{ name: own }, { name }] = [volume.metadata, claim.metadata];
      events.event(
        volume,
        'Warning',
        'VolumeMismatch',
        `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${name}" ${text}`,
      );
      events.event(
        claim,
        'Warning',
        'VolumeMismatch',
        `Cannot bind PersistentVolume "${own}" to requested PersistentVolumeClaim ${text}`,
      );
    }
    return true;
  }
  const made = annotation(volume, PROVISIONED_BY) !== undefined;
  if (made && volume.spec.persistentVolumeReclaimPolicy === 'Delete') return release(context, volume);
  return unbind(context, volume);
}

/** unbindVolume: the claim took another one. What a user wrote stays, without the uid. */
function unbind(context: ControllerContext, volume: PersistentVolume): boolean {
  const { claimRef, ...spec } = volume.spec;
  const { uid: _uid, ...prebound } = claimRef ?? {};
  const ours = annotation(volume, BOUND_BY_CONTROLLER) !== undefined;
  const next = ours
    ? unannotated({ ...volume, spec }, BOUND_BY_CONTROLLER)
    : { ...volume, spec: { ...spec, claimRef: prebound } };
  const written = context.client.update(persistentVolume, next);
  return written.ok && setVolumePhase(context, written.value, 'Available');
}

/** The claim is gone: the volume is released, and reclaimed by its policy. */
function release(context: ControllerContext, volume: PersistentVolume): boolean {
  const { client } = context;
  const { phase } = volume.status;
  if (phase !== 'Released' && phase !== 'Failed' && !setVolumePhase(context, volume, 'Released')) return false;
  const policy = volume.spec.persistentVolumeReclaimPolicy;
  if (policy === 'Retain') return true;
  const { name } = volume.metadata;
  const fail = (reason: string, text: string): boolean => {
    if (client.get(persistentVolume, undefined, name)?.status.phase === 'Failed') return true;
    const failed = setVolumePhase(context, volume, 'Failed', text);
    context.events.event(volume, 'Warning', reason, text);
    return failed;
  };
  const { hostPath } = volume.spec;
  if (policy === 'Recycle') {
    const recyclable = hostPath !== undefined || volume.spec.nfs !== undefined;
    return recyclable || fail('VolumeFailedRecycle', 'No recycler plugin found for the volume!');
  }
  // Whoever provisioned it deletes it.
  if (annotation(volume, PROVISIONED_BY) !== undefined) return true;
  if (hostPath === undefined)
    return fail(
      'VolumeFailedDelete',
      `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`,
    );
  // host_path.go newDeleter
  if (!/\/tmp\/.+/.test(hostPath.path))
    return fail('VolumeFailedDelete', `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`);
  const deleted = client.delete(persistentVolume, undefined, name);
  return deleted.ok || deleted.error.code === 404;
}
