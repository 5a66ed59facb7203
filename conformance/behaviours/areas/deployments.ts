import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { HTTPD, condition } from '../pods';
import { deployment } from './objects';

const PAUSE = 'registry.k8s.io/pause:3.10';
const DEPLOYMENTS = 'apps/v1/deployments';
const SETS = 'apps/v1/replicasets';
const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

interface Plan {
  readonly replicas?: number;
  readonly image?: string;
  readonly container?: string;
  readonly spec?: object;
  readonly labels?: Readonly<Record<string, string>>;
}

const pods = (labels: Readonly<Record<string, string>>, container: string, image: string) => ({
  metadata: { labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: container, image }] },
});

const create = (f: Framework, resource: string, name: string, plan: Plan = {}): Promise<Thing> => {
  const { replicas = 1, image = PAUSE, container = 'nginx', spec, labels = { name } } = plan;
  return f.api.create(f.at(resource), {
    metadata: { name, labels },
    spec: { replicas, selector: { matchLabels: labels }, template: pods(labels, container, image), ...spec },
  });
};

const read = (f: Framework, name: string): Promise<Thing> => f.api.get(f.at(DEPLOYMENTS, name));
const count = (thing: Thing, field: string): number => Number(at(thing, 'status', field) ?? 0);

/** All are there, new and available, and the controller has seen it. */
const isComplete = (it: Thing): boolean => {
  const replicas = at(it, 'spec', 'replicas');
  return (
    count(it, 'updatedReplicas') === replicas &&
    count(it, 'replicas') === replicas &&
    count(it, 'availableReplicas') === replicas &&
    count(it, 'observedGeneration') >= (it.metadata.generation ?? 0)
  );
};
const complete = (f: Framework, name: string): Promise<void> =>
  f.until(async () => isComplete(await read(f, name)), `${name} to be complete`, 300_000);

const setsOf = async (f: Framework, owner: Thing): Promise<readonly Thing[]> =>
  (await f.api.get(f.at(SETS))).items.filter(
    ({ metadata }) => at(metadata.ownerReferences, 0, 'uid') === owner.metadata.uid,
  );

/** The replica set of the template that a deployment has now. */
async function newSet(f: Framework, name: string): Promise<Thing> {
  let found: Thing | undefined;
  await f.until(async () => {
    const owner = await read(f, name);
    const revision = owner.metadata.annotations?.[REVISION];
    const image = at(owner, 'spec', 'template', 'spec', 'containers', 0, 'image');
    found = (await setsOf(f, owner)).find(
      (set) =>
        set.metadata.annotations?.[REVISION] === revision &&
        at(set, 'spec', 'template', 'spec', 'containers', 0, 'image') === image,
    );
    return found !== undefined;
  }, `the new replica set of ${name}`);
  if (found === undefined) throw new Error('no replica set');
  return found;
}

async function revised(f: Framework, name: string, revision: string, image: string): Promise<void> {
  await f.until(async () => {
    const it = await read(f, name);
    return it.metadata.annotations?.[REVISION] === revision;
  }, `revision ${revision} of ${name}`);
  const set = await newSet(f, name);
  f.equal(set.metadata.annotations?.[REVISION], revision, 'the revision of the replica set');
  f.equal(at(set, 'spec', 'template', 'spec', 'containers', 0, 'image'), image, 'its image');
  f.holds(set.metadata.labels?.[HASH] !== undefined, 'it has the hash of its template');
}

const setImage = (f: Framework, name: string, image: string, container = 'nginx'): Promise<Thing> =>
  f.change(f.at(DEPLOYMENTS, name), (it) => ({
    ...it,
    spec: {
      ...(it['spec'] as object),
      template: pods(at(it, 'spec', 'template', 'metadata', 'labels') as Record<string, string>, container, image),
    },
  }));

const sizes = (f: Framework, set: Thing, replicas: number, available?: number): Promise<void> =>
  f.until(async () => {
    const now = await f.api.get(f.at(SETS, set.metadata.name));
    return (
      at(now, 'spec', 'replicas') === replicas &&
      (available === undefined
        ? count(now, 'replicas') === replicas && count(now, 'observedGeneration') >= (now.metadata.generation ?? 0)
        : count(now, 'availableReplicas') === available)
    );
  }, `${set.metadata.name} to have ${replicas}`);

/** A replica set with a running pod, which a deployment of `labels` adopts. */
async function orphan(f: Framework, name: string, labels: Readonly<Record<string, string>>, annotations: object = {}) {
  const own = { ...labels, pod: 'httpd' };
  await f.api.create(f.at(SETS), {
    metadata: { name, annotations, labels: own },
    spec: { replicas: 1, selector: { matchLabels: own }, template: pods(own, 'httpd', HTTPD) },
  });
  await f.until(async () => count(await f.api.get(f.at(SETS, name)), 'availableReplicas') === 1, 'the first pod');
}

const rolling = (maxSurge: number, maxUnavailable: number) => ({
  type: 'RollingUpdate',
  rollingUpdate: { maxSurge, maxUnavailable },
});

export const deployments: Behaviours = area('[sig-apps] Deployment', {
  'RollingUpdateDeployment should delete old pods and create new ones': async (f) => {
    const labels = { name: 'sample-pod' };
    await orphan(f, 'test-rolling-update-controller', labels, { [REVISION]: '3546343826724305832' });
    const name = 'test-rolling-update-deployment';
    const made = await create(f, DEPLOYMENTS, name, { labels });
    await revised(f, name, '3546343826724305833', PAUSE);
    await complete(f, name);
    const set = await newSet(f, name);
    const old = (await setsOf(f, made)).filter(({ metadata }) => metadata.uid !== set.metadata.uid);
    f.equal(
      old.map(({ metadata }) => metadata.name),
      ['test-rolling-update-controller'],
      'the adopted sets',
    );
  },

  'RecreateDeployment should delete old pods and create new ones': async (f) => {
    const name = 'test-recreate-deployment';
    await create(f, DEPLOYMENTS, name, { spec: { strategy: { type: 'Recreate' } } });
    await revised(f, name, '1', PAUSE);
    await complete(f, name);
    const watch = await f.api.watch(`${f.at(DEPLOYMENTS)}?fieldSelector=metadata.name%3D${name}`);
    await setImage(f, name, HTTPD, 'httpd');
    await complete(f, name);
    for (const { object } of watch.seen)
      f.holds(
        count(object, 'updatedReplicas') === 0 || count(object, 'replicas') === count(object, 'updatedReplicas'),
        'no new pods run beside old ones',
      );
  },

  'deployment should delete old replica sets': async (f) => {
    const labels = { name: 'cleanup-pod' };
    await orphan(f, 'test-cleanup-controller', labels);
    const { metadata } = await f.api.get(f.at('pods'));
    const watch = await f.api.watch(`${f.at('pods')}?resourceVersion=${metadata.resourceVersion}`);
    const name = 'test-cleanup-deployment';
    const made = await create(f, DEPLOYMENTS, name, { labels, spec: { revisionHistoryLimit: 0 } });
    await complete(f, name);
    await f.until(async () => (await setsOf(f, made)).length === 1, 'the old set to be deleted');
    const added = watch.seen.filter(({ type }) => type === 'ADDED');
    f.equal(
      added.map(({ object }) => at(object, 'spec', 'containers', 0, 'name')),
      ['nginx'],
      'the pods that were created',
    );
  },

  'deployment should support rollover': async (f) => {
    const labels = { name: 'rollover-pod' };
    await orphan(f, 'test-rollover-controller', labels);
    const name = 'test-rollover-deployment';
    const missing = 'gcr.io/google_samples/gb-redisslave:nonexistent';
    await create(f, DEPLOYMENTS, name, {
      labels,
      image: missing,
      container: 'redis-slave',
      spec: { strategy: rolling(1, 0), minReadySeconds: 10 },
    });
    await f.until(async () => count(await read(f, name), 'updatedReplicas') >= 1, 'an updated replica');
    await revised(f, name, '1', missing);
    const old = await f.api.get(f.at(SETS, 'test-rollover-controller'));
    const stuck = await newSet(f, name);
    await sizes(f, old, 1);
    await sizes(f, stuck, 1);
    await setImage(f, name, PAUSE);
    await revised(f, name, '2', PAUSE);
    await complete(f, name);
    await sizes(f, old, 0);
    await sizes(f, stuck, 0);
  },

  'Deployment should have a working scale subresource': async (f) => {
    const name = 'test-new-deployment';
    await create(f, DEPLOYMENTS, name);
    await complete(f, name);
    const path = `${f.at(DEPLOYMENTS, name)}/scale`;
    f.equal(at(await f.api.get(path), 'spec', 'replicas'), 1, 'the scale');
    const updated = await f.change(path, (scale) => ({ ...scale, spec: { replicas: 2 } }));
    f.equal(at(updated, 'spec', 'replicas'), 2, 'the updated scale');
    f.equal(at(await read(f, name), 'spec', 'replicas'), 2, 'the replicas');
    await f.api.patch(path, { spec: { replicas: 4 } }, patches.strategic);
    f.equal(at(await read(f, name), 'spec', 'replicas'), 4, 'the patched replicas');
  },

  'deployment should support proportional scaling': async (f) => {
    const name = 'webserver-deployment';
    await create(f, DEPLOYMENTS, name, { replicas: 10, spec: { strategy: rolling(3, 2) } });
    await complete(f, name);
    const first = await newSet(f, name);
    await setImage(f, name, 'webserver:404');
    await sizes(f, first, 8, 8);
    await sizes(f, first, 8);
    const second = await newSet(f, name);
    f.equal(count(second, 'availableReplicas'), 0, 'what is available of the second');
    await sizes(f, second, 5);
    f.holds(count(await read(f, name), 'availableReplicas') >= 8, 'eight are available');
    await f.api.patch(f.at(DEPLOYMENTS, name), { spec: { replicas: 30 } });
    await sizes(f, first, 20);
    await sizes(f, second, 13);
  },

  'should run the lifecycle of a Deployment': async (f) => {
    const labels = { 'test-deployment-static': 'true' };
    const name = 'test-deployment';
    const path = f.at(DEPLOYMENTS, name);
    const selected = `${f.at(DEPLOYMENTS)}?labelSelector=test-deployment-static%3Dtrue`;
    const watch = await f.api.watch(selected);
    await create(f, DEPLOYMENTS, name, { labels, replicas: 2, container: name });
    await watch.until('ADDED', name, 'metadata', 'name');
    await watch.until('MODIFIED', 2, 'status', 'readyReplicas');
    const containers = [{ name, image: HTTPD }];
    await f.api.patch(
      path,
      {
        metadata: { labels: { 'test-deployment': 'patched' } },
        spec: { replicas: 1, template: { spec: { terminationGracePeriodSeconds: 2, containers } } },
      },
      patches.strategic,
    );
    await watch.until('MODIFIED', 'patched', 'metadata', 'labels', 'test-deployment');
    await complete(f, name);
    f.equal(count(await read(f, name), 'readyReplicas'), 1, 'how many are ready');
    f.equal((await f.api.get(selected)).items.length, 1, 'how many are listed');
    await f.change(path, (it) => ({
      ...it,
      metadata: { ...it.metadata, labels: { ...labels, 'test-deployment': 'updated' } },
      spec: { ...(it['spec'] as object), replicas: 2, template: pods(labels, name, PAUSE) },
    }));
    await watch.until('MODIFIED', 'updated', 'metadata', 'labels', 'test-deployment');
    const status = await f.api.get(`${path}/status`);
    f.equal(at(status, 'spec', 'template', 'spec', 'containers', 0, 'image'), PAUSE, 'the updated image');
    f.equal(status.metadata.labels?.['test-deployment'], 'updated', 'the updated label');
    await complete(f, name);
    await f.api.patch(
      `${path}/status`,
      { metadata: { labels: { 'test-deployment': 'patched-status' } }, status: { readyReplicas: 0 } },
      patches.strategic,
    );
    await watch.until('MODIFIED', 'patched-status', 'metadata', 'labels', 'test-deployment');
    await complete(f, name);
    await f.until(async () => count(await read(f, name), 'readyReplicas') === 2, 'both to be ready again');
    await f.api.delete(`${selected}&gracePeriodSeconds=1`);
    await watch.until('DELETED', name, 'metadata', 'name');
  },

  'should validate Deployment Status endpoints': async (f) => {
    const name = 'test-deployment-status';
    const path = f.at(DEPLOYMENTS, name);
    await f.api.create(f.at(DEPLOYMENTS), deployment(name, 1, { name, e2e: 'testing' }));
    await complete(f, name);
    const watch = await f.api.watch(`${f.at(DEPLOYMENTS)}?fieldSelector=metadata.name%3D${name}`);
    await f.api.get(`${path}/status`);
    const own = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    const updated = await f.change(
      path,
      (it) => ({
        ...it,
        status: {
          ...(it['status'] as object),
          conditions: [...((at(it, 'status', 'conditions') ?? []) as readonly object[]), own],
        },
      }),
      '/status',
    );
    f.equal(at(condition(updated, 'StatusUpdate'), 'message'), own.message, 'the updated condition');
    await f.until(
      async () => watch.seen.some(({ object }) => condition(object, 'StatusUpdate') !== undefined),
      'the watch to say so',
    );
    await f.api.patch(`${path}/status`, { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } });
    await f.until(
      async () => watch.seen.some(({ object }) => condition(object, 'StatusPatched') !== undefined),
      'the watch to tell of the patch',
    );
  },
});
