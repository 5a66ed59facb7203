/** What a host is for. */
export type Role = 'workstation' | 'control-plane' | 'worker';

export interface HostPlan {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly Role[];
  /** Bytes. */
  readonly memory?: number;
  readonly cpus?: number;
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
}

const network = '172.30.0.0';
const controlplane: HostPlan = { name: 'controlplane', address: '172.30.1.2', roles: ['control-plane'] };
const worker = (name: string, address: string): HostPlan => ({ name, address, roles: ['worker'] });
const workstation: HostPlan = { name: 'workstation', address: '172.30.0.10', roles: ['workstation'] };

const seedPrompt = '\\h:\\w\\$ ';
const killercodaPrompt = '\\h $ ';

/** Topologies by name; lessons and the command line ask for them. */
export const topologies: Readonly<Record<string, Topology>> = {
  seed: {
    name: 'seed',
    hosts: [workstation, controlplane, worker('node1', '172.30.2.2'), worker('node2', '172.30.3.2')],
    prefix: 16,
    network,
    prompt: seedPrompt,
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

export const isKubernetes = (topology: Topology): boolean =>
  topology.hosts.some(({ roles }) => roles.includes('control-plane'));
