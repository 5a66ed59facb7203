import { deserialize, doc, isDoc, serialize, type Doc } from '../bson';
import { fromJson, toJson } from '../ejson';
import { encodeMessage, MessageReader } from '../wire';
import { resolve } from '../../../linux/net/dns/resolve';
import type { StreamSocket } from '../../../linux/net/types';
import type { Process, Program } from '../../../linux/process/types';
import { Engine, type Outcome } from './engine';

const shellVersion = '2.5.9';

interface Options {
  host: string;
  port: number;
  database: string;
  user: string | undefined;
  password: string | undefined;
  source: string | undefined;
  readonly evals: string[];
  readonly files: string[];
  quiet: boolean;
  json: boolean;
  nodb: boolean;
  shell: boolean;
  prompted: boolean;
}

/** `mongodb://user:password@host:port/db?authSource=admin`, `host:port/db`, or a database's name. */
function target(options: Options, text: string): void {
  const [, credentials, hosts = '', path = '', query = ''] =
    /^(?:mongodb(?:\+srv)?:\/\/)(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(text) ?? [];
  if (text.startsWith('mongodb')) {
    const [host = '', port] = (hosts.split(',')[0] ?? '').split(':');
    options.host = host;
    options.port = Number(port ?? 27017);
    if (path !== '') options.database = decodeURIComponent(path);
    const [user, password] = (credentials ?? '').split(':');
    if (user !== undefined && user !== '') options.user = decodeURIComponent(user);
    if (password !== undefined) options.password = decodeURIComponent(password);
    options.source = /(?:^|&)authSource=([^&]*)/.exec(query)?.[1] ?? (path === '' ? 'admin' : decodeURIComponent(path));
    return;
  }
  const [, host, port, database] = /^([\w.-]+)(?::(\d+))?\/(\w*)$/.exec(text) ?? /^([\w.-]+):(\d+)$/.exec(text) ?? [];
  if (host === undefined) options.database = text;
  else {
    options.host = host;
    if (port !== undefined) options.port = Number(port);
    if (database !== undefined && database !== '') options.database = database;
  }
}

function optionsOf(args: readonly string[]): Options | string {
  const options: Options = {
    host: '127.0.0.1',
    port: 27017,
    database: 'test',
    user: undefined,
    password: undefined,
    source: undefined,
    evals: [],
    files: [],
    quiet: false,
    json: false,
    nodb: false,
    shell: false,
    prompted: false,
  };
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    const [, name = '', joined] = /^(--?[\w]+)(?:=([^]*))?$/.exec(word) ?? [];
    const value = (): string => joined ?? args[++index] ?? '';
    switch (name) {
      case '--host':
        target(options, `${value()}/`);
        break;
      case '--port':
        options.port = Number(value());
        break;
      case '-u':
      case '--username':
        options.user = value();
        break;
      case '-p':
      case '--password':
        if (joined !== undefined || (args[index + 1] !== undefined && !(args[index + 1] ?? '').startsWith('-')))
          options.password = value();
        else options.prompted = true;
        break;
      case '--authenticationDatabase':
        options.source = value();
        break;
      case '--authenticationMechanism':
      case '--apiVersion':
      case '--tlsCAFile':
        value();
        break;
      case '--eval':
        options.evals.push(value());
        break;
      case '-f':
      case '--file':
        options.files.push(value());
        break;
      case '--quiet':
        options.quiet = true;
        break;
      case '--json':
        options.json = true;
        break;
      case '--nodb':
        options.nodb = true;
        break;
      case '--shell':
        options.shell = true;
        break;
      case '--norc':
      case '--verbose':
      case '--tls':
      case '--retryWrites':
        break;
      default:
        if (word.startsWith('-') && /^--?\w/.test(word))
          return `Error parsing command line: unrecognized option: ${word}\n`;
        if (/\.(js|mongodb)$/.test(word)) options.files.push(word);
        else target(options, word);
    }
  }
  return options;
}

/** A connection to the server: one command and its answer at a time. */
class Client {
  #next = 1;
  readonly #reader: MessageReader;
  constructor(private readonly socket: StreamSocket) {
    this.#reader = new MessageReader(socket);
  }

  async command(database: string, fields: Doc): Promise<Doc | undefined> {
    const sent = await this.socket.write(encodeMessage(this.#next++, 0, new Map([...fields, ['$db', database]])));
    const reply = sent.ok ? await this.#reader.next() : undefined;
    return reply?.body;
  }
}

async function connect(process: Process, { host, port }: Options): Promise<Client | string> {
  const addresses = await resolve(process, host);
  const address = addresses.ok ? addresses.value[0] : undefined;
  if (address === undefined) return `MongoNetworkError: getaddrinfo ENOTFOUND ${host}`;
  const socket = await process.net.connect(process, { address, port });
  return socket.ok ? new Client(socket.value) : `MongoNetworkError: connect ${socket.error.code} ${address}:${port}`;
}

/** mongosh: a shell whose JavaScript runs here and whose data are the server's. */
export const mongosh: Program = async (process) => {
  if (process.args.includes('--version')) {
    await process.stdout.write(`${shellVersion}\n`);
    return 0;
  }
  const options = optionsOf(process.args);
  if (typeof options === 'string') {
    await process.stderr.write(options);
    return 1;
  }
  if (options.prompted || (options.user !== undefined && options.password === undefined)) {
    await process.stderr.write('Enter password: ');
    options.password = (await process.stdin.readLine()) ?? '';
    await process.stderr.write('\n');
  }
  return new Shell(process, options).run();
};

class Shell {
  #exit: number | undefined;
  #out = '';
  #client: Client | undefined;

  constructor(
    private readonly process: Process,
    private readonly options: Options,
  ) {}

  async run(): Promise<number> {
    const { process, options } = this;
    // The shell itself takes its time to start: Node.js and a bundle of some megabytes.
    await process.sleep(600);
    const scripted = options.evals.length > 0 || options.files.length > 0;
    const terminal = process.fds.get(0)?.kind === 'tty';
    const loud = !options.quiet && !scripted;
    if (loud) await this.#greet();
    if (!options.nodb) {
      const failed = await this.#connect();
      if (failed !== undefined) {
        await process.stderr.write(`${failed}\n`);
        return 1;
      }
      if (loud) await this.#welcome();
    }
    const engine = await Engine.create(process, {
      command: (database, json) => this.#command(database, json),
      ask: (name, argument) => this.#ask(name, argument),
    });
    const status = await this.#work(engine, scripted, terminal);
    engine.release();
    return status;
  }

  async #work(engine: Engine, scripted: boolean, terminal: boolean): Promise<number> {
    const { process, options } = this;
    await engine.call('__use', options.database);
    for (const text of options.evals) {
      const own = await engine.call('__shellCommand', text);
      const outcome =
        own.kind === 'value' && own.text === undefined
          ? await engine.run(text, '@(shell eval)', options.json ? '__json' : '__show')
          : own;
      const status = await this.#shown(outcome, true);
      if (status !== undefined) return status;
    }
    for (const file of options.files) {
      const text = process.fs.readText(file);
      if (!text.ok) {
        await process.stderr.write(
          `Error: ENOENT: no such file or directory, open '${file.startsWith('/') ? file : `${process.cwd}/${file}`}'\n`,
        );
        return 1;
      }
      if (!options.quiet) this.#out += `Loading file: ${file}\n`;
      const status = await this.#shown(await engine.run(text.value, file, '(() => undefined)'), true);
      if (status !== undefined) return status;
    }
    return scripted && !options.shell ? 0 : this.#interact(engine, terminal);
  }

  async #greet(): Promise<void> {
    const { host, port, database, source } = this.options;
    const id =
      Math.floor(this.process.clock.now / 1000).toString(16) +
      Array.from({ length: 4 }, () => (this.process.random.uint32() & 0xffff).toString(16).padStart(4, '0')).join('');
    const credentials = this.options.user === undefined ? '' : '<credentials>@';
    const query = [
      'directConnection=true',
      ...(host === '127.0.0.1' ? ['serverSelectionTimeoutMS=2000'] : []),
      ...(source === undefined ? [] : [`authSource=${source}`]),
      `appName=mongosh+${shellVersion}`,
    ];
    await this.process.stdout.write(
      `Current Mongosh Log ID:\t${id}\nConnecting to:\t\tmongodb://${credentials}${host}:${port}/${database === 'test' ? '' : database}?${query.join('&')}\n`,
    );
  }

  async #connect(): Promise<string | undefined> {
    const { process, options } = this;
    const client = await connect(process, options);
    if (typeof client === 'string') return client;
    this.#client = client;
    if (options.user === undefined) return undefined;
    const source = options.source ?? (options.database === 'test' ? 'admin' : options.database);
    const reply = await client.command(
      source,
      doc({ saslStart: 1, mechanism: 'PLAIN', payload: `${options.user}\0${options.password ?? ''}` }),
    );
    return reply?.get('ok') === 1
      ? undefined
      : `MongoServerError: ${String(reply?.get('errmsg') ?? 'connection closed')}`;
  }

  async #welcome(): Promise<void> {
    const info = await this.#client?.command('admin', doc({ buildInfo: 1 }));
    const log = await this.#client?.command('admin', doc({ getLog: 'startupWarnings' }));
    const lines = log?.get('log');
    const warnings = (Array.isArray(lines) ? lines : []).flatMap((line) => {
      const one = JSON.parse(String(line)) as { t: { $date: string }; msg: string };
      return [`   ${one.t.$date}: ${one.msg}\n`];
    });
    await this.process.stdout.write(
      `Using MongoDB:\t\t${String(info?.get('version') ?? '')}\nUsing Mongosh:\t\t${shellVersion}\n\nFor mongosh info see: https://www.mongodb.com/docs/mongodb-shell/\n\n${warnings.length === 0 ? '' : `------\n   The server generated these startup warnings when booting\n${warnings.join('')}------\n\n`}`,
    );
  }

  async #command(database: string, json: string): Promise<string> {
    await this.#flush();
    const fields = fromJson(JSON.parse(json));
    const reply =
      this.#client === undefined
        ? undefined
        : await this.#client.command(database, isDoc(fields) ? deserialize(serialize(fields)) : new Map());
    return JSON.stringify(toJson(reply ?? doc({ $network: 'connection closed' })));
  }

  #ask(name: string, argument: string | number | undefined): string | number | undefined {
    const { process } = this;
    switch (name) {
      case 'print':
        this.#out += String(argument);
        return undefined;
      case 'exit':
        this.#exit = Number(argument);
        return undefined;
      case 'now':
        return process.clock.now;
      case 'random':
        return process.random.uint32() / 2 ** 32;
      case 'env':
        return JSON.stringify(Object.fromEntries(process.env));
      case 'cwd':
        return process.cwd;
      case 'version':
        return shellVersion;
      case 'read': {
        const text = process.fs.readText(String(argument));
        return text.ok ? text.value : undefined;
      }
      case 'objectId':
        return this.#objectId();
      default:
        return undefined;
    }
  }

  #machine: string | undefined;
  #counter = 0;
  #objectId(): string {
    const { clock, random } = this.process;
    const part = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);
    if (this.#machine === undefined) {
      this.#machine = part(random.uint32(), 8) + part(random.uint32(), 2);
      this.#counter = random.uint32() & 0xffffff;
    }
    return `${part(Math.floor(clock.now / 1000), 8)}${this.#machine}${part(this.#counter++ & 0xffffff, 6)}`;
  }

  async #flush(): Promise<void> {
    const text = this.#out;
    this.#out = '';
    if (text !== '') await this.process.stdout.write(text);
  }

  /** Writes what came of a script; a status where the shell is to end. */
  async #shown(outcome: Outcome, strict: boolean): Promise<number | undefined> {
    if (this.#exit !== undefined) {
      await this.#flush();
      return this.#exit;
    }
    if (outcome.kind === 'value') {
      if (outcome.text !== undefined) this.#out += `${outcome.text}\n`;
      await this.#flush();
      return undefined;
    }
    await this.#flush();
    await (strict ? this.process.stderr : this.process.stdout).write(`${outcome.text}\n`);
    return strict ? 1 : undefined;
  }

  /** Lines of a terminal or of a pipe: a prompt before each, as the real one writes it for both. */
  async #interact(engine: Engine, terminal: boolean): Promise<number> {
    const { process } = this;
    let pending = '';
    for (;;) {
      const current = await engine.call('__current');
      const name = current.kind === 'value' ? (current.text ?? '') : '';
      await process.stdout.write(pending === '' ? `${name}> ` : '... ');
      const line = await process.stdin.readLine();
      if (line === undefined) {
        await process.stdout.write('\n');
        return 0;
      }
      const source = pending === '' ? line : `${pending}\n${line}`;
      if (source.trim() === '') continue;
      if (open(source)) {
        pending = source;
        continue;
      }
      pending = '';
      const own = await engine.call('__shellCommand', source);
      const outcome = own.kind === 'value' && own.text === undefined ? await engine.run(source, 'REPL', '__show') : own;
      const status = await this.#shown(outcome, false);
      if (status !== undefined) return status;
      if (!terminal) await process.sleep(0);
    }
  }
}

/** Are there brackets that nobody has closed yet? */
function open(source: string): boolean {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
      continue;
    }
    if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '/' && source.charAt(at + 1) === '/')
      at = source.indexOf('\n', at) < 0 ? source.length : source.indexOf('\n', at);
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
  }
  return depth > 0 || quote === '`';
}
