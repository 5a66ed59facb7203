import { containerdSeenBy, type Containerd, type Namespace } from '../../../containers/containerd/metadata';
import type { Process, Program } from '../../../linux/process/types';
import { TabWriter } from '../../toolkit/tabwriter';
import { parseFlags, type Flag, type Parsed } from '../../toolkit/urfave';
import { containers } from './containers';
import { content } from './content';
import { events } from './events';
import { images } from './images';
import { namespaces } from './namespaces';
import { snapshots } from './snapshots';
import { tasks } from './tasks';
import { version } from './version';

/** What a command of ctr has at hand. */
export interface Ctr extends Parsed {
  readonly process: Process;
  readonly containerd: Containerd;
  readonly namespace: Namespace;
}

export interface CtrCommand {
  readonly names: readonly string[];
  readonly usage: string;
  readonly arguments?: string;
  readonly flags?: readonly Flag[];
  /** Operands after which nothing is ctr's any more. */
  readonly stopAt?: number;
  run(ctr: Ctr): Promise<number> | number;
}

/** `ctr tasks`, with what can be done to them. */
export interface CtrGroup {
  readonly names: readonly string[];
  readonly usage: string;
  readonly commands: readonly CtrCommand[];
}

const VERSION = 'v2.1.5';
const SOCKET = '/run/containerd/containerd.sock';

const globals: readonly Flag[] = [
  { names: ['debug'], usage: 'Enable debug output in logs' },
  {
    names: ['address', 'a'],
    value: 'value',
    usage: `Address for containerd's GRPC server (default: "${SOCKET}") [$CONTAINERD_ADDRESS]`,
  },
  { names: ['timeout'], value: 'value', usage: 'Total timeout for ctr commands (default: 0s)' },
  { names: ['connect-timeout'], value: 'value', usage: 'Timeout for connecting to containerd (default: 0s)' },
  {
    names: ['namespace', 'n'],
    value: 'value',
    usage: 'Namespace to use with commands (default: "default") [$CONTAINERD_NAMESPACE]',
  },
  { names: ['help', 'h'], usage: 'show help' },
  { names: ['version', 'v'], usage: 'print the version' },
];

const groups: readonly (CtrGroup | CtrCommand)[] = [
  version,
  containers,
  content,
  events,
  images,
  namespaces,
  snapshots,
  tasks,
];

/** `ctr: …` on stderr, status 1 (cmd/ctr/main.go). */
export async function fail(process: Process, message: string): Promise<number> {
  await process.stderr.write(`ctr: ${message}\n`);
  return 1;
}

/** A table as ctr prints it: every heading is followed by a tab, cells by padding of four. */
export function ctrTable(head: readonly string[], rows: readonly (readonly string[])[], closed = true): string {
  const writer = new TabWriter({ minWidth: 4, padding: 4 });
  writer.write(`${head.join('\t')}\t\n`);
  for (const row of rows) writer.write(`${row.join('\t')}${closed ? '\t' : ''}\n`);
  return writer.flush();
}

/** ctr(8): containerd's own client. */
export const ctr: Program = async (process) => {
  const parsed = parseFlags(process.args, globals, 1);
  if ('error' in parsed) return incorrect(process, parsed.error);
  const { flags, operands } = parsed;
  const [name, ...rest] = operands;
  if (flags.has('version')) {
    await process.stdout.write(`ctr github.com/containerd/containerd/v2 ${VERSION}\n`);
    return 0;
  }
  if (name === undefined || name === 'help' || flags.has('help')) {
    await process.stdout.write(help());
    return 0;
  }
  const group = groups.find(({ names }) => names.includes(name));
  if (group === undefined) {
    await process.stdout.write(`No help topic for '${name}'\n`);
    return 3;
  }
  const found = 'commands' in group ? await commandOf(process, group, rest) : { command: group, args: rest };
  if (typeof found === 'number') return found;
  const { command, args } = found;
  const own = parseFlags(
    args,
    [...(command.flags ?? []), { names: ['help', 'h'], usage: 'show help' }],
    command.stopAt,
  );
  if ('error' in own) return incorrect(process, own.error);
  if (own.flags.has('help')) {
    await process.stdout.write(commandHelp(name, command));
    return 0;
  }
  const address = (flags.get('address') ?? process.env.get('CONTAINERD_ADDRESS') ?? SOCKET).replace(/^unix:\/\//, '');
  const containerd = address === SOCKET ? containerdSeenBy(process.host) : undefined;
  if (containerd?.serving !== true)
    return fail(process, `cannot access socket ${address}: stat ${address}: no such file or directory`);
  const namespace = flags.get('namespace') ?? process.env.get('CONTAINERD_NAMESPACE') ?? 'default';
  return command.run({ process, containerd, namespace: containerd.namespace(namespace), ...own });
};

async function commandOf(
  process: Process,
  group: CtrGroup,
  [name, ...args]: readonly string[],
): Promise<number | { readonly command: CtrCommand; readonly args: readonly string[] }> {
  const command = group.commands.find(({ names }) => names.includes(name ?? ''));
  if (command !== undefined) return { command, args };
  await process.stdout.write(groupHelp(group));
  return 0;
}

async function incorrect(process: Process, message: string): Promise<number> {
  await process.stdout.write(`Incorrect Usage: ${message}\n\n${help()}`);
  return fail(process, message);
}

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `   ${left.padEnd(width)}${right}\n`).join('');
};
const listed = (all: readonly (CtrGroup | CtrCommand)[]): string =>
  columns(all.map(({ names, usage }) => [names.join(', '), usage]));
const flagText = ({ names, value }: Flag): string =>
  names.map((name) => `${name.length > 1 ? '--' : '-'}${name}${value === undefined ? '' : ' value'}`).join(', ');

const help = (): string =>
  `NAME:\n   ctr - \n        __\n  _____/ /______\n / ___/ __/ ___/\n/ /__/ /_/ /\n\\___/\\__/_/\n\ncontainerd CLI\n\n\n` +
  `USAGE:\n   ctr [global options] command [command options]\n\nVERSION:\n   ${VERSION}\n\n` +
  `DESCRIPTION:\n   \nctr is an unsupported debug and administrative client for interacting\nwith the containerd daemon. ` +
  `Because it is unsupported, the commands,\noptions, and operations are not guaranteed to be backward compatible or\n` +
  `stable from release to release of the containerd project.\n\nCOMMANDS:\n${listed(groups)}\n` +
  `GLOBAL OPTIONS:\n${columns(globals.map((flag) => [flagText(flag), flag.usage]))}`;

const groupHelp = ({ names, usage, commands }: CtrGroup): string =>
  `NAME:\n   ctr ${names[0] ?? ''} - ${usage}\n\nUSAGE:\n   ctr ${names[0] ?? ''} [command [command options]]\n\n` +
  `COMMANDS:\n${listed(commands)}\nOPTIONS:\n   --help, -h  show help\n`;

const commandHelp = (group: string, command: CtrCommand): string =>
  `NAME:\n   ctr ${group} ${command.names[0] ?? ''} - ${command.usage}\n\n` +
  `USAGE:\n   ctr ${group} ${command.names[0] ?? ''} [command options] ${command.arguments ?? ''}\n\n` +
  `OPTIONS:\n${columns([...(command.flags ?? []), { names: ['help', 'h'], usage: 'show help' }].map((flag) => [flagText(flag), flag.usage]))}`;
