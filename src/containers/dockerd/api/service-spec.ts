import { parseConstraint } from '../../swarm/constraint';
import type { ContainerSpec, Service, ServiceSpec, UpdateConfig } from '../../swarm/objects';
import { Refused } from '../../swarm/store';

const invalid = (message: string): Refused => new Refused(400, `rpc error: code = InvalidArgument desc = ${message}`);

/** Without what is null or empty: it does not survive the way to the managers and back (convert/service.go). */
function sparse<T extends object>(value: T, keep: readonly string[] = []): T {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, field]) =>
        keep.includes(key) ||
        !(
          field === null ||
          field === undefined ||
          field === '' ||
          field === false ||
          field === 0 ||
          (Array.isArray(field) && field.length === 0)
        ),
    ),
  ) as T;
}

/** A specification as the managers keep it, and as it is shown from then on. */
export function normalise(spec: ServiceSpec): ServiceSpec {
  const { Name, Labels, TaskTemplate, Mode, UpdateConfig: update, RollbackConfig, EndpointSpec } = spec;
  const {
    ContainerSpec: container,
    Resources,
    RestartPolicy,
    Placement,
    Networks,
    LogDriver,
    ForceUpdate,
  } = TaskTemplate;
  const { DNSConfig, Isolation: _, ...rest } = container ?? ({ Image: '' } as ContainerSpec);
  const placement = sparse({ ...Placement });
  return {
    Name,
    Labels: Labels ?? {},
    TaskTemplate: {
      ContainerSpec: {
        ...sparse(rest, ['Init', 'StopGracePeriod']),
        ...(rest.Init === null ? { Init: undefined as never } : {}),
        DNSConfig: sparse({ ...DNSConfig }),
        Isolation: 'default',
      },
      Resources: {
        Limits: sparse({ ...Resources?.Limits }),
        Reservations: sparse({ ...Resources?.Reservations }),
      },
      ...(RestartPolicy === undefined || RestartPolicy === null
        ? {}
        : {
            RestartPolicy: {
              ...RestartPolicy,
              Condition: RestartPolicy.Condition ?? 'any',
              MaxAttempts: RestartPolicy.MaxAttempts ?? 0,
            },
          }),
      Placement: placement,
      ...((Networks ?? []).length === 0 ? {} : { Networks: Networks ?? [] }),
      ...(LogDriver === undefined || LogDriver === null ? {} : { LogDriver }),
      ForceUpdate: ForceUpdate ?? 0,
      Runtime: 'container',
    },
    Mode:
      Mode?.Global !== undefined || Mode?.GlobalJob !== undefined
        ? Mode
        : Mode?.ReplicatedJob !== undefined
          ? {
              ReplicatedJob: {
                MaxConcurrent: Mode.ReplicatedJob.MaxConcurrent ?? 1,
                TotalCompletions: Mode.ReplicatedJob.TotalCompletions ?? 1,
              },
            }
          : { Replicated: { Replicas: Mode?.Replicated?.Replicas ?? 1 } },
    ...(update === undefined || update === null ? {} : { UpdateConfig: updateOf(update) }),
    ...(RollbackConfig === undefined || RollbackConfig === null ? {} : { RollbackConfig: updateOf(RollbackConfig) }),
    EndpointSpec: {
      Mode: (EndpointSpec?.Mode ?? '') === '' ? 'vip' : (EndpointSpec?.Mode ?? 'vip'),
      ...((EndpointSpec?.Ports ?? []).length === 0
        ? {}
        : {
            Ports: (EndpointSpec?.Ports ?? []).map(
              ({ Name: name = '', Protocol, TargetPort, PublishedPort = 0, PublishMode }) => ({
                ...(name === '' ? {} : { Name: name }),
                Protocol: Protocol ?? 'tcp',
                TargetPort,
                ...(PublishedPort === 0 ? {} : { PublishedPort }),
                PublishMode: PublishMode ?? 'ingress',
              }),
            ),
          }),
    },
  };
}

const updateOf = ({
  Parallelism = 0,
  Delay,
  FailureAction,
  Monitor,
  MaxFailureRatio = 0,
  Order,
}: UpdateConfig): UpdateConfig => ({
  Parallelism,
  ...(Delay === undefined || Delay === 0 ? {} : { Delay }),
  FailureAction: FailureAction === undefined || FailureAction === '' ? 'pause' : FailureAction,
  ...(Monitor === undefined || Monitor === 0 ? {} : { Monitor }),
  MaxFailureRatio,
  Order: Order === undefined || Order === '' ? 'stop-first' : Order,
});

/** What is wrong with a specification (controlapi/service.go, validateServiceSpec). */
export function validate({ Name, TaskTemplate, Mode, EndpointSpec, UpdateConfig: update }: ServiceSpec): void {
  if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(Name)) throw invalid('name must be valid as a DNS name component');
  if (Name.length > 63) throw invalid('name must be 63 characters or fewer');
  const { ContainerSpec: container, Resources, Placement, RestartPolicy } = TaskTemplate;
  if ((container?.Image ?? '') === '') throw invalid('ContainerSpec: image reference must be provided');
  for (const side of [Resources?.Limits, Resources?.Reservations]) {
    const { NanoCPUs = 0, MemoryBytes = 0 } = side ?? {};
    if (NanoCPUs !== 0 && NanoCPUs < 1e6) throw invalid(`invalid cpu value ${NanoCPUs / 1e9}: Must be at least 0.001`);
    if (MemoryBytes !== 0 && MemoryBytes < 4 * 1024 * 1024)
      throw invalid(`invalid memory value ${MemoryBytes}: Must be at least 4MiB`);
  }
  if ((RestartPolicy?.Delay ?? 0) < 0) throw invalid('TaskSpec: restart-delay cannot be negative');
  if ((update?.Delay ?? 0) < 0) throw invalid('TaskSpec: update-delay cannot be negative');
  for (const constraint of Placement?.Constraints ?? []) parseConstraint(constraint);
  const targets = (container?.Mounts ?? []).map(({ Target = '' }) => Target);
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) throw invalid(`ContainerSpec: duplicate mount point: ${twice}`);
  const published = (EndpointSpec?.Ports ?? []).filter(({ PublishedPort = 0 }) => PublishedPort !== 0);
  const seen = new Set<string>();
  for (const { PublishedPort, Protocol, PublishMode } of published) {
    const key = `${PublishedPort}/${Protocol}/${PublishMode}`;
    if (seen.has(key)) throw invalid(`EndpointSpec: duplicate published ports provided`);
    seen.add(key);
  }
  if (EndpointSpec?.Mode === 'dnsrr' && (EndpointSpec.Ports ?? []).some(({ PublishMode }) => PublishMode !== 'host'))
    throw invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
  if ((Mode?.Replicated?.Replicas ?? 0) < 0) throw invalid('Number of replicas must be non-negative');
}

/** With the defaults that nobody asked for (`insertDefaults=true`). */
export function withDefaults(service: Service): Service {
  const { Spec } = service;
  const { ContainerSpec: container, Resources, RestartPolicy, Placement, ...task } = Spec.TaskTemplate;
  const { DNSConfig, Isolation, StopGracePeriod, ...rest } = container ?? { Image: '' };
  const { Mode, EndpointSpec, Name, Labels } = Spec;
  const update = (config: UpdateConfig | undefined): UpdateConfig => {
    const { Parallelism, Delay, FailureAction, Monitor, MaxFailureRatio, Order } = config ?? { Parallelism: 1 };
    return {
      Parallelism: Parallelism ?? 0,
      ...(Delay === undefined ? {} : { Delay }),
      FailureAction: FailureAction ?? 'pause',
      Monitor: Monitor ?? 5_000_000_000,
      MaxFailureRatio: MaxFailureRatio ?? 0,
      Order: Order ?? 'stop-first',
    };
  };
  return {
    ...service,
    Spec: {
      Name,
      ...(Labels === undefined ? {} : { Labels }),
      TaskTemplate: {
        ContainerSpec: {
          ...rest,
          StopGracePeriod: StopGracePeriod ?? 10_000_000_000,
          ...(DNSConfig === undefined ? {} : { DNSConfig }),
          ...(Isolation === undefined ? {} : { Isolation }),
        },
        ...(Resources === undefined ? {} : { Resources }),
        RestartPolicy: {
          Condition: RestartPolicy?.Condition ?? 'any',
          Delay: RestartPolicy?.Delay ?? 5_000_000_000,
          ...(RestartPolicy?.Window === undefined ? {} : { Window: RestartPolicy.Window }),
          MaxAttempts: RestartPolicy?.MaxAttempts ?? 0,
        },
        ...(Placement === undefined ? {} : { Placement }),
        ...task,
      },
      ...(Mode === undefined ? {} : { Mode }),
      UpdateConfig: update(Spec.UpdateConfig),
      RollbackConfig: update(Spec.RollbackConfig),
      ...(EndpointSpec === undefined ? {} : { EndpointSpec }),
    },
  };
}
