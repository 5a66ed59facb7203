import { ok, type Result } from '../../../sim/result';
import { persistentVolumeClaim, type PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { isDefaultClass, storageClass } from '../../api/storage/storageclass';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { newestFirst } from './newest';

const annotation = 'volume.beta.kubernetes.io/storage-class';

/** DefaultStorageClass: claims that name no class get the default one. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  resources: [persistentVolumeClaim.resource],
  mutate<T extends ApiObject>({ object, operation, subresource }: Attributes<T>, storage: Storage): Result<T, Status> {
    if (operation !== 'CREATE' || subresource !== undefined) return ok(object);
    const claim = object as unknown as PersistentVolumeClaim;
    if (claim.spec.storageClassName !== undefined || claim.metadata.annotations?.[annotation] !== undefined)
      return ok(object);
    const [chosen] = storage.served(storageClass).cacher.list().filter(isDefaultClass).sort(newestFirst);
    if (chosen === undefined) return ok(object);
    return ok({ ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata.name } } as unknown as T);
  },
};
