import type { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim';
import { compareQuantities, quantityInteger, type Quantity } from '../../../apimachinery/quantity';
import { equal } from '../../../apimachinery/equal';
import { amountOf, one } from '../amounts';
import type { Evaluator } from './evaluator';

const names = ['count/persistentvolumeclaims', 'persistentvolumeclaims', 'requests.storage'];
const ofClass = '.storageclass.storage.k8s.io/';
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** The class of a claim; the annotation wins (GetPersistentVolumeClaimClass). */
export const classOfClaim = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? '';

type Allocated = Readonly<Record<string, string>> | undefined;
const allocatedOf = ({ status }: PersistentVolumeClaim): Allocated =>
  (status as { readonly allocatedResources?: Allocated } | undefined)?.allocatedResources;

/** pvcEvaluator (pkg/quota/v1/evaluator/core/persistent_volume_claims.go). */
export const claimEvaluator: Evaluator<PersistentVolumeClaim> = {
  handles: ({ operation, subresource, object, old }) =>
    operation !== 'DELETE' &&
    (subresource === undefined ||
      (subresource === 'status' &&
        old !== undefined &&
        !equal(allocatedOf(object as PersistentVolumeClaim), allocatedOf(old as PersistentVolumeClaim)))),
  counts: (name) =>
    names.includes(name) ||
    name.endsWith(`${ofClass}persistentvolumeclaims`) ||
    name.endsWith(`${ofClass}requests.storage`),
  usage(claim) {
    const usage = new Map<string, Quantity>([
      ['persistentvolumeclaims', one],
      ['count/persistentvolumeclaims', one],
    ]);
    const storageClass = classOfClaim(claim);
    if (storageClass !== '') usage.set(`${storageClass}${ofClass}persistentvolumeclaims`, one);
    const storage = requested(claim);
    if (storage === undefined) return usage;
    usage.set('requests.storage', storage);
    if (storageClass !== '') usage.set(`${storageClass}${ofClass}requests.storage`, storage);
    return usage;
  },
};

function requested(claim: PersistentVolumeClaim): Quantity | undefined {
  const text = claim.spec.resources?.requests?.['storage'];
  if (text === undefined) return undefined;
  const request = amountOf(text);
  const allocated = allocatedOf(claim)?.['storage'];
  if (allocated === undefined) return whole(request);
  const granted = amountOf(allocated);
  return whole(compareQuantities(granted, request) > 0 ? granted : request);
}

/** Bytes are whole. */
const whole = (amount: Quantity): Quantity =>
  amount.scale >= 0
    ? amount
    : { unscaled: quantityInteger(amount), scale: 0, format: amount.format, wide: amount.wide };
