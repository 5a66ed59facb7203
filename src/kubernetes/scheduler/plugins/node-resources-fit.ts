import { MAX_SCORE, unschedulable, type Plugin } from '../framework';

const tooMany = unschedulable('Too many pods');

/** Room for the pod's requests; prefers the node with most left (LeastAllocated). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  filter({ requests: { cpu, memory, storage, scalars } }) {
    const asks = cpu > 0 || memory > 0 || storage > 0 || scalars !== undefined;
    if (!asks) return ({ podCount, maxPods }) => (podCount + 1 > maxPods ? tooMany : undefined);
    return ({ podCount, maxPods, requested, allocatable }) => {
      const full = podCount + 1 > maxPods;
      const reasons: string[] = full ? ['Too many pods'] : [];
      if (cpu > 0 && cpu > allocatable.cpu - requested.cpu) reasons.push('Insufficient cpu');
      if (memory > 0 && memory > allocatable.memory - requested.memory) reasons.push('Insufficient memory');
      if (storage > 0 && storage > allocatable.storage - requested.storage)
        reasons.push('Insufficient ephemeral-storage');
      for (const [name, value] of scalars ?? []) {
        const free = (allocatable.scalars?.get(name) ?? 0) - (requested.scalars?.get(name) ?? 0);
        if (value > 0 && value > free) reasons.push(`Insufficient ${name}`);
      }
      return reasons.length > 0 ? unschedulable(...reasons) : undefined;
    };
  },
  score({ nonZero }) {
    return {
      score: (node) => {
        // Pods of one template ask for the same, and most nodes are as they were.
        if (node.scoredFor === nonZero) return node.scored;
        const { allocatable, nonZeroRequested } = node;
        const cpu = leastRequested(nonZeroRequested.cpu + nonZero.cpu, allocatable.cpu);
        const memory = leastRequested(nonZeroRequested.memory + nonZero.memory, allocatable.memory);
        node.scoredFor = nonZero;
        node.scored = Math.floor((cpu + memory) / 2);
        return node.scored;
      },
    };
  },
};

const leastRequested = (requested: number, capacity: number): number =>
  capacity === 0 || requested > capacity ? 0 : Math.floor(((capacity - requested) * MAX_SCORE) / capacity);
