import { isAfter, isOver, type Service, type SwarmNode, type Task } from '../objects';
import type { Store } from '../store';
import { newTask, setDesired } from './task';

const byKey = (tasks: readonly Task[], key: (task: Task) => string | number): Map<string | number, Task[]> => {
  const slots = new Map<string | number, Task[]>();
  for (const task of tasks) {
    const own = slots.get(key(task));
    if (own === undefined) slots.set(key(task), [task]);
    else own.push(task);
  }
  return slots;
};

/** Tasks that hold a slot of a service: they are to run, or are the last that was to run there (UpdatableTasksInSlot). */
export const wanted = (store: Store, service: Service): readonly Task[] =>
  store
    .tasksOf(service)
    .filter(
      ({ DesiredState, final }) => !isAfter(DesiredState, 'running') || (final === true && DesiredState !== 'remove'),
    );

/** As many slots as replicas: missing ones are made, surplus ones go, those that do not run first (replicated). */
export function reconcileReplicated(store: Store, service: Service, replicas: number): void {
  const slots = byKey(wanted(store, service), ({ Slot = 0 }) => Slot);
  for (let number = 1; slots.size < replicas; number++) {
    if (slots.has(number)) continue;
    slots.set(number, [newTask(store, service, { Slot: number })]);
  }
  if (slots.size <= replicas) return;
  const running = (tasks: readonly Task[]): number => (tasks.some(({ Status }) => Status.State === 'running') ? 0 : 1);
  const surplus = [...slots].sort(([a, ofA], [b, ofB]) => running(ofB) - running(ofA) || Number(b) - Number(a));
  for (const [, tasks] of surplus.slice(0, slots.size - replicas))
    for (const task of tasks) setDesired(store, task, 'remove');
}

/** One task on every node that may have one (global). */
export function reconcileGlobal(store: Store, service: Service, able: (node: SwarmNode) => boolean): void {
  const slots = byKey(wanted(store, service), ({ NodeID = '' }) => NodeID);
  for (const node of store.nodes.values()) {
    const own = slots.get(node.ID);
    if (!able(node)) for (const task of own ?? []) setDesired(store, task, 'shutdown');
    else if (own === undefined) newTask(store, service, { NodeID: node.ID });
  }
}

/** A job: tasks until as many have completed as asked, never more at once than allowed (orchestrator/jobs). */
export function reconcileJob(store: Store, service: Service): void {
  const { ReplicatedJob, GlobalJob } = service.Spec.Mode ?? {};
  const iteration = service.JobStatus?.JobIteration.Index ?? 0;
  const own = store.tasksOf(service).filter(({ JobIteration }) => JobIteration?.Index === iteration);
  for (const task of store.tasksOf(service))
    if (task.JobIteration?.Index !== iteration && !isOver(task.Status.State)) setDesired(store, task, 'remove');
  const complete = own.filter(({ Status }) => Status.State === 'complete');
  // What has failed and may not be tried again keeps its place.
  const live = own.filter(
    ({ Status, DesiredState, final }) =>
      final === true || (!isOver(Status.State) && !isAfter(DesiredState, 'complete')),
  );
  if (GlobalJob !== undefined) {
    for (const { ID } of store.nodes.values())
      if (![...complete, ...live].some(({ NodeID }) => NodeID === ID)) newTask(store, service, { NodeID: ID });
    return;
  }
  const total = ReplicatedJob?.TotalCompletions ?? 1;
  const atOnce = Math.min(ReplicatedJob?.MaxConcurrent ?? total, total - complete.length);
  const taken = new Set([...complete, ...live].map(({ Slot }) => Slot));
  for (let missing = atOnce - live.length, slot = 0; missing > 0; slot++) {
    if (taken.has(slot)) continue;
    newTask(store, service, { Slot: slot });
    missing--;
  }
}
