import type { ApiObject } from '../../apimachinery/object';
import type { Manager, Origin } from './managed-fields';

/** Who owns what of an object: known, or where it came from. */
export interface Ownership {
  managers?: readonly Manager[] | undefined;
  origin?: Origin | undefined;
}

const ownership = Symbol('ownership');
interface Owned {
  readonly [ownership]?: Ownership;
}

/**
 * The ownership of an object goes with the object, out of sight: it is no member, and no copy has it. A WeakMap of all
 * objects would do the same, but an origin leads to the object before it, and following such chains of weak entries was
 * a third of each collection with 150,000 objects.
 */
export const ownershipOf = (object: ApiObject): Ownership | undefined =>
  (object as Owned)[ownership] ?? elsewhere.get(object);

export function setOwnership(object: ApiObject, now: Ownership): void {
  const known = ownershipOf(object);
  if (known !== undefined) {
    known.managers = now.managers;
    known.origin = now.origin;
  } else if (Object.isExtensible(object)) Object.defineProperty(object, ownership, { value: now });
  else elsewhere.set(object, now);
}

/** Of objects that were frozen before. */
const elsewhere = new WeakMap<ApiObject, Ownership>();
