import type { Process, Program } from '../../../linux/process/types';
import type { Listener, StreamSocket } from '../../../linux/net/types';
import { encodeMessage, MessageReader } from '../wire';
import { runCommand, type Context, type Session } from './commands';
import { Storage } from './storage';

interface Options {
  readonly port: number;
  readonly addresses: readonly string[];
  readonly path: string;
  readonly auth: boolean;
  readonly logpath: string | undefined;
  readonly fork: boolean;
  readonly pidFile: string | undefined;
}

/** The image's version. */
export const versionOf = ({ fs, env }: Process): string => {
  const file = fs.readText('/usr/share/mongodb-version');
  return file.ok ? file.value.trim() : (env.get('MONGO_VERSION') ?? '8.2.2');
};

function optionsOf(process: Process): Options | string {
  const given = new Map<string, string>();
  const config = process.args.findIndex((word) => word === '--config' || word === '-f');
  const text = config < 0 ? undefined : process.fs.readText(process.args[config + 1] ?? '');
  if (text?.ok === false)
    return `Error opening config file: ${text.error.message}\ntry 'mongod --help' for more information\n`;
  for (const [, key = '', value = ''] of text?.ok === true ? text.value.matchAll(/^\s*(\w+):[ \t]*(\S.*?)\s*$/gm) : [])
    given.set(key, value);
  const flags = new Set('auth fork bind_ip_all noauth quiet journal nojournal directoryperdb ipv6 shutdown'.split(' '));
  for (let index = 0; index < process.args.length; index++) {
    const word = process.args[index] ?? '';
    const [, name, joined] = /^--?([a-zA-Z_]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined)
      return `Error parsing command line: too many positional options have been specified on the command line\ntry 'mongod --help' for more information\n`;
    if (
      !/^(port|bind_ip|dbpath|logpath|logappend|config|f|replSet|wiredTigerCacheSizeGB|setParameter|pidfilepath|storageEngine|tlsMode|sslMode|keyFile|v+|profile|slowms|oplogSize|unixSocketPrefix|help|version|h|syslog|nounixsocket)$/.test(
        name,
      ) &&
      !flags.has(name)
    )
      return `Error parsing command line: unrecognised option '${word}'\ntry 'mongod --help' for more information\n`;
    if (flags.has(name) || name === 'logappend' || /^v+$/.test(name)) given.set(name, 'true');
    else given.set(name, joined ?? process.args[++index] ?? '');
  }
  const all = given.has('bind_ip_all') || given.get('bindIpAll') === 'true';
  return {
    port: Number(given.get('port') ?? 27017),
    addresses: all
      ? ['0.0.0.0']
      : (given.get('bind_ip') ?? given.get('bindIp') ?? '127.0.0.1')
          .split(',')
          .map((one) => (one === '*' ? '0.0.0.0' : one === 'localhost' ? '127.0.0.1' : one)),
    path: given.get('dbpath') ?? given.get('dbPath') ?? '/data/db',
    auth: given.has('auth') || given.get('authorization') === 'enabled',
    logpath: given.get('logpath'),
    fork: given.has('fork'),
    pidFile: given.get('pidfilepath'),
  };
}

/** mongod: documents in a data directory, commands over OP_MSG. */
export const mongod: Program = async (process) => {
  if (process.args.includes('--version')) {
    const version = versionOf(process);
    await process.stdout.write(
      `db version v${version}\nBuild Info: {\n    "version": "${version}",\n    "gitVersion": "${'0'.repeat(40)}",\n    "openSSLVersion": "OpenSSL 3.0.13 30 Jan 2024",\n    "modules": [],\n    "allocator": "tcmalloc-google",\n    "environment": {\n        "distmod": "ubuntu2404",\n        "distarch": "x86_64",\n        "target_arch": "x86_64"\n    }\n}\n`,
    );
    return 0;
  }
  const options = optionsOf(process);
  if (typeof options === 'string') {
    await process.stderr.write(options);
    return 1;
  }
  if (process.args.includes('--shutdown')) return shutDown(process, options);
  if (!options.fork) return serve(process, options, () => undefined);
  await process.stdout.write('about to fork child process, waiting until server is ready for connections.\n');
  const ready = process.clock.deferred<number | undefined>();
  const started = process.spawn({
    file: async (child) => {
      const status = await serve(child, options, () => ready.resolve(undefined));
      ready.resolve(status);
      return status;
    },
    argv: process.argv,
    newSession: true,
  });
  if (!started.ok) return 1;
  await process.stdout.write(`forked process: ${started.value.pid}\n`);
  const failed = await process.block<number | undefined>((wake) => {
    ready.promise.then(wake, () => undefined);
    return () => undefined;
  });
  const status = failed.ok ? failed.value : 1;
  await (status === undefined
    ? process.stdout.write('child process started successfully, parent exiting\n')
    : process.stdout.write(
        `ERROR: child process failed, exited with ${status}\nTo see additional information in this output, start without the "--fork" option.\n`,
      ));
  return status ?? 0;
};

async function shutDown(process: Process, { path }: Options): Promise<number> {
  const lock = process.fs.readText(`${path}/mongod.lock`);
  const pid = lock.ok ? Number(lock.value.trim()) : 0;
  if (pid === 0 || !process.kill(pid, 'SIGTERM').ok) {
    await process.stderr.write("There doesn't seem to be a server running with dbpath: " + path + '\n');
    return 1;
  }
  await process.stdout.write(`killing process with pid: ${pid}\n`);
  // The lock is empty once it is down, whether or not anybody has reaped it.
  const held = (): boolean => {
    const now = process.fs.readText(`${path}/mongod.lock`);
    return now.ok && now.value.trim() !== '';
  };
  while (process.kill(pid, 0).ok && held()) await process.sleep(100);
  return 0;
}

async function serve(process: Process, options: Options, ready: () => void): Promise<number> {
  const { path, port } = options;
  const out =
    options.logpath === undefined
      ? undefined
      : process.fs.open(options.logpath, { write: true, append: true, create: true, mode: 0o600 });
  const writer = out?.ok === true ? process.fds.writer(process.fds.install(out.value, 3)) : process.stdout;
  const say = (
    severity: string,
    component: string,
    id: number,
    context: string,
    msg: string,
    attr?: Readonly<Record<string, unknown>>,
    tags?: readonly string[],
  ): void =>
    void writer.write(
      `{"t":{"$date":"${new Date(process.clock.now).toISOString().replace('Z', '+00:00')}"},"s":"${severity}",  "c":"${component}",${' '.repeat(Math.max(1, 9 - component.length))}"id":${id},${' '.repeat(Math.max(1, 8 - String(id).length))}"ctx":"${context}","msg":${JSON.stringify(msg)}${attr === undefined ? '' : `,"attr":${JSON.stringify(attr)}`}${tags === undefined ? '' : `,"tags":${JSON.stringify(tags)}`}}\n`,
    );
  const version = versionOf(process);
  const host = process.namespaces.uts.hostname;
  say(
    'I',
    'CONTROL',
    23285,
    'main',
    "Automatically disabling TLS 1.0, to force-enable TLS 1.0 specify --sslDisabledProtocols 'none'",
  );
  say('I', 'NETWORK', 4915701, 'main', 'Initialized wire specification', {
    spec: {
      incomingExternalClient: { minWireVersion: 0, maxWireVersion: 25 },
      incomingInternalClient: { minWireVersion: 0, maxWireVersion: 25 },
      outgoing: { minWireVersion: 6, maxWireVersion: 25 },
      isInternalClient: true,
    },
  });
  say('I', 'CONTROL', 4615611, 'initandlisten', 'MongoDB starting', {
    pid: process.pid,
    port,
    dbPath: path,
    architecture: '64-bit',
    host,
  });
  say('I', 'CONTROL', 23403, 'initandlisten', 'Build Info', {
    buildInfo: {
      version,
      gitVersion: '0'.repeat(40),
      openSSLVersion: 'OpenSSL 3.0.13 30 Jan 2024',
      modules: [],
      allocator: 'tcmalloc-google',
      environment: { distmod: 'ubuntu2404', distarch: 'x86_64', target_arch: 'x86_64' },
    },
  });
  say('I', 'CONTROL', 51765, 'initandlisten', 'Operating System', { os: { name: 'Ubuntu', version: '24.04' } });
  say('I', 'CONTROL', 21951, 'initandlisten', 'Options set by command line', {
    options: {
      net: { bindIp: options.addresses.join(',').replace('0.0.0.0', '*'), port },
      ...(options.auth ? { security: { authorization: 'enabled' } } : {}),
    },
  });
  const folder = process.fs.stat(path);
  if (!folder.ok) {
    say('E', 'CONTROL', 20557, 'initandlisten', 'DBException in initAndListen, terminating', {
      error: `NonExistentPath: Data directory ${path} not found. Create the missing directory or specify another path using (1) the --dbpath command line option, or (2) by adding the 'storage.dbPath' option in the configuration file.`,
    });
    say('I', 'CONTROL', 23138, 'initandlisten', 'Shutting down', { exitCode: 100 });
    return 100;
  }
  // As PID 1 of a container it has the children of the entrypoint that it took the place of.
  while ((await process.wait({ noHang: true })) !== undefined);
  const locked = process.fs.readText(`${path}/mongod.lock`);
  const unclean = locked.ok && locked.value.trim() !== '';
  const wrote = process.fs.writeFile(`${path}/mongod.lock`, `${process.pid}\n`, 0o600);
  if (!wrote.ok) {
    say('E', 'CONTROL', 20557, 'initandlisten', 'DBException in initAndListen, terminating', {
      error: `IllegalOperation: Attempted to create a lock file on a read-only directory: ${path}`,
    });
    return 100;
  }
  say('I', 'STORAGE', 22315, 'initandlisten', 'Opening WiredTiger', {
    config: `create,cache_size=${Math.max(256, Math.floor((process.host.memory / 2 ** 20 - 1024) / 2))}M,session_max=33000,eviction=(threads_min=4,threads_max=4),config_base=false`,
  });
  if (unclean)
    say('W', 'STORAGE', 22271, 'initandlisten', 'Detected unclean shutdown - Lock file is not empty', {
      lockFile: `${path}/mongod.lock`,
    });
  for (const [name, content] of [
    ['WiredTiger', `WiredTiger\nWiredTiger 12.0.0: (November 15, 2024)\n`],
    ['WiredTiger.lock', 'WiredTiger lock file\n'],
    ['WiredTiger.turtle', ''],
    ['WiredTiger.wt', ''],
    ['WiredTigerHS.wt', ''],
    ['sizeStorer.wt', ''],
    ['storage.bson', ''],
  ] as const)
    if (!process.fs.stat(`${path}/${name}`).ok) process.fs.writeFile(`${path}/${name}`, content, 0o600);
  process.fs.mkdirAll(`${path}/journal`, 0o700);
  process.fs.mkdirAll(`${path}/diagnostic.data`, 0o700);
  const storage = new Storage(process, path);
  await process.sleep(300);
  say('I', 'STORAGE', 4795906, 'initandlisten', 'WiredTiger opened', { durationMillis: 300 });
  if (!options.auth)
    say(
      'W',
      'CONTROL',
      22120,
      'initandlisten',
      'Access control is not enabled for the database. Read and write access to data and configuration is unrestricted',
      undefined,
      ['startupWarnings'],
    );
  if (!storage.databases.has('admin')) {
    storage.open('admin', 'system.version');
    storage.open('config', 'system.sessions');
    storage.open('local', 'startup_log');
  }
  const listeners: Listener[] = [];
  for (const address of options.addresses) {
    const opened = process.net.listen(process, { address, port });
    if (!opened.ok) {
      say('E', 'CONTROL', 20568, 'initandlisten', 'Error setting up listener', {
        error: { code: 9001, codeName: 'SocketException', errmsg: opened.error.message },
      });
      say('I', 'CONTROL', 23138, 'initandlisten', 'Shutting down', { exitCode: 48 });
      process.fs.writeFile(`${path}/mongod.lock`, '');
      return 48;
    }
    listeners.push(opened.value);
  }
  const stop = process.clock.deferred<string>();
  const context: Context = {
    process,
    storage,
    version,
    auth: options.auth,
    startedAt: process.clock.now,
    counters: { connections: 0, current: 0 },
    shutdown: () => stop.resolve('shutdown'),
    log: (component, id, message, attr) =>
      say('I', component, id, `conn${context.counters.connections}`, message, attr),
  };
  for (const listener of listeners) {
    say('I', 'NETWORK', 23015, 'listener', 'Listening on', { address: `${listener.local.address}:${port}` });
    process.thread(async () => {
      for (;;) {
        const accepted = await listener.accept();
        if (accepted.ok) process.thread(() => talk(context, accepted.value, say));
        else if (accepted.error.code !== 'EINTR') return;
      }
    });
  }
  say('I', 'NETWORK', 23016, 'listener', 'Waiting for connections', { port, ssl: 'off' });
  if (options.pidFile !== undefined) process.fs.writeFile(options.pidFile, `${process.pid}\n`);
  ready();
  const name = await process.block<string>((wake) => {
    const undo = (['SIGTERM', 'SIGINT'] as const).map((signal) => process.signals.handle(signal, () => wake(signal)));
    stop.promise.then(wake, () => undefined);
    return () => undo.forEach((restore) => restore());
  });
  const why = name.ok ? name.value : 'SIGTERM';
  if (why.startsWith('SIG')) {
    const number = why === 'SIGTERM' ? 15 : 2;
    say('I', 'CONTROL', 23377, 'SignalHandler', 'Received signal', {
      signal: number,
      error: why === 'SIGTERM' ? 'Terminated' : 'Interrupt',
    });
    say('I', 'CONTROL', 23378, 'SignalHandler', 'Signal was sent by kill(2)', { pid: 0, uid: 0 });
    say('I', 'CONTROL', 23381, 'SignalHandler', 'will terminate after current cmd ends');
  }
  for (const listener of listeners) listener.close();
  say('I', 'NETWORK', 20562, 'SignalHandler', 'Shutdown: going to close listening sockets');
  storage.checkpoint();
  say('I', 'STORAGE', 22320, 'SignalHandler', 'Shutting down journal flusher thread');
  say('I', 'STORAGE', 4795902, 'SignalHandler', 'Closing WiredTiger', { closeConfig: 'leak_memory=true,' });
  say('I', 'STORAGE', 4795901, 'SignalHandler', 'WiredTiger closed', { durationMillis: 20 });
  process.fs.writeFile(`${path}/mongod.lock`, '', 0o600);
  say('I', 'CONTROL', 20565, 'SignalHandler', 'Now exiting');
  say('I', 'CONTROL', 23138, 'SignalHandler', 'Shutting down', { exitCode: 0 });
  return 0;
}

/** One connection: commands and their answers, one after the other. */
async function talk(
  context: Context,
  socket: StreamSocket,
  say: (
    severity: string,
    component: string,
    id: number,
    context: string,
    msg: string,
    attr?: Readonly<Record<string, unknown>>,
  ) => void,
): Promise<void> {
  const { counters } = context;
  const number = ++counters.connections;
  counters.current++;
  const remote = `${socket.remote.address}:${socket.remote.port}`;
  say('I', 'NETWORK', 22943, 'listener', 'Connection accepted', {
    remote,
    isLoadBalanced: false,
    connectionId: number,
    connectionCount: counters.current,
  });
  const reader = new MessageReader(socket);
  const session: Session = { user: undefined, cursors: new Map() };
  let replies = 0;
  for (let message = await reader.next(); message !== undefined; message = await reader.next()) {
    const answer = await runCommand(context, session, message.body);
    const sent = await socket.write(encodeMessage(++replies, message.id, answer));
    if (!sent.ok) break;
  }
  socket.close();
  counters.current--;
  say('I', 'NETWORK', 22944, `conn${number}`, 'Connection ended', {
    remote,
    isLoadBalanced: false,
    connectionId: number,
    connectionCount: counters.current,
  });
}
