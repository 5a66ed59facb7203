import { projectOf, type Command } from '../cli/context';
import { buildServices } from '../engine/build';
import { eachMessage, localImages, pullImage } from '../engine/images';
import { imageOf } from '../engine/names';
import { together } from '../engine/order';
import { query } from '../engine/api';
import { withProgress } from '../engine/session';
import { ComposeError } from '../cli/error';
import { parseReference, withDefaultTag } from '../../../containers/images/reference';
import { withSelectedServices } from '../load/select';
import type { Project, Service } from '../load/types';

export const build: Command = async (context) => {
  const { flags, operands, api, error, progress } = context;
  if (flags.on('compress')) await error('The --compress flag is deprecated\n');
  let project = await projectOf(context, { services: operands });
  if (!flags.on('with-dependencies')) project = withSelectedServices(project, operands, 'none');
  if (!Object.values(project.services).some(({ build: how }) => how !== undefined)) {
    await error('No services to build\n');
    return 0;
  }
  const more = ['provenance', 'sbom'].flatMap((name) => (flags.given(name) ? [`--${name}=${flags.text(name)}`] : []));
  await withProgress(
    context,
    async (session) =>
      buildServices(session, project, {
        images: await localImages(api, project),
        all: true,
        quiet: flags.on('quiet') || progress === 'quiet',
        services: operands.length === 0 || flags.on('with-dependencies') ? [] : operands,
        args: flags.all('build-arg'),
        noCache: flags.on('no-cache'),
        pull: flags.on('pull'),
        push: flags.on('push'),
        print: flags.on('print'),
        check: flags.on('check'),
        builder: flags.text('builder'),
        more,
      }),
    'Building',
  );
  return 0;
};

export const pull: Command = async (context) => {
  const { api, flags, operands } = context;
  let project = await projectOf(context, { services: operands });
  if (!flags.on('include-deps')) project = withSelectedServices(project, operands, 'none');
  const policy = flags.last('policy');
  if (policy !== undefined) {
    const services: Record<string, Service> = {};
    for (const [name, service] of Object.entries(project.services))
      services[name] =
        service.build !== undefined || service.image === undefined ? service : { ...service, pull_policy: policy };
    project = { ...project, services };
  }
  await withProgress(
    context,
    async (session) => {
      const { progress } = session;
      const local = await localImages(api, project);
      const pulling = new Map<string, string>();
      const work: [string, Service][] = [];
      const skip = (id: string, why: string): Promise<void> =>
        progress.event({ id, status: 'done', text: '', detail: `Skipped${why}` });
      for (const [name, service] of Object.entries(project.services)) {
        const { image, pull_policy: how } = service;
        if (image === undefined) await skip(name, ' - No image to be pulled');
        else if (how === 'never' || how === 'build') await skip(name, '');
        else if (how === 'missing' && local.has(image) && !/(^[^:]*|:latest)$/.test(image))
          await skip(name, ' - Image is already present locally');
        else if (service.build !== undefined && flags.on('ignore-buildable')) await skip(name, ' - Image can be built');
        else if (pulling.has(image))
          await skip(name, ` - Image is already being pulled by ${pulling.get(image) ?? ''}`);
        else {
          pulling.set(image, name);
          work.push([name, service]);
        }
      }
      const mustBuild: string[] = [];
      await together(work, async ([name, service]) => {
        try {
          await pullImage(session, name, service, flags.on('quiet'));
        } catch (failure) {
          if (!(failure instanceof ComposeError)) throw failure;
          if (service.build !== undefined) mustBuild.push(name);
          else if (!flags.on('ignore-pull-failures')) throw failure;
        }
      });
      if (mustBuild.length > 0)
        progress.tail(
          `WARNING: Some service image(s) must be built from source by running:\n    docker compose build ${mustBuild.join(' ')}`,
        );
    },
    'Pulling',
  );
  return 0;
};

export const push: Command = async (context) => {
  const { api, flags, operands } = context;
  let project: Project = await projectOf(context, { services: operands });
  if (!flags.on('include-deps')) project = withSelectedServices(project, operands, 'none');
  await withProgress(
    context,
    async ({ progress }) => {
      await together(Object.entries(project.services), async ([name, service]) => {
        if (service.build === undefined || service.image === undefined) {
          if (service.image === undefined || service.build === undefined)
            await progress.event({ id: name, status: 'done', text: '', detail: 'Skipped' });
          return;
        }
        const tags = [imageOf(project, name, service), ...(service.build.tags ?? [])];
        for (const tag of tags) {
          const parsed = parseReference(tag);
          if (!parsed.ok) throw new ComposeError(parsed.error);
          const { domain, path, tag: version } = withDefaultTag(parsed.value);
          const response = await api.stream(
            'POST',
            `/images/${encodeURI(`${domain}/${path}`)}/push${query({ tag: version })}`,
            undefined,
            { 'X-Registry-Auth': btoa('{}') },
          );
          await progress.event({ id: tag, status: 'working', text: '', detail: 'Pushing' });
          try {
            await eachMessage(response.body, async (message) => {
              if (message.error !== undefined) throw new ComposeError(message.error);
              const { id, status = '', progressDetail } = message;
              if (id === undefined || flags.on('quiet')) return;
              const done = /^(Pushed|Already exists|Layer already exists|Mounted)/.test(status);
              const { current = 0, total = 0 } = progressDetail ?? {};
              await progress.event({
                id: `Pushing ${tag}: ${id}`,
                status: done ? 'done' : 'working',
                detail: status,
                text: '',
                ...(total === 0 ? {} : { current, total }),
              });
            });
          } catch (failure) {
            if (!(failure instanceof ComposeError) || !flags.on('ignore-push-failures')) throw failure;
          }
          await progress.event({ id: tag, status: 'done', text: '', detail: 'Pushed' });
        }
      });
    },
    'Pushing',
  );
  return 0;
};
