import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { deployment, pausePod, template } from './objects';

const REPLICAS = 100;
const controller = (name: string, replicas: number, labels: Readonly<Record<string, string>>) => ({
  metadata: { name },
  spec: { replicas, selector: labels, template: template(labels) },
});

const count = async (f: Framework, resource: string): Promise<number> => (await f.api.get(f.at(resource))).items.length;

const remain = (f: Framework, wanted: Readonly<Record<string, number>>): Promise<void> =>
  f.until(
    async () => {
      for (const [resource, number] of Object.entries(wanted)) if ((await count(f, resource)) !== number) return false;
      return true;
    },
    `${JSON.stringify(wanted)} to remain`,
  );

/** A controller whose pods are all there. */
async function replicated(f: Framework, name: string, replicas: number): Promise<Thing> {
  const made = await f.api.create(f.at('replicationcontrollers'), controller(name, replicas, { gctest: name }));
  await f.until(
    async () => at(await f.api.get(f.at('replicationcontrollers', name)), 'status', 'replicas') === replicas,
    'all replicas',
  );
  return made;
}

const deleteIt = (f: Framework, resource: string, { metadata }: Thing, propagationPolicy: string): Promise<Thing> =>
  f.api.delete(f.at(resource, metadata.name), { propagationPolicy, preconditions: { uid: metadata.uid } });

const owner = (kind: string, { metadata: { name, uid } }: Thing, more: object = {}) => ({
  metadata: { ownerReferences: [{ apiVersion: 'v1', kind, name, uid, ...more }] },
});

async function deployed(f: Framework): Promise<{ readonly made: Thing; readonly set: Thing }> {
  const made = await f.api.create(f.at('apps/v1/deployments'), deployment('simpletest.deployment', 2));
  await f.until(async () => (await count(f, 'apps/v1/replicasets')) > 0, 'a replica set');
  const [set] = (await f.api.get(f.at('apps/v1/replicasets'))).items;
  if (set === undefined) throw new Error('no replica set');
  return { made, set };
}

export const garbage: Behaviours = area('[sig-api-machinery] Garbage collector', {
  'should delete pods created by rc when not orphaning': async (f) => {
    const made = await f.api.create(
      f.at('replicationcontrollers'),
      controller('simpletest.rc', 2, { gctest: 'delete-pods' }),
    );
    await f.until(async () => (await count(f, 'pods')) > 0, 'a pod');
    await deleteIt(f, 'replicationcontrollers', made, 'Background');
    await remain(f, { replicationcontrollers: 0, pods: 0 });
  },

  'should orphan pods created by rc if delete options say so [Serial]': async (f) => {
    const made = await replicated(f, 'simpletest.rc', REPLICAS);
    await deleteIt(f, 'replicationcontrollers', made, 'Orphan');
    await remain(f, { replicationcontrollers: 0 });
    await f.lab.clock.advance(30_000);
    f.equal(await count(f, 'pods'), REPLICAS, 'pods that are left');
  },

  'should delete RS created by deployment when not orphaning': async (f) => {
    const { made } = await deployed(f);
    await deleteIt(f, 'apps/v1/deployments', made, 'Background');
    await remain(f, { 'apps/v1/deployments': 0, 'apps/v1/replicasets': 0, pods: 0 });
  },

  'should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan': async (f) => {
    const { made, set } = await deployed(f);
    await f.until(
      async () => at(await f.api.get(f.at('apps/v1/replicasets', set.metadata.name)), 'status', 'replicas') === 2,
      'both pods',
    );
    await deleteIt(f, 'apps/v1/deployments', made, 'Orphan');
    await remain(f, { 'apps/v1/deployments': 0 });
    f.equal(await count(f, 'pods'), 2, 'pods that are left');
    const { items } = await f.api.get(f.at('apps/v1/replicasets'));
    f.equal(
      items.map(({ metadata }) => metadata.ownerReferences),
      [undefined],
      'owners of the replica set',
    );
  },

  'should keep the rc around until all its pods are deleted if the deleteOptions says so [Serial]': async (f) => {
    const made = await replicated(f, 'simpletest.rc', REPLICAS);
    await deleteIt(f, 'replicationcontrollers', made, 'Foreground');
    await f.until(async () => {
      // Before the pods: what is gone stays gone.
      const here = await f.exists(f.at('replicationcontrollers', 'simpletest.rc'));
      if (!here) f.equal(await count(f, 'pods'), 0, 'pods that are left');
      return !here;
    }, 'the controller to be gone');
  },

  "should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted [Serial]":
    async (f) => {
      const first = await replicated(f, 'simpletest-rc-to-be-deleted', REPLICAS);
      const second = await replicated(f, 'simpletest-rc-to-stay', 0);
      const { items } = await f.api.get(f.at('pods'));
      for (const { metadata } of items.slice(0, REPLICAS / 2))
        await f.api.patch(f.at('pods', metadata.name), owner('ReplicationController', second), patches.strategic);
      await deleteIt(f, 'replicationcontrollers', first, 'Foreground');
      await f.gone(f.at('replicationcontrollers', first.metadata.name));
      const left = (await f.api.get(f.at('pods'))).items;
      f.equal(left.length, REPLICAS / 2, 'pods that are left');
      for (const { metadata } of left) {
        f.equal(metadata.deletionTimestamp, undefined, `when ${metadata.name} was deleted`);
        f.equal(metadata.ownerReferences?.length, 1, `owners of ${metadata.name}`);
      }
    },

  'should not be blocked by dependency circle': async (f) => {
    const pods: Thing[] = [];
    for (const name of ['pod1', 'pod2', 'pod3']) pods.push(await f.api.create(f.at('pods'), pausePod(name)));
    for (const [index, pod] of pods.entries()) {
      const before = pods[(index + 2) % 3];
      if (before === undefined) throw new Error('no pod');
      await f.api.patch(
        f.at('pods', pod.metadata.name),
        owner('Pod', before, { controller: true, blockOwnerDeletion: true }),
        patches.strategic,
      );
    }
    const [first] = pods;
    if (first !== undefined) await deleteIt(f, 'pods', first, 'Foreground');
    await remain(f, { pods: 0 });
  },
});
