import { createDockerd, type Dockerd, type EngineOptions } from '../../containers/dockerd';
import { debian, type EngineBuild } from '../../containers/dockerd/build-info';
import type { ContainerHost } from '../../containers/host';
import type { Registries } from '../../containers/images/registry';
import { serve } from '../../linux/net/http/server';
import type { Process, Program } from '../../linux/process/types';

export interface DockerOptions {
  readonly registries: Registries;
  hostOf(name: string): ContainerHost | undefined;
  /** Told when an engine starts on a host, and (undefined) when it ends. */
  running(host: string, dockerd: Dockerd | undefined): void;
  /** Where a host is a machine that another one keeps: what its engine is told. */
  machine?(host: string): { readonly build: EngineBuild; readonly expose?: EngineOptions['expose'] } | undefined;
}

const socket = '/run/docker.sock';

/** dockerd: the engine of its host, while it runs. */
export const dockerd =
  ({ registries, hostOf, running, machine }: DockerOptions, build?: EngineBuild): Program =>
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
    const gid = dockerGroup(process);
    if (gid !== undefined) fs.chown(socket, 0, gid);
    const kept = machine?.(host.name);
    const daemon = createDockerd(
      {
        host,
        registries,
        dockerd: process,
        clock,
        random: random.fork('dockerd'),
        trace,
        expose: kept?.expose,
      },
      kept?.build ?? build,
    );
    const { engine } = daemon;
    running(host.name, daemon);
    process.atExit(() => running(host.name, undefined));
    await process.stderr.write('API listen on /run/docker.sock\n');
    process.host.systemd?.notify(process.pid, { READY: '1' });
    const stopping = clock.deferred<void>();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.signals.handle(signal, () => stopping.resolve());
    process.thread(() => serve(process, listener.value, (request, context) => daemon.handler(request, context)));
    await stopping.promise;
    // Containers do not outlive their engine (there is no live-restore).
    await Promise.all(
      engine.list().map((container) => {
        const done = clock.deferred<void>();
        engine.shutDown(container, () => done.resolve());
        return done.promise;
      }),
    );
    return 0;
  };

/** Debian's build of it. */
export const dockerdOfDebian = (options: DockerOptions): Program => dockerd(options, debian);

/** Whoever is in the group `docker` may use the socket. */
function dockerGroup({ fs }: Process): number | undefined {
  const groups = fs.readText('/etc/group');
  const gid = groups.ok ? /^docker:[^:]*:(\d+):/m.exec(groups.value)?.[1] : undefined;
  return gid === undefined ? undefined : Number(gid);
}
