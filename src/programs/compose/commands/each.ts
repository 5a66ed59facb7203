import { projectOf, projectOrName, type Command, type Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { query } from '../engine/api';
import {
  isOneOff,
  listContainers,
  nameOf,
  progressName,
  serviceOf,
  type Container,
  type Inspected,
} from '../engine/containers';
import { createProject } from '../engine/create';
import { downProject, projectFromLabels, projectWithResources } from '../engine/down';
import { runHook } from '../engine/hooks';
import { inDependencyOrder, together } from '../engine/order';
import { confirm } from '../engine/prompt';
import { step, withProgress, type Session } from '../engine/session';
import { startProject, waitDependencies } from '../engine/start';
import { stopServices } from '../engine/stop';
import { withSelectedServices } from '../load/select';
import type { Project, Service } from '../load/types';
import { createOptions, scaled } from './up';

/** The project of the files, or what the containers tell of it. */
async function modelOf(context: Context, session: Session): Promise<Project> {
  const { project, name } = await projectOrName(context, context.operands);
  return project ?? projectWithResources(session, await listContainers(session.api, name, 'exclude', true), name);
}

/** As `modelOf`, but of all services whichever are named. */
async function wholeModelOf(context: Context, session: Session): Promise<Project> {
  const { project, name } = await projectOrName(context);
  return project ?? projectWithResources(session, await listContainers(session.api, name, 'exclude', true), name);
}

export const stop: Command = async (context) => {
  await withProgress(
    context,
    async (session) => {
      const project = await modelOf(context, session);
      await stopServices(session, project, context.operands, context.flags.number('timeout'));
    },
    'Stopping',
  );
  return 0;
};

export const start: Command = async (context) => {
  const { flags } = context;
  await withProgress(context, async (session) => {
    const { project, name } = await projectOrName(context, context.operands);
    const model = project ?? projectFromLabels(await listContainers(session.api, name, 'exclude', true), name);
    const timeout = flags.number('wait-timeout');
    await startProject(session, model, {
      wait: flags.on('wait'),
      ...(timeout === undefined ? {} : { waitTimeout: timeout * 1000 }),
    });
  });
  return 0;
};

export const restart: Command = async (context) => {
  const { flags, operands, api } = context;
  await withProgress(
    context,
    async (session) => {
      let project = await wholeModelOf(context, session);
      if (flags.on('no-deps')) project = withSelectedServices(project, operands, 'none');
      const services: Record<string, Service> = {};
      for (const [name, service] of Object.entries(project.services)) {
        const kept = Object.entries(service.depends_on ?? {}).filter(([, { restart: again }]) => again === true);
        services[name] = { ...service, depends_on: Object.fromEntries(kept) };
      }
      project = withSelectedServices({ ...project, services }, operands, 'dependents');
      const containers = await listContainers(api, project.name, 'exclude', true);
      const path = query({ t: flags.last('timeout') });
      await inDependencyOrder(project, async (name) => {
        const service = project.services[name];
        await waitDependencies(session, project, name, service?.depends_on ?? {}, containers);
        const own = containers.filter((container) => serviceOf(container) === name);
        await together(own, async (container) => {
          for (const hook of service?.pre_stop ?? []) await runHook(session, container, hook);
          await step(session, progressName(container), ['Restarting', 'Started'], () =>
            api.send('POST', `/containers/${container.Id}/restart${path}`),
          );
          for (const hook of service?.post_start ?? []) await runHook(session, container, hook);
        });
      });
    },
    'Restarting',
  );
  return 0;
};

export const kill: Command = async (context) => {
  const { flags, operands, api, error } = context;
  await withProgress(
    context,
    async (session) => {
      const { project, name } = await projectOrName(context, operands);
      let containers = await listContainers(api, name, 'include', false, operands);
      const model = project ?? projectFromLabels(containers, name);
      if (!flags.on('remove-orphans')) containers = containers.filter((each) => serviceOf(each) in model.services);
      if (containers.length === 0) {
        await error('no container to kill');
        return;
      }
      const signal = query({ signal: flags.last('signal') ?? 'SIGKILL' });
      await together(containers, (container) =>
        step(session, progressName(container), ['Killing', 'Killed', 'Error while Killing'], () =>
          api.send('POST', `/containers/${container.Id}/kill${signal}`),
        ),
      );
    },
    'Killing',
  );
  return 0;
};

const pausing =
  (verb: 'pause' | 'unpause', done: string, title: string): Command =>
  async (context) => {
    const { api, operands } = context;
    const { project, name } = await projectOrName(context, operands);
    await withProgress(
      context,
      async ({ progress }) => {
        const containers = await listContainers(api, name, 'exclude', false, operands);
        const own = containers.filter((each) => project === undefined || serviceOf(each) in project.services);
        await together(own, async (container) => {
          await api.send('POST', `/containers/${container.Id}/${verb}`);
          await progress.event({ id: progressName(container), status: 'done', text: done });
        });
      },
      title,
    );
    return 0;
  };
export const pause = pausing('pause', 'Paused', 'Pausing');
export const unpause = pausing('unpause', 'Unpaused', 'Running');

export const rm: Command = async (context) => {
  const { api, flags, operands, out, error, process } = context;
  const { project, name } = await projectOrName(context, operands);
  if (flags.on('stop'))
    await withProgress(
      context,
      async (session) => {
        const containers = await listContainers(api, name, 'exclude', true);
        await stopServices(session, project ?? projectFromLabels(containers, name), operands);
      },
      'Stopping',
    );
  const stopped: Container[] = [];
  for (const container of await listContainers(api, name, 'exclude', true, operands)) {
    if (project !== undefined && !(serviceOf(container) in project.services)) continue;
    const inspected = await api.find<Inspected>(`/containers/${container.Id}/json`);
    if (inspected !== undefined && !inspected.State.Running) stopped.push(container);
  }
  if (stopped.length === 0) {
    await error('No stopped containers\n');
    return 0;
  }
  const message = `Going to remove ${stopped.map(nameOf).join(', ')}`;
  if (flags.on('force')) await out(`${message}\n`);
  else if (!(await confirm(process, message))) return 0;
  const params = query({ force: flags.on('force') ? '1' : undefined, v: flags.on('volumes') ? '1' : undefined });
  await withProgress(
    context,
    (session) =>
      together(stopped, (container) =>
        step(session, progressName(container), ['Removing', 'Removed'], () =>
          api.send('DELETE', `/containers/${container.Id}${params}`),
        ),
      ),
    'Removing',
  );
  return 0;
};

export const scale: Command = async (context) => {
  const { flags, operands } = context;
  const counts = new Map<string, number>();
  for (const operand of operands) {
    const [name = '', count = ''] = operand.split('=');
    if (name === '' || count === '') throw new ComposeError(`invalid scale specifier: ${operand}`);
    if (!/^[+-]?\d+$/.test(count))
      throw new ComposeError(`invalid scale specifier: can't parse replica value as int: ${operand}`);
    counts.set(name, Number(count));
  }
  const services = [...counts.keys()].sort();
  let project = await projectOf(context, { services });
  if (flags.on('no-deps')) project = withSelectedServices(project, services, 'none');
  for (const [name, count] of counts) project = scaled(project, name, count);
  await withProgress(
    context,
    async (session) => {
      await createProject(session, project, createOptions(context, services));
      await startProject(session, project);
    },
    'Scaling',
  );
  return 0;
};

export const wait: Command = async (context) => {
  const { api, flags, operands, out } = context;
  const { project, name } = await projectOrName(context);
  const containers = (await listContainers(api, name, 'exclude', false, operands)).filter((each) => !isOneOff(each));
  if (containers.length === 0) throw new ComposeError(`no containers for project ${JSON.stringify(name)}`);
  let status = 0;
  await together(containers, async ({ Id }) => {
    const { StatusCode } = await api.send<{ StatusCode: number }>('POST', `/containers/${Id}/wait`);
    await out(`container ${JSON.stringify(Id)} exited with status code ${StatusCode}\n`);
    status = StatusCode;
  });
  if (flags.on('down-project'))
    await withProgress(context, (session) =>
      downProject(session, name, project, {
        services: [],
        removeOrphans: true,
        volumes: false,
        images: '',
        timeout: undefined,
      }),
    );
  return status;
};
