import { filtersParam, query } from '../../cli/api';
import { CommandError, type Invocation } from '../../cli/command';
import { showMessages } from '../../cli/pull';
import { encode } from '../../../../linux/io/bytes';
import type { ServiceJson } from './json';
import type { TaskJson } from './tasks';

/** How often it is looked (service/progress/progress.go). Virtual milliseconds. */
const INTERVAL = 200;
const MONITOR = 5000;
/** More tasks than this are not shown one by one. */
const MOST_BARS = 20;

const states = ['new', 'allocated', 'pending', 'assigned', 'accepted', 'preparing', 'ready', 'starting', 'running'];
const terminal = (state: string): boolean => !states.includes(state);

interface Line {
  readonly id: string;
  readonly status: string;
  readonly current?: number;
}

/** Waits until a service's tasks are as it wants them and stay so, and shows how that goes. */
export async function waitOnService(invocation: Invocation, service: string, quiet = false): Promise<number> {
  const { process, api, out } = invocation;
  const write = async (lines: readonly Line[]): Promise<void> => {
    if (quiet || lines.length === 0) return;
    await shown.write(lines);
  };
  const shown = new Shown(invocation);
  const updater = new Updater();
  let convergedAt: number | undefined;
  let rollback = false;
  let last: Line | undefined;
  let interrupted = false;
  process.signals.handle('SIGINT', () => (interrupted = true));
  for (;;) {
    const found = await api.get<ServiceJson>(`/services/${encodeURIComponent(service)}?insertDefaults=false`);
    const { Spec, UpdateStatus } = found;
    const monitor = Number(Spec.UpdateConfig?.['Monitor'] ?? 0) / 1e6 || MONITOR;
    const done = async (): Promise<number> => {
      await write([{ id: 'verify', status: `Service ${service} converged` }, ...(last === undefined ? [] : [last])]);
      return 0;
    };
    switch (UpdateStatus?.State) {
      case 'updating':
        rollback = false;
        break;
      case 'completed':
        if (convergedAt !== undefined) return done();
        break;
      case 'paused':
        throw new CommandError(`service update paused: ${UpdateStatus.Message}`);
      case 'rollback_started':
        if (!rollback && UpdateStatus.Message !== '') await write([{ id: 'rollback', status: UpdateStatus.Message }]);
        rollback = true;
        break;
      case 'rollback_paused':
        throw new CommandError(`service rollback paused: ${UpdateStatus.Message}`);
      case 'rollback_completed':
        if (convergedAt === undefined) last = { id: 'rollback', status: UpdateStatus.Message };
        rollback = true;
        break;
      default:
    }
    if (convergedAt !== undefined && process.clock.now - convergedAt >= monitor) return done();
    const filters = filtersParam([`service=${found.ID}`, '_up-to-date=true']);
    const tasks = await api.get<readonly TaskJson[]>(`/tasks${query({ filters })}`);
    const nodes = await api.get<readonly { ID: string }[]>('/nodes');
    const { converged, lines } = updater.update(found, tasks, nodes.length, rollback);
    await write(lines);
    if (converged) {
      convergedAt ??= process.clock.now;
      const left = monitor - (process.clock.now - convergedAt);
      if (left >= 0)
        await write([
          {
            id: 'verify',
            status: `Waiting ${Math.max(1, Math.ceil(left / 1000))} seconds to verify that tasks are stable...`,
          },
        ]);
    } else {
      if (convergedAt !== undefined) await write([{ id: 'verify', status: 'Detected task failure' }]);
      convergedAt = undefined;
    }
    await process.sleep(INTERVAL);
    if (!interrupted) continue;
    await out(`Operation continuing in background.\nUse \`docker service ps ${service}\` to check progress.\n`);
    return 0;
  }
}

/** The lines go through the same display as a pull's. */
class Shown {
  readonly #queue: Uint8Array[] = [];
  constructor(readonly invocation: Invocation) {}

  readonly #display = new Map<string, number>();

  async write(lines: readonly Line[]): Promise<void> {
    const { process } = this.invocation;
    for (const { id, status, current = 0 } of lines)
      this.#queue.push(
        encode(
          `${JSON.stringify({ id, status, progressDetail: { current, total: current > 0 ? 9 : 0, hidecounts: true } })}\n`,
        ),
      );
    await showMessages(process, { read: () => Promise.resolve(this.#queue.shift()) }, 1, this.#display);
  }
}

/** Counts what runs, for each kind of service. */
class Updater {
  #started = false;
  #done = false;
  readonly #slots = new Map<string, number>();

  update(
    service: ServiceJson,
    tasks: readonly TaskJson[],
    nodes: number,
    rollback: boolean,
  ): { readonly converged: boolean; readonly lines: readonly Line[] } {
    const { Mode } = service.Spec;
    const global = Mode?.Global !== undefined || Mode?.GlobalJob !== undefined;
    const job = Mode?.ReplicatedJob !== undefined || Mode?.GlobalJob !== undefined;
    const wanted = global
      ? Math.max(nodes, 0)
      : (Mode?.ReplicatedJob?.TotalCompletions ?? Mode?.Replicated?.Replicas ?? 1);
    const latest = new Map<string, TaskJson>();
    for (const task of tasks) {
      const key = global ? (task.NodeID ?? '') : String(task.Slot ?? 0);
      const other = latest.get(key);
      if (other === undefined || rank(task) > rank(other)) latest.set(key, task);
    }
    const lines: Line[] = [];
    const overall = (count: number): void => {
      const id = job ? 'job progress' : 'overall progress';
      const what = job ? `${count} out of ${wanted} complete` : `${count} out of ${wanted} tasks`;
      lines.push({ id, status: rollback ? `rolling back update: ${what}` : what });
    };
    if (!this.#started) {
      overall(0);
      if (!global && wanted <= MOST_BARS)
        for (let index = 1; index <= wanted; index++) lines.push({ id: `${index}/${wanted}`, status: ' ' });
      this.#started = true;
    }
    const good = job ? 'complete' : 'running';
    const isGood = ({ Status, DesiredState }: TaskJson): boolean =>
      Status.State === good && (job || !terminal(DesiredState));
    if (this.#done && [...latest.values()].some((task) => !isGood(task))) this.#done = false;
    for (const [key, task] of [...latest].sort(([a], [b]) => Number(a) - Number(b))) {
      const place = this.#slots.get(key) ?? this.#slots.size + 1;
      this.#slots.set(key, place);
      if (this.#done || wanted > MOST_BARS || place > wanted) continue;
      const id = global ? (task.NodeID ?? '').slice(0, 12) : `${place}/${wanted}`;
      const { Err = '', State } = task.Status;
      if (Err !== '') lines.push({ id, status: Err.length > 75 ? `${Err.slice(0, 74)}…` : Err });
      else if (!terminal(task.DesiredState) && !terminal(State))
        lines.push({ id, status: State.padEnd(9), current: states.indexOf(State) + 1 });
    }
    const count = [...latest.values()].filter(isGood).length;
    if (!this.#done) {
      overall(count);
      if (count === wanted) this.#done = true;
    }
    return { converged: count === wanted, lines };
  }
}

/** Of several tasks of a slot the one that is to run, and has come furthest, counts. */
const rank = ({ DesiredState, Status }: TaskJson): number =>
  (terminal(DesiredState) ? 0 : 100) + (terminal(Status.State) ? 0 : states.indexOf(Status.State));
