import type { Cluster } from '../cluster';
import { MAX_SCORE, unresolvable, unschedulable, type Plugin } from '../framework';
import type { NodeInfo, PodInfo } from '../node-info';
import type { AffinityTerm, PodAffinityLike } from '../objects';
import { labelMatcher } from '../selectors';

const affinityFails = unresolvable("node(s) didn't match pod affinity rules");
const antiAffinityFails = unschedulable("node(s) didn't match pod anti-affinity rules");
const existingFails = unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");

/** Affinity and anti-affinity between pods. Upstream: pkg/scheduler/framework/plugins/interpodaffinity */
export const interPodAffinity: Plugin = {
  name: 'InterPodAffinity',
  weight: 2,
  filter(info, cluster) {
    const { affinity } = info.pod.spec;
    const wanted = required(affinity?.podAffinity);
    const unwanted = required(affinity?.podAntiAffinity);
    const refused = new Set<string>();
    for (const { info: other, node } of cluster.withAffinity.values()) {
      for (const term of required(other.pod.spec.affinity?.podAntiAffinity)) {
        const value = node.labels[term.topologyKey];
        if (value !== undefined && matcherOf(term, other)(info)) refused.add(pair(term.topologyKey, value));
      }
    }
    if (wanted.length === 0 && unwanted.length === 0 && refused.size === 0) return undefined;

    const matches = wanted.map((term) => matcherOf(term, info));
    const together = countPairs(cluster, wanted, (other) => matches.every((match) => match(other)));
    const apart = unwanted.map((term) => countPairs(cluster, [term], matcherOf(term, info)));
    // The first of its kind may go anywhere, if it would match itself.
    const first = together.size === 0 && wanted.length > 0 && matches.every((match) => match(info));
    return ({ labels }) => {
      for (const { topologyKey } of wanted) {
        const value = labels[topologyKey];
        if (value === undefined || (!first && !together.has(pair(topologyKey, value)))) return affinityFails;
      }
      for (const [index, { topologyKey }] of unwanted.entries()) {
        const value = labels[topologyKey];
        if (value !== undefined && apart[index]?.has(pair(topologyKey, value)) === true) return antiAffinityFails;
      }
      if (refused.size > 0) {
        for (const key in labels) if (refused.has(pair(key, labels[key] ?? ''))) return existingFails;
      }
      return undefined;
    };
  },
  score(info, cluster) {
    const sums = scores(info, cluster);
    if (sums.size === 0) return undefined;
    return {
      score: ({ labels }) => {
        let score = 0;
        for (const [key, values] of sums) score += values.get(labels[key] ?? '') ?? 0;
        return score;
      },
      normalize: (all) => {
        const least = Math.min(...all);
        const range = Math.max(...all) - least;
        all.forEach((score, index) => {
          all[index] = range === 0 ? 0 : Math.trunc((MAX_SCORE * (score - least)) / range);
        });
      },
    };
  },
};

const none: readonly AffinityTerm[] = [];
const required = (affinity: PodAffinityLike | undefined): readonly AffinityTerm[] =>
  affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? none;

const pair = (key: string, value: string): string => `${key}=${value}`;

/** Whether a term of `owner` speaks of a pod. Without namespaces it means the owner's own. */
function matcherOf(
  { labelSelector, namespaces = [], namespaceSelector }: AffinityTerm,
  owner: PodInfo,
): (of: PodInfo) => boolean {
  const selects = labelMatcher(labelSelector);
  const everywhere = namespaceSelector !== undefined && Object.keys(namespaceSelector).length === 0;
  const known =
    namespaces.length > 0 ? new Set(namespaces) : new Set(namespaceSelector === undefined ? [owner.namespace] : []);
  return ({ namespace, labels }) => (everywhere || known.has(namespace)) && selects(labels);
}

/** The topology pairs in which some pod matches. */
function countPairs(
  cluster: Cluster,
  terms: readonly AffinityTerm[],
  matches: (pod: PodInfo) => boolean,
): ReadonlySet<string> {
  const pairs = new Set<string>();
  if (terms.length === 0) return pairs;
  for (const node of cluster.nodes) {
    if (!anyPod(node, matches)) continue;
    for (const { topologyKey } of terms) {
      const value = node.labels[topologyKey];
      if (value !== undefined) pairs.add(pair(topologyKey, value));
    }
  }
  return pairs;
}

function anyPod(node: NodeInfo, matches: (pod: PodInfo) => boolean): boolean {
  for (const pod of node.pods.values()) if (matches(pod)) return true;
  return false;
}

type Sums = Map<string, Map<string, number>>;

/** What the preferences of this pod, and of those that run, are worth in each topology domain. */
function scores(info: PodInfo, cluster: Cluster): Sums {
  const sums: Sums = new Map();
  const add = ({ topologyKey }: AffinityTerm, node: NodeInfo, weight: number): void => {
    const value = node.labels[topologyKey];
    if (value === undefined || weight === 0) return;
    const known = sums.get(topologyKey) ?? new Map<string, number>();
    known.set(value, (known.get(value) ?? 0) + weight);
    sums.set(topologyKey, known);
  };
  const preferred = ({ pod: { spec } }: PodInfo) => [
    ...(spec.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ weight, podAffinityTerm }) => ({ weight: -weight, podAffinityTerm }),
    ),
  ];
  for (const { weight, podAffinityTerm } of preferred(info)) {
    const matches = matcherOf(podAffinityTerm, info);
    for (const node of cluster.nodes) {
      for (const pod of node.pods.values()) if (matches(pod)) add(podAffinityTerm, node, weight);
    }
  }
  for (const { info: other, node } of cluster.withAffinity.values()) {
    for (const { weight, podAffinityTerm } of preferred(other)) {
      if (matcherOf(podAffinityTerm, other)(info)) add(podAffinityTerm, node, weight);
    }
    // hardPodAffinityWeight
    for (const term of required(other.pod.spec.affinity?.podAffinity)) {
      if (matcherOf(term, other)(info)) add(term, node, 1);
    }
  }
  return sums;
}
