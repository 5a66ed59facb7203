import { persistentVolume, type PersistentVolume, type PersistentVolumeStatus } from '../../api/core/persistentvolume';
import {
  persistentVolumeClaim,
  type PersistentVolumeClaim,
  type PersistentVolumeClaimStatus,
} from '../../api/core/persistentvolumeclaim';
import type { ApiObject } from '../../apimachinery/object';
import { timeOf } from '../../apimachinery/time';
import type { ControllerContext } from '../controller';
import { annotated, annotation, BIND_COMPLETED, BOUND_BY_CONTROLLER, boundVolume } from '../../client/volume-helpers';

/** An object without an annotation. */
export function unannotated<T extends ApiObject>(given: T, name: string): T {
  if (annotation(given, name) === undefined) return given;
  const { annotations: { [name]: _gone, ...left } = {}, ...metadata } = given.metadata;
  return { ...given, metadata: Object.keys(left).length === 0 ? metadata : { ...metadata, annotations: left } };
}

/** updateVolumePhase */
export function setVolumePhase(
  { client, clock }: ControllerContext,
  volume: PersistentVolume,
  phase: NonNullable<PersistentVolumeStatus['phase']>,
  message?: string,
): boolean {
  if (volume.status.phase === phase) return true;
  const said = message === undefined ? {} : { message };
  return client.mutateStatus(persistentVolume, undefined, volume.metadata.name, (now) => {
    const { message: _before, ...rest } = now.status;
    return { ...now, status: { ...rest, ...said, phase, lastPhaseTransitionTime: timeOf(clock.now) } };
  }).ok;
}

/** updateClaimStatus: what a bound claim got is written once. */
export function setClaimPhase(
  { client }: ControllerContext,
  claim: PersistentVolumeClaim,
  phase: NonNullable<PersistentVolumeClaimStatus['phase']>,
  volume?: PersistentVolume,
): boolean {
  const { accessModes, capacity, ...rest } = claim.status;
  const same = claim.status.phase === phase && (volume === undefined ? accessModes === undefined : true);
  if (same && (volume === undefined || capacity !== undefined)) return true;
  const got = volume && {
    ...(volume.spec.accessModes === undefined ? {} : { accessModes: volume.spec.accessModes }),
    ...(volume.spec.capacity === undefined ? {} : { capacity: volume.spec.capacity }),
  };
  const { namespace, name } = claim.metadata;
  return client.mutateStatus(persistentVolumeClaim, namespace, name, (now) => ({
    ...now,
    status: { ...rest, ...got, phase },
  })).ok;
}

/** The four writes of a binding; whoever comes back after a failed one goes on where it ended. */
export function bind(context: ControllerContext, volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { client } = context;
  const next = boundVolume(volume, claim);
  const written = next === volume ? undefined : client.update(persistentVolume, next);
  if (written?.ok === false) return false;
  if (!setVolumePhase(context, written?.value ?? volume, 'Bound')) return false;

  const { name } = volume.metadata;
  const foreign = claim.spec.volumeName !== name;
  const named = foreign ? { ...claim, spec: { ...claim.spec, volumeName: name } } : claim;
  const ours = foreign ? annotated(named, BOUND_BY_CONTROLLER, 'yes') : named;
  const done = annotated(ours, BIND_COMPLETED, 'yes');
  const completed = done === claim ? undefined : client.update(persistentVolumeClaim, done);
  if (completed?.ok === false) return false;
  return setClaimPhase(context, completed?.value ?? claim, 'Bound', volume);
}
