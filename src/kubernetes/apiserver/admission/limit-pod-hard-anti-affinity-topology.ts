import { pod as podKind, type Pod } from '../../api/core/pod';
import type { ApiObject } from '../../apimachinery/object';
import { forbidden } from '../../apimachinery/status';
import type { AdmissionPlugin } from './admission';

const hostname = 'kubernetes.io/hostname';

/** LimitPodHardAntiAffinityTopology: pods may keep away from others on a node, but not from a whole zone. */
export const limitPodHardAntiAffinityTopology: AdmissionPlugin = {
  name: 'LimitPodHardAntiAffinityTopology',
  resources: [podKind.resource],
  validate({ object, operation, subresource }) {
    if (operation === 'DELETE' || subresource !== undefined) return undefined;
    const { spec, metadata } = object as ApiObject as Pod;
    const terms = spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const wide = terms.find(({ topologyKey }) => topologyKey !== hostname);
    if (wide === undefined) return undefined;
    return forbidden(
      podKind.names,
      metadata.name,
      `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${wide.topologyKey} but only key ${hostname} is allowed`,
    );
  },
};
