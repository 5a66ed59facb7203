import { filtersParam, query } from '../../cli/api';
import { CommandError, type Invocation } from '../../cli/command';
import { showMessages } from '../../cli/pull';
import { encode } from '../../../../linux/io/bytes';
import type { ServiceJson } from './json';
import type { TaskJson } from './tasks';
import { updaterFor, type Line, type Updater } from './updaters';

/** How often it is looked (service/progress/progress.go). Virtual milliseconds. */
const INTERVAL = 200;
const MONITOR = 5000;
/** Waits until a service's tasks are as it wants them and stay so, and shows how that goes. */
export async function waitOnService(invocation: Invocation, service: string, quiet = false): Promise<number> {
  const { process, api, out } = invocation;
  const write = async (lines: readonly Line[]): Promise<void> => {
    if (quiet || lines.length === 0) return;
    await shown.write(lines);
  };
  const shown = new Shown(invocation);
  let updater: Updater | undefined;
  let lines: Line[] = [];
  let converged = false;
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
        if (!converged) return 0;
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
        if (!converged) last = { id: 'rollback', status: UpdateStatus.Message };
        rollback = true;
        break;
      default:
    }
    if (converged && convergedAt !== undefined && process.clock.now - convergedAt >= monitor) return done();
    const filters = filtersParam([`service=${found.ID}`, '_up-to-date=true']);
    const tasks = await api.get<readonly TaskJson[]>(`/tasks${query({ filters })}`);
    await api.get('/nodes');
    updater ??= updaterFor(found, (line) => lines.push(line));
    converged = updater.update(found, tasks, rollback);
    await write(lines);
    lines = [];
    if (converged) {
      // Jobs stay done once they are done.
      if (found.JobStatus !== undefined) {
        await write([{ id: '', status: 'job complete' }]);
        return 0;
      }
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
    if (converged) return 0;
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
    for (const { id, status, current = 0, total = 0 } of lines) {
      const name = id === '' ? {} : { id };
      this.#queue.push(
        encode(`${JSON.stringify({ ...name, status, progressDetail: { current, total, hidecounts: true } })}\n`),
      );
    }
    await showMessages(process, { read: () => Promise.resolve(this.#queue.shift()) }, 1, this.#display);
  }
}
