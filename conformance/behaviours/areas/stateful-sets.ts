import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { HTTPD, exec, isReady } from '../pods';
import { conditionsOfStatus } from './operations';

const SETS = 'apps/v1/statefulsets';
const OLD = HTTPD;
const NEW = 'docker.io/library/httpd:2.4.65';
const HASH = 'controller-revision-hash';
const PAGE = '/usr/local/apache2/htdocs/index.html';
const LONG = 600_000;

async function create(
  f: Framework,
  name: string,
  replicas: number,
  spec: object = {},
  pod: object = {},
  container: object = {},
) {
  const labels = { foo: 'bar', baz: 'blah' };
  await f.api.create(f.at('services'), {
    metadata: { name: 'test', labels },
    spec: { clusterIP: 'None', selector: labels, ports: [{ port: 80, name: 'http' }] },
  });
  return f.api.create(f.at(SETS), {
    metadata: { name, labels: { e2e: f.namespace } },
    spec: {
      serviceName: 'test',
      replicas,
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      ...spec,
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'webserver',
              image: OLD,
              readinessProbe: {
                httpGet: { path: '/index.html', port: 80 },
                periodSeconds: 1,
                successThreshold: 1,
                failureThreshold: 1,
              },
              ...container,
            },
          ],
          ...pod,
        },
      },
    },
  });
}

const read = (f: Framework, name: string): Promise<Thing> => f.api.get(f.at(SETS, name));
const podsOf = async (f: Framework): Promise<readonly Thing[]> =>
  [...(await f.api.get(`${f.at('pods')}?labelSelector=foo%3Dbar`)).items].sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
const statusIs = (f: Framework, name: string, field: string, value: number): Promise<void> =>
  f.until(async () => (at(await read(f, name), 'status', field) ?? 0) === value, `${field} to be ${value}`, LONG);

const all = (f: Framework, count: number, wanted: boolean): Promise<void> =>
  f.until(
    async () => {
      const pods = await podsOf(f);
      return (
        pods.length === count &&
        pods.every((pod) => at(pod, 'status', 'phase') === 'Running' && isReady(pod) === wanted)
      );
    },
    `${count} pods, ready: ${wanted}`,
    LONG,
  );

/** The controller has seen what is wanted now. */
async function seen(f: Framework, name: string): Promise<Thing> {
  await f.until(async () => {
    const set = await read(f, name);
    return Number(at(set, 'status', 'observedGeneration')) >= (set.metadata.generation ?? 0);
  }, `${name} to be observed`);
  return read(f, name);
}

const hide = (f: Framework, pod: string): Promise<string> => exec(f, pod, `mv -v ${PAGE} /tmp/ || true`, 'webserver');
const bring = (f: Framework, pod: string): Promise<string> =>
  exec(f, pod, `mv -v /tmp/index.html ${PAGE} || true`, 'webserver');
async function each(f: Framework, act: (f: Framework, pod: string) => Promise<string>): Promise<void> {
  for (const { metadata } of await podsOf(f)) await act(f, metadata.name);
}

const scale = (f: Framework, name: string, replicas: number): Promise<Thing> =>
  f.api.patch(f.at(SETS, name), { spec: { replicas } });
const setImage = (f: Framework, name: string, image: string): Promise<Thing> =>
  f.api.patch(
    f.at(SETS, name),
    { spec: { template: { spec: { containers: [{ name: 'webserver', image }] } } } },
    patches.strategic,
  );

const revisionsOf = (set: Thing): readonly [current: unknown, update: unknown] => [
  at(set, 'status', 'currentRevision'),
  at(set, 'status', 'updateRevision'),
];

/** From `from` on the pods have the new image and revision, below it the old ones. */
async function parted(
  f: Framework,
  from: number,
  images: readonly [string, string],
  revisions: readonly [unknown, unknown],
) {
  const pods = await podsOf(f);
  pods.forEach((pod, index) => {
    const which = index < from ? 0 : 1;
    f.equal(at(pod, 'spec', 'containers', 0, 'image'), images[which], `the image of ${pod.metadata.name}`);
    f.equal(pod.metadata.labels?.[HASH], revisions[which], `the revision of ${pod.metadata.name}`);
  });
}

const rolled = (f: Framework, from: number, image: string): Promise<void> =>
  f.until(
    async () => {
      const pods = await podsOf(f);
      return (
        pods.length === 3 &&
        pods.every(isReady) &&
        pods.every((pod, index) => index < from || at(pod, 'spec', 'containers', 0, 'image') === image)
      );
    },
    'the pods to be updated',
    LONG,
  );

/** One pod is not ready, the template changes, the pod is ready again: all follow. Returns the new revision. */
async function roll(f: Framework, name: string, image: string): Promise<unknown> {
  const pod = `${name}-1`;
  await hide(f, pod);
  await f.until(async () => !isReady(await f.api.get(f.at('pods', pod))), `${pod} not to be ready`);
  await setImage(f, name, image);
  const [current, update] = revisionsOf(await seen(f, name));
  f.holds(current !== update, 'there is a new revision');
  await bring(f, pod);
  await rolled(f, 0, image);
  await f.until(async () => revisionsOf(await read(f, name))[0] === update, 'the revision to be the current one', LONG);
  await parted(f, 0, [image, image], [update, update]);
  return update;
}

const count = async (f: Framework, wanted: number, period = 10_000): Promise<void> => {
  await f.lab.clock.advance(period);
  f.equal((await podsOf(f)).length, wanted, 'how many pods there are');
};

export const statefulSets: Behaviours = area(
  '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic]',
  {
    'should perform rolling updates and roll backs of template modifications': async (f) => {
      await create(f, 'ss2', 3);
      await all(f, 3, true);
      const [first, same] = revisionsOf(await seen(f, 'ss2'));
      f.equal(first, same, 'the only revision');
      await parted(f, 0, [OLD, OLD], [first, first]);
      await roll(f, 'ss2', NEW);
      f.equal(await roll(f, 'ss2', OLD), first, 'the revision after going back');
    },

    'should perform canary updates and phased rolling updates of template modifications': async (f) => {
      const strategy = (partition: number) => ({ type: 'RollingUpdate', rollingUpdate: { partition } });
      const partition = (to: number): Promise<Thing> =>
        f.api.patch(f.at(SETS, 'ss2'), { spec: { updateStrategy: strategy(to) } });
      await create(f, 'ss2', 3, { updateStrategy: strategy(3) });
      await all(f, 3, true);
      const [first] = revisionsOf(await seen(f, 'ss2'));
      await parted(f, 3, [OLD, OLD], [first, first]);
      await setImage(f, 'ss2', NEW);
      const revisions = revisionsOf(await seen(f, 'ss2'));
      f.holds(revisions[0] !== revisions[1], 'there is a new revision');
      await parted(f, 3, [OLD, NEW], revisions);
      await partition(2);
      await rolled(f, 2, NEW);
      await parted(f, 2, [OLD, NEW], revisions);
      for (const index of [0, 2]) {
        await f.api.delete(f.at('pods', `ss2-${index}`));
        await f.lab.clock.advance(3000);
      }
      await all(f, 3, true);
      await parted(f, 2, [OLD, NEW], revisions);
      for (const to of [1, 0]) {
        await partition(to);
        await rolled(f, to, NEW);
        await parted(f, to, [OLD, NEW], revisions);
      }
      await f.until(async () => revisionsOf(await read(f, 'ss2'))[0] === revisions[1], 'the new revision', LONG);
    },

    'Scaling should happen in predictable order and halt if any stateful pod is unhealthy [Slow]': async (f) => {
      const watch = await f.api.watch(`${f.at('pods')}?labelSelector=foo%3Dbar`);
      const order = (type: string): readonly string[] =>
        watch.seen.filter((event) => event.type === type).map(({ object }) => object.metadata.name);
      await create(f, 'ss', 1);
      await all(f, 1, true);
      await each(f, hide);
      await all(f, 1, false);
      await statusIs(f, 'ss', 'readyReplicas', 0);
      await scale(f, 'ss', 3);
      await count(f, 1);
      await each(f, bring);
      await all(f, 3, true);
      f.equal(order('ADDED'), ['ss-0', 'ss-1', 'ss-2'], 'the order of creation');
      await each(f, hide);
      await statusIs(f, 'ss', 'readyReplicas', 0);
      await all(f, 3, false);
      await scale(f, 'ss', 0);
      await count(f, 3);
      await each(f, bring);
      await f.until(async () => (await podsOf(f)).length === 0, 'all pods to be gone', LONG);
      f.equal(order('DELETED'), ['ss-2', 'ss-1', 'ss-0'], 'the order of deletion');
    },

    'Burst scaling should run to completion even with unhealthy pods [Slow]': async (f) => {
      await create(f, 'ss', 1, { podManagementPolicy: 'Parallel' });
      await all(f, 1, true);
      await each(f, hide);
      await all(f, 1, false);
      await statusIs(f, 'ss', 'readyReplicas', 0);
      await scale(f, 'ss', 3);
      await f.until(async () => (await podsOf(f)).length === 3, 'three pods');
      await each(f, bring).catch(() => undefined);
      await f.until(
        async () => (await podsOf(f)).every((pod) => at(pod, 'status', 'phase') === 'Running'),
        'all to run',
      );
      await each(f, bring);
      await all(f, 3, true);
      await each(f, hide);
      await statusIs(f, 'ss', 'readyReplicas', 0);
      await all(f, 3, false);
      await scale(f, 'ss', 0);
      await f.until(async () => (await podsOf(f)).length === 0, 'all pods to be gone');
      await statusIs(f, 'ss', 'replicas', 0);
    },

    'Should recreate evicted statefulset': async (f) => {
      const ports = [{ hostPort: 21017, containerPort: 21017, name: 'conflict' }];
      await f.api.create(f.at('pods'), {
        metadata: { name: 'test-pod' },
        spec: {
          nodeName: 'node1',
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'webserver', image: HTTPD, ports }],
        },
      });
      await f.until(async () => isReady(await f.api.get(f.at('pods', 'test-pod'))), 'the first pod');
      const watch = await f.api.watch(`${f.at('pods')}?fieldSelector=metadata.name%3Dss-0`);
      await create(f, 'ss', 1, {}, { nodeName: 'node1' }, { ports });
      const { object } = await watch.until('ADDED', 'ss-0', 'metadata', 'name');
      await watch.until('DELETED', object.metadata.uid, 'metadata', 'uid');
      await f.api.delete(f.at('pods', 'test-pod'));
      await f.until(async () => {
        const { code, text } = await f.api.ask('GET', f.at('pods', 'ss-0'));
        if (code !== 200) return false;
        const pod = JSON.parse(text) as Thing;
        return pod.metadata.uid !== object.metadata.uid && at(pod, 'status', 'phase') === 'Running';
      }, 'the stateful pod to run');
    },

    'should have a working scale subresource': async (f) => {
      await create(f, 'ss', 1);
      await all(f, 1, true);
      const path = `${f.at(SETS, 'ss')}/scale`;
      f.equal(at(await f.api.get(path), 'spec', 'replicas'), 1, 'the scale');
      await f.change(path, (it) => ({ ...it, spec: { replicas: 2 } }));
      f.equal(at(await read(f, 'ss'), 'spec', 'replicas'), 2, 'the replicas');
      await f.api.patch(path, { spec: { replicas: 4 } }, patches.strategic);
      f.equal(at(await read(f, 'ss'), 'spec', 'replicas'), 4, 'the patched replicas');
    },

    'should list, patch and delete a collection of StatefulSets': async (f) => {
      await create(f, 'test-ss', 1);
      await all(f, 1, true);
      const selector = `labelSelector=e2e%3D${f.namespace}`;
      const listed = async (): Promise<readonly Thing[]> => (await f.api.get(`/apis/${SETS}?${selector}`)).items;
      f.equal((await listed()).length, 1, 'how many there are');
      await f.api.patch(
        f.at(SETS, 'test-ss'),
        {
          metadata: { labels: { own: 'patched' } },
          spec: {
            replicas: 2,
            template: { spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'webserver', image: NEW }] } },
          },
        },
        patches.strategic,
      );
      await seen(f, 'test-ss');
      await statusIs(f, 'test-ss', 'readyReplicas', 2);
      await statusIs(f, 'test-ss', 'updatedReplicas', 2);
      const set = await read(f, 'test-ss');
      f.equal(set.metadata.labels?.['own'], 'patched', 'the label');
      f.equal(at(set, 'spec', 'template', 'spec', 'containers', 0, 'image'), NEW, 'the image');
      await f.api.delete(`${f.at(SETS)}?${selector}`);
      await f.until(async () => (await listed()).length === 0, 'the collection to be deleted');
    },

    'should validate Statefulset Status endpoints': async (f) => {
      await create(f, 'ss', 1);
      await all(f, 1, true);
      await conditionsOfStatus(f, SETS, 'ss');
    },
  },
);
