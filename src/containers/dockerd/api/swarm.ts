import { Refused } from '../../swarm/store';
import type { ClusterSpec } from '../../swarm/objects';
import { Swarm } from '../../swarm/swarm';
import { checkVersion, swarmOf, tellSwarm } from './swarm-common';
import { flag, json, noContent, readJson, type Call, type Route } from './respond';
import type { Response } from '../../../linux/net/http/message';

interface InitRequest {
  readonly ListenAddr?: string;
  readonly AdvertiseAddr?: string;
  readonly Availability?: string;
  readonly DefaultAddrPool?: readonly string[] | null;
  readonly SubnetSize?: number;
  readonly DataPathPort?: number;
  readonly AutoLockManagers?: boolean;
  readonly ForceNewCluster?: boolean;
  readonly Spec?: Partial<ClusterSpec>;
}

interface JoinRequest {
  readonly RemoteAddrs?: readonly string[];
  readonly JoinToken?: string;
}

const alreadyMember =
  'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.';

async function init(call: Call): Promise<Response> {
  const { engine } = call.engine.itself();
  const asked = (await readJson<InitRequest>(call)) ?? {};
  if (engine.swarm !== undefined && asked.ForceNewCluster !== true) throw new Refused(503, alreadyMember);
  const { host, port } = splitAddress(asked.AdvertiseAddr ?? '');
  const swarm = new Swarm(engine, call.build, {
    advertise: advertised(call, host),
    port: port === '' ? 2377 : Number(port),
    availability: (asked.Availability ?? '') === '' ? 'active' : (asked.Availability ?? ''),
    pools:
      asked.DefaultAddrPool === undefined || asked.DefaultAddrPool === null || asked.DefaultAddrPool.length === 0
        ? ['10.0.0.0/8']
        : asked.DefaultAddrPool,
    subnetSize: asked.SubnetSize ?? 24,
    dataPathPort: (asked.DataPathPort ?? 0) === 0 ? 4789 : (asked.DataPathPort ?? 0),
    spec: completeSpec(asked.Spec ?? {}, asked.AutoLockManagers === true),
  });
  engine.joinSwarm(swarm);
  const ready = swarm.setUp();
  if (!ready.ok) {
    swarm.leave();
    engine.joinSwarm(undefined);
    throw new Refused(ready.error.status, ready.error.message);
  }
  tellSwarm(call, 'node', 'create', swarm.node.ID, { name: '' });
  return json(swarm.node.ID);
}

const splitAddress = (text: string): { readonly host: string; readonly port: string } => {
  const [host = '', port = ''] = text.split(':');
  return { host, port };
};

/** The address by which others reach this node (daemon/cluster/listen_addr.go). */
function advertised({ engine }: Call, asked: string): string {
  const { net } = engine.options.host;
  const links = net.links();
  const own = (addresses: readonly string[]): readonly string[] =>
    addresses.map((cidr) => cidr.split('/')[0] ?? '').filter((address) => !address.includes(':'));
  if (/^\d+(\.\d+){3}$/.test(asked)) return asked;
  if (asked !== '') {
    const link = links.find(({ name }) => name === asked);
    const [address] = own(link?.addresses ?? []);
    if (address === undefined)
      throw new Refused(
        400,
        link === undefined
          ? 'advertise address must be a non-zero IP address or network interface (with optional port number)'
          : `interface ${asked} has no usable IPv4 or IPv6 address`,
      );
    return address;
  }
  const docker = new Set(
    engine.networks
      .list()
      .flatMap(({ bridge, driver }) => (bridge === undefined || driver !== 'bridge' ? [] : [bridge])),
  );
  const found = links
    .filter(({ name, kind }) => kind !== 'loopback' && !docker.has(name))
    .flatMap(({ name, addresses }) => own(addresses).map((address) => ({ name, address })));
  const [first, second] = found;
  if (first === undefined)
    throw new Refused(400, "could not find the system's IP address - specify one with --advertise-addr");
  if (second !== undefined && second.name !== first.name)
    throw new Refused(
      400,
      `could not choose an IP address to advertise since this system has multiple addresses on different interfaces (${first.address} on ${first.name} and ${second.address} on ${second.name}) - specify one with --advertise-addr`,
    );
  if (second !== undefined)
    throw new Refused(
      400,
      `could not choose an IP address to advertise since this system has multiple addresses on interface ${first.name} (${first.address} and ${second.address}) - specify one with --advertise-addr`,
    );
  return first.address;
}

const completeSpec = (spec: Partial<ClusterSpec>, autolock: boolean): ClusterSpec => ({
  Name: 'default',
  Labels: spec.Labels ?? {},
  Orchestration: { TaskHistoryRetentionLimit: spec.Orchestration?.TaskHistoryRetentionLimit ?? 5 },
  Raft: {
    SnapshotInterval: 10_000,
    KeepOldSnapshots: 0,
    LogEntriesForSlowFollowers: 500,
    ...withoutZeros(spec.Raft ?? {}),
    ElectionTick: 10,
    HeartbeatTick: 1,
  },
  Dispatcher: { HeartbeatPeriod: spec.Dispatcher?.HeartbeatPeriod ?? 5_000_000_000 },
  CAConfig: { NodeCertExpiry: spec.CAConfig?.NodeCertExpiry ?? 7_776_000_000_000_000 },
  TaskDefaults: {},
  EncryptionConfig: { AutoLockManagers: autolock || spec.EncryptionConfig?.AutoLockManagers === true },
});

const withoutZeros = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0));

async function join(call: Call): Promise<Response> {
  const { engine } = call;
  const { RemoteAddrs = [], JoinToken = '' } = (await readJson<JoinRequest>(call)) ?? {};
  if (engine.swarm !== undefined) throw new Refused(503, alreadyMember);
  const [remote = ''] = RemoteAddrs;
  if (remote === '') throw new Refused(400, 'at least 1 RemoteAddr is required to join');
  if (!/^SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}$/.test(JoinToken)) throw new Refused(400, 'invalid join token');
  const { host, port } = splitAddress(remote);
  const { dockerd } = engine.options;
  const to = { address: host, port: port === '' ? 2377 : Number(port) };
  const connected = await dockerd.net.connect(dockerd, to, { timeout: 5000 });
  const unavailable = (why: string): Refused =>
    new Refused(500, `rpc error: code = Unavailable desc = connection error: desc = "transport: ${why}"`);
  if (!connected.ok)
    throw unavailable(
      connected.error.code === 'ETIMEDOUT'
        ? `Error while dialing: dial tcp ${host}:${to.port}: i/o timeout`
        : `Error while dialing: dial tcp ${host}:${to.port}: connect: ${connected.error.message.toLowerCase()}`,
    );
  connected.value.close();
  throw unavailable('authentication handshake failed: EOF');
}

async function leave(call: Call): Promise<Response> {
  const { engine } = call.engine.itself();
  const swarm = swarmOf(call);
  if (!flag(call.query, 'force'))
    throw new Refused(
      503,
      'You are attempting to leave the swarm on a node that is participating as a manager. Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message.',
    );
  swarm.leave();
  engine.joinSwarm(undefined);
  return Promise.resolve(noContent(200));
}

async function update(call: Call): Promise<Response> {
  const swarm = swarmOf(call);
  const spec = await readJson<ClusterSpec>(call);
  checkVersion(call, swarm.cluster);
  if (spec !== undefined) {
    const locked = swarm.cluster.Spec.EncryptionConfig.AutoLockManagers;
    swarm.cluster.Spec = { ...swarm.cluster.Spec, ...spec };
    const lock = swarm.cluster.Spec.EncryptionConfig.AutoLockManagers;
    if (lock && !locked) swarm.rotateUnlockKey();
    if (!lock) swarm.unlockKey = '';
  }
  if (flag(call.query, 'rotateWorkerToken')) swarm.rotateToken('worker');
  if (flag(call.query, 'rotateManagerToken')) swarm.rotateToken('manager');
  if (flag(call.query, 'rotateManagerUnlockKey') && swarm.unlockKey !== '') swarm.rotateUnlockKey();
  swarm.store.touch(swarm.cluster);
  return noContent(200);
}

function inspect(call: Call): Response {
  const swarm = swarmOf(call);
  return json({
    ...swarm.clusterJson(swarm.cluster),
    JoinTokens: { Worker: swarm.token('worker'), Manager: swarm.token('manager') },
  });
}

export const clusterRoutes: readonly Route[] = [
  ['GET', /^\/swarm$/, inspect],
  ['POST', /^\/swarm\/init$/, init],
  ['POST', /^\/swarm\/join$/, join],
  ['POST', /^\/swarm\/leave$/, leave],
  ['POST', /^\/swarm\/update$/, update],
  ['GET', /^\/swarm\/unlockkey$/, (call) => json({ UnlockKey: swarmOf(call).unlockKey })],
  [
    'POST',
    /^\/swarm\/unlock$/,
    () => {
      throw new Refused(409, 'swarm is not locked');
    },
  ],
];
