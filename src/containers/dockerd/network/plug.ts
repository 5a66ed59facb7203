import { err, ok, type Result } from '../../../sim/result';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { EndpointSettings } from '../api-types';
import type { Container } from '../container';
import type { Engine } from '../engine';
import { writeContainerFiles } from '../files';
import { startEmbeddedDns } from './dns';
import { linkedContainers } from './links';
import { dropSandbox, keepSandbox } from './sandbox';
import { hasNames, type Endpoint, type Network, type PortRequest } from './network';

/** Networks, while the container's namespaces are made and before its command runs. */
export function plug(engine: Engine, container: Container, child: Process): Result<void, string> {
  const { NetworkMode } = container.hostConfig;
  if (NetworkMode.startsWith('container:')) return ok(undefined);
  keepSandbox(engine.options.dockerd, container, child.net);
  if (NetworkMode !== 'host') child.net.setUp('lo', true);
  for (const [name, settings] of inOrder(container)) {
    const wanted = settings.NetworkID === undefined || settings.NetworkID === '' ? name : settings.NetworkID;
    const network = engine.networks.find(wanted);
    if (network === undefined) return err(`network ${wanted} not found`);
    const connected = join(engine, container, network, child.net, settings);
    if (!connected.ok) return connected;
  }
  const isolated = NetworkMode === 'host' || NetworkMode === 'none';
  const swarming = [...container.endpoints.values()].some(({ network }) => network.scope === 'swarm');
  if (swarming) plugGateway(engine, container, child.net);
  const ready = isolated ? ok(undefined) : settle(engine, container, child.net);
  if (!ready.ok) return ready;
  for (const { network } of container.endpoints.values()) tell(engine, container, network, 'connect');
  return ok(undefined);
}

/** An overlay network leads nowhere else: the way out is the host's bridge for that (sandbox.go, setupDefaultGW). */
function plugGateway(engine: Engine, container: Container, inside: NetworkAdmin): void {
  engine.swarm?.plugged();
  const gateway = engine.networks.find('docker_gwbridge');
  const { endpoints } = engine.networks;
  if (gateway === undefined || endpoints.gatewayOf(container.endpoints.values()) !== undefined) return;
  const name = `gateway_${container.sandboxId.slice(0, 12)}`;
  const connected = endpoints.connect(gateway, { id: container.id, name }, inside);
  if (connected.ok) container.endpoints.set(gateway.id, connected.value);
}

/** The network of the container's mode first, the others by name. */
const inOrder = ({ networking, hostConfig }: Container): readonly (readonly [string, EndpointSettings])[] =>
  [...networking].sort(([a], [b]) => {
    if (a === hostConfig.NetworkMode || b === hostConfig.NetworkMode) return a === hostConfig.NetworkMode ? -1 : 1;
    return a < b ? -1 : 1;
  });

function join(
  engine: Engine,
  container: Container,
  network: Network,
  inside: NetworkAdmin,
  settings: EndpointSettings,
): Result<Endpoint, string> {
  if (
    network.scope === 'swarm' &&
    !network.attachable &&
    container.config.Labels['com.docker.swarm.task.id'] === undefined
  )
    return err(
      `Could not attach to network ${network.name}: rpc error: code = PermissionDenied desc = network ${network.name} not manually attachable`,
    );
  const connected = engine.networks.endpoints.connect(network, container, inside, settings);
  if (!connected.ok) return connected;
  container.endpoints.set(network.id, connected.value);
  container.networking.set(network.name, { ...settings, NetworkID: network.id });
  const { trace, host } = engine.options;
  const { address, mac, hostLink, link } = connected.value;
  trace.record(`libnetwork@${host.name}`, 'endpoint', `${address} on ${network.name}`, {
    network: network.name,
    driver: network.driver,
    address,
    mac,
    veth: `${hostLink ?? 'none'} ↔ ${link}`,
  });
  return connected;
}

/** Default route, published ports, names: what hangs on all of a container's networks together. */
function settle(engine: Engine, container: Container, inside: NetworkAdmin): Result<void, string> {
  const endpoints = [...container.endpoints.values()];
  const routed = engine.networks.endpoints.updateGateway(endpoints, inside, portRequests(container));
  if (!routed.ok) {
    const { endpoint, message } = routed.error;
    return err(
      `driver failed programming external connectivity on endpoint ${container.name} (${endpoint.id}): ${message}`,
    );
  }
  const linked = linkedContainers(container, (name) => {
    const found = engine.find(name);
    return found.ok ? found.value : undefined;
  });
  writeContainerFiles(engine.options.host, container, endpoints, linked);
  const named = endpoints.some(({ network }) => hasNames(network));
  if (named && container.dns === undefined) container.dns = startEmbeddedDns(engine, container, inside);
  return ok(undefined);
}

/** `network connect` of a container that runs. */
export function connectRunning(
  engine: Engine,
  container: Container,
  network: Network,
  inside: NetworkAdmin,
  settings: EndpointSettings,
): Result<void, string> {
  const joined = join(engine, container, network, inside, settings);
  return joined.ok ? settle(engine, container, inside) : joined;
}

/** `network disconnect` of a container that runs. */
export function disconnectRunning(
  engine: Engine,
  container: Container,
  endpoint: Endpoint,
  inside: NetworkAdmin,
): void {
  engine.networks.endpoints.disconnect(endpoint, inside);
  container.endpoints.delete(endpoint.network.id);
  settle(engine, container, inside);
}

/** Tells of a container that came to a network or left it. */
export function tell(engine: Engine, { id }: Container, network: Network, action: 'connect' | 'disconnect'): void {
  engine.events.emit('network', action, network.id, { container: id, name: network.name, type: network.driver });
}

export function unplug(engine: Engine, container: Container): void {
  const inside = container.process?.namespaces.net;
  container.dns?.close();
  container.dns = undefined;
  for (const endpoint of container.endpoints.values()) {
    engine.networks.endpoints.disconnect(endpoint, inside);
    tell(engine, container, endpoint.network, 'disconnect');
  }
  container.endpoints.clear();
  dropSandbox(engine.options.dockerd, container);
}

/** Which ports a container wants published: `-p`, and with `-P` all that are exposed. */
function portRequests({ hostConfig, config }: Container): readonly PortRequest[] {
  const requests: PortRequest[] = [];
  for (const [port, bindings] of Object.entries(hostConfig.PortBindings ?? {}).sort(byPort)) {
    const [number = '', protocol = 'tcp'] = port.split('/');
    for (const { HostIp, HostPort } of bindings ?? []) {
      const [first = '', last] = HostPort.split('-');
      const base = { protocol, containerPort: Number(number), hostIp: HostIp, hostPort: Number(first) };
      requests.push(last === undefined ? base : { ...base, hostPortEnd: Number(last) });
    }
  }
  if (!hostConfig.PublishAllPorts) return requests;
  for (const port of Object.keys(config.ExposedPorts ?? {}).sort()) {
    if (hostConfig.PortBindings?.[port] !== undefined) continue;
    const [number = '', protocol = 'tcp'] = port.split('/');
    requests.push({ protocol, containerPort: Number(number), hostIp: '', hostPort: 0 });
  }
  return requests;
}

const byPort = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => parseInt(a) - parseInt(b);
