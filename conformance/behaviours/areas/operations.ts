import { at, patches, type Thing } from '../client';
import type { Framework } from '../framework';
import { condition } from '../pods';

interface Operations {
  /** `batch/v1/cronjobs` */
  readonly resource: string;
  /** An object without its metadata. */
  readonly body: object;
  /** Outside namespaces? */
  readonly global?: boolean;
  /** A field of the status, what it is patched to, what it is updated to. */
  readonly status?: readonly [string, unknown, unknown];
  /** May what is deleted be looked at once more? Upstream only waits for it where there are finalizers. */
  readonly names?: readonly [string, string, string];
}

/** Create, get, list, watch, patch, update, delete and delete a collection: the same of all kinds. */
export async function namespacedOperations(f: Framework, what: Operations): Promise<void> {
  const { resource, body, global = false, status } = what;
  const parts = resource.split('/');
  const base = parts.length === 1 ? `/api/v1/${resource}` : `/apis/${resource}`;
  const all = global ? base : f.at(resource);
  const label = { 'special-label': f.namespace };
  const selector = `labelSelector=${encodeURIComponent(`special-label=${f.namespace}`)}`;
  const names = what.names ?? ['one', 'two', 'three'].map((name) => `${f.namespace}-${name}`);
  const make = (name: string | undefined): Promise<Thing> =>
    global
      ? f.createGlobal(all, { metadata: { name, labels: label }, ...body })
      : f.api.create(all, { metadata: { name, labels: label }, ...body });
  const [first, second, third] = names;
  const watch = await f.api.watch(`${all}?${selector}`);
  const made = await make(first);
  const own = `${all}/${made.metadata.name}`;
  f.equal((await f.api.get(own)).metadata.uid, made.metadata.uid, 'the UID');
  f.equal((await f.api.get(`${all}?${selector}`)).items.length, 1, 'how many are listed');
  f.equal((await f.api.get(`${base}?${selector}`)).items.length, 1, 'how many are listed of all namespaces');
  await watch.until('ADDED', made.metadata.name, 'metadata', 'name');
  const patched = await f.api.patch(own, { metadata: { annotations: { patched: 'true' } } }, patches.merge);
  f.equal(patched.metadata.annotations?.['patched'], 'true', 'the patched annotation');
  const updated = await f.change(own, (thing) => ({
    ...thing,
    metadata: { ...thing.metadata, annotations: { ...thing.metadata.annotations, updated: 'true' } },
  }));
  f.equal(updated.metadata.annotations?.['updated'], 'true', 'the updated annotation');
  await watch.until('MODIFIED', 'true', 'metadata', 'annotations', 'patched');
  await watch.until('MODIFIED', 'true', 'metadata', 'annotations', 'updated');
  if (status !== undefined) {
    const [field, one, two] = status;
    const statusPatched = await f.api.patch(`${own}/status`, {
      metadata: { annotations: { patchedstatus: 'true' } },
      status: { [field]: one },
    });
    f.equal(at(statusPatched, 'status', field), one, 'the patched status');
    f.equal(statusPatched.metadata.annotations?.['patchedstatus'], 'true', 'the annotation patched with the status');
    const statusUpdated = await f.change(
      own,
      (thing) => ({ ...thing, status: { ...(thing['status'] as object), [field]: two } }),
      '/status',
    );
    f.equal(at(statusUpdated, 'status', field), two, 'the updated status');
    f.equal((await f.api.get(`${own}/status`)).metadata.uid, made.metadata.uid, 'the UID of the status');
  }
  await f.api.delete(own);
  await f.gone(own);
  await watch.until('DELETED', made.metadata.name, 'metadata', 'name');
  await make(second);
  await make(third);
  f.equal((await f.api.get(`${all}?${selector}`)).items.length, 2, 'how many are listed again');
  await f.api.delete(`${all}?${selector}`);
  await f.until(async () => (await f.api.get(`${all}?${selector}`)).items.length === 0, 'all to be gone');
}

/** Conditions that are written through the status of a workload, updated and patched, are told to who watches. */
export async function conditionsOfStatus(f: Framework, resource: string, name: string): Promise<void> {
  const path = f.at(resource, name);
  const watch = await f.api.watch(f.at(resource));
  await f.api.get(`${path}/status`);
  const own = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
  await f.change(path, (it) => ({ ...it, status: { ...(it['status'] as object), conditions: [own] } }), '/status');
  const told = (type: string): Promise<void> =>
    f.until(async () => watch.seen.some(({ object }) => condition(object, type) !== undefined), `${type} to be told`);
  await told('StatusUpdate');
  await f.api.patch(`${path}/status`, { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } });
  await told('StatusPatched');
}
