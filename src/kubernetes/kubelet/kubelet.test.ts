import { expect, test } from 'vitest';
import { deployment, type Deployment } from '../api/apps/deployment';
import { node } from '../api/core/node';
import { pod, type Pod } from '../api/core/pod';
import type { Draft } from '../apimachinery/object';
import { testWorld } from '../testing/world';

const podOf = (name: string, spec: object): Draft<Pod> =>
  ({ metadata: { name, namespace: 'default' }, spec }) as unknown as Draft<Pod>;

test('a pod is started, and goes', async () => {
  const world = testWorld({ nodes: 1 });
  await world.clock.advance(2_000);
  expect(world.client.get(node, undefined, 'node1')?.status.conditions?.at(-1)).toMatchObject({
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
  });
  const history: string[] = [];
  world.client.watch(pod, {}, ({ type, object: { status, metadata } }) =>
    history.push(
      [
        type,
        metadata.deletionTimestamp === undefined ? '' : 'deleting',
        status.phase,
        JSON.stringify(status.containerStatuses?.map(({ state }) => state)),
        (status.conditions ?? []).map(({ type: t, status: s }) => `${t}=${s}`).join(' '),
      ].join(' | '),
    ),
  );
  world.client.create(pod, podOf('web', { containers: [{ name: 'app', image: 'nginx' }] }));
  await world.clock.advance(5_000);
  world.client.delete(pod, 'default', 'web');
  await world.clock.advance(5_000);
  expect(history).toMatchSnapshot();
  expect(world.events('Pod')).toMatchSnapshot();
});

test('a container that ends with an error is restarted later each time', async () => {
  const world = testWorld({ nodes: 1, lifetime: () => ({ after: 1000, code: 1 }) });
  await world.clock.advance(2_000);
  const history: string[] = [];
  world.client.watch(pod, {}, ({ object: { status } }) => {
    const [first] = status.containerStatuses ?? [];
    const [kind = ''] = Object.keys(first?.state ?? {});
    history.push(
      `${Math.round((world.clock.now - Date.UTC(2026, 0, 1)) / 1000)}s ${kind} ${first?.state?.waiting?.reason ?? ''} r${first?.restartCount}`,
    );
  });
  world.client.create(pod, podOf('loop', { containers: [{ name: 'app', image: 'busybox' }] }));
  await world.clock.advance(180_000);
  expect(history).toMatchSnapshot();
  expect(world.events('Pod')).toMatchSnapshot();
});

test('an image that is not there', async () => {
  const world = testWorld({
    nodes: 1,
    missing: (image) => ({ code: 'NotFound', message: `docker.io/library/${image}:latest: not found` }),
  });
  await world.clock.advance(2_000);
  world.client.create(pod, podOf('no', { containers: [{ name: 'app', image: 'nginxx' }] }));
  await world.clock.advance(40_000);
  expect(world.client.get(pod, 'default', 'no')?.status.containerStatuses?.[0]?.state).toMatchSnapshot();
  expect(world.events('Pod')).toMatchSnapshot();
});

test('1,000 pods on 20 kubelets', async () => {
  const world = testWorld({ nodes: 20 });
  await world.clock.advance(2_000);
  const before = process.cpuUsage();
  world.client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 1000,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  } as unknown as Draft<Deployment>);
  await world.clock.advance(30_000);
  const { user, system } = process.cpuUsage(before);
  console.log('1000 pods with kubelets: ms CPU', (user + system) / 1000);
  expect(world.client.list(pod).filter(({ status }) => status.phase === 'Running')).toHaveLength(1000);
});
