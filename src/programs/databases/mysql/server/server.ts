import type { Listener, StreamSocket } from '../../../../linux/net/types';
import type { Process, Program } from '../../../../linux/process/types';
import { flavourOf, optionFile, optionFiles } from '../settings';
import { parse } from '../sql/statements';
import type { Row } from '../translate/scope';
import { define } from '../translate/schema';
import type { Flavour } from '../types';
import { Connection } from './connection';
import { initializeMysql } from './initialize';
import { log } from './log';
import { Session } from './session';
import { Store, type Entry } from './store';
import { variablesOf } from './variables';

/** What the connections of a server share. */
export class Server {
  readonly sessions = new Set<Session>();
  questions = 0;
  /** Who is in a transaction: there is one backend. */
  holder: Session | undefined;
  readonly waiting = new Set<() => void>();
  #nextId = 7;
  #stop: ((by: string | undefined) => void) | undefined;

  constructor(
    readonly process: Process,
    readonly store: Store,
    readonly settings: Map<string, string>,
    readonly started: number,
  ) {}

  nextId(): number {
    return ++this.#nextId;
  }

  release(): void {
    this.holder = undefined;
    for (const wake of [...this.waiting]) wake();
  }

  onShutdown(stop: (by: string | undefined) => void): void {
    this.#stop = stop;
  }

  shutdown(by: string): void {
    this.#stop?.(by);
  }

  kill(id: number): boolean {
    const found = [...this.sessions].find((session) => session.id === id);
    if (found === undefined) return false;
    found.killed = true;
    found.socket?.close();
    return true;
  }

  get uptime(): number {
    return Math.floor((this.process.clock.now - this.started) / 1000);
  }

  /** SHOW STATUS. */
  status(session: Session): readonly Row[] {
    const tables = [...this.store.catalogue.tables()].length;
    return [
      ['Aborted_clients', '0'],
      ['Aborted_connects', '0'],
      ['Connections', String(session.id + 1)],
      ['Open_tables', String(tables)],
      ['Questions', String(this.questions)],
      ['Slow_queries', '0'],
      ['Threads_cached', '0'],
      ['Threads_connected', String(this.sessions.size)],
      ['Threads_created', String(this.sessions.size)],
      ['Threads_running', '1'],
      ['Uptime', String(this.uptime)],
    ];
  }

  /** SHOW PROCESSLIST. */
  processes(session: Session): readonly Row[] {
    const mysql = session.flavour.name === 'mysql';
    const daemon: Row[] = mysql
      ? [[5, 'event_scheduler', 'localhost', undefined, 'Daemon', this.uptime, 'Waiting on empty queue', undefined]]
      : [];
    return [
      ...daemon,
      ...[...this.sessions].map((one): Row => [
        one.id,
        one.account.user,
        one.host === 'localhost' ? 'localhost' : `${one.host}:${one.socket?.remote.port ?? 0}`,
        one.database,
        one.command,
        Math.floor((this.process.clock.now - one.since) / 1000),
        one.command === 'Query' ? (mysql ? 'init' : 'starting') : '',
        one.info ?? undefined,
      ]),
    ];
  }

  /** What mysqladmin status shows. */
  get statistics(): string {
    const tables = [...this.store.catalogue.tables()].length;
    const average = this.uptime === 0 ? 0 : this.questions / this.uptime;
    const mysql = this.store.flavour.name === 'mysql';
    return `Uptime: ${this.uptime}  Threads: ${this.sessions.size}  Questions: ${this.questions}  Slow queries: 0  Opens: ${mysql ? 119 : 17}  ${mysql ? 'Flush tables: 3  ' : ''}Open tables: ${tables + (mysql ? 38 : 10)}  Queries per second avg: ${average.toFixed(3)}`;
  }
}

/** Runs a definition of the log on the catalogue, as it was run then. */
function replay(store: Store, { at, database, ddl }: Entry): void {
  if (ddl === undefined) return;
  const session = { now: at };
  define(parse(ddl, store.flavour.product), ddl, {
    flavour: store.flavour,
    catalogue: store.catalogue,
    database,
    now: session.now,
    user: '',
    account: '',
    connection: 0,
    lastInsertId: '0',
    rowCount: 0,
    foundRows: 0,
    variables: new Map(),
    system: () => '0',
    uuid: () => '',
    expression: Session.expression(store.flavour),
    permit: () => undefined,
    virtual: () => undefined,
    fullGroupBy: false,
  });
}

/** Command line and option files, names with dashes. */
function settingsOf(process: Process, flavour: Flavour): Map<string, string> {
  const found = new Map<string, string>([
    ['datadir', '/var/lib/mysql'],
    ['socket', flavour.name === 'mysql' ? '/var/run/mysqld/mysqld.sock' : '/run/mysqld/mysqld.sock'],
    ['port', '3306'],
  ]);
  const sections = ['mysqld', 'server', 'mariadb', 'mariadbd', 'mysqld-8.4'];
  if (!process.args.includes('--no-defaults'))
    for (const path of optionFiles(process))
      for (const [name, value] of optionFile(process, path, sections)) found.set(name, value);
  for (const arg of process.args) {
    const [, name = '', value] = /^--(?:loose-)?([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name !== '') found.set(name.replaceAll('_', '-'), value ?? 'ON');
    if (arg === '-?') found.set('help', 'ON');
    if (arg === '-V') found.set('version', 'ON');
  }
  return found;
}

/** mysqld, mariadbd: reads the data directory, listens, serves. */
export const mysqld: Program = async (process) => {
  const flavour = flavourOf(process);
  const settings = settingsOf(process, flavour);
  const mysql = flavour.name === 'mysql';
  const directory = (settings.get('datadir') ?? '').replace(/\/$/, '');
  const socketPath = settings.get('socket') ?? '';
  const name = mysql ? 'mysqld' : 'mariadbd';
  if (settings.has('version')) {
    await process.stdout.write(
      mysql
        ? `/usr/sbin/mysqld  Ver ${flavour.version} for Linux on x86_64 (${flavour.comment})\n`
        : `mariadbd  Ver ${flavour.version} for debian-linux-gnu on x86_64 (${flavour.comment})\n`,
    );
    return 0;
  }
  if (settings.has('help')) {
    await process.stdout.write(
      `${name}  Ver ${flavour.version}\nVariables (--variable-name=value)\nand boolean options {FALSE|TRUE}  Value (after reading options)\n${'-'.repeat(33)} ${'-'.repeat(40)}\n` +
        ['datadir', 'port', 'socket']
          .map((key) => `${key.padEnd(57)} ${key === 'datadir' ? `${directory}/` : (settings.get(key) ?? '')}\n`)
          .join(''),
    );
    return 0;
  }
  if (process.credentials.uid === 0 && settings.get('user') === undefined) {
    await log(
      process,
      flavour,
      'ERROR',
      10123,
      'Fatal error: Please read "Security" section of the manual to find out how to run mysqld as root!',
    );
    await log(process, flavour, 'ERROR', 10119, 'Aborting');
    return 1;
  }
  if (settings.has('initialize-insecure') || settings.has('initialize'))
    return initializeMysql(process, directory, flavour);
  if (settings.has('daemonize')) return daemonize(process, socketPath);
  return serve(process, flavour, settings, directory, socketPath);
};

async function daemonize(process: Process, socketPath: string): Promise<number> {
  process.fs.unlink(`${socketPath}.lock`);
  const child = process.spawn({
    file: process.which('mysqld') ?? '/usr/sbin/mysqld',
    argv: ['mysqld', ...process.args.filter((arg) => arg !== '--daemonize')],
    newSession: true,
  });
  if (!child.ok) return 1;
  for (let tries = 0; tries < 600; tries++) {
    await process.sleep(50);
    if (child.value.process.status !== undefined) return 1;
    if (process.fs.stat(`${socketPath}.lock`).ok) return 0;
  }
  return 1;
}

async function serve(
  process: Process,
  flavour: Flavour,
  settings: Map<string, string>,
  directory: string,
  socketPath: string,
): Promise<number> {
  const mysql = flavour.name === 'mysql';
  const say = (level: string, code: number, text: string, from?: string, thread?: number): Promise<void> =>
    log(process, flavour, level, code, text, from, thread);
  const started = process.clock.now;
  const port = settings.has('skip-networking') ? 0 : Number(settings.get('port'));
  if (mysql) {
    await say('System', 15015, 'MySQL Server - start.');
    await say('System', 10116, `/usr/sbin/mysqld (mysqld ${flavour.version}) starting as process ${process.pid}`);
  } else {
    await say(
      'Note',
      0,
      `Starting MariaDB ${flavour.version} source revision 5843d8475120241667a7ce0f8a1abb6c9b43a273 server_uid ${'q1wJ9mP0c6yX2vZ8sT4uR5kLhGf='} as process ${process.pid}`,
    );
    for (const text of [
      'Compressed tables use zlib 1.3',
      'Number of transaction pools: 1',
      'Using crc32 + pclmulqdq instructions',
      'Initializing buffer pool, total size = 128.000MiB, chunk size = 2.000MiB',
      'Completed initialization of buffer pool',
    ])
      await say('Note', 0, text, 'InnoDB');
  }
  if (!process.fs.readText(`${directory}/ibdata1`).ok) {
    if (mysql) {
      await say('System', 13576, 'InnoDB initialization has started.', 'InnoDB', 1);
      await say('ERROR', 10534, `Can't find the data dictionary in ${directory}/`, 'Server', 1);
      await say('ERROR', 10020, 'Data Dictionary initialization failed.');
      await say('ERROR', 10119, 'Aborting');
    } else {
      await say(
        'ERROR',
        0,
        "Could not open mysql.plugin table: \"Table 'mysql.plugin' doesn't exist\". Some plugins may be not loaded",
      );
      await say('ERROR', 0, "Fatal error: Can't open and lock privilege tables: Table 'mysql.servers' doesn't exist");
      await say('ERROR', 0, 'Aborting');
    }
    return 1;
  }
  if (mysql) await say('System', 13576, 'InnoDB initialization has started.', 'InnoDB', 1);
  await process.sleep(mysql ? 500 : 250);
  if (mysql) await say('System', 13577, 'InnoDB initialization has ended.', 'InnoDB', 1);
  const store = new Store(process, directory, flavour, replay);
  process.atExit(() => store.rest());
  const hostname = process.namespaces.uts.hostname;
  const server = new Server(process, store, variablesOf(flavour, directory, port, socketPath, hostname), started);
  for (const [key, value] of settings) {
    const known = key.replaceAll('-', '_');
    if (server.settings.has(known) && !/^(datadir|socket|port)$/.test(known))
      server.settings.set(known, value === 'ON' ? 'ON' : value);
  }
  await process.sleep(mysql ? 400 : 100);
  if (mysql) {
    await say('Warning', 10068, 'CA certificate ca.pem is self signed.');
    await say(
      'System',
      13602,
      'Channel mysql_main configured to support TLS. Encrypted connections are now supported for this channel.',
    );
    await say(
      'Warning',
      11810,
      "Insecure configuration for --pid-file: Location '/var/run/mysqld' in the path is accessible to all OS users. Consider choosing a different directory.",
    );
  } else {
    await say('Note', 0, 'log sequence number 45118; transaction id 14', 'InnoDB');
    await say('Note', 0, "Plugin 'FEEDBACK' is disabled.");
    await say('Note', 0, "Plugin 'wsrep-provider' is disabled.");
  }
  const listeners: { readonly listener: Listener; readonly local: boolean }[] = [];
  if (port !== 0) {
    const listener = process.net.listen(process, { address: '0.0.0.0', port });
    if (!listener.ok) {
      await say('ERROR', 10262, `Can't start server: Bind on TCP/IP port: ${listener.error.message}`);
      await say('ERROR', 10257, `Do you already have another mysqld server running on port: ${port} ?`);
      await say('ERROR', 10119, 'Aborting');
      return 1;
    }
    listeners.push({ listener: listener.value, local: false });
    if (!mysql) {
      await say('Note', 0, `Server socket created on IP: '0.0.0.0', port: '${port}'.`);
      await say('Note', 0, `Server socket created on IP: '::', port: '${port}'.`);
    }
  }
  process.fs.unlink(socketPath);
  const unix = process.net.listenUnix(process, socketPath);
  if (unix.ok) {
    process.fs.chmod(socketPath, 0o777);
    listeners.push({ listener: unix.value, local: true });
  }
  process.fs.writeFile(`${socketPath}.lock`, `${process.pid}\n`);
  if (mysql) {
    await say(
      'System',
      11323,
      `X Plugin ready for connections. ${port === 0 ? '' : "Bind-address: '::' port: 33060, "}socket: /var/run/mysqld/mysqlx.sock`,
    );
    await say(
      'System',
      10931,
      `/usr/sbin/mysqld: ready for connections. Version: '${flavour.version}'  socket: '${socketPath}'  port: ${port}  ${flavour.comment}.`,
    );
  } else {
    await say('Note', 0, 'mariadbd: Event Scheduler: Loaded 0 events');
    await say('Note', 0, 'mariadbd: ready for connections.');
    await process.stderr.write(
      `Version: '${flavour.version}'  socket: '${socketPath}'  port: ${port}  ${flavour.comment}\n`,
    );
  }
  for (const { listener, local } of listeners)
    process.thread(async () => {
      for (;;) {
        const accepted = await listener.accept();
        if (accepted.ok) connection(process, server, accepted.value, local);
        else if (accepted.error.code !== 'EINTR') return;
      }
    });
  const by = await ended(process, server);
  for (const { listener } of listeners) listener.close();
  if (mysql)
    await say(
      'System',
      13172,
      `Received SHUTDOWN from ${by ?? 'user <via user signal>'}. Shutting down mysqld (Version: ${flavour.version}).`,
      'Server',
      by === undefined ? 0 : 10,
    );
  else
    await say(
      'Note',
      0,
      `mariadbd (initiated by: ${by === undefined ? 'unknown' : by.replace('user ', '') + '[root] @ localhost []'}): Normal shutdown`,
    );
  for (const session of server.sessions) {
    session.rollback();
    session.socket?.close();
  }
  await process.sleep(mysql ? 800 : 300);
  process.fs.unlink(`${socketPath}.lock`);
  process.fs.unlink(socketPath);
  if (mysql) {
    await say('System', 10910, `/usr/sbin/mysqld: Shutdown complete (mysqld ${flavour.version})  ${flavour.comment}.`);
    await say('System', 15016, 'MySQL Server - end.');
  } else {
    await say('Note', 0, 'FTS optimize thread exiting.', 'InnoDB');
    await say('Note', 0, 'Starting shutdown...', 'InnoDB');
    await say('Note', 0, 'Shutdown completed; log sequence number 45130; transaction id 15', 'InnoDB');
    await say('Note', 0, 'mariadbd: Shutdown complete');
  }
  return 0;
}

function connection(process: Process, server: Server, socket: StreamSocket, local: boolean): void {
  process.thread(() => new Connection(server, socket, local).serve());
}

/** Waits for a signal or for SHUTDOWN; who asked for the latter. */
async function ended(process: Process, server: Server): Promise<string | undefined> {
  const got = await process.block<string | undefined>((wake) => {
    const undo = (['SIGTERM', 'SIGQUIT'] as const).map((signal) =>
      process.signals.handle(signal, () => wake(undefined)),
    );
    server.onShutdown(wake);
    return () => undo.forEach((restore) => restore());
  });
  return got.ok ? got.value : undefined;
}
