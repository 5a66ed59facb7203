import { concat, decode, encode } from '../../../../linux/io/bytes';
import { resolve } from '../../../../linux/net/dns/resolve';
import type { StreamSocket } from '../../../../linux/net/types';
import type { Process } from '../../../../linux/process/types';
import { scramble } from '../server/accounts';
import {
  flags,
  int1,
  int4,
  lengthCoded,
  PacketReader,
  Packets,
  zeroEnded,
  type Cells,
  type Field,
  type Outcome,
} from '../wire';

export interface Target {
  readonly host: string | undefined;
  readonly port: number;
  readonly socket: string;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
  /** --protocol=tcp. */
  readonly tcp: boolean;
}

/** An error as libmysqlclient has it. */
export interface Failure {
  readonly number: number;
  readonly state: string;
  readonly message: string;
}

const failure = (number: number, message: string): Failure => ({ number, state: 'HY000', message });

/** A connection to a server, as libmysqlclient and libmariadb have it. */
export class Connection {
  version = '';
  id = 0;
  status = 2;

  private constructor(
    readonly target: Target,
    readonly socket: StreamSocket,
    readonly packets: Packets,
    /** How `status` names the way. */
    readonly way: string,
    readonly mariadb: boolean,
  ) {}

  static async open(process: Process, target: Target, mariadb: boolean): Promise<Connection | Failure> {
    const dialled = await dial(process, target, mariadb);
    if ('number' in dialled) return dialled;
    const connection = new Connection(target, dialled.socket, new Packets(dialled.socket), dialled.way, mariadb);
    const failed = await connection.#login();
    if (failed === undefined) return connection;
    dialled.socket.close();
    return failed;
  }

  async #login(): Promise<Failure | undefined> {
    const { packets, target } = this;
    const lost = (): Failure =>
      failure(
        2013,
        `Lost connection to ${this.mariadb ? '' : 'MySQL '}server at ${this.mariadb ? "'handshake: reading initial communication packet', system error: 0" : "'reading initial communication packet', system error: 0"}`,
      );
    const hello = await packets.read();
    if (hello === undefined) return lost();
    if (hello[0] === 0xff) return errorOf(hello);
    const reader = new PacketReader(hello);
    reader.int(1);
    this.version = reader.zeroEnded().replace(/^5\.5\.5-/, '');
    this.id = reader.int(4);
    const first = reader.take(8);
    reader.take(1 + 2 + 1 + 2 + 2 + 1 + 10);
    const salt = concat([first, reader.take(12)]);
    reader.int(1);
    const plugin = reader.zeroEnded();
    const answer = scramble(plugin, target.password, salt);
    const wanted =
      flags.longPassword |
      flags.longFlag |
      flags.protocol41 |
      flags.transactions |
      flags.secureConnection |
      flags.multiResults |
      flags.pluginAuth |
      (target.database === undefined ? 0 : flags.connectWithDb);
    await packets.write(
      concat([
        int4(wanted),
        int4(16777216),
        int1(45),
        new Uint8Array(23),
        zeroEnded(target.user),
        lengthCoded(answer.length),
        answer,
        target.database === undefined ? new Uint8Array(0) : zeroEnded(target.database),
        zeroEnded(plugin),
      ]),
    );
    for (;;) {
      const packet = await packets.read();
      if (packet === undefined) return lost();
      if (packet[0] === 0xff) return errorOf(packet);
      if (packet[0] === 0) return undefined;
      if (packet[0] === 0xfe) {
        const other = new PacketReader(packet.subarray(1));
        const name = other.zeroEnded();
        await packets.write(scramble(name, target.password, other.take(20)));
      }
    }
  }

  /** Undefined: the server is gone. */
  async query(sql: string): Promise<Outcome | undefined> {
    return this.#send(concat([int1(3), encode(sql)]));
  }

  async use(database: string): Promise<Outcome | undefined> {
    return this.#send(concat([int1(2), encode(database)]));
  }

  async ping(): Promise<boolean> {
    return (await this.#send(int1(14))) !== undefined;
  }

  /** The line of mysqladmin status. */
  async statistics(): Promise<string> {
    this.packets.sequence = 0;
    await this.packets.write(int1(9));
    return decode((await this.packets.read()) ?? new Uint8Array(0));
  }

  async #send(command: Uint8Array): Promise<Outcome | undefined> {
    this.packets.sequence = 0;
    if (!(await this.packets.write(command))) return undefined;
    const first = await this.packets.read();
    if (first === undefined) return undefined;
    if (first[0] === 0xff) return { kind: 'error', ...errorOf(first) };
    const reader = new PacketReader(first);
    if (first[0] === 0) {
      reader.int(1);
      const affected = reader.coded() ?? 0;
      const insertId = reader.coded() ?? 0;
      this.status = reader.int(2);
      return { kind: 'ok', affected, insertId, warnings: reader.int(2), info: reader.rest() };
    }
    const count = reader.coded() ?? 0;
    const fields: Field[] = [];
    for (let index = 0; index < count; index++) {
      const packet = await this.packets.read();
      if (packet === undefined) return undefined;
      fields.push(fieldOf(packet));
    }
    await this.packets.read();
    const rows: Cells[] = [];
    for (;;) {
      const packet = await this.packets.read();
      if (packet === undefined) return undefined;
      if (packet[0] === 0xfe && packet.length < 9) {
        const end = new PacketReader(packet.subarray(1));
        const warnings = end.int(2);
        this.status = end.int(2);
        return { kind: 'rows', fields, rows, warnings };
      }
      const cells = new PacketReader(packet);
      rows.push(fields.map(() => cells.text()));
    }
  }

  async close(): Promise<void> {
    this.packets.sequence = 0;
    await this.packets.write(int1(1));
    this.socket.close();
  }
}

function errorOf(packet: Uint8Array): Failure {
  const reader = new PacketReader(packet);
  reader.int(1);
  const number = reader.int(2);
  const rest = reader.rest();
  return rest.startsWith('#') ? { number, state: rest.slice(1, 6), message: rest.slice(6) } : failure(number, rest);
}

function fieldOf(packet: Uint8Array): Field {
  const reader = new PacketReader(packet);
  for (let skipped = 0; skipped < 4; skipped++) reader.text();
  const name = reader.text() ?? '';
  reader.text();
  reader.take(1 + 2 + 4);
  const type = reader.int(1);
  const bits = reader.int(2);
  return { name, type, nullable: (bits & 1) === 0, scale: reader.int(1) };
}

const numbers: Readonly<Record<string, number>> = {
  ENOENT: 2,
  EACCES: 13,
  EAGAIN: 11,
  ECONNREFUSED: 111,
  ETIMEDOUT: 110,
  EHOSTUNREACH: 113,
  ENETUNREACH: 101,
};

async function dial(
  process: Process,
  target: Target,
  mariadb: boolean,
): Promise<{ readonly socket: StreamSocket; readonly way: string } | Failure> {
  const { host, port } = target;
  if ((host === undefined || host === 'localhost') && !target.tcp) {
    const unix = await process.net.connectUnix(process, target.socket);
    if (unix.ok) return { socket: unix.value, way: 'Localhost via UNIX socket' };
    const number = numbers[unix.error.code] ?? 2;
    return failure(
      2002,
      `Can't connect to local ${mariadb ? 'server' : 'MySQL server'} through socket '${target.socket}' (${number})`,
    );
  }
  const name = host ?? 'localhost';
  const found = await resolve(process, name);
  const [address] = found.ok ? found.value : [];
  if (address === undefined)
    return failure(2005, mariadb ? `Unknown server host '${name}' (-2)` : `Unknown MySQL server host '${name}' (-2)`);
  const tcp = await process.net.connect(process, { address, port });
  if (tcp.ok) return { socket: tcp.value, way: `${name} via TCP/IP` };
  const number = numbers[tcp.error.code] ?? 111;
  return mariadb
    ? failure(2002, `Can't connect to server on '${name}' (${number === 111 ? 115 : number})`)
    : failure(2003, `Can't connect to MySQL server on '${name}:${port}' (${number})`);
}
