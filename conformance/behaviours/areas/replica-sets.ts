import { at, patches, type Thing } from '../client';
import { area, type Behaviour, type Behaviours, type Framework } from '../framework';
import { condition, isReady, shellContainer, serve } from '../pods';
import { template } from './objects';
import { conditionsOfStatus } from './operations';

/** What upstream tests of both kinds; they differ in their selectors. */
interface Kind {
  readonly resource: string;
  readonly kind: string;
  readonly selector: (labels: Readonly<Record<string, string>>) => object;
}
const sets: Kind = {
  resource: 'apps/v1/replicasets',
  kind: 'ReplicaSet',
  selector: (matchLabels) => ({ matchLabels }),
};
const controllers: Kind = {
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  selector: (labels) => labels,
};

const NAME = 'test-rs';
const labels = { name: NAME };
const body = (
  { selector }: Kind,
  replicas: number,
  own: Readonly<Record<string, string>> = labels,
  more: object = {},
) => ({
  metadata: { name: NAME, labels: own },
  spec: { replicas, selector: selector(own), template: { ...template(own), ...more } },
});

const read = (f: Framework, kind: Kind): Promise<Thing> => f.api.get(f.at(kind.resource, NAME));
const ready = (f: Framework, kind: Kind, count: number): Promise<void> =>
  f.until(async () => (at(await read(f, kind), 'status', 'readyReplicas') ?? 0) === count, `${count} ready replicas`);
const podsOf = async (f: Framework): Promise<readonly Thing[]> => (await f.api.get(f.at('pods'))).items;
const ownerOf = async (f: Framework, name: string): Promise<unknown> =>
  at(await f.api.get(f.at('pods', name)), 'metadata', 'ownerReferences', 0, 'uid');

/** Each replica answers with its own name. */
const serves =
  (kind: Kind): Behaviour =>
  async (f) => {
    const containers = [
      shellContainer(serve('$(hostname)').replaceAll("'", ''), 'web', { ports: [{ containerPort: 80 }] }),
    ];
    await f.api.create(
      f.at(kind.resource),
      body(kind, 2, labels, { spec: { terminationGracePeriodSeconds: 0, containers } }),
    );
    await ready(f, kind, 2);
    for (const pod of await podsOf(f)) {
      const { name } = pod.metadata;
      await f.until(async () => {
        const { code, text } = await f.api.ask('GET', `${f.at('pods', `${name}:80`)}/proxy/`);
        return code === 200 && text.trim() === name;
      }, `${name} to answer`);
    }
  };

async function orphanPod(f: Framework): Promise<void> {
  await f.api.create(f.at('pods'), { metadata: { name: 'pod-adoption', labels }, spec: template(labels).spec });
  await f.until(async () => isReady(await f.api.get(f.at('pods', 'pod-adoption'))), 'the orphan');
}
async function adopted(f: Framework, kind: Kind): Promise<Thing> {
  await orphanPod(f);
  const made = await f.api.create(f.at(kind.resource), body(kind, 1));
  await f.until(async () => (await ownerOf(f, 'pod-adoption')) === made.metadata.uid, 'the orphan to be adopted');
  return made;
}
async function released(f: Framework, name: string): Promise<void> {
  await f.change(f.at('pods', name), (it) => ({
    ...it,
    metadata: { ...it.metadata, labels: { ...it.metadata.labels, name: 'not-matching-name' } },
  }));
  await f.until(async () => (await ownerOf(f, name)) === undefined, 'the pod to be released');
}

const scaled =
  (kind: Kind, patchTo?: number): Behaviour =>
  async (f) => {
    await f.api.create(f.at(kind.resource), body(kind, 1));
    await ready(f, kind, 1);
    const path = `${f.at(kind.resource, NAME)}/scale`;
    f.equal(at(await f.api.get(path), 'spec', 'replicas'), 1, 'the scale');
    await f.change(path, (scale) => ({ ...scale, spec: { replicas: 2 } }));
    f.equal(at(await read(f, kind), 'spec', 'replicas'), 2, 'the replicas');
    await ready(f, kind, 2);
    if (patchTo === undefined) return;
    await f.api.patch(path, { spec: { replicas: patchTo } }, patches.strategic);
    f.equal(at(await read(f, kind), 'spec', 'replicas'), patchTo, 'the patched replicas');
  };

export const replicaSets: Behaviours = {
  ...area('[sig-apps] ReplicaSet', {
    'should serve a basic image on each replica with a public image': serves(sets),
    'should adopt matching pods on creation and release no longer matching pods': async (f) => {
      await adopted(f, sets);
      await released(f, 'pod-adoption');
    },
    'Replicaset should have a working scale subresource': scaled(sets, 4),
    'Replace and Patch tests': async (f) => {
      const path = f.at(sets.resource, NAME);
      await f.api.create(f.at('pods'), { metadata: { name: 'first', labels }, spec: template(labels).spec });
      await f.api.create(f.at(sets.resource), body(sets, 1));
      await ready(f, sets, 1);
      await f.change(path, (it) => ({ ...it, spec: { ...(it['spec'] as object), replicas: 2 } }));
      await ready(f, sets, 2);
      const containers = [{ name: 'nginx', image: 'registry.k8s.io/pause:3.9' }];
      await f.api.patch(
        path,
        {
          metadata: { labels: { 'test-rs': 'patched' } },
          spec: { replicas: 3, template: { spec: { terminationGracePeriodSeconds: 0, containers } } },
        },
        patches.strategic,
      );
      await ready(f, sets, 3);
      const now = await read(f, sets);
      f.equal(now.metadata.labels?.['test-rs'], 'patched', 'the label');
      f.equal(at(now, 'spec', 'template', 'spec', 'containers', 0, 'image'), 'registry.k8s.io/pause:3.9', 'the image');
    },
    'should list and delete a collection of ReplicaSets': async (f) => {
      const own = { name: NAME, e2e: f.namespace };
      await f.api.create(f.at(sets.resource), body(sets, 3, own));
      await ready(f, sets, 3);
      const selector = `labelSelector=e2e%3D${f.namespace}`;
      f.equal((await f.api.get(`/apis/${sets.resource}?${selector}`)).items.length, 1, 'how many there are');
      await f.api.delete(`${f.at(sets.resource)}?${selector}`);
      await f.until(
        async () => (await f.api.get(`/apis/${sets.resource}?${selector}`)).items.length === 0,
        'the collection to be deleted',
      );
    },
    'should validate Replicaset Status endpoints': async (f) => {
      await f.api.create(f.at(sets.resource), body(sets, 1));
      await ready(f, sets, 1);
      await conditionsOfStatus(f, sets.resource, NAME);
    },
  }),

  ...area('[sig-apps] ReplicationController', {
    'should serve a basic image on each replica with a public image': serves(controllers),
    'should adopt matching pods on creation': async (f) => {
      await adopted(f, controllers);
    },
    'should release no longer matching pods': async (f) => {
      await f.api.create(f.at(controllers.resource), body(controllers, 1));
      await ready(f, controllers, 1);
      const [pod] = await podsOf(f);
      await released(f, pod?.metadata.name ?? '');
    },
    'should get and update a ReplicationController scale': scaled(controllers),
    'should surface a failure condition on a common issue like exceeded quota': async (f) => {
      await f.api.create(f.at('resourcequotas'), {
        metadata: { name: 'condition-test' },
        spec: { hard: { pods: '2' } },
      });
      await f.until(
        async () => at(await f.api.get(f.at('resourcequotas', 'condition-test')), 'status', 'hard', 'pods') === '2',
        'the quota',
      );
      await f.api.create(f.at(controllers.resource), body(controllers, 3));
      const fails = async (): Promise<boolean> => condition(await read(f, controllers), 'ReplicaFailure') !== undefined;
      await f.until(fails, 'the failure to be told');
      await f.change(f.at(controllers.resource, NAME), (it) => ({
        ...it,
        spec: { ...(it['spec'] as object), replicas: 2 },
      }));
      await f.until(async () => !(await fails()), 'the failure to be gone');
    },
    'should test the lifecycle of a ReplicationController': async (f) => {
      const path = f.at(controllers.resource, NAME);
      const own = { name: NAME, 'test-rc-static': 'true' };
      const watch = await f.api.watch(`${f.at(controllers.resource)}?labelSelector=test-rc-static%3Dtrue`);
      await f.api.create(f.at(controllers.resource), body(controllers, 1, own));
      await watch.until('ADDED', NAME, 'metadata', 'name');
      await watch.until('MODIFIED', 1, 'status', 'readyReplicas');
      await f.api.patch(path, { metadata: { labels: { 'test-rc': 'patched' } } }, patches.strategic);
      await watch.until('MODIFIED', 'patched', 'metadata', 'labels', 'test-rc');
      await f.api.patch(`${path}/status`, { status: { readyReplicas: 0, availableReplicas: 0 } });
      await watch.until('MODIFIED', undefined);
      f.equal((await f.api.get(`${path}/status`)).metadata.name, NAME, 'whose status it is');
      await ready(f, controllers, 1);
      await f.api.patch(`${path}/scale`, { spec: { replicas: 2 } }, patches.strategic);
      await watch.until('MODIFIED', 2, 'status', 'readyReplicas');
      f.equal(at(await f.api.get(`${path}/scale`), 'spec', 'replicas'), 2, 'the scale');
      const { items } = await f.api.get(`/api/v1/replicationcontrollers?labelSelector=test-rc-static%3Dtrue`);
      f.equal(items.filter(({ metadata }) => metadata.namespace === f.namespace).length, 1, 'how many there are');
      await f.change(path, (it) => ({
        ...it,
        metadata: { ...it.metadata, labels: { ...it.metadata.labels, 'test-rc': 'updated' } },
      }));
      await watch.until('MODIFIED', 'updated', 'metadata', 'labels', 'test-rc');
      await f.api.delete(`${f.at(controllers.resource)}?labelSelector=test-rc-static%3Dtrue`);
      await watch.until('DELETED', NAME, 'metadata', 'name');
    },
  }),
};
