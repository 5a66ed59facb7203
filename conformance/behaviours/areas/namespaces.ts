import { at, patches, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { pausePod } from './objects';

const FINALIZER = 'e2e.example.com/fakeFinalizer';

/** A namespace with something in it goes, and what was in it is not there when it comes again. */
async function emptied(f: Framework, resource: string, body: { readonly metadata: { readonly name: string } }) {
  const namespace = `${f.namespace}-nsdeletetest`;
  await f.createNamespace(namespace);
  await f.until(() => f.exists(f.at('serviceaccounts', 'default', namespace)));
  const path = f.at(resource, body.metadata.name, namespace);
  await f.api.create(f.at(resource, undefined, namespace), body);
  if (resource === 'pods')
    await f.until(async () => at(await f.api.get(path), 'status', 'phase') === 'Running', 'a running pod');
  await f.api.delete(`/api/v1/namespaces/${namespace}`);
  await f.gone(`/api/v1/namespaces/${namespace}`);
  await f.createNamespace(namespace);
  await f.refused(f.api.get(path), 404);
}

export const namespaces: Behaviours = area('[sig-api-machinery] Namespaces [Serial]', {
  'should ensure that all pods are removed when a namespace is deleted': (f) =>
    emptied(f, 'pods', pausePod('test-pod')),

  'should ensure that all services are removed when a namespace is deleted': (f) =>
    emptied(f, 'services', {
      metadata: { name: 'test-service' },
      ...{ spec: { selector: { foo: 'bar', baz: 'blah' }, ports: [{ port: 80, targetPort: 80 }] } },
    }),

  'should patch a Namespace': async (f) => {
    const path = `/api/v1/namespaces/${f.namespace}`;
    await f.api.patch(path, { metadata: { labels: { testLabel: 'testValue' } } }, patches.strategic);
    f.equal((await f.api.get(path)).metadata.labels?.['testLabel'], 'testValue', 'the label');
  },

  'should apply changes to a namespace status': async (f) => {
    const path = `/api/v1/namespaces/${f.namespace}`;
    f.equal(at(await f.api.get(`${path}/status`), 'status', 'phase'), 'Active', 'the phase');
    const condition = { type: 'StatusPatch', status: 'True', reason: 'E2E', message: 'Patched by an e2e test' };
    const patched = await f.api.patch(`${path}/status`, {
      metadata: { annotations: { 'e2e-patched-ns-status': f.namespace } },
      status: { conditions: [condition] },
    });
    f.equal(patched.metadata.annotations?.['e2e-patched-ns-status'], f.namespace, 'the annotation');
    f.equal(at(patched, 'status', 'conditions', 0, 'message'), condition.message, 'the patched message');
    const updated = await f.change(
      path,
      (thing) => ({
        ...thing,
        status: {
          ...(thing['status'] as object),
          conditions: [condition, { ...condition, type: 'StatusUpdate', message: 'Updated by an e2e test' }],
        },
      }),
      '/status',
    );
    f.equal(at(updated, 'status', 'conditions', 1, 'type'), 'StatusUpdate', 'the type');
    f.equal(at(updated, 'status', 'conditions', 1, 'message'), 'Updated by an e2e test', 'the updated message');
  },

  'should apply an update to a Namespace': async (f) => {
    const updated = await f.change(`/api/v1/namespaces/${f.namespace}`, ({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, labels: { ...metadata.labels, [f.namespace]: 'updated' } },
    }));
    f.equal(updated.metadata.labels?.[f.namespace], 'updated', 'the label');
  },

  'should apply a finalizer to a Namespace': async (f) => {
    const path = `/api/v1/namespaces/${f.namespace}`;
    const finalize = async (change: (finalizers: readonly unknown[]) => readonly unknown[]): Promise<Thing> => {
      const thing = await f.api.get(path);
      const finalizers = change((at(thing, 'spec', 'finalizers') ?? []) as readonly unknown[]);
      return f.api.update(`${path}/finalize`, { ...thing, spec: { finalizers } });
    };
    const has = (thing: Thing) => JSON.stringify(at(thing, 'spec', 'finalizers')).includes(FINALIZER);
    f.holds(has(await finalize((all) => [...all, FINALIZER])), 'the finalizer is there');
    f.holds(!has(await finalize((all) => all.filter((each) => each !== FINALIZER))), 'the finalizer is gone');
  },
});
