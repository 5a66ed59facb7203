import type { Cluster } from '../cluster';
import { MAX_SCORE, unresolvable, unschedulable, type Filter, type Plugin, type Scoring } from '../framework';
import type { NodeInfo, PodInfo } from '../node-info';
import type { LabelSelectorLike, SpreadConstraint } from '../objects';
import { labelMatcher } from '../selectors';
import { required } from './node-affinity';

const HOSTNAME = 'kubernetes.io/hostname';
const skewed = unschedulable("node(s) didn't match pod topology spread constraints");
const missing = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");

/** Without constraints of its own, a pod of a Service or a workload is spread like this (systemDefaulted). */
const defaults = [
  { topologyKey: HOSTNAME, maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
];

/** Spreads pods that belong together over nodes and zones. Upstream: pkg/scheduler/framework/plugins/podtopologyspread. */
export const podTopologySpread: Plugin = {
  name: 'PodTopologySpread',
  weight: 2,
  filter(info, cluster) {
    const hard = (info.pod.spec.topologySpreadConstraints ?? []).filter(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
    );
    return hard.length === 0 ? undefined : hardFilter(hard, info, cluster);
  },
  score(info, cluster, feasible) {
    const own = info.pod.spec.topologySpreadConstraints;
    if (own !== undefined && own.length > 0) {
      const soft = own.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway');
      return soft.length === 0 ? undefined : softScore(soft, info, cluster, feasible, true);
    }
    const labelSelector = cluster.defaultSelector(info.pod);
    if (labelSelector === undefined) return undefined;
    const constraints = defaults.map((constraint) => ({
      ...constraint,
      labelSelector,
      whenUnsatisfiable: 'ScheduleAnyway',
    }));
    return softScore(constraints, info, cluster, feasible, false);
  },
};

function hardFilter(constraints: readonly SpreadConstraint[], info: PodInfo, cluster: Cluster): Filter {
  const domains = constraints.map((constraint) => {
    const counts = new Map<string, number>();
    const eligible = cluster.nodes.filter(
      ({ node, labels }) =>
        required(info.pod.spec, node) && constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined),
    );
    const count = cluster.selectedCounts(info.namespace, constraint.labelSelector);
    for (const node of eligible) {
      const value = node.labels[constraint.topologyKey] ?? '';
      counts.set(value, (counts.get(value) ?? 0) + count(node));
    }
    const least = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    const self = labelMatcher(constraint.labelSelector)(info.labels) ? 1 : 0;
    return { constraint, counts, least, self };
  });
  return ({ labels }) => {
    for (const { constraint, counts, least, self } of domains) {
      const value = labels[constraint.topologyKey];
      if (value === undefined) return missing;
      if ((counts.get(value) ?? 0) + self - least > constraint.maxSkew) return skewed;
    }
    return undefined;
  };
}

interface Soft {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly labelSelector?: LabelSelectorLike | undefined;
}

function softScore(
  constraints: readonly Soft[],
  info: PodInfo,
  cluster: Cluster,
  feasible: readonly NodeInfo[],
  needsAllLabels: boolean,
): Scoring {
  const ignored = new Set<NodeInfo>();
  if (needsAllLabels) {
    for (const node of feasible) {
      if (!constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined)) ignored.add(node);
    }
  }
  const spread = constraints.map((constraint) => {
    const { topologyKey, labelSelector } = constraint;
    const count = cluster.selectedCounts(info.namespace, labelSelector);
    if (topologyKey === HOSTNAME) {
      return { constraint, weight: Math.log(feasible.length - ignored.size + 2), of: count };
    }
    const counts = new Map<string, number>();
    for (const node of feasible) {
      const value = node.labels[topologyKey];
      if (value !== undefined && !ignored.has(node)) counts.set(value, 0);
    }
    if (counts.size > 0) {
      for (const node of cluster.nodes) {
        const before = counts.get(node.labels[topologyKey] ?? '');
        const value = node.labels[topologyKey];
        if (before !== undefined && value !== undefined) counts.set(value, before + count(node));
      }
    }
    return {
      constraint,
      weight: Math.log(counts.size + 2),
      of: (node: NodeInfo) => counts.get(node.labels[topologyKey] ?? '') ?? 0,
    };
  });
  return {
    score: (node) => {
      if (ignored.size > 0 && ignored.has(node)) return 0;
      let score = 0;
      for (const { constraint, weight, of } of spread) {
        if (node.labels[constraint.topologyKey] !== undefined) score += of(node) * weight + (constraint.maxSkew - 1);
      }
      return Math.round(score);
    },
    normalize: (scores) => {
      const out = (index: number): boolean => {
        const node = ignored.size === 0 ? undefined : feasible[index];
        return node !== undefined && ignored.has(node);
      };
      let least = Infinity;
      let most = 0;
      for (const [index, score] of scores.entries()) {
        if (out(index)) continue;
        if (score < least) least = score;
        if (score > most) most = score;
      }
      for (const [index, score] of scores.entries()) {
        if (out(index)) scores[index] = 0;
        else scores[index] = most === 0 ? MAX_SCORE : Math.floor((MAX_SCORE * (most + least - score)) / most);
      }
    },
  };
}
