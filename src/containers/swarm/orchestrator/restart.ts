import { isAfter, isOver, type Service, type Task } from '../objects';
import type { Store } from '../store';
import { newTask, setDesired } from './task';

const NANO = 1_000_000;

/** Puts new tasks where old ones have ended (orchestrator/restart/restart.go). */
export class RestartSupervisor {
  /** Restarts of a slot, by service and slot; virtual milliseconds. */
  readonly #history = new Map<string, number[]>();

  constructor(readonly store: Store) {}

  /** A task that is to run has ended: it stays as history; another may follow it, after a while. */
  restart(service: Service, task: Task): void {
    const { store } = this;
    setDesired(store, task, 'shutdown');
    if (!this.#should(service, task)) {
      task.final = true;
      return;
    }
    const place =
      task.Slot === undefined ? (task.NodeID === undefined ? {} : { NodeID: task.NodeID }) : { Slot: task.Slot };
    const next = newTask(store, service, place);
    const key = keyOf(task);
    this.#history.set(key, [...(this.#history.get(key) ?? []), store.clock.now]);
    const delay = (service.Spec.TaskTemplate.RestartPolicy?.Delay ?? 5_000 * NANO) / NANO;
    if (delay <= 0) return;
    // It is made ready at once, and waits there.
    next.DesiredState = 'ready';
    store.clock.setTimer(delay, () => {
      const wanted = service.JobStatus === undefined ? 'running' : 'complete';
      if (next.DesiredState === 'ready' && store.tasks.has(next.ID)) setDesired(store, next, wanted);
    });
  }

  #should({ Spec }: Service, task: Task): boolean {
    const { Condition = 'any', MaxAttempts = 0, Window = 0 } = Spec.TaskTemplate.RestartPolicy ?? {};
    if (Condition === 'none') return false;
    if (Condition === 'on-failure' && task.Status.State === 'complete') return false;
    if (MaxAttempts === 0) return true;
    const since = Window === 0 ? -Infinity : this.store.clock.now - Window / NANO;
    return (this.#history.get(keyOf(task)) ?? []).filter((at) => at >= since).length < MaxAttempts;
  }

  /** Looks at all tasks of a service. Those whose policy forbids another keep their slot: nothing is made for it. */
  look(service: Service): void {
    for (const task of this.store.tasksOf(service))
      if (isOver(task.Status.State) && !isAfter(task.DesiredState, 'running')) this.restart(service, task);
  }
}

const keyOf = ({ ServiceID, Slot, NodeID, made }: Task): string =>
  `${ServiceID}/${Slot ?? NodeID ?? ''}/${made.TaskTemplate.ForceUpdate ?? 0}`;

/** Old tasks go: as many of a slot as the history may have are kept (orchestrator/taskreaper). */
export function reap(store: Store, limit: number): void {
  const slots = new Map<string, Task[]>();
  for (const task of store.tasks.values()) {
    const gone = isOver(task.Status.State);
    if (!store.services.has(task.ServiceID) || task.DesiredState === 'remove') {
      if (gone || task.NodeID === undefined) store.tasks.delete(task.ID);
      continue;
    }
    const key = `${task.ServiceID}/${task.Slot ?? task.NodeID ?? ''}`;
    const own = slots.get(key);
    if (own === undefined) slots.set(key, [task]);
    else own.push(task);
  }
  for (const tasks of slots.values()) {
    const old = tasks.filter(({ Status }) => isOver(Status.State)).sort((a, b) => a.createdMs - b.createdMs);
    const surplus = tasks.length - (limit + 1);
    for (const task of old.slice(0, Math.max(0, surplus))) store.tasks.delete(task.ID);
  }
}
