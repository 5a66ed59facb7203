import type { Process } from '../../linux/process/types';
import type { ControlPlane } from './control-plane';

interface Cost {
  /** Processors that it keeps busy while nothing is asked of it: leases, resyncs, probes. */
  readonly idle: number;
  /** Milliseconds for each write of the cluster, with the reads and watches that come with one. */
  readonly write: number;
}

/**
 * What the programs of a cluster cost. Idle: kubeadm 1.33 with two nodes, ten pods, mean over windows of 15 s. Writes: a
 * thousand pods on hollow nodes (1.33.4), less what is idle, by the five writes that each of them is (created, event,
 * bound, two of its status). Both were measured with the real programs (shared/ground-truth/kubernetes/cluster/perf.json,
 * shared/ground-truth/kubernetes/scale.jsonl).
 */
const costs = {
  'kube-apiserver': { idle: 0.032, write: 1.9 },
  etcd: { idle: 0.017, write: 0.37 },
  'kube-controller-manager': { idle: 0.0077, write: 0.44 },
  'kube-scheduler': { idle: 0.0053, write: 0.53 },
  kubelet: { idle: 0.0086, write: 0 },
  flanneld: { idle: 0.0012, write: 0 },
} as const satisfies Readonly<Record<string, Cost>>;

/** Charges a program from now on for the time that it runs and for what the cluster does meanwhile. */
export function chargeFor(process: Process, program: keyof typeof costs, { registry }: ControlPlane): void {
  const { idle, write } = costs[program];
  const { clock } = process;
  process.accountCpu(() => clock.now * idle + registry.revision * write);
}
