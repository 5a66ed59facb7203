import { projectOf, type Command, type Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { createProject, type CreateProjectOptions } from '../engine/create';
import type { Recreate } from '../engine/converge';
import { withProgress } from '../engine/session';
import { startProject } from '../engine/start';
import { upAttached } from './up-attached';
import { withSelectedServices } from '../load/select';
import type { Project, Service } from '../load/types';

const truth = (text: string | undefined): boolean => /^(1|t|true)$/i.test(text ?? '');

/** What create and up have in common. */
export function createOptions({ flags, process }: Context, services: readonly string[]): CreateProjectOptions {
  const recreate: Recreate = flags.on('force-recreate') ? 'force' : flags.on('no-recreate') ? 'never' : 'diverged';
  return {
    services,
    recreate,
    recreateDependencies: flags.on('always-recreate-deps') ? 'force' : flags.on('no-recreate') ? 'never' : 'diverged',
    inherit: !flags.on('renew-anon-volumes'),
    timeout: flags.number('timeout'),
    removeOrphans: flags.given('remove-orphans')
      ? flags.on('remove-orphans')
      : truth(process.env.get('COMPOSE_REMOVE_ORPHANS')),
    ignoreOrphans: truth(process.env.get('COMPOSE_IGNORE_ORPHANS')),
    quietPull: flags.on('quiet-pull'),
    yes: flags.on('yes'),
    build: flags.on('build') ? 'all' : flags.on('no-build') ? 'never' : 'missing',
    quietBuild: flags.on('quiet-build'),
  };
}

function check({ flags }: Context): void {
  if (flags.on('build') && flags.on('no-build')) throw new ComposeError('--build and --no-build are incompatible');
  if (flags.on('force-recreate') && flags.on('no-recreate'))
    throw new ComposeError('--force-recreate and --no-recreate are incompatible');
}

/** The project with what the flags change in it: `--scale`, `--pull`, `--no-deps`. */
export function adjusted(given: Project, { flags, operands }: Context): Project {
  let project = given;
  if (flags.on('no-deps')) project = withSelectedServices(project, operands, 'none');
  for (const each of flags.all('scale')) {
    const [name = '', count] = each.split('=');
    if (count === undefined) throw new ComposeError(`invalid --scale option "${each}". Should be SERVICE=NUM`);
    if (!/^\d+$/.test(count)) throw new ComposeError(`strconv.Atoi: parsing ${JSON.stringify(count)}: invalid syntax`);
    project = scaled(project, name, Number(count));
  }
  const pull = flags.last('pull');
  if (pull !== undefined && pull !== 'policy') {
    if (!['always', 'missing', 'never', 'build'].includes(pull))
      throw new ComposeError(`invalid --pull option ${JSON.stringify(pull)}`);
    const services: Record<string, Service> = {};
    for (const [name, service] of Object.entries(project.services))
      services[name] = service.build === undefined || pull === 'build' ? { ...service, pull_policy: pull } : service;
    project = { ...project, services };
  }
  return project;
}

/** The project with another number of containers of a service. */
export function scaled(project: Project, name: string, count: number): Project {
  const service = project.services[name];
  if (service === undefined) throw new ComposeError(`no such service: ${name}: not found`);
  const { deploy } = service;
  const changed: Service = { ...service, scale: count };
  return {
    ...project,
    services: {
      ...project.services,
      [name]: deploy === undefined ? changed : { ...changed, deploy: { ...deploy, replicas: count } },
    },
  };
}

export const create: Command = async (context) => {
  check(context);
  const { operands } = context;
  const project = adjusted(await projectOf(context, { services: operands }), context);
  const options = createOptions(context, operands);
  await withProgress(context, (session) => createProject(session, project, options), 'Creating');
  return 0;
};

export const up: Command = async (context) => {
  const { flags, operands } = context;
  check(context);
  checkUp(context);
  const project = adjusted(await projectOf(context, { services: operands }), context);
  if (Object.keys(project.services).length === 0) throw new ComposeError('no service selected');
  const options = createOptions(context, operands);
  const detached = flags.on('detach') || flags.on('wait');
  const waitTimeout = flags.number('wait-timeout');
  await withProgress(context, async (session) => {
    await createProject(session, project, options);
    if (flags.on('no-start') || !detached) return;
    await startProject(session, project, {
      wait: flags.on('wait'),
      ...(waitTimeout === undefined || waitTimeout === 0 ? {} : { waitTimeout: waitTimeout * 1000 }),
    });
  });
  if (detached || flags.on('no-start')) return 0;
  if (context.dryRun) {
    await context.out("end of 'compose up' output, interactive run is not supported in dry-run mode\n");
    return 0;
  }
  return upAttached(context, project);
};

function checkUp({ flags }: Context): void {
  const abort = flags.on('abort-on-container-exit') || flags.on('abort-on-container-failure');
  const from = flags.text('exit-code-from') !== '';
  if (
    flags.on('detach') &&
    (abort || from || flags.given('attach') || flags.on('attach-dependencies') || flags.on('watch'))
  )
    throw new ComposeError(
      flags.on('watch')
        ? '--detach and --watch are incompatible'
        : '--detach cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach, --attach-dependencies or --watch',
    );
  if (
    flags.on('wait') &&
    (abort || from || flags.given('attach') || flags.on('attach-dependencies') || flags.on('watch'))
  )
    throw new ComposeError(
      '--wait cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach or --attach-dependencies',
    );
  if (flags.given('attach') && flags.on('attach-dependencies'))
    throw new ComposeError('cannot combine --attach and --attach-dependencies');
  if (flags.on('always-recreate-deps') && flags.on('no-recreate'))
    throw new ComposeError('--always-recreate-deps and --no-recreate are incompatible');
  if (flags.on('abort-on-container-exit') && flags.on('abort-on-container-failure'))
    throw new ComposeError('--abort-on-container-exit and --abort-on-container-failure are incompatible');
}
