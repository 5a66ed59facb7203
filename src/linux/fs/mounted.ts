import type { Mount } from './mount';

/** From how many mounts on they are looked up in maps; a container has some twenty. */
const MANY = 24;

type ByKey = Map<unknown, Mount | null>;

/**
 * What is mounted where, in one table itself: by the mount below it and what that knows the mount point by. `null`: what
 * the base table has there is gone here. A container's few mounts are a list, which says all that by itself.
 */
export class Mounted {
  #list: readonly Mount[] = none;
  #maps: Map<Mount, ByKey> | undefined;

  get(parent: Mount, key: unknown): Mount | null | undefined {
    if (this.#maps !== undefined) return this.#maps.get(parent)?.get(key);
    const list = this.#list;
    for (let index = 0; index < list.length; index++) {
      const mount = list[index];
      if (mount !== undefined && mount.key === key && mount.parent === parent) return mount;
    }
    return undefined;
  }

  set(parent: Mount, key: unknown, mount: Mount | null): void {
    if (this.#maps === undefined) {
      const list = this.#list;
      const there = this.get(parent, key);
      if (mount !== null && mount.parent === parent && mount.key === key && list.length < MANY) {
        this.#list = there == null ? list.concat([mount]) : list.map((each) => (each === there ? mount : each));
        return;
      }
    }
    const maps = this.#mapped();
    const own = maps.get(parent);
    if (own === undefined) maps.set(parent, new Map([[key, mount]]));
    else own.set(key, mount);
  }

  delete(parent: Mount, key: unknown): void {
    if (this.#maps === undefined) this.#list = this.#without(parent, key);
    else {
      const own = this.#maps.get(parent);
      own?.delete(key);
      if (own?.size === 0) this.#maps.delete(parent);
    }
  }

  clear(): void {
    this.#list = none;
    this.#maps = undefined;
  }

  /** What is mounted directly on `parent`; absent: nothing that this table knows of by itself. */
  on(parent: Mount): readonly (readonly [unknown, Mount | null])[] {
    if (this.#maps !== undefined) return [...(this.#maps.get(parent) ?? nothing)];
    const found: [unknown, Mount][] = [];
    for (const mount of this.#list) if (mount.parent === parent) found.push([mount.key, mount]);
    return found;
  }

  #without(parent: Mount, key: unknown): readonly Mount[] {
    const list = this.#list;
    if (this.get(parent, key) === undefined) return list;
    return list.filter((mount) => mount.key !== key || mount.parent !== parent).slice();
  }

  #mapped(): Map<Mount, ByKey> {
    if (this.#maps !== undefined) return this.#maps;
    const maps = new Map<Mount, ByKey>();
    for (const mount of this.#list) {
      if (mount.parent === undefined) continue;
      const own = maps.get(mount.parent);
      if (own === undefined) maps.set(mount.parent, new Map([[mount.key, mount]]));
      else own.set(mount.key, mount);
    }
    this.#list = none;
    return (this.#maps = maps);
  }
}

const none: readonly Mount[] = [];
const nothing: ByKey = new Map();
