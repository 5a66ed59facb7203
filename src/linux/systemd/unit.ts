import type { Definition } from './unit-file';

export type ActiveState = 'active' | 'inactive' | 'activating' | 'deactivating' | 'failed' | 'reloading';

/** How a job ended; `done` calls of the manager get it. */
export type JobResult = 'done' | 'failed' | 'timeout' | 'canceled' | 'dependency' | 'skipped';

export type JobDone = (result: JobResult) => void;

/** What all units have in common: their definition, their state, and since when. */
export abstract class Unit {
  definition: Definition;
  active: ActiveState = 'inactive';
  sub = 'dead';
  /** Virtual milliseconds of the last changes; undefined if there was none. */
  stateChanged: number | undefined;
  activeEnter: number | undefined;
  activeExit: number | undefined;
  inactiveEnter: number | undefined;
  inactiveExit: number | undefined;
  /** `success`, or why it failed. */
  result = 'success';
  jobId = 0;
  /** Where in the journal this run begins: what `systemctl status` shows. */
  logFrom = 0;

  constructor(
    readonly name: string,
    definition: Definition,
  ) {
    this.definition = definition;
  }

  get type(): string {
    return this.name.slice(this.name.lastIndexOf('.') + 1);
  }

  protected become(active: ActiveState, sub: string, now: number): void {
    const running = (state: ActiveState): boolean => state === 'active' || state === 'reloading';
    const dead = (state: ActiveState): boolean => state === 'inactive' || state === 'failed';
    if (running(active) && !running(this.active)) this.activeEnter = now;
    if (!running(active) && running(this.active)) this.activeExit = now;
    if (dead(active) && !dead(this.active)) this.inactiveEnter = now;
    if (!dead(active) && dead(this.active)) this.inactiveExit = now;
    this.active = active;
    this.sub = sub;
    this.stateChanged = now;
  }

  /** An inactive unit that nobody refers to is not kept: it knows nothing of its past (garbage collection). */
  forget(): void {
    this.stateChanged = undefined;
    this.activeEnter = undefined;
    this.activeExit = undefined;
    this.inactiveEnter = undefined;
    this.inactiveExit = undefined;
    this.logFrom = 0;
  }

  abstract start(done: JobDone): void;
  abstract stop(done: JobDone): void;
}
