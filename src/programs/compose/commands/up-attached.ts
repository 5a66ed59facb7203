import type { Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { query } from '../engine/api';
import { byName, listContainers, nameOf, serviceOf, type Inspected } from '../engine/containers';
import { watchEvents } from '../engine/events';
import { eachLine } from '../engine/log-lines';
import { LogPrinter } from '../engine/log-printer';
import { together } from '../engine/order';
import type { Session } from '../engine/session';
import { startProject } from '../engine/start';
import { stopServices } from '../engine/stop';
import { newProgress, type Progress, type ProgressEvent } from '../progress/progress';
import type { Project } from '../load/types';
import { isColored, shortName } from './logs';

/** How long the last lines of a container that ended are waited for. */
const LAST_LINES = 50;

/** Services whose output is shown (up.go). */
function attachedServices({ flags, operands }: Context, project: Project): readonly string[] {
  const given = flags.all('attach');
  const unknown = given.filter((name) => !(name in project.services));
  if (unknown.length > 0) throw new ComposeError(`cannot attach to services not included in up: ${unknown.join(', ')}`);
  const wanted =
    given.length > 0
      ? given
      : Object.keys(project.services).filter(
          (name) =>
            project.services[name]?.attach !== false &&
            (operands.length === 0 || operands.includes(name) || flags.on('attach-dependencies')),
        );
  return wanted.filter((name) => !flags.all('no-attach').includes(name));
}

/** `up` in the foreground: shows the output of all until they end, or until it is told to stop. */
export async function upAttached(context: Context, project: Project): Promise<number> {
  const { process, api, flags, warnings, out } = context;
  const services = attachedServices(context, project);
  const printer = new LogPrinter(process, {
    colors: isColored(context) && !flags.on('no-color'),
    prefix: !flags.on('no-log-prefix'),
    timestamps: flags.on('timestamps'),
  });
  const silent: Session = { process, api, warnings, progress: nothing };
  const containers = byName(await listContainers(api, project.name, 'exclude', true, services));
  const short = (name: string): string => shortName(name, project.name);
  const outputs = new Map<string, Promise<void>>();
  if (containers.length > 0) await out(`Attaching to ${containers.map((each) => short(nameOf(each))).join(', ')}\n`);
  for (const container of containers) printer.register(short(nameOf(container)));
  const follow = async (id: string, name: string, path: string, hijacked: boolean): Promise<void> => {
    const { Config } = await api.send<Inspected>('GET', `/containers/${id}/json`);
    const stream = hijacked ? await api.hijack(path) : (await api.stream('GET', path)).body;
    outputs.set(
      id,
      eachLine(stream, Config.Tty, (line, which) => printer.log(name, line, which)),
    );
  };
  for (const { Id, Names } of containers) {
    const path = `/containers/${Id}/attach${query({ stream: '1', stdin: '1', stdout: '1', stderr: '1' })}`;
    await follow(Id, short((Names[0] ?? '').slice(1)), path, true);
  }
  const monitored = flags.all('attach').length === 0 && context.operands.length > 0 ? context.operands : services;
  const left = new Set(
    (await listContainers(api, project.name, 'exclude', true))
      .filter((each) => monitored.includes(serviceOf(each)))
      .map(({ Id }) => Id),
  );
  const events = await watchEvents(api, project.name);
  let status = 0;
  let interrupted = 0;
  let stopping: Promise<void> | undefined;
  const stopAll = (): void => {
    const mixed = context.progress === 'auto' && process.fds.get(2)?.kind === 'tty';
    const progress = mixed
      ? through(printer)
      : newProgress({ process, mode: context.progress, dryRun: false, title: 'Running' });
    stopping ??= stopServices({ ...silent, progress }, project, []);
  };
  const onSignal = (): void => {
    interrupted++;
    if (interrupted === 1) {
      void out('Gracefully Stopping... press Ctrl+C again to force\n');
      stopAll();
    } else if (interrupted === 2)
      void together([...left], (id) => api.send('POST', `/containers/${id}/kill?signal=SIGKILL`)).catch(
        () => undefined,
      );
  };
  const undo = [process.signals.handle('SIGINT', onSignal), process.signals.handle('SIGTERM', onSignal)];
  const from = flags.text('exit-code-from');
  const aborts = flags.on('abort-on-container-exit') || from !== '' || flags.on('abort-on-container-failure');
  let aborted = false;
  const starting = startProject(silent, project).catch((error: unknown) => {
    if (interrupted === 0) throw error;
  });
  if (left.size > 0)
    await Promise.race([
      starting.then(() => forever(process)),
      events(async ({ Action, Actor: { ID, Attributes } }) => {
        const service = Attributes['com.docker.compose.service'] ?? '';
        if (!monitored.includes(service)) return 'go on';
        const name = short(Attributes['name'] ?? '');
        if (Action === 'start') {
          left.add(ID);
          if (!outputs.has(ID) && services.includes(service)) await again(ID, name);
        }
        if (Action !== 'die') return 'go on';
        const output = outputs.get(ID);
        outputs.delete(ID);
        if (output !== undefined) await Promise.race([output, process.sleep(LAST_LINES)]);
        const code = Number(Attributes['exitCode'] ?? 0);
        const inspected = await api.find<{ State: { Restarting: boolean; Running: boolean } }>(
          `/containers/${ID}/json`,
        );
        const restarts = inspected?.State.Restarting === true || inspected?.State.Running === true;
        if (services.includes(service))
          await printer.status(name, `exited with code ${code}${restarts ? ' (restarting)' : ''}`);
        if (!restarts) left.delete(ID);
        if (from === '' ? aborts && !aborted && (code !== 0 || flags.on('abort-on-container-exit')) : service === from)
          status = code;
        if (aborts && !aborted && (code !== 0 || !flags.on('abort-on-container-failure'))) {
          aborted = true;
          await context.error('Aborting on container exit...\n');
          stopAll();
        }
        return left.size === 0 ? 'enough' : 'go on';
      }),
    ]);
  else await starting;
  undo.forEach((restore) => restore());
  await stopping;
  await warnings.flush();
  if (interrupted > 0) return 130;
  return status;

  /** A container that was started again: only what it says from now on. */
  async function again(id: string, name: string): Promise<void> {
    const { State } = await api.send<{ State: { StartedAt: string } }>('GET', `/containers/${id}/json`);
    const since = String(Date.parse(State.StartedAt) / 1000);
    const path = `/containers/${id}/logs${query({ follow: '1', stdout: '1', stderr: '1', tail: 'all', since })}`;
    await follow(id, name, path, false);
  }
}

/** Never comes back: the other one of a race decides. */
const forever = (process: Context['process']): Promise<unknown> => process.block(() => () => undefined);

const nothing: Progress = {
  event: () => Promise.resolve(),
  tail: () => undefined,
  stop: () => Promise.resolve(),
};

/** Progress among the containers' lines (mixedWriter). */
const through = (printer: LogPrinter): Progress => ({
  event: ({ id, detail = '', text }: ProgressEvent) => printer.status('', `${id} ${detail} \x1b[32m${text}\x1b[0m`),
  tail: () => undefined,
  stop: () => Promise.resolve(),
});
