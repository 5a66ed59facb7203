import type { ServiceJson } from './json';
import type { TaskJson } from './tasks';

/** One line of the display; with a total it is a bar, which only terminals show. */
export interface Line {
  readonly id: string;
  readonly status: string;
  readonly current?: number;
  readonly total?: number;
}

/** How far a service has come; what is to be shown of it goes to `write`. True: all is as it should be. */
export interface Updater {
  update(service: ServiceJson, tasks: readonly TaskJson[], rollback: boolean): boolean;
}

type Write = (line: Line) => void;

const states = [
  'new',
  'allocated',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
];
const rank = (state: string): number => states.indexOf(state) + 1;
const terminal = (state: string): boolean => rank(state) > rank('running');
const padded = (state: string): string => state.padEnd(Math.max(...states.slice(0, 10).map(({ length }) => length)));
/** More tasks than this are not shown one by one. */
const MOST_BARS = 20;

const shortError = (text: string): string => {
  const line = text.replaceAll('\n', ' ');
  return line.length > 75 ? `${line.slice(0, 74)}…` : line;
};

/** The updater of a kind of service (service/progress/progress.go). */
export function updaterFor(service: ServiceJson, write: Write): Updater {
  const { Mode } = service.Spec;
  if (Mode?.Global !== undefined) return new GlobalUpdater(write);
  if (Mode?.ReplicatedJob !== undefined) return new ReplicatedJobUpdater(write, service);
  if (Mode?.GlobalJob !== undefined) return new GlobalJobUpdater(write);
  return new ReplicatedUpdater(write);
}

/** Of several tasks of a place the one with the lowest desired state counts, then the one with the lowest state. */
function firstOf<Place>(tasks: readonly TaskJson[], place: (task: TaskJson) => Place): ReadonlyMap<Place, TaskJson> {
  const found = new Map<Place, TaskJson>();
  const order = ({ DesiredState, Status }: TaskJson): number => rank(DesiredState) * 100 + rank(Status.State);
  for (const task of tasks) {
    if (rank(task.DesiredState) === 0 || rank(task.Status.State) === 0) continue;
    const other = found.get(place(task));
    if (other === undefined || order(task) < order(other)) found.set(place(task), task);
  }
  return found;
}

const isRunning = ({ DesiredState, Status }: TaskJson): boolean =>
  !terminal(DesiredState) && Status.State === 'running';

const overall = (count: number, wanted: number, rollback: boolean): Line => ({
  id: 'overall progress',
  status: `${rollback ? 'rolling back update: ' : ''}${count} out of ${wanted} tasks`,
});

function taskLine(id: string, { DesiredState, Status: { Err = '', State } }: TaskJson): Line | undefined {
  if (Err !== '') return { id, status: shortError(Err) };
  if (terminal(DesiredState) || terminal(State)) return undefined;
  return { id, status: padded(State), current: rank(State), total: 9 };
}

class ReplicatedUpdater implements Updater {
  #started = false;
  #done = false;
  readonly #places = new Map<number, number>();

  constructor(readonly write: Write) {}

  update({ Spec }: ServiceJson, tasks: readonly TaskJson[], rollback: boolean): boolean {
    const replicas = Spec.Mode?.Replicated?.Replicas ?? 1;
    if (!this.#started) {
      this.write(overall(0, replicas, rollback));
      if (replicas <= MOST_BARS)
        for (let index = 1; index <= replicas; index++) this.write({ id: `${index}/${replicas}`, status: ' ' });
      this.#started = true;
    }
    const slots = firstOf(tasks, ({ Slot = 0 }) => Slot);
    if (this.#done && [...slots.values()].some(({ Status }) => Status.State !== 'running')) this.#done = false;
    for (const [slot, task] of [...slots].sort(([a], [b]) => a - b)) {
      const place = this.#places.get(slot) ?? this.#places.size + 1;
      this.#places.set(slot, place);
      if (this.#done || replicas > MOST_BARS || place > replicas) continue;
      const line = taskLine(`${place}/${replicas}`, task);
      if (line !== undefined) this.write(line);
    }
    const running = [...slots.values()].filter(isRunning).length;
    if (!this.#done) {
      this.write(overall(running, replicas, rollback));
      if (running === replicas) this.#done = true;
    }
    return running === replicas;
  }
}

class GlobalUpdater implements Updater {
  #started = false;
  #done = false;

  constructor(readonly write: Write) {}

  update(_: ServiceJson, tasks: readonly TaskJson[], rollback: boolean): boolean {
    const nodes = firstOf(tasks, ({ NodeID = '' }) => NodeID);
    if (!this.#started) {
      if (nodes.size === 0) {
        this.write({ id: 'overall progress', status: 'waiting for new tasks' });
        return false;
      }
      this.write(overall(0, nodes.size, rollback));
      this.#started = true;
    }
    if (this.#done && [...nodes.values()].some(({ Status }) => Status.State !== 'running')) this.#done = false;
    if (!this.#done && nodes.size <= MOST_BARS)
      for (const [id, task] of nodes) {
        const line = taskLine(id.slice(0, 12), task);
        if (line !== undefined) this.write(line);
      }
    const running = [...nodes.values()].filter(isRunning).length;
    if (!this.#done) {
      this.write(overall(running, nodes.size, rollback));
      if (running === nodes.size) this.#done = true;
    }
    return running === nodes.size;
  }
}

/** Of a job only the tasks of this iteration count; of those in one place the one that has come least far. */
function ofIteration<Place>(
  { JobStatus }: ServiceJson,
  tasks: readonly TaskJson[],
  place: (task: TaskJson) => Place,
): ReadonlyMap<Place, TaskJson> {
  const found = new Map<Place, TaskJson>();
  for (const task of tasks) {
    if (task.JobIteration?.Index !== JobStatus?.JobIteration.Index || rank(task.Status.State) === 0) continue;
    const other = found.get(place(task));
    if (other === undefined || rank(other.Status.State) > rank(task.Status.State)) found.set(place(task), task);
  }
  return found;
}

function jobTaskLine(id: string, { Status: { Err = '', State } }: TaskJson): Line {
  return Err === '' ? { id, status: padded(State), current: rank(State), total: 10 } : { id, status: shortError(Err) };
}

const jobLine = (complete: number, total: number): Line => ({
  id: 'job progress',
  status: `${String(complete).padStart(String(total).length)} out of ${total} complete`,
  current: complete,
  total,
});

class ReplicatedJobUpdater implements Updater {
  #started = false;
  readonly #total: number;
  readonly #atOnce: number;

  constructor(
    readonly write: Write,
    { Spec }: ServiceJson,
  ) {
    const { TotalCompletions = 1, MaxConcurrent } = Spec.Mode?.ReplicatedJob ?? {};
    this.#total = TotalCompletions;
    this.#atOnce = MaxConcurrent ?? TotalCompletions;
  }

  #overall(active: number, complete: number): void {
    const width = String(this.#atOnce).length;
    const wanted = Math.min(this.#total - complete, this.#atOnce);
    this.write(jobLine(complete, this.#total));
    this.write({
      id: 'active tasks',
      status: `${String(active).padStart(width)} out of ${String(wanted).padStart(width)} tasks`,
    });
  }

  update(service: ServiceJson, tasks: readonly TaskJson[]): boolean {
    const total = this.#total;
    if (!this.#started) {
      this.#overall(0, 0);
      if (total <= MOST_BARS)
        for (let index = 1; index <= total; index++) this.write({ id: `${index}/${total}`, status: ' ' });
      this.#started = true;
    }
    const slots = ofIteration(service, tasks, ({ Slot = 0 }) => Slot);
    if (total <= MOST_BARS)
      for (const [slot, task] of [...slots].sort(([a], [b]) => a - b))
        this.write(jobTaskLine(`${slot + 1}/${total}`, task));
    const all = [...slots.values()];
    const active = all.filter(({ Status }) => rank(Status.State) < rank('complete')).length;
    const complete = all.filter(({ Status }) => Status.State === 'complete').length;
    this.#overall(active, complete);
    return complete === total;
  }
}

class GlobalJobUpdater implements Updater {
  #nodes: ReadonlySet<string> | undefined;

  constructor(readonly write: Write) {}

  update(service: ServiceJson, tasks: readonly TaskJson[]): boolean {
    if (this.#nodes === undefined && tasks.length === 0) {
      this.write({ id: 'job progress', status: 'waiting for tasks' });
      return false;
    }
    const latest = ofIteration(service, tasks, ({ NodeID = '' }) => NodeID);
    // Nodes that join later are not waited for.
    if (this.#nodes === undefined) {
      this.#nodes = new Set(latest.keys());
      this.write(jobLine(0, this.#nodes.size));
    }
    const known = this.#nodes;
    const own = [...latest].filter(([id]) => known.has(id));
    if (known.size <= MOST_BARS) for (const [id, task] of own) this.write(jobTaskLine(id, task));
    const complete = own.filter(([, { Status }]) => Status.State === 'complete').length;
    this.write(jobLine(complete, known.size));
    return complete === known.size;
  }
}
