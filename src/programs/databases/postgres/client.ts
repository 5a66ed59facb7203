import { concat, decode } from '../../../linux/io/bytes';
import { resolve } from '../../../linux/net/dns/resolve';
import type { StreamSocket } from '../../../linux/net/types';
import type { Process } from '../../../linux/process/types';
import { rowOf } from './engine';
import { body, Cursor, fieldsOf, frame, MessageReader, type Message } from './wire';

export interface Column {
  readonly name: string;
  /** The type's oid. */
  readonly type: number;
}

/** What came back for one statement. */
export type Outcome =
  | { readonly kind: 'rows'; readonly columns: readonly Column[]; readonly rows: readonly Row[]; readonly tag: string }
  | { readonly kind: 'done'; readonly tag: string }
  | { readonly kind: 'copied'; readonly data: Uint8Array; readonly tag: string }
  | { readonly kind: 'error' | 'notice'; readonly fields: ReadonlyMap<string, string> }
  | { readonly kind: 'empty' };
export type Row = readonly (string | undefined)[];

export interface Target {
  readonly host: string | undefined;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly application: string;
}

const sockets = '/var/run/postgresql';

/** A connection to a server, as libpq has it. */
export class Connection {
  readonly parameters = new Map<string, string>();
  pid = 0;
  /** `I`, `T` in a transaction, `E` in a failed one. */
  status = 'I';
  usedPassword = false;
  readonly #reader: MessageReader;

  private constructor(
    private readonly socket: StreamSocket,
    readonly target: Target,
    /** As messages name the server. */
    readonly where: string,
  ) {
    this.#reader = new MessageReader(socket);
  }

  /** Connects and logs in; a text is libpq's message. `password` is asked only where the server wants one. */
  static async open(
    process: Process,
    target: Target,
    password: () => Promise<string | undefined>,
  ): Promise<Connection | string> {
    const dialled = await dial(process, target);
    if (typeof dialled === 'string') return dialled;
    const connection = new Connection(dialled.socket, target, dialled.where);
    const failed = await connection.#login(password);
    if (failed === undefined) return connection;
    connection.socket.close();
    return `${dialled.where} failed: ${failed}`;
  }

  async #login(password: () => Promise<string | undefined>): Promise<string | undefined> {
    const { user, database, application } = this.target;
    const parts = ['user', user, 'database', database, 'application_name', application, 'client_encoding', 'UTF8'];
    await this.socket.write(frame('', body(0x30000, ...parts, new Uint8Array(1))));
    for (;;) {
      const message = await this.#reader.next();
      if (message === undefined)
        return 'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.';
      if (message.type === 'E') return `${fieldsOf(message).get('S') ?? ''}:  ${fieldsOf(message).get('M') ?? ''}`;
      if (message.type === 'Z') return undefined;
      this.#note(message);
      if (message.type !== 'R' || new Cursor(message.body).int32() === 0) continue;
      const secret = await password();
      if (secret === undefined || secret === '') return 'fe_sendauth: no password supplied';
      this.usedPassword = true;
      await this.socket.write(frame('p', body(secret)));
    }
  }

  #note(message: Message): void {
    const cursor = new Cursor(message.body);
    if (message.type === 'S') this.parameters.set(cursor.text(), cursor.text());
    else if (message.type === 'K') this.pid = cursor.int32();
  }

  /** Runs SQL; undefined when the server is gone. `copyIn` gives the data that COPY FROM STDIN wants. */
  async query(sql: string, copyIn?: () => Promise<Uint8Array | undefined>): Promise<readonly Outcome[] | undefined> {
    if (!(await this.socket.write(frame('Q', body(sql)))).ok) return undefined;
    const outcomes: Outcome[] = [];
    let columns: readonly Column[] | undefined;
    let rows: Row[] = [];
    let copied: Uint8Array[] | undefined;
    for (;;) {
      const message = await this.#reader.next();
      if (message === undefined) return undefined;
      switch (message.type) {
        case 'T':
          columns = columnsOf(message);
          rows = [];
          break;
        case 'D':
          rows.push(rowOf(message));
          break;
        case 'H':
          copied = [];
          break;
        case 'd':
          copied?.push(message.body);
          break;
        case 'G': {
          const data = await copyIn?.();
          await this.socket.write(
            data === undefined
              ? frame('f', body('aborted because of read failure'))
              : concat([frame('d', data), frame('c')]),
          );
          break;
        }
        case 'C': {
          const tag = new Cursor(message.body).text();
          if (columns !== undefined) outcomes.push({ kind: 'rows', columns, rows, tag });
          else if (copied !== undefined) outcomes.push({ kind: 'copied', data: concat(copied), tag });
          else outcomes.push({ kind: 'done', tag });
          columns = undefined;
          copied = undefined;
          break;
        }
        case 'I':
          outcomes.push({ kind: 'empty' });
          break;
        case 'E':
        case 'N':
          outcomes.push({ kind: message.type === 'E' ? 'error' : 'notice', fields: fieldsOf(message) });
          columns = undefined;
          break;
        case 'Z':
          this.status = String.fromCharCode(message.body[0] ?? 73);
          return outcomes;
        default:
          this.#note(message);
      }
    }
  }

  /** The rows of a query of the client's own; none where it failed. */
  async rows(sql: string): Promise<readonly Row[]> {
    for (const outcome of (await this.query(sql)) ?? []) if (outcome.kind === 'rows') return outcome.rows;
    return [];
  }

  async close(): Promise<void> {
    await this.socket.write(frame('X'));
    this.socket.close();
  }
}

function columnsOf({ body: bytes }: Message): readonly Column[] {
  const cursor = new Cursor(bytes);
  return Array.from({ length: cursor.int16() }, () => {
    const name = cursor.text();
    cursor.take(6);
    const type = cursor.int32();
    cursor.take(8);
    return { name, type };
  });
}

/** Opens the socket: by path where the host is none or begins with a slash. */
export async function dial(
  process: Process,
  { host, port }: Pick<Target, 'host' | 'port'>,
): Promise<{ readonly socket: StreamSocket; readonly where: string } | string> {
  if (host === undefined || host === '' || host.startsWith('/')) {
    const path = `${host === undefined || host === '' ? sockets : host}/.s.PGSQL.${port}`;
    const where = `connection to server on socket "${path}"`;
    const socket = await process.net.connectUnix(process, path);
    if (socket.ok) return { socket: socket.value, where };
    return `${where} failed: ${socket.error.message}\n\tIs the server running locally and accepting connections on that socket?`;
  }
  const addresses = await resolve(process, host);
  const [address] = addresses.ok ? addresses.value : [];
  if (address === undefined) {
    const temporary = !addresses.ok && addresses.error.kind !== 'not-found';
    return `could not translate host name "${host}" to address: ${temporary ? 'Temporary failure in name resolution' : 'Name or service not known'}`;
  }
  const where = `connection to server at "${host}"${host === address ? '' : ` (${address})`}, port ${port}`;
  const socket = await process.net.connect(process, { address, port });
  if (socket.ok) return { socket: socket.value, where };
  return `${where} failed: ${socket.error.message}\n\tIs the server running on that host and accepting TCP/IP connections?`;
}

export const textOf = decode;
