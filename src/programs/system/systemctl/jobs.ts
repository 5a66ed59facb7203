import { parseSignal } from '../../../linux/process/signals';
import type { Refused } from '../../../linux/systemd/manager';
import { Service } from '../../../linux/systemd/service';
import type { JobDone, JobResult } from '../../../linux/systemd/unit';
import { paint } from '../systemd';
import { mangle, mayManage, unitsOf, type Context } from './context';

type Verb = 'start' | 'stop' | 'restart' | 'reload';

const errors: Readonly<Record<Refused, (name: string) => readonly [string, number]>> = {
  'not-found': (name) => [`Unit ${name} not found.`, 5],
  'not-loaded': (name) => [`Unit ${name} not loaded.`, 5],
  masked: (name) => [`Unit ${name} is masked.`, 1],
  'bad-setting': (name) => [
    `Unit ${name} has a bad unit file setting.\nSee system logs and 'systemctl status ${name}' for details.`,
    1,
  ],
  'not-reloadable': (name) => [`Job type reload is not applicable for unit ${name}.`, 3],
};

/** Names of the operands; patterns mean units in memory. */
export const namesFor = (context: Context, operands: readonly string[]): readonly string[] =>
  operands.flatMap((operand) =>
    /[*?[]/.test(operand) ? unitsOf(context, [operand]).map(({ name }) => name) : [mangle(operand)],
  );

/** start, stop, restart, reload and their kin: queues the jobs, waits for them, tells what failed. */
export async function runJobs(context: Context, verb: string, operands: readonly string[]): Promise<number> {
  const { manager, process, look, options } = context;
  let status = 0;
  const jobs: { name: string; job: Verb; result?: JobResult }[] = [];
  const quiet = options.has('q');
  let wake: (() => void) | undefined;
  for (const name of namesFor(context, operands)) {
    const job = jobOf(context, verb, name);
    if (job === undefined) continue;
    if (!mayManage(context)) {
      await context.error(
        `Failed to ${verb} ${name}: Interactive authentication required.\nSee system logs and 'systemctl status ${name}' for details.`,
      );
      status = 1;
      continue;
    }
    if (manager.unit(name).active !== 'inactive' && manager.isStale(manager.unit(name)) && !quiet)
      await process.stderr.write(
        `${paint(look, 'yellow', 'Warning:')} The unit file, source configuration file or drop-ins of ${name} changed on disk. Run 'systemctl daemon-reload' to reload units.\n`,
      );
    const entry: (typeof jobs)[number] = { name, job };
    const done: JobDone = (result) => {
      entry.result = result;
      wake?.();
    };
    const asked = { start: 'start', stop: 'stop', restart: 'restart', reload: 'reloadUnit' } as const;
    const { refused } = manager[asked[job]](name, done);
    if (refused === undefined) jobs.push(entry);
    else {
      const [message, code] = errors[refused](name);
      await context.error(`Failed to ${verb} ${name}: ${message}`);
      status = Math.max(status, code);
    }
  }
  const pending = (): boolean => jobs.some(({ result }) => result === undefined);
  if (!options.has('no-block'))
    while (pending())
      await process.block<void>((resume) => {
        wake = resume;
        return () => (wake = undefined);
      });
  for (const { name, result } of jobs) {
    if (result === undefined || result === 'done') continue;
    if (!quiet) await process.stderr.write(failure(context, name, result));
    status = Math.max(status, 1);
  }
  if (verb === 'stop' && !quiet) await triggers(context, operands);
  return status;
}

/** Which job a verb asks for; none for `try-` of what is not up. */
function jobOf({ manager }: Context, verb: string, name: string): Verb | undefined {
  const unit = manager.unit(name);
  const up = unit.active === 'active' || unit.active === 'reloading' || unit.active === 'activating';
  switch (verb) {
    case 'try-restart':
    case 'condrestart':
      return up ? 'restart' : undefined;
    case 'reload-or-restart':
    case 'force-reload':
    case 'try-reload-or-restart':
      if (verb === 'try-reload-or-restart' && !up) return undefined;
      return up && unit instanceof Service && unit.canReload ? 'reload' : 'restart';
    case 'stop':
    case 'restart':
    case 'reload':
      return verb;
    default:
      return 'start';
  }
}

function failure({ manager, look }: Context, name: string, result: JobResult): string {
  const unit = manager.unit(name);
  const paintRed = (text: string): string =>
    text
      .split('\n')
      .map((line) => paint(look, 'red', line))
      .join('\n');
  const details = `See "systemctl status ${name}" and "journalctl -xeu ${name}" for details.`;
  if (result === 'canceled') return `${paintRed(`Job for ${name} canceled.`)}\n`;
  if (result === 'dependency')
    return `${paintRed(`A dependency job for ${name} failed. See 'journalctl -xe' for details.`)}\n`;
  if (unit.result === 'start-limit-hit')
    return `${paintRed(
      `Job for ${name} failed because start of the service was attempted too often.\n${details}\n` +
        `To force a start use "systemctl reset-failed ${name}"\nfollowed by "systemctl start ${name}" again.`,
    )}\n`;
  const why: Readonly<Record<string, string>> = {
    resources: 'of unavailable resources or another system error',
    protocol: 'the service did not take the steps required by its unit configuration',
    timeout: 'a timeout was exceeded',
    'exit-code': 'the control process exited with error code',
    signal: 'a fatal signal was delivered to the control process',
    'core-dump': 'a fatal signal was delivered causing the control process to dump core',
    'oom-kill': 'the control process was killed by the OOM killer',
  };
  const reason = why[unit.result];
  return `${paintRed(`Job for ${name} failed${reason === undefined ? '.' : ` because ${reason}.`}\n${details}`)}\n`;
}

/** A stopped service whose socket still listens comes back. */
async function triggers({ manager, process, look }: Context, operands: readonly string[]): Promise<void> {
  for (const operand of operands) {
    const name = mangle(operand);
    const socket = name.replace(/\.service$/, '.socket');
    const known = manager.units.find((unit) => unit.name === socket);
    if (socket === name || known?.active !== 'active') continue;
    await process.stderr.write(
      `${paint(look, 'yellow', 'Warning:')} Stopping ${name}, but it can still be activated by:\n  ${socket}\n`,
    );
  }
}

/** `systemctl kill`. */
export async function kill(context: Context, operands: readonly string[]): Promise<number> {
  const { manager, options } = context;
  const signal = parseSignal(options.value('s') ?? 'SIGTERM');
  if (signal === undefined) {
    await context.error(`Failed to parse signal string ${options.value('s') ?? ''}.`);
    return 1;
  }
  const whom = options.value('kill-whom');
  for (const name of namesFor(context, operands)) {
    const service = manager.service(name);
    if (service === undefined || service.active === 'inactive') {
      await context.error(`Failed to kill unit ${name}: Unit ${name} not loaded.`);
      return 1;
    }
    service.signal(signal, whom === 'main' || whom === 'control' ? whom : 'all');
  }
  return 0;
}
