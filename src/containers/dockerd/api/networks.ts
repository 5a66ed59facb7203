import { goTimestamp } from '../../shim/timestamp';
import type { EndpointSettings } from '../api-types';
import { isRunning } from '../container';
import { matchesLabels, pruneUntil } from '../filters';
import { endpointConflict } from '../network/check';
import { predefined, type Endpoint, type IpamConfig, type Network, type NetworkCreate } from '../network/network';
import { connectRunning, disconnectRunning, tell } from '../network/plug';
import { failure, filtersOf, json, noContent, readJson, type Call, type Route } from './respond';

interface NetworkCreateRequest {
  readonly Name: string;
  readonly Driver?: string;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly EnableIPv4?: boolean;
  readonly EnableIPv6?: boolean;
  readonly IPAM?: NetworkCreate['ipam'] & { readonly Config?: readonly IpamConfig[] | null };
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Options?: Readonly<Record<string, string>> | null;
}

interface ConnectRequest {
  readonly Container: string;
  readonly EndpointConfig?: EndpointSettings | null;
  readonly Force?: boolean;
}

function containerJson({ containerName, id, mac, address, address6, network }: Endpoint): object {
  return {
    Name: containerName,
    EndpointID: id,
    MacAddress: mac,
    IPv4Address: address === '' ? '' : `${address}/${network.pool?.prefix ?? 0}`,
    IPv6Address: address6 === '' ? '' : `${address6}/${network.pool6?.prefix ?? 0}`,
  };
}

/** A network as the API shows it; the list leaves the containers out. */
export function networkJson(network: Network, withContainers: boolean): object {
  const { ipam, createdAt, id } = network;
  const containers = [...network.endpoints.values()]
    .sort((a, b) => (a.containerId < b.containerId ? -1 : 1))
    .map((endpoint) => [endpoint.containerId, containerJson(endpoint)]);
  return {
    Name: network.name,
    Id: id,
    Created: goTimestamp(createdAt, parseInt(id.slice(0, 5), 16) % 1_000_000),
    Scope: network.scope ?? 'local',
    Driver: network.driver,
    EnableIPv4: network.ipv4,
    EnableIPv6: network.ipv6,
    IPAM: { Driver: ipam.driver, Options: ipam.options, Config: ipam.config.length === 0 ? null : ipam.config },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: network.ingress === true,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    // Those of a swarm are listed as its managers know them (cluster/convert, BasicNetworkFromGRPC).
    Containers: withContainers ? Object.fromEntries(containers) : network.scope === 'swarm' ? null : {},
    Options: sorted(network.options),
    Labels: network.scope === 'swarm' && Object.keys(network.labels).length === 0 ? null : sorted(network.labels),
  };
}

const sorted = (map: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

const filters: Readonly<Record<string, (call: Call, network: Network, value: string) => boolean>> = {
  dangling: ({ engine }, network, value) =>
    ['true', '1'].includes(value) === (!predefined.has(network.name) && !isUsed({ engine }, network)),
  driver: (_, { driver }, value) => driver === value,
  id: (_, { id }, value) => id.startsWith(value),
  label: (_, { labels }, value) => matchesLabels(labels, [value]),
  name: (_, { name }, value) => name.includes(value),
  scope: (_, { scope = 'local' }, value) => value === scope,
  type: (_, { name }, value) => (value === 'builtin') === predefined.has(name),
};

function list(call: Call) {
  const asked = filtersOf(call.query);
  for (const [filter, values] of asked) {
    if (filters[filter] === undefined) return failure({ status: 400, message: `invalid filter '${filter}'` });
    const wrong = filter === 'type' && values.find((value) => !['builtin', 'custom'].includes(value));
    if (wrong !== false && wrong !== undefined)
      return failure({ status: 400, message: `invalid filter: 'type'='${wrong}'` });
    const vague = filter === 'dangling' && values.find((value) => !['true', '1', 'false', '0'].includes(value));
    if (vague !== false && vague !== undefined)
      return failure({ status: 400, message: `invalid filter 'dangling=[${vague}]'` });
  }
  const matches = (network: Network): boolean =>
    [...asked].every(([filter, values]) =>
      filter === 'label'
        ? matchesLabels(network.labels, values)
        : values.some((value) => filters[filter]?.(call, network, value)),
    );
  return json(
    call.engine.networks
      .list()
      .filter(matches)
      .map((network) => networkJson(network, false)),
  );
}

const find = ({ engine, params }: Call): Network | undefined =>
  engine.networks.find(decodeURIComponent(params[0] ?? ''));
const missing = ({ params }: Call) =>
  failure({ status: 404, message: `network ${decodeURIComponent(params[0] ?? '')} not found` });

async function connect(call: Call) {
  const { engine } = call;
  const network = find(call);
  if (network === undefined) return missing(call);
  const { Container: name, EndpointConfig } = (await readJson<ConnectRequest>(call)) ?? { Container: '' };
  const found = engine.find(name);
  if (!found.ok) return failure(found.error);
  const container = found.value;
  const running = isRunning(container) && container.process !== undefined;
  const { NetworkMode } = container.hostConfig;
  if (network.name === 'host')
    return failure({
      status: 400,
      message: 'cannot connect container to host network - container must be created in host network mode',
    });
  if (NetworkMode.startsWith('container:'))
    return failure({
      status: 400,
      message:
        'container sharing network namespace with another container or host cannot be connected to any other network',
    });
  if (NetworkMode === 'host')
    return failure({
      status: 400,
      message: 'cannot connect container to host network - container must be created in host network mode',
    });
  if (NetworkMode === 'none' || network.name === 'none')
    return failure({
      status: 400,
      message: 'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    });
  if (container.networking.has(network.name) && (running || container.endpoints.size > 0))
    return failure({
      status: 403,
      message: `endpoint with name ${container.name} already exists in network ${network.name}`,
    });
  const settings = EndpointConfig ?? {};
  const conflict = endpointConflict(network, settings);
  if (conflict !== undefined) return failure({ status: 400, message: `invalid endpoint settings:\n${conflict}` });
  container.networking.set(network.name, settings);
  if (running && container.process !== undefined) {
    const connected = connectRunning(engine, container, network, container.process.namespaces.net, settings);
    if (!connected.ok) {
      container.networking.delete(network.name);
      return failure({ status: connected.error === 'Address already in use' ? 403 : 500, message: connected.error });
    }
    tell(engine, container, network, 'connect');
  }
  return noContent(200);
}

async function disconnect(call: Call) {
  const { engine } = call;
  const network = find(call);
  const { Container: name, Force = false } = (await readJson<ConnectRequest>(call)) ?? { Container: '' };
  if (network === undefined) return missing(call);
  const found = engine.find(name);
  if (!found.ok) {
    if (!Force) return failure(found.error);
    const orphan = [...network.endpoints.values()].find(({ containerName }) => containerName === name);
    if (orphan === undefined)
      return failure({ status: 404, message: `endpoint ${name} not found in network ${network.name}` });
    engine.networks.endpoints.disconnect(orphan);
    return noContent(200);
  }
  const container = found.value;
  if (network.name === 'host')
    return failure({
      status: 403,
      message: 'container cannot be disconnected from host network or connected to host network',
    });
  if (!container.networking.delete(network.name))
    return failure({ status: 500, message: `container ${container.id} is not connected to network ${network.name}` });
  const endpoint = container.endpoints.get(network.id);
  if (endpoint !== undefined && container.process !== undefined) {
    disconnectRunning(engine, container, endpoint, container.process.namespaces.net);
    tell(engine, container, network, 'disconnect');
  }
  return noContent(200);
}

async function create(call: Call) {
  const request = await readJson<NetworkCreateRequest>(call);
  if (request === undefined) return failure({ status: 400, message: 'invalid JSON: EOF' });
  const created = call.engine.networks.create({
    name: request.Name,
    driver:
      request.Driver === undefined || request.Driver === ''
        ? call.engine.options.os === 'windows'
          ? 'nat'
          : 'bridge'
        : request.Driver,
    internal: request.Internal === true,
    attachable: request.Attachable === true,
    ipv4: request.EnableIPv4 !== false,
    ipv6: request.EnableIPv6 === true,
    ...(request.IPAM === undefined ? {} : { ipam: request.IPAM }),
    labels: request.Labels ?? {},
    options: request.Options ?? {},
  });
  if (!created.ok) return failure(created.error);
  const { id, name, driver } = created.value;
  call.engine.events.emit('network', 'create', id, { name, type: driver });
  return json({ Id: id, Warning: '' }, 201);
}

function remove(call: Call) {
  const network = find(call);
  if (network === undefined) return missing(call);
  if (predefined.has(network.name))
    return failure({ status: 403, message: `${network.name} is a pre-defined network and cannot be removed` });
  if (network.ingress === true && network.endpoints.size > 1)
    return failure({
      status: 400,
      message:
        'rpc error: code = FailedPrecondition desc = ingress network cannot be removed because service is using it',
    });
  if (network.endpoints.size > 0 && network.scope !== 'swarm') {
    const users = [...network.endpoints.values()].map(
      ({ containerName, containerId }) => `name:${JSON.stringify(containerName)} id:"${containerId.slice(0, 12)}"`,
    );
    return failure({
      status: 403,
      message: `error while removing network: network ${network.name} has active endpoints (${users.join(', ')})`,
    });
  }
  if (network.scope === 'swarm') {
    const removed = call.engine.swarm?.removeNetwork(network);
    if (removed?.ok === false) return failure(removed.error);
    call.engine.events.emit('network', 'remove', network.id, { name: network.name });
    return noContent();
  }
  destroy(call, network);
  return noContent();
}

function destroy({ engine }: Call, network: Network): void {
  engine.networks.remove(network);
  engine.events.emit('network', 'destroy', network.id, { name: network.name, type: network.driver });
}

/** Whether a container holds a place in it, running or not. */
const isUsed = ({ engine }: Pick<Call, 'engine'>, { name, endpoints }: Network): boolean =>
  endpoints.size > 0 || engine.list().some(({ networking }) => networking.has(name));

function prune(call: Call) {
  const asked = filtersOf(call.query);
  const until = pruneUntil(asked, call.engine.options.clock.now, ['label', 'label!', 'until']);
  if (!until.ok) return failure(until.error);
  const unused = call.engine.networks
    .list()
    .filter((network) => !predefined.has(network.name) && !isUsed(call, network))
    .filter(({ createdAt }) => createdAt <= until.value)
    .filter(({ labels }) => matchesLabels(labels, asked.get('label') ?? []))
    .filter(({ labels }) => !(asked.get('label!') ?? []).some((value) => matchesLabels(labels, [value])));
  for (const network of unused) destroy(call, network);
  call.engine.events.emit('network', 'prune', '', { reclaimed: '0' });
  return json({ NetworksDeleted: unused.length === 0 ? null : unused.map(({ name }) => name) });
}

function inspect(call: Call) {
  const scope = call.query.get('scope') ?? '';
  const network = find(call);
  if (network !== undefined && scope !== '' && scope !== (network.scope ?? 'local')) return missing(call);
  return network === undefined ? missing(call) : json(networkJson(network, true));
}

export const networkRoutes: readonly Route[] = [
  ['GET', /^\/networks$/, list],
  ['POST', /^\/networks\/create$/, create],
  ['POST', /^\/networks\/prune$/, prune],
  ['GET', /^\/networks\/([^/]+)$/, inspect],
  ['DELETE', /^\/networks\/([^/]+)$/, remove],
  ['POST', /^\/networks\/([^/]+)\/connect$/, connect],
  ['POST', /^\/networks\/([^/]+)\/disconnect$/, disconnect],
];
