import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { log } from './log';
import type { Session } from './session';
import { quoteText } from './statements';
import { body, Cursor, errorFrame, frame, type MessageReader } from './wire';

/** What a client says of itself when it comes. */
export interface Startup {
  readonly user: string;
  readonly database: string;
  readonly options: ReadonlyMap<string, string>;
  readonly superuser?: boolean;
}

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/** Start-up message, password, role and database; undefined where the client was sent away. */
export async function authenticate(session: Session, reader: MessageReader): Promise<Startup | undefined> {
  const { socket, server } = session;
  const { process, cluster } = server;
  const refuse = async (code: string, message: string, detail?: string): Promise<undefined> => {
    await log(process, 'FATAL', message, session.pid);
    if (detail !== undefined) await log(process, 'DETAIL', detail, session.pid);
    await socket.write(errorFrame('FATAL', code, message));
    return undefined;
  };
  let options = new Map<string, string>();
  for (;;) {
    const first = await reader.next(false);
    if (first === undefined) return undefined;
    const cursor = new Cursor(first.body);
    const kind = cursor.int32();
    if (kind === CANCEL_REQUEST) return undefined;
    if (kind === SSL_REQUEST || kind === GSS_REQUEST) {
      await socket.write(utf8ToBytes('N'));
      continue;
    }
    options = new Map();
    while (!cursor.done) {
      const name = cursor.text();
      if (name === '') break;
      options.set(name, cursor.text());
    }
    break;
  }
  const user = options.get('user') ?? '';
  if (user === '') return refuse('28000', 'no PostgreSQL user name specified in startup packet');
  const database = options.get('database') ?? user;
  options.delete('user');
  options.delete('database');
  const engine = await cluster.any();
  const [role] = engine.quietly(
    `select rolcanlogin, rolsuper, rolpassword from pg_catalog.pg_authid where rolname = ${quoteText(user)}`,
    process.clock.now,
  );
  const method = session.local || socket.remote.address.startsWith('127.') ? 'trust' : server.hostMethod;
  if (method === 'reject')
    return refuse(
      '28000',
      `pg_hba.conf rejects connection for host "${socket.remote.address}", user "${user}", database "${database}", no encryption`,
    );
  if (method !== 'trust') {
    await socket.write(frame('R', body(3)));
    const answer = await reader.next();
    if (answer?.type !== 'p') return undefined;
    const stored = role?.[2];
    if (!verifies(new Cursor(answer.body).text(), stored))
      return refuse(
        '28P01',
        `password authentication failed for user "${user}"`,
        role === undefined
          ? `Role "${user}" does not exist.\nConnection matched file "/var/lib/postgresql/data/pg_hba.conf" line 128: "host all all all ${method}"`
          : stored === undefined
            ? `User "${user}" has no password assigned.\nConnection matched file "/var/lib/postgresql/data/pg_hba.conf" line 128: "host all all all ${method}"`
            : `Connection matched file "/var/lib/postgresql/data/pg_hba.conf" line 128: "host all all all ${method}"`,
      );
  }
  if (role === undefined) return refuse('28000', `role "${user}" does not exist`);
  if (role[0] !== 't') return refuse('28000', `role "${user}" is not permitted to log in`);
  if (!cluster.has(database)) return refuse('3D000', `database "${database}" does not exist`);
  if (database === 'template0') return refuse('55000', 'database "template0" is not currently accepting connections');
  await socket.write(frame('R', body(0)));
  return { user, database, options, superuser: role[1] === 't' };
}

/** Does a password fit what pg_authid keeps (`SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`, RFC 5803)? */
function verifies(password: string, stored: string | undefined): boolean {
  const match = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(stored ?? '');
  if (match === null) return false;
  const salt = Uint8Array.from(atob(match[2] ?? ''), (char) => char.charCodeAt(0));
  const salted = pbkdf2(sha256, utf8ToBytes(password), salt, { c: Number(match[1]), dkLen: 32 });
  const key = sha256(hmac(sha256, salted, utf8ToBytes('Client Key')));
  return btoa(String.fromCharCode(...key)) === match[3];
}
