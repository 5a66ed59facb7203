import type { Response } from '../../../linux/net/http/message';
import { generateName } from '../names';
import type { Service, ServiceSpec, Task } from '../../swarm/objects';
import { findIn, Refused } from '../../swarm/store';
import type { Swarm } from '../../swarm/swarm';
import { serviceLogs } from './service-logs';
import { normalise, validate, withDefaults } from './service-spec';
import { checkVersion, filtered, swarmOf, tellSwarm } from './swarm-common';
import { flag, json, readJson, type Call, type Route } from './respond';

export function findService(call: Call): Service {
  const text = call.params[0] ?? '';
  const found = findIn(swarmOf(call).store.services, text, ({ Spec }) => Spec.Name);
  if (found === undefined) throw new Refused(404, `service ${text} not found`);
  return found;
}

/** `"PreviousSpec"` stands behind `"Spec"`, as in Go's structure. */
function serviceJson(service: Service, more: object = {}): object {
  const { ID, Version, CreatedAt, UpdatedAt, Spec, PreviousSpec, Endpoint, UpdateStatus, JobStatus } = service;
  return {
    ID,
    Version,
    CreatedAt,
    UpdatedAt,
    Spec,
    ...(PreviousSpec === undefined ? {} : { PreviousSpec }),
    Endpoint,
    ...(UpdateStatus === undefined ? {} : { UpdateStatus }),
    ...more,
    ...(JobStatus === undefined ? {} : { JobStatus }),
  };
}

const modeOf = ({ Mode }: ServiceSpec): string =>
  Mode?.Global !== undefined
    ? 'global'
    : Mode?.ReplicatedJob !== undefined
      ? 'replicated-job'
      : Mode?.GlobalJob !== undefined
        ? 'global-job'
        : 'replicated';

function statusOf({ store }: Swarm, service: Service): object {
  const iteration = service.JobStatus?.JobIteration.Index;
  const tasks = store.tasksOf(service).filter(({ JobIteration }) => JobIteration?.Index === iteration);
  const runs = ({ Status, DesiredState }: Task): boolean =>
    Status.State === 'running' && (DesiredState === 'running' || DesiredState === 'complete');
  const { Mode } = service.Spec;
  const job = Mode?.ReplicatedJob;
  const desired =
    job !== undefined
      ? (job.MaxConcurrent ?? 1)
      : (Mode?.Replicated?.Replicas ??
        tasks.filter(
          ({ DesiredState, Status }) =>
            DesiredState === 'running' ||
            DesiredState === 'ready' ||
            (DesiredState === 'complete' && Status.State !== 'complete'),
        ).length);
  return {
    RunningTasks: tasks.filter(runs).length,
    DesiredTasks: desired,
    CompletedTasks: tasks.filter(({ Status }) => Status.State === 'complete').length,
  };
}

function list(call: Call): Response {
  const swarm = swarmOf(call);
  const services = filtered(
    call,
    swarm.store.services.values(),
    {
      name: ({ Spec }, value) => Spec.Name.startsWith(value),
      mode: ({ Spec }, value) => modeOf(Spec) === value,
      runtime: (_, value) => value === 'container',
    },
    ({ Spec }) => Spec.Labels ?? {},
  );
  const status = flag(call.query, 'status');
  return json(
    services.map((service) => serviceJson(service, status ? { ServiceStatus: statusOf(swarm, service) } : {})),
  );
}

async function create(call: Call): Promise<Response> {
  const swarm = swarmOf(call);
  const { store, allocator } = swarm;
  const request = await readJson<ServiceSpec>(call);
  if (request === undefined) throw new Refused(400, 'invalid JSON: EOF');
  const taken = (name: string): boolean => [...store.services.values()].some(({ Spec }) => Spec.Name === name);
  const name = request.Name === '' ? generateName(call.engine.options.random, taken) : request.Name;
  const spec = normalise({ ...request, Name: name });
  validate(spec);
  checkReferences(swarm, spec);
  allocator.check(spec);
  if (taken(name))
    throw new Refused(
      409,
      `rpc error: code = AlreadyExists desc = name conflicts with an existing object: service ${name} already exists`,
    );
  const service: Service = { ...store.meta(), Spec: spec, Endpoint: { Spec: {} } };
  if (spec.Mode?.ReplicatedJob !== undefined || spec.Mode?.GlobalJob !== undefined)
    service.JobStatus = { JobIteration: { Index: service.Version.Index } };
  store.services.set(service.ID, service);
  allocator.allocateService(service);
  store.touch(service);
  tellSwarm(call, 'service', 'create', service.ID, { name });
  return json({ ID: service.ID }, 201);
}

/** Networks, secrets and configs have to be there. */
function checkReferences({ store, networks }: Swarm, { TaskTemplate }: ServiceSpec): void {
  for (const { Target } of TaskTemplate.Networks ?? [])
    if (networks.engine.networks.find(Target) === undefined) throw new Refused(404, `network ${Target} not found`);
  const missing = (TaskTemplate.ContainerSpec?.Secrets ?? []).filter(
    ({ SecretID = '' }) => !store.secrets.has(SecretID),
  );
  if (missing.length > 0)
    throw new Refused(
      400,
      `rpc error: code = InvalidArgument desc = secret not found: ${missing.map(({ SecretName }) => SecretName).join(', ')}`,
    );
  const without = (TaskTemplate.ContainerSpec?.Configs ?? []).filter(
    ({ ConfigID = '' }) => !store.configs.has(ConfigID),
  );
  if (without.length > 0)
    throw new Refused(
      400,
      `rpc error: code = InvalidArgument desc = config not found: ${without.map(({ ConfigName }) => ConfigName).join(', ')}`,
    );
}

async function update(call: Call): Promise<Response> {
  const swarm = swarmOf(call);
  const { store, allocator } = swarm;
  const service = findService(call);
  const request = await readJson<ServiceSpec>(call);
  if (request === undefined) throw new Refused(400, 'invalid JSON: EOF');
  checkVersion(call, service);
  const back = call.query.get('rollback') === 'previous';
  const before = service.Spec;
  if (back && service.PreviousSpec === undefined)
    throw new Refused(
      400,
      `rpc error: code = FailedPrecondition desc = service ${service.ID} does not have a previous spec`,
    );
  const spec = back ? (service.PreviousSpec ?? before) : normalise(request);
  if (spec.Name !== before.Name)
    throw new Refused(501, 'rpc error: code = Unimplemented desc = renaming services is not supported');
  if (modeOf(spec) !== modeOf(before))
    throw new Refused(501, 'rpc error: code = Unimplemented desc = service mode change is not allowed');
  validate(spec);
  checkReferences(swarm, spec);
  allocator.check(spec, service.ID);
  service.PreviousSpec = before;
  service.Spec = spec;
  delete service.UpdateStatus;
  if (back)
    service.UpdateStatus = {
      State: 'rollback_started',
      StartedAt: store.instant(),
      Message: 'manually requested rollback',
    };
  allocator.allocateService(service);
  store.touch(service);
  if (service.JobStatus !== undefined) service.JobStatus = { JobIteration: { Index: service.Version.Index } };
  tellSwarm(call, 'service', 'update', service.ID, { name: spec.Name, ...changes(before, spec) });
  return json({ Warnings: null });
}

/** What an event says of an update (daemon/cluster/events). */
function changes(before: ServiceSpec, after: ServiceSpec): Readonly<Record<string, string>> {
  const replicas = ({ Mode }: ServiceSpec): string => String(Mode?.Replicated?.Replicas ?? '');
  const image = ({ TaskTemplate }: ServiceSpec): string => TaskTemplate.ContainerSpec?.Image ?? '';
  return {
    ...(replicas(before) === replicas(after)
      ? {}
      : { 'replicas.new': replicas(after), 'replicas.old': replicas(before) }),
    ...(image(before) === image(after) ? {} : { 'image.new': image(after), 'image.old': image(before) }),
  };
}

function remove(call: Call): Response {
  const { store, allocator } = swarmOf(call);
  const service = findService(call);
  store.services.delete(service.ID);
  allocator.releaseService(service);
  store.wake();
  tellSwarm(call, 'service', 'remove', service.ID, { name: service.Spec.Name });
  return { ...json({}), body: new Uint8Array(), status: 200 };
}

function inspect(call: Call): Response {
  const service = findService(call);
  return json(serviceJson(flag(call.query, 'insertDefaults') ? withDefaults(service) : service));
}

export const serviceRoutes: readonly Route[] = [
  ['GET', /^\/services$/, list],
  ['POST', /^\/services\/create$/, create],
  ['GET', /^\/services\/([^/]+)$/, inspect],
  ['DELETE', /^\/services\/([^/]+)$/, remove],
  ['POST', /^\/services\/([^/]+)\/update$/, update],
  ['GET', /^\/services\/([^/]+)\/logs$/, (call) => serviceLogs(call, findService(call))],
  ['GET', /^\/tasks\/([^/]+)\/logs$/, (call) => serviceLogs(call)],
];
