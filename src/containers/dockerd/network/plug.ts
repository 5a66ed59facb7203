import { err, ok, type Result } from '../../../sim/result';
import type { NetworkAdmin } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import type { Container } from '../container';
import type { Engine } from '../engine';
import { writeContainerFiles } from '../files';
import { startEmbeddedDns } from './dns';
import type { PortRequest } from './networks';

/** Networks, while the container's namespaces are made and before its command runs. */
export function plug(engine: Engine, container: Container, child: Process): Result<void, string> {
  const { NetworkMode } = container.hostConfig;
  if (NetworkMode === 'host' || NetworkMode.startsWith('container:')) return ok(undefined);
  child.net.setUp('lo', true);
  if (NetworkMode === 'none') return ok(undefined);
  for (const [name, settings] of container.networking) {
    const network = engine.networks.find(name);
    if (network === undefined) return err(`network ${name} not found`);
    const connected = engine.networks.connect(network, container, child.net, settings);
    if (!connected.ok) return err(connected.error);
    const endpoint = connected.value;
    container.endpoints.set(network.id, endpoint);
    const published = engine.networks.publish(endpoint, portRequests(container));
    if (!published.ok)
      return err(
        `driver failed programming external connectivity on endpoint ${container.name} (${endpoint.id}): ${published.error}`,
      );
    engine.events.emit('network', 'connect', network.id, {
      container: container.id,
      name: network.name,
      type: network.driver,
    });
  }
  writeContainerFiles(engine.options.host, container, [...container.endpoints.values()]);
  resolveNames(engine, container, child.net);
  return ok(undefined);
}

/** Starts the embedded resolver if the container is in a network that has names. */
export function resolveNames(engine: Engine, container: Container, inside: NetworkAdmin): void {
  const named = [...container.endpoints.values()].some(({ network }) => network.name !== 'bridge');
  if (named && container.dns === undefined) container.dns = startEmbeddedDns(engine, container, inside);
}

export function unplug(engine: Engine, container: Container): void {
  const inside = container.process?.namespaces.net;
  container.dns?.close();
  container.dns = undefined;
  for (const endpoint of container.endpoints.values()) {
    engine.networks.disconnect(endpoint, inside);
    engine.events.emit('network', 'disconnect', endpoint.network.id, {
      container: container.id,
      name: endpoint.network.name,
      type: endpoint.network.driver,
    });
  }
  container.endpoints.clear();
}

/** Which ports a container wants published: `-p`, and with `-P` all that are exposed. */
function portRequests({ hostConfig, config }: Container): readonly PortRequest[] {
  const requests: PortRequest[] = [];
  for (const [port, bindings] of Object.entries(hostConfig.PortBindings ?? {})) {
    const [number = '', protocol = 'tcp'] = port.split('/');
    for (const { HostIp, HostPort } of bindings ?? [])
      requests.push({ protocol, containerPort: Number(number), hostIp: HostIp, hostPort: Number(HostPort) });
  }
  if (!hostConfig.PublishAllPorts) return requests;
  for (const port of Object.keys(config.ExposedPorts ?? {}).sort()) {
    if (hostConfig.PortBindings?.[port] !== undefined) continue;
    const [number = '', protocol = 'tcp'] = port.split('/');
    requests.push({ protocol, containerPort: Number(number), hostIp: '', hostPort: 0 });
  }
  return requests;
}
