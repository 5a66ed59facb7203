import { lease } from '../src/kubernetes/api/coordination/lease';
import { configMap } from '../src/kubernetes/api/core/configmap';
import { node } from '../src/kubernetes/api/core/node';
import { pod, type Pod } from '../src/kubernetes/api/core/pod';
import type { PodSpec } from '../src/kubernetes/api/core/pod-spec';
import { serviceAccount } from '../src/kubernetes/api/core/serviceaccount';
import { deepFreeze } from '../src/kubernetes/apimachinery/equal';
import type { ApiObject, Draft } from '../src/kubernetes/apimachinery/object';
import { microTimeOf, timeOf } from '../src/kubernetes/apimachinery/time';
import type { Result } from '../src/sim/result';
import { startApiserver } from './apiserver';
import { heap } from './heap';

export interface MemoryFigures {
  readonly objects: number;
  /** Writes of the hour, after everything was made. */
  readonly writes: number;
  /** Megabytes that are still needed, where there are most: before a compaction. */
  readonly most: number;
}

const MB = 1024 * 1024;
const pods = 75_000;
const configs = 73_000;
const nodes = 1_000;
const templates = 50;

/** What one template of a Deployment says; its pods share it. */
const template = (index: number): PodSpec =>
  deepFreeze({
    containers: [
      {
        name: 'web',
        image: `registry.example.com/team-${index}/web:1.${index}`,
        ports: [{ containerPort: 8080 }],
        env: [{ name: 'MODE', value: 'production' }],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
      },
    ],
  }) as unknown as PodSpec;

function written<T>(result: Result<T, { readonly message: string }>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/**
 * 150,000 objects and an hour of a busy cluster on them: every node renews its lease each ten seconds and tells its
 * status each five minutes, a pod of a hundred restarts in that time; etcd is compacted by the apiserver meanwhile.
 */
export async function measureMemory(): Promise<MemoryFigures> {
  const clean = needed();
  const { clock, registry, client } = startApiserver();
  const make = <T extends ApiObject>(kind: Parameters<typeof client.create<T>>[0], draft: unknown): T =>
    written(client.create(kind, draft as Draft<T>));
  make(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  const specs = Array.from({ length: templates }, (_, index) => template(index));

  for (let index = 0; index < nodes; index++) {
    const name = `node-${index}`;
    make(node, { metadata: { name, labels: { 'kubernetes.io/hostname': name } } });
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTimeOf(clock.now) };
    make(lease, { metadata: { name, namespace: 'kube-node-lease' }, spec });
  }
  for (let index = 0; index < configs; index++) {
    const metadata = { name: `settings-${index}`, namespace: 'default', labels: { app: `team-${index % templates}` } };
    make(configMap, { metadata, data: { 'app.properties': `instance=${index}\nlevel=info\n` } });
  }
  for (let index = 0; index < pods; index++) {
    const name = `web-${index}`;
    const labels = { app: `team-${index % templates}`, 'pod-template-hash': '5c689d88bb' };
    make(pod, { metadata: { name, namespace: 'default', labels }, spec: specs[index % templates] });
    written(client.bind('default', name, `node-${index % nodes}`));
    run(index, 0);
    // Whoever writes all of this at one instant waits for its own watches.
    if (index % 5_000 === 0) await clock.advance(1_000);
  }

  function run(index: number, restartCount: number): void {
    const startedAt = timeOf(clock.now);
    const status = (current: Pod): Pod['status'] => ({
      ...current.status,
      phase: 'Running',
      startTime: startedAt,
      podIP: `10.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
      conditions: [
        { type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: startedAt },
        { type: 'ContainersReady', status: 'True', lastProbeTime: null, lastTransitionTime: startedAt },
      ],
      containerStatuses: [
        {
          name: 'web',
          ready: true,
          restartCount,
          image: 'web',
          imageID: 'sha256:1',
          state: { running: { startedAt } },
        },
      ],
    });
    const change = (current: Pod): Pod => ({ ...current, status: status(current) });
    written(client.mutateStatus(pod, 'default', `web-${index}`, change));
  }

  const first = registry.revision;
  let most = 0;
  for (let second = 10; second <= 3_600; second += 10) {
    await clock.advance(10_000);
    for (let index = 0; index < nodes; index++)
      written(
        client.mutate(lease, 'kube-node-lease', `node-${index}`, (current) => ({
          ...current,
          spec: { ...current.spec, renewTime: microTimeOf(clock.now) },
        })),
      );
    for (let index = 0; index < nodes / 30; index++)
      written(
        client.mutateStatus(node, undefined, `node-${(second * 3 + index) % nodes}`, (current) => ({
          ...current,
          status: {
            ...current.status,
            conditions: [{ type: 'Ready', status: 'True' as const, lastHeartbeatTime: timeOf(clock.now) }],
          },
        })),
      );
    for (let index = 0; index < pods / 36_000; index++) run((second * 97 + index * 31) % pods, second);
    if (second % 1_800 === 1_490) most = Math.max(most, needed());
  }
  return { objects: pods + configs + 2 * nodes, writes: registry.revision - first, most: (most - clean) / MB };
}

/** With what stands beside the heap: the columns of the trace. */
const needed = (): number => heap() + process.memoryUsage().external;
