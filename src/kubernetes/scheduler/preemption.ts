import { filtersFor, firstRejection } from './algorithm';
import type { Cluster } from './cluster';
import type { Plugin, Rejection } from './framework';
import { NO_VICTIMS, NOT_HELPFUL, preemptionReasons } from './messages';
import { podInfo, type NodeInfo, type PodInfo } from './node-info';
import type { PodLike } from './objects';

/** Whom to evict, and where; or why that would not help. */
export type Preemption =
  | { readonly node: string; readonly victims: readonly PodInfo[] }
  | { readonly node: undefined; readonly message: string };

interface Candidate {
  readonly node: NodeInfo;
  readonly victims: readonly PodInfo[];
}

/** Looks for pods of lower priority whose end would make room. Upstream: pkg/scheduler/framework/preemption, plugins/defaultpreemption */
export function preempt(
  profile: readonly Plugin[],
  pod: PodLike,
  cluster: Cluster,
  rejected: ReadonlyMap<NodeInfo, Rejection>,
): Preemption {
  if (pod.spec.preemptionPolicy === 'Never') {
    return { node: undefined, message: 'preemption: not eligible due to preemptionPolicy=Never.' };
  }
  const info = podInfo(pod);
  const candidates: Candidate[] = [];
  const reasons: (readonly string[])[] = [];
  for (const [node, { helpedByPreemption }] of rejected) {
    if (!helpedByPreemption) {
      reasons.push([NOT_HELPFUL]);
      continue;
    }
    const found = tryNode(profile, info, cluster, node);
    if ('victims' in found) candidates.push(found);
    else reasons.push(found.reasons);
  }
  const best = pick(candidates);
  return best === undefined
    ? { node: undefined, message: preemptionReasons(cluster.size, reasons) }
    : { node: best.node.name, victims: best.victims };
}

const priorityOf = ({ pod }: PodInfo): number => pod.spec.priority ?? 0;
const startOf = ({ pod }: PodInfo): string => pod.status?.startTime ?? '';

/** SelectVictimsOnNode: without all lesser pods does it fit? Then as many as possible may stay, the important ones first. */
function tryNode(
  profile: readonly Plugin[],
  info: PodInfo,
  cluster: Cluster,
  node: NodeInfo,
): Candidate | { readonly reasons: readonly string[] } {
  const priority = priorityOf(info);
  const lesser = [...node.pods].filter(([, other]) => priorityOf(other) < priority);
  if (lesser.length === 0) return { reasons: [NO_VICTIMS] };
  const fits = (): Rejection | undefined => firstRejection(filtersFor(profile, info, cluster), node);
  for (const [key] of lesser) cluster.removePod(key, node.name);
  const rejection = fits();
  const victims: PodInfo[] = [];
  const back: string[] = [];
  if (rejection === undefined) {
    const ordered = [...lesser].sort(
      ([, a], [, b]) =>
        priorityOf(b) - priorityOf(a) || (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0),
    );
    for (const [key, other] of ordered) {
      cluster.addPod(key, other.pod, node.name);
      back.push(key);
      if (fits() === undefined) continue;
      cluster.removePod(key, node.name);
      back.pop();
      victims.push(other);
    }
  }
  for (const [key, other] of lesser) if (!back.includes(key)) cluster.addPod(key, other.pod, node.name);
  return rejection === undefined ? { node, victims } : { reasons: rejection.reasons };
}

/** pickOneNodeForPreemption, but for disruption budgets: the least important, the fewest, the youngest victims. */
function pick(candidates: readonly Candidate[]): Candidate | undefined {
  const key = ({ victims }: Candidate): readonly number[] => [
    Math.max(-Infinity, ...victims.map(priorityOf)),
    victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
    victims.length,
    -Date.parse(victims.map(startOf).sort()[0] ?? ''),
  ];
  return [...candidates].sort((a, b) => {
    const left = key(a);
    const right = key(b);
    for (let index = 0; index < left.length; index++) {
      const difference = (left[index] ?? 0) - (right[index] ?? 0);
      if (difference !== 0 && !Number.isNaN(difference)) return difference;
    }
    return 0;
  })[0];
}
