import { filtersParam, query, type Api } from '../../cli/api';
import { CommandError, type Command, type Group } from '../../cli/command';
import { keyValues } from '../../cli/container-options';
import { flags } from '../../cli/flags';
import { bytesSize } from '../../cli/format';
import { renderList } from '../../cli/table';
import { inspectAll } from '../inspect';
import { printTasks, taskFlags, type TaskJson } from '../service/tasks';

export interface NodeJson {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly Spec: { Labels: Record<string, string>; Role: string; Availability: string };
  readonly Description: {
    readonly Hostname: string;
    readonly Platform: { readonly OS: string; readonly Architecture: string };
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
    readonly Engine: {
      readonly EngineVersion: string;
      readonly Plugins: readonly { readonly Type: string; readonly Name: string }[];
      readonly Labels?: Readonly<Record<string, string>>;
    };
    readonly TLSInfo: {
      readonly TrustRoot: string;
      readonly CertIssuerSubject: string;
      readonly CertIssuerPublicKey: string;
    };
  };
  readonly Status: { readonly State: string; readonly Addr: string; readonly Message?: string };
  readonly ManagerStatus?: { readonly Leader?: boolean; readonly Reachability: string; readonly Addr: string };
}

const title = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `self` is the node that is asked (command/node/cmd.go, Reference). */
async function idOf(api: Api, name: string): Promise<string> {
  if (name !== 'self') return name;
  const { Swarm } = await api.get<{ Swarm: { NodeID: string } }>('/info');
  if (Swarm.NodeID === '') {
    await api.get('/nodes');
    throw new CommandError('node ID not found in /info');
  }
  return Swarm.NodeID;
}

const ls: Command = {
  use: 'ls [OPTIONS]',
  short: 'List nodes in the swarm',
  aliases: ['docker node ls', 'docker node list'],
  flags: flags(`
    -f, --filter filter | Filter output based on conditions provided
    --format string | {format}
    -q, --quiet | Only display IDs
  `),
  operands: [0, 0],
  async run({ api, flags: given, out }) {
    const nodes = await api.get<readonly NodeJson[]>(`/nodes${query({ filters: filtersParam(given.all('filter')) })}`);
    const { Swarm } = await api.get<{ Swarm: { NodeID: string } }>('/info');
    const column = (key: string, header: string, cell: (item: NodeJson) => string) => ({ key, header, cell });
    const self = ({ ID }: NodeJson): boolean => ID === Swarm.NodeID;
    const plain = given.text('format') === '' || given.text('format') === 'table';
    await out(
      renderList({
        items: [...nodes].sort((a, b) => (a.Description.Hostname < b.Description.Hostname ? -1 : 1)),
        columns: [
          column('ID', 'ID', (node) => (plain && self(node) ? `${node.ID} *` : plain ? `${node.ID}  ` : node.ID)),
          column('Hostname', 'HOSTNAME', ({ Description }) => Description.Hostname),
          column('Status', 'STATUS', ({ Status }) => title(Status.State)),
          column('Availability', 'AVAILABILITY', ({ Spec }) => title(Spec.Availability)),
          column('ManagerStatus', 'MANAGER STATUS', ({ ManagerStatus }) =>
            ManagerStatus === undefined
              ? ''
              : ManagerStatus.Leader === true
                ? 'Leader'
                : title(ManagerStatus.Reachability),
          ),
          column('EngineVersion', 'ENGINE VERSION', ({ Description }) => Description.Engine.EngineVersion),
          column('TLSStatus', 'TLS STATUS', () => 'Ready'),
          column('Self', 'SELF', (node) => String(self(node))),
        ],
        table: ['ID', 'Hostname', 'Status', 'Availability', 'ManagerStatus', 'EngineVersion'],
        format: given.text('format'),
        ...(given.on('quiet') ? { quiet: ({ ID }: NodeJson) => ID } : {}),
      }),
    );
    return 0;
  },
};

/** `--pretty` (formatter/node.go, nodeInspectPrettyTemplate). */
function pretty(node: NodeJson): string {
  const { Spec, Description, Status, ManagerStatus } = node;
  const labels = (of: Readonly<Record<string, string>>): string =>
    Object.entries(of)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ` - ${key}${value === '' ? '' : `=${value}`}\n`)
      .join('');
  const plugins = (type: string): string =>
    Description.Engine.Plugins.filter(({ Type }) => Type === type)
      .map(({ Name }) => Name)
      .sort()
      .join(', ');
  const created = `${node.CreatedAt.slice(0, 19).replace('T', ' ')}${node.CreatedAt.slice(19, -1)} +0000 utc`;
  const { TLSInfo } = Description;
  return [
    `ID:\t\t\t${node.ID}\n`,
    Object.keys(Spec.Labels).length === 0 ? '' : `Labels:\n${labels(Spec.Labels)}`,
    `Hostname:              \t${Description.Hostname}\n`,
    `Joined at:             \t${created}\n`,
    `Status:\n State:\t\t\t${title(Status.State)}\n`,
    Status.Message === undefined ? '' : ` Message:              \t${title(Status.Message)}\n`,
    ` Availability:         \t${title(Spec.Availability)}\n`,
    Status.Addr === '' ? '' : ` Address:\t\t${Status.Addr}\n`,
    ManagerStatus === undefined
      ? ''
      : `Manager Status:\n Address:\t\t${ManagerStatus.Addr}\n Raft Status:\t\t${title(ManagerStatus.Reachability)}\n Leader:\t\t${ManagerStatus.Leader === true ? 'Yes' : 'No'}\n`,
    `Platform:\n Operating System:\t${Description.Platform.OS}\n Architecture:\t\t${Description.Platform.Architecture}\n`,
    `Resources:\n CPUs:\t\t\t${Math.floor(Description.Resources.NanoCPUs / 1e9)}\n Memory:\t\t${bytesSize(Description.Resources.MemoryBytes)}\n`,
    `Plugins:\n Log:\t\t${plugins('Log')}\n Network:\t\t${plugins('Network')}\n Volume:\t\t${plugins('Volume')}\n`,
    `Engine Version:\t\t${Description.Engine.EngineVersion}\n`,
    Description.Engine.Labels === undefined ? '' : `Engine Labels:\n${labels(Description.Engine.Labels)}`,
    `TLS Info:\n TrustRoot:\n${TLSInfo.TrustRoot}\n Issuer Subject:\t${TLSInfo.CertIssuerSubject}\n Issuer Public Key:\t${TLSInfo.CertIssuerPublicKey}\n`,
  ].join('');
}

const inspect: Command = {
  use: 'inspect [OPTIONS] self|NODE [NODE...]',
  short: 'Display detailed information on one or more nodes',
  flags: flags(`
    -f, --format string | {inspect}
    --pretty | Print the information in a human friendly format
  `),
  operands: [1, Infinity],
  async run(invocation) {
    const { api, flags: given, args, out } = invocation;
    if (!given.on('pretty'))
      return inspectAll(invocation, async (name) => ({
        kind: 'node',
        value: await api.get(`/nodes/${encodeURIComponent(await idOf(api, name))}`),
      }));
    if (given.given('format')) throw new CommandError('--format is incompatible with human friendly format');
    for (const name of args) await out(`${pretty(await api.get<NodeJson>(`/nodes/${await idOf(api, name)}`))}\n`);
    return 0;
  },
};

const found = (api: Api, name: string): Promise<NodeJson> => api.get<NodeJson>(`/nodes/${encodeURIComponent(name)}`);

async function change(api: Api, name: string, edit: (spec: NodeJson['Spec']) => void): Promise<void> {
  const node = await found(api, await idOf(api, name));
  edit(node.Spec);
  await api.send('POST', `/nodes/${node.ID}/update${query({ version: String(node.Version.Index) })}`, node.Spec);
}

const update: Command = {
  use: 'update [OPTIONS] NODE',
  short: 'Update a node',
  flags: flags(`
    --availability string | Availability of the node ("active", "pause", "drain")
    --label-add list | Add or update a node label (key=value)
    --label-rm list | Remove a node label if exists
    --role string | Role of the node ("worker", "manager")
  `),
  operands: [1, 1],
  async run({ api, args, flags: given, out }) {
    await change(api, args[0] ?? '', (spec) => {
      if (given.given('role')) spec.Role = given.text('role');
      if (given.given('availability')) spec.Availability = given.text('availability');
      Object.assign(spec.Labels, keyValues(given.all('label-add')));
      for (const label of given.all('label-rm')) {
        if (spec.Labels[label] === undefined) throw new CommandError(`key ${label} doesn't exist in node's labels`);
        delete spec.Labels[label];
      }
    });
    await out(`${args[0] ?? ''}\n`);
    return 0;
  },
};

const rolled = (name: string, role: string, short: string, done: string, already: string): Command => ({
  use: `${name} NODE [NODE...]`,
  short,
  operands: [1, Infinity],
  async run({ api, args, out }) {
    for (const arg of args) {
      const node = await found(api, await idOf(api, arg));
      if (node.Spec.Role === role) {
        await out(`Node ${arg} is already a ${already}.\n`);
        continue;
      }
      await change(api, arg, (spec) => {
        spec.Role = role;
      });
      await out(`${done.replace('%s', arg)}\n`);
    }
    return 0;
  },
});

const rm: Command = {
  use: 'rm [OPTIONS] NODE [NODE...]',
  short: 'Remove one or more nodes from the swarm',
  aliases: ['docker node rm', 'docker node remove'],
  flags: flags(`-f, --force | Force remove a node from the swarm`),
  operands: [1, Infinity],
  async run({ api, args, flags: given, out }) {
    for (const name of args) {
      await api.send(
        'DELETE',
        `/nodes/${encodeURIComponent(name)}${query({ force: given.on('force') ? '1' : undefined })}`,
      );
      await out(`${name}\n`);
    }
    return 0;
  },
};

const ps: Command = {
  use: 'ps [OPTIONS] [NODE...]',
  short: 'List tasks running on one or more nodes, defaults to current node',
  flags: taskFlags,
  operands: [0, Infinity],
  async run(invocation) {
    const { api, args, flags: given } = invocation;
    const tasks: TaskJson[] = [];
    for (const name of args.length === 0 ? ['self'] : args) {
      const node = await found(api, await idOf(api, name));
      tasks.push(
        ...(await api.get<readonly TaskJson[]>(
          `/tasks${query({ filters: filtersParam([...given.all('filter'), `node=${node.ID}`]) })}`,
        )),
      );
    }
    return printTasks(invocation, tasks);
  },
};

export const node: Group = {
  name: 'node',
  short: 'Manage Swarm nodes',
  swarm: 'manager',
  commands: [
    rolled(
      'demote',
      'worker',
      'Demote one or more nodes from manager in the swarm',
      'Manager %s demoted in the swarm.',
      'worker',
    ),
    inspect,
    ls,
    rolled(
      'promote',
      'manager',
      'Promote one or more nodes to manager in the swarm',
      'Node %s promoted to a manager in the swarm.',
      'manager',
    ),
    ps,
    rm,
    update,
  ],
};
