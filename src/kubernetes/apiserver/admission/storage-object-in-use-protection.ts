import { ok, type Result } from '../../../sim/result';
import { persistentVolume } from '../../api/core/persistentvolume';
import { persistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { AdmissionPlugin, Attributes } from './admission';

const finalizers: ReadonlyMap<string, string> = new Map([
  [persistentVolumeClaim.resource, 'kubernetes.io/pvc-protection'],
  [persistentVolume.resource, 'kubernetes.io/pv-protection'],
]);

/** StorageObjectInUseProtection: what is in use waits for its users before it goes. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  resources: [...finalizers.keys()],
  mutate<T extends ApiObject>({ object, operation, subresource, kind }: Attributes<T>): Result<T, Status> {
    const finalizer = finalizers.get(kind.resource);
    const had = object.metadata.finalizers ?? [];
    if (operation !== 'CREATE' || subresource !== undefined || finalizer === undefined || had.includes(finalizer))
      return ok(object);
    return ok({ ...object, metadata: { ...object.metadata, finalizers: [...had, finalizer] } });
  },
};
