import { FewMap } from '../../../sim/few-map';
import { fail, type Sys } from '../../errno';
import { Few } from '../../../sim/few';
import { ok } from '../../../sim/result';
import type { Task } from '../task';
import type { CpuBandwidth } from './cpu';

/** memory.events: how often what happened (cgroup-v2.rst, "Memory Interface Files"). */
export interface MemoryEvents {
  low: number;
  high: number;
  max: number;
  oom: number;
  oom_kill: number;
  oom_group_kill: number;
  sock_throttled: number;
}

const noEvents = (): MemoryEvents => ({
  low: 0,
  high: 0,
  max: 0,
  oom: 0,
  oom_kill: 0,
  oom_group_kill: 0,
  sock_throttled: 0,
});

const rootOf = (group: Cgroup): Cgroup => (group.parent === undefined ? group : rootOf(group.parent));

/** One group of the unified hierarchy (cgroups(7), Documentation/admin-guide/cgroup-v2.rst). */
export class Cgroup {
  readonly children = new FewMap<string, Cgroup>();
  readonly tasks = new Few<Task>();
  /** Values that were written to interface files: `memory.max`, `cpu.max`, `pids.max` … */
  #settings: Map<string, string> | undefined;
  #cpuMs = 0;
  /** Of the root: those that work out what processes have used when somebody looks. */
  accounts: Few<() => void> | undefined;
  /** Processes here and below, and the bytes that they and their tmpfs pages hold. */
  population = 0;
  memory = 0;
  memoryPeak = 0;
  /** The part of `memory` that is pages of files in memory. */
  shmem = 0;
  pidsPeak = 0;
  /** pids.events: how often a fork failed here. */
  forksRefused = 0;
  /** Limits as numbers; Infinity where there is none. */
  memoryMax = Infinity;
  memoryHigh = Infinity;
  pidsMax = Infinity;
  /** cpu.max at work; made when a quota is set. */
  bandwidth: CpuBandwidth | undefined;
  /** cgroup.freeze was written here (groups below are frozen with it). */
  freezing = false;
  #memoryEvents: MemoryEvents | undefined;
  #localEvents: MemoryEvents | undefined;
  #path: string | undefined;

  constructor(
    readonly name: string,
    readonly parent: Cgroup | undefined,
  ) {}

  /** What the processes here and below have used. */
  get cpuMs(): number {
    for (const settle of rootOf(this).accounts ?? []) settle();
    return this.#cpuMs;
  }
  addCpu(ms: number): void {
    this.#cpuMs += ms;
  }

  get path(): string {
    if (this.parent === undefined) return '/';
    return (this.#path ??= this.parent.parent === undefined ? `/${this.name}` : `${this.parent.path}/${this.name}`);
  }

  /** Makes what is missing on the way. */
  at(path: string): Cgroup {
    let group: Cgroup = this;
    for (const name of path.split('/')) {
      if (name === '') continue;
      let child = group.children.get(name);
      if (child === undefined) {
        child = new Cgroup(name, group);
        group.children.set(name, child);
      }
      group = child;
    }
    return group;
  }

  /** The group at a path, if there is one. */
  find(path: string): Cgroup | undefined {
    let group: Cgroup | undefined = this;
    for (const name of path.split('/')) if (name !== '') group = group?.children.get(name);
    return group;
  }

  get settings(): Map<string, string> {
    return (this.#settings ??= new Map<string, string>());
  }

  setting(name: string): string | undefined {
    return this.#settings?.get(name);
  }

  get memoryEvents(): MemoryEvents {
    return (this.#memoryEvents ??= noEvents());
  }

  /** memory.events.local: without those of groups below. */
  get localMemoryEvents(): MemoryEvents {
    return (this.#localEvents ??= noEvents());
  }

  /** Counts an event here and in all groups above (they are hierarchical). */
  countMemoryEvent(event: keyof MemoryEvents): void {
    this.localMemoryEvents[event]++;
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent) group.memoryEvents[event]++;
  }

  /** This group and all above. */
  *line(): Iterable<Cgroup> {
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent) yield group;
  }

  /** All processes here and below. */
  *everybody(): Iterable<Task> {
    yield* this.tasks;
    for (const child of this.children.values()) yield* child.everybody();
  }

  /** A process comes to live here, with the memory that it holds. */
  admit(task: Task): void {
    this.tasks.add(task);
    const bytes = task.rssKb * 1024;
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent) {
      if (++group.population > group.pidsPeak) group.pidsPeak = group.population;
      group.memory += bytes;
      if (group.memory > group.memoryPeak) group.memoryPeak = group.memory;
    }
  }

  dismiss(task: Task): void {
    if (!this.tasks.delete(task)) return;
    const bytes = task.rssKb * 1024;
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent) {
      group.population--;
      group.memory -= bytes;
    }
  }

  /** Accounts memory here and above, whatever the limits say (see `chargeMemory`). */
  account(bytes: number, shmem = false): void {
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent) {
      group.memory += bytes;
      if (shmem) group.shmem += bytes;
      if (group.memory > group.memoryPeak) group.memoryPeak = group.memory;
    }
  }

  /** The lowest group of the line that `bytes` more would bring over its memory.max. */
  overLimit(bytes: number): Cgroup | undefined {
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent)
      if (group.memory + bytes > group.memoryMax) return group;
    return undefined;
  }

  /** The group whose pids.max one more process would break: here or above. */
  get refusesFork(): Cgroup | undefined {
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent)
      if (group.population >= group.pidsMax) return group;
    return undefined;
  }

  get frozen(): boolean {
    for (let group: Cgroup | undefined = this; group !== undefined; group = group.parent)
      if (group.freezing) return true;
    return false;
  }

  remove(name: string): Sys<void> {
    const child = this.children.get(name);
    if (child === undefined) return fail('ENOENT');
    if (child.population > 0 || child.children.size > 0) return fail('EBUSY');
    // What its dead left behind (pages of a tmpfs) stays on the parents' account: they are hierarchical anyway.
    this.children.delete(name);
    return ok(undefined);
  }
}
