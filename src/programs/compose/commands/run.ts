import { projectOf, type Command, type Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { listContainers } from '../engine/containers';
import { Convergence } from '../engine/converge';
import { createProject } from '../engine/create';
import { buildServices } from '../engine/build';
import { localImages, pullRequired } from '../engine/images';
import { injectFiles } from '../engine/inject';
import { labels } from '../engine/labels';
import { withProgress } from '../engine/session';
import { startProject, waitDependencies } from '../engine/start';
import { parsePorts } from '../load/ports';
import { fieldWords } from '../load/shellwords';
import { absolute } from '../load/paths';
import { parseVolume } from '../load/volumes';
import type { Port, Project, Service, ServiceVolume } from '../load/types';
import { adjusted, createOptions } from './up';
import { becomeDocker } from './through-docker';

export const run: Command = async (context) => {
  const { flags, operands, process, api, warnings, out } = context;
  const [name = '', ...command] = operands;
  if (flags.given('publish') && flags.on('service-ports'))
    throw new ComposeError('--service-ports and --publish are incompatible');
  if (flags.given('tty') && flags.given('no-TTY')) throw new ComposeError("--tty and --no-TTY can't be used together");
  const terminal = process.fds.get(0)?.kind === 'tty';
  const interactive = !flags.given('interactive') || flags.on('interactive');
  let tty = flags.given('no-TTY') ? !flags.on('no-TTY') : process.fds.get(1)?.kind === 'tty';
  if (flags.given('tty')) tty = flags.on('tty');
  else if (!flags.given('no-TTY') && !flags.given('interactive') && !terminal) tty = false;
  const quiet = flags.on('quiet');
  const source = quiet ? { ...context, progress: 'quiet' as const } : context;
  let project = adjusted(await projectOf(context, { services: [name] }), context);
  const given = project.services[name];
  if (given === undefined) throw new ComposeError(`no such service: ${name}`);
  if (flags.on('no-deps')) project = { ...project, services: { [name]: given } };
  const dependencies = without(project, name);
  await withProgress(
    source,
    async (session) => {
      await createProject(session, dependencies, {
        ...createOptions(context, Object.keys(dependencies.services)),
        recreate: 'diverged',
        recreateDependencies: 'diverged',
        build: flags.on('build') ? 'all' : 'missing',
      });
      if (Object.keys(dependencies.services).length > 0) await startProject(session, dependencies);
    },
    'Creating',
  );
  const service = oneOff(context, given, command, { tty, interactive });
  const id = await withProgress(source, async (session) => {
    const images = await localImages(api, { ...project, services: { [name]: service } });
    const alone: Project = { ...project, services: { [name]: service } };
    await pullRequired(session, alone, images, flags.on('quiet-pull'));
    await buildServices(session, alone, { images, all: flags.on('build'), quiet: flags.on('quiet-build') });
    const state = await listContainers(api, project.name, 'include', true);
    if (!flags.on('no-deps')) await waitDependencies(session, project, name, given.depends_on ?? {}, state);
    const convergence = new Convergence(session, project, state, new Map(), new Map(), images);
    const slug = process.random.hex(64);
    const { separator } = project;
    const container = flags.last('name') ?? [project.name, name, 'run', slug.slice(0, 12)].join(separator);
    const extra: Record<string, string> = { [labels.oneOff]: 'True', [labels.slug]: slug };
    for (const label of flags.all('label')) {
      const equals = label.indexOf('=');
      if (equals < 0) throw new ComposeError('label must be set as KEY=VALUE');
      extra[label.slice(0, equals)] = label.slice(equals + 1);
    }
    const created = await convergence.createContainer(
      {
        name,
        service: { ...convergence.resolved(service), container_name: container },
        number: 0,
        labels: extra,
        autoRemove: flags.on('rm'),
        attachStdin: interactive && !flags.on('detach'),
        aliases: flags.on('use-aliases'),
      },
      container,
    );
    await injectFiles(session, project, service, created.Id);
    return created.Id;
  });
  await warnings.flush();
  if (flags.on('detach')) {
    await api.send('POST', `/containers/${id}/start`);
    await out(`${id}\n`);
    return 0;
  }
  return becomeDocker(context, ['start', '--attach', ...(interactive ? ['--interactive'] : []), id]);
};

function without(project: Project, name: string): Project {
  const services: Record<string, Service> = {};
  for (const [other, service] of Object.entries(project.services)) {
    if (other === name) continue;
    const kept = Object.entries(service.depends_on ?? {}).filter(([each]) => each !== name);
    services[other] = { ...service, depends_on: Object.fromEntries(kept) };
  }
  const disabled = { ...project.disabled };
  const gone = project.services[name];
  if (gone !== undefined) disabled[name] = gone;
  return { ...project, services, disabled };
}

/** The service as this one container is to have it (applyRunOptions). */
function oneOff(
  { flags, process }: Context,
  service: Service,
  command: readonly string[],
  { tty, interactive }: { readonly tty: boolean; readonly interactive: boolean },
): Service {
  const { restart: _, container_name: __, ports, deploy, ...kept } = service;
  const environment: Record<string, string | null> = { ...service.environment };
  for (const each of flags.all('env')) {
    const equals = each.indexOf('=');
    const key = equals < 0 ? each : each.slice(0, equals);
    const value = equals < 0 ? process.env.get(key) : each.slice(equals + 1);
    if (value !== undefined) environment[key] = value;
  }
  const published = flags.all('publish').flatMap((text) => parsePorts(text) as unknown as readonly Port[]);
  const chosen = flags.on('service-ports') ? ports : published.length > 0 ? published : undefined;
  const mounted = flags.all('volume').map((text) => {
    const volume = parseVolume(text) as unknown as ServiceVolume;
    return volume.type === 'bind' && volume.source !== undefined
      ? { ...volume, source: absolute(volume.source, process.cwd, process.env.get('HOME') ?? '/root') }
      : volume;
  });
  const volumes = [
    ...(service.volumes ?? []).filter(({ target }) => !mounted.some((each) => each.target === target)),
    ...mounted,
  ];
  const add = flags.all('cap-add');
  const drop = flags.all('cap-drop');
  const capAdd = [...(service.cap_add ?? []).filter((each) => !drop.includes(each)), ...add];
  const capDrop = [...(service.cap_drop ?? []).filter((each) => !add.includes(each)), ...drop];
  let entry = service.entrypoint;
  let words = command.length > 0 ? command : service.command;
  if (flags.given('entrypoint')) {
    entry = fieldWords(flags.text('entrypoint'));
    if (command.length === 0) words = [];
  }
  const { resources, labels: deployLabels, mode } = deploy ?? {};
  return {
    ...kept,
    tty,
    stdin_open: interactive,
    scale: 1,
    ...(deploy === undefined
      ? {}
      : {
          deploy: {
            ...(mode === undefined ? {} : { mode }),
            ...(deployLabels === undefined ? {} : { labels: deployLabels }),
            ...(resources === undefined ? {} : { resources }),
          },
        }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    ...(chosen === undefined ? {} : { ports: chosen }),
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(capAdd.length === 0 ? {} : { cap_add: capAdd }),
    ...(capDrop.length === 0 ? {} : { cap_drop: capDrop }),
    ...(words === undefined ? {} : { command: words }),
    ...(entry === undefined ? {} : { entrypoint: entry }),
    ...(flags.given('user') ? { user: flags.text('user') } : {}),
    ...(flags.given('workdir') ? { working_dir: flags.text('workdir') } : {}),
  };
}
