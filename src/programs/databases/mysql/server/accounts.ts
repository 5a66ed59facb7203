import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Account } from '../sql/ast';

export interface Grant {
  /** `*`, or a pattern as in GRANT. */
  readonly database: string;
  readonly table: string;
  readonly privileges: readonly string[];
  readonly option: boolean;
}

export interface StoredAccount extends Account {
  /** SHA1(SHA1(password)) and SHA256(SHA256(password)), hexadecimal; empty: no password. */
  readonly native: string;
  readonly sha2: string;
  readonly grants: readonly Grant[];
}

/** Who may log in and what they may do. */
export class Accounts {
  readonly #accounts = new Map<string, StoredAccount>();

  constructor(stored: readonly StoredAccount[]) {
    for (const account of stored) this.put(account);
  }

  stored(): readonly StoredAccount[] {
    return [...this.#accounts.values()];
  }

  find({ user, host }: Account): StoredAccount | undefined {
    return this.#accounts.get(`${user}@${host}`);
  }

  put(account: StoredAccount): void {
    this.#accounts.set(`${account.user}@${account.host}`, account);
  }

  remove({ user, host }: Account): boolean {
    return this.#accounts.delete(`${user}@${host}`);
  }

  rename(from: Account, to: Account): void {
    const found = this.find(from);
    if (found === undefined) return;
    this.remove(from);
    this.put({ ...found, ...to });
  }

  /** Whom a client that comes from a host is: the most specific host first (MySQL 8.2.6). */
  match(user: string, host: string): StoredAccount | undefined {
    const hosts = host === 'localhost' ? ['localhost'] : [host];
    return [...this.#accounts.values()]
      .filter((account) => account.user === user || account.user === '')
      .filter((account) => hosts.includes(account.host) || like(account.host, host))
      .sort((a, b) => weight(a) - weight(b))[0];
  }

  grant({ user, host }: Account, grant: Grant): void {
    const account = this.find({ user, host });
    if (account === undefined) return;
    const same = (other: Grant): boolean => other.database === grant.database && other.table === grant.table;
    const before = account.grants.find(same);
    const merged: Grant = {
      ...grant,
      privileges: combined([...(before?.privileges ?? []), ...grant.privileges]),
      option: grant.option || before?.option === true,
    };
    this.put({ ...account, grants: [...account.grants.filter((other) => !same(other)), merged] });
  }

  revoke({ user, host }: Account, { database, table, privileges }: Omit<Grant, 'option'>): boolean {
    const account = this.find({ user, host });
    const found = account?.grants.find((other) => other.database === database && other.table === table);
    if (account === undefined || found === undefined) return false;
    const all = privileges.includes('ALL');
    const rest = all
      ? []
      : (found.privileges.includes('ALL') ? allPrivileges : found.privileges).filter(
          (one) => !privileges.includes(one),
        );
    const others = account.grants.filter((other) => other !== found);
    this.put({ ...account, grants: rest.length === 0 ? others : [...others, { ...found, privileges: rest }] });
    return true;
  }
}

const allPrivileges = 'SELECT INSERT UPDATE DELETE CREATE DROP REFERENCES INDEX ALTER TRIGGER EVENT EXECUTE'
  .split(' ')
  .concat('CREATE VIEW', 'SHOW VIEW', 'LOCK TABLES');
const order = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'RELOAD',
  'SHUTDOWN',
  'PROCESS',
  'FILE',
  'REFERENCES',
  'INDEX',
  'ALTER',
];
const combined = (privileges: readonly string[]): readonly string[] => {
  if (privileges.includes('ALL')) return ['ALL'];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...new Set(privileges)]
    .filter((name) => name !== 'USAGE' || privileges.every((one) => one === 'USAGE'))
    .sort((a, b) => rank(a) - rank(b));
};

const weight = ({ user, host }: Account): number =>
  (user === '' ? 10 : 0) + (host === '%' ? 3 : /[%_]/.test(host) ? 2 : 1);

/** `%` and `_` in a host's or a database's name. */
export function like(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/\\?[\s\S]/g, (part) => {
    if (part.startsWith('\\') && part.length > 1) return part.slice(1).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return part === '%' ? '.*' : part === '_' ? '.' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${escaped}$`, 'is').test(text);
}

/** May an account do this there? */
export function allowed(account: StoredAccount, privilege: string, database: string, table?: string): boolean {
  if (database === 'information_schema') return true;
  return account.grants.some(
    (grant) =>
      (grant.privileges.includes('ALL') ||
        grant.privileges.some((one) => one === privilege || one.startsWith(`${privilege} (`))) &&
      (grant.database === '*' || like(grant.database, database)) &&
      (grant.table === '*' || grant.table === table),
  );
}

/** Has it any privilege on a database? */
export const sees = ({ grants }: StoredAccount, database: string): boolean =>
  database === 'information_schema' ||
  grants.some((grant) =>
    grant.database === '*' ? !grant.privileges.includes('USAGE') : like(grant.database, database),
  );

/** What is stored of a password. */
export function hashesOf(password: string): Pick<StoredAccount, 'native' | 'sha2'> {
  if (password === '') return { native: '', sha2: '' };
  if (/^\*[0-9A-F]{40}$/.test(password)) return { native: password.slice(1).toLowerCase(), sha2: '' };
  const bytes = utf8ToBytes(password);
  return { native: bytesToHex(sha1(sha1(bytes))), sha2: bytesToHex(sha256(sha256(bytes))) };
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, index) => byte ^ (b[index] ?? 0));

/** What a client answers to the server's salt. */
export function scramble(plugin: string, password: string, salt: Uint8Array): Uint8Array {
  if (password === '') return new Uint8Array(0);
  const bytes = utf8ToBytes(password);
  if (plugin === 'caching_sha2_password') return xor(sha256(bytes), sha256(concatBytes(sha256(sha256(bytes)), salt)));
  return xor(sha1(bytes), sha1(concatBytes(salt, sha1(sha1(bytes)))));
}

/** Is it the right answer? */
export function verified(plugin: string, account: StoredAccount, answer: Uint8Array, salt: Uint8Array): boolean {
  const stored = plugin === 'caching_sha2_password' ? account.sha2 : account.native;
  if (stored === '') return answer.length === 0 && account.native === '';
  const hash = hexToBytes(stored);
  if (plugin === 'caching_sha2_password') {
    const once = xor(answer, sha256(concatBytes(hash, salt)));
    return answer.length === 32 && bytesToHex(sha256(once)) === stored;
  }
  const once = xor(answer, sha1(concatBytes(salt, hash)));
  return answer.length === 20 && bytesToHex(sha1(once)) === stored;
}
