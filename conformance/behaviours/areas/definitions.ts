import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { documented } from './discovery';
import { crd, openVersion, version, type Definition } from './objects';

export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** A definition that the server serves. */
export async function define(f: Framework, definition: Definition): Promise<Thing> {
  const made = await f.createGlobal(CRDS, crd(definition));
  await f.until(async () => {
    const conditions = (at(await f.api.get(`${CRDS}/${made.metadata.name}`), 'status', 'conditions') ??
      []) as readonly unknown[];
    return conditions.some((each) => at(each, 'type') === 'Established' && at(each, 'status') === 'True');
  }, 'the definition to be established');
  return made;
}

let count = 0;
/** What nobody else defines: an open schema, in no namespace. */
const random = (f: Framework, more: Partial<Definition> = {}): Definition => ({
  group: 'mygroup.example.com',
  kind: `Kind${++count}X${f.namespace.replace(/\W/g, '')}`,
  plural: `noxus${count}${f.namespace.replace(/\W/g, '')}`,
  scope: 'Cluster',
  versions: [openVersion('v1beta1')],
  ...more,
});

export const definitions: Behaviours = {
  ...area('[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin]', {
    'Simple CustomResourceDefinition creating/deleting custom resource definition objects works': async (f) => {
      const { metadata } = await define(f, random(f));
      await f.api.delete(`${CRDS}/${metadata.name}`);
      await f.gone(`${CRDS}/${metadata.name}`);
    },

    'Simple CustomResourceDefinition listing custom resource definition objects works': async (f) => {
      const labels = { 'e2e-list-test-uuid': f.namespace };
      const specs = new Map<string, unknown>();
      for (let index = 0; index < 10; index++) {
        const made = await define(f, random(f, { labels }));
        specs.set(made.metadata.name, made['spec']);
      }
      const other = await define(f, random(f));
      const selector = `labelSelector=e2e-list-test-uuid=${f.namespace}`;
      const { items } = await f.api.get(`${CRDS}?${selector}`);
      f.equal(items.length, 10, 'how many there are');
      for (const item of items) f.equal(item['spec'], specs.get(item.metadata.name), `spec of ${item.metadata.name}`);
      await f.api.delete(`${CRDS}?${selector}`);
      await f.until(async () => (await f.api.get(`${CRDS}?${selector}`)).items.length === 0, 'them to be gone');
      await f.api.get(`${CRDS}/${other.metadata.name}`);
    },

    'Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works':
      async (f) => {
        const made = await define(f, random(f));
        const path = `${CRDS}/${made.metadata.name}`;
        const messages = (thing: Thing): readonly unknown[] =>
          (at(thing, 'status', 'conditions') as readonly unknown[]).map((each) => at(each, 'message'));
        f.equal((await f.api.get(`${path}/status`))['spec'], made['spec'], 'the spec in /status');
        const updated = await f.change(
          path,
          (thing) => {
            const status = thing['status'] as { readonly conditions: readonly object[] };
            const condition = { type: '', status: '', message: 'updated' };
            return { ...thing, status: { ...status, conditions: [...status.conditions, condition] } };
          },
          '/status',
        );
        f.holds(messages(updated).includes('updated'), 'the updated condition is there');
        const patched = await f.api.patch(
          `${path}/status`,
          [{ op: 'add', path: '/status/conditions', value: [{ message: 'patched' }] }],
          patches.json,
        );
        f.holds(messages(patched).includes('patched'), 'the patched condition is there');
      },

    'should include custom resource definition resources in discovery documents': (f) =>
      documented(f, 'apiextensions.k8s.io', 'v1', ['customresourcedefinitions']),

    'custom resource defaulting for requests and from storage works': async (f) => {
      const text = { type: 'string' };
      const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: text, b: text } };
      const definition = random(f, { versions: [version('v1beta1', schema)] });
      const { metadata } = await define(f, definition);
      const path = `/apis/${definition.group}/v1beta1/${definition.plural}`;
      const make = (name: string) =>
        f.api.create(path, { apiVersion: `${definition.group}/v1beta1`, kind: definition.kind, metadata: { name } });
      const patch = (...operations: readonly object[]) =>
        f.api.patch(`${CRDS}/${metadata.name}`, operations, patches.json);
      const where = '/spec/versions/0/schema/openAPIV3Schema/properties';
      await make('cr-1');
      await patch({ op: 'add', path: `${where}/a/default`, value: 'A' });
      await f.until(async () => (await f.api.get(`${path}/cr-1`))['a'] === 'A', 'a default when read');
      f.equal((await make('cr-2'))['a'], 'A', 'a default when made');
      await patch({ op: 'remove', path: `${where}/a/default` }, { op: 'add', path: `${where}/b/default`, value: 'B' });
      await f.until(async () => (await f.api.get(`${path}/cr-2`))['b'] === 'B', 'another default when read');
      f.equal((await f.api.get(`${path}/cr-2`))['a'], 'A', 'the old default, stored');
      f.equal((await f.api.get(`${path}/cr-1`))['a'], undefined, 'the old default, never stored');
    },
  }),

  ...area('[sig-api-machinery] CustomResourceDefinition Watch [Privileged:ClusterAdmin]', {
    'CustomResourceDefinition Watch watch on custom resource definition objects': async (f) => {
      const definition = random(f);
      await define(f, definition);
      const path = `/apis/${definition.group}/v1beta1/${definition.plural}`;
      const watch = (name: string) => f.api.watch(`${path}?fieldSelector=metadata.name=${name}&timeoutSeconds=600`);
      const watchers = { name1: await watch('name1'), name2: await watch('name2') };
      const both = async (type: string, act: (name: string) => Promise<unknown>): Promise<void> => {
        for (const [name, other] of [
          ['name1', 'name2'],
          ['name2', 'name1'],
        ] as const) {
          await act(name);
          await watchers[name].next(type);
          await watchers[other].silent();
        }
      };
      await both('ADDED', async (name) => {
        const made = await f.api.create(path, {
          apiVersion: `${definition.group}/v1beta1`,
          kind: definition.kind,
          metadata: { name },
          content: { key: 'value' },
        });
        f.holds(made.metadata.uid !== '', 'it has a uid');
        f.equal([made.apiVersion, made.kind], [`${definition.group}/v1beta1`, definition.kind], 'what was made');
      });
      await both('MODIFIED', (name) =>
        f.api.patch(`${path}/${name}`, [{ op: 'add', path: '/dummy', value: 'test' }], patches.json),
      );
      await both('DELETED', (name) => f.api.delete(`${path}/${name}`));
    },
  }),
};
