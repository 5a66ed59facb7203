import type { Process } from '../../../linux/process/types';
import { Engine } from './engine';
import { unquoted } from './statements';

/**
 * A database cluster. Files of PostgreSQL itself would be 40 MB at each checkpoint; what lies in the data directory is
 * therefore a logical log instead, one line for each message that changed something, with the time and user it ran under.
 * A server that starts on it runs the log again (a cluster that stood in memory a moment ago and whose log has not
 * changed since is taken as it is). PGlite has one database open for life: each database that somebody connects to gets
 * a PGlite of its own, and what concerns the whole cluster (roles, databases) runs in all of them.
 */
interface Entry {
  readonly database: string;
  readonly user: string;
  readonly at: number;
  /** Statements for all databases. */
  readonly shared?: string;
  /** Messages, base64. */
  readonly messages?: string;
}

export interface ClusterOptions {
  readonly superuser: string;
  readonly version: string;
}

/** Where the log lies in the data directory. */
export const LOG = 'pg_wal/000000010000000000000001';

/** Clusters whose server has ended, the newest last. */
const resting: Cluster[] = [];
const RESTING = 2;

export class Cluster {
  readonly #engines = new Map<string, Engine>();
  readonly #starting = new Map<string, Promise<Engine>>();
  #log: string;
  #names = new Set<string>(['postgres', 'template1', 'template0']);

  private constructor(
    private process: Process,
    private path: string,
    readonly options: ClusterOptions,
    log: string,
  ) {
    this.#log = log;
    for (const entry of entriesOf(log)) this.#note(entry.shared ?? '');
  }

  /** The cluster of a data directory. */
  static open(process: Process, directory: string, options: ClusterOptions): Cluster {
    const path = `${directory}/${LOG}`;
    const read = process.fs.readText(path);
    const log = read.ok ? read.value : '';
    const found = resting.findIndex(
      (cluster) => log !== '' && cluster.#log === log && cluster.options.superuser === options.superuser,
    );
    const [same] = found < 0 ? [] : resting.splice(found, 1);
    if (same === undefined) return new Cluster(process, path, options, log);
    same.process = process;
    same.path = path;
    for (const engine of same.#engines.values())
      engine.quietly('rollback; reset session authorization', process.clock.now);
    return same;
  }

  /** The server has ended. */
  rest(): void {
    resting.push(this);
    const oldest = resting.length > RESTING ? resting.shift() : undefined;
    if (oldest !== undefined) for (const engine of oldest.#engines.values()) void engine.close();
  }

  has(database: string): boolean {
    return this.#names.has(database);
  }

  /** Some engine, to ask what all know: the catalogue of roles and databases. */
  async any(): Promise<Engine> {
    const [first] = this.#engines.values();
    return first ?? this.engine('postgres');
  }

  /** The engine that has this database open. */
  async engine(database: string): Promise<Engine> {
    const open = this.#engines.get(database);
    if (open !== undefined) return open;
    const donor = this.#donor(database);
    if (donor !== undefined) return donor;
    const started = this.#starting.get(database) ?? this.#start(database);
    this.#starting.set(database, started);
    const engine = await started;
    this.#starting.delete(database);
    this.#engines.set(database, engine);
    return engine;
  }

  /** An engine whose database is as it was created may have another one open that is so too. */
  #donor(database: string): Engine | undefined {
    if (entriesOf(this.#log).some((entry) => entry.shared === undefined && entry.database === database))
      return undefined;
    for (const [name, engine] of this.#engines) {
      if (engine.touched || this.#busy(name)) continue;
      engine.swap(name, database, this.process.clock.now);
      this.#engines.delete(name);
      this.#engines.set(database, engine);
      return engine;
    }
    return undefined;
  }

  /** Says whether somebody is connected to a database. */
  #busy: (database: string) => boolean = () => false;
  set busy(busy: (database: string) => boolean) {
    this.#busy = busy;
  }

  async #start(database: string): Promise<Engine> {
    const random = this.process.random.fork(`postgres ${database}`);
    const engine = await this.process.clock.external(() =>
      Engine.start(() => random.uint32() / 2 ** 32, this.options.superuser, this.options.version),
    );
    let own = 'postgres';
    if (database === 'template1') {
      engine.swap(own, database, this.process.clock.now);
      own = database;
    }
    for (const entry of entriesOf(this.#log)) {
      if (entry.shared !== undefined) {
        engine.quietly(entry.shared, entry.at);
        if (own !== database && created(entry.shared) === database) {
          engine.swap(own, database, entry.at);
          own = database;
        }
      } else if (entry.database === database && entry.messages !== undefined) {
        if (entry.user !== this.options.superuser) engine.quietly(authorization(entry.user), entry.at);
        engine.run(bytesOf(entry.messages), entry.at);
        engine.quietly('reset session authorization', entry.at);
        engine.touched = true;
      }
    }
    return engine;
  }

  /** Something that lasts was done in one database. */
  changed(database: string, user: string, messages: Uint8Array, at: number): void {
    const engine = this.#engines.get(database);
    if (engine !== undefined) engine.touched = true;
    this.#append({ database, user, at, messages: base64(messages) });
  }

  /** A statement for the whole cluster was done in one database: the others follow. */
  share(database: string, user: string, sql: string, at: number): void {
    for (const [name, engine] of this.#engines) if (name !== database) engine.quietly(sql, at);
    this.#note(sql);
    const gone = dropped(sql);
    if (gone !== undefined) {
      const engine = this.#engines.get(gone);
      this.#engines.delete(gone);
      void engine?.close();
      // What was in it is no use to a database of the same name.
      this.#log = entriesOf(this.#log)
        .filter((entry) => entry.shared !== undefined || entry.database !== gone)
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .join('');
      this.process.fs.writeFile(this.path, this.#log, 0o600);
    }
    this.#append({ database, user, at, shared: sql });
  }

  #note(sql: string): void {
    const made = created(sql);
    if (made !== undefined) this.#names.add(made);
    const gone = dropped(sql);
    if (gone !== undefined) this.#names.delete(gone);
    const renamed = /^\s*alter\s+database\s+("[^"]+"|\S+)\s+rename\s+to\s+("[^"]+"|[^\s;]+)/i.exec(sql);
    if (renamed !== null) {
      this.#names.delete(unquoted(renamed[1] ?? ''));
      this.#names.add(unquoted(renamed[2] ?? ''));
    }
  }

  #append(entry: Entry): void {
    const line = `${JSON.stringify(entry)}\n`;
    this.#log += line;
    this.process.fs.appendFile(this.path, line);
  }
}

export const authorization = (user: string): string => `set session authorization "${user.replaceAll('"', '""')}"`;

const databaseIn = (verb: string) => {
  const pattern = new RegExp(`^\\s*${verb}\\s+database\\s+(?:if\\s+exists\\s+)?("[^"]+"|[^\\s;]+)`, 'i');
  return (sql: string): string | undefined => {
    const name = pattern.exec(sql)?.[1];
    return name === undefined ? undefined : unquoted(name);
  };
};
const created = databaseIn('create');
export const dropped = databaseIn('drop');

const entriesOf = (log: string): readonly Entry[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
