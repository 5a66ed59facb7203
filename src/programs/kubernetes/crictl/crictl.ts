import type { CriRuntime } from '../../../containers/containerd/cri';
import type { Process, Program } from '../../../linux/process/types';
import type { ControlPlane } from '../control-plane';
import { parseFlags, type Flag, type Parsed } from '../../toolkit/urfave';
import { commands } from './commands';

/** What a crictl command has at hand. */
export interface Crictl extends Parsed {
  readonly process: Process;
  readonly cri: CriRuntime;
}

export interface CrictlCommand {
  readonly names: readonly string[];
  readonly usage: string;
  readonly arguments?: string;
  readonly flags: readonly Flag[];
  /** Operands after which nothing is crictl's any more (`exec ID COMMAND…`). */
  readonly stopAt?: number;
  run(crictl: Crictl): Promise<number> | number;
}

const VERSION = 'v1.33.0';

const globals: readonly Flag[] = [
  { names: ['config', 'c'], value: 'value', usage: 'Location of the client config file (default: "/etc/crictl.yaml")' },
  { names: ['debug', 'D'], usage: 'Enable debug mode' },
  { names: ['image-endpoint', 'i'], value: 'value', usage: 'Endpoint of CRI image manager service' },
  { names: ['runtime-endpoint', 'r'], value: 'value', usage: 'Endpoint of CRI container runtime service' },
  { names: ['timeout', 't'], value: 'value', usage: 'Timeout of connecting to the server in seconds (default: 2s)' },
  { names: ['version', 'v'], usage: 'print the version' },
  { names: ['help', 'h'], usage: 'show help' },
];

const SOCKET = '/run/containerd/containerd.sock';

/** A fatal line of logrus, which is how crictl says everything. */
export async function fatal({ process }: { readonly process: Process }, message: string): Promise<number> {
  const time = new Date(process.clock.now).toISOString().replace(/\.\d+Z$/, 'Z');
  const text = /^[\w.:/-]*$/.test(message) ? message : JSON.stringify(message);
  await process.stderr.write(`time="${time}" level=fatal msg=${text}\n`);
  return 1;
}

/** crictl: the client of the container runtime interface, for who stands on a node. */
export const crictl =
  (cluster: ControlPlane): Program =>
  async (process) => {
    // Global flags stand before the command; the first operand is its name.
    const parsed = parseFlags(process.args, globals, 1);
    if ('error' in parsed) return usageError(process, parsed.error);
    const { flags, operands } = parsed;
    const [name, ...rest] = operands;
    if (flags.has('version')) {
      await process.stdout.write(`crictl version ${VERSION}\n`);
      return 0;
    }
    if (name === undefined || name === 'help' || flags.has('help')) {
      await process.stdout.write(help());
      return 0;
    }
    const command = commands.find(({ names }) => names.includes(name));
    if (command === undefined) {
      await process.stdout.write(`No help topic for '${name}'\n`);
      return 3;
    }
    const own = parseFlags(rest, [...command.flags, { names: ['help', 'h'], usage: 'show help' }], command.stopAt);
    if ('error' in own) return usageError(process, own.error);
    if (own.flags.has('help')) {
      await process.stdout.write(commandHelp(command));
      return 0;
    }
    const endpoint = (
      flags.get('runtime-endpoint') ??
      process.env.get('CONTAINER_RUNTIME_ENDPOINT') ??
      `unix://${SOCKET}`
    )
      .replace(/^unix:\/\//, '')
      .replace(/^\/var\/run\//, '/run/');
    const cri = endpoint === SOCKET ? cluster.runtimeOf(process.host.name) : undefined;
    if (cri === undefined) {
      return fatal(
        { process },
        `validate service connection: validate CRI v1 runtime API for endpoint "unix://${endpoint}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${endpoint}: connect: no such file or directory"`,
      );
    }
    return command.run({ process, cri, ...own });
  };

async function usageError(process: Process, message: string): Promise<number> {
  await process.stdout.write(`Incorrect Usage: ${message}\n\n${help()}`);
  return fatal({ process }, message);
}

const column = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `   ${left.padEnd(width)}${right}\n`).join('');
};

const flagText = ({ names, value }: Flag): string =>
  names.map((name) => `${name.length > 1 ? '--' : '-'}${name}${value === undefined ? '' : ' value'}`).join(', ');

const help = (): string =>
  `NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options]\n\n` +
  `VERSION:\n   ${VERSION}\n\nCOMMANDS:\n` +
  column([
    ...commands.map(({ names, usage }) => [names.join(', '), usage] as const),
    ['help, h', 'Shows a list of commands or help for one command'],
  ]) +
  `\nGLOBAL OPTIONS:\n${column(globals.map((flag) => [flagText(flag), flag.usage]))}`;

const commandHelp = (command: CrictlCommand): string =>
  `NAME:\n   crictl ${command.names[0] ?? ''} - ${command.usage}\n\n` +
  `USAGE:\n   crictl ${command.names[0] ?? ''} [command options] ${command.arguments ?? ''}\n\n` +
  `OPTIONS:\n${column([...command.flags, { names: ['help', 'h'], usage: 'show help' }].map((flag) => [flagText(flag), flag.usage]))}`;
