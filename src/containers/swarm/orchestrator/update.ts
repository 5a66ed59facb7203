import { isAfter, isOver, type Service, type Task, type UpdateConfig } from '../objects';
import type { Store } from '../store';
import { wanted } from './slots';
import { isDirty, newTask, setDesired } from './task';

const NANO = 1_000_000;

interface Step {
  readonly fresh: Task;
  readonly old: readonly Task[];
  /** Since when it has been running, and its place is held for the delay. */
  doneAt: number | undefined;
}

interface Update {
  readonly spec: Service['Spec'];
  readonly steps: Map<string, Step>;
  /** Fresh tasks that are watched for a while after they began to run. */
  readonly watched: { readonly task: Task; readonly until: number }[];
  updated: number;
  failed: number;
}

/** Brings tasks up to date with their service, a few at a time (orchestrator/update/updater.go). Level-triggered. */
export class Updater {
  readonly #running = new Map<string, Update>();

  constructor(readonly store: Store) {}

  look(service: Service): void {
    const { store } = this;
    const state = service.UpdateStatus?.State ?? '';
    let update = this.#running.get(service.ID);
    const held = wanted(store, service);
    const dirty = held.filter((task) => isDirty(service, task));
    if (update !== undefined && update.spec !== service.Spec) {
      this.#running.delete(service.ID);
      update = undefined;
    }
    if (state === 'paused' || state === 'rollback_paused') return;
    if (update === undefined) {
      if (dirty.length === 0) {
        if (state === 'updating' || state === 'rollback_started') this.#complete(service);
        return;
      }
      update = { spec: service.Spec, steps: new Map(), watched: [], updated: 0, failed: 0 };
      this.#running.set(service.ID, update);
      if (state !== 'rollback_started')
        this.#status(service, { State: 'updating', StartedAt: store.instant(), Message: 'update in progress' });
    }
    const config = configOf(service);
    this.#advance(service, update, config);
    if (!this.#running.has(service.ID)) return;
    const slots = new Map<string, Task[]>();
    for (const task of held) slots.set(slotOf(task), [...(slots.get(slotOf(task)) ?? []), task]);
    const waiting = [...slots].filter(
      ([key, tasks]) => update.steps.get(key) === undefined && tasks.some((task) => isDirty(service, task)),
    );
    const atOnce = config.Parallelism === 0 ? Infinity : (config.Parallelism ?? 1);
    for (const [key, tasks] of waiting) {
      if (update.steps.size >= atOnce) break;
      update.steps.set(key, this.#begin(service, tasks, config));
    }
    if (waiting.length > 0 || update.steps.size > 0) return;
    const last = Math.max(0, ...update.watched.map(({ until }) => until));
    if (last > store.clock.now) store.clock.setTimer(last - store.clock.now, () => store.wake());
    else {
      this.#running.delete(service.ID);
      this.#complete(service);
    }
  }

  #begin(service: Service, old: readonly Task[], { Order }: UpdateConfig): Step {
    const [{ Slot, NodeID } = {}] = old;
    const fresh = newTask(this.store, service, Slot !== undefined ? { Slot } : NodeID === undefined ? {} : { NodeID });
    for (const task of old) delete task.final;
    if (Order !== 'start-first') {
      fresh.DesiredState = 'ready';
      for (const task of old) setDesired(this.store, task, 'shutdown');
    }
    return { fresh, old, doneAt: undefined };
  }

  #advance(service: Service, update: Update, config: UpdateConfig): void {
    const { store } = this;
    const { now } = store.clock;
    for (const [key, step] of update.steps) {
      const { fresh, old } = step;
      if (fresh.DesiredState === 'ready' && old.every(({ Status }) => isOver(Status.State)))
        setDesired(store, fresh, 'running');
      if (fresh.Status.State === 'running' && step.doneAt === undefined) {
        for (const task of old) setDesired(store, task, 'shutdown');
        step.doneAt = now;
        update.updated++;
        const monitor = (config.Monitor ?? 5_000 * NANO) / NANO;
        update.watched.push({ task: fresh, until: now + monitor });
        const delay = (config.Delay ?? 0) / NANO;
        if (delay > 0) store.clock.setTimer(delay, () => store.wake());
      }
      if (step.doneAt === undefined && hasFailed(fresh)) {
        update.steps.delete(key);
        this.#failure(service, update, fresh, config);
        if (!this.#running.has(service.ID)) return;
      } else if (step.doneAt !== undefined && now >= step.doneAt + (config.Delay ?? 0) / NANO) update.steps.delete(key);
    }
    for (const [index, { task, until }] of [...update.watched.entries()].reverse()) {
      if (!hasFailed(task) || task.since > until) continue;
      update.watched.splice(index, 1);
      this.#failure(service, update, task, config);
      if (!this.#running.has(service.ID)) return;
    }
  }

  #failure(service: Service, update: Update, task: Task, config: UpdateConfig): void {
    update.failed++;
    const total = Math.max(1, wanted(this.store, service).length);
    const action = config.FailureAction === undefined || config.FailureAction === '' ? 'pause' : config.FailureAction;
    if (action === 'continue' || update.failed / total <= (config.MaxFailureRatio ?? 0)) return;
    this.#running.delete(service.ID);
    const back = service.UpdateStatus?.State === 'rollback_started';
    const why = `due to failure or early termination of task ${task.ID}`;
    if (action === 'rollback' && !back && service.PreviousSpec !== undefined) {
      service.Spec = service.PreviousSpec;
      delete service.PreviousSpec;
      this.#status(service, {
        State: 'rollback_started',
        StartedAt: this.store.instant(),
        Message: `update rolled back ${why}`,
      });
      return;
    }
    this.#status(service, {
      ...service.UpdateStatus,
      State: back ? 'rollback_paused' : 'paused',
      Message: `${back ? 'rollback' : 'update'} paused ${why}`,
    });
  }

  #complete(service: Service): void {
    const back = service.UpdateStatus?.State === 'rollback_started';
    this.#status(service, {
      ...service.UpdateStatus,
      State: back ? 'rollback_completed' : 'completed',
      CompletedAt: this.store.instant(),
      Message: back ? 'rollback completed' : 'update completed',
    });
  }

  #status(service: Service, status: NonNullable<Service['UpdateStatus']>): void {
    service.UpdateStatus = status;
    this.store.touch(service);
  }
}

const slotOf = ({ Slot, NodeID = '' }: Task): string => (Slot === undefined ? NodeID : String(Slot));

const hasFailed = ({ Status, DesiredState }: Task): boolean =>
  Status.State === 'failed' ||
  Status.State === 'rejected' ||
  (isOver(Status.State) && !isAfter(DesiredState, 'running'));

const configOf = ({ Spec, UpdateStatus }: Service): UpdateConfig =>
  (UpdateStatus?.State === 'rollback_started' ? Spec.RollbackConfig : Spec.UpdateConfig) ?? {};
