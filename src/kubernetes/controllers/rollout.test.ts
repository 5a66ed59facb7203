import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { deployment, type Deployment } from '../api/apps/deployment';
import { event } from '../api/core/event';
import { namespace } from '../api/core/namespace';
import { pod } from '../api/core/pod';
import type { Draft } from '../apimachinery/object';
import { createRegistry } from '../apiserver/create-registry';
import { createHollowNodes, hollowNode } from '../kubelet/hollow';
import { timedStages } from '../kubelet/hollow-timed';
import { createScheduler } from '../scheduler/scheduler';
import { createControllerManager } from './manager';

function world({ nodes = 3 } = {}) {
  const trace = new Trace();
  const clock = new Clock({
    start: Date.UTC(2026, 0, 1),
    trace,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const random = new Random(7);
  const registry = createRegistry({ clock, random: random.fork('registry'), trace });
  const client = registry.as({ user: 'kubernetes-admin', groups: ['system:masters'], agent: 'kubectl' });
  client.create(namespace, { metadata: { name: 'default' }, spec: {} });
  createControllerManager({ registry, clock, random, trace });
  createScheduler({
    client: registry.as({ user: 'system:kube-scheduler', agent: 'kube-scheduler' }),
    clock,
    random: random.fork('scheduler'),
    trace,
  });
  createHollowNodes({
    client: registry.as({ user: 'system:admin', agent: 'kwok' }),
    clock,
    stages: timedStages('test'),
    nodes: Array.from({ length: nodes }, (_, index) =>
      hollowNode(
        {
          name: `node-${index + 1}`,
          address: `172.31.0.${index + 1}`,
          pods: 5000,
          podCIDR: `10.${100 + index}.0.0/16`,
        },
        clock.now,
      ),
    ),
  });
  return { trace, clock, registry, client };
}

const web = (replicas: number, image = 'nginx:1'): Draft<Deployment> =>
  ({
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } },
    },
  }) as unknown as Draft<Deployment>;

test('a deployment becomes replica set, pods, endpoints; an update rolls', async () => {
  const { clock, client } = world();
  client.create(deployment, web(3));
  await clock.advance(5_000);
  const made = client.get(deployment, 'default', 'web');
  expect(made?.status).toEqual({
    observedGeneration: 1,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    conditions: [
      {
        type: 'Available',
        status: 'True',
        lastUpdateTime: '2026-01-01T00:00:01Z',
        lastTransitionTime: '2026-01-01T00:00:01Z',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      },
      {
        type: 'Progressing',
        status: 'True',
        lastUpdateTime: '2026-01-01T00:00:01Z',
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'NewReplicaSetAvailable',
        message: 'ReplicaSet "web-758d58495" has successfully progressed.',
      },
    ],
  });
  expect(made?.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });

  client.mutate(deployment, 'default', 'web', (now) => ({ ...now, spec: { ...now.spec, ...web(3, 'nginx:2').spec } }));
  await clock.advance(20_000);
  const events = client
    .list(event)
    .map(({ reason, message, involvedObject }) => `${involvedObject.kind} ${reason} ${message}`)
    .filter((text) => text.startsWith('Deployment'));
  expect(events).toEqual([
    'Deployment ScalingReplicaSet Scaled up replica set web-758d58495 from 0 to 3',
    'Deployment ScalingReplicaSet Scaled up replica set web-f56f986d from 0 to 1',
    'Deployment ScalingReplicaSet Scaled down replica set web-758d58495 from 3 to 2',
    'Deployment ScalingReplicaSet Scaled up replica set web-f56f986d from 1 to 2',
    'Deployment ScalingReplicaSet Scaled down replica set web-758d58495 from 2 to 1',
    'Deployment ScalingReplicaSet Scaled up replica set web-f56f986d from 2 to 3',
    'Deployment ScalingReplicaSet Scaled down replica set web-758d58495 from 1 to 0',
  ]);
});

test('1,000 pods on 20 nodes', async () => {
  const { clock, client } = world({ nodes: 20 });
  await clock.advance(100);
  const before = process.cpuUsage();
  client.create(deployment, web(1000));
  await clock.advance(60_000);
  const { user, system } = process.cpuUsage(before);
  console.log('1000 pods: ms CPU', (user + system) / 1000);
  expect(client.list(pod).filter(({ status }) => status.phase === 'Running')).toHaveLength(1000);
});
