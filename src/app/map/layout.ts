import type { NodeView, PodView, WorkloadView } from '../../world/protocol';

/** A node and what stands in it, in an order that does not jump: namespace, owner, name. */
export interface Rack {
  readonly node: NodeView;
  readonly pods: readonly PodView[];
}

const order = (pod: PodView): string => `${pod.namespace}/${pod.owner ?? ''}/${pod.name}`;
const byOrder = (a: PodView, b: PodView): number => (order(a) < order(b) ? -1 : 1);

/** Pods by node; those without one wait in `unplaced`. Pods of kube-system are left out unless asked for. */
export function racks(
  nodes: Iterable<NodeView>,
  pods: Iterable<PodView>,
  options: { readonly system: boolean },
): { readonly racks: readonly Rack[]; readonly unplaced: readonly PodView[] } {
  const shown = [...pods].filter((pod) => options.system || pod.namespace !== 'kube-system').sort(byOrder);
  const byNode = new Map<string, PodView[]>();
  const unplaced: PodView[] = [];
  for (const pod of shown) {
    if (pod.node === undefined) unplaced.push(pod);
    else byNode.set(pod.node, [...(byNode.get(pod.node) ?? []), pod]);
  }
  const sorted = [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { racks: sorted.map((node) => ({ node, pods: byNode.get(node.name) ?? [] })), unplaced };
}

/** A Deployment with the ReplicaSets it owns, or an owner that stands alone. */
export interface OwnerLine {
  readonly top: WorkloadView;
  readonly below: readonly WorkloadView[];
}

export function ownerLines(
  workloads: Iterable<WorkloadView>,
  options: { readonly system: boolean },
): readonly OwnerLine[] {
  const shown = [...workloads].filter((workload) => options.system || workload.namespace !== 'kube-system');
  const name = (kind: string, workload: WorkloadView): string => `${workload.namespace}/${kind}/${workload.name}`;
  const children = new Map<string, WorkloadView[]>();
  for (const workload of shown) {
    if (workload.owner === undefined) continue;
    const owner = `${workload.namespace}/${workload.owner}`;
    children.set(owner, [...(children.get(owner) ?? []), workload]);
  }
  return shown
    .filter((workload) => workload.owner === undefined)
    .sort((a, b) => (name(a.kind, a) < name(b.kind, b) ? -1 : 1))
    .map((top) => ({ top, below: children.get(name(top.kind, top)) ?? [] }));
}
