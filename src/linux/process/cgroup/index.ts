export { Cgroup } from './cgroup';
export { useCpu } from './cpu';
export { cgroupDirectory, type CgroupViewer } from './files';
export { chargeMemory } from './oom';
export { mountCgroups } from './mount';
export { hierarchies, hierarchyDirectory } from './v1';
