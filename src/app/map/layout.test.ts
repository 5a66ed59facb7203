import { expect, test } from 'vitest';
import type { NodeView, PodView, WorkloadView } from '../../world/protocol';
import { ownerLines, racks } from './layout';

const node = (name: string): NodeView => ({
  key: name,
  name,
  roles: [],
  address: '10.0.0.1',
  ready: true,
  status: 'Ready',
  taints: [],
});
const pod = (name: string, more: Partial<PodView> = {}): PodView => ({
  key: name,
  namespace: 'default',
  name,
  node: undefined,
  ip: undefined,
  phase: 'Pending',
  status: 'Pending',
  ready: false,
  readyText: '0/1',
  restarts: 0,
  terminating: false,
  owner: undefined,
  containers: [],
  cause: 0,
  ...more,
});
const workload = (kind: string, name: string, owner?: string): WorkloadView => ({
  key: `${kind}/${name}`,
  kind,
  namespace: 'default',
  name,
  owner,
  ready: 0,
  wanted: 1,
  cause: 0,
});

test('pods stand in the rack of their node by owner and name, whatever the order they came in', () => {
  const pods = [
    pod('b', { node: 'node1' }),
    pod('a', { node: 'node1' }),
    pod('late'),
    pod('dns', { node: 'node2', namespace: 'kube-system' }),
    pod('flannel', { node: 'node2', namespace: 'kube-flannel' }),
  ];
  const shown = racks([node('node2'), node('node1')], pods, { system: false });
  expect(shown.racks.map((rack) => [rack.node.name, rack.pods.map(({ name }) => name)])).toEqual([
    ['node1', ['a', 'b']],
    ['node2', []],
  ]);
  expect(shown.unplaced.map(({ name }) => name)).toEqual(['late']);
});

test('system pods are shown when asked for', () => {
  const shown = racks([node('node1')], [pod('dns', { node: 'node1', namespace: 'kube-system' })], { system: true });
  expect(shown.racks[0]?.pods.map(({ name }) => name)).toEqual(['dns']);
});

test('a Deployment comes with the ReplicaSets it owns, and what has no owner stands alone', () => {
  const lines = ownerLines(
    [workload('ReplicaSet', 'web-1', 'Deployment/web'), workload('ReplicaSet', 'alone'), workload('Deployment', 'web')],
    {
      system: false,
    },
  );
  expect(lines.map((line) => [line.top.name, line.below.map(({ name }) => name)])).toEqual([
    ['web', ['web-1']],
    ['alone', []],
  ]);
});
