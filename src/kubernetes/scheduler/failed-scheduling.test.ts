import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { PersistentVolume } from '../api/core/persistentvolume';
import type { PersistentVolumeClaim } from '../api/core/persistentvolumeclaim';
import type { ApiObject } from '../apimachinery/object';
import { Random } from '../../sim/random';
import { Algorithm } from './algorithm';
import { Cluster } from './cluster';
import { fitError } from './messages';
import type { NodeLike, PodLike } from './objects';
import { preempt } from './preemption';
import { defaultProfile } from './profile';
import type { StorageLister } from './volumes';

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
  readonly extra: readonly ApiObject[];
  readonly pod: PodLike;
  readonly conditions: readonly { readonly message: string }[];
}

/** Claims, volumes and classes as the volume controller leaves them: who names a volume is bound to it. */
function storageOf(objects: readonly ApiObject[]): StorageLister {
  const of = <T>(kind: string): readonly (T & ApiObject)[] =>
    objects.filter((each) => each.kind === kind) as unknown as readonly (T & ApiObject)[];
  const named = <T>(kind: string, name: string): (T & ApiObject) | undefined =>
    of<T>(kind).find(({ metadata }) => metadata.name === name);
  const available = (volume: PersistentVolume): PersistentVolume => ({ ...volume, status: { phase: 'Available' } });
  const completed = (claim: PersistentVolumeClaim): PersistentVolumeClaim => ({
    ...claim,
    metadata: { ...claim.metadata, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    status: { phase: claim.spec.volumeName === undefined ? 'Pending' : 'Bound' },
  });
  return {
    claim: (_namespace, name) => {
      const claim = named<PersistentVolumeClaim>('PersistentVolumeClaim', name);
      return claim && completed(claim);
    },
    volume: (name) => named<PersistentVolume>('PersistentVolume', name),
    volumes: () => of<PersistentVolume>('PersistentVolume').map(available),
    class: (name) => named('StorageClass', name),
  };
}

const cases = existsSync(recordings)
  ? readFileSync(recordings, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : [];

test.skipIf(cases.length === 0)('a pod stays Pending for the reasons that a real scheduler gives', () => {
  const ours = cases.map(({ id, nodes, existing, extra, pod: sent }) => {
    const pod = admitted(sent);
    const cluster = new Cluster(() => undefined, storageOf(extra));
    for (const node of nodes) cluster.setNode(node);
    existing.forEach((other, index) => cluster.addPod(String(index), admitted(other), other.spec.nodeName ?? ''));
    const decision = new Algorithm(defaultProfile, new Random(1)).decide(pod, cluster);
    if (decision.node !== undefined) return { id, message: decision.node };
    const fit = fitError(decision.nodes, decision.rejected.values());
    const result = preempt(defaultProfile, pod, cluster, decision.rejected);
    return { id, message: result.node === undefined ? `${fit} ${result.message}` : fit };
  });
  expect(ours).toEqual(cases.map(({ id, conditions }) => ({ id, message: conditions[0]?.message })));
});
