import type { EngineBuild } from '../../containers/dockerd/build-info';
import type { PublishedPort } from '../../containers/dockerd/network/rules';
import type { Host } from '../../linux/host';
import type { Listener, StreamSocket } from '../../linux/net/types';
import type { Process, Program } from '../../linux/process/types';
import type { Result } from '../../sim/result';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Trace } from '../../sim/trace';
import type { HostPlan, Topology } from '../topology';
import { desktopFolder, desktopSocket, windowsPipe, writeContexts } from './contexts';
import type * as Machines from './machine';

/** What a machine's engine is told of what it runs on. */
export interface MachineEngine {
  readonly build: EngineBuild;
  /** Publishes a port where the user's own machine is; the result takes it back. */
  readonly expose?: (port: PublishedPort) => Result<() => void, string>;
}

export type MachineName = 'docker-desktop' | 'windows';

/** A machine as its backend reaches it. */
export interface Machine {
  readonly engine: MachineEngine;
  /** A connection to the engine's socket in there; undefined if nobody listens. */
  connect(client: StreamSocket): Promise<{ readonly process: Process; readonly socket: StreamSocket } | undefined>;
}

export interface DesktopOptions {
  readonly workstation: Host;
  /** Makes a host of the lab that was not there at boot. */
  readonly makeHost: (plan: HostPlan, topology: Topology, trace?: Trace) => Host;
  readonly clock: Clock;
  readonly random: Random;
  /** Called with what a machine's engine is told, before it starts. */
  readonly describe: (name: string, engine: MachineEngine) => void;
}

const sockets: readonly (readonly [string, MachineName])[] = [
  [desktopSocket, 'docker-desktop'],
  [windowsPipe, 'windows'],
];

/**
 * Docker Desktop on the workstation: a backend that listens where the contexts point, and machines behind it that are made
 * when somebody first connects.
 */
export function startDesktop(options: DesktopOptions): void {
  const { workstation } = options;
  writeContexts(workstation.fs);
  workstation.fs.mkdirAll(desktopFolder);
  workstation.fs.mkdirAll('/run/desktop/pipe');
  workstation.spawn({
    file: backend(options),
    argv: ['/opt/docker-desktop/bin/com.docker.backend', 'run'],
    newSession: true,
    cgroup: '/user.slice/docker-desktop.service',
  });
}

const backend =
  (options: DesktopOptions): Program =>
  async (process) => {
    const machines = new Map<MachineName, Promise<Machine>>();
    const machine = (name: MachineName): Promise<Machine> => {
      let known = machines.get(name);
      if (known === undefined) machines.set(name, (known = make(process, options, name)));
      return known;
    };
    for (const [path, name] of sockets) {
      process.fs.unlink(path);
      const listener = process.net.listenUnix(process, path);
      if (listener.ok) process.thread(() => accept(process, listener.value, () => machine(name)));
    }
    await process.block<void>(() => () => undefined);
    return 0;
  };

/** The code comes when a machine is first asked for; virtual time stands still meanwhile. */
async function make(process: Process, options: DesktopOptions, name: MachineName): Promise<Machine> {
  const loading = process.clock.external((): Promise<typeof Machines> => import('./machine'));
  await process.sleep(0);
  const { startMachine } = await loading;
  return startMachine(process, options, name);
}

async function accept(process: Process, listener: Listener, machine: () => Promise<Machine>): Promise<void> {
  for (;;) {
    const accepted = await listener.accept();
    if (accepted.ok) process.thread(() => forward(process, accepted.value, machine));
    else if (accepted.error.code !== 'EINTR') return;
  }
}

async function forward(process: Process, client: StreamSocket, machine: () => Promise<Machine>): Promise<void> {
  const there = await (await machine()).connect(client);
  if (there === undefined) {
    client.close();
    return;
  }
  there.process.thread(() => copy(there.process, there.socket, client));
  await copy(process, client, there.socket);
}

/** Passes bytes on, each with what caused it. */
export async function copy(process: Process, from: StreamSocket, to: StreamSocket): Promise<void> {
  for (;;) {
    const read = await from.read();
    if (!read.ok || read.value === undefined) break;
    const { value } = read;
    const written = await process.trace.within(from.cause ?? process.span, () => to.write(value));
    if (!written.ok) break;
  }
  to.shutdown();
}
