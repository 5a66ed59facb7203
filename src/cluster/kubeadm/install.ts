import type { Containerd } from '../../containers/containerd/cri-runtime';
import { node as nodeKind, type Node } from '../../kubernetes/api/core/node';
import type { Host } from '../../linux/host';
import type { FileSystem } from '../../linux/fs/types';
import { certificatePem, keyPem } from '../../linux/net/tls/certificate';
import type { ControlPlane } from '../../programs/kubernetes/control-plane';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { HostPlan, Topology } from '../topology';
import { applyAddons, type AddonPlan } from './addons';
import { kubeletConfig } from './configs';
import { kubeconfig } from './kubeconfig';
import { staticPodManifests, type ControlPlanePlan } from './manifests';
import { createPki, writePki, type Pki } from './pki';

/** What of a lab an installation needs. */
interface InstallTarget {
  readonly topology: Topology;
  readonly clock: Clock;
  host(name: string): Host | undefined;
}

export interface InstallOptions {
  readonly lab: InstallTarget;
  readonly controlPlane: ControlPlane;
  readonly runtimes: ReadonlyMap<string, Containerd>;
  readonly random: Random;
}

export const version = 'v1.33.13';
const etcdVersion = '3.5.24-0';
const podSubnet = '10.244.0.0/16';
const serviceSubnet = '10.96.0.0/12';
const addon = {
  version,
  corednsVersion: 'v1.12.0',
  flannelVersion: 'v0.27.4',
  flannelCniVersion: 'v1.8.0-flannel1',
  podSubnet,
  dnsAddress: '10.96.0.10',
} as const;

/** Brings every host to what `kubeadm init`, `kubeadm join` and a network addon leave behind. */
export function installCluster({ lab, controlPlane, runtimes, random }: InstallOptions): void {
  const { topology, clock } = lab;
  const master = topology.hosts.find(({ roles }) => roles.includes('control-plane'));
  if (master === undefined) return;
  const options = { random, now: clock.now };
  const pki = createPki(options);
  const server = `https://${master.address}:6443`;
  for (const plan of topology.hosts) {
    const host = lab.host(plan.name);
    if (host === undefined) continue;
    if (runtimes.has(plan.name)) installNode(host.fs, plan, pki, server);
    if (plan === master) {
      host.fs.mkdirAll('/etc/kubernetes/manifests');
      const components = installMaster(host.fs, plan, pki, server, options);
      for (const [file, text] of Object.entries(staticPodManifests(components))) {
        host.fs.writeFile(`/etc/kubernetes/manifests/${file}`, text, 0o600);
      }
    }
    if (plan === master || plan.roles.includes('workstation')) installAdmin(host.fs, pki, server);
  }
  for (const [name, runtime] of runtimes) preloadImages(runtime, name === master.name);
  whenServed(controlPlane, clock, () => {
    markControlPlane(controlPlane, topology);
    applyAddons(controlPlane.registry.as({ user: 'kubernetes-admin', groups: ['system:masters'], agent: 'kubeadm' }), {
      ...addon,
      server,
    } satisfies AddonPlan);
  });
}

function installNode(fs: FileSystem, { name }: HostPlan, pki: Pki, server: string): void {
  fs.mkdirAll('/etc/kubernetes/pki');
  fs.mkdirAll('/var/lib/kubelet/pki');
  fs.mkdirAll('/etc/cni/net.d');
  fs.mkdirAll('/opt/cni/bin');
  fs.mkdirAll('/var/log/pods');
  fs.mkdirAll('/var/log/containers');
  fs.mkdirAll('/lib/modules');
  fs.writeFile('/etc/kubernetes/pki/ca.crt', pki.caPem);
  const identity = pki.client(`system:node:${name}`, 'system:nodes');
  const pem = certificatePem(identity.certificate) + keyPem(identity.key, 'EC PRIVATE KEY');
  fs.writeFile('/var/lib/kubelet/pki/kubelet-client-current.pem', pem, 0o600);
  const user = `system:node:${name}`;
  fs.writeFile('/etc/kubernetes/kubelet.conf', kubeconfig({ server, caPem: pki.caPem, user, identity }), 0o600);
  fs.writeFile('/var/lib/kubelet/config.yaml', kubeletConfig(addon.dnsAddress));
  const flags =
    '--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock --pod-infra-container-image=registry.k8s.io/pause:3.10';
  fs.writeFile('/var/lib/kubelet/kubeadm-flags.env', `KUBELET_KUBEADM_ARGS="${flags}"\n`);
  fs.writeFile(
    '/etc/crictl.yaml',
    'runtime-endpoint: unix:///run/containerd/containerd.sock\nimage-endpoint: unix:///run/containerd/containerd.sock\n',
  );
}

function installMaster(
  fs: FileSystem,
  { name, address }: HostPlan,
  pki: Pki,
  server: string,
  options: { readonly random: Random; readonly now: number },
): ControlPlanePlan {
  writePki(fs, pki, options, { host: name, address, serviceIp: '10.96.0.1' });
  const { caPem } = pki;
  const files = {
    'super-admin.conf': {
      user: 'kubernetes-super-admin',
      identity: pki.client('kubernetes-super-admin', 'system:masters'),
    },
    'controller-manager.conf': {
      user: 'system:kube-controller-manager',
      identity: pki.client('system:kube-controller-manager'),
    },
    'scheduler.conf': { user: 'system:kube-scheduler', identity: pki.client('system:kube-scheduler') },
  };
  for (const [file, { user, identity }] of Object.entries(files)) {
    fs.writeFile(`/etc/kubernetes/${file}`, kubeconfig({ server, caPem, user, identity }), 0o600);
  }
  fs.mkdirAll('/var/lib/etcd');
  return { host: name, address, version, etcdVersion, podSubnet, serviceSubnet };
}

/** What the components of a control plane find on disk, and an admin.conf, where there is no kubelet. */
export function installControlPlane(
  fs: FileSystem,
  plan: HostPlan,
  options: { readonly random: Random; readonly now: number },
): ControlPlanePlan {
  const pki = createPki(options);
  const server = `https://${plan.address}:6443`;
  installAdmin(fs, pki, server);
  return installMaster(fs, plan, pki, server, options);
}

/** admin.conf, and where kubectl looks for it. */
function installAdmin(fs: FileSystem, pki: Pki, server: string): void {
  const identity = pki.client('kubernetes-admin', 'kubeadm:cluster-admins');
  const text = kubeconfig({ server, caPem: pki.caPem, user: 'kubernetes-admin', identity });
  fs.mkdirAll('/etc/kubernetes');
  fs.mkdirAll('/root/.kube');
  fs.writeFile('/etc/kubernetes/admin.conf', text, 0o600);
  fs.writeFile('/root/.kube/config', text, 0o600);
}

/** kubeadm pulls its images before it starts (`kubeadm config images pull`). */
function preloadImages(runtime: Containerd, isMaster: boolean): void {
  const everywhere = [
    'registry.k8s.io/pause:3.10',
    `registry.k8s.io/kube-proxy:${version}`,
    `registry.k8s.io/coredns/coredns:${addon.corednsVersion}`,
    `ghcr.io/flannel-io/flannel:${addon.flannelVersion}`,
    `ghcr.io/flannel-io/flannel-cni-plugin:${addon.flannelCniVersion}`,
  ];
  const master = [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
      (name) => `registry.k8s.io/${name}:${version}`,
    ),
    `registry.k8s.io/etcd:${etcdVersion}`,
  ];
  for (const reference of isMaster ? [...everywhere, ...master] : everywhere) {
    const loaded = runtime.preload(reference);
    if (!loaded.ok) throw new Error(loaded.error);
  }
}

/** kubeadm waits for the server before it goes on. */
function whenServed({ apiserver }: ControlPlane, clock: Clock, act: () => void): void {
  if (apiserver.up) act();
  else apiserver.onUp(() => clock.setTimer(0, act));
}

const role = 'node-role.kubernetes.io/control-plane';

/** `kubeadm init phase mark-control-plane`, as soon as the node registers. */
function markControlPlane({ registry }: ControlPlane, topology: Topology): void {
  const client = registry.as({ user: 'kubernetes-admin', groups: ['system:masters'], agent: 'kubeadm' });
  const masters = new Map(
    topology.hosts.filter(({ roles }) => roles.includes('control-plane')).map((plan) => [plan.name, plan]),
  );
  const watch = client.watch(nodeKind, {}, ({ object }) => {
    const { name } = object.metadata;
    const plan = masters.get(name);
    if (plan === undefined) return;
    masters.delete(name);
    client.mutate(nodeKind, undefined, name, (node) => marked(node, !plan.roles.includes('worker')));
    if (masters.size === 0) watch.stop();
  });
}

const marked = (node: Node, tainted: boolean): Node => ({
  ...node,
  metadata: {
    ...node.metadata,
    labels: { ...node.metadata.labels, [role]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
    annotations: {
      ...node.metadata.annotations,
      'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///var/run/containerd/containerd.sock',
    },
  },
  spec: tainted
    ? { ...node.spec, taints: [...(node.spec.taints ?? []), { key: role, effect: 'NoSchedule' }] }
    : node.spec,
});
