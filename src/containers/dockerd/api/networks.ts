import { goTimestamp } from '../../shim/timestamp';
import type { EndpointSettings } from '../api-types';
import { isRunning } from '../container';
import { writeContainerFiles } from '../files';
import type { Network } from '../network/networks';
import { resolveNames } from '../network/plug';
import { failure, filtersOf, json, noContent, readJson, type Call, type Route } from './respond';

interface NetworkCreateRequest {
  readonly Name: string;
  readonly Driver?: string;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null };
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Options?: Readonly<Record<string, string>>;
}

interface ConnectRequest {
  readonly Container: string;
  readonly EndpointConfig?: EndpointSettings | null;
  readonly Force?: boolean;
}

/** A network as the API shows it; the list leaves the containers out. */
export function networkJson(network: Network, withContainers: boolean): object {
  const { pool, driver } = network;
  const predefined = ['bridge', 'host', 'none'].includes(network.name);
  const containers = [...network.endpoints.values()].map(({ containerId, containerName, id, mac, address }) => [
    containerId,
    {
      Name: containerName,
      EndpointID: id,
      MacAddress: mac,
      IPv4Address: `${address}/${pool?.prefix ?? 0}`,
      IPv6Address: '',
    },
  ]);
  return {
    Name: network.name,
    Id: network.id,
    Created: goTimestamp(network.createdAt, parseInt(network.id.slice(0, 5), 16) % 1_000_000),
    Scope: 'local',
    Driver: driver,
    EnableIPv4: true,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: predefined ? null : {},
      Config: pool === undefined ? null : [{ Subnet: pool.subnet, Gateway: pool.gateway }],
    },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: withContainers ? Object.fromEntries(containers) : {},
    Options: network.options,
    Labels: network.labels,
  };
}

function list({ engine, query }: Call) {
  const filters = filtersOf(query);
  const known = new Set(['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type']);
  for (const filter of filters.keys())
    if (!known.has(filter)) return failure({ status: 400, message: `invalid filter '${filter}'` });
  const matches = (network: Network): boolean =>
    [...filters].every(([filter, values]) =>
      values.some((value) => {
        switch (filter) {
          case 'driver':
            return network.driver === value;
          case 'id':
            return network.id.startsWith(value);
          case 'name':
            return network.name.includes(value);
          case 'label': {
            const [key = '', wanted] = value.split('=');
            return network.labels[key] !== undefined && (wanted === undefined || network.labels[key] === wanted);
          }
          case 'type':
            return (value === 'builtin') === ['bridge', 'host', 'none'].includes(network.name);
          default:
            return true;
        }
      }),
    );
  return json(
    engine.networks
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
  if (container.hostConfig.NetworkMode === 'host')
    return failure({
      status: 400,
      message: 'cannot connect container to host network - container must be created in host network mode',
    });
  if (container.networking.has(network.name))
    return failure({
      status: 403,
      message: `endpoint with name ${container.name} already exists in network ${network.name}`,
    });
  const settings = EndpointConfig ?? {};
  const address = settings.IPAMConfig?.IPv4Address ?? '';
  if (address !== '' && !network.configured)
    return failure({
      status: 400,
      message: `invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets`,
    });
  container.networking.set(network.name, settings);
  if (isRunning(container) && container.process !== undefined) {
    const connected = engine.networks.connect(network, container, container.process.namespaces.net, settings);
    if (!connected.ok) {
      container.networking.delete(network.name);
      return failure({ status: 403, message: connected.error });
    }
    container.endpoints.set(network.id, connected.value);
    resolveNames(engine, container, container.process.namespaces.net);
    writeContainerFiles(engine.options.host, container, [...container.endpoints.values()]);
  }
  engine.events.emit('network', 'connect', network.id, {
    container: container.id,
    name: network.name,
    type: network.driver,
  });
  return noContent(200);
}

async function disconnect(call: Call) {
  const { engine } = call;
  const network = find(call);
  if (network === undefined) return missing(call);
  const { Container: name } = (await readJson<ConnectRequest>(call)) ?? { Container: '' };
  const found = engine.find(name);
  if (!found.ok) return failure(found.error);
  const container = found.value;
  if (!container.networking.delete(network.name))
    return failure({ status: 500, message: `container ${container.id} is not connected to network ${network.name}` });
  const endpoint = container.endpoints.get(network.id);
  if (endpoint !== undefined) {
    engine.networks.disconnect(endpoint, container.process?.namespaces.net);
    container.endpoints.delete(network.id);
    writeContainerFiles(engine.options.host, container, [...container.endpoints.values()]);
  }
  engine.events.emit('network', 'disconnect', network.id, {
    container: container.id,
    name: network.name,
    type: network.driver,
  });
  return noContent(200);
}

async function create(call: Call) {
  const request = await readJson<NetworkCreateRequest>(call);
  if (request === undefined) return failure({ status: 400, message: 'invalid JSON: EOF' });
  const [config] = request.IPAM?.Config ?? [];
  const created = call.engine.networks.create({
    name: request.Name,
    driver: request.Driver === undefined || request.Driver === '' ? 'bridge' : request.Driver,
    internal: request.Internal === true,
    attachable: request.Attachable === true,
    ...(config?.Subnet === undefined || config.Subnet === '' ? {} : { subnet: config.Subnet }),
    ...(config?.Gateway === undefined || config.Gateway === '' ? {} : { gateway: config.Gateway }),
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
  if (['bridge', 'host', 'none'].includes(network.name))
    return failure({ status: 403, message: `${network.name} is a pre-defined network and cannot be removed` });
  const [user] = network.endpoints.values();
  if (user !== undefined) {
    const users = [...network.endpoints.values()].map(
      ({ containerName, containerId }) => `name:"${containerName}" id:"${containerId.slice(0, 12)}"`,
    );
    return failure({
      status: 403,
      message: `error while removing network: network ${network.name} has active endpoints (${users.join(', ')})`,
    });
  }
  call.engine.networks.remove(network);
  call.engine.events.emit('network', 'destroy', network.id, { name: network.name, type: network.driver });
  return noContent();
}

export const networkRoutes: readonly Route[] = [
  ['GET', /^\/networks$/, list],
  ['POST', /^\/networks\/create$/, create],
  [
    'POST',
    /^\/networks\/prune$/,
    ({ engine }) => {
      const unused = engine.networks
        .list()
        .filter(({ name, endpoints }) => !['bridge', 'host', 'none'].includes(name) && endpoints.size === 0)
        .filter(({ name }) => !engine.list().some(({ networking }) => networking.has(name)));
      for (const network of unused) engine.networks.remove(network);
      return json({ NetworksDeleted: unused.length === 0 ? null : unused.map(({ name }) => name) });
    },
  ],
  [
    'GET',
    /^\/networks\/([^/]+)$/,
    (call) => {
      const network = find(call);
      return network === undefined ? missing(call) : json(networkJson(network, true));
    },
  ],
  ['DELETE', /^\/networks\/([^/]+)$/, remove],
  ['POST', /^\/networks\/([^/]+)\/connect$/, connect],
  ['POST', /^\/networks\/([^/]+)\/disconnect$/, disconnect],
];
