import type { StreamSocket } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import { faulty, run } from './commands';
import { load, save } from './persistence';
import {
  array,
  bulk,
  Connection,
  encodeCommand,
  encodeReply,
  error,
  integer,
  nil,
  simple,
  type Reply,
} from './protocol';
import { glob, Store } from './store';

/** What the connection or the server itself answers, with the fewest arguments. */
const own: Readonly<Record<string, number>> = {
  auth: 1,
  hello: 0,
  select: 1,
  multi: 0,
  exec: 0,
  discard: 0,
  watch: 1,
  unwatch: 0,
  info: 0,
  config: 1,
  client: 1,
  command: 0,
  flushall: 0,
  save: 0,
  bgsave: 0,
  bgrewriteaof: 0,
  lastsave: 0,
  shutdown: 0,
  publish: 2,
  subscribe: 1,
  psubscribe: 1,
  unsubscribe: 0,
  punsubscribe: 0,
  pubsub: 1,
  time: 0,
  acl: 1,
  debug: 1,
  memory: 1,
  role: 0,
  quit: 0,
  reset: 0,
  swapdb: 2,
  latency: 1,
  slowlog: 1,
};

const defaults: readonly (readonly [string, string])[] = [
  ['maxmemory', '0'],
  ['maxmemory-policy', 'noeviction'],
  ['save', '3600 1 300 100 60 10000'],
  ['appendonly', 'no'],
  ['appendfsync', 'everysec'],
  ['dbfilename', 'dump.rdb'],
  ['dir', ''],
  ['port', '6379'],
  ['bind', '* -::*'],
  ['requirepass', ''],
  ['databases', '16'],
  ['timeout', '0'],
  ['maxclients', '10000'],
  ['loglevel', 'notice'],
  ['tcp-keepalive', '300'],
  ['protected-mode', 'no'],
  ['notify-keyspace-events', ''],
];

interface Session {
  readonly connection: Connection;
  readonly id: number;
  readonly remote: string;
  database: number;
  allowed: boolean;
  name: string;
  queue: (readonly string[])[] | undefined;
  spoilt: boolean;
  readonly channels: Set<string>;
  readonly patterns: Set<string>;
}

/** One server: its databases, settings, and whoever is connected. */
export class Redis {
  #databases = new Map<number, Store>();
  readonly #config: Map<string, string>;
  readonly #sessions = new Set<Session>();
  readonly #started: number;
  #connections = 0;
  #commands = 0;
  #saved: number;
  #clean = 0;
  #saving = false;

  constructor(
    readonly process: Process,
    readonly version: string,
    given: ReadonlyMap<string, string>,
    readonly log: (mark: '*' | '#', text: string) => void,
    readonly stop: (why: string) => void,
  ) {
    this.#config = new Map([...defaults, ...given]);
    if (this.#config.get('dir') === '') this.#config.set('dir', process.cwd);
    this.#started = process.clock.now;
    this.#saved = process.clock.now;
  }

  #setting(name: string): string {
    return this.#config.get(name) ?? '';
  }

  get #file(): string {
    return `${this.#setting('dir').replace(/\/$/, '')}/${this.#setting('dbfilename')}`;
  }
  get #appendFile(): string {
    return `${this.#setting('dir').replace(/\/$/, '')}/appendonlydir/appendonly.aof.1.incr.aof`;
  }

  #store(index: number): Store {
    let store = this.#databases.get(index);
    if (store === undefined) this.#databases.set(index, (store = new Store(() => this.process.clock.now)));
    return store;
  }

  /** Reads what an earlier server left; the problem if it cannot. */
  load(): string | undefined {
    const { fs } = this.process;
    if (this.#setting('appendonly') === 'yes') {
      const folder = this.#appendFile.slice(0, this.#appendFile.lastIndexOf('/'));
      const text = fs.readText(this.#appendFile);
      if (text.ok) {
        for (const one of text.value.split('\n')) {
          if (one === '') continue;
          const [database, words] = JSON.parse(one) as [number, string[]];
          if (words[0]?.toLowerCase() === 'flushall') for (const store of this.#databases.values()) store.clear();
          else run(this.#store(database), words);
        }
        this.log('*', 'DB loaded from append only file: 0.000 seconds');
      } else {
        fs.mkdirAll(folder);
        fs.writeFile(`${folder}/appendonly.aof.1.base.rdb`, 'REDIS0012[]');
        fs.writeFile(this.#appendFile, '');
        fs.writeFile(
          `${folder}/appendonly.aof.manifest`,
          'file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
        );
        this.log('*', 'Creating AOF base file appendonly.aof.1.base.rdb on server start');
        this.log('*', 'Creating AOF incr file appendonly.aof.1.incr.aof on server start');
      }
      return undefined;
    }
    const loaded = load(this.process, this.#file);
    if (loaded === 'wrong') return 'Wrong signature trying to load DB from file';
    if (loaded === undefined) return undefined;
    this.#databases = loaded;
    const keys = [...loaded.values()].reduce((sum, store) => sum + store.keys().length, 0);
    this.log('*', `Loading RDB produced by version ${this.version}`);
    this.log('*', 'RDB age 0 seconds');
    this.log('*', 'RDB memory usage when created 0.90 Mb');
    this.log('*', `Done loading RDB, keys loaded: ${keys}, keys expired: 0.`);
    this.log('*', 'DB loaded from disk: 0.000 seconds');
    return undefined;
  }

  #changes(): number {
    let sum = 0;
    for (const store of this.#databases.values()) sum += store.changes;
    return sum;
  }

  #save(): string | undefined {
    const problem = save(this.process, this.#file, this.#databases);
    if (problem !== undefined) {
      this.log('#', `Failed opening the temp RDB file for saving: ${problem}`);
      return problem;
    }
    this.#saved = this.process.clock.now;
    this.#clean = this.#changes();
    this.log('*', 'DB saved on disk');
    return undefined;
  }

  /** The end: with a last snapshot where save points are set. */
  close(allowed: boolean, forced: boolean): void {
    if (forced || (allowed && this.#setting('save') !== '')) {
      this.log('*', 'Saving the final RDB snapshot before exiting.');
      this.#save();
    }
    for (const { connection } of this.#sessions) connection.socket.close();
  }

  /** After a change: the append only file, and the next save point. */
  #changed(database: number, words: readonly string[]): void {
    if (this.#setting('appendonly') === 'yes')
      this.process.fs.appendFile(this.#appendFile, `${JSON.stringify([database, words])}\n`);
    if (this.#saving || this.#setting('save') === '') return;
    this.#saving = true;
    this.process.thread(async () => {
      while (this.#changes() > this.#clean) {
        await this.process.sleep(60_000);
        const points = this.#setting('save').split(/\s+/).map(Number);
        const [since, count] = [(this.process.clock.now - this.#saved) / 1000, this.#changes() - this.#clean];
        for (let at = 0; at + 1 < points.length; at += 2) {
          const [seconds = 0, changes = 0] = points.slice(at, at + 2);
          if (since < seconds || count < changes) continue;
          this.log('*', `${changes} changes in ${seconds} seconds. Saving...`);
          this.#save();
          break;
        }
      }
      this.#saving = false;
    });
  }

  /** One connection, to its end. */
  async talk(socket: StreamSocket): Promise<void> {
    const session: Session = {
      connection: new Connection(socket),
      id: ++this.#connections,
      remote: `${socket.remote.address}:${socket.remote.port}`,
      database: 0,
      allowed: this.#setting('requirepass') === '',
      name: '',
      queue: undefined,
      spoilt: false,
      channels: new Set(),
      patterns: new Set(),
    };
    this.#sessions.add(session);
    for (;;) {
      const words = await session.connection.command();
      if (words === undefined) break;
      const [name = ''] = words;
      if (name === '') continue;
      this.#commands++;
      const replies = this.#answer(session, words);
      if (!(await session.connection.send(replies.map(encodeReply).join('')))) break;
      if (name.toLowerCase() === 'quit') break;
    }
    this.#sessions.delete(session);
    socket.close();
  }

  #answer(session: Session, words: readonly string[]): readonly Reply[] {
    const [name = '', ...args] = words;
    const word = name.toLowerCase();
    const problem = faulty(name, args, own);
    if (!session.allowed && !['auth', 'hello', 'quit'].includes(word))
      return [error('NOAUTH Authentication required.')];
    if (problem !== undefined) {
      session.spoilt = true;
      return [problem];
    }
    if (session.queue !== undefined && !['exec', 'discard', 'multi', 'watch', 'quit'].includes(word)) {
      session.queue.push(words);
      return [simple('QUEUED')];
    }
    if (session.channels.size + session.patterns.size > 0 && !/^(p?(un)?subscribe|ping|quit|reset)$/.test(word)) {
      return [
        error(
          `ERR Can't execute '${word}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
        ),
      ];
    }
    if (/^p?(un)?subscribe$/.test(word)) return this.#subscribe(session, word, args);
    return [this.#one(session, word, words)];
  }

  #one(session: Session, word: string, words: readonly string[]): Reply {
    if (word in own) return this.#own(session, word, words.slice(1));
    const before = this.#store(session.database).changes;
    const reply = run(this.#store(session.database), words);
    if (this.#store(session.database).changes !== before) this.#changed(session.database, words);
    return reply;
  }

  #own(session: Session, word: string, args: readonly string[]): Reply {
    const [first = ''] = args;
    switch (word) {
      case 'quit':
        return simple('OK');
      case 'auth':
        return this.#auth(session, args);
      case 'hello':
        return first === '' || first === '2'
          ? array(['server', 'redis', 'version', this.version].map(bulk))
          : error('NOPROTO unsupported protocol version');
      case 'select': {
        if (!/^-?\d+$/.test(first)) return error('ERR value is not an integer or out of range');
        if (Number(first) < 0 || Number(first) >= Number(this.#setting('databases')))
          return error('ERR DB index is out of range');
        session.database = Number(first);
        return simple('OK');
      }
      case 'multi':
        if (session.queue !== undefined) return error('ERR MULTI calls can not be nested');
        session.queue = [];
        session.spoilt = false;
        return simple('OK');
      case 'discard':
        if (session.queue === undefined) return error('ERR DISCARD without MULTI');
        session.queue = undefined;
        return simple('OK');
      case 'exec': {
        const { queue } = session;
        session.queue = undefined;
        if (queue === undefined) return error('ERR EXEC without MULTI');
        if (session.spoilt) return error('EXECABORT Transaction discarded because of previous errors.');
        return array(queue.map((words) => this.#one(session, (words[0] ?? '').toLowerCase(), words)));
      }
      case 'info':
        return bulk(this.#info(first.toLowerCase()));
      case 'config':
        return this.#configure(first.toLowerCase(), args.slice(1));
      case 'client':
        return this.#client(session, first.toLowerCase(), args.slice(1));
      case 'flushall':
        for (const store of this.#databases.values()) store.clear();
        this.#changed(0, ['flushall']);
        return simple('OK');
      case 'save':
        return this.#save() === undefined ? simple('OK') : error('ERR');
      case 'bgsave':
        this.log('*', `Background saving started by pid ${this.process.pid + 1}`);
        this.#save();
        this.log('*', 'Background saving terminated with success');
        return simple('Background saving started');
      case 'bgrewriteaof':
        return simple('Background append only file rewriting started');
      case 'lastsave':
        return integer(Math.floor(this.#saved / 1000));
      case 'shutdown':
        this.stop(first.toLowerCase() || 'shutdown');
        return simple('OK');
      case 'publish':
        return this.#publish(first, args[1] ?? '');
      case 'pubsub':
        return array([...new Set([...this.#sessions].flatMap(({ channels }) => [...channels]))].map(bulk));
      case 'time':
        return array([
          bulk(String(Math.floor(this.process.clock.now / 1000))),
          bulk(String(Math.floor((this.process.clock.now % 1000) * 1000))),
        ]);
      case 'acl':
        if (first.toLowerCase() === 'whoami') return bulk('default');
        if (first.toLowerCase() === 'list')
          return array([
            bulk(
              this.#setting('requirepass') === ''
                ? 'user default on nopass sanitize-payload ~* &* +@all'
                : 'user default on sanitize-payload ~* &* +@all',
            ),
          ]);
        return first.toLowerCase() === 'users'
          ? array([bulk('default')])
          : error(`ERR unknown subcommand '${first}'. Try ACL HELP.`);
      case 'role':
        return array([bulk('master'), integer(0), array([])]);
      case 'memory':
        return args[1] === undefined || !this.#store(session.database).has(args[1]) ? nil : integer(56);
      case 'command':
        return first.toLowerCase() === 'count' ? integer(240) : array([]);
      case 'slowlog':
      case 'latency':
        return array([]);
      default:
        return simple('OK');
    }
  }

  #auth(session: Session, args: readonly string[]): Reply {
    const password = this.#setting('requirepass');
    if (password === '' && args.length === 1)
      return error(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    if (args.at(-1) !== password || (args.length === 2 && args[0] !== 'default'))
      return error('WRONGPASS invalid username-password pair or user is disabled.');
    session.allowed = true;
    return simple('OK');
  }

  #configure(what: string, args: readonly string[]): Reply {
    if (what === 'get') {
      const found = [...this.#config].filter(([name]) =>
        args.some((pattern) => glob(pattern.toLowerCase()).test(name)),
      );
      return array(found.flat().map(bulk));
    }
    if (what === 'set') {
      const [name = '', value = ''] = args;
      if (!this.#config.has(name.toLowerCase()))
        return error(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
      const [, number, unit = ''] = /^(\d+)(kb|mb|gb|k|m|g)$/i.exec(value) ?? [];
      const factor = { k: 1e3, m: 1e6, g: 1e9, kb: 1024, mb: 1_048_576, gb: 1_073_741_824 }[unit.toLowerCase()];
      this.#config.set(
        name.toLowerCase(),
        number === undefined || factor === undefined ? value : String(Number(number) * factor),
      );
      return simple('OK');
    }
    return what === 'resetstat'
      ? simple('OK')
      : what === 'rewrite'
        ? error('ERR The server is running without a config file')
        : error(`ERR unknown subcommand '${what}'. Try CONFIG HELP.`);
  }

  #client(session: Session, what: string, args: readonly string[]): Reply {
    if (what === 'getname') return session.name === '' ? nil : bulk(session.name);
    if (what === 'id') return integer(session.id);
    if (what === 'list')
      return bulk(
        [...this.#sessions]
          .map(({ id, remote, name, database }) => `id=${id} addr=${remote} name=${name} db=${database}\n`)
          .join(''),
      );
    if (what === 'setname') session.name = args[0] ?? '';
    return simple('OK');
  }

  #subscribe(session: Session, word: string, args: readonly string[]): readonly Reply[] {
    const set = word.startsWith('p') ? session.patterns : session.channels;
    const leaving = word.includes('un');
    const names = leaving && args.length === 0 ? [...set] : args;
    const answer = (name: string | undefined): Reply =>
      array([
        bulk(word),
        name === undefined ? nil : bulk(name),
        integer(session.channels.size + session.patterns.size),
      ]);
    if (names.length === 0) return [answer(undefined)];
    return names.map((name) => {
      if (leaving) set.delete(name);
      else set.add(name);
      return answer(name);
    });
  }

  #publish(channel: string, message: string): Reply {
    let heard = 0;
    for (const { channels, patterns, connection } of this.#sessions) {
      if (channels.has(channel)) {
        heard++;
        void connection.send(encodeCommand(['message', channel, message]));
      }
      for (const pattern of patterns) {
        if (!glob(pattern).test(channel)) continue;
        heard++;
        void connection.send(encodeCommand(['pmessage', pattern, channel, message]));
      }
    }
    return integer(heard);
  }

  #info(wanted: string): string {
    const { process } = this;
    const uptime = Math.floor((process.clock.now - this.#started) / 1000);
    const used = 900_000 + [...this.#databases.values()].reduce((sum, store) => sum + store.values.size * 80, 0);
    const sections: Readonly<Record<string, readonly string[]>> = {
      Server: [
        `redis_version:${this.version}`,
        'redis_git_sha1:00000000',
        'redis_git_dirty:0',
        'redis_mode:standalone',
        'os:Linux 6.1.0-38-amd64 x86_64',
        'arch_bits:64',
        `process_id:${process.pid}`,
        `tcp_port:${this.#setting('port')}`,
        `uptime_in_seconds:${uptime}`,
        `uptime_in_days:${Math.floor(uptime / 86_400)}`,
        `executable:/data/redis-server`,
        'config_file:',
      ],
      Clients: [
        `connected_clients:${this.#sessions.size}`,
        `maxclients:${this.#setting('maxclients')}`,
        'blocked_clients:0',
      ],
      Memory: [
        `used_memory:${used}`,
        `used_memory_human:${(used / 1024).toFixed(2)}K`,
        `maxmemory:${this.#setting('maxmemory')}`,
        `maxmemory_policy:${this.#setting('maxmemory-policy')}`,
      ],
      Persistence: [
        'loading:0',
        `rdb_changes_since_last_save:${this.#changes() - this.#clean}`,
        'rdb_bgsave_in_progress:0',
        `rdb_last_save_time:${Math.floor(this.#saved / 1000)}`,
        'rdb_last_bgsave_status:ok',
        `aof_enabled:${this.#setting('appendonly') === 'yes' ? 1 : 0}`,
      ],
      Stats: [`total_connections_received:${this.#connections}`, `total_commands_processed:${this.#commands}`],
      Replication: ['role:master', 'connected_slaves:0'],
      CPU: ['used_cpu_sys:0.010000', 'used_cpu_user:0.010000'],
      Keyspace: [...this.#databases].flatMap(([index, store]) => {
        const keys = store.keys();
        return keys.length === 0 ? [] : [`db${index}:keys=${keys.length},expires=${store.expires.size},avg_ttl=0`];
      }),
    };
    return Object.entries(sections)
      .filter(
        ([name]) =>
          wanted === '' ||
          wanted === 'all' ||
          wanted === 'default' ||
          wanted === 'everything' ||
          wanted === name.toLowerCase(),
      )
      .map(([name, lines]) => `# ${name}\r\n${lines.map((one) => `${one}\r\n`).join('')}`)
      .join('\r\n');
  }
}
