import { ComposeError } from '../cli/error';
import { scaleOf } from '../load/check';
import type { Dependency, Project } from '../load/types';
import type { Api } from './api';
import { listProject, progressName, serviceOf, isOneOff, type Container, type Inspected } from './containers';
import { runHook } from './hooks';
import { injectFiles } from './inject';
import { inDependencyOrder, together } from './order';
import type { Session } from './session';

/** How often a dependency is looked at. */
const POLL = 500;

export interface StartOptions {
  /** `--wait`: until all run or are healthy. */
  readonly wait?: boolean;
  /** Milliseconds. */
  readonly waitTimeout?: number;
}

/** Starts the containers of a project in the order that they need (compose start). */
export async function startProject(session: Session, project: Project, options: StartOptions = {}): Promise<void> {
  const containers = await listProject(session.api, project.name);
  await inDependencyOrder(project, (name) => startService(session, project, name, containers));
  if (options.wait !== true) return;
  const all: Record<string, Dependency> = {};
  for (const name of Object.keys(project.services)) {
    const completes = Object.values(project.services).some(
      ({ depends_on: on }) => on?.[name]?.condition === 'service_completed_successfully',
    );
    all[name] = { condition: completes ? 'service_completed_successfully' : 'running_or_healthy', required: true };
  }
  const deadline = options.waitTimeout === undefined ? undefined : session.process.clock.now + options.waitTimeout;
  if (!(await waitDependencies(session, project, project.name, all, containers, deadline)))
    throw new ComposeError(`application not healthy after ${(options.waitTimeout ?? 0) / 1000}s`);
}

async function startService(
  session: Session,
  project: Project,
  name: string,
  containers: readonly Container[],
): Promise<void> {
  const service = project.services[name];
  if (service === undefined || service.provider !== undefined || service.deploy?.replicas === 0) return;
  await waitDependencies(session, project, name, service.depends_on ?? {}, containers);
  if (containers.length === 0) {
    if (scaleOf(service) === 0) return;
    throw new ComposeError(`service "${name}" has no container to start`);
  }
  const { api, progress } = session;
  for (const container of containers) {
    if (serviceOf(container) !== name || container.State === 'running') continue;
    await injectFiles(session, project, service, container.Id);
    const id = progressName(container);
    await progress.event({ id, status: 'working', text: 'Starting' });
    await api.send('POST', `/containers/${container.Id}/start`);
    for (const hook of service.post_start ?? []) await runHook(session, container, hook);
    await progress.event({ id, status: 'done', text: 'Started' });
  }
}

/** Waits until what a service needs is as it wants it; false if that took too long. */
export async function waitDependencies(
  session: Session,
  project: Project,
  dependent: string,
  dependencies: Readonly<Record<string, Dependency>>,
  containers: readonly Container[],
  deadline?: number,
): Promise<boolean> {
  const { progress, warnings, process } = session;
  let late = false;
  const waiting: (() => Promise<void>)[] = [];
  for (const [name, { condition, required }] of Object.entries(dependencies)) {
    const service = project.services[name];
    if (condition === 'service_started' || service === undefined || scaleOf(service) === 0 || service.provider)
      continue;
    const own = containers.filter((container) => serviceOf(container) === name && !isOneOff(container));
    const tell = async (status: 'working' | 'done' | 'warning' | 'error', text: string): Promise<void> => {
      for (const container of own) await progress.event({ id: progressName(container), status, text });
    };
    await tell('working', 'Waiting');
    if (own.length === 0) {
      if (required) throw new ComposeError(`${dependent} is missing dependency ${name}`);
      warnings.add(`${dependent} is missing dependency ${name}`);
      continue;
    }
    waiting.push(async () => {
      for (;;) {
        await process.sleep(POLL);
        if (deadline !== undefined && process.clock.now >= deadline) {
          late = true;
          return;
        }
        const outcome = await look(session.api, own, name, condition);
        if (outcome === 'not yet') continue;
        if (outcome.ok) return tell('done', outcome.text);
        if (!required) {
          await tell('warning', `Skipped - optional dependency ${outcome.text}`);
          warnings.add(
            `optional dependency ${outcome.text}${outcome.reason === undefined ? '' : `: ${outcome.reason}`}`,
          );
          return;
        }
        await tell('error', outcome.shown);
        throw new ComposeError(outcome.error);
      }
    });
  }
  await together(waiting, (wait) => wait());
  return !late;
}

type Outcome =
  | 'not yet'
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      /** For an optional dependency. */
      readonly text: string;
      readonly reason?: string;
      readonly shown: string;
      readonly error: string;
    };

async function look(api: Api, containers: readonly Container[], name: string, condition: string): Promise<Outcome> {
  const inspected: Inspected[] = [];
  for (const { Id } of containers) inspected.push(await api.send<Inspected>('GET', `/containers/${Id}/json`));
  if (condition === 'service_completed_successfully') {
    const ended = inspected.find(({ State }) => State.Status === 'exited');
    if (ended === undefined) return 'not yet';
    if (ended.State.ExitCode === 0) return { ok: true, text: 'Exited' };
    const text = `"${name}" didn't complete successfully: exit ${ended.State.ExitCode}`;
    return { ok: false, text, shown: `service ${text}`, error: `service ${text}` };
  }
  const fallback = condition === 'running_or_healthy';
  for (const container of inspected) {
    const problem = healthProblem(container, fallback);
    if (problem === undefined) continue;
    if (problem === 'not yet') return 'not yet';
    return fallback
      ? { ok: false, text: `"${name}" is not running or is unhealthy`, reason: problem, shown: 'Error', error: problem }
      : {
          ok: false,
          text: `"${name}" failed to start`,
          reason: problem,
          shown: 'Error',
          error: `dependency failed to start: ${problem}`,
        };
  }
  return { ok: true, text: 'Healthy' };
}

/** Undefined where it is healthy (isServiceHealthy). */
function healthProblem({ Name, State, Config }: Inspected, fallback: boolean): string | undefined {
  const name = Name.slice(1);
  if (State.Status === 'exited') return `container ${name} exited (${State.ExitCode})`;
  if (fallback && (Config.Healthcheck === undefined || Config.Healthcheck === null))
    return State.Status === 'running' ? undefined : 'not yet';
  const health = State.Health?.Status;
  if (health === undefined) return `container ${name} has no healthcheck configured`;
  if (health === 'healthy') return undefined;
  if (health === 'starting') return 'not yet';
  return health === 'unhealthy'
    ? `container ${name} is unhealthy`
    : `container ${name} had unexpected health status "${health}"`;
}
