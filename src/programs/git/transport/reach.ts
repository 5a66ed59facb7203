import type { GitObject, Oid } from '../objects/object';
import type { ObjectStore } from '../objects/store';

/** All objects that names lead to, but not those that `has` says the other side has with all below. */
export function closure(objects: ObjectStore, from: readonly Oid[], has: (oid: Oid) => boolean): readonly GitObject[] {
  const seen = new Set<Oid>();
  const found: GitObject[] = [];
  const stack = [...from];
  for (let oid = stack.pop(); oid !== undefined; oid = stack.pop()) {
    if (seen.has(oid) || has(oid)) continue;
    seen.add(oid);
    const object = objects.find(oid);
    if (object === undefined) continue;
    found.push(object);
    if (object.type === 'commit') {
      const { tree, parents } = objects.commit(oid);
      stack.push(tree, ...parents);
    } else if (object.type === 'tree') {
      for (const entry of objects.tree(oid)) if (entry.mode !== 0o160000) stack.push(entry.oid);
    } else if (object.type === 'tag') stack.push(objects.tag(oid).object);
  }
  return found;
}
