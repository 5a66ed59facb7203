import type { Listener } from '../../../linux/net/types';
import type { Process, Program } from '../../../linux/process/types';
import { Cluster } from './cluster';
import { settingsOf } from './configuration';
import { log } from './log';
import { Session, type Server, type Turn } from './session';

const SOCKETS = '/var/run/postgresql';

/** postgres: reads the data directory, listens, serves; SIGTERM waits for clients, SIGINT does not (postgres(1)). */
export const postgres: Program = async (process) => {
  const settings = settingsOf(process);
  if (typeof settings === 'string') {
    await process.stderr.write(settings);
    return 1;
  }
  const { directory, version, superuser } = settings;
  if (process.credentials.uid === 0) {
    await process.stderr.write(
      '"root" execution of the PostgreSQL server is not permitted.\nThe server must be started under an unprivileged user ID to prevent\npossible system security compromise.  See the documentation for\nmore information on how to properly start the server.\n',
    );
    return 1;
  }
  const say = (text: string, pid?: number): Promise<void> => log(process, 'LOG', text, pid);
  await say(
    `starting PostgreSQL ${version} (Debian ${version}-1.pgdg13+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit`,
  );
  const listeners: { readonly listener: Listener; readonly local: boolean }[] = [];
  if (settings.listen !== '') {
    const listener = process.net.listen(process, { address: '0.0.0.0', port: settings.port });
    if (!listener.ok) {
      await say(`could not bind IPv4 address "0.0.0.0": ${listener.error.message}`);
      await log(
        process,
        'HINT',
        `Is another postmaster already running on port ${settings.port}? If not, wait a few seconds and retry.`,
      );
      await log(process, 'FATAL', 'could not create any TCP/IP sockets');
      await say('database system is shut down');
      return 1;
    }
    listeners.push({ listener: listener.value, local: false });
    await say(`listening on IPv4 address "0.0.0.0", port ${settings.port}`);
    await say(`listening on IPv6 address "::", port ${settings.port}`);
  }
  const path = `${SOCKETS}/.s.PGSQL.${settings.port}`;
  process.fs.unlink(path);
  const unix = process.net.listenUnix(process, path);
  if (unix.ok) {
    listeners.push({ listener: unix.value, local: true });
    process.fs.chmod(path, 0o777);
    await say(`listening on Unix socket "${path}"`);
  }
  const cluster = Cluster.open(process, directory, { superuser, version });
  process.atExit(() => cluster.rest());
  const control = `${directory}/global/pg_control`;
  const state = process.fs.readText(control);
  const at = process.fs.stat(control);
  const since = new Date(at.ok ? at.value.mtime : process.clock.now).toISOString().slice(0, 19).replace('T', ' ');
  if (state.ok && state.value.includes('in production')) {
    await say(`database system was interrupted; last known up at ${since} UTC`, process.pid + 28);
    await say('database system was not properly shut down; automatic recovery in progress', process.pid + 28);
    await say('redo starts at 0/1727AB8', process.pid + 28);
    await say(
      'redo done at 0/1C4C2B0 system usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.00 s',
      process.pid + 28,
    );
  } else await say(`database system was shut down at ${since} UTC`, process.pid + 28);
  process.fs.writeFile(control, 'in production\n', 0o600);
  process.fs.writeFile(`${directory}/postmaster.pid`, `${process.pid}\n${directory}\n`, 0o600);
  await process.sleep(20);
  await say('database system is ready to accept connections');

  const server = serverOf(process, cluster, settings.version, settings.hostMethod);
  for (const { listener, local } of listeners)
    process.thread(async () => {
      for (;;) {
        const accepted = await listener.accept();
        if (!accepted.ok) {
          if (accepted.error.code !== 'EINTR') return;
        } else process.thread(() => new Session(server, accepted.value, local).serve());
      }
    });
  const mode = await shutdown(process, server);
  for (const { listener } of listeners) listener.close();
  await say(`received ${mode} shutdown request`);
  if (mode === 'fast') {
    await say('aborting any active transactions');
    for (const session of server.sessions) session.socket.close();
  }
  await say('background worker "logical replication launcher" (PID 33) exited with exit code 1');
  await say('shutting down', process.pid + 26);
  await say('checkpoint starting: shutdown immediate', process.pid + 26);
  process.fs.writeFile(control, 'shut down\n', 0o600);
  process.fs.unlink(`${directory}/postmaster.pid`);
  process.fs.unlink(path);
  await process.sleep(30);
  await say('database system is shut down');
  return 0;
};

/** Waits for the signal that ends the server. */
async function shutdown(process: Process, server: Server): Promise<'smart' | 'fast' | 'immediate'> {
  const signals = { SIGTERM: 'smart', SIGINT: 'fast', SIGQUIT: 'immediate' } as const;
  for (;;) {
    const got = await process.block<keyof typeof signals>((wake) => {
      const undo = (['SIGTERM', 'SIGINT', 'SIGQUIT'] as const).map((name) =>
        process.signals.handle(name, () => wake(name)),
      );
      return () => undo.forEach((restore) => restore());
    });
    const mode = signals[got.ok ? got.value : 'SIGINT'];
    while (mode === 'smart' && server.sessions.size > 0) await process.sleep(100);
    return mode;
  }
}

function serverOf(process: Process, cluster: Cluster, version: string, hostMethod: string): Server {
  const turns = new Map<string, Turn>();
  const sessions = new Set<Session>();
  let pid = process.pid + 32;
  cluster.busy = (database) => [...sessions].some(({ startup }) => startup.database === database);
  return {
    process,
    cluster,
    version,
    sessions,
    hostMethod,
    nextPid: () => pid++,
    turn: async (database) => {
      const engine = await cluster.engine(database);
      const known = turns.get(database);
      if (known?.engine === engine) return known;
      const turn: Turn = { engine, current: undefined, holder: undefined, waiting: [] };
      turns.set(database, turn);
      return turn;
    },
  };
}
