import { expect, test } from 'vitest';
import { EtcdStore } from './store';

test('every revision stays readable until it is compacted', () => {
  const store = new EtcdStore();
  store.put('/registry/pods/default/a', 'a1', 1);
  store.put('/registry/pods/default/b', 'b1', 2);
  store.put('/registry/pods/default/a', 'a2', 3);
  store.delete('/registry/pods/default/b', 4);
  const at = (revision?: number) => store.range('/registry/pods/', revision).map(({ value }) => value);

  expect([at(1), at(2), at(3), at(4), at(5), at()]).toEqual([[], ['a1'], ['a1', 'b1'], ['a2', 'b1'], ['a2'], ['a2']]);
  expect(store.since(3)?.map(({ type, key, cause }) => [type, key, cause])).toEqual([
    ['PUT', '/registry/pods/default/a', 3],
    ['DELETE', '/registry/pods/default/b', 4],
  ]);

  store.compact(4);
  expect(store.since(3)).toBeUndefined();
  expect(store.since(4)?.map(({ revision }) => revision)).toEqual([5]);
  expect(at(4)).toEqual(['a2', 'b1']);
  expect(store.get('/registry/pods/default/a')).toMatchObject({ createRevision: 2, modRevision: 4, version: 2 });
});
