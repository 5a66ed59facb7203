/**
 * Sets a member of whatever name somebody chose. `__proto__` is a name like others to clients; to JavaScript an
 * assignment to it is none.
 */
export function setMember(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The object's own member of that name. */
export const ownMember = <V>(target: Readonly<Record<string, V>>, key: string): V | undefined =>
  Object.hasOwn(target, key) ? target[key] : undefined;
