import { concat, encode } from '../../../../linux/io/bytes';
import type { StreamSocket } from '../../../../linux/net/types';
import { SqlError } from '../sql/reader';
import { tokensOf } from '../sql/tokens';
import { errorPacket, flags, int1, int2, int4, PacketReader, packetsOf, Packets, zeroEnded } from '../wire';
import { verified } from './accounts';
import type { Server } from './server';
import { Session } from './session';

const capabilities =
  flags.longPassword |
  flags.foundRows |
  flags.longFlag |
  flags.connectWithDb |
  flags.protocol41 |
  flags.transactions |
  flags.secureConnection |
  flags.multiStatements |
  flags.multiResults |
  flags.pluginAuth |
  flags.connectAttributes |
  flags.pluginAuthLength;

/** One client: the handshake, then commands one after another. */
export class Connection {
  readonly #packets: Packets;
  #multi = false;

  constructor(
    readonly server: Server,
    readonly socket: StreamSocket,
    readonly local: boolean,
  ) {
    this.#packets = new Packets(socket);
  }

  async serve(): Promise<void> {
    const session = await this.#login();
    if (session === undefined) return this.socket.close();
    this.server.sessions.add(session);
    try {
      for (;;) {
        const packet = await this.#packets.read();
        if (packet === undefined || session.killed || !(await this.#command(session, packet))) break;
      }
    } finally {
      session.rollback();
      this.server.sessions.delete(session);
      this.socket.close();
    }
  }

  async #login(): Promise<Session | undefined> {
    const { server, socket } = this;
    const { flavour, accounts } = server.store;
    const id = server.nextId();
    const salt = Uint8Array.from(server.process.random.bytes(20), (byte) => (byte % 93) + 33);
    const old = flavour.name === 'mariadb' || flavour.version.startsWith('5.');
    const plugin = old ? 'mysql_native_password' : 'caching_sha2_password';
    const version = flavour.name === 'mariadb' ? `5.5.5-${flavour.version}` : flavour.version;
    await this.#packets.write(
      concat([
        int1(10),
        zeroEnded(version),
        int4(id),
        salt.subarray(0, 8),
        int1(0),
        int2(capabilities & 0xffff),
        int1(old ? 45 : 255),
        int2(2),
        int2(Math.floor(capabilities / 65536)),
        int1(21),
        new Uint8Array(10),
        salt.subarray(8),
        int1(0),
        zeroEnded(plugin),
      ]),
    );
    const packet = await this.#packets.read();
    if (packet === undefined) return undefined;
    const reader = new PacketReader(packet);
    const wanted = reader.int(4);
    reader.take(28);
    this.#multi = (wanted & flags.multiStatements) !== 0;
    const user = reader.zeroEnded();
    let answer = reader.take(reader.int(1));
    const database = (wanted & flags.connectWithDb) !== 0 ? reader.zeroEnded() : '';
    const used = (wanted & flags.pluginAuth) !== 0 ? reader.zeroEnded() : 'mysql_native_password';
    const host = this.local ? 'localhost' : socket.remote.address === '127.0.0.1' ? 'localhost' : socket.remote.address;
    if (used !== plugin && answer.length > 0) {
      await this.#packets.write(concat([int1(0xfe), zeroEnded(plugin), salt, int1(0)]));
      answer = (await this.#packets.read()) ?? new Uint8Array(0);
    }
    const account = accounts.match(user, host);
    if (account === undefined || !verified(plugin, account, answer, salt)) {
      const how = answer.length > 0 ? 'YES' : 'NO';
      await this.#packets.write(
        errorPacket(1045, '28000', `Access denied for user '${user}'@'${host}' (using password: ${how})`),
      );
      return undefined;
    }
    const session = new Session(server, socket, id, account, user, host);
    try {
      if (database !== '') session.use(database);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      await this.#packets.write(errorPacket(error.number, error.state, error.message));
      return undefined;
    }
    // Fast authentication: nobody has to send the password itself.
    if (plugin === 'caching_sha2_password' && answer.length > 0) await this.#packets.write(new Uint8Array([1, 3]));
    await this.#packets.write(...packetsOf(okay, session.status));
    return session;
  }

  async #command(session: Session, packet: Uint8Array): Promise<boolean> {
    const reader = new PacketReader(packet);
    switch (reader.int(1)) {
      case 1:
        return false;
      case 2:
        return this.#use(session, reader.rest());
      case 3:
        return this.#query(session, reader.rest());
      case 9:
        return this.#packets.write(encode(this.server.statistics));
      case 14:
        return this.#packets.write(...packetsOf(okay, session.status));
      case 31:
        session.rollback();
        return this.#packets.write(...packetsOf(okay, session.status));
    }
    return this.#packets.write(errorPacket(1047, '08S01', 'Unknown command'));
  }

  async #use(session: Session, name: string): Promise<boolean> {
    try {
      session.use(name);
      return await this.#packets.write(...packetsOf(okay, session.status));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return this.#packets.write(errorPacket(error.number, error.state, error.message));
    }
  }

  async #query(session: Session, text: string): Promise<boolean> {
    const statements = this.#multi ? split(text) : [text];
    for (const [index, statement] of statements.entries()) {
      const outcome = await session.run(statement);
      const more = index < statements.length - 1 && outcome.kind !== 'error';
      if (!(await this.#packets.write(...packetsOf(outcome, session.status | (more ? 8 : 0))))) return false;
      if (outcome.kind === 'error') break;
    }
    return !session.killed;
  }
}

const okay = { kind: 'ok', affected: 0, insertId: 0, warnings: 0, info: '' } as const;

/** Statements between semicolons. */
function split(sql: string): readonly string[] {
  const found: string[] = [];
  let from = 0;
  for (const token of tokensOf(sql)) {
    if (token.kind === 'operator' && token.text === ';') {
      found.push(sql.slice(from, token.from));
      from = token.to;
    }
  }
  if (sql.slice(from).trim() !== '' || found.length === 0) found.push(sql.slice(from));
  return found;
}
