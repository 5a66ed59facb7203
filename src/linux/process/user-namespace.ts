import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import type { Namespace } from './types';

/** A line of /proc/<pid>/uid_map: `inside outside count`. */
export interface IdRange {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

/** What an id without a mapping reads as (/proc/sys/kernel/overflowuid). */
export const OVERFLOW_ID = 65_534;

/** user_namespaces(7): ids inside and, as the kernel keeps them, outside. */
export class UserNamespace implements Namespace {
  #uids: readonly IdRange[] | undefined;
  #gids: readonly IdRange[] | undefined;
  /** /proc/<pid>/setgroups was set to `deny`. */
  setgroups: 'allow' | 'deny' = 'allow';

  constructor(
    readonly id: number,
    readonly parent: UserNamespace | undefined,
    /** The kernel's id of who made it. */
    readonly owner = 0,
  ) {
    if (parent === undefined) this.#uids = this.#gids = [{ inside: 0, outside: 0, count: 4_294_967_295 }];
  }

  map(kind: 'uid' | 'gid'): readonly IdRange[] {
    return (kind === 'uid' ? this.#uids : this.#gids) ?? [];
  }

  /** A write to uid_map or gid_map: once only. */
  setMap(kind: 'uid' | 'gid', text: string): Sys<void> {
    if (this.map(kind).length > 0) return fail('EPERM');
    const ranges: IdRange[] = [];
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      const [inside, outside, count, more] = line.trim().split(/\s+/).map(Number);
      if (more !== undefined || !isId(inside) || !isId(outside) || !isId(count) || count === 0) return fail('EINVAL');
      ranges.push({ inside, outside: this.parent?.toKernel(kind, outside) ?? outside, count });
    }
    if (ranges.length === 0) return fail('EINVAL');
    if (kind === 'uid') this.#uids = ranges;
    else this.#gids = ranges;
    return ok(undefined);
  }

  /** An id as the kernel keeps it; undefined where it is not mapped. */
  toKernel(kind: 'uid' | 'gid', id: number): number | undefined {
    for (const { inside, outside, count } of this.map(kind))
      if (id >= inside && id < inside + count) return outside + id - inside;
    return undefined;
  }

  /** A kernel's id as it reads inside. */
  fromKernel(kind: 'uid' | 'gid', id: number): number {
    if (this.parent === undefined) return id;
    for (const { inside, outside, count } of this.map(kind))
      if (id >= outside && id < outside + count) return inside + id - outside;
    return OVERFLOW_ID;
  }

  /** Is `other` this one or one of those it was made in? */
  isWithin(other: UserNamespace): boolean {
    for (let space: UserNamespace | undefined = this; space !== undefined; space = space.parent)
      if (space === other) return true;
    return false;
  }
}

const isId = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 0 && value <= 4_294_967_295;

/** /proc/<pid>/uid_map as read: three columns of ten. */
export function mapText(space: UserNamespace, kind: 'uid' | 'gid'): string {
  const column = (value: number): string => String(value).padStart(10);
  return space
    .map(kind)
    .map(({ inside, outside, count }) => `${column(inside)} ${column(outside)} ${column(count)}\n`)
    .join('');
}
