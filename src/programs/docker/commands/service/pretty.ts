import { bytesSize, humanDuration } from '../../cli/format';
import { modeOf, type ServiceJson } from './json';

/** Go's time.Duration.String of nanoseconds, as far as whole units go: `5s`, `1m0s`, `1h0m0s`, `500ms`. */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e9)
    return nanoseconds < 1e3
      ? `${nanoseconds}ns`
      : nanoseconds < 1e6
        ? `${nanoseconds / 1e3}µs`
        : `${nanoseconds / 1e6}ms`;
  const seconds = nanoseconds / 1e9;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

const sorted = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ` ${key}${value === '' ? '' : `=${value}`}\n`)
    .join('');

function updateText(name: string, order: string, config: Readonly<Record<string, unknown>> | null | undefined): string {
  if (config === null || config === undefined) return '';
  const duration = (field: string): number => Number(config[field] ?? 0);
  return [
    `${name}:\n Parallelism:\t${String(config['Parallelism'])}\n`,
    duration('Delay') === 0 ? '' : ` Delay:\t\t${goDuration(duration('Delay'))}\n`,
    ` On failure:\t${String(config['FailureAction'])}\n`,
    duration('Monitor') === 0 ? '' : ` Monitoring Period: ${goDuration(duration('Monitor'))}\n`,
    ` Max failure ratio: ${String(config['MaxFailureRatio'] ?? 0)}\n`,
    ` ${order} order:${order === 'Update' ? '      ' : '    '}${String(config['Order'])}\n`,
  ].join('');
}

/** `docker service inspect --pretty` (service/formatter.go, serviceInspectPrettyTemplate). */
export function prettyService(
  { ID, Spec, UpdateStatus, Endpoint }: ServiceJson,
  now: number,
  networkName: (id: string) => string,
): string {
  const { TaskTemplate, Mode } = Spec;
  const { ContainerSpec: container, Placement, Resources, Networks } = TaskTemplate;
  const list = (name: string): readonly string[] => (container[name] as readonly string[] | undefined) ?? [];
  const text = (name: string): string => (typeof container[name] === 'string' ? container[name] : '');
  const labels = Spec.Labels ?? {};
  const mode = modeOf(Spec)
    .replace(/^./, (first) => first.toUpperCase())
    .replace('job', 'Job');
  const constraints = (Placement?.['Constraints'] as readonly string[] | undefined) ?? [];
  const preferences =
    (Placement?.['Preferences'] as readonly { Spread?: { SpreadDescriptor: string } }[] | undefined) ?? [];
  const ago = (at: string): string => `${humanDuration(now - Date.parse(at)).toLowerCase()} ago`;
  const status =
    UpdateStatus === undefined
      ? ''
      : [
          `UpdateStatus:\n State:\t\t${UpdateStatus.State}\n`,
          UpdateStatus.StartedAt === undefined ? '' : ` Started:\t${ago(UpdateStatus.StartedAt)}\n`,
          UpdateStatus.State !== 'completed' || UpdateStatus.CompletedAt === undefined
            ? ''
            : ` Completed:\t${ago(UpdateStatus.CompletedAt)}\n`,
          ` Message:\t${UpdateStatus.Message}\n`,
        ].join('');
  const mounts =
    (container['Mounts'] as
      readonly { Target?: string; Source?: string; ReadOnly?: boolean; Type: string }[] | undefined) ?? [];
  const files = (name: string): readonly string[] =>
    (
      (container[name] as
        readonly { SecretName?: string; ConfigName?: string; File: { Name: string } }[] | undefined) ?? []
    ).map(
      ({ SecretName, ConfigName, File }) => ` Target:\t${File.Name}\n  Source:\t${SecretName ?? ConfigName ?? ''}\n`,
    );
  const side = (name: string, of: Readonly<Record<string, unknown>> | null | undefined): string => {
    const [cpus, memory] = [Number(of?.['NanoCPUs'] ?? 0), Number(of?.['MemoryBytes'] ?? 0)];
    if (cpus === 0 && memory === 0) return '';
    return `\n ${name}:${cpus === 0 ? '' : `\n  CPU:\t\t${cpus / 1e9}`}${memory === 0 ? '' : `\n  Memory:\t${bytesSize(memory)}`}`;
  };
  const limits = side('Reservations', Resources?.Reservations) + side('Limits', Resources?.Limits);
  return [
    `\nID:\t\t${ID}\nName:\t\t${Spec.Name}\n`,
    Object.keys(labels).length === 0 ? '' : `Labels:\n${sorted(labels)}`,
    `Service Mode:\t${mode}\n`,
    Mode?.Replicated === undefined ? '' : ` Replicas:\t${Mode.Replicated.Replicas ?? 1}\n`,
    Mode?.ReplicatedJob === undefined
      ? ''
      : ` Max Concurrent:\t${Mode.ReplicatedJob.MaxConcurrent ?? 1}\n Total Completions:\t${Mode.ReplicatedJob.TotalCompletions ?? 1}\n`,
    status,
    'Placement:\n',
    constraints.length === 0 ? '' : ` Constraints:\t[${constraints.join(' ')}]\n`,
    preferences.length === 0
      ? ''
      : ` Preferences:\t${preferences.map(({ Spread }) => `spread=${Spread?.SpreadDescriptor ?? ''}`).join(', ')}\n`,
    Number(Placement?.['MaxReplicas'] ?? 0) === 0
      ? ''
      : ` Max Replicas Per Node:\t${Number(Placement?.['MaxReplicas'])}\n`,
    updateText('UpdateConfig', 'Update', Spec.UpdateConfig),
    updateText('RollbackConfig', 'Rollback', Spec.RollbackConfig),
    `ContainerSpec:\n Image:\t\t${container.Image}\n`,
    list('Command').length === 0 ? '' : ` Command:\t${list('Command').join(' ')}\n`,
    list('Args').length === 0 ? '' : ` Args:\t\t${list('Args').join(' ')} \n`,
    list('Env').length === 0 ? '' : ` Env:\t\t${list('Env').join(' ')} \n`,
    text('Dir') === '' ? '' : ` Dir:\t\t${text('Dir')}\n`,
    text('User') === '' ? '' : ` User: ${text('User')}\n`,
    container['Init'] === undefined || container['Init'] === null ? '' : ` Init:\t\t${String(container['Init'])}\n`,
    mounts.length === 0
      ? ''
      : `Mounts:\n${mounts.map(({ Target, Source = '', ReadOnly = false, Type }) => ` Target:\t${Target}\n  Source:\t${Source}\n  ReadOnly:\t${ReadOnly}\n  Type:\t\t${Type}\n`).join('')}`,
    files('Configs').length === 0 ? '' : `Configs:\n${files('Configs').join('')}`,
    files('Secrets').length === 0 ? '' : `Secrets:\n${files('Secrets').join('')}`,
    `Resources:${limits}\n`,
    (Networks ?? []).length === 0
      ? ''
      : `Networks: ${(Networks ?? []).map(({ Target }) => networkName(Target)).join(' ')} \n`,
    `Endpoint Mode:\t${Spec.EndpointSpec?.Mode ?? 'vip'}\n`,
    (Endpoint.Ports ?? []).length === 0
      ? ''
      : `Ports:\n${(Endpoint.Ports ?? [])
          .map(
            ({ PublishedPort = 0, Protocol, TargetPort, PublishMode }) =>
              ` PublishedPort = ${PublishedPort}\n  Protocol = ${Protocol}\n  TargetPort = ${TargetPort}\n  PublishMode = ${PublishMode} \n`,
          )
          .join('')}`,
    '\n',
  ].join('');
}
