import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { isReady } from '../pods';
import { deployment, pausePod } from './objects';

const BUDGETS = 'policy/v1/poddisruptionbudgets';
const NAME = 'foo';
const labels = { foo: 'bar' };

const budget = (name: string, minAvailable: number | string, own: Readonly<Record<string, string>> = labels) => ({
  metadata: { name, labels: own },
  spec: { minAvailable, selector: { matchLabels: labels } },
});

/** Makes a budget and waits until the controller has looked at it. */
async function create(f: Framework, minAvailable: number | string, name = NAME, own = labels): Promise<string> {
  await f.api.create(f.at(BUDGETS), budget(name, minAvailable, own));
  const path = f.at(BUDGETS, name);
  await processed(f, path);
  return path;
}
const processed = (f: Framework, path: string): Promise<void> =>
  f.until(async () => {
    const found = await f.api.get(path);
    return Number(at(found, 'status', 'observedGeneration') ?? 0) >= (found.metadata.generation ?? 0);
  }, 'the budget to be processed');

async function readyPods(f: Framework, count: number): Promise<readonly Thing[]> {
  const all = async (): Promise<readonly Thing[]> =>
    (await f.api.get(f.at('pods'))).items.filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined);
  await f.until(async () => (await all()).length >= count, `${count} ready pods`);
  return all();
}

async function pods(f: Framework, count: number): Promise<readonly Thing[]> {
  for (let index = 0; index < count; index++) await f.api.create(f.at('pods'), pausePod(`pod-${index}`, {}, labels));
  return readyPods(f, count);
}

const evict = (f: Framework, pod: Thing | undefined): Promise<Thing> =>
  f.api.create(f.at('pods', `${pod?.metadata.name}/eviction`), {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod?.metadata.name, namespace: f.namespace },
  });

async function blocked(f: Framework, pod: Thing | undefined): Promise<void> {
  const { status } = await f.refused(evict(f, pod), 429);
  f.equal(at(status, 'details', 'causes', 0, 'reason'), 'DisruptionBudget', 'the cause');
}

const observed = (f: Framework, path: string, healthy: number, desired: number): Promise<void> =>
  f.until(async () => {
    const found = await f.api.get(path);
    return (
      at(found, 'status', 'observedGeneration') === found.metadata.generation &&
      at(found, 'status', 'currentHealthy') === healthy &&
      at(found, 'status', 'desiredHealthy') === desired
    );
  }, 'the budget to count its pods');

export const budgets: Behaviours = area('[sig-apps] DisruptionController', {
  'Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets': async (
    f,
  ) => {
    const own = { foo_pdb: f.namespace };
    const other = `${f.namespace}-other`;
    await f.createNamespace(other);
    await f.api.create(f.at(BUDGETS), budget('foo', 2, own));
    await f.api.create(f.at(BUDGETS), budget('foo2', '1%', own));
    await f.api.create(f.at(BUDGETS, undefined, other), budget('foo3', 2, own));
    const names = async (path: string): Promise<readonly string[]> =>
      (await f.api.get(`${path}?labelSelector=foo_pdb%3D${f.namespace}`)).items
        .map(({ metadata }) => metadata.name)
        .sort();
    f.equal(await names(`/apis/${BUDGETS}`), ['foo', 'foo2', 'foo3'], 'all');
    f.equal(await names(f.at(BUDGETS)), ['foo', 'foo2'], 'all of the namespace');
    await f.api.delete(f.at(BUDGETS));
    await f.until(async () => (await names(f.at(BUDGETS))).length === 0, 'the collection to be deleted');
    f.equal(await names(`/apis/${BUDGETS}`), ['foo3'], 'what is left');
  },

  'should create a PodDisruptionBudget': async (f) => {
    const path = await create(f, '1%');
    const updated = await f.change(path, (it) => ({ ...it, spec: { ...(it['spec'] as object), minAvailable: '2%' } }));
    f.equal(at(updated, 'spec', 'minAvailable'), '2%', 'what is updated');
    await processed(f, path);
    const patched = await f.api.patch(path, { spec: { minAvailable: '3%' } }, patches.strategic);
    f.equal(at(patched, 'spec', 'minAvailable'), '3%', 'what is patched');
    await f.api.delete(path);
    await f.gone(path);
  },

  'should observe PodDisruptionBudget status updated': async (f) => {
    const path = await create(f, 1);
    await pods(f, 3);
    await f.until(
      async () => Number(at(await f.api.get(path), 'status', 'disruptionsAllowed')) > 0,
      'disruptions to be allowed',
    );
  },

  'should update/patch PodDisruptionBudget status': async (f) => {
    const path = await create(f, 1);
    const [pod] = await pods(f, 1);
    const name = pod?.metadata.name ?? '';
    await f.change(
      path,
      (it) => ({
        ...it,
        status: {
          ...(it['status'] as object),
          disruptedPods: { [name]: new Date(f.lab.clock.now).toISOString().replace(/\.\d+Z/, 'Z') },
        },
      }),
      '/status',
    );
    const found = await f.api.get(`${path}/status`);
    f.holds(at(found, 'status', 'disruptedPods', name) !== undefined, `${name} is among the disrupted`);
    const patched = await f.api.patch(`${path}/status`, { status: { disruptedPods: { [name]: null } } });
    f.equal(at(patched, 'status', 'disruptedPods', name), undefined, 'the disrupted pod');
  },

  'should block an eviction until the PDB is updated to allow it': async (f) => {
    const path = await create(f, 3);
    await f.api.create(f.at('apps/v1/replicasets'), deployment('rs', 3, labels));
    const [pod] = await readyPods(f, 3);
    await blocked(f, pod);
    await f.change(path, (it) => ({ ...it, spec: { ...(it['spec'] as object), minAvailable: 2 } }));
    await readyPods(f, 3);
    await observed(f, path, 3, 2);
    await evict(f, pod);
    await f.api.patch(path, { spec: { minAvailable: null, maxUnavailable: 0 } });
    await processed(f, path);
    const [other] = await readyPods(f, 3);
    await blocked(f, other);
    await f.api.delete(path);
    await f.gone(path);
    await readyPods(f, 3);
    await evict(f, other);
  },
});
