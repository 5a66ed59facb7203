/**
 * What a lab with a cluster needs besides its hosts. Loaded only for topologies that have one, so that the rest of the
 * world is there sooner.
 */
export { kinds } from '../kubernetes/api';
export { node } from '../kubernetes/api/core/node';
export { pod } from '../kubernetes/api/core/pod';
export { loadYaml } from '../kubernetes/apimachinery/yaml';
export { createFlannelCni } from '../kubernetes/network/cni/flannel';
export { createKubernetesPrograms } from '../programs/kubernetes';
export { createControlPlane } from './control-plane';
export { hollowReady, startHollow } from './hollow';
export { installCluster } from './kubeadm/install';
