import type { Random } from '../../sim/random';
import type { Cluster } from './cluster';
import { unresolvable, type Filter, type Plugin, type Rejection } from './framework';
import { podInfo, type NodeInfo, type PodInfo } from './node-info';
import type { PodLike } from './objects';

/** What became of one attempt to place a pod. */
export type Decision =
  | { readonly node: string; readonly table: ScoreTable }
  | { readonly node: undefined; readonly rejected: ReadonlyMap<NodeInfo, Rejection>; readonly nodes: number };

/** Nodes × plugins, for whoever wants to see why. */
export interface ScoreTable {
  readonly nodes: readonly string[];
  /** Weighted scores by plugin name, one for each of `nodes`. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
  readonly totals: readonly number[];
  /** Why the others were out of the question. */
  readonly rejected: Readonly<Record<string, readonly string[]>>;
}

/** From this many nodes on, not all are looked at (pkg/scheduler/schedule_one.go, numFeasibleNodesToFind). */
const ALL_BELOW = 100;

export function feasibleEnough(nodes: number): number {
  if (nodes < ALL_BELOW) return nodes;
  const percentage = Math.max(5, Math.trunc(50 - nodes / 125));
  return Math.max(ALL_BELOW, Math.trunc((nodes * percentage) / 100));
}

/** Decides where pods go. Remembers only at which node the next search starts. */
export class Algorithm {
  #start = 0;

  constructor(
    readonly profile: readonly Plugin[],
    readonly random: Random,
  ) {}

  decide(pod: PodLike, cluster: Cluster): Decision {
    const info = podInfo(pod);
    const { feasible, rejected } = this.#filter(info, cluster);
    if (feasible.length === 0) return { node: undefined, rejected, nodes: cluster.size };
    const reasons = Object.fromEntries([...rejected].map(([node, { reasons }]) => [node.name, reasons]));
    const [only] = feasible;
    if (only !== undefined && feasible.length === 1) {
      return { node: only.name, table: { nodes: [only.name], scores: {}, totals: [0], rejected: reasons } };
    }
    return this.#score(info, cluster, feasible, reasons);
  }

  #filter(
    info: PodInfo,
    cluster: Cluster,
  ): { feasible: readonly NodeInfo[]; rejected: ReadonlyMap<NodeInfo, Rejection> } {
    const { nodes } = cluster;
    for (const plugin of this.profile) {
      const why = plugin.preFilter?.(info, cluster);
      if (why === undefined) continue;
      const rejection = { ...unresolvable(why), ofPod: true as const };
      return { feasible: [], rejected: new Map(nodes.map((node) => [node, rejection])) };
    }
    const filters = filtersFor(this.profile, info, cluster);
    const feasible: NodeInfo[] = [];
    const rejected = new Map<NodeInfo, Rejection>();
    const enough = feasibleEnough(nodes.length);
    let looked = 0;
    for (; looked < nodes.length && feasible.length < enough; looked++) {
      const node = nodes[(this.#start + looked) % nodes.length];
      if (node === undefined) break;
      const rejection = firstRejection(filters, node);
      if (rejection === undefined) feasible.push(node);
      else rejected.set(node, rejection);
    }
    if (nodes.length > 0) this.#start = (this.#start + looked) % nodes.length;
    return { feasible, rejected };
  }

  #score(info: PodInfo, cluster: Cluster, feasible: readonly NodeInfo[], rejected: ScoreTable['rejected']): Decision {
    const totals = new Array<number>(feasible.length).fill(0);
    const table: Record<string, readonly number[]> = {};
    for (const plugin of this.profile) {
      const scoring = plugin.score?.(info, cluster, feasible);
      if (scoring === undefined) continue;
      const scores = feasible.map(scoring.score);
      scoring.normalize?.(scores);
      for (let index = 0; index < scores.length; index++) {
        const weighted = (scores[index] ?? 0) * plugin.weight;
        scores[index] = weighted;
        totals[index] = (totals[index] ?? 0) + weighted;
      }
      table[plugin.name] = scores;
    }
    const chosen = feasible[this.#best(totals)]?.name ?? '';
    return { node: chosen, table: { nodes: feasible.map(({ name }) => name), scores: table, totals, rejected } };
  }

  /** One of the highest, by lot (selectHost). */
  #best(totals: readonly number[]): number {
    let best = 0;
    let ties = 1;
    for (let index = 1; index < totals.length; index++) {
      const difference = (totals[index] ?? 0) - (totals[best] ?? 0);
      if (difference > 0) {
        best = index;
        ties = 1;
      } else if (difference === 0 && this.random.below(++ties) === 0) {
        best = index;
      }
    }
    return best;
  }
}

/** The filters that have something to say about this pod, in order. */
export const filtersFor = (profile: readonly Plugin[], info: PodInfo, cluster: Cluster): readonly Filter[] =>
  profile.flatMap((plugin) => plugin.filter?.(info, cluster) ?? []);

export function firstRejection(filters: readonly Filter[], node: NodeInfo): Rejection | undefined {
  for (const filter of filters) {
    const rejection = filter(node);
    if (rejection !== undefined) return rejection;
  }
  return undefined;
}
