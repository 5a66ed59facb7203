import { ApiRefusal, filtersParam, query } from '../cli/api';
import { CommandError, type Command, type Group } from '../cli/command';
import { keyValues } from '../cli/container-options';
import { flags } from '../cli/flags';
import { shortId } from '../cli/format';
import { renderList } from '../cli/table';
import { inspectNetwork } from './inspect';
import { ipamConfig } from './network-ipam';
import { prune } from './prune';

interface NetworkJson {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Created: string;
  readonly EnableIPv4: boolean;
  readonly EnableIPv6: boolean;
  readonly Internal: boolean;
  readonly Labels: Readonly<Record<string, string>>;
}

const ls: Command = {
  use: 'ls [OPTIONS]',
  short: 'List networks',
  aliases: ['docker network ls', 'docker network list'],
  flags: flags(`
    -f, --filter filter | Provide filter values (e.g. "driver=bridge")
    --format string | {format}
    --no-trunc | Do not truncate the output
    -q, --quiet | Only display network IDs
  `),
  operands: [0, 0],
  async run({ api, flags: given, out }) {
    const listed = await api.get<readonly NetworkJson[]>(
      `/networks${query({ filters: filtersParam(given.all('filter')) })}`,
    );
    const full = given.on('no-trunc');
    const id = (network: NetworkJson): string => (full ? network.Id : shortId(network.Id));
    const column = (key: string, header: string, cell: (item: NetworkJson) => string) => ({ key, header, cell });
    await out(
      renderList({
        items: [...listed].sort((a, b) => (a.Name < b.Name ? -1 : 1)),
        columns: [
          column('CreatedAt', 'CREATED AT', ({ Created }) => `${Created.replace('T', ' ').replace('Z', '')} +0000 UTC`),
          column('Driver', 'DRIVER', ({ Driver }) => Driver),
          column('ID', 'NETWORK ID', id),
          column('IPv4', 'IPV4', ({ EnableIPv4 }) => String(EnableIPv4)),
          column('IPv6', 'IPV6', ({ EnableIPv6 }) => String(EnableIPv6)),
          column('Internal', 'INTERNAL', ({ Internal }) => String(Internal)),
          column('Labels', 'LABELS', ({ Labels }) =>
            Object.entries(Labels)
              .map(([key, value]) => `${key}=${value}`)
              .join(','),
          ),
          column('Name', 'NAME', ({ Name }) => Name),
          column('Scope', 'SCOPE', ({ Scope }) => Scope),
        ],
        table: ['ID', 'Name', 'Driver', 'Scope'],
        format: given.text('format'),
        ...(given.on('quiet') ? { quiet: id } : {}),
      }),
    );
    return 0;
  },
};

const create: Command = {
  use: 'create [OPTIONS] NETWORK',
  short: 'Create a network',
  flags: flags(`
    --attachable | Enable manual container attachment
    --aux-address map | Auxiliary IPv4 or IPv6 addresses used by Network driver (default map[])
    --config-from string | The network from which to copy the configuration
    --config-only | Create a configuration only network
    -d, --driver string | Driver to manage the Network (default "bridge")
    --gateway strings | IPv4 or IPv6 Gateway for the master subnet
    --ingress | Create swarm routing-mesh network
    --internal | Restrict external access to the network
    --ip-range strings | Allocate container ip from a sub-range
    --ipam-driver string | IP Address Management Driver (default "default")
    --ipam-opt map | Set IPAM driver specific options (default map[])
    --ipv4 | Enable or disable IPv4 address assignment (default true)
    --ipv6 | Enable or disable IPv6 address assignment
    --label list | Set metadata on a network
    -o, --opt map | Set driver specific options (default map[])
    --scope string | Control the network's scope
    --subnet strings | Subnet in CIDR format that represents a network segment
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out }) {
    const list = (name: string): readonly string[] => given.all(name).flatMap((value) => value.split(','));
    const switched = (name: string) => (given.given(name) ? given.on(name) : undefined);
    const ipv4 = switched('ipv4');
    const ipv6 = switched('ipv6');
    const created = await api.send('POST', '/networks/create', {
      Driver: given.last('driver') ?? 'bridge',
      Scope: given.text('scope'),
      ...(ipv4 === undefined ? {} : { EnableIPv4: ipv4 }),
      ...(ipv6 === undefined ? {} : { EnableIPv6: ipv6 }),
      IPAM: {
        Driver: given.last('ipam-driver') ?? 'default',
        Options: keyValues(given.all('ipam-opt')),
        Config: ipamConfig({
          subnets: list('subnet'),
          ranges: list('ip-range'),
          gateways: list('gateway'),
          aux: keyValues(given.all('aux-address')),
        }),
      },
      Internal: given.on('internal'),
      Attachable: given.on('attachable'),
      Ingress: given.on('ingress'),
      ConfigOnly: given.on('config-only'),
      ConfigFrom: given.last('config-from') === undefined ? null : { Network: given.last('config-from') },
      Options: keyValues(given.all('opt')),
      Labels: keyValues(given.all('label')),
      Name: args[0] ?? '',
    });
    await out(`${created.json<{ Id: string }>().Id}\n`);
    return 0;
  },
};

const connect: Command = {
  use: 'connect [OPTIONS] NETWORK CONTAINER',
  short: 'Connect a container to a network',
  flags: flags(`
    --alias strings | Add network-scoped alias for the container
    --driver-opt strings | driver options for the network
    --gw-priority int | Highest gw-priority provides the default gateway. Accepts positive and negative values.
    --ip string | IPv4 address (e.g., "172.30.100.104")
    --ip6 string | IPv6 address (e.g., "2001:db8::33")
    --link list | Add link to another container
    --link-local-ip strings | Add a link-local address for the container
  `),
  operands: [2, 2],
  async run({ api, args, flags: given }) {
    const [network = '', container = ''] = args;
    const list = (name: string): readonly string[] => given.all(name).flatMap((value) => value.split(','));
    const [ip, ip6] = [given.last('ip'), given.last('ip6')];
    const local = list('link-local-ip');
    const links = given.all('link');
    await api.send('POST', `/networks/${encodeURIComponent(network)}/connect`, {
      Container: container,
      EndpointConfig: {
        IPAMConfig: {
          ...(ip === undefined ? {} : { IPv4Address: ip }),
          ...(ip6 === undefined ? {} : { IPv6Address: ip6 }),
          ...(local.length === 0 ? {} : { LinkLocalIPs: local }),
        },
        Links: links.length === 0 ? null : links,
        Aliases: list('alias'),
        MacAddress: '',
        DriverOpts: keyValues(list('driver-opt')),
        GwPriority: Number(given.last('gw-priority') ?? 0),
        NetworkID: '',
        EndpointID: '',
        Gateway: '',
        IPAddress: '',
        IPPrefixLen: 0,
        IPv6Gateway: '',
        GlobalIPv6Address: '',
        GlobalIPv6PrefixLen: 0,
        DNSNames: null,
      },
    });
    return 0;
  },
};

const disconnect: Command = {
  use: 'disconnect [OPTIONS] NETWORK CONTAINER',
  short: 'Disconnect a container from a network',
  flags: flags(`-f, --force | Force the container to disconnect from a network`),
  operands: [2, 2],
  async run({ api, args, flags: given }) {
    const [network = '', container = ''] = args;
    await api.send('POST', `/networks/${encodeURIComponent(network)}/disconnect`, {
      Container: container,
      Force: given.on('force'),
    });
    return 0;
  },
};

const ingressWarning =
  'WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run the same docker engine ' +
  'version. Otherwise, removal may not be effective and functionality of newly create ingress networks will be ' +
  'impaired.\nAre you sure you want to continue?';

/** What cannot be looked at may be removed all the same. */
const unlessRefused = (thrown: unknown): undefined => {
  if (!(thrown instanceof ApiRefusal)) throw thrown;
  return undefined;
};

const rm: Command = {
  use: 'rm NETWORK [NETWORK...]',
  short: 'Remove one or more networks',
  aliases: ['docker network rm', 'docker network remove'],
  flags: flags(`-f, --force | Do not error if the network does not exist`),
  operands: [1, Infinity],
  async run({ api, args, flags: given, out, error, process }) {
    let failed = false;
    for (const name of args) {
      try {
        const found = await api.get<{ Ingress: boolean }>(`/networks/${encodeURIComponent(name)}`).catch(unlessRefused);
        if (found?.Ingress === true) {
          await out(`${ingressWarning} [y/N] `);
          if (!/^y(es)?$/i.test((await process.stdin.readLine())?.trim() ?? '')) continue;
        }
        await api.send('DELETE', `/networks/${encodeURIComponent(name)}`);
        await out(`${name}\n`);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        if (given.on('force') && thrown.message.endsWith('not found')) continue;
        await error(`${thrown.message}\n`);
        failed = true;
      }
    }
    // The CLI says its own exit status, as if it had been a command of its own (570-rm-missing).
    if (failed) throw new CommandError('exit status 1');
    return 0;
  },
};

export const network: Group = {
  name: 'network',
  short: 'Manage networks',
  commands: [connect, create, disconnect, inspectNetwork, ls, prune('networks'), rm],
};
