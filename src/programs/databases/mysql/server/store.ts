import type { Process } from '../../../../linux/process/types';
import { Engine } from '../../postgres/engine';
import { messagesIn, fieldsOf, frame, type Message } from '../../postgres/wire';
import { Catalogue } from '../catalogue';
import { prelude } from '../translate/prelude';
import { quoteName } from '../translate/scope';
import { Accounts, type StoredAccount } from './accounts';
import type { Flavour } from '../types';

/**
 * What lies in the data directory: like PostgreSQL's (see `postgres/cluster.ts`), not pages of InnoDB but a log of what
 * changed something, one line each, which a server that starts runs again. Definitions are there in MySQL's words too,
 * for the catalogue is made of them. A server that found the log as it left it takes its engine again.
 */
export interface Entry {
  readonly at: number;
  readonly database?: string;
  /** A definition in MySQL's words. */
  readonly ddl?: string;
  /** What PostgreSQL did. */
  readonly run: readonly string[];
}

/** InnoDB's system tablespace. */
const LOG = 'ibdata1';
const ACCOUNTS = 'mysql/global_priv.json';

const resting: { readonly log: string; readonly engine: Engine }[] = [];
const RESTING = 2;

export class Store {
  readonly catalogue = new Catalogue();
  readonly accounts: Accounts;
  #log: string;
  #engine: Engine | undefined;
  #starting: Promise<Engine> | undefined;

  constructor(
    private readonly process: Process,
    readonly directory: string,
    readonly flavour: Flavour,
    /** Runs a definition on the catalogue. */
    replay: (store: Store, entry: Entry) => void,
  ) {
    const read = process.fs.readText(`${directory}/${LOG}`);
    this.#log = read.ok ? read.value : '';
    const accounts = process.fs.readText(`${directory}/${ACCOUNTS}`);
    this.accounts = new Accounts(accounts.ok ? (JSON.parse(accounts.value) as StoredAccount[]) : []);
    for (const entry of entriesOf(this.#log)) replay(this, entry);
  }

  /** The engine, once something needs it. */
  async engine(): Promise<Engine> {
    if (this.#engine !== undefined) return this.#engine;
    this.#starting ??= this.#start();
    this.#engine = await this.#starting;
    return this.#engine;
  }

  get running(): Engine | undefined {
    return this.#engine;
  }

  async #start(): Promise<Engine> {
    const at = resting.findIndex(({ log }) => log === this.#log && log !== '');
    const [same] = at < 0 ? [] : resting.splice(at, 1);
    if (same !== undefined) {
      same.engine.quietly('rollback; reset all', this.process.clock.now);
      return same.engine;
    }
    const random = this.process.random.fork('mysql');
    const engine = await this.process.clock.external(() =>
      Engine.start(() => random.uint32() / 2 ** 32, 'postgres', '18.1'),
    );
    engine.quietly(prelude, 0);
    for (const name of ['mysql', 'sys', 'performance_schema']) engine.quietly(`create schema ${quoteName(name)}`, 0);
    for (const { run, at: then } of entriesOf(this.#log)) for (const sql of run) engine.quietly(sql, then);
    return engine;
  }

  /** The server has ended. */
  rest(): void {
    if (this.#engine === undefined) return;
    resting.push({ log: this.#log, engine: this.#engine });
    const oldest = resting.length > RESTING ? resting.shift() : undefined;
    void oldest?.engine.close();
  }

  append(entry: Entry): void {
    const line = `${JSON.stringify(entry)}\n`;
    this.#log += line;
    this.process.fs.appendFile(`${this.directory}/${LOG}`, line);
  }

  saveAccounts(): void {
    this.process.fs.writeFile(`${this.directory}/${ACCOUNTS}`, JSON.stringify(this.accounts.stored()), 0o640);
  }

  /** The folder of a database and the files of its tables come and go with them. */
  files(): void {
    const { fs } = this.process;
    for (const database of this.catalogue.databases.values()) {
      if (database.name === 'information_schema') continue;
      const folder = `${this.directory}/${database.name}`;
      if (!fs.stat(folder).ok) fs.mkdir(folder, 0o750);
      const wanted = new Set(
        [...database.tables.values()].flatMap(({ name, view }) =>
          this.flavour.name === 'mysql'
            ? view === undefined
              ? [`${name}.ibd`]
              : []
            : view === undefined
              ? [`${name}.frm`, `${name}.ibd`]
              : [`${name}.frm`],
        ),
      );
      const there = fs.readdir(folder);
      if (!there.ok) continue;
      for (const { name } of there.value)
        if (/\.(ibd|frm)$/.test(name) && !wanted.has(name)) fs.unlink(`${folder}/${name}`);
      for (const name of wanted) if (!fs.stat(`${folder}/${name}`).ok) fs.writeFile(`${folder}/${name}`, '', 0o640);
    }
    const all = fs.readdir(this.directory);
    if (!all.ok) return;
    for (const { name } of all.value) {
      const folder = `${this.directory}/${name}`;
      const at = fs.stat(folder);
      if (!at.ok || at.value.type !== 'directory' || name.startsWith('#') || this.catalogue.databases.has(name))
        continue;
      const inside = fs.readdir(folder);
      if (inside.ok) for (const file of inside.value) fs.unlink(`${folder}/${file.name}`);
      fs.rmdir(folder);
    }
  }
}

const entriesOf = (log: string): readonly Entry[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);

/** What PostgreSQL answers to one text of SQL. */
interface Answer {
  readonly messages: readonly Message[];
  readonly error: ReadonlyMap<string, string> | undefined;
}

export function ask(engine: Engine, sql: string, now: number): Answer {
  const messages = messagesIn(engine.run(frame('Q', `${sql}\0`), now));
  const error = messages.find(({ type }) => type === 'E');
  return { messages, error: error === undefined ? undefined : fieldsOf(error) };
}
