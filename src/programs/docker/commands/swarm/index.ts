import { query } from '../../cli/api';
import { CommandError, type Command, type Group, type Invocation } from '../../cli/command';
import { flags } from '../../cli/flags';
import { parseDuration } from '../../cli/container-values';

interface SwarmJson {
  readonly Version: { readonly Index: number };
  readonly Spec: Readonly<Record<string, unknown>>;
  readonly TLSInfo: { readonly TrustRoot: string };
  readonly JoinTokens: { readonly Worker: string; readonly Manager: string };
}

interface NodeJson {
  readonly ManagerStatus?: { readonly Addr: string };
}

const nano = (text: string): number => parseDuration(text) ?? 0;

const specFlags = `
    --autolock | Enable manager autolocking (requiring an unlock key to start a stopped manager)
    --cert-expiry duration | Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
    --dispatcher-heartbeat duration | Dispatcher heartbeat period (ns|us|ms|s|m|h) (default 5s)
    --external-ca external-ca | Specifications of one or more certificate signing endpoints
    --max-snapshots uint | Number of additional Raft snapshots to retain
    --snapshot-interval uint | Number of log entries between Raft snapshots (default 10000)
    --task-history-limit int | Task history retention limit (default 5)`;

/** How somebody joins, for a role (cli/command/swarm/join_token.go, printJoinCommand). */
async function printJoinCommand({ api, out }: Invocation, node: string, role: 'worker' | 'manager'): Promise<void> {
  const { ManagerStatus } = await api.get<NodeJson>(`/nodes/${node}`);
  const { JoinTokens } = await api.get<SwarmJson>('/swarm');
  if (ManagerStatus === undefined) return;
  const token = role === 'worker' ? JoinTokens.Worker : JoinTokens.Manager;
  await out(
    `To add a ${role} to this swarm, run the following command:\n\n    docker swarm join --token ${token} ${ManagerStatus.Addr}\n\n`,
  );
}

async function printUnlockCommand({ api, out }: Invocation): Promise<void> {
  const { UnlockKey } = await api.get<{ UnlockKey: string }>('/swarm/unlockkey');
  await out(
    `To unlock a swarm manager after it restarts, run the \`docker swarm unlock\`\ncommand and provide the following key:\n\n    ${UnlockKey}\n\nRemember to store this key in a password manager, since without it you\nwill not be able to restart the manager.\n`,
  );
}

const init: Command = {
  use: 'init [OPTIONS]',
  short: 'Initialize a swarm',
  flags: flags(
    [
      ...`
    --advertise-addr string | Advertised address (format: "<ip|interface>[:port]")
    --availability string | Availability of the node ("active", "pause", "drain") (default "active")
    --data-path-addr string | Address or interface to use for data path traffic (format: "<ip|interface>")
    --data-path-port uint32 | Port number to use for data path traffic (1024 - 49151). If no value is set or is set to 0, the default port (4789) is used.
    --default-addr-pool ipNetSlice | default address pool in CIDR format (default [])
    --default-addr-pool-mask-length uint32 | default address pool subnet mask length (default 24)
    --force-new-cluster | Force create a new cluster from current state
    --listen-addr node-addr | Listen address (format: "<ip|interface>[:port]") (default 0.0.0.0:2377)
    ${specFlags}`.split('\n'),
    ]
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .sort()
      .join('\n'),
  ),
  operands: [0, 0],
  async run(invocation) {
    const { api, flags: given, out } = invocation;
    const availability = given.last('availability') ?? '';
    if (!['', 'active', 'pause', 'drain'].includes(availability))
      throw new CommandError(
        `invalid availability ${JSON.stringify(availability)}, only active, pause and drain are supported`,
      );
    const listen = given.last('listen-addr') ?? '0.0.0.0:2377';
    const sent = await api.send('POST', '/swarm/init', {
      ListenAddr: listen.includes(':') ? listen : `${listen}:2377`,
      AdvertiseAddr: given.text('advertise-addr'),
      DataPathAddr: given.text('data-path-addr'),
      DataPathPort: Number(given.last('data-path-port') ?? '0'),
      ForceNewCluster: given.on('force-new-cluster'),
      Spec: {
        Labels: null,
        ...specOf(invocation, {}),
        TaskDefaults: {},
        EncryptionConfig: { AutoLockManagers: given.on('autolock') },
      },
      AutoLockManagers: given.on('autolock'),
      Availability: availability,
      DefaultAddrPool: given.all('default-addr-pool').flatMap((pools) => pools.split(',')),
      SubnetSize: Number(given.last('default-addr-pool-mask-length') ?? '24'),
    });
    const node = sent.json<string>();
    await out(`Swarm initialized: current node (${node}) is now a manager.\n\n`);
    await printJoinCommand(invocation, node, 'worker');
    await out("To add a manager to this swarm, run 'docker swarm join-token manager' and follow the instructions.\n");
    if (given.on('autolock')) {
      await out('\n');
      await printUnlockCommand(invocation);
    }
    return 0;
  },
};

/** What flags say of a swarm's specification (cli/command/swarm/opts.go). */
function specOf({ flags: given }: Invocation, spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const part = (name: string): Record<string, unknown> => ({ ...(spec[name] as Record<string, unknown> | undefined) });
  const number = (flag: string): number => Number(given.text(flag));
  return {
    ...spec,
    Orchestration: {
      ...part('Orchestration'),
      ...(given.given('task-history-limit') ? { TaskHistoryRetentionLimit: number('task-history-limit') } : {}),
    },
    Raft: {
      ElectionTick: 0,
      HeartbeatTick: 0,
      ...part('Raft'),
      ...(given.given('snapshot-interval') ? { SnapshotInterval: number('snapshot-interval') } : {}),
      ...(given.given('max-snapshots') ? { KeepOldSnapshots: number('max-snapshots') } : {}),
    },
    Dispatcher: {
      ...part('Dispatcher'),
      ...(given.given('dispatcher-heartbeat') ? { HeartbeatPeriod: nano(given.text('dispatcher-heartbeat')) } : {}),
    },
    CAConfig: {
      ...part('CAConfig'),
      ...(given.given('cert-expiry') ? { NodeCertExpiry: nano(given.text('cert-expiry')) } : {}),
    },
  };
}

const join: Command = {
  use: 'join [OPTIONS] HOST:PORT',
  short: 'Join a swarm as a node and/or manager',
  flags: flags(`
    --advertise-addr string | Advertised address (format: "<ip|interface>[:port]")
    --availability string | Availability of the node ("active", "pause", "drain") (default "active")
    --data-path-addr string | Address or interface to use for data path traffic (format: "<ip|interface>")
    --listen-addr node-addr | Listen address (format: "<ip|interface>[:port]") (default 0.0.0.0:2377)
    --token string | Token for entry into the swarm
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out }) {
    await api.send('POST', '/swarm/join', {
      ListenAddr: given.last('listen-addr') ?? '0.0.0.0:2377',
      AdvertiseAddr: given.text('advertise-addr'),
      DataPathAddr: given.text('data-path-addr'),
      RemoteAddrs: [args[0] ?? ''],
      JoinToken: given.text('token'),
      Availability: given.text('availability'),
    });
    const { Swarm } = await api.get<{ Swarm: { ControlAvailable: boolean } }>('/info');
    await out(`This node joined a swarm as a ${Swarm.ControlAvailable ? 'manager' : 'worker'}.\n`);
    return 0;
  },
};

const leave: Command = {
  use: 'leave [OPTIONS]',
  short: 'Leave the swarm',
  swarm: 'active',
  flags: flags(`-f, --force | Force this node to leave the swarm, ignoring warnings`),
  operands: [0, 0],
  async run({ api, flags: given, out }) {
    await api.send('POST', `/swarm/leave${query({ force: given.on('force') ? '1' : undefined })}`);
    await out('Node left the swarm.\n');
    return 0;
  },
};

const joinToken: Command = {
  use: 'join-token [OPTIONS] (worker|manager)',
  short: 'Manage join tokens',
  swarm: 'manager',
  flags: flags(`
    -q, --quiet | Only display token
    --rotate | Rotate join token
  `),
  operands: [1, 1],
  async run(invocation) {
    const { api, args, flags: given, out } = invocation;
    const [role = ''] = args;
    if (role !== 'worker' && role !== 'manager') throw new CommandError('unknown role ' + role);
    if (given.on('rotate')) {
      const { Version, Spec } = await api.get<SwarmJson>('/swarm');
      const which = role === 'worker' ? { rotateWorkerToken: 'true' } : { rotateManagerToken: 'true' };
      await api.send('POST', `/swarm/update${query({ ...which, version: String(Version.Index) })}`, Spec);
      if (!given.on('quiet')) await out(`Successfully rotated ${role} join token.\n\n`);
    }
    const { JoinTokens } = await api.get<SwarmJson>('/swarm');
    if (given.on('quiet')) {
      await out(`${role === 'worker' ? JoinTokens.Worker : JoinTokens.Manager}\n`);
      return 0;
    }
    const { Swarm } = await api.get<{ Swarm: { NodeID: string } }>('/info');
    await printJoinCommand(invocation, Swarm.NodeID, role);
    return 0;
  },
};

const update: Command = {
  use: 'update [OPTIONS]',
  short: 'Update the swarm',
  needsFlag: true,
  swarm: 'manager',
  flags: flags(
    specFlags.replace(
      ' --autolock | Enable manager autolocking (requiring an unlock key to start a stopped manager)',
      ' --autolock | Change manager autolocking setting (true|false)',
    ),
  ),
  operands: [0, 0],
  async run(invocation) {
    const { api, flags: given, out } = invocation;
    const { Version, Spec } = await api.get<SwarmJson>('/swarm');
    const before = (Spec['EncryptionConfig'] as { AutoLockManagers: boolean }).AutoLockManagers;
    const lock = given.given('autolock') ? given.on('autolock') : before;
    await api.send('POST', `/swarm/update${query({ version: String(Version.Index) })}`, {
      ...specOf(invocation, Spec),
      EncryptionConfig: { AutoLockManagers: lock },
    });
    await out('Swarm updated.\n');
    if (lock && !before) await printUnlockCommand(invocation);
    return 0;
  },
};

const unlockKey: Command = {
  use: 'unlock-key [OPTIONS]',
  short: 'Manage the unlock key',
  swarm: 'manager',
  flags: flags(`
    -q, --quiet | Only display token
    --rotate | Rotate unlock key
  `),
  operands: [0, 0],
  async run(invocation) {
    const { api, flags: given, out } = invocation;
    if (given.on('rotate')) {
      const { Version, Spec } = await api.get<SwarmJson>('/swarm');
      if (!(Spec['EncryptionConfig'] as { AutoLockManagers: boolean }).AutoLockManagers)
        throw new CommandError('cannot rotate because autolock is not turned on');
      await api.send(
        'POST',
        `/swarm/update${query({ rotateManagerUnlockKey: 'true', version: String(Version.Index) })}`,
        Spec,
      );
      if (!given.on('quiet')) await out('Successfully rotated manager unlock key.\n\n');
    }
    const { UnlockKey } = await api.get<{ UnlockKey: string }>('/swarm/unlockkey');
    if (UnlockKey === '') throw new CommandError('no unlock key is set');
    if (given.on('quiet')) await out(`${UnlockKey}\n`);
    else await printUnlockCommand(invocation);
    return 0;
  },
};

const unlock: Command = {
  use: 'unlock',
  short: 'Unlock swarm',
  swarm: 'active',
  operands: [0, 0],
  async run({ api }) {
    const { Swarm } = await api.get<{ Swarm: { LocalNodeState: string } }>('/info');
    throw new CommandError(
      Swarm.LocalNodeState === 'inactive' ? 'Error: This node is not part of a swarm' : 'Error: swarm is not locked',
    );
  },
};

const ca: Command = {
  use: 'ca [OPTIONS]',
  short: 'Display and rotate the root CA',
  swarm: 'manager',
  flags: flags(`
    --ca-cert pem-file | Path to the PEM-formatted root CA certificate to use for the new cluster
    --ca-key pem-file | Path to the PEM-formatted root CA key to use for the new cluster
    --cert-expiry duration | Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
    -d, --detach | Exit immediately instead of waiting for the root rotation to converge
    --external-ca external-ca | Specifications of one or more certificate signing endpoints
    -q, --quiet | Suppress progress output
    --rotate | Rotate the swarm CA - if no certificate or key are provided, new ones will be generated
  `),
  operands: [0, 0],
  async run({ api, flags: given, out }) {
    const { TLSInfo } = await api.get<SwarmJson>('/swarm');
    if (!given.on('rotate'))
      for (const flag of ['ca-cert', 'ca-key', 'cert-expiry', 'external-ca'])
        if (given.given(flag))
          throw new CommandError(`\`--${flag}\` flag requires the \`--rotate\` flag to update the CA`);
    await out(TLSInfo.TrustRoot);
    return 0;
  },
};

export const swarm: Group = {
  name: 'swarm',
  short: 'Manage Swarm',
  swarm: '',
  commands: [ca, init, join, joinToken, leave, unlock, unlockKey, update],
};
