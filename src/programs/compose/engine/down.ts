import { LoadError } from '../load/value';
import type { NetworkConfig, Project, Service, VolumeConfig } from '../load/types';
import { ComposeError } from '../cli/error';
import { labelFilter, query, Refusal } from './api';
import { isOneOff, listContainers, serviceOf, type Container } from './containers';
import { isOrphaned } from './create';
import { findImage } from './images';
import { labels } from './labels';
import { imageOf } from './names';
import { inReverseOrder } from './order';
import type { Session } from './session';
import { removeContainers } from './stop';

export interface DownOptions {
  readonly services: readonly string[];
  readonly removeOrphans: boolean;
  readonly volumes: boolean;
  readonly images: string;
  readonly timeout: number | undefined;
}

/** Stops and removes what up made (compose down). */
export async function downProject(
  session: Session,
  name: string,
  given: Project | undefined,
  options: DownOptions,
): Promise<void> {
  const { api, warnings } = session;
  const containers = await listContainers(api, name, options.removeOrphans ? 'include' : 'exclude', true);
  const project = given ?? (await projectWithResources(session, containers, name));
  const services: string[] = [];
  for (const service of options.services) {
    if (service in project.services) services.push(service);
    else if (given !== undefined) throw new LoadError(`no such service: ${service}: not found`);
  }
  if (options.services.length > 0 && services.length === 0) return;
  await inReverseOrder(
    project,
    (service) => {
      const own = containers.filter((container) => serviceOf(container) === service);
      return removeContainers(session, own, project.services[service], options.timeout, options.volumes);
    },
    services,
  );
  const orphans = containers.filter(isOrphaned(project));
  if (options.removeOrphans && orphans.length > 0)
    await removeContainers(session, orphans, undefined, options.timeout, false);
  const work: (() => Promise<void>)[] = [];
  for (const [key, network] of Object.entries(project.networks))
    if (network.external !== true) work.push(() => removeNetwork(session, name, key, network));
  if (options.images !== '')
    for (const image of await imagesToPrune(session, project, options)) work.push(() => removeImage(session, image));
  if (options.volumes)
    for (const volume of Object.values(project.volumes))
      if (volume.external !== true) work.push(() => removeVolume(session, volume));
  if (containers.length === 0 && work.length === 0)
    warnings.add(`Warning: No resource found to remove for project "${name}".`);
  // Each asks the engine first: they come as they were begun.
  await Promise.all(work.map((run) => run()));
}

async function removeNetwork(session: Session, project: string, key: string, { name }: NetworkConfig): Promise<void> {
  const { api, progress } = session;
  const id = `Network ${name}`;
  const filters = labelFilter(`${labels.project}=${project}`, `${labels.network}=${key}`);
  const networks = await api.send<{ Id: string; Name: string }[]>('GET', `/networks${query({ filters })}`);
  if (networks.length === 0) return;
  await progress.event({ id, status: 'working', text: 'Removing' });
  let found = false;
  for (const network of networks) {
    if (network.Name !== name) continue;
    const inspected = await api.find<{ Containers?: object }>(`/networks/${network.Id}`);
    if (inspected === undefined) break;
    found = true;
    if (Object.keys(inspected.Containers ?? {}).length > 0) {
      await progress.event({ id, status: 'warning', text: 'Resource is still in use' });
      continue;
    }
    try {
      await api.send('DELETE', `/networks/${network.Id}`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.httpStatus === 404) continue;
      await progress.event({ id, status: 'error', text: 'Error' });
      throw new ComposeError(`failed to remove network ${name}: ${error.message}`);
    }
    await progress.event({ id, status: 'done', text: 'Removed' });
  }
  if (!found) await progress.event({ id, status: 'warning', text: 'No resource found to remove' });
}

const removeVolume = async (session: Session, { name }: VolumeConfig): Promise<void> => {
  const path = `/volumes/${encodeURIComponent(name)}`;
  if ((await session.api.find(path)) === undefined) return;
  await removeResource(session, `Volume ${name}`, `${path}?force=1`);
};

const removeImage = (session: Session, image: string): Promise<void> =>
  removeResource(session, `Image ${image}`, `/images/${encodeURI(image)}`);

async function removeResource({ api, progress }: Session, id: string, path: string): Promise<void> {
  await progress.event({ id, status: 'working', text: 'Removing' });
  try {
    await api.send('DELETE', path);
    await progress.event({ id, status: 'done', text: 'Removed' });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.httpStatus === 409) await progress.event({ id, status: 'warning', text: 'Resource is still in use' });
    else if (error.httpStatus === 404)
      await progress.event({ id, status: 'done', text: 'Warning: No resource found to remove' });
    else throw error;
  }
}

/** `--rmi local` spares images that were given a name. */
async function imagesToPrune({ api }: Session, project: Project, { images }: DownOptions): Promise<readonly string[]> {
  const all = new Set<string>();
  for (const [name, service] of Object.entries(project.services)) {
    const image = imageOf(project, name, service);
    if (images === 'local' && service.image !== undefined) continue;
    if ((await findImage(api, image)) !== undefined) all.add(tagged(image));
  }
  return [...all].sort();
}

const tagged = (image: string): string => (/:[^/]+$/.test(image) ? image : `${image}:latest`);

/** What is known of a project without its files: the labels of its containers, networks and volumes. */
export async function projectWithResources(
  { api }: Session,
  containers: readonly Container[],
  name: string,
): Promise<Project> {
  const filters = labelFilter(`${labels.project}=${name}`);
  const networks = await api.send<{ Name: string; Labels: Record<string, string> | null }[]>(
    'GET',
    `/networks${query({ filters })}`,
  );
  const { Volumes } = await api.send<{ Volumes: { Name: string; Labels: Record<string, string> | null }[] | null }>(
    'GET',
    `/volumes${query({ filters })}`,
  );
  const project = projectFromLabels(containers, name);
  for (const network of networks)
    project.networks[network.Labels?.[labels.network] ?? network.Name] = { name: network.Name };
  for (const volume of Volumes ?? [])
    project.volumes[volume.Labels?.[labels.volume] ?? volume.Name] = { name: volume.Name };
  return project;
}

/** The services that containers tell of (projectFromName). */
export function projectFromLabels(containers: readonly Container[], name: string): Project {
  const services: Record<string, Service> = {};
  for (const container of containers) {
    const service = serviceOf(container);
    if (service === '' || isOneOff(container)) continue;
    const dependencies = (container.Labels[labels.dependsOn] ?? '').split(',').filter((each) => each !== '');
    const before = services[service];
    services[service] = {
      image: container.Image,
      scale: (before?.scale ?? 0) + 1,
      depends_on: Object.fromEntries(
        dependencies.map((dependency) => {
          const [other = '', condition = 'service_started', restart] = dependency.split(':');
          return [other, { condition, restart: restart === 'true', required: false }];
        }),
      ),
    };
  }
  return {
    name,
    folder: containers[0]?.Labels[labels.folder] ?? '',
    files: (containers[0]?.Labels[labels.configFiles] ?? '').split(',').filter((file) => file !== ''),
    environment: new Map(),
    profiles: [],
    envFiles: [],
    services,
    disabled: {},
    networks: {},
    volumes: {},
    secrets: {},
    configs: {},
    models: {},
    extensions: {},
    separator: '-',
  };
}
