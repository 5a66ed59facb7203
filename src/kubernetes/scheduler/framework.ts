import type { NodeInfo, PodInfo } from './node-info';
import type { Cluster } from './cluster';

/** Why a node will not do. */
export interface Rejection {
  readonly reasons: readonly string[];
  /** Whether evicting pods from the node could help (Unschedulable), or not (UnschedulableAndUnresolvable). */
  readonly helpedByPreemption: boolean;
  /** It was said of the pod, before any node was looked at (PreFilter). */
  readonly ofPod?: true;
}

export type Filter = (node: NodeInfo) => Rejection | undefined;
/** Higher is better; any range, before `normalize`. */
export type Score = (node: NodeInfo) => number;

/**
 * One scheduling plugin. `filter` and `score` first look at the pod (PreFilter, PreScore) and answer with what then looks
 * at each node; undefined where they have nothing to say about this pod (Skip).
 */
export interface Plugin {
  readonly name: string;
  readonly weight: number;
  /** Why no node at all will do (PreFilter). */
  preFilter?(pod: PodInfo, cluster: Cluster): string | undefined;
  filter?(pod: PodInfo, cluster: Cluster): Filter | undefined;
  score?(pod: PodInfo, cluster: Cluster, feasible: readonly NodeInfo[]): Scoring | undefined;
}

export interface Scoring {
  readonly score: Score;
  /** Brings all scores into 0…100, in place. */
  readonly normalize?: (scores: number[]) => void;
}

export const MAX_SCORE = 100;

export const unschedulable = (...reasons: string[]): Rejection => ({ reasons, helpedByPreemption: true });
export const unresolvable = (...reasons: string[]): Rejection => ({ reasons, helpedByPreemption: false });

/** Stretches scores so that the largest becomes 100; `reverse` turns many into few (helper.DefaultNormalizeScore). */
export function normalizeBy(reverse: boolean): (scores: number[]) => void {
  return (scores) => {
    const most = scores.reduce((max, score) => Math.max(max, score), 0);
    scores.forEach((score, index) => {
      const share = most === 0 ? 0 : Math.floor((MAX_SCORE * score) / most);
      scores[index] = reverse ? MAX_SCORE - share : share;
    });
  };
}
