import type { Rejection } from './framework';

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` (framework.FitError). */
export function fitError(nodes: number, rejections: Iterable<Rejection>): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const counts = new Map<string, number>();
  for (const { reasons, ofPod } of rejections) {
    if (ofPod) return `0/${nodes} nodes are available: ${reasons.join()}.`;
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return `0/${nodes} nodes are available: ${histogram(counts)}.`;
}

export const NO_VICTIMS = 'No preemption victims found for incoming pod';
export const NOT_HELPFUL = 'Preemption is not helpful for scheduling';

/** The same with the reasons that trying it out gave, for each node. */
export function preemptionReasons(nodes: number, all: Iterable<readonly string[]>): string {
  const counts = new Map<string, number>();
  for (const reasons of all) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return `preemption: 0/${nodes} nodes are available: ${histogram(counts)}.`;
}

/** Counted reasons, sorted as texts. */
const histogram = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
