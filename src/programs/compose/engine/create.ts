import { checkContainerNames } from '../load/check';
import type { Project } from '../load/types';
import { buildServices } from './build';
import { isOneOff, listContainers, nameOf, serviceOf, type Container } from './containers';
import { Convergence, type ConvergeOptions } from './converge';
import { localImages, pullRequired } from './images';
import { ensureNetworks } from './networks';
import type { Session } from './session';
import { removeContainers } from './stop';
import { ensureVolumes } from './volumes';

export interface CreateProjectOptions extends ConvergeOptions {
  readonly removeOrphans: boolean;
  readonly ignoreOrphans: boolean;
  readonly quietPull: boolean;
  readonly yes: boolean;
  /** Builds images: those missing, or all that can be built. */
  readonly build: 'missing' | 'all' | 'never';
  readonly quietBuild: boolean;
}

/** Containers that no service of the model stands for (isOrphaned). */
export const isOrphaned =
  (project: Project) =>
  (container: Container): boolean => {
    if (isOneOff(container)) return container.State === 'exited' || container.State === 'dead';
    const service = serviceOf(container);
    return !(service in project.services) && !(service in project.disabled);
  };

/** Images, networks, volumes, containers: all that a project needs but for being started (compose create). */
export async function createProject(
  session: Session,
  project: Project,
  options: CreateProjectOptions,
): Promise<Convergence> {
  const { api, warnings } = session;
  checkContainerNames(project);
  const images = await localImages(api, project);
  await pullRequired(session, project, images, options.quietPull);
  if (options.build !== 'never') {
    await buildServices(session, project, { images, all: options.build === 'all', quiet: options.quietBuild });
  }
  const networks = await ensureNetworks(session, project);
  const volumes = await ensureVolumes(session, project, options.yes);
  const state = await listContainers(api, project.name, 'include', true);
  const orphans = state.filter(isOrphaned(project));
  if (orphans.length > 0 && !options.ignoreOrphans) {
    if (options.removeOrphans) await removeContainers(session, orphans, undefined, undefined, false);
    else
      warnings.add(
        `Found orphan containers ([${orphans.map(nameOf).join(' ')}]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.`,
      );
  }
  await warnings.flush();
  const convergence = new Convergence(session, project, state, networks, volumes, images);
  await convergence.apply(options);
  return convergence;
}
