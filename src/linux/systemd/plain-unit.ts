import type { Definition } from './unit-file';
import { Unit, type JobDone } from './unit';

/** What a unit without processes is called when it is up. */
const upStates: Readonly<Record<string, string>> = {
  target: 'active',
  slice: 'active',
  scope: 'running',
  socket: 'listening',
  timer: 'waiting',
  path: 'waiting',
  mount: 'mounted',
  swap: 'active',
  device: 'plugged',
  automount: 'waiting',
};

/** A target, slice or socket: up or not. */
export class PlainUnit extends Unit {
  constructor(
    name: string,
    definition: Definition,
    readonly now: () => number,
    /** Says in the journal what became of it. */
    readonly told: (unit: PlainUnit, up: boolean) => void,
  ) {
    super(name, definition);
  }

  start(done: JobDone): void {
    if (this.active !== 'active') {
      this.become('active', upStates[this.type] ?? 'active', this.now());
      this.told(this, true);
    }
    done('done');
  }

  stop(done: JobDone): void {
    if (this.active === 'active') {
      this.become('inactive', 'dead', this.now());
      this.told(this, false);
    }
    done('done');
  }
}
