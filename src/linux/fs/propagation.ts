import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import type { Mount, MountTable } from './mount';
import type { Place } from './walk';

/** mount_namespaces(7): what happens to mounts below a mount where another stands for the same tree. */
export type PropagationKind = 'shared' | 'slave' | 'private' | 'unbindable';

/** Mounts that pass on to each other what is mounted below them, and those that only receive. */
interface PeerGroup {
  readonly id: number;
  readonly peers: Set<Member>;
  readonly slaves: Set<Member>;
}

interface Member {
  readonly table: MountTable;
  readonly mount: Mount;
}

interface State {
  readonly member: Member;
  group: PeerGroup | undefined;
  master: PeerGroup | undefined;
  unbindable: boolean;
}

const ids = new WeakMap<object, { next: number }>();

/** The propagation types of one mount table's mounts. Nearly all tables have none: private is what a mount is at first. */
export class Propagation {
  readonly #states = new Map<Mount, State>();

  constructor(readonly table: MountTable) {}

  get empty(): boolean {
    return this.#states.size === 0;
  }

  /** As mountinfo shows it: ` shared:1 master:2`. */
  shown(mount: Mount): string {
    const state = this.#states.get(mount);
    if (state === undefined) return '';
    const { group, master, unbindable } = state;
    return (
      (group === undefined ? '' : ` shared:${group.id}`) +
      (master === undefined ? '' : ` master:${master.id}`) +
      (unbindable ? ' unbindable' : '')
    );
  }

  isUnbindable(mount: Mount): boolean {
    return this.#states.get(mount)?.unbindable === true;
  }

  isShared(mount: Mount): boolean {
    return this.#states.get(mount)?.group !== undefined;
  }

  change(mount: Mount, kind: PropagationKind): void {
    const state = this.#state(mount);
    const { group } = state;
    if (kind === 'shared') {
      state.unbindable = false;
      if (group === undefined) this.#join(state, newGroup(mount.superblock));
      return;
    }
    const others = group !== undefined && group.peers.size > 1;
    this.#leave(state, kind !== 'slave');
    if (kind === 'slave' && others) {
      state.master = group;
      group.slaves.add(state.member);
    }
    state.unbindable = kind === 'unbindable';
    if (state.master === undefined && !state.unbindable) this.#states.delete(mount);
  }

  /** A bind mount or the same mount in a cloned namespace is a peer of what it is made from. */
  copy(from: Mount, to: Mount, source: Propagation = this): void {
    const original = source.#states.get(from);
    if (original === undefined) return;
    const state = this.#state(to);
    if (original.group !== undefined) this.#join(state, original.group);
    if (original.master !== undefined) {
      state.master = original.master;
      original.master.slaves.add(state.member);
    }
    if (state.group === undefined && state.master === undefined) this.#states.delete(to);
  }

  copyAll(source: Propagation): void {
    for (const mount of source.#states.keys()) this.copy(mount, mount, source);
  }

  forget(mount: Mount): void {
    const state = this.#states.get(mount);
    if (state === undefined) return;
    this.#leave(state, true);
    this.#states.delete(mount);
  }

  keepOnly(kept: ReadonlySet<Mount>): void {
    for (const mount of [...this.#states.keys()]) if (!kept.has(mount)) this.forget(mount);
  }

  /** Everyone who hears of what is mounted on `parent`: its peers, and the slaves of all of them. */
  *receivers(parent: Mount): Iterable<Member> {
    const state = this.#states.get(parent);
    if (state?.group === undefined) return;
    for (const member of [...state.group.peers, ...state.group.slaves]) if (member !== state.member) yield member;
  }

  #state(mount: Mount): State {
    let state = this.#states.get(mount);
    if (state === undefined) {
      state = { member: { table: this.table, mount }, group: undefined, master: undefined, unbindable: false };
      this.#states.set(mount, state);
    }
    return state;
  }

  #join(state: State, group: PeerGroup): void {
    state.group?.peers.delete(state.member);
    state.group = group;
    group.peers.add(state.member);
  }

  #leave(state: State, master: boolean): void {
    state.group?.peers.delete(state.member);
    state.group = undefined;
    if (!master) return;
    state.master?.slaves.delete(state.member);
    state.master = undefined;
  }
}

/** Peer groups are numbered per machine: its file systems share a clock function. */
function newGroup({ now }: { readonly now: object }): PeerGroup {
  let counter = ids.get(now);
  if (counter === undefined) ids.set(now, (counter = { next: 1 }));
  return { id: counter.next++, peers: new Set(), slaves: new Set() };
}

/** `mount --make-shared` and its like. */
export function changePropagation(
  table: MountTable,
  place: Place,
  kind: PropagationKind,
  recursive: boolean,
): Sys<void> {
  if (!place.isMountRoot) return fail('EINVAL');
  const mounts = recursive ? table.below(place.mount) : [place.mount];
  for (const mount of mounts) table.propagation.change(mount, kind);
  return ok(undefined);
}
