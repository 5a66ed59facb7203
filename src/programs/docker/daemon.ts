import type { ContainerHost } from '../../containers/host';
import { createDockerd } from '../../containers/dockerd';
import type { Registries } from '../../containers/images/registry';
import { serve } from '../../linux/net/http/server';
import type { Program } from '../../linux/process/types';

const socket = '/var/run/docker.sock';

/** The docker daemon: the engine of the host it runs on, served at /var/run/docker.sock. */
export const dockerdProgram =
  (registries: Registries): Program =>
  async (process) => {
    // The engine is kernel work as much as its own: it starts processes of the host and mounts for them.
    const host = process.host as unknown as ContainerHost;
    const { clock, random, trace } = process;
    process.fs.mkdirAll('/var/run');
    process.fs.unlink(socket);
    const listener = process.net.listenUnix(process, socket);
    if (!listener.ok) {
      await process.stderr.write(
        `failed to load listeners: can't create unix socket ${socket}: ${listener.error.message.toLowerCase()}\n`,
      );
      return 1;
    }
    process.fs.chmod(socket, 0o660);
    const group = process.fs.readText('/etc/group');
    const gid = group.ok ? /^docker:[^:]*:(\d+):/m.exec(group.value)?.[1] : undefined;
    if (gid !== undefined) process.fs.chown(socket, 0, Number(gid));
    const { handler, engine } = createDockerd({
      host,
      registries,
      dockerd: process,
      clock,
      random: random.fork('dockerd'),
      trace,
    });
    const stopping = clock.deferred<void>();
    process.signals.handle('SIGTERM', () => stopping.resolve());
    process.signals.handle('SIGINT', () => stopping.resolve());
    process.thread(async () => {
      await serve(process, listener.value, handler);
    });
    await stopping.promise;
    // Containers do not outlive their engine (no live-restore).
    const stopped = engine.list().map((container) => {
      const done = clock.deferred<void>();
      engine.stop(container, undefined, () => done.resolve());
      return done.promise;
    });
    for (const each of stopped) await each;
    return 0;
  };
