import type { ContainerCreate, EndpointSettings, HostConfig, MountRequest } from '../dockerd/api-types';
import type { Service, SwarmNode, Task } from './objects';
import { slotName } from './orchestrator/task';

/** What a task's container is made by (daemon/cluster/executor/container/container.go). */
export function createRequest(
  task: Task,
  service: Service,
  node: SwarmNode | undefined,
  networkName: (id: string) => string | undefined,
): ContainerCreate {
  const { Spec } = task;
  const { Resources, LogDriver } = Spec;
  const container = Spec.ContainerSpec ?? { Image: '' };
  const { Name } = service.Spec;
  const fill = (text: string): string => expand(text, task, service, node);
  const { DNSConfig, Healthcheck, Ulimits } = container;
  const limits = Resources?.Limits ?? {};
  const endpoints = task.attachments.flatMap(({ NetworkID, Addresses, Aliases }): [string, EndpointSettings][] => {
    const name = networkName(NetworkID);
    const [address = ''] = (Addresses[0] ?? '').split('/');
    if (name === undefined) return [];
    return [[name, { IPAMConfig: address === '' ? null : { IPv4Address: address }, Aliases: Aliases ?? [] }]];
  });
  const hostNetwork = endpoints.find(([name]) => name === 'host' || name === 'none')?.[0];
  const ports = (service.Spec.EndpointSpec?.Ports ?? []).filter(({ PublishMode }) => PublishMode === 'host');
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { TargetPort, PublishedPort = 0, Protocol = 'tcp' } of ports)
    (bindings[`${TargetPort}/${Protocol}`] ??= []).push({
      HostIp: '',
      HostPort: PublishedPort === 0 ? '' : String(PublishedPort),
    });
  const hostConfig: Partial<HostConfig> = {
    ...(hostNetwork === undefined ? {} : { NetworkMode: hostNetwork }),
    PortBindings: bindings,
    ...(container.Init === undefined ? {} : { Init: container.Init }),
    Mounts: (container.Mounts ?? []).map((mount): MountRequest => ({
      ...mount,
      ...(mount.Source === undefined ? {} : { Source: fill(mount.Source) }),
    })),
    ReadonlyRootfs: container.ReadOnly === true,
    Memory: limits.MemoryBytes ?? 0,
    NanoCpus: limits.NanoCPUs ?? 0,
    PidsLimit: limits.Pids ?? 0,
    MemoryReservation: Resources?.Reservations?.MemoryBytes ?? 0,
    CapAdd: container.CapabilityAdd ?? null,
    CapDrop: container.CapabilityDrop ?? null,
    GroupAdd: container.Groups ?? null,
    // `IP name`, as in the file, becomes `name:IP`.
    ExtraHosts: (container.Hosts ?? []).map((line) => {
      const [address = '', ...names] = line.split(' ');
      return `${names.join(' ')}:${address}`;
    }),
    Dns: DNSConfig?.Nameservers ?? [],
    DnsSearch: DNSConfig?.Search ?? [],
    DnsOptions: DNSConfig?.Options ?? [],
    OomScoreAdj: container.OomScoreAdj ?? 0,
    ...(Ulimits === undefined ? {} : { Ulimits }),
    ...(container.Sysctls === undefined ? {} : { Sysctls: container.Sysctls }),
    ...(LogDriver?.Name === undefined ? {} : { LogConfig: { Type: LogDriver.Name, Config: LogDriver.Options ?? {} } }),
  };
  return {
    Image: container.Image,
    Labels: {
      ...container.Labels,
      'com.docker.swarm.node.id': task.NodeID ?? '',
      'com.docker.swarm.service.id': service.ID,
      'com.docker.swarm.service.name': Name,
      'com.docker.swarm.task': '',
      'com.docker.swarm.task.id': task.ID,
      'com.docker.swarm.task.name': `${slotName(Name, task)}.${task.ID}`,
    },
    ...(container.Command === undefined ? {} : { Entrypoint: container.Command }),
    ...(container.Args === undefined ? {} : { Cmd: container.Args }),
    Env: (container.Env ?? []).map(fill),
    Hostname: fill(container.Hostname ?? ''),
    User: container.User ?? '',
    WorkingDir: container.Dir ?? '',
    Tty: container.TTY === true,
    OpenStdin: container.OpenStdin === true,
    ...(container.StopSignal === undefined || container.StopSignal === '' ? {} : { StopSignal: container.StopSignal }),
    ...(Healthcheck === undefined ? {} : { Healthcheck }),
    HostConfig: hostConfig,
    ...(endpoints.length === 0 || hostNetwork !== undefined
      ? {}
      : { NetworkingConfig: { EndpointsConfig: Object.fromEntries(endpoints) } }),
  };
}

/** `{{.Node.Hostname}}`, `{{.Service.Name}}`, `{{.Task.Slot}}`… in env, host name and mounts (swarmkit's template). */
function expand(text: string, task: Task, service: Service, node: SwarmNode | undefined): string {
  const values: Readonly<Record<string, string>> = {
    'Service.ID': service.ID,
    'Service.Name': service.Spec.Name,
    'Node.ID': task.NodeID ?? '',
    'Node.Hostname': node?.Description.Hostname ?? '',
    'Node.Platform.OS': node?.Description.Platform.OS ?? '',
    'Node.Platform.Architecture': node?.Description.Platform.Architecture ?? '',
    'Task.ID': task.ID,
    'Task.Name': `${slotName(service.Spec.Name, task)}.${task.ID}`,
    'Task.Slot': task.Slot === undefined ? (task.NodeID ?? '') : String(task.Slot),
  };
  return text
    .replace(/\{\{\s*\.([A-Za-z.]+)\s*\}\}/g, (whole, key: string) => values[key] ?? whole)
    .replace(
      /\{\{\s*index\s+\.Service\.Labels\s+"([^"]*)"\s*\}\}/g,
      (_, label: string) => service.Spec.Labels?.[label] ?? '',
    );
}
