import { linuxMachine } from './linux-machine';
import type { DesktopOptions, Machine, MachineName } from './desktop';
import { windowsMachine } from './windows-machine';
import type { Host } from '../../linux/host';
import type { StreamSocket } from '../../linux/net/types';
import type { Process } from '../../linux/process/types';
import { startUnits } from '../units';

const socket = '/run/docker.sock';

/** How long a machine's engine may take to come up. Virtual milliseconds. */
const PATIENCE = 30_000;

/** Makes a machine and starts it; comes back when its engine answers. */
export async function startMachine(process: Process, options: DesktopOptions, name: MachineName): Promise<Machine> {
  const { plan, host, engine, hop } = (name === 'windows' ? windowsMachine : linuxMachine)(process, options);
  options.describe(name, engine);
  startUnits(host, plan);
  const door = doorOf(host, hop.argv);
  for (let waited = 0; waited < PATIENCE; waited += 100) {
    await process.sleep(100);
    const up = await door.net.connectUnix(door, socket);
    if (!up.ok) continue;
    up.value.close();
    break;
  }
  return {
    engine,
    connect: async (client) => {
      const connected = await door.net.connectUnix(door, socket);
      return connected.ok ? { process: door, socket: told(process, host, connected.value, client, hop) } : undefined;
    },
  };
}

/** What carries a request from the user's machine into another. */
export interface Hop {
  /** The process inside that the engine's clients are. */
  readonly argv: readonly string[];
  readonly actor: string;
  readonly from: string;
  readonly over: string;
  readonly to: string;
}

function doorOf(host: Host, argv: readonly string[]): Process {
  const spawned = host.spawn({
    file: async (process) => {
      await process.block<void>(() => () => undefined);
      return 0;
    },
    argv,
    newSession: true,
  });
  if (!spawned.ok) throw new Error(`${host.name}: ${spawned.error.message}`);
  return spawned.value.process;
}

const requestLine = /^(GET|HEAD|POST|PUT|DELETE) (\S+) HTTP\/1/;

/** The connection inside, whose requests are told of as they pass: each hop is caused by the one before. */
function told(backend: Process, host: Host, inside: StreamSocket, client: StreamSocket, hop: Hop): StreamSocket {
  let cause = 0;
  return new Proxy(inside, {
    get(target, key) {
      if (key === 'write')
        return (bytes: Uint8Array) => {
          const [, method, url] = requestLine.exec(String.fromCharCode(...bytes.subarray(0, 300))) ?? [];
          const { trace } = backend;
          if (method !== undefined)
            cause = trace.within(client.cause ?? trace.current, () => {
              const { from, over, to } = hop;
              const actor = `com.docker.backend@${backend.host.name}`;
              const first = trace.record(actor, 'forward', `${method} ${url ?? ''}`, { from, over });
              return trace.within(
                first.id,
                () => trace.record(`${hop.actor}@${host.name}`, 'connect', to, { over }).id,
              );
            });
          return trace.within(cause === 0 ? trace.current : cause, () => target.write(bytes));
        };
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
