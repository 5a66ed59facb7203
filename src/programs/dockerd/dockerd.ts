import { createDockerd, type Dockerd } from '../../containers/dockerd';
import type { ContainerHost } from '../../containers/host';
import type { Registries } from '../../containers/images/registry';
import { serve } from '../../linux/net/http/server';
import type { Program } from '../../linux/process/types';

export interface DockerOptions {
  readonly registries: Registries;
  hostOf(name: string): ContainerHost | undefined;
  /** Told when an engine starts on a host, and (undefined) when it ends. */
  running(host: string, dockerd: Dockerd | undefined): void;
}

const socket = '/run/docker.sock';

/** dockerd: the engine of its host, while it runs. */
export const dockerd =
  ({ registries, hostOf, running }: DockerOptions): Program =>
  async (process) => {
    const { clock, trace, random, fs } = process;
    const host = hostOf(process.host.name);
    if (host === undefined) return 1;
    fs.mkdirAll('/run');
    fs.unlink(socket);
    const listener = process.net.listenUnix(process, socket);
    if (!listener.ok) {
      await process.stderr.write(
        `failed to load listeners: can't create unix socket ${socket}: ${listener.error.message}\n`,
      );
      return 1;
    }
    fs.chmod(socket, 0o660);
    const engine = createDockerd({
      host,
      registries,
      dockerd: process,
      clock,
      random: random.fork('dockerd'),
      trace,
    });
    running(host.name, engine);
    process.atExit(() => running(host.name, undefined));
    await process.stderr.write('API listen on /run/docker.sock\n');
    await serve(process, listener.value, engine.handler);
    return 0;
  };
