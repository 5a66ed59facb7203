import type { Disk } from '../linux/fs';
import type { KernelPart } from '../linux/process/types';

/** What a host is for. */
export type Role = 'workstation' | 'control-plane' | 'worker';

export interface HostPlan {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly Role[];
  /** Bytes. */
  readonly memory?: number;
  readonly cpus?: number;
  /** `uname -r`, where it is not Debian's. */
  readonly release?: string;
  /** It has cgroups v1 instead of v2 (without a kubelet, which wants v2). */
  readonly cgroup?: 'v1';
  /** What its kernel was built without. */
  readonly without?: readonly KernelPart[];
  /** What its disk is called, and the options of its file system. */
  readonly disk?: Disk;
}

/** Which hosts there are and how they are wired. */
export interface Topology {
  readonly name: string;
  readonly hosts: readonly HostPlan[];
  /** Prefix length of the lab's network, whose first address is the router. */
  readonly prefix: number;
  readonly network: string;
  /** The bash prompt of the learner. */
  readonly prompt: string;
  /** Nodes without kubelets, whose pods change by rule; the control plane runs as plain daemons. */
  readonly hollow?: HollowPlan;
  /** Docker Desktop is installed on the first host, besides its own engine. */
  readonly desktop?: boolean;
}

export interface HollowPlan {
  readonly nodes: readonly HollowNodePlan[];
  /** Pods whose status is written by hand: no rule touches those whose names it matches. */
  readonly manual?: RegExp;
}

export interface HollowNodePlan {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly Role[];
  readonly cpus: number;
  /** KiB, of the machine and what pods may have of it. */
  readonly memory: readonly [number, number];
  /** KiB of its disk, and bytes that pods may have of it. */
  readonly storage: readonly [number, number];
  readonly podCIDR: string;
}

const network = '172.30.0.0';
const controlplane: HostPlan = { name: 'controlplane', address: '172.30.1.2', roles: ['control-plane'] };
const worker = (name: string, address: string): HostPlan => ({ name, address, roles: ['worker'] });
const workstation: HostPlan = { name: 'workstation', address: '172.30.0.10', roles: ['workstation'] };

const seedPrompt = '\\h:\\w\\$ ';
const killercodaPrompt = '\\h $ ';

const small = { cpus: 2, storage: [19221248, 18698430040] } as const;
const hollowNodes: readonly HollowNodePlan[] = [
  {
    ...small,
    name: 'controlplane',
    address: '172.30.1.2',
    roles: ['control-plane'],
    memory: [2199060, 2096660],
    podCIDR: '10.244.0.0/24',
  },
  {
    ...small,
    name: 'node01',
    address: '172.30.2.2',
    roles: ['worker'],
    memory: [4032180, 3929780],
    podCIDR: '10.244.1.0/24',
  },
  {
    name: 'node02',
    address: '172.30.3.2',
    roles: ['worker'],
    cpus: 4,
    memory: [8132180, 8029780],
    storage: [38442496, 35428604313],
    podCIDR: '10.244.2.0/24',
  },
];

/** Topologies by name; lessons and the command line ask for them. */
export const topologies: Readonly<Record<string, Topology>> = {
  seed: {
    name: 'seed',
    hosts: [workstation, controlplane, worker('node1', '172.30.2.2'), worker('node2', '172.30.3.2')],
    prefix: 16,
    network,
    prompt: seedPrompt,
    desktop: true,
  },
  docker: { name: 'docker', hosts: [workstation], prefix: 16, network, prompt: seedPrompt },
  'kubeadm-1node': {
    name: 'kubeadm-1node',
    hosts: [{ ...controlplane, roles: ['control-plane', 'worker'] }],
    prefix: 16,
    network,
    prompt: killercodaPrompt,
  },
  'kubeadm-2nodes': {
    name: 'kubeadm-2nodes',
    hosts: [controlplane, worker('node01', '172.30.2.2')],
    prefix: 16,
    network,
    prompt: killercodaPrompt,
  },
  hollow: {
    name: 'hollow',
    hosts: [{ name: 'controlplane', address: '172.30.1.2', roles: [] }],
    prefix: 16,
    network,
    prompt: killercodaPrompt,
    hollow: { nodes: hollowNodes },
  },
};

/** The lab's hosts of a bench: one control plane and `workers` nodes. */
export const benchTopology = (workers: number): Topology => ({
  name: `bench-${workers}`,
  hosts: [
    workstation,
    controlplane,
    ...Array.from({ length: workers }, (_, index) =>
      worker(`node${index + 1}`, `172.30.${2 + Math.floor(index / 200)}.${2 + (index % 200) + (index < 200 ? 20 : 0)}`),
    ),
  ],
  prefix: 16,
  network,
  prompt: seedPrompt,
});

/** The same with nodes that nobody runs: what the control plane alone costs. */
export const hollowBenchTopology = (workers: number): Topology => ({
  name: `bench-hollow-${workers}`,
  hosts: [{ name: 'controlplane', address: '172.30.1.2', roles: [] }],
  prefix: 16,
  network,
  prompt: killercodaPrompt,
  hollow: {
    nodes: Array.from({ length: workers }, (_, index) => ({
      name: `node${index + 1}`,
      address: `172.31.${Math.floor(index / 200)}.${2 + (index % 200)}`,
      roles: ['worker'],
      cpus: 32,
      memory: [67_108_864, 66_000_000],
      storage: [19_221_248, 18_698_430_040],
      podCIDR: `10.${100 + Math.floor(index / 250)}.${index % 250}.0/24`,
    })),
  },
});

export const isKubernetes = (topology: Topology): boolean =>
  topology.hollow !== undefined || topology.hosts.some(({ roles }) => roles.includes('control-plane'));
