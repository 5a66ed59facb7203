import type { Project, Service } from '../load/types';
import { query, Refusal } from './api';
import { listContainers, progressName, serviceOf, type Container } from './containers';
import { runHook } from './hooks';
import { inReverseOrder, together } from './order';
import { step, type Session } from './session';

/** Stops a container, after its service's hooks. False if it was gone already. */
export async function stopContainer(
  session: Session,
  container: Container,
  service: Service | undefined,
  timeout: number | undefined,
): Promise<boolean> {
  const { api } = session;
  try {
    await step(session, progressName(container), ['Stopping', 'Stopped', 'Error while Stopping'], async () => {
      for (const hook of service?.pre_stop ?? []) await runHook(session, container, hook);
      await api.send('POST', `/containers/${container.Id}/stop${query({ t: timeout?.toString() })}`);
    });
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.httpStatus === 404) return false;
    throw error;
  }
}

/** Stops services, those first that others need last (compose stop). */
export async function stopServices(
  session: Session,
  project: Project,
  services: readonly string[],
  timeout?: number,
): Promise<void> {
  const wanted = services.length === 0 ? Object.keys(project.services) : services;
  const containers = await listContainers(session.api, project.name, 'exclude', true);
  await inReverseOrder(project, async (name) => {
    if (!wanted.includes(name)) return;
    const own = containers.filter((container) => serviceOf(container) === name);
    await together(own, (container) => stopContainer(session, container, project.services[name], timeout));
  });
}

/** Stops and removes containers, all at once. */
export const removeContainers = (
  session: Session,
  containers: readonly Container[],
  service: Service | undefined,
  timeout: number | undefined,
  volumes: boolean,
): Promise<void> => together(containers, (container) => stopAndRemove(session, container, service, timeout, volumes));

/** Stops and removes one container. */
export async function stopAndRemove(
  session: Session,
  container: Container,
  service: Service | undefined,
  timeout: number | undefined,
  volumes: boolean,
): Promise<void> {
  const { api, progress } = session;
  const id = progressName(container);
  if (!(await stopContainer(session, container, service, timeout))) {
    await progress.event({ id, status: 'done', text: 'Removed' });
    return;
  }
  await step(session, id, ['Removing', 'Removed', 'Error while Removing'], async () => {
    try {
      await api.send('DELETE', `/containers/${container.Id}${query({ force: '1', v: volumes ? '1' : undefined })}`);
    } catch (error) {
      // Somebody else removes it at this moment.
      if (!(error instanceof Refusal) || (error.httpStatus !== 404 && error.httpStatus !== 409)) throw error;
    }
  });
}
