import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Trace } from '../../sim/trace';
import { Lessor } from './lease';
import { EtcdStore } from './store';
import { txn } from './txn';

test('a lease takes its keys with it, in one revision, unless it is kept alive', async () => {
  const trace = new Trace();
  const clock = new Clock({ start: 0, trace, settle: async () => undefined });
  const store = new EtcdStore();
  const leases = new Lessor(store, clock, trace);
  const lease = leases.grant(60);
  const id = lease?.id ?? 0;
  store.put('/registry/events/default/a', 'a', 1, id);
  store.put('/registry/events/default/b', 'b', 1, id);
  store.put('/registry/events/default/c', 'c', 1, id);
  store.put('/registry/events/default/c', 'stays', 1);
  const keys = (): readonly string[] => store.range('/registry/').map(({ key }) => key.slice(-1));

  await clock.advance(50_000);
  leases.keepAlive(id);
  await clock.advance(50_000);
  expect([keys(), leases.get(id)?.expires]).toEqual([['a', 'b', 'c'], 110_000]);
  await clock.advance(10_000);
  expect([keys(), leases.get(id), store.revision]).toEqual([['c'], undefined, 6]);
  expect(store.since(5)?.map(({ type, key, revision }) => [type, key, revision])).toEqual([
    ['DELETE', '/registry/events/default/a', 6],
    ['DELETE', '/registry/events/default/b', 6],
  ]);
  expect(leases.revoke(id)).toBe(false);
});

test('a transaction compares, then writes all or nothing as one revision', () => {
  const store = new EtcdStore();
  const create = (value: string) =>
    txn(
      store,
      [{ key: 'a', target: 'mod', result: '=', value: 0 }],
      [
        { key: 'a', value },
        { key: 'b', value },
      ],
      [{ range: 'a' }],
      1,
    );
  expect(create('1')).toEqual({ succeeded: true, revision: 2, ranges: [] });
  expect(create('2')).toMatchObject({ succeeded: false, revision: 2, ranges: [[{ key: 'a', value: '1' }]] });
  expect(store.since(1)?.map(({ key, revision }) => [key, revision])).toEqual([
    ['a', 2],
    ['b', 2],
  ]);
  const swap = txn(store, [{ key: 'a', target: 'value', result: '=', value: '1' }], [{ key: 'a' }], [], 2);
  expect([swap, store.get('a'), store.get('a', 2)?.value]).toEqual([
    { succeeded: true, revision: 3, ranges: [] },
    undefined,
    '1',
  ]);
});

test('ranges are in byte order across resources and stop where they should', () => {
  const store = new EtcdStore();
  for (const key of ['/registry/pods/b', '/registry/pods/a/2', '/registry/minions/n', '/x', '/registry/pods/a/10'])
    store.put(key, key, 1);
  const names = (found: readonly { readonly key: string }[]) => found.map(({ key }) => key);
  expect(names(store.range(''))).toEqual([
    '/registry/minions/n',
    '/registry/pods/a/10',
    '/registry/pods/a/2',
    '/registry/pods/b',
    '/x',
  ]);
  expect(names(store.range('/registry/pods/a/'))).toEqual(['/registry/pods/a/10', '/registry/pods/a/2']);
  expect(names(store.range('/registry/p'))).toEqual(['/registry/pods/a/10', '/registry/pods/a/2', '/registry/pods/b']);
  expect(names(store.between('/registry/pods/a/2', undefined))).toEqual([
    '/registry/pods/a/2',
    '/registry/pods/b',
    '/x',
  ]);
  expect(names(store.between('/registry/minions/n', '/registry/pods/a/2'))).toEqual([
    '/registry/minions/n',
    '/registry/pods/a/10',
  ]);
});
