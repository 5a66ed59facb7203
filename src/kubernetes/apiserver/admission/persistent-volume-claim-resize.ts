import { persistentVolumeClaim, type PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { storageClass } from '../../api/storage/storageclass';
import { compareQuantities } from '../../apimachinery/quantity';
import type { Status } from '../../apimachinery/status';
import type { AdmissionPlugin } from './admission';
import { amountOf } from './amounts';
import { deny } from './deny';
import { classOfClaim } from './quota/claims';

/** PersistentVolumeClaimResize: only bound claims of classes that say so may grow. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  resources: [persistentVolumeClaim.resource],
  validate(attributes, storage): Status | undefined {
    const { object, old, operation, subresource } = attributes;
    if (operation !== 'UPDATE' || subresource !== undefined || old === undefined) return undefined;
    const [claim, before] = [object as PersistentVolumeClaim, old as PersistentVolumeClaim];
    const size = ({ spec }: PersistentVolumeClaim): string | undefined => spec.resources?.requests?.['storage'];
    if (compareQuantities(amountOf(size(claim)), amountOf(size(before))) <= 0) return undefined;
    if (before.status.phase !== 'Bound') return deny(attributes, 'Only bound persistent volume claims can be expanded');
    const name = classOfClaim(claim);
    const allows =
      name !== '' &&
      name === classOfClaim(before) &&
      storage.get(storageClass, undefined, name)?.allowVolumeExpansion === true;
    if (allows) return undefined;
    return deny(
      attributes,
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  },
};
