import { ComposeError } from '../cli/error';
import { scaleOf } from '../load/check';
import { serviceHash } from '../load/hash';
import { dependentsOf } from '../load/select';
import type { Project, Service } from '../load/types';
import { query } from './api';
import {
  byName,
  isOneOff,
  listContainers,
  numberOf,
  progressName,
  serviceOf,
  type Container,
  type Inspected,
} from './containers';
import { createBody, type CreateOptions } from './create-config';
import { findImage, type ImageInspect } from './images';
import { labels } from './labels';
import { containerName, imageOf } from './names';
import { inDependencyOrder, together } from './order';
import { step, type Session } from './session';
import { stopAndRemove, stopServices } from './stop';

export type Recreate = 'diverged' | 'force' | 'never';

export interface ConvergeOptions {
  /** Those that were asked for: others are only what these need. */
  readonly services: readonly string[];
  readonly recreate: Recreate;
  readonly recreateDependencies: Recreate;
  /** Anonymous volumes go over to the new container. */
  readonly inherit: boolean;
  readonly timeout: number | undefined;
}

/** Brings the containers that are there to those that should be (convergence). */
export class Convergence {
  readonly #observed = new Map<string, Container[]>();

  constructor(
    readonly session: Session,
    readonly project: Project,
    state: readonly Container[],
    readonly networks: ReadonlyMap<string, string>,
    readonly volumes: ReadonlyMap<string, string>,
    readonly images: ReadonlyMap<string, ImageInspect>,
  ) {
    for (const container of state) {
      if (isOneOff(container)) continue;
      const service = serviceOf(container);
      this.#observed.set(service, [...(this.#observed.get(service) ?? []), container]);
    }
  }

  async apply(options: ConvergeOptions): Promise<void> {
    const { project } = this;
    await inDependencyOrder(project, (name) => {
      const service = project.services[name];
      if (service === undefined || service.provider !== undefined) return Promise.resolve();
      const asked = options.services.length === 0 || options.services.includes(name);
      return this.#ensure(name, service, asked ? options.recreate : options.recreateDependencies, options);
    });
  }

  async #ensure(name: string, given: Service, policy: Recreate, options: ConvergeOptions): Promise<void> {
    const { session } = this;
    const expected = scaleOf(given);
    if (expected > 1 && given.container_name !== undefined)
      throw new ComposeError(
        `WARNING: The "${name}" service is using the custom container name "${given.container_name}". Docker requires each container to have a unique name. Remove the custom name to scale the service`,
      );
    const service = this.resolved(given);
    // Up to date first, low numbers before high ones: what is too much stands at the end.
    const containers = [...(this.#observed.get(name) ?? [])].sort(
      (a, b) =>
        Number(this.#mustRecreate(name, service, a, policy)) - Number(this.#mustRecreate(name, service, b, policy)) ||
        numberOf(a) - numberOf(b),
    );
    const updated: Container[] = [];
    const work: (() => Promise<unknown>)[] = [];
    for (const [index, container] of containers.entries()) {
      if (index >= expected) {
        work.push(() => stopAndRemove(session, container, service, options.timeout, false));
        continue;
      }
      if (this.#mustRecreate(name, service, container, policy)) {
        await this.#stopDependents(name);
        work.push(async () => {
          updated[index] = await this.#recreate(name, service, container, options);
        });
        continue;
      }
      updated[index] = container;
      if (container.State === 'running')
        await session.progress.event({ id: progressName(container), status: 'done', text: 'Running' });
      else if (!['created', 'restarting', 'exited'].includes(container.State))
        work.push(() =>
          step(session, progressName(container), ['Restart', 'Restarted'], () =>
            session.api.send('POST', `/containers/${container.Id}/start`),
          ),
        );
    }
    const next = Math.max(0, ...containers.map(numberOf)) + 1;
    for (let added = 0; added < expected - containers.length; added++) {
      const number = next + added;
      work.push(async () => {
        updated[containers.length + added] = await this.#create(name, service, number);
      });
    }
    await together(work, (run) => run());
    this.#observed.set(
      name,
      updated.filter(() => true),
    );
  }

  #mustRecreate(name: string, service: Service, container: Container, policy: Recreate): boolean {
    if (policy !== 'diverged') return policy === 'force';
    const { Labels } = container;
    const image = this.images.get(imageOf(this.project, name, service));
    if (Labels[labels.configHash] !== serviceHash(service)) return true;
    if ((Labels[labels.image] ?? '') !== (image?.Id ?? '')) return true;
    if (container.State === 'running') {
      const on = Object.values(container.NetworkSettings?.Networks ?? {}).map(({ NetworkID }) => NetworkID);
      for (const key of Object.keys(service.networks ?? {})) {
        const id = this.networks.get(key);
        if (id !== undefined && !on.includes(id)) return true;
      }
    }
    return (service.volumes ?? []).some(({ type, source }) => {
      const volume = this.volumes.get(source ?? '');
      if (type !== 'volume' || volume === undefined) return false;
      return !container.Mounts?.some(({ Type, Name }) => Type === 'volume' && Name === volume);
    });
  }

  /** `service:x` in namespaces and volumes_from is the container that x has by now. */
  resolved(service: Service): Service {
    const containerOf = (other: string, what: string): string => {
      const [first] = byName(this.#observed.get(other) ?? []);
      if (first === undefined) throw new ComposeError(`cannot share ${what} with service ${other}: container missing`);
      return first.Id;
    };
    const shared = (mode: string | undefined, what: string): string | undefined =>
      mode?.startsWith('service:') === true ? `container:${containerOf(mode.slice(8), `${what} namespace`)}` : mode;
    const { network_mode: network, ipc, pid, volumes_from: from } = service;
    return {
      ...service,
      ...(network === undefined ? {} : { network_mode: shared(network, 'network') ?? network }),
      ...(ipc === undefined ? {} : { ipc: shared(ipc, 'IPC') ?? ipc }),
      ...(pid === undefined ? {} : { pid: shared(pid, 'PID') ?? pid }),
      ...(from === undefined
        ? {}
        : {
            volumes_from: from.map((each) => {
              const [other = '', ...rest] = each.split(':');
              return other === 'container' ? rest.join(':') : [containerOf(other, 'volume'), ...rest].join(':');
            }),
          }),
    };
  }

  /** Services that want to be restarted with this one. */
  async #stopDependents(name: string): Promise<void> {
    const { project, session } = this;
    const dependents = dependentsOf(project, name).filter(
      (other) => project.services[other]?.depends_on?.[name]?.restart === true,
    );
    if (dependents.length === 0) return;
    await stopServices(session, project, dependents);
    for (const other of dependents)
      this.#observed.set(
        other,
        (this.#observed.get(other) ?? []).map((container) => ({ ...container, State: 'exited' })),
      );
  }

  async #create(name: string, service: Service, number: number): Promise<Container> {
    const container = containerName(this.project, name, service, number);
    return step(this.session, `Container ${container}`, ['Creating', 'Created', ''], () =>
      this.createContainer({ name, service, number }, container),
    );
  }

  async #recreate(
    name: string,
    service: Service,
    old: Container,
    { inherit, timeout }: ConvergeOptions,
  ): Promise<Container> {
    const { api } = this.session;
    const number = numberOf(old);
    const final = containerName(this.project, name, service, number);
    return step(this.session, progressName(old), ['Recreate', 'Recreated', ''], async () => {
      const image = await findImage(api, imageOf(this.project, name, service));
      const imageVolumes = Object.keys(image?.Config?.Volumes ?? {});
      const replaced = service.container_name ?? `${name}${this.project.separator}${number}`;
      const created = await this.createContainer(
        {
          name,
          service,
          number,
          labels: { [labels.replace]: replaced },
          ...(inherit ? { inherit: { container: old, imageVolumes } } : {}),
        },
        `${old.Id.slice(0, 12)}_${final}`,
      );
      await api.send('POST', `/containers/${old.Id}/stop${query({ t: timeout?.toString() })}`);
      await api.send('DELETE', `/containers/${old.Id}`);
      await api.send('POST', `/containers/${created.Id}/rename${query({ name: final })}`);
      return { ...created, Names: [`/${final}`] };
    });
  }

  /** POST /containers/create; what the list would say of it. */
  async createContainer(
    options: Omit<CreateOptions, 'project' | 'imageId' | 'links' | 'warn'>,
    container: string,
  ): Promise<Container> {
    const { session, project } = this;
    const { api, progress, warnings } = session;
    const { name, service } = options;
    const body = createBody({
      ...options,
      project,
      imageId: this.images.get(imageOf(project, name, service))?.Id,
      links: await this.#links(service, options.number),
      warn: warnings.add,
    });
    const platform = service.platform ?? project.environment.get('DOCKER_DEFAULT_PLATFORM');
    await api.runtimeVersion();
    const path = `/containers/create${query({ name: container, platform })}`;
    const { Id, Warnings } = await api.send<{ Id: string; Warnings: readonly string[] | null }>('POST', path, body);
    for (const warning of Warnings ?? [])
      await progress.event({ id: name, status: 'warning', detail: warning, text: '' });
    const inspected = await api.send<Inspected>('GET', `/containers/${Id}/json`);
    return {
      Id,
      Names: [inspected.Name],
      Image: inspected.Config.Image,
      ImageID: inspected.Image,
      Command: '',
      Created: 0,
      Ports: [],
      Labels: inspected.Config.Labels,
      State: 'created',
      Status: 'Created',
      NetworkSettings: { Networks: inspected.NetworkSettings.Networks ?? {} },
    };
  }

  async #links(service: Service, number: number): Promise<readonly string[]> {
    const { project, session } = this;
    const { name: projectName, separator } = project;
    const all: string[] = [];
    for (const link of service.links ?? []) {
      const [other = '', alias = other] = link.split(':');
      for (const container of await listContainers(session.api, projectName, 'exclude', true, [other])) {
        const target = progressName(container).slice('Container '.length);
        all.push(
          `${target}:${alias}`,
          `${target}:${other}${separator}${number}`,
          `${target}:${[projectName, other, String(number)].join(separator)}`,
        );
      }
    }
    for (const link of service.external_links ?? []) {
      const [other = '', alias = other] = link.split(':');
      all.push(`${other}:${alias}`);
    }
    return all;
  }
}
