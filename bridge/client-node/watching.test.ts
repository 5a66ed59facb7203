import {
  ApiException,
  CoordinationV1Api,
  CoreV1Api,
  V1MicroTime,
  Watch,
  makeInformer,
  type V1ConfigMap,
  type V1Lease,
} from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { until } from '../testing';
import { draft, namespace, useClients } from './testing';

const clients = useClients();

describe('watching', () => {
  it('hears what happens from a revision on, and ends when told', async () => {
    const core = clients.token.makeApiClient(CoreV1Api);
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const seen: string[] = [];
    let over = false;
    const abort = await new Watch(clients.token).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      { resourceVersion: metadata?.resourceVersion, allowWatchBookmarks: true, fieldSelector: 'metadata.name=seen' },
      (type, object: V1ConfigMap) => seen.push(`${type} ${JSON.stringify(object.data)}`),
      () => (over = true),
    );
    const made = await core.createNamespacedConfigMap({ namespace, body: draft('seen', { n: '1' }) });
    await core.replaceNamespacedConfigMap({ name: 'seen', namespace, body: { ...made, data: { n: '2' } } });
    await core.deleteNamespacedConfigMap({ name: 'seen', namespace });
    await until(() => seen.filter((each) => !each.startsWith('BOOKMARK')).length === 3);
    expect(seen.filter((each) => !each.startsWith('BOOKMARK'))).toEqual([
      'ADDED {"n":"1"}',
      'MODIFIED {"n":"2"}',
      'DELETED {"n":"2"}',
    ]);
    abort.abort();
    await until(() => over);
  });

  it('says what is wrong with one', async () => {
    const errors: unknown[] = [];
    await new Watch(clients.token).watch(
      `/api/v1/namespaces/${namespace}/nothing`,
      {},
      () => undefined,
      (error: unknown) => errors.push(error),
    );
    await until(() => errors.length > 0);
    expect(String(errors[0])).toBe('Error: Not Found');
  });

  it('keeps the cache of an informer', async () => {
    const core = clients.certificate.makeApiClient(CoreV1Api);
    const labelSelector = 'for=informer';
    const make = (name: string, n: string) => ({
      ...draft(name, { n }),
      metadata: { name, labels: { for: 'informer' } },
    });
    const first = await core.createNamespacedConfigMap({ namespace, body: make('before', '1') });
    const informer = makeInformer<V1ConfigMap>(
      clients.certificate,
      `/api/v1/namespaces/${namespace}/configmaps`,
      () => core.listNamespacedConfigMap({ namespace, labelSelector }),
      labelSelector,
    );
    const seen: string[] = [];
    for (const verb of ['add', 'update', 'delete'] as const) {
      informer.on(verb, ({ metadata, data }) => seen.push(`${verb} ${metadata?.name} ${data?.['n']}`));
    }
    const faultsOfIt: unknown[] = [];
    informer.on('error', (error: unknown) => faultsOfIt.push(error));
    await informer.start();
    await core.createNamespacedConfigMap({ namespace, body: make('after', '1') });
    await core.replaceNamespacedConfigMap({ name: 'before', namespace, body: { ...first, data: { n: '2' } } });
    await core.deleteNamespacedConfigMap({ name: 'after', namespace });
    await until(() => seen.length === 4);
    expect(faultsOfIt).toEqual([]);
    await informer.stop();
    expect(seen).toEqual(['add before 1', 'add after 1', 'update before 2', 'delete after 1']);
    expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['before']);
  });
});

describe('election of a leader by Lease', () => {
  const name = 'leader';

  /** One try: takes or renews the lease if it may. */
  async function tryLead(identity: string): Promise<boolean> {
    const leases = clients.token.makeApiClient(CoordinationV1Api);
    const now = new V1MicroTime(clients.now());
    const spec = { holderIdentity: identity, leaseDurationSeconds: 15, renewTime: now };
    let found: V1Lease;
    try {
      found = await leases.readNamespacedLease({ name, namespace });
    } catch (error) {
      if (!(error instanceof ApiException) || error.code !== 404) throw error;
      const body = { metadata: { name }, spec: { ...spec, acquireTime: now } };
      return leases.createNamespacedLease({ namespace, body }).then(() => true, conflicting);
    }
    const { holderIdentity, renewTime, leaseDurationSeconds = 0, leaseTransitions = 0 } = found.spec ?? {};
    const mine = holderIdentity === identity;
    // What the client reads of a MicroTime is its text.
    const expires = new Date(String(renewTime)).getTime() + leaseDurationSeconds * 1000;
    if (!mine && expires > clients.now()) return false;
    const body = {
      ...found,
      spec: { ...found.spec, ...spec, ...(mine ? {} : { leaseTransitions: leaseTransitions + 1 }) },
    };
    return leases.replaceNamespacedLease({ name, namespace, body }).then(() => true, conflicting);
  }
  const conflicting = (error: unknown): boolean => {
    if (error instanceof ApiException && error.code === 409) return false;
    throw error;
  };

  it('one of several at a time; another when the first is silent', async () => {
    const first = await Promise.all(['a', 'b', 'c'].map(async (each) => ({ each, leads: await tryLead(each) })));
    const leaders = first.filter(({ leads }) => leads).map(({ each }) => each);
    expect(leaders).toHaveLength(1);
    const [leader = ''] = leaders;
    expect(await tryLead(leader)).toBe(true);
    const other = ['a', 'b', 'c'].find((each) => each !== leader) ?? '';
    await until(() => tryLead(other));
    const { spec } = await clients.token.makeApiClient(CoordinationV1Api).readNamespacedLease({ name, namespace });
    expect([spec?.holderIdentity, spec?.leaseTransitions]).toEqual([other, 1]);
  });
});
