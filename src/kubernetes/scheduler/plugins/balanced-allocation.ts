import { MAX_SCORE, type Plugin } from '../framework';

/** Prefers nodes whose CPU and memory would be used to a like degree. Nothing to say about pods that ask for nothing. */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  score({ requests: { cpu, memory } }) {
    if (cpu === 0 && memory === 0) return undefined;
    return {
      score: ({ allocatable, requested }) => {
        const cpuShare = share(requested.cpu + cpu, allocatable.cpu);
        const memoryShare = share(requested.memory + memory, allocatable.memory);
        return Math.trunc((1 - Math.abs(cpuShare - memoryShare) / 2) * MAX_SCORE);
      },
    };
  },
};

const share = (used: number, capacity: number): number => (capacity === 0 ? 1 : Math.min(1, used / capacity));
