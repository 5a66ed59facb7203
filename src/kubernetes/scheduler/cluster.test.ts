import { expect, it } from 'vitest';
import { Cluster } from './cluster';
import { podInfo } from './node-info';
import { nodeResourcesFit } from './plugins/node-resources-fit';

const node = (name: string) => ({
  metadata: { name, labels: {} },
  status: { allocatable: { cpu: '1', memory: '1Gi', pods: '2' } },
});
const containers = [{ name: 'web', image: 'web', resources: { requests: { cpu: '250m', memory: '256Mi' } } }];
const pod = (name: string) => ({
  metadata: { name, namespace: 'default', uid: name, labels: { app: 'web' } },
  spec: { containers },
});

it('knows what stands on a node after nodes and pods have come and gone', () => {
  const cluster = new Cluster(() => undefined);
  for (const name of ['a', 'b']) cluster.setNode(node(name));
  const selected = cluster.selectedCounts('default', { matchLabels: { app: 'web' } });
  const info = podInfo(pod('next'));
  const fits = nodeResourcesFit.filter?.(info, cluster);
  const { score } = nodeResourcesFit.score?.(info, cluster, cluster.nodes) ?? { score: () => NaN };
  const state = () => cluster.nodes.map((each) => [each.name, selected(each), score(each), fits?.(each)?.reasons]);

  expect(state()).toEqual([
    ['a', 0, 75, undefined],
    ['b', 0, 75, undefined],
  ]);
  cluster.addPod('1', pod('1'), 'a');
  cluster.addPod('2', pod('2'), 'a');
  cluster.addPod('3', pod('3'), 'b');
  expect(state()).toEqual([
    ['a', 2, 25, ['Too many pods']],
    ['b', 1, 50, undefined],
  ]);
  // Another node in the place of the one that went; what ran there waits for it.
  cluster.removeNode('a');
  cluster.setNode(node('c'));
  cluster.removePod('3', 'b');
  expect(state()).toEqual([
    ['b', 0, 75, undefined],
    ['c', 0, 75, undefined],
  ]);
  cluster.setNode(node('a'));
  expect(state().at(-1)).toEqual(['a', 2, 25, ['Too many pods']]);
});
