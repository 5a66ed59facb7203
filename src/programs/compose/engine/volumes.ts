import { ComposeError } from '../cli/error';
import { volumeHash } from '../load/hash';
import type { Project, VolumeConfig } from '../load/types';
import { version } from './api';
import { listContainers } from './containers';
import { labels } from './labels';
import { confirm } from './prompt';
import { step, type Session } from './session';
import { stopServices } from './stop';

interface Volume {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** Makes the project's volumes that are missing; their names by key. */
export async function ensureVolumes(session: Session, project: Project, yes: boolean): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const [key, volume] of Object.entries(project.volumes)) {
    await ensure(session, project, key, volume, yes);
    names.set(key, volume.name);
  }
  return names;
}

async function ensure(
  session: Session,
  project: Project,
  key: string,
  volume: VolumeConfig,
  yes: boolean,
): Promise<void> {
  const { api, warnings } = session;
  const { name } = volume;
  const hash = volumeHash(volume);
  const create = (): Promise<unknown> =>
    step(session, `Volume ${name}`, ['Creating', 'Created'], () =>
      api.send('POST', '/volumes/create', {
        ...(volume.driver === undefined ? {} : { Driver: volume.driver }),
        ...(volume.driver_opts === undefined ? {} : { DriverOpts: volume.driver_opts }),
        Labels: {
          ...volume.labels,
          [labels.configHash]: hash,
          [labels.project]: project.name,
          [labels.version]: version,
          [labels.volume]: key,
        },
        Name: name,
      }),
    );
  const found = await api.find<Volume>(`/volumes/${encodeURIComponent(name)}`);
  if (found === undefined) {
    if (volume.external === true) throw new ComposeError(`external volume "${name}" not found`);
    await create();
    return;
  }
  if (volume.external === true) return;
  const has = found.Labels ?? {};
  const owner = has[labels.project];
  const use = 'Use `external: true` to use an existing volume';
  if (owner === undefined)
    warnings.add(`volume "${name}" already exists but was not created by Docker Compose. ${use}`);
  else if (owner !== project.name)
    warnings.add(
      `volume "${name}" already exists but was created for project "${owner}" (expected "${project.name}"). ${use}`,
    );
  const actual = has[labels.configHash];
  if (actual === undefined || actual === hash) return;
  const question = `Volume "${name}" exists but doesn't match configuration in compose file. Recreate (data will be lost)?`;
  if (!yes && !(await confirm(session.process, question))) return;
  const services = Object.keys(project.services).filter((each) =>
    project.services[each]?.volumes?.some(({ source }) => source === key),
  );
  await stopServices(session, project, services);
  for (const { Id } of await listContainers(api, project.name, 'exclude', true, services))
    await api.send('DELETE', `/containers/${Id}`);
  await api.send('DELETE', `/volumes/${encodeURIComponent(name)}?force=1`);
  await create();
}
