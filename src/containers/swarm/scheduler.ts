import { meets } from './constraint';
import { isAfter, isOver, type SwarmNode, type Task } from './objects';
import { setState } from './orchestrator/task';
import type { Store } from './store';

interface Filter {
  readonly fits: (node: SwarmNode, task: Task, placed: readonly Task[]) => boolean;
  /** With on how many nodes it did not fit. */
  readonly why: (nodes: number) => string;
}

const nodes = (count: number): string => `${count} node${count === 1 ? '' : 's'}`;
const sum = (tasks: readonly Task[], of: (task: Task) => number): number =>
  tasks.reduce((total, task) => total + of(task), 0);
const reserved = ({ Spec }: Task) => Spec.Resources?.Reservations ?? {};
const hostPorts = ({ made }: Task): readonly string[] =>
  (made.EndpointSpec?.Ports ?? [])
    .filter(({ PublishMode, PublishedPort = 0 }) => PublishMode === 'host' && PublishedPort > 0)
    .map(({ Protocol = 'tcp', PublishedPort }) => `${PublishedPort}/${Protocol}`);

/** What a node must be for a task, in the order in which it is looked at (scheduler/filter.go). */
const filters: readonly Filter[] = [
  {
    fits: ({ Spec, Status }) => Spec.Availability === 'active' && Status.State === 'ready',
    why: (count) => `${nodes(count)} not available for new tasks`,
  },
  {
    fits: ({ Description }, task, placed) =>
      sum(placed, (other) => reserved(other).NanoCPUs ?? 0) + (reserved(task).NanoCPUs ?? 0) <=
        Description.Resources.NanoCPUs &&
      sum(placed, (other) => reserved(other).MemoryBytes ?? 0) + (reserved(task).MemoryBytes ?? 0) <=
        Description.Resources.MemoryBytes &&
      (reserved(task).GenericResources ?? []).length === 0,
    why: (count) => `insufficient resources on ${nodes(count)}`,
  },
  {
    fits: (node, { Spec }) => meets(node, Spec.Placement?.Constraints ?? []),
    why: (count) => `scheduling constraints not satisfied on ${nodes(count)}`,
  },
  {
    fits: ({ Description }, { Spec }) => {
      const wanted = Spec.Placement?.Platforms ?? [];
      const { OS, Architecture } = Description.Platform;
      const same = (asked = ''): boolean => asked === '' || asked.replace('amd64', 'x86_64') === Architecture;
      return (
        wanted.length === 0 ||
        wanted.some(({ OS: os = '', Architecture: asked }) => (os === '' || os === OS) && same(asked))
      );
    },
    why: (count) => `unsupported platform on ${nodes(count)}`,
  },
  {
    fits: (_, task, placed) => {
      const ports = hostPorts(task);
      return !placed.some((other) => hostPorts(other).some((port) => ports.includes(port)));
    },
    why: (count) => `host-mode port already in use on ${nodes(count)}`,
  },
  {
    fits: (_, { Spec, ServiceID }, placed) => {
      const most = Spec.Placement?.MaxReplicas ?? 0;
      return most === 0 || placed.filter((other) => other.ServiceID === ServiceID).length < most;
    },
    why: () => 'max replicas per node limit exceed',
  },
];

/** Finds nodes for tasks that have none (scheduler/scheduler.go). */
export function schedule(store: Store): void {
  for (const task of store.tasks.values()) {
    if (task.Status.State !== 'pending' || isAfter(task.DesiredState, 'complete')) continue;
    const placed = (node: SwarmNode): readonly Task[] =>
      [...store.tasks.values()].filter(
        (other) =>
          other !== task &&
          other.NodeID === node.ID &&
          isAfter(other.Status.State, 'pending') &&
          !isOver(other.Status.State),
      );
    const candidates = [...store.nodes.values()].filter(({ ID }) => task.NodeID === undefined || task.NodeID === ID);
    const refusals = new Map<Filter, number>();
    const able = candidates.filter((node) => {
      const wrong = filters.find(({ fits }) => !fits(node, task, placed(node)));
      if (wrong !== undefined) refusals.set(wrong, (refusals.get(wrong) ?? 0) + 1);
      return wrong === undefined;
    });
    const [best] = able.sort((a, b) => placed(a).length - placed(b).length);
    if (best !== undefined) {
      task.NodeID = best.ID;
      setState(store, task, 'assigned', 'scheduler assigned task to node');
      continue;
    }
    const why = [...refusals].map(([{ why: say }, count]) => say(count)).join('; ');
    const problem = why === '' ? 'no suitable node' : `no suitable node (${why})`;
    if (task.Status.Err !== problem) setState(store, task, 'pending', 'pending task scheduling', { Err: problem });
  }
}

/** Nodes that a global service may be on (orchestrator/global). */
export const ableForGlobal = (constraints: readonly string[]) => (node: SwarmNode) =>
  node.Spec.Availability !== 'drain' && meets(node, constraints);
