import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { isReady } from '../pods';
import { conditionsOfStatus } from './operations';

const SETS = 'apps/v1/daemonsets';
const REVISIONS = 'apps/v1/controllerrevisions';
const NAME = 'daemon-set';
const PAUSE = 'registry.k8s.io/pause:3.10';
const OTHER = 'registry.k8s.io/pause:3.9';
const labels = { 'daemonset-name': NAME };
const HASH = 'controller-revision-hash';

const create = (f: Framework, podSpec: object = {}, spec: object = {}): Promise<Thing> =>
  f.api.create(f.at(SETS), {
    metadata: { name: NAME, labels: { ...labels, own: f.namespace } },
    spec: {
      selector: { matchLabels: labels },
      ...spec,
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'app', image: PAUSE, ports: [{ containerPort: 9376 }] }],
          ...podSpec,
        },
      },
    },
  });

const podsOf = async (f: Framework): Promise<readonly Thing[]> => (await f.api.get(f.at('pods'))).items;

/** Nodes whose taints such a pod need not tolerate. */
async function schedulable(f: Framework): Promise<readonly string[]> {
  const { items } = await f.api.get('/api/v1/nodes');
  return items.filter((node) => at(node, 'spec', 'taints') === undefined).map(({ metadata }) => metadata.name);
}

const running = (f: Framework, nodes: readonly string[]): Promise<void> =>
  f.until(
    async () => {
      const pods = (await podsOf(f)).filter((pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod));
      return (
        JSON.stringify(pods.map((pod) => at(pod, 'spec', 'nodeName')).sort()) === JSON.stringify([...nodes].sort())
      );
    },
    `pods on ${nodes.join(', ')}`,
  );

async function everywhere(f: Framework): Promise<void> {
  const nodes = await schedulable(f);
  await running(f, nodes);
  await f.until(async () => {
    const { status } = await f.api.get(f.at(SETS, NAME));
    return (
      at(status, 'desiredNumberScheduled') === nodes.length &&
      at(status, 'currentNumberScheduled') === nodes.length &&
      at(status, 'numberReady') === nodes.length
    );
  }, 'the status to say so');
}

const updated = (f: Framework, image: string): Promise<void> =>
  f.until(async () => {
    const pods = (await podsOf(f)).filter((pod) => pod.metadata.deletionTimestamp === undefined);
    return (
      pods.length === (await schedulable(f)).length &&
      pods.every((pod) => at(pod, 'spec', 'containers', 0, 'image') === image && isReady(pod))
    );
  }, `all pods to have ${image}`);

const setImage = (f: Framework, image: string): Promise<Thing> =>
  f.api.patch(
    f.at(SETS, NAME),
    { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } },
    patches.strategic,
  );

async function history(f: Framework, count: number): Promise<void> {
  const all = async (): Promise<readonly Thing[]> => (await f.api.get(f.at(REVISIONS))).items;
  await f.until(async () => (await all()).length === count, `${count} revisions`);
  const newest = [...(await all())].sort((a, b) => Number(b['revision']) - Number(a['revision']))[0];
  f.equal(newest?.['revision'], count, 'the newest revision');
  const hash = newest?.metadata.labels?.[HASH];
  f.holds(hash !== undefined, 'it has a hash');
  for (const { metadata } of await podsOf(f)) f.equal(metadata.labels?.[HASH], hash, 'the hash of a pod');
}

const color = (f: Framework, node: string, value: string | null): Promise<Thing> =>
  f.api.patch(`/api/v1/nodes/${node}`, { metadata: { labels: { 'daemonset-color': value } } }, patches.strategic);

export const daemonSets: Behaviours = {
  ...area('[sig-apps] Daemon set [Serial]', {
    'should run and stop simple daemon': async (f) => {
      await create(f);
      await everywhere(f);
      const [pod] = await podsOf(f);
      await f.api.delete(f.at('pods', pod?.metadata.name));
      await everywhere(f);
    },

    'should run and stop complex daemon': async (f) => {
      await create(f, { nodeSelector: { 'daemonset-color': 'blue' } });
      await f.lab.clock.advance(5000);
      f.equal((await podsOf(f)).length, 0, 'how many pods there are at first');
      const [node = ''] = await schedulable(f);
      try {
        await color(f, node, 'blue');
        await running(f, [node]);
        await color(f, node, 'green');
        await f.until(async () => (await podsOf(f)).length === 0, 'the pods to be gone');
        await f.api.patch(
          f.at(SETS, NAME),
          {
            spec: {
              template: { spec: { nodeSelector: { 'daemonset-color': 'green' } } },
              updateStrategy: { type: 'RollingUpdate' },
            },
          },
          patches.strategic,
        );
        await running(f, [node]);
      } finally {
        await color(f, node, null);
      }
    },

    'should retry creating failed daemon pods': async (f) => {
      await create(f);
      await everywhere(f);
      const [pod] = await podsOf(f);
      const path = f.at('pods', pod?.metadata.name);
      await f.change(path, (it) => ({ ...it, status: { ...(it['status'] as object), phase: 'Failed' } }), '/status');
      await f.until(async () => {
        const { code, text } = await f.api.ask('GET', path);
        return code === 404 || (JSON.parse(text) as Thing).metadata.uid !== pod?.metadata.uid;
      }, 'the failed pod to be deleted');
      await everywhere(f);
    },

    'should update pod when spec was updated and update strategy is RollingUpdate': async (f) => {
      await create(f, {}, { updateStrategy: { type: 'RollingUpdate' } });
      await everywhere(f);
      await history(f, 1);
      await setImage(f, OTHER);
      await updated(f, OTHER);
      await everywhere(f);
      await history(f, 2);
    },

    'should rollback without unnecessary restarts': async (f) => {
      await create(f, {}, { updateStrategy: { type: 'RollingUpdate' } });
      await everywhere(f);
      const missing = 'foo:non-existent';
      await setImage(f, missing);
      const imageOf = (pod: Thing): unknown => at(pod, 'spec', 'containers', 0, 'image');
      await f.until(async () => (await podsOf(f)).some((pod) => imageOf(pod) === missing), 'a new pod');
      const before = (await podsOf(f)).filter((pod) => imageOf(pod) === PAUSE);
      f.holds(before.length > 0, 'an old pod is left');
      await setImage(f, PAUSE);
      await updated(f, PAUSE);
      const after = (await podsOf(f)).map(({ metadata }) => metadata.uid);
      for (const { metadata } of before) f.holds(after.includes(metadata.uid), `${metadata.name} did not start anew`);
    },

    'should list and delete a collection of DaemonSets': async (f) => {
      await create(f);
      await everywhere(f);
      const selector = `labelSelector=own%3D${f.namespace}`;
      f.equal((await f.api.get(`/apis/${SETS}?${selector}`)).items.length, 1, 'how many there are');
      await f.api.delete(`${f.at(SETS)}?${selector}&gracePeriodSeconds=1`);
      f.equal((await f.api.get(`/apis/${SETS}?${selector}`)).items.length, 0, 'how many are left');
    },

    'should verify changes to a daemon set status': async (f) => {
      await create(f);
      await everywhere(f);
      await conditionsOfStatus(f, SETS, NAME);
    },
  }),

  ...area('[sig-apps] ControllerRevision [Serial]', {
    'should manage the lifecycle of a ControllerRevision': async (f) => {
      const owner = await create(f);
      await everywhere(f);
      const revisions = async (): Promise<readonly Thing[]> => (await f.api.get(f.at(REVISIONS))).items;
      const quantity = (count: number): Promise<void> =>
        f.until(async () => (await revisions()).length === count, `${count} revisions`);
      await quantity(1);
      const { items } = await f.api.get(`/apis/${REVISIONS}?labelSelector=daemonset-name%3D${NAME}`);
      const first = items.find(({ metadata }) => at(metadata.ownerReferences, 0, 'uid') === owner.metadata.uid);
      if (first === undefined) throw new Error('there is no revision');
      const { name } = first.metadata;
      const patched = await f.api.patch(f.at(REVISIONS, name), { metadata: { labels: { [name]: 'patched' } } });
      f.equal(patched.metadata.labels?.[name], 'patched', 'the label');
      const other = `${NAME}-another`;
      await f.api.create(f.at(REVISIONS), {
        metadata: {
          name: other,
          labels: { ...labels, [HASH]: 'another' },
          ownerReferences: first.metadata.ownerReferences,
        },
        data: first['data'],
        revision: Number(first['revision']) + 1,
      });
      await quantity(2);
      await f.api.delete(f.at(REVISIONS, name));
      await quantity(1);
      const [current] = await revisions();
      const left = current?.metadata.name ?? '';
      await f.change(f.at(REVISIONS, left), (it) => ({
        ...it,
        metadata: { ...it.metadata, labels: { ...it.metadata.labels, [left]: 'updated' } },
      }));
      await f.api.patch(
        f.at(SETS, NAME),
        { spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } } },
        patches.strategic,
      );
      await quantity(2);
      await f.api.delete(`${f.at(REVISIONS)}?labelSelector=${encodeURIComponent(`${left}=updated`)}`);
      await quantity(1);
      f.equal((await revisions())[0]?.['revision'], 3, 'the revision');
    },
  }),
};
