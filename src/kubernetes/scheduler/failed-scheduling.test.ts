import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Random } from '../../sim/random';
import { Algorithm } from './algorithm';
import { Cluster } from './cluster';
import { fitError, preemptionError } from './messages';
import type { NodeLike, PodLike } from './objects';
import { defaultProfile } from './profile';

const recordings = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/scheduler/failed-scheduling.jsonl`;

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

// What the skeleton's scheduler does not know yet: volumes, affinity between pods, preemption.
const later = /^(pvc|anti|aff-|preempt-)/;

test.skipIf(cases.length === 0)('a pod stays Pending for the reasons that a real scheduler gives', () => {
  const known = cases.filter(({ id }) => !later.test(id));
  const ours = known.map(({ id, nodes, existing, pod }) => {
    const cluster = new Cluster(() => undefined);
    for (const node of nodes) cluster.setNode(node);
    existing.forEach((other, index) => cluster.addPod(String(index), other, other.spec.nodeName ?? ''));
    const decision = new Algorithm(defaultProfile, new Random(1)).decide(pod, cluster);
    if (decision.node !== undefined) return { id, message: decision.node };
    const rejections = [...decision.rejected.values()];
    return { id, message: `${fitError(decision.nodes, rejections)} ${preemptionError(decision.nodes, rejections)}` };
  });
  expect(ours).toEqual(known.map(({ id, conditions }) => ({ id, message: conditions[0]?.message })));
});
