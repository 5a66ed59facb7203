import type { Service, ServiceSpec, Task, TaskState } from '../objects';
import type { Store } from '../store';

/** A task of a service, for a slot or for a node (orchestrator/task.go, NewTask). */
export function newTask(store: Store, service: Service, place: { Slot?: number; NodeID?: string }): Task {
  const meta = store.meta();
  const { Runtime: _runtime, ...spec } = service.Spec.TaskTemplate;
  const task: Task = {
    ...meta,
    Labels: {},
    Spec: spec,
    ServiceID: service.ID,
    ...place,
    Status: { Timestamp: meta.CreatedAt, State: 'new', Message: 'created', PortStatus: {} },
    // A job's tasks are to come to an end (orchestrator/task.go, NewTask).
    DesiredState: service.JobStatus === undefined ? 'running' : 'complete',
    attachments: [],
    made: service.Spec,
    createdMs: store.clock.now,
    since: store.clock.now,
    ...(service.JobStatus === undefined ? {} : { JobIteration: service.JobStatus.JobIteration }),
  };
  store.tasks.set(task.ID, task);
  store.wake();
  return task;
}

/** Moves a task on; why, and what went wrong, stays with it. */
export function setState(
  store: Store,
  task: Task,
  state: TaskState,
  message: string,
  more: Partial<Task['Status']> = {},
): void {
  const { Err: _, ...kept } = task.Status;
  task.Status = { ...kept, Timestamp: store.instant(), State: state, Message: message, ...more };
  task.since = store.clock.now;
  store.touch(task);
}

export function setDesired(store: Store, task: Task, desired: TaskState): void {
  if (task.DesiredState === desired) return;
  task.DesiredState = desired;
  store.touch(task);
}

/** `web.1`, or for tasks of a node `web.<node>`. */
export const slotName = (name: string, { Slot, NodeID }: Pick<Task, 'Slot' | 'NodeID'>): string =>
  `${name}.${Slot === undefined || Slot === 0 ? (NodeID ?? '') : Slot}`;

/** The name of a task's container. */
export const containerName = (name: string, task: Task): string => `${slotName(name, task)}.${task.ID}`;

/** Whether a task was made by another specification than the service's is now (orchestrator/update, IsTaskDirty). */
export function isDirty({ Spec }: Service, { made }: Task): boolean {
  if (made === Spec) return false;
  return whatMatters(made) !== whatMatters(Spec);
}

const whatMatters = ({ TaskTemplate, EndpointSpec }: ServiceSpec): string => {
  const { RestartPolicy: _, Placement, ...rest } = TaskTemplate;
  const { Platforms: __, ...placement } = Placement ?? {};
  return JSON.stringify([rest, placement, EndpointSpec?.Ports?.filter(({ PublishMode }) => PublishMode === 'host')]);
};
