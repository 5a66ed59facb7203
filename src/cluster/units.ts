import type { Host } from '../linux/host';
import type { HostPlan } from './topology';

interface Unit {
  readonly name: string;
  readonly argv: readonly string[];
  /** Which hosts have it. */
  readonly on: (plan: HostPlan) => boolean;
}

const isNode = ({ roles }: HostPlan): boolean => roles.some((role) => role !== 'workstation');

/** What systemd starts at boot (multi-user.target). */
const units: readonly Unit[] = [
  { name: 'ssh', argv: ['/usr/sbin/sshd', '-D'], on: () => true },
  {
    name: 'docker',
    argv: ['/usr/sbin/dockerd', '-H', 'fd://', '--containerd=/run/containerd/containerd.sock'],
    on: ({ roles }) => roles.includes('workstation'),
  },
  {
    name: 'kubelet',
    argv: [
      '/usr/bin/kubelet',
      '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
      '--kubeconfig=/etc/kubernetes/kubelet.conf',
      '--config=/var/lib/kubelet/config.yaml',
      '--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock',
      '--pod-infra-container-image=registry.k8s.io/pause:3.10',
    ],
    on: isNode,
  },
];

/** Starts the host's daemons, each in its own session and cgroup. What is not installed is left out. */
export function startUnits(host: Host, plan: HostPlan): void {
  for (const { name, argv, on } of units) {
    const [file] = argv;
    if (file === undefined || !on(plan) || !host.fs.stat(file).ok) continue;
    host.spawn({ file, argv, newSession: true, cgroup: `/system.slice/${name}.service` });
  }
}
