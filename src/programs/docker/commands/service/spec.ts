import { filtersParam, query, type Api } from '../../cli/api';
import { CommandError, type Invocation } from '../../cli/command';
import { keyValues } from '../../cli/container-options';
import { parseDuration } from '../../cli/container-values';
import type { FlagValues } from '../../cli/flags';
import { readKeyValues } from '../../cli/key-files';
import { parseMount } from '../../cli/mount-option';
import { parsePublish } from '../../cli/ports';
import { parseSize } from '../../cli/sizes';
import { absolutePath } from '../../cli/volume-option';
import type { SpecJson } from './json';
import type { PortJson } from './tasks';

const nano = (text: string): number => parseDuration(text) ?? 0;
const size = (text: string): number => {
  const parsed = parseSize(text);
  if (!parsed.ok) throw new CommandError(parsed.error);
  return parsed.value;
};

/** Words as a shell splits them (google/shlex). */
const words = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');

const pairs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(',').map((field): [string, string] => {
      const equals = field.indexOf('=');
      return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );

/** `-p 8080:80` or `published=8080,target=80,protocol=tcp,mode=host` (opts/port.go). */
export function portsOf(values: readonly string[]): readonly PortJson[] {
  return values.flatMap((value): PortJson[] => {
    if (value.includes('=')) {
      const { target = '', published = '', protocol = 'tcp', mode = 'ingress', ...rest } = pairs(value);
      const [unknown] = Object.keys(rest);
      const wrong = (what: string): CommandError =>
        new CommandError(`invalid argument ${JSON.stringify(value)} for "-p, --publish" flag: ${what}`, 125);
      if (unknown !== undefined) throw wrong(`invalid field key ${unknown}`);
      if (!['ingress', 'host'].includes(mode))
        throw wrong(`invalid publish mode value (${mode}): must be either 'ingress' or 'host'`);
      if (target === '') throw wrong(`missing mandatory field "target"`);
      return [{ Protocol: protocol, TargetPort: Number(target), PublishedPort: Number(published), PublishMode: mode }];
    }
    const parsed = parsePublish(value);
    if (!parsed.ok)
      throw new CommandError(
        `invalid argument ${JSON.stringify(value)} for "-p, --publish" flag: ${parsed.error}`,
        125,
      );
    return parsed.value.map(({ port, hostIp, hostPort }): PortJson => {
      if (hostIp !== '' && hostIp !== '0.0.0.0')
        throw new CommandError(
          `invalid argument ${JSON.stringify(value)} for "-p, --publish" flag: hostip is not supported`,
          125,
        );
      const [number = '', Protocol = 'tcp'] = port.split('/');
      return { Protocol, TargetPort: Number(number), PublishedPort: Number(hostPort), PublishMode: 'ingress' };
    });
  });
}

/** `name=ov,alias=web` or a name; what the API wants is its id (convertNetworks). */
export async function networksOf(api: Api, values: readonly string[]) {
  const found: { Target: string; Aliases?: readonly string[] }[] = [];
  for (const value of values) {
    const { name = value, alias } = value.includes('=') ? pairs(value) : { name: value };
    if (name === 'host' || name === 'none' || name === 'bridge') {
      const network = await api.get<{ Id: string }>(`/networks/${name}`);
      found.push({ Target: network.Id });
      continue;
    }
    const { Id } = await api.get<{ Id: string }>(`/networks/${encodeURIComponent(name)}${query({ scope: 'swarm' })}`);
    found.push({ Target: Id, ...(alias === undefined ? {} : { Aliases: [alias] }) });
  }
  return found.sort((a, b) => (a.Target < b.Target ? -1 : 1));
}

export type FileKind = 'secret' | 'config';

/** `--secret source=s,target=t,mode=0400` with the id that the name has (service/parse.go). */
export async function filesOf(api: Api, kind: FileKind, values: readonly string[]): Promise<readonly object[]> {
  if (values.length === 0) return [];
  const asked = values.map((value) => {
    const fields = value.includes('=') ? pairs(value) : { source: value };
    const { source = '', src = source, target = src } = fields as Readonly<Record<string, string>>;
    const { uid = '0', gid = '0', mode = '0444' } = fields as Readonly<Record<string, string>>;
    return { name: src, File: { Name: target, UID: uid, GID: gid, Mode: parseInt(mode, 8) } };
  });
  const filters = filtersParam(asked.map(({ name }) => `name=${name}`));
  const there = await api.get<readonly { ID: string; Spec: { Name: string } }[]>(`/${kind}s${query({ filters })}`);
  return asked.map(({ name, File }) => {
    const found = there.find(({ ID, Spec }) => Spec.Name === name || ID === name);
    if (found === undefined) throw new CommandError(`${kind} not found: ${name}`);
    return kind === 'secret'
      ? { File, SecretID: found.ID, SecretName: name }
      : { File, ConfigID: found.ID, ConfigName: name };
  });
}

const mountsOf = (invocation: Invocation, values: readonly string[]): readonly object[] =>
  values.map((value) => {
    const parsed = parseMount(value, (path) => absolutePath(path, invocation.process.cwd));
    if (!parsed.ok)
      throw new CommandError(`invalid argument ${JSON.stringify(value)} for "--mount" flag: ${parsed.error}`, 125);
    return parsed.value;
  });

/** Flags that replace one field, whoever asks: `create` or `update`. */
export function applyCommon(spec: SpecJson, given: FlagValues): void {
  const { TaskTemplate } = spec;
  const container = TaskTemplate.ContainerSpec;
  const set = (flag: string, put: (text: string) => void): void => {
    if (given.given(flag)) put(given.text(flag));
  };
  const plain: Readonly<Record<string, string>> = {
    hostname: 'Hostname',
    'stop-signal': 'StopSignal',
    user: 'User',
    workdir: 'Dir',
    isolation: 'Isolation',
  };
  for (const [flag, field] of Object.entries(plain)) set(flag, (text) => (container[field] = text));
  for (const [flag, field] of Object.entries({ init: 'Init', tty: 'TTY', 'read-only': 'ReadOnly' }))
    if (given.given(flag)) container[field] = given.on(flag);
  set('stop-grace-period', (text) => (container['StopGracePeriod'] = nano(text)));
  set('oom-score-adj', (text) => (container['OomScoreAdj'] = Number(text)));
  set('entrypoint', (text) => (container['Command'] = words(text)));
  if (given.given('cap-add')) container['CapabilityAdd'] = given.all('cap-add').map(capability);
  if (given.given('cap-drop')) container['CapabilityDrop'] = given.all('cap-drop').map(capability);
  health(container, given);
  resources(spec, given);
  restart(spec, given);
  for (const [prefix, field] of [
    ['update', 'UpdateConfig'],
    ['rollback', 'RollbackConfig'],
  ] as const) {
    const names = ['parallelism', 'delay', 'monitor', 'failure-action', 'max-failure-ratio', 'order'].map(
      (name) => `${prefix}-${name}`,
    );
    if (!names.some((name) => given.given(name))) continue;
    const config: Record<string, unknown> = { Parallelism: 1, ...spec[field] };
    set(`${prefix}-parallelism`, (text) => (config['Parallelism'] = Number(text)));
    set(`${prefix}-delay`, (text) => (config['Delay'] = nano(text)));
    set(`${prefix}-monitor`, (text) => (config['Monitor'] = nano(text)));
    set(`${prefix}-failure-action`, (text) => (config['FailureAction'] = text));
    set(`${prefix}-max-failure-ratio`, (text) => (config['MaxFailureRatio'] = Number(text)));
    set(`${prefix}-order`, (text) => (config['Order'] = text));
    spec[field] = config;
  }
  set('endpoint-mode', (text) => (spec.EndpointSpec = { ...spec.EndpointSpec, Mode: text }));
  if (given.given('log-driver') || given.given('log-opt'))
    TaskTemplate.LogDriver = {
      ...TaskTemplate.LogDriver,
      ...(given.given('log-driver') ? { Name: given.text('log-driver') } : {}),
      Options: keyValues(given.all('log-opt')),
    };
  set(
    'replicas-max-per-node',
    (text) => (TaskTemplate.Placement = { ...TaskTemplate.Placement, MaxReplicas: Number(text) }),
  );
}

const capability = (name: string): string => {
  const upper = name.toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
};

function health(container: SpecJson['TaskTemplate']['ContainerSpec'], given: FlagValues): void {
  const names = ['cmd', 'interval', 'timeout', 'start-period', 'start-interval', 'retries'].map(
    (name) => `health-${name}`,
  );
  if (given.on('no-healthcheck')) {
    if (names.some((name) => given.given(name)))
      throw new CommandError('--no-healthcheck conflicts with --health-* options');
    container['Healthcheck'] = { Test: ['NONE'] };
    return;
  }
  if (!names.some((name) => given.given(name))) return;
  const check: Record<string, unknown> = { ...(container['Healthcheck'] as object | undefined) };
  if (given.given('health-cmd')) check['Test'] = ['CMD-SHELL', given.text('health-cmd')];
  for (const [flag, field] of Object.entries({
    interval: 'Interval',
    timeout: 'Timeout',
    'start-period': 'StartPeriod',
    'start-interval': 'StartInterval',
  }))
    if (given.given(`health-${flag}`)) check[field] = nano(given.text(`health-${flag}`));
  if (given.given('health-retries')) check['Retries'] = Number(given.text('health-retries'));
  container['Healthcheck'] = check;
}

function resources({ TaskTemplate }: SpecJson, given: FlagValues): void {
  const limits: Record<string, number> = { ...TaskTemplate.Resources?.Limits };
  const reservations: Record<string, unknown> = { ...TaskTemplate.Resources?.Reservations };
  if (given.given('limit-cpu')) limits['NanoCPUs'] = Math.round(Number(given.text('limit-cpu')) * 1e9);
  if (given.given('limit-memory')) limits['MemoryBytes'] = size(given.text('limit-memory'));
  if (given.given('limit-pids')) limits['Pids'] = Number(given.text('limit-pids'));
  if (given.given('reserve-cpu')) reservations['NanoCPUs'] = Math.round(Number(given.text('reserve-cpu')) * 1e9);
  if (given.given('reserve-memory')) reservations['MemoryBytes'] = size(given.text('reserve-memory'));
  if (given.given('generic-resource'))
    reservations['GenericResources'] = given.all('generic-resource').map((one) => {
      const [Kind = '', value = ''] = one.split('=');
      return /^\d+$/.test(value)
        ? { DiscreteResourceSpec: { Kind, Value: Number(value) } }
        : { NamedResourceSpec: { Kind, Value: value } };
    });
  TaskTemplate.Resources = { Limits: limits, Reservations: reservations };
}

function restart({ TaskTemplate }: SpecJson, given: FlagValues): void {
  if (!['condition', 'delay', 'max-attempts', 'window'].some((name) => given.given(`restart-${name}`))) return;
  const policy: Record<string, unknown> = { ...TaskTemplate.RestartPolicy };
  if (given.given('restart-condition')) policy['Condition'] = given.text('restart-condition');
  if (given.given('restart-delay')) policy['Delay'] = nano(given.text('restart-delay'));
  if (given.given('restart-max-attempts')) policy['MaxAttempts'] = Number(given.text('restart-max-attempts'));
  if (given.given('restart-window')) policy['Window'] = nano(given.text('restart-window'));
  TaskTemplate.RestartPolicy = policy;
}

/** `name:IP` as it stands in /etc/hosts (ConvertExtraHostsToSwarmHosts). */
const hostLine = (text: string): string => {
  const at = text.search(/[:=]/);
  return `${text.slice(at + 1)} ${text.slice(0, at)}`;
};

/** The specification that `docker service create` asks for. */
export async function specOf(invocation: Invocation): Promise<SpecJson> {
  const { api, args, flags: given, process } = invocation;
  const [image = '', ...command] = args;
  const mode = given.last('mode') ?? 'replicated';
  const replicas = given.given('replicas') ? Number(given.text('replicas')) : undefined;
  const most = given.given('max-concurrent') ? Number(given.text('max-concurrent')) : undefined;
  if (replicas !== undefined && (mode === 'global' || mode === 'global-job'))
    throw new CommandError('replicas can only be used with replicated or replicated-job mode');
  if (most !== undefined && mode !== 'replicated-job')
    throw new CommandError('max-concurrent can only be used with replicated-job mode');
  const modes: Readonly<Record<string, NonNullable<SpecJson['Mode']>>> = {
    replicated: { Replicated: replicas === undefined ? {} : { Replicas: replicas } },
    global: { Global: {} },
    'replicated-job': { ReplicatedJob: { MaxConcurrent: most ?? replicas ?? 1, TotalCompletions: replicas ?? 1 } },
    'global-job': { GlobalJob: {} },
  };
  const Mode = modes[mode];
  if (Mode === undefined) throw new CommandError(`Unknown mode: ${mode}, only replicated and global supported`);
  const env = readKeyValues(process, given.all('env-file'), given.all('env'), true);
  const list = (flag: string, field: string): object => (given.given(flag) ? { [field]: given.all(flag) } : {});
  const networks = await networksOf(api, given.all('network'));
  const secrets = await filesOf(api, 'secret', given.all('secret'));
  const configs = await filesOf(api, 'config', given.all('config'));
  const mounts = mountsOf(invocation, given.all('mount'));
  const spec: SpecJson = {
    Name: given.text('name'),
    Labels: keyValues(given.all('label')),
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        ...(given.given('container-label') ? { Labels: keyValues(given.all('container-label')) } : {}),
        ...(command.length === 0 ? {} : { Args: command }),
        ...(env.length === 0 ? {} : { Env: env }),
        ...list('group', 'Groups'),
        ...(given.given('host') ? { Hosts: given.all('host').map(hostLine) } : {}),
        ...(mounts.length === 0 ? {} : { Mounts: mounts }),
        ...(secrets.length === 0 ? {} : { Secrets: secrets }),
        ...(configs.length === 0 ? {} : { Configs: configs }),
        ...(given.given('sysctl') ? { Sysctls: keyValues(given.all('sysctl')) } : {}),
        DNSConfig: { ...list('dns', 'Nameservers'), ...list('dns-search', 'Search'), ...list('dns-option', 'Options') },
        Init: false,
      },
      Placement: {
        ...list('constraint', 'Constraints'),
        ...(given.given('placement-pref')
          ? {
              Preferences: given
                .all('placement-pref')
                .map((one) => ({ Spread: { SpreadDescriptor: pairs(one)['spread'] ?? '' } })),
            }
          : {}),
      },
      ...(networks.length === 0 ? {} : { Networks: networks }),
      ForceUpdate: 0,
    },
    Mode,
    EndpointSpec: { Mode: 'vip', ...(given.given('publish') ? { Ports: portsOf(given.all('publish')) } : {}) },
  };
  applyCommon(spec, given);
  return spec;
}

const without = <T>(items: readonly T[] | null | undefined, gone: readonly string[], keyOf: (item: T) => string) =>
  (items ?? []).filter((item) => !gone.includes(keyOf(item)));

/** What `docker service update` changes of a specification (service/update.go). */
export async function updateSpec(invocation: Invocation, spec: SpecJson): Promise<void> {
  const { api, flags: given } = invocation;
  const { TaskTemplate } = spec;
  const container = TaskTemplate.ContainerSpec;
  const touched = (name: string): boolean => given.given(`${name}-add`) || given.given(`${name}-rm`);
  const edit = (
    name: string,
    field: string,
    key: (text: string) => string,
    make = (text: string): string => text,
  ): void => {
    if (!touched(name)) return;
    const added = given.all(`${name}-add`).map(make);
    const gone = [...given.all(`${name}-rm`), ...added.map(key)];
    container[field] = [...without(container[field] as readonly string[] | undefined, gone, key), ...added];
  };
  applyCommon(spec, given);
  if (given.given('image')) container.Image = given.text('image');
  if (given.given('args')) container['Args'] = words(given.text('args'));
  edit('env', 'Env', (text) => text.split('=')[0] ?? '');
  edit('group', 'Groups', (text) => text);
  edit('host', 'Hosts', (text) => text, hostLine);
  const labels = (name: string, before: Record<string, string> | null | undefined): Record<string, string> => {
    const after = { ...before, ...keyValues(given.all(`${name}-add`)) };
    return Object.fromEntries(Object.entries(after).filter(([key]) => !given.all(`${name}-rm`).includes(key)));
  };
  if (touched('label')) spec.Labels = labels('label', spec.Labels);
  if (touched('container-label'))
    container['Labels'] = labels('container-label', container['Labels'] as Record<string, string> | undefined);
  if (touched('constraint')) {
    const before = TaskTemplate.Placement?.['Constraints'] as readonly string[] | undefined;
    const gone = [...given.all('constraint-rm'), ...given.all('constraint-add')];
    TaskTemplate.Placement = {
      ...TaskTemplate.Placement,
      Constraints: [...without(before, gone, (one) => one), ...given.all('constraint-add')],
    };
  }
  if (touched('mount')) {
    const added = mountsOf(invocation, given.all('mount-add')) as readonly { Target?: string }[];
    const gone = [...given.all('mount-rm'), ...added.map(({ Target = '' }) => Target)];
    container['Mounts'] = [
      ...without(container['Mounts'] as readonly { Target?: string }[] | undefined, gone, ({ Target = '' }) => Target),
      ...added,
    ];
  }
  if (touched('network')) {
    const added = await networksOf(api, given.all('network-add'));
    const gone = (await networksOf(api, given.all('network-rm'))).map(({ Target }) => Target);
    for (const { Target } of added)
      if ((TaskTemplate.Networks ?? []).some((one) => one.Target === Target))
        throw new CommandError(`service is already attached to network ${given.text('network-add')}`);
    TaskTemplate.Networks = [...without(TaskTemplate.Networks, gone, ({ Target }) => Target), ...added];
  }
  if (touched('publish')) {
    const added = portsOf(given.all('publish-add'));
    const gone = given
      .all('publish-rm')
      .map((text) =>
        text.includes('=') ? (pairs(text)['target'] ?? '') : ((text.split(':').at(-1) ?? '').split('/')[0] ?? ''),
      );
    spec.EndpointSpec = {
      ...spec.EndpointSpec,
      Ports: [
        ...without(spec.EndpointSpec?.Ports, gone, ({ TargetPort }) => String(TargetPort)).filter(
          (port) =>
            !added.some((other) => other.TargetPort === port.TargetPort && other.PublishedPort === port.PublishedPort),
        ),
        ...added,
      ],
    };
  }
  for (const [kind, field] of [
    ['secret', 'Secrets'],
    ['config', 'Configs'],
  ] as const) {
    if (!touched(kind)) continue;
    const added = await filesOf(api, kind, given.all(`${kind}-add`));
    const nameOf = (reference: object): string => {
      const { SecretName, ConfigName } = reference as { SecretName?: string; ConfigName?: string };
      return SecretName ?? ConfigName ?? '';
    };
    const gone = [...given.all(`${kind}-rm`), ...added.map(nameOf)];
    container[field] = [...without(container[field] as readonly object[] | undefined, gone, nameOf), ...added];
  }
  if (given.given('replicas')) {
    if (spec.Mode?.Replicated === undefined && spec.Mode?.ReplicatedJob === undefined)
      throw new CommandError('replicas can only be used with replicated mode');
    const count = Number(given.text('replicas'));
    spec.Mode =
      spec.Mode.Replicated !== undefined
        ? { Replicated: { Replicas: count } }
        : { ReplicatedJob: { ...spec.Mode.ReplicatedJob, TotalCompletions: count } };
  }
  if (given.on('force')) TaskTemplate.ForceUpdate = (TaskTemplate.ForceUpdate ?? 0) + 1;
}

/** Asks the registry what a name stands for now, so that all nodes run the same (client/service_create.go). */
export async function pinImage(invocation: Invocation, spec: SpecJson): Promise<void> {
  const { api, flags: given, error } = invocation;
  const container = spec.TaskTemplate.ContainerSpec;
  if (given.on('no-resolve-image') || container.Image.includes('@') || container.Image === '') return;
  const named = /[:][^/]*$/.test(container.Image) ? container.Image : `${container.Image}:latest`;
  try {
    const { Descriptor, Platforms } = await api.get<{
      Descriptor: { digest: string };
      Platforms?: readonly { architecture: string; os: string }[];
    }>(`/distribution/${named}/json`);
    container.Image = `${named}@${Descriptor.digest}`;
    spec.TaskTemplate.Placement = {
      ...spec.TaskTemplate.Placement,
      Platforms: (Platforms ?? []).map(({ architecture, os }) => ({ Architecture: architecture, OS: os })),
    };
  } catch (thrown) {
    if (!(thrown instanceof CommandError)) throw thrown;
    container.Image = named;
    await error(
      `image ${named} could not be accessed on a registry to record\nits digest. Each node will access ${named} independently,\npossibly leading to different nodes running different\nversions of the image.\n\n`,
    );
  }
}
