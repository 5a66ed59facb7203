import { unresolvable, type Plugin } from '../framework';
import { chooseVolumes, claimsFor, reaches } from '../volumes';

const elsewhere = unresolvable("node(s) didn't match PersistentVolume's node affinity");
const unserved = unresolvable("node(s) didn't find available persistent volumes to bind");
const lost = unresolvable('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');

/** Where the volumes of a pod can be had. Upstream: pkg/scheduler/framework/plugins/volumebinding */
export const volumeBinding: Plugin = {
  name: 'VolumeBinding',
  weight: 1,
  preFilter({ pod }, { storage }) {
    if (storage === undefined) return undefined;
    const claims = claimsFor(storage, pod);
    if (typeof claims === 'string') return claims;
    return claims.immediate.length > 0 ? 'pod has unbound immediate PersistentVolumeClaims' : undefined;
  },
  filter({ pod }, { storage }) {
    if (storage === undefined || pod.spec.volumes === undefined) return undefined;
    const claims = claimsFor(storage, pod);
    if (typeof claims === 'string' || claims.bound.length + claims.delayed.length === 0) return undefined;
    const volumes = claims.bound.map(({ spec }) => storage.volume(spec.volumeName ?? ''));
    return ({ node }) => {
      for (const volume of volumes) {
        if (volume === undefined) return lost;
        if (!reaches(volume, node)) return elsewhere;
      }
      return claims.delayed.length === 0 || chooseVolumes(storage, claims, node) !== undefined ? undefined : unserved;
    };
  },
};
