import { quantityValue } from '../../../src/kubernetes/apimachinery/quantity';
import { at, patches, Refused, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { configMap, deployment, template } from './objects';

type Amounts = Readonly<Record<string, string>>;
const NAME = 'test-quota';
const DONGLE = 'example.com/dongle';

const hard: Amounts = {
  pods: '5',
  services: '10',
  'services.nodeports': '1',
  'services.loadbalancers': '1',
  replicationcontrollers: '10',
  resourcequotas: '1',
  cpu: '1',
  memory: '500Mi',
  configmaps: '10',
  secrets: '10',
  persistentvolumeclaims: '10',
  'requests.storage': '10Gi',
  'ephemeral-storage': '50Gi',
  'count/replicasets.apps': '5',
  [`requests.${DONGLE}`]: '3',
};

const makeQuota = (f: Framework, name: string, amounts: Amounts, scopes?: readonly string[]): Promise<Thing> =>
  f.api.create(f.at('resourcequotas'), {
    metadata: { name },
    spec: { hard: amounts, ...(scopes === undefined ? {} : { scopes }) },
  });

const same = (left: unknown, right: string): boolean =>
  typeof left === 'string' && quantityValue(left) === quantityValue(right);

/** Its status says so much is used. */
async function uses(f: Framework, used: Amounts, name = NAME): Promise<void> {
  let last: unknown;
  await f
    .until(
      async () => {
        last = at(await f.api.get(f.at('resourcequotas', name)), 'status', 'used');
        return Object.entries(used).every(([resource, amount]) => same(at(last, resource), amount));
      },
      `${name} to use ${JSON.stringify(used)}`,
      60_000,
    )
    .catch((error: unknown) => {
      throw new Error(`${String(error)}; it uses ${JSON.stringify(last)}`);
    });
}

const podFor = (name: string, requests: Amounts = {}, limits: Amounts = {}, more: object = {}) => ({
  metadata: { name },
  spec: {
    // No node is such: it waits for ever.
    nodeSelector: { 'x-test.k8s.io/unsatisfiable': 'not-schedulable' },
    containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10', resources: { requests, limits } }],
    ...more,
  },
});

const now = { gracePeriodSeconds: 0 };

/** Of one kind something is made and deleted, and the quota knows. */
async function captures(
  f: Framework,
  resource: string,
  counted: string,
  body: object,
  options?: object,
): Promise<void> {
  let before = 0;
  if (!resource.includes('/')) {
    await f.lab.clock.advance(20_000);
    before = (await f.api.get(f.at(resource))).items.length;
  }
  await makeQuota(f, NAME, { ...hard, [counted]: String(before + 1) });
  await uses(f, { resourcequotas: '1', [counted]: String(before) });
  const made = await f.api.create(f.at(resource), body);
  await uses(f, { [counted]: String(before + 1) });
  await f.api.delete(f.at(resource, made.metadata.name), options);
  await uses(f, { [counted]: String(before) });
}

const service = (name: string, more: object) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...more } });

/** Two quotas of opposite scopes; a pod counts for one of them only. */
async function scoped(f: Framework, scope: string, inside: object, outside: object, used: Amounts): Promise<void> {
  const zero = Object.fromEntries(Object.keys(used).map((each) => [each, '0']));
  const amounts = Object.fromEntries(
    Object.keys(used).map((each) => [each, each === 'pods' ? '5' : each.endsWith('cpu') ? '2' : '2Gi']),
  );
  const [name, opposite] = [`quota-${scope.toLowerCase()}`, `quota-not-${scope.toLowerCase()}`];
  await makeQuota(f, name, amounts, [scope]);
  await makeQuota(f, opposite, amounts, [`Not${scope}`]);
  await uses(f, zero, name);
  await uses(f, zero, opposite);
  for (const [body, mine, other] of [
    [inside, name, opposite],
    [outside, opposite, name],
  ] as const) {
    const made = await f.api.create(f.at('pods'), body);
    await uses(f, used, mine);
    await uses(f, zero, other);
    await f.api.delete(f.at('pods', made.metadata.name), now);
    await uses(f, zero, mine);
  }
}

const requests = { cpu: '500m', memory: '200Mi' };
const limits = { cpu: '1', memory: '400Mi' };

export const quota: Behaviours = area('[sig-api-machinery] ResourceQuota', {
  'should create a ResourceQuota and ensure its status is promptly calculated.': async (f) => {
    await makeQuota(f, NAME, hard);
    await uses(f, { resourcequotas: '1' });
  },

  'should create a ResourceQuota and capture the life of a service.': async (f) => {
    await makeQuota(f, NAME, hard);
    await uses(f, { resourcequotas: '1' });
    await f.api.create(f.at('services'), service('test-service', {}));
    await f.api.create(f.at('services'), service('test-service-np', { type: 'NodePort' }));
    await f.refused(f.api.create(f.at('services'), service('test-service-lb', { type: 'LoadBalancer' })), 403);
    await uses(f, { resourcequotas: '1', services: '2', 'services.nodeports': '1' });
    await f.api.delete(f.at('services', 'test-service'));
    await f.api.delete(f.at('services', 'test-service-np'));
    await uses(f, { services: '0', 'services.nodeports': '0' });
  },

  'should create a ResourceQuota and capture the life of a secret.': (f) =>
    captures(f, 'secrets', 'secrets', { metadata: { name: 'test-secret' }, data: { data: btoa('value-1') } }),

  'should create a ResourceQuota and capture the life of a configMap.': (f) =>
    captures(f, 'configmaps', 'configmaps', configMap('test-configmap', { a: 'b' })),

  'should create a ResourceQuota and capture the life of a replication controller.': (f) =>
    captures(
      f,
      'replicationcontrollers',
      'replicationcontrollers',
      {
        metadata: { name: 'test-rc' },
        spec: { replicas: 0, selector: { name: 'x' }, template: template({ name: 'x' }) },
      },
      { propagationPolicy: 'Background' },
    ),

  'should create a ResourceQuota and capture the life of a replica set.': (f) =>
    captures(f, 'apps/v1/replicasets', 'count/replicasets.apps', deployment('test-rs', 0)),

  'should create a ResourceQuota and capture the life of a pod.': async (f) => {
    await makeQuota(f, NAME, hard);
    await uses(f, { resourcequotas: '1' });
    const asked = { cpu: '500m', memory: '252Mi', 'ephemeral-storage': '30Gi', [DONGLE]: '2' };
    const made = await f.api.create(f.at('pods'), podFor('test-pod', asked, { [DONGLE]: '2' }));
    const used = {
      resourcequotas: '1',
      pods: '1',
      cpu: '500m',
      memory: '252Mi',
      'ephemeral-storage': '30Gi',
      [`requests.${DONGLE}`]: '2',
    };
    await uses(f, used);
    await f.refused(f.api.create(f.at('pods'), podFor('fail-pod', { cpu: '600m', memory: '100Mi' })), 403);
    await f.refused(
      f.api.create(
        f.at('pods'),
        podFor('fail-pod-for-extended-resource', { ...asked, memory: '100Mi' }, { [DONGLE]: '2' }),
      ),
      403,
    );
    const changed = structuredClone(made) as unknown as {
      spec: { containers: [{ resources: { requests: Amounts } }] };
    };
    changed.spec.containers[0].resources.requests = { cpu: '100m', memory: '100Mi', 'ephemeral-storage': '10Gi' };
    await f.refused(f.api.update(f.at('pods', 'test-pod'), changed));
    await uses(f, used);
    await f.api.delete(f.at('pods', 'test-pod'), now);
    await uses(f, { ...Object.fromEntries(Object.keys(used).map((each) => [each, '0'])), resourcequotas: '1' });
  },

  'should verify ResourceQuota with terminating scopes.': (f) =>
    scoped(
      f,
      'Terminating',
      podFor('terminating-pod', requests, limits, { activeDeadlineSeconds: 3600 }),
      podFor('test-pod', requests, limits),
      { pods: '1', 'requests.cpu': '500m', 'requests.memory': '200Mi', 'limits.cpu': '1', 'limits.memory': '400Mi' },
    ),

  'should verify ResourceQuota with best effort scope.': (f) =>
    scoped(f, 'BestEffort', podFor('pfpod'), podFor('burstable-pod', requests, limits), { pods: '1' }),

  'should be able to update and delete ResourceQuota.': async (f) => {
    await makeQuota(f, NAME, { cpu: '1', memory: '500Mi' });
    const path = f.at('resourcequotas', NAME);
    f.equal(at(await f.api.get(path), 'spec', 'hard'), { cpu: '1', memory: '500Mi' }, 'what was made');
    const wanted = { cpu: '2', memory: '1Gi' };
    await f.api.update(path, { metadata: { name: NAME }, spec: { hard: wanted } });
    f.equal(at(await f.api.get(path), 'spec', 'hard'), wanted, 'what was put');
    await f.api.delete(path);
    await f.refused(f.api.get(path), 404);
  },

  'should manage the lifecycle of a ResourceQuota': async (f) => {
    const labels = { 'e2e-rq-label': f.namespace };
    await f.api.create(f.at('resourcequotas'), {
      metadata: { name: NAME, labels },
      spec: { hard: { cpu: '1', memory: '500Mi' } },
    });
    const path = f.at('resourcequotas', NAME);
    const selector = `labelSelector=e2e-rq-label=${f.namespace}`;
    f.equal((await f.api.get(`/api/v1/resourcequotas?${selector}`)).items.length, 1, 'how many there are');
    const patched = await f.api.patch(
      path,
      { metadata: { labels: { [f.namespace]: 'patched' } }, spec: { hard: { memory: '750Mi' } } },
      patches.strategic,
    );
    f.equal(patched.metadata.labels?.[f.namespace], 'patched', 'the label');
    f.equal(at(patched, 'spec', 'hard'), { cpu: '1', memory: '750Mi' }, 'what was patched');
    await f.api.delete(`${f.at('resourcequotas')}?${selector}`);
    await f.refused(f.api.get(path), 404);
  },

  'should apply changes to a resourcequota status': async (f) => {
    const labels = { 'e2e-rq-label': f.namespace };
    const path = f.at('resourcequotas', NAME);
    const selector = `labelSelector=e2e-rq-label=${f.namespace}`;
    const { metadata } = await f.api.get(`/api/v1/resourcequotas?${selector}`);
    await f.api.create(f.at('resourcequotas'), {
      metadata: { name: NAME, labels },
      spec: { hard: { cpu: '500m', memory: '500Mi' } },
    });
    const watcher = await f.api.watch(
      `${f.at('resourcequotas')}?${selector}&resourceVersion=${metadata.resourceVersion}`,
    );
    const updated = await f.change(
      path,
      (thing) => ({ ...thing, status: { hard: { cpu: '500m', memory: '500Mi' } } }),
      '/status',
    );
    f.equal(at(updated, 'status', 'hard'), { cpu: '500m', memory: '500Mi' }, 'the status');
    await watcher.until('MODIFIED', '500m', 'status', 'hard', 'cpu');
    await f.api.patch(path, { spec: { hard: { cpu: '1', memory: '1Gi' } } });
    await watcher.until('MODIFIED', '1', 'spec', 'hard', 'cpu');
    await f.api.patch(`${path}/status`, { status: { hard: { cpu: '1', memory: '1Gi' } } });
    await f.until(
      async () => at(await f.api.get(`${path}/status`), 'status', 'hard', 'memory') === '1Gi',
      'the status to follow',
    );
    await f.lab.clock.advance(1000);
    const before = at(await f.api.get(path), 'spec');
    await retried(() =>
      f.api.patch(`${path}/status`, { spec: { hard: { cpu: '7' } }, status: { hard: { cpu: '2' } } }),
    );
    f.equal(at(await f.api.get(path), 'spec'), before, 'the spec after a patch of the status');
  },
});

async function retried(act: () => Promise<Thing>): Promise<Thing> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused && error.code === 409) return act();
    throw error;
  }
}
