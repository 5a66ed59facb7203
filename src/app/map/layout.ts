import type { NodeView, PodView, ServiceView, WorkloadView } from '../../world/protocol';
import { isSystem } from '../design/system';

/** A node and what stands in it, in an order that does not jump: namespace, owner, name. */
export interface Rack {
  readonly node: NodeView;
  readonly pods: readonly PodView[];
}

const order = (pod: PodView): string => `${pod.namespace}/${pod.owner ?? ''}/${pod.name}`;
const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

export interface Shown {
  /** Whether the cluster's own pods, owners and Services are shown. */
  readonly system: boolean;
}

/** Pods by node; those without one wait in `unplaced`. */
export function racks(
  nodes: Iterable<NodeView>,
  pods: Iterable<PodView>,
  { system }: Shown,
): { readonly racks: readonly Rack[]; readonly unplaced: readonly PodView[]; readonly count: number } {
  const shown = [...pods]
    .filter((pod) => system || !isSystem(pod.namespace))
    .map((pod) => [order(pod), pod] as const)
    .sort(byKey);
  const byNode = new Map<string, PodView[]>();
  const unplaced: PodView[] = [];
  for (const [, pod] of shown) {
    const row = pod.node === undefined ? unplaced : byNode.get(pod.node);
    if (row !== undefined) row.push(pod);
    else if (pod.node !== undefined) byNode.set(pod.node, [pod]);
  }
  const sorted = [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    racks: sorted.map((node) => ({ node, pods: byNode.get(node.name) ?? [] })),
    unplaced,
    count: shown.length,
  };
}

/** Services by namespace and name; default/kubernetes is the cluster's own. */
export function servicesInOrder(services: Iterable<ServiceView>, { system }: Shown): readonly ServiceView[] {
  const own = ({ namespace, name }: ServiceView): boolean =>
    isSystem(namespace) || (namespace === 'default' && name === 'kubernetes');
  return [...services]
    .filter((service) => system || !own(service))
    .map((service) => [`${service.namespace}/${service.name}`, service] as const)
    .sort(byKey)
    .map(([, service]) => service);
}

/** A Deployment with the ReplicaSets it owns, or an owner that stands alone. */
export interface OwnerLine {
  readonly top: WorkloadView;
  readonly below: readonly WorkloadView[];
}

export function ownerLines(workloads: Iterable<WorkloadView>, { system }: Shown): readonly OwnerLine[] {
  const shown = [...workloads].filter((workload) => system || !isSystem(workload.namespace));
  const known = new Set(shown.map(({ key }) => key));
  const children = new Map<string, WorkloadView[]>();
  for (const workload of shown) {
    if (workload.owner === undefined) continue;
    const row = children.get(workload.owner);
    if (row === undefined) children.set(workload.owner, [workload]);
    else row.push(workload);
  }
  return shown
    .filter(({ owner }) => owner === undefined || !known.has(owner))
    .map((top) => [`${top.namespace}/${top.kind}/${top.name}`, { top, below: children.get(top.key) ?? [] }] as const)
    .sort(byKey)
    .map(([, line]) => line);
}
