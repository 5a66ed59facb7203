import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Random } from '../../sim/random';
import { Algorithm } from './algorithm';
import { Cluster } from './cluster';
import { fitError } from './messages';
import type { NodeLike, PodLike } from './objects';
import { preempt } from './preemption';
import { defaultProfile } from './profile';

const recordings = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/scheduler/failed-scheduling.jsonl`;

/** What admission makes of the priority classes of the recording. */
const classes: Readonly<Record<string, object>> = {
  high: { priority: 1000 },
  'high-never': { priority: 1000, preemptionPolicy: 'Never' },
  low: { priority: 10 },
};
const admitted = (pod: PodLike): PodLike => {
  const { priorityClassName = '' } = pod.spec as { readonly priorityClassName?: string };
  return { ...pod, spec: { ...pod.spec, ...classes[priorityClassName] } };
};

interface Case {
  readonly id: string;
  readonly nodes: readonly NodeLike[];
  readonly existing: readonly PodLike[];
  readonly pod: PodLike;
  readonly conditions: readonly { readonly message: string }[];
}

const cases = existsSync(recordings)
  ? readFileSync(recordings, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : [];

// What the scheduler does not know yet: volumes.
const later = /^pvc/;

test.skipIf(cases.length === 0)('a pod stays Pending for the reasons that a real scheduler gives', () => {
  const known = cases.filter(({ id }) => !later.test(id));
  const ours = known.map(({ id, nodes, existing, pod: sent }) => {
    const pod = admitted(sent);
    const cluster = new Cluster(() => undefined);
    for (const node of nodes) cluster.setNode(node);
    existing.forEach((other, index) => cluster.addPod(String(index), admitted(other), other.spec.nodeName ?? ''));
    const decision = new Algorithm(defaultProfile, new Random(1)).decide(pod, cluster);
    if (decision.node !== undefined) return { id, message: decision.node };
    const fit = fitError(decision.nodes, decision.rejected.values());
    const result = preempt(defaultProfile, pod, cluster, decision.rejected);
    return { id, message: result.node === undefined ? `${fit} ${result.message}` : fit };
  });
  expect(ours).toEqual(known.map(({ id, conditions }) => ({ id, message: conditions[0]?.message })));
});
