import { at, type Thing } from '../client';
import { area, type Behaviour, type Behaviours, type Framework } from '../framework';
import { condition, mounting, outputOf, reach } from '../pods';
import { pausePod } from './objects';

const NODE = 'node1';
const nodeOf = (pod: Thing): unknown => at(pod, 'spec', 'nodeName');

const withResources = (name: string, resources: object, spec: object = {}, container: object = {}) => {
  const pod = pausePod(name, spec);
  return {
    ...pod,
    spec: { ...pod.spec, containers: pod.spec.containers.map((one) => ({ ...one, resources, ...container })) },
  };
};
const unscheduled = (f: Framework, name: string): Promise<void> =>
  f.until(async () => {
    const pod = await f.api.get(f.at('pods', name));
    return at(condition(pod, 'PodScheduled'), 'reason') === 'Unschedulable' && nodeOf(pod) === undefined;
  }, `${name} not to be scheduled`);

async function labelled(f: Framework, run: (label: Readonly<Record<string, string>>) => Promise<void>): Promise<void> {
  const key = `kubernetes.io/${f.namespace}`;
  await f.api.patch(`/api/v1/nodes/${NODE}`, { metadata: { labels: { [key]: '42' } } });
  try {
    await run({ [key]: '42' });
  } finally {
    await f.api.patch(`/api/v1/nodes/${NODE}`, { metadata: { labels: { [key]: null } } });
  }
}

/** A resource of its own that a node has so much of. */
async function extended(f: Framework, amount: string, run: (resource: string) => Promise<void>): Promise<void> {
  const resource = `example.com/${f.namespace}`;
  const path = `/api/v1/nodes/${NODE}`;
  const set = (value: string | null): Promise<Thing> =>
    f.api.patch(`${path}/status`, { status: { capacity: { [resource]: value }, allocatable: { [resource]: value } } });
  await set(amount);
  try {
    await run(resource);
  } finally {
    await set(null);
  }
}

const priority = (f: Framework, name: string, value: number): Promise<Thing> =>
  f.createGlobal('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: `${f.namespace}-${name}` }, value });

const preempts =
  (critical: boolean, check?: (pod: Thing) => void): Behaviour =>
  (f) =>
    extended(f, '1', async (resource) => {
      await priority(f, 'low', 1);
      await priority(f, 'high', 1000);
      const one = { requests: { [resource]: '1' }, limits: { [resource]: '1' } };
      const low = withResources('low', one, { priorityClassName: `${f.namespace}-low` });
      await f.api.create(f.at('pods'), { ...low, metadata: { ...low.metadata, finalizers: ['example.com/test'] } });
      await reach(f, 'low', 'Running');
      const namespace = critical ? 'kube-system' : f.namespace;
      const priorityClassName = critical ? 'system-cluster-critical' : `${f.namespace}-high`;
      const pods = f.at('pods', undefined, namespace);
      const name = `${f.namespace}-high`;
      await f.api.create(pods, withResources(name, one, { priorityClassName }));
      try {
        await f.until(
          async () => (await f.api.get(f.at('pods', 'low'))).metadata.deletionTimestamp !== undefined,
          'the low one to be preempted',
        );
        check?.(await f.api.get(f.at('pods', 'low')));
        await f.api.patch(f.at('pods', 'low'), { metadata: { finalizers: null } });
        await f.until(async () => nodeOf(await f.api.get(`${pods}/${name}`)) === NODE, 'the high one to be scheduled');
      } finally {
        await f.api.delete(`${pods}/${name}`, { gracePeriodSeconds: 0 });
      }
    });

const predicates: Behaviours = area('[sig-scheduling] SchedulerPredicates [Serial]', {
  'validates resource limits of pods that are allowed to run': (f) =>
    extended(f, '1000', async (resource) => {
      const some = (amount: number) => ({ requests: { [resource]: `${amount}` }, limits: { [resource]: `${amount}` } });
      await f.api.create(f.at('pods'), withResources('filler', some(700)));
      await reach(f, 'filler', 'Running');
      await f.api.create(f.at('pods'), withResources('additional', some(500)));
      await unscheduled(f, 'additional');
    }),
  'validates that NodeSelector is respected if not matching': async (f) => {
    await f.api.create(f.at('pods'), pausePod('restricted', { nodeSelector: { label: 'nonempty' } }));
    await unscheduled(f, 'restricted');
  },
  'validates that NodeSelector is respected if matching': (f) =>
    labelled(f, async (nodeSelector) => {
      await f.api.create(f.at('pods'), pausePod('with-labels', { nodeSelector }));
      f.equal(nodeOf(await reach(f, 'with-labels', 'Running')), NODE, 'the node');
    }),
  'validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP': (
    f,
  ) =>
    labelled(f, async (nodeSelector) => {
      const pod = (name: string, hostIP: string) =>
        withResources(
          name,
          {},
          { nodeSelector },
          {
            ports: [{ hostPort: 54322, containerPort: 8080, protocol: 'TCP', hostIP }],
          },
        );
      await f.api.create(f.at('pods'), pod('pod4', '0.0.0.0'));
      await reach(f, 'pod4', 'Running');
      await f.api.create(f.at('pods'), pod('pod5', '172.30.2.2'));
      await unscheduled(f, 'pod5');
    }),
});

const hostPorts: Behaviours = area('[sig-network] HostPort', {
  'validates that there is no conflict between pods with same hostPort but different hostIP and protocol [LinuxOnly]': (
    f,
  ) =>
    labelled(f, async (nodeSelector) => {
      const cases = [
        ['pod1', '127.0.0.1', 'TCP'],
        ['pod2', '172.30.2.2', 'TCP'],
        ['pod3', '172.30.2.2', 'UDP'],
      ] as const;
      for (const [name, hostIP, protocol] of cases) {
        const ports = [{ hostPort: 54323, containerPort: 8080, protocol, hostIP }];
        await f.api.create(f.at('pods'), withResources(name, {}, { nodeSelector }, { ports }));
        await reach(f, name, 'Running');
      }
    }),
});

const limits: Behaviours = area('[sig-scheduling] LimitRange', {
  'should create a LimitRange with defaults and ensure pod has those defaults applied.': async (f) => {
    const memory = (cpu: string, amount: string, disk: string) => ({ cpu, memory: amount, 'ephemeral-storage': disk });
    const [request, limit] = [memory('100m', '200Mi', '200Gi'), memory('500m', '500Mi', '500Gi')];
    await f.api.create(f.at('limitranges'), {
      metadata: { name: 'limit-range' },
      spec: {
        limits: [
          {
            type: 'Container',
            min: memory('50m', '100Mi', '100Gi'),
            max: limit,
            default: limit,
            defaultRequest: request,
          },
        ],
      },
    });
    const resourcesOf = (pod: Thing): unknown => at(pod, 'spec', 'containers', 0, 'resources');
    const plain = await f.api.create(f.at('pods'), pausePod('pod-no-resources'));
    f.equal(resourcesOf(plain), { limits: limit, requests: request }, 'the defaults');
    const partial = withResources('pod-partial-resources', {
      requests: { cpu: '150m', memory: '150Mi' },
      limits: { cpu: '300m' },
    });
    f.equal(
      resourcesOf(await f.api.create(f.at('pods'), partial)),
      {
        limits: { ...limit, cpu: '300m' },
        requests: { ...request, cpu: '150m', memory: '150Mi' },
      },
      'defaults for what is left out',
    );
    const tooFew = withResources('too-few', { requests: memory('10m', '50Mi', '50Gi') });
    await f.refused(f.api.create(f.at('pods'), tooFew), 403);
    const tooMany = withResources('too-many', { limits: memory('600m', '600Mi', '600Gi') });
    await f.refused(f.api.create(f.at('pods'), tooMany), 403);
    await f.change(f.at('limitranges', 'limit-range'), (it) => {
      const spec = it['spec'] as { readonly limits: readonly object[] };
      return { ...it, spec: { limits: spec.limits.map((one) => ({ ...one, min: memory('9m', '49Mi', '49Gi') })) } };
    });
    await f.until(async () => {
      const { code } = await f.api.ask('POST', f.at('pods'), tooFew);
      return code === 201;
    }, 'what was too few to be enough');
    await f.refused(f.api.create(f.at('pods'), tooMany), 403);
    await f.api.delete(f.at('limitranges', 'limit-range'));
    await f.gone(f.at('limitranges', 'limit-range'));
    await f.api.create(f.at('pods'), { ...tooMany, metadata: { name: 'pod-free' } });
  },
});

/** A file below a subPath of an atomically written volume. */
const subPath =
  (volume: object, path: string, mountPath = '/test-volume', wanted = 'value'): Behaviour =>
  async (f) => {
    await f.api.create(f.at('configmaps'), { metadata: { name: 'kept' }, data: { 'configmap-key': 'value' } });
    await f.api.create(f.at('secrets'), { metadata: { name: 'kept' }, stringData: { 'secret-key': 'value' } });
    const file = mountPath === '/test-volume' ? '/test-volume/test-file' : mountPath;
    const said = await outputOf(f, {
      script: `cat ${file}`,
      ...mounting(volume, '', {
        volumeMounts: [{ name: 'volume', mountPath: file, subPath: path }],
      }),
    });
    f.equal(said, wanted, 'what the file says');
  };
const subPaths: Behaviours = area('[sig-storage] Subpath Atomic writer volumes', {
  'should support subpaths with secret pod': subPath({ secret: { secretName: 'kept' } }, 'secret-key'),
  'should support subpaths with configmap pod': subPath({ configMap: { name: 'kept' } }, 'configmap-key'),
  'should support subpaths with configmap pod with mountPath of existing file': subPath(
    { configMap: { name: 'kept' } },
    'configmap-key',
    '/etc/resolv.conf',
  ),
  'should support subpaths with downward pod': subPath(
    { downwardAPI: { items: [{ path: 'downward/value', fieldRef: { fieldPath: 'metadata.name' } }] } },
    'downward/value',
    '/test-volume',
    'test-pod',
  ),
  'should support subpaths with projected pod': subPath(
    {
      projected: {
        sources: [{ configMap: { name: 'kept', items: [{ key: 'configmap-key', path: 'projected/file' }] } }],
      },
    },
    'projected/file',
  ),
});

export const scheduling: Behaviours = {
  ...predicates,
  ...hostPorts,
  ...limits,
  ...subPaths,
  ...area('[sig-scheduling] SchedulerPreemption [Serial]', {
    'validates basic preemption works': preempts(false),
    'validates lower priority pod preemption by critical pod': preempts(true),
    'validates pod disruption condition is added to the preempted pod': (f) =>
      preempts(false, (pod) => {
        const found = condition(pod, 'DisruptionTarget');
        f.equal([at(found, 'status'), at(found, 'reason')], ['True', 'PreemptionByScheduler'], 'the condition');
      })(f),
  }),
};
