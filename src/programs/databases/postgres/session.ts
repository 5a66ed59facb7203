import { concat } from '../../../linux/io/bytes';
import type { StreamSocket } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import { authenticate, type Startup } from './authentication';
import { authorization, dropped, type Cluster } from './cluster';
import type { Engine } from './engine';
import { log } from './log';
import { statementsOf, withoutComments } from './statements';
import { body, Cursor, errorFrame, fieldsOf, frame, MessageReader, messagesIn, type Message } from './wire';

/** One database with its one backend: who uses it now. */
export interface Turn {
  engine: Engine;
  /** Whose settings the backend has. */
  current: Session | undefined;
  /** Who is in a transaction. */
  holder: Session | undefined;
  readonly waiting: (() => void)[];
}

export interface Server {
  readonly process: Process;
  readonly cluster: Cluster;
  readonly version: string;
  readonly sessions: Set<Session>;
  turn(database: string): Promise<Turn>;
  /** pg_hba.conf's method for a client that comes over the network. */
  readonly hostMethod: string;
  nextPid(): number;
}

const shared =
  /^(CREATE ROLE|ALTER ROLE|DROP ROLE|GRANT ROLE|REVOKE ROLE|CREATE DATABASE|ALTER DATABASE|DROP DATABASE)$/;

/** One connection: start-up, then queries one after another. */
export class Session {
  startup: Startup = { user: '', database: '', options: new Map() };
  readonly pid: number;
  /** SET commands that still hold. */
  readonly #settings: string[] = [];
  readonly #reader: MessageReader;
  /** What the transaction did so far. */
  #pending: Uint8Array[] = [];
  #sharedPending: string[] = [];
  #batch: Uint8Array[] = [];
  #parsed: string[] = [];

  constructor(
    readonly server: Server,
    readonly socket: StreamSocket,
    readonly local: boolean,
  ) {
    this.pid = server.nextPid();
    this.#reader = new MessageReader(socket);
  }

  async serve(): Promise<void> {
    const startup = await authenticate(this, this.#reader);
    if (startup === undefined) return this.socket.close();
    this.startup = startup;
    this.server.sessions.add(this);
    const turn = await this.server.turn(startup.database);
    for (const [name, value] of startup.options)
      if (name !== 'replication' && /^\w+$/.test(name))
        this.#settings.push(`set ${name} = '${value.replaceAll("'", "''")}'`);
    await this.#send(
      concat([
        ...Object.entries({
          in_hot_standby: 'off',
          integer_datetimes: 'on',
          TimeZone: startup.options.get('TimeZone') ?? 'Etc/UTC',
          IntervalStyle: 'postgres',
          is_superuser: startup.superuser === true ? 'on' : 'off',
          application_name: startup.options.get('application_name') ?? '',
          default_transaction_read_only: 'off',
          scram_iterations: '4096',
          DateStyle: 'ISO, MDY',
          standard_conforming_strings: 'on',
          session_authorization: startup.user,
          client_encoding: 'UTF8',
          server_version: `${this.server.version} (Debian ${this.server.version}-1.pgdg13+1)`,
          server_encoding: 'UTF8',
        }).map(([name, value]) => frame('S', body(name, value))),
        frame('K', body(this.pid, this.server.process.random.uint31())),
        frame('Z', 'I'),
      ]),
    );
    try {
      for (;;) {
        const message = await this.#reader.next();
        if (message === undefined || message.type === 'X') break;
        if (!(await this.#message(message, turn))) break;
      }
    } finally {
      this.#leave(turn);
      this.server.sessions.delete(this);
      this.socket.close();
    }
  }

  #leave(turn: Turn): void {
    if (turn.holder === this) {
      turn.engine.quietly('rollback', this.now);
      this.#release(turn);
    }
    if (turn.current === this) turn.current = undefined;
  }

  get now(): number {
    return this.server.process.clock.now;
  }

  async #message({ type, body: bytes }: Message, turn: Turn): Promise<boolean> {
    const whole = frame(type, bytes);
    if (type === 'Q') return this.#query(new Cursor(bytes).text(), whole, turn);
    this.#batch.push(whole);
    if (type === 'P') {
      const cursor = new Cursor(bytes);
      cursor.text();
      this.#parsed.push(cursor.text());
    }
    if (type !== 'S' && type !== 'H') return true;
    const batch = concat(this.#batch);
    this.#batch = [];
    const answer = await this.#run(batch, this.#parsed, turn);
    if (type === 'S') this.#parsed = [];
    return this.#send(answer);
  }

  async #query(sql: string, whole: Uint8Array, turn: Turn): Promise<boolean> {
    const copying = /^\s*copy\s[^;]*\sfrom\s+stdin\b/i.test(withoutComments(sql));
    let messages = whole;
    if (copying) {
      // The backend cannot wait in the middle of a call: the data is collected before it hears of the COPY.
      await this.#send(frame('G', new Uint8Array(3)));
      const data: Uint8Array[] = [whole];
      for (;;) {
        const next = await this.#reader.next();
        if (next === undefined) return false;
        data.push(frame(next.type, next.body));
        if (next.type === 'c' || next.type === 'f') break;
      }
      messages = concat(data);
    }
    const answer = await this.#run(messages, statementsOf(sql), turn);
    if (!copying) return this.#send(answer);
    return this.#send(
      concat(
        messagesIn(answer).flatMap((message) => (message.type === 'G' ? [] : [frame(message.type, message.body)])),
      ),
    );
  }

  /** Takes its turn, runs, and remembers what lasts. */
  async #run(messages: Uint8Array, statements: readonly string[], turn: Turn): Promise<Uint8Array> {
    const { process } = this.server;
    while (turn.holder !== undefined && turn.holder !== this)
      await process.block<void>((wake) => {
        turn.waiting.push(wake);
        return () => void turn.waiting.splice(turn.waiting.indexOf(wake) >>> 0, 1);
      });
    const refused = this.#refuse(statements);
    if (refused !== undefined) return refused;
    const { engine } = turn;
    if (turn.current !== this) this.#settle(turn);
    const alone = turn.holder === undefined;
    const before = alone ? engine.position(this.now) : '';
    const answer = engine.run(messages, this.now);
    const answers = messagesIn(answer);
    const ready = answers.findLast(({ type }) => type === 'Z');
    const status = String.fromCharCode(ready?.body[0] ?? 73);
    const tags = answers.filter(({ type }) => type === 'C').map(({ body: tag }) => new Cursor(tag).text());
    tags.forEach((tag, index) => {
      const statement = statements[index] ?? '';
      if (shared.test(tag)) this.#sharedPending.push(statement);
      else if (/^(SET|RESET)$/.test(tag)) this.#settings.push(statement);
      else if (tag === 'DISCARD ALL') this.#settings.length = 0;
    });
    for (const message of answers) if (message.type === 'E') await this.#logError(message, statements);
    const lastTag = tags.at(-1);
    if (status === 'I') {
      const position = engine.position(this.now);
      const discarded = lastTag === 'ROLLBACK' && !alone;
      if (!discarded && (!alone || position !== before)) this.#commit(messages, tags, alone);
      this.#pending = [];
      this.#sharedPending = [];
      if (turn.holder === this) this.#release(turn);
    } else {
      turn.holder = this;
      this.#pending.push(messages);
    }
    return answer;
  }

  #commit(messages: Uint8Array, tags: readonly string[], alone: boolean): void {
    const { database, user } = this.startup;
    for (const statement of this.#sharedPending) this.server.cluster.share(database, user, statement, this.now);
    if (alone && tags.length > 0 && tags.every((tag) => shared.test(tag))) return;
    this.server.cluster.changed(database, user, concat([...this.#pending, messages]), this.now);
  }

  #release(turn: Turn): void {
    turn.holder = undefined;
    for (const wake of turn.waiting.splice(0)) wake();
  }

  /** The one backend takes this session's user and settings on. */
  #settle(turn: Turn): void {
    turn.engine.quietly('reset session authorization; reset all', this.now);
    for (const setting of this.#settings) turn.engine.quietly(setting, this.now);
    turn.engine.quietly(authorization(this.startup.user), this.now);
    turn.current = this;
  }

  /** What several backends would find and one cannot. */
  #refuse(statements: readonly string[]): Uint8Array | undefined {
    for (const statement of statements) {
      const name = dropped(withoutComments(statement));
      if (name === undefined || name === this.startup.database) continue;
      const others = [...this.server.sessions].filter(({ startup }) => startup.database === name);
      if (others.length === 0) continue;
      if (/\bforce\b/i.test(statement)) {
        for (const session of others) session.socket.close();
        continue;
      }
      const there = others.length === 1 ? 'There is 1 other session' : `There are ${others.length} other sessions`;
      const message = `database "${name}" is being accessed by other users`;
      return concat([errorFrame('ERROR', '55006', message, { D: `${there} using the database.` }), frame('Z', 'I')]);
    }
    return undefined;
  }

  async #logError(message: Message, statements: readonly string[]): Promise<void> {
    const fields = fieldsOf(message);
    const position = fields.get('P');
    const text = `${fields.get('M') ?? ''}${position === undefined ? '' : ` at character ${position}`}`;
    await log(this.server.process, fields.get('S') ?? 'ERROR', text, this.pid);
    for (const [letter, name] of [
      ['D', 'DETAIL'],
      ['H', 'HINT'],
    ] as const) {
      const more = fields.get(letter);
      if (more !== undefined) await log(this.server.process, name, more, this.pid);
    }
    await log(this.server.process, 'STATEMENT', statements.join(';').trim(), this.pid);
  }

  async #send(bytes: Uint8Array): Promise<boolean> {
    return (await this.socket.write(bytes)).ok;
  }
}
