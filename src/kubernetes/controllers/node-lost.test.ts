import { expect, test } from 'vitest';
import { deployment, type Deployment } from '../api/apps/deployment';
import { node } from '../api/core/node';
import { pod } from '../api/core/pod';
import type { Draft } from '../apimachinery/object';
import { testWorld } from '../testing/world';

test('a lost node: NotReady after its lease ran out, pods evicted after their toleration, and Terminating for ever', async () => {
  const world = testWorld({ nodes: 2 });
  await world.clock.advance(2_000);
  world.client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [{ name: 'c', image: 'nginx' }],
          tolerations: ['not-ready', 'unreachable'].map((what) => ({
            key: `node.kubernetes.io/${what}`,
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: 300,
          })),
        },
      },
    },
  } as unknown as Draft<Deployment>);
  await world.clock.advance(8_000);
  const show = () =>
    world.client
      .list(pod)
      .map(({ spec, status, metadata }) =>
        [
          spec.nodeName,
          status.phase,
          status.conditions?.find(({ type }) => type === 'Ready')?.status,
          metadata.deletionTimestamp === undefined ? '' : 'deleting',
        ].join(' '),
      )
      .sort();
  const ready = () =>
    world.client.list(node).map(({ status }) => status.conditions?.find(({ type }) => type === 'Ready')?.status);
  expect(show()).toEqual(['node1 Running True ', 'node2 Running True ']);
  world.nodes[1]?.kubelet.stop();
  await world.clock.advance(40_000);
  expect(ready()).toEqual(['True', 'True']);
  await world.clock.advance(20_000);
  expect(ready()).toEqual(['True', 'Unknown']);
  expect(show()).toEqual(['node1 Running True ', 'node2 Running False ']);
  expect(world.client.get(node, undefined, 'node2')?.spec.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual(
    ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'],
  );
  await world.clock.advance(310_000);
  expect(show()).toEqual(['node1 Running True ', 'node1 Running True ', 'node2 Running False deleting']);
});
