import type { Program } from '../linux/process/types';
import { programs as docker } from '../programs/docker';
import { dockerd, type DockerOptions } from '../programs/dockerd/dockerd';
import { programs as net } from '../programs/net';
import { programs as shell } from '../programs/shell';
import { programs as coreutils } from '../programs/coreutils';
import { programs as servers } from '../programs/servers';
import { programs as kubectl } from '../programs/kubectl';
import type { ControlPlane } from '../programs/kubernetes/control-plane';
import { createKubernetesPrograms } from '../programs/kubernetes';
import { busybox } from './busybox';
import type { Role } from './topology';

export interface ProgramsOptions {
  readonly controlPlane: ControlPlane | undefined;
  readonly docker: DockerOptions;
}

/** Every program that an executable of this world may name. */
export function programsFor({ controlPlane, docker: dockerOptions }: ProgramsOptions): ReadonlyMap<string, Program> {
  const table = new Map<string, Program>(
    Object.entries({
      ...coreutils,
      ...net,
      ...shell,
      ...kubectl,
      ...servers,
      ...docker,
      dockerd: dockerd(dockerOptions),
      ...(controlPlane === undefined ? {} : createKubernetesPrograms(controlPlane)),
    }),
  );
  table.set('busybox', busybox(table));
  return table;
}

/** Programs that live in images only. */
const imagesOnly = new Set(
  (
    'etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy coredns flanneld cni-flannel kindnetd pause ' +
    'nginx httpd redis-server hello go-runner metrics-server busybox busybox-wget ash'
  ).split(' '),
);
const nodesOnly = new Set(['kubelet', 'crictl', 'kubeadm']);
const workstationOnly = new Set(['dockerd', 'docker']);

/** What is installed on a host with these roles. */
export function hostTools(programs: ReadonlyMap<string, Program>, roles: readonly Role[]): readonly string[] {
  const isNode = roles.some((role) => role !== 'workstation');
  const isWorkstation = roles.includes('workstation');
  return [...programs.keys()].filter(
    (name) =>
      !imagesOnly.has(name) && (isNode || !nodesOnly.has(name)) && (isWorkstation || !workstationOnly.has(name)),
  );
}
