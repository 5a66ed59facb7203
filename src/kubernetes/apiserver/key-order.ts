import type { Kind } from '../apimachinery/kind';
import type { ApiObject } from '../apimachinery/object';
import { etcdKey } from './storage';

/** Lists in the order of etcd's keys, remembered per list of the cache. */
const sortedLists = new WeakMap<readonly ApiObject[], readonly ApiObject[]>();
export function inKeyOrder(kind: Kind, objects: readonly ApiObject[]): readonly ApiObject[] {
  const known = sortedLists.get(objects);
  if (known !== undefined) return known;
  const keyed = objects.map((object) => ({
    object,
    key: etcdKey(kind, object.metadata.namespace, object.metadata.name),
  }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const sorted = Object.freeze(keyed.map(({ object }) => object));
  sortedLists.set(objects, sorted);
  return sorted;
}
