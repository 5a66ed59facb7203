import type { PersistentVolume } from '../api/core/persistentvolume';
import type { PersistentVolumeClaim } from '../api/core/persistentvolumeclaim';
import { referenceTo } from './events';
import { storageClass, type StorageClass } from '../api/storage/storageclass';
import type { ApiObject } from '../apimachinery/object';
import { compareQuantities, parseQuantity, type Quantity } from '../apimachinery/quantity';
import { selectorMatcher } from '../apimachinery/selector-matcher';
import type { PodSpec } from '../api/core/pod-spec';
import type { RegistryClient } from '../apiserver/registry';

/** What claims and volumes say of each other. Upstream: k8s.io/component-helpers/storage/volume */
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const annotation = ({ metadata }: ApiObject, name: string): string | undefined => metadata.annotations?.[name];

/** GetPersistentVolumeClaimClass, GetPersistentVolumeClass: the annotation was there before the field. */
export const classOf = (given: PersistentVolumeClaim | PersistentVolume): string =>
  annotation(given, BETA_CLASS) ?? given.spec.storageClassName ?? '';

export const hasClass = (claim: PersistentVolumeClaim): boolean =>
  annotation(claim, BETA_CLASS) !== undefined || claim.spec.storageClassName !== undefined;

/** The class that a claim names, if there is one of that name. */
export function classFor(client: RegistryClient, claim: PersistentVolumeClaim): StorageClass | undefined {
  const name = classOf(claim);
  return name === '' ? undefined : client.get(storageClass, undefined, name);
}

/** IsDelayBindingMode: it is bound when a pod wants it. */
export const waitsForConsumer = (client: RegistryClient, claim: PersistentVolumeClaim): boolean =>
  classFor(client, claim)?.volumeBindingMode === 'WaitForFirstConsumer';

/** IsVolumeBoundToClaim: to this claim, or to a claim of its name that was not there yet. */
export function isBoundTo({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return (claimRef.uid ?? '') === '' || claimRef.uid === metadata.uid;
}

/** An object with one more annotation; the same where it has it. */
export function annotated<T extends ApiObject>(given: T, name: string, value: string): T {
  if (annotation(given, name) === value) return given;
  return { ...given, metadata: { ...given.metadata, annotations: { ...given.metadata.annotations, [name]: value } } };
}

/** GetBindVolumeToClaim: a volume that belongs to a claim; the same where it does already. */
export function boundVolume(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const whole = volume.spec.claimRef?.uid === claim.metadata.uid && isBoundTo(volume, claim);
  if (whole) return volume;
  const next = { ...volume, spec: { ...volume.spec, claimRef: referenceTo(claim) } };
  return isBoundTo(volume, claim) ? next : annotated(next, BOUND_BY_CONTROLLER, 'yes');
}

export const modesDiffer = (claim: PersistentVolumeClaim, volume: PersistentVolume): boolean =>
  (claim.spec.volumeMode ?? 'Filesystem') !== (volume.spec.volumeMode ?? 'Filesystem');

const nothing: Quantity | undefined = quantity('0');

function quantity(text: string | undefined): Quantity | undefined {
  const parsed = parseQuantity(text ?? '0');
  return parsed.ok ? parsed.value : nothing;
}

const sizeOf = ({ spec }: PersistentVolume): Quantity | undefined => quantity(spec.capacity?.['storage']);

const less = (a: Quantity | undefined, b: Quantity | undefined): boolean =>
  a !== undefined && b !== undefined && compareQuantities(a, b) < 0;

/** checkVolumeSatisfyClaim: why a volume that a claim names will not do. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (less(sizeOf(volume), quantity(claim.spec.resources.requests?.['storage']))) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (modesDiffer(claim, volume)) return 'incompatible volumeMode';
  return offersModes(volume, claim) ? undefined : 'incompatible accessMode';
}

const offersModes = (volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean =>
  (spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode) === true);

export interface Search {
  /** Only a volume that was bound beforehand will do: the pod that wants it decides where. */
  readonly delayed?: boolean;
  /** Only a volume that this node can reach will do. */
  readonly reaches?: (volume: PersistentVolume) => boolean;
  readonly without?: ReadonlySet<PersistentVolume>;
}

/** findByClaim, FindMatchingVolume: the smallest that is large enough, of those with the fewest access modes. */
export function bestMatch(
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
  { delayed = false, reaches, without }: Search = {},
): PersistentVolume | undefined {
  const wanted = quantity(claim.spec.resources.requests?.['storage']);
  const matches = claim.spec.selector === undefined ? undefined : selectorMatcher(claim.spec.selector);
  let best: PersistentVolume | undefined;
  const modes = ({ spec }: PersistentVolume): number => spec.accessModes?.length ?? 0;
  for (const volume of volumes) {
    const { claimRef } = volume.spec;
    const bound = isBoundTo(volume, claim);
    if ((claimRef !== undefined && !bound) || !offersModes(volume, claim)) continue;
    if (without?.has(volume) === true || less(sizeOf(volume), wanted) || modesDiffer(claim, volume)) continue;
    if (volume.metadata.deletionTimestamp !== undefined) continue;
    if (bound) return reaches?.(volume) === false ? undefined : volume;
    if (delayed && reaches === undefined) continue;
    if (volume.status.phase !== 'Available' || classOf(volume) !== classOf(claim)) continue;
    if (matches?.(volume.metadata.labels) === false || reaches?.(volume) === false) continue;
    if (best === undefined || modes(volume) < modes(best)) best = volume;
    else if (modes(volume) === modes(best) && less(sizeOf(volume), sizeOf(best))) best = volume;
  }
  return best;
}

/** What of a pod says which claims it uses. */
export interface ClaimUser {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly volumes?: PodSpec['volumes'] | undefined };
}

/** The claims that a pod uses, those of its ephemeral volumes too. */
export const claimsOf = ({ metadata, spec }: ClaimUser): readonly string[] =>
  (spec.volumes ?? []).flatMap((volume) =>
    volume.persistentVolumeClaim !== undefined
      ? [volume.persistentVolumeClaim.claimName]
      : 'ephemeral' in volume && volume.ephemeral !== undefined
        ? [`${metadata.name}-${volume.name}`]
        : [],
  );
