import { at, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { documented } from './discovery';

interface Subject {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly spec: object;
  /** What a patch and an update change: a path below spec and the two values. */
  readonly field?: readonly [name: string, patched: number, updated: number];
  /** Whether its status is a list of conditions. */
  readonly conditions: boolean;
  /** Default: it has a status. */
  readonly hasStatus?: boolean;
}

/** Create, get, list, watch, update, patch, status, delete, deletecollection of what is in no namespace. */
export async function operations(f: Framework, subject: Subject): Promise<void> {
  const { group, resource, kind, spec, field, conditions, hasStatus = true } = subject;
  await documented(f, group, 'v1', hasStatus ? [resource, `${resource}/status`] : [resource]);
  const path = `/apis/${group}/v1/${resource}`;
  const selector = `labelSelector=e2e-example-label=${f.namespace}`;
  const body = { metadata: { generateName: 'e2e-example-', labels: { 'e2e-example-label': f.namespace } }, spec };
  await f.createGlobal(path, body);
  await f.createGlobal(path, body);
  const made = await f.createGlobal(path, body);
  const own = `${path}/${made.metadata.name}`;
  f.equal((await f.api.get(own)).metadata.uid, made.metadata.uid, 'the uid');
  const list = await f.api.get(`${path}?${selector}`);
  f.equal(list.items.length, 3, 'how many there are');
  const watcher = await f.api.watch(`${path}?${selector}&resourceVersion=${list.metadata.resourceVersion}`);

  const [name = '', patchedTo, updatedTo] = field ?? [];
  const patched = await f.api.patch(own, {
    metadata: { annotations: { patched: 'true' } },
    ...(field === undefined ? {} : { spec: { [name]: patchedTo } }),
  });
  f.equal(patched.metadata.annotations?.['patched'], 'true', 'the annotation');
  if (field !== undefined) f.equal(at(patched, 'spec', name), patchedTo, 'the patched field');
  const updated = await f.change(own, ({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, updated: 'true' } },
    ...(field === undefined ? {} : { spec: { ...(rest['spec'] as object), [name]: updatedTo } }),
  }));
  f.equal(updated.metadata.annotations?.['updated'], 'true', 'the second annotation');
  if (field !== undefined) f.equal(at(updated, 'spec', name), updatedTo, 'the updated field');
  await watcher.until('MODIFIED', 'true', 'metadata', 'annotations', 'patched');

  if (hasStatus) {
    const status = await f.api.get(`${own}/status`);
    f.equal([status.kind, status.metadata.uid], [kind, made.metadata.uid], 'what /status is');
  }
  if (conditions) await writeStatus(f, own);

  await f.api.delete(own);
  await f.refused(f.api.get(own), 404);
  f.equal((await f.api.get(`${path}?${selector}`)).items.length, 2, 'how many there are after a deletion');
  await f.api.delete(`${path}?${selector}`);
  f.equal((await f.api.get(`${path}?${selector}`)).items.length, 0, 'how many are left');
}

async function writeStatus(f: Framework, own: string): Promise<void> {
  const condition = { type: 'PatchStatusFailed', status: 'False', reason: 'e2e' };
  const has = (thing: Thing, type: string): boolean =>
    JSON.stringify(at(thing, 'status', 'conditions')).includes(`"${type}"`);
  const patched = await f.api.patch(`${own}/status`, { status: { conditions: [condition] } });
  f.holds(has(patched, 'PatchStatusFailed'), 'the patched condition is there');
  const updated = await f.change(
    own,
    (thing) => ({
      ...thing,
      status: {
        conditions: [
          ...((at(thing, 'status', 'conditions') ?? []) as readonly object[]),
          { ...condition, type: 'StatusUpdateFailed', message: 'Set from an e2e test' },
        ],
      },
    }),
    '/status',
  );
  f.holds(has(updated, 'StatusUpdateFailed'), 'the updated condition is there');
}

const group = 'flowcontrol.apiserver.k8s.io';

export const flowcontrol: Behaviours = area('[sig-api-machinery] API priority and fairness', {
  'should support FlowSchema API operations': (f) =>
    operations(f, {
      group,
      resource: 'flowschemas',
      kind: 'FlowSchema',
      spec: {
        matchingPrecedence: 10000,
        priorityLevelConfiguration: { name: 'global-default' },
        distinguisherMethod: { type: 'ByUser' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'example-e2e-non-existent-user' } }],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          },
        ],
      },
      field: ['matchingPrecedence', 9999, 9000],
      conditions: true,
    }),

  'should support PriorityLevelConfiguration API operations': (f) =>
    operations(f, {
      group,
      resource: 'prioritylevelconfigurations',
      kind: 'PriorityLevelConfiguration',
      spec: { type: 'Limited', limited: { nominalConcurrencyShares: 2, limitResponse: { type: 'Reject' } } },
      conditions: true,
    }),
});
