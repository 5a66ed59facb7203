import { filtersParam, query, type Api } from '../../cli/api';
import { CommandError, type Command, type Group, type Invocation } from '../../cli/command';
import { flags } from '../../cli/flags';
import { renderList } from '../../cli/table';
import { inspectAll } from '../inspect';
import { modeOf, type ServiceJson, type SpecJson } from './json';
import { logs } from './logs';
import { createFlags, updateFlags } from './options';
import { prettyService } from './pretty';
import { waitOnService } from './progress';
import { pinImage, specOf, updateSpec } from './spec';
import { printTasks, taskFlags, withoutDigest, type TaskJson } from './tasks';
import { naturally } from '../../cli/naturally';

const pathOf = (name: string): string => `/services/${encodeURIComponent(name)}`;
const find = (api: Api, name: string): Promise<ServiceJson> =>
  api.get<ServiceJson>(`${pathOf(name)}?insertDefaults=false`);

const create: Command = {
  use: 'create [OPTIONS] IMAGE [COMMAND] [ARG...]',
  short: 'Create a new service',
  flags: createFlags,
  operands: [1, Infinity],
  stopsAtOperand: true,
  async run(invocation) {
    const { api, flags: given, out } = invocation;
    const spec = await specOf(invocation);
    await pinImage(invocation, spec);
    const { ID } = (await api.send('POST', '/services/create', spec)).json<{ ID: string }>();
    await out(`${ID}\n`);
    return given.on('detach') ? 0 : waitOnService(invocation, ID, given.on('quiet'));
  },
};

/** The columns of `service ls` and `stack services`. */
export async function printServices(
  { flags: given, out }: Invocation,
  services: readonly ServiceJson[],
): Promise<number> {
  const column = (key: string, header: string, cell: (item: ServiceJson) => string) => ({ key, header, cell });
  await out(
    renderList({
      items: [...services].sort((a, b) => naturally(a.Spec.Name, b.Spec.Name)),
      columns: [
        column('ID', 'ID', ({ ID }) => ID.slice(0, 12)),
        column('Name', 'NAME', ({ Spec }) => Spec.Name),
        column('Mode', 'MODE', ({ Spec }) => modeOf(Spec)),
        column('Replicas', 'REPLICAS', ({ Spec, ServiceStatus }) => {
          const { RunningTasks = 0, DesiredTasks = 0, CompletedTasks = 0 } = ServiceStatus ?? {};
          const most = Number(Spec.TaskTemplate.Placement?.['MaxReplicas'] ?? 0);
          const job = Spec.Mode?.ReplicatedJob;
          if (job !== undefined)
            return `${RunningTasks}/${DesiredTasks} (${CompletedTasks}/${job.TotalCompletions ?? 1} completed)`;
          if (Spec.Mode?.GlobalJob !== undefined)
            return `${RunningTasks}/${DesiredTasks} (${CompletedTasks}/${DesiredTasks + CompletedTasks} completed)`;
          return `${RunningTasks}/${DesiredTasks}${most > 0 ? ` (max ${most} per node)` : ''}`;
        }),
        column('Image', 'IMAGE', ({ Spec }) => withoutDigest(Spec.TaskTemplate.ContainerSpec.Image)),
        column('Ports', 'PORTS', ({ Endpoint }) =>
          (Endpoint.Ports ?? [])
            .filter(({ PublishMode }) => PublishMode === 'ingress')
            .map(({ PublishedPort, TargetPort, Protocol }) => `*:${PublishedPort}->${TargetPort}/${Protocol}`)
            .join(', '),
        ),
      ],
      table: ['ID', 'Name', 'Mode', 'Replicas', 'Image', 'Ports'],
      format: given.text('format'),
      ...(given.on('quiet') ? { quiet: ({ ID }: ServiceJson) => ID } : {}),
    }),
  );
  return 0;
}

const ls: Command = {
  use: 'ls [OPTIONS]',
  short: 'List services',
  aliases: ['docker service ls', 'docker service list'],
  flags: flags(`
    -f, --filter filter | Filter output based on conditions provided
    --format string | {format}
    -q, --quiet | Only display IDs
  `),
  operands: [0, 0],
  async run(invocation) {
    const { api, flags: given } = invocation;
    const filters = filtersParam(given.all('filter'));
    const status = given.on('quiet') ? undefined : 'true';
    return printServices(invocation, await api.get<readonly ServiceJson[]>(`/services${query({ filters, status })}`));
  },
};

const ps: Command = {
  use: 'ps [OPTIONS] SERVICE [SERVICE...]',
  short: 'List the tasks of one or more services',
  flags: taskFlags,
  operands: [1, Infinity],
  async run(invocation) {
    const { api, args, flags: given } = invocation;
    const missing: string[] = [];
    const ids: string[] = [];
    for (const name of args) {
      const byId = await api.get<readonly ServiceJson[]>(
        `/services${query({ filters: filtersParam([`id=${name}`]) })}`,
      );
      const byName = await api.get<readonly ServiceJson[]>(
        `/services${query({ filters: filtersParam([`name=${name}`]) })}`,
      );
      const found =
        byId.find(({ ID }) => ID === name) ??
        byName.find(({ Spec }) => Spec.Name === name) ??
        (byId.length === 1 ? byId[0] : undefined);
      if (found === undefined) missing.push(`no such service: ${name}`);
      else ids.push(found.ID);
    }
    if (ids.length === 0) throw new CommandError(missing.join('\n'));
    const filters = filtersParam([...given.all('filter'), ...ids.map((id) => `service=${id}`)]);
    await printTasks(invocation, await api.get<readonly TaskJson[]>(`/tasks${query({ filters })}`));
    if (missing.length > 0) throw new CommandError(missing.join('\n'));
    return 0;
  },
};

const inspect: Command = {
  use: 'inspect [OPTIONS] SERVICE [SERVICE...]',
  short: 'Display detailed information on one or more services',
  flags: flags(`
    -f, --format string | {inspect}
    --pretty | Print the information in a human friendly format
  `),
  operands: [1, Infinity],
  async run(invocation) {
    const { api, args, flags: given, out, process } = invocation;
    const get = (name: string): Promise<ServiceJson> =>
      api.get<ServiceJson>(`${pathOf(name)}${query({ insertDefaults: 'true' })}`);
    if (!given.on('pretty'))
      return inspectAll(invocation, async (name) => ({ kind: 'service', value: await get(name) }));
    if (given.given('format')) throw new CommandError('--format is incompatible with human friendly format');
    for (const name of args) {
      const service = await get(name);
      const names = new Map<string, string>();
      for (const { Target } of service.Spec.TaskTemplate.Networks ?? [])
        names.set(Target, (await api.get<{ Name: string }>(`/networks/${Target}`)).Name);
      await out(`${prettyService(service, process.clock.now, (id) => names.get(id) ?? id)}\n`);
    }
    return 0;
  },
};

/** Sends a changed specification; what the engine warns of is told. */
async function send(
  { api, error }: Invocation,
  { ID, Version }: ServiceJson,
  spec: SpecJson,
  rollback?: string,
): Promise<void> {
  const params = query({ rollback, version: String(Version.Index) });
  const { Warnings } = (await api.send('POST', `/services/${ID}/update${params}`, spec)).json<{
    Warnings: readonly string[] | null;
  }>();
  for (const warning of Warnings ?? []) await error(`${warning}\n`);
}

const update: Command = {
  use: 'update [OPTIONS] SERVICE',
  short: 'Update a service',
  flags: updateFlags,
  operands: [1, 1],
  async run(invocation) {
    const { api, args, flags: given, out } = invocation;
    const [name = ''] = args;
    const service = await find(api, name);
    const { Spec } = service;
    if (given.on('rollback')) await send(invocation, service, Spec, 'previous');
    else {
      await updateSpec(invocation, Spec);
      if (given.given('image')) await pinImage(invocation, Spec);
      await send(invocation, service, Spec);
    }
    await out(`${name}\n`);
    return given.on('detach') ? 0 : waitOnService(invocation, name, given.on('quiet'));
  },
};

const rollback: Command = {
  use: 'rollback [OPTIONS] SERVICE',
  short: "Revert changes to a service's configuration",
  flags: flags(`
    -d, --detach | Exit immediately instead of waiting for the service to converge
    -q, --quiet | Suppress progress output
  `),
  operands: [1, 1],
  async run(invocation) {
    const { api, args, flags: given, out } = invocation;
    const [name = ''] = args;
    const service = await find(api, name);
    await send(invocation, service, service.Spec, 'previous');
    await out(`${name}\n`);
    return given.on('detach') ? 0 : waitOnService(invocation, name, given.on('quiet'));
  },
};

const scale: Command = {
  use: 'scale SERVICE=REPLICAS [SERVICE=REPLICAS...]',
  short: 'Scale one or multiple replicated services',
  flags: flags(`-d, --detach | Exit immediately instead of waiting for the service to converge`),
  operands: [1, Infinity],
  async run(invocation) {
    const { api, args, flags: given, out } = invocation;
    const wanted = args.map((arg) => {
      const [name = '', number] = arg.split('=');
      if (number === undefined)
        throw new CommandError(
          `invalid scale specifier '${arg}'.\n\nUsage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]`,
        );
      if (!/^\d+$/.test(number))
        throw new CommandError(
          `invalid replicas value ${number}: strconv.ParseUint: parsing ${JSON.stringify(number)}: invalid syntax`,
        );
      return { name, count: Number(number) };
    });
    const problems: string[] = [];
    const scaled: string[] = [];
    for (const { name, count } of wanted) {
      try {
        const service = await find(api, name);
        const { Mode } = service.Spec;
        if (Mode?.Replicated === undefined && Mode?.ReplicatedJob === undefined)
          throw new CommandError('scale can only be used with replicated or replicated-job mode');
        const changed =
          Mode.Replicated !== undefined
            ? { Replicated: { Replicas: count } }
            : { ReplicatedJob: { MaxConcurrent: count, TotalCompletions: count } };
        await send(invocation, service, { ...service.Spec, Mode: changed });
        await out(`${name} scaled to ${count}\n`);
        scaled.push(name);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        problems.push(`${name}: ${thrown.message}`);
      }
    }
    if (!given.on('detach')) for (const name of scaled) await waitOnService(invocation, name);
    if (problems.length > 0) throw new CommandError(problems.join('\n'));
    return 0;
  },
};

const rm: Command = {
  use: 'rm SERVICE [SERVICE...]',
  short: 'Remove one or more services',
  aliases: ['docker service rm', 'docker service remove'],
  operands: [1, Infinity],
  async run({ api, args, out }) {
    const problems: string[] = [];
    for (const name of args) {
      try {
        await api.send('DELETE', pathOf(name));
        await out(`${name}\n`);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        problems.push(thrown.message);
      }
    }
    if (problems.length > 0) throw new CommandError(problems.join('\n'));
    return 0;
  },
};

export const service: Group = {
  name: 'service',
  short: 'Manage Swarm services',
  swarm: 'manager',
  commands: [create, inspect, logs, ls, ps, rm, rollback, scale, update],
};
