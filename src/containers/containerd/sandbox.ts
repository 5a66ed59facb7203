import type { NetworkNamespace } from '../../linux/net/types';
import type { Namespaces } from '../../linux/process/types';
import type { ContainerHost } from '../host';
import type { Image } from '../images/image';
import { defaultMounts, type ContainerSpec, type SpecMount } from '../runc/spec';
import type { Shim, ShimProcess } from '../shim/shim';
import type { PodSandboxConfig, PodSandboxStatus } from './cri';
import type { Container } from './container';
import type { Snapshot } from './snapshots';

/** A pod sandbox: the pause process, whose namespaces the pod's containers share, and the pod's network. */
export interface Sandbox {
  readonly id: string;
  readonly config: PodSandboxConfig;
  readonly createdAt: number;
  readonly netnsPath: string;
  readonly shim: Shim;
  readonly snapshot: Snapshot;
  readonly containers: Set<Container>;
  pause: ShimProcess | undefined;
  network: NetworkNamespace | undefined;
  state: PodSandboxStatus['state'];
  ip: string;
  stopping: boolean;
}

const stateRoot = '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes';

export const usesHostNetwork = ({ namespaceOptions }: PodSandboxConfig): boolean =>
  namespaceOptions?.network === 'node';

/** Files that all containers of the pod get bound: hostname and resolv.conf. */
export function writeSandboxFiles({ fs, name }: ContainerHost, id: string, config: PodSandboxConfig): void {
  const folder = `${stateRoot}/${id}`;
  fs.mkdirAll(folder);
  fs.writeFile(`${folder}/hostname`, `${usesHostNetwork(config) ? name : config.hostname}\n`);
  fs.writeFile(`${folder}/resolv.conf`, resolvConf(fs, config));
}

export function removeSandboxFiles({ fs }: ContainerHost, id: string): void {
  fs.removeAll(`${stateRoot}/${id}`);
}

function resolvConf(fs: ContainerHost['fs'], { dnsConfig }: PodSandboxConfig): string {
  if (dnsConfig === undefined) {
    const host = fs.readText('/etc/resolv.conf');
    return host.ok ? host.value : '';
  }
  const { servers, searches, options } = dnsConfig;
  return [
    searches.length > 0 ? `search ${searches.join(' ')}\n` : '',
    ...servers.map((server) => `nameserver ${server}\n`),
    options.length > 0 ? `options ${options.join(' ')}\n` : '',
  ].join('');
}

export const sandboxMounts = (id: string): readonly SpecMount[] => [
  { destination: '/etc/hostname', type: 'bind', source: `${stateRoot}/${id}/hostname` },
  { destination: '/etc/resolv.conf', type: 'bind', source: `${stateRoot}/${id}/resolv.conf` },
];

/** cgroupfs and systemd spellings of a container's group: `kubepods-x.slice:cri-containerd:<id>` is what systemd gets. */
export const cgroupOf = (parent: string | undefined, id: string): string => {
  if (parent === undefined || parent === '') return `/k8s.io/${id}`;
  return parent.endsWith('.slice') ? `${parent}/cri-containerd-${id}.scope` : `${parent}/${id}`;
};

/** The OCI specification of the pause container. */
export function sandboxSpec(id: string, config: PodSandboxConfig, image: Image, snapshot: Snapshot): ContainerSpec {
  const hostNetwork = usesHostNetwork(config);
  const options = config.namespaceOptions ?? {};
  const namespaces: { -readonly [N in keyof Namespaces]?: 'new' } = { mnt: 'new', cgroup: 'new' };
  if (options.pid !== 'node') namespaces.pid = 'new';
  if (options.ipc !== 'node') namespaces.ipc = 'new';
  if (!hostNetwork) {
    namespaces.net = 'new';
    namespaces.uts = 'new';
  }
  return {
    process: {
      args: [...(image.config.Entrypoint ?? []), ...(image.config.Cmd ?? [])],
      env: new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]),
      cwd: '/',
      user: { uid: 65535, gid: 65535, groups: [65535] },
      terminal: false,
    },
    root: { path: snapshot.target, readonly: true },
    ...(hostNetwork ? {} : { hostname: config.hostname }),
    // Nobody looks around in a pause container: proc, dev and sys are all it gets.
    mounts: defaultMounts.filter(({ destination }) => ['/proc', '/dev', '/dev/shm'].includes(destination)),
    cgroupsPath: cgroupOf(config.cgroupParent, id),
    namespaces,
    ...(config.sysctls === undefined ? {} : { sysctls: config.sysctls }),
  };
}

export function sandboxStatus({ id, config, state, createdAt, ip }: Sandbox): PodSandboxStatus {
  const { metadata, labels, annotations } = config;
  return {
    id,
    metadata,
    state,
    createdAt,
    ip,
    network: usesHostNetwork(config) ? 'node' : 'pod',
    labels,
    annotations,
  };
}
