import { array, bulk, error, integer, nil, simple, type Reply } from './protocol';
import { collections } from './collections';
import {
  floatOf,
  glob,
  integerOf,
  notInteger,
  Refusal,
  refuse,
  shownFloat,
  Stream,
  SortedSet,
  span,
  typeOf,
  type Store,
} from './store';

/** Fewest and most arguments, and what is done with them. */
export type Command = readonly [least: number, most: number, act: (store: Store, args: readonly string[]) => Reply];

/** Runs a command on a database. */
export function run(store: Store, [name = '', ...args]: readonly string[]): Reply {
  const problem = faulty(name, args);
  if (problem !== undefined) return problem;
  try {
    return all[name.toLowerCase()]?.[2](store, args) ?? nil;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.reply;
    throw thrown;
  }
}

/** An unknown command, or one with too few or many arguments. */
export function faulty(
  name: string,
  args: readonly string[],
  others: Readonly<Record<string, number>> = {},
): Reply | undefined {
  const lower = name.toLowerCase();
  const known = all[lower];
  const least = known?.[0] ?? others[lower];
  if (least === undefined)
    return error(`ERR unknown command '${name}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}`);
  return args.length < least || args.length > (known?.[1] ?? Infinity)
    ? error(`ERR wrong number of arguments for '${lower}' command`)
    : undefined;
}

function increment(store: Store, key: string, by: number): Reply {
  const old = store.string(key) ?? '0';
  if (!/^-?\d+$/.test(old)) refuse(notInteger);
  const value = Number(old) + by;
  if (!Number.isFinite(value) || Math.abs(value) > 9.223372036854776e18)
    refuse('ERR increment or decrement would overflow');
  store.set(key, String(value));
  return integer(value);
}

function setCommand(store: Store, [key = '', value = '', ...options]: readonly string[]): Reply {
  const words = options.map((option) => option.toUpperCase());
  const old = words.includes('GET') ? store.string(key) : undefined;
  const exists = store.has(key);
  let until: number | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (['NX', 'XX', 'GET', 'KEEPTTL'].includes(word)) continue;
    if (!['EX', 'PX', 'EXAT', 'PXAT'].includes(word) || words[index + 1] === undefined)
      return error('ERR syntax error');
    const amount = integerOf(words[++index]);
    if (amount <= 0) return error("ERR invalid expire time in 'set' command");
    until =
      word === 'EX'
        ? store.now() + amount * 1000
        : word === 'PX'
          ? store.now() + amount
          : word === 'EXAT'
            ? amount * 1000
            : amount;
  }
  const answer = words.includes('GET') ? (old === undefined ? nil : bulk(old)) : undefined;
  if (words.includes('NX') && words.includes('XX')) return error('ERR syntax error');
  if ((words.includes('NX') && exists) || (words.includes('XX') && !exists)) return answer ?? nil;
  store.set(key, value);
  if (until !== undefined) store.expires.set(key, until);
  else if (!words.includes('KEEPTTL')) store.expires.delete(key);
  return answer ?? simple('OK');
}

function expire(unit: number, absolute: boolean): Command {
  return [
    2,
    3,
    (store, [key = '', amount, option = '']) => {
      const at = integerOf(amount) * unit + (absolute ? 0 : store.now());
      if (!store.has(key)) return integer(0);
      const old = store.expires.get(key);
      const word = option.toUpperCase();
      if ((word === 'NX' && old !== undefined) || (word === 'XX' && old === undefined)) return integer(0);
      if ((word === 'GT' && at <= (old ?? Infinity)) || (word === 'LT' && at >= (old ?? Infinity))) return integer(0);
      if (at <= store.now()) store.delete(key);
      else store.expires.set(key, at);
      store.changes++;
      return integer(1);
    },
  ];
}

function remaining(unit: number, absolute: boolean): Command {
  return [
    1,
    1,
    (store, [key = '']) => {
      if (!store.has(key)) return integer(-2);
      const until = store.expires.get(key);
      return integer(until === undefined ? -1 : Math.round((until - (absolute ? 0 : store.now())) / unit));
    },
  ];
}

const text = (value: string | undefined): Reply => (value === undefined ? nil : bulk(value));

function encoding(value: ReturnType<Store['get']>): string {
  if (typeof value === 'string') return /^-?\d{1,19}$/.test(value) ? 'int' : value.length <= 44 ? 'embstr' : 'raw';
  if (value instanceof Stream) return 'stream';
  if (value instanceof SortedSet) return value.size <= 128 ? 'listpack' : 'skiplist';
  if (value instanceof Set)
    return [...value].every((one) => /^-?\d+$/.test(one)) && value.size <= 512
      ? 'intset'
      : value.size <= 128
        ? 'listpack'
        : 'hashtable';
  if (value instanceof Map) return value.size <= 128 ? 'listpack' : 'hashtable';
  return 'listpack';
}

function rename(store: Store, from: string, to: string): void {
  const value = store.get(from);
  if (value === undefined) return refuse('ERR no such key');
  const until = store.expires.get(from);
  store.delete(from);
  store.delete(to);
  store.set(to, value);
  if (until !== undefined) store.expires.set(to, until);
}

const copyOf = (value: ReturnType<Store['get']>) =>
  value === undefined || typeof value === 'string' ? value : structuredClone(value);

const strings: Readonly<Record<string, Command>> = {
  set: [2, Infinity, setCommand],
  get: [1, 1, (store, [key = '']) => text(store.string(key))],
  setnx: [2, 2, (store, [key = '', value = '']) => (store.has(key) ? integer(0) : (store.set(key, value), integer(1)))],
  setex: [3, 3, (store, [key = '', seconds = '', value = '']) => setCommand(store, [key, value, 'EX', seconds])],
  psetex: [3, 3, (store, [key = '', ms = '', value = '']) => setCommand(store, [key, value, 'PX', ms])],
  getset: [
    2,
    2,
    (store, [key = '', value = '']) => {
      const old = store.string(key);
      setCommand(store, [key, value]);
      return text(old);
    },
  ],
  getdel: [
    1,
    1,
    (store, [key = '']) => {
      const old = store.string(key);
      if (old !== undefined) store.delete(key);
      return text(old);
    },
  ],
  getex: [
    1,
    3,
    (store, [key = '', option = '', amount]) => {
      const old = store.string(key);
      const word = option.toUpperCase();
      if (old !== undefined && word === 'EX') store.expires.set(key, store.now() + integerOf(amount) * 1000);
      if (old !== undefined && word === 'PX') store.expires.set(key, store.now() + integerOf(amount));
      if (word === 'PERSIST') store.expires.delete(key);
      return text(old);
    },
  ],
  mset: [
    2,
    Infinity,
    (store, args) => {
      if (args.length % 2 === 1) return error("ERR wrong number of arguments for 'mset' command");
      for (let at = 0; at < args.length; at += 2) setCommand(store, [args[at] ?? '', args[at + 1] ?? '']);
      return simple('OK');
    },
  ],
  mget: [
    1,
    Infinity,
    (store, keys) =>
      array(
        keys.map((key) => {
          const value = store.get(key);
          return typeof value === 'string' ? bulk(value) : nil;
        }),
      ),
  ],
  append: [
    2,
    2,
    (store, [key = '', more = '']) => {
      const value = (store.string(key) ?? '') + more;
      store.set(key, value);
      return integer(value.length);
    },
  ],
  strlen: [1, 1, (store, [key = '']) => integer(new TextEncoder().encode(store.string(key) ?? '').length)],
  getrange: [3, 3, (store, [key = '', from, to]) => bulk(span([...(store.string(key) ?? '')], from, to).join(''))],
  setrange: [
    3,
    3,
    (store, [key = '', offset, value = '']) => {
      const at = integerOf(offset);
      const old = (store.string(key) ?? '').padEnd(at, '\0');
      store.set(key, old.slice(0, at) + value + old.slice(at + value.length));
      return integer(Math.max(old.length, at + value.length));
    },
  ],
  incr: [1, 1, (store, [key = '']) => increment(store, key, 1)],
  decr: [1, 1, (store, [key = '']) => increment(store, key, -1)],
  incrby: [2, 2, (store, [key = '', by]) => increment(store, key, integerOf(by))],
  decrby: [2, 2, (store, [key = '', by]) => increment(store, key, -integerOf(by))],
  incrbyfloat: [
    2,
    2,
    (store, [key = '', by]) => {
      const value = shownFloat(Number((floatOf(store.string(key) ?? '0') + floatOf(by)).toPrecision(15)));
      store.set(key, value);
      return bulk(value);
    },
  ],
};

const keyspace: Readonly<Record<string, Command>> = {
  ping: [0, 1, (_store, [said]) => (said === undefined ? simple('PONG') : bulk(said))],
  echo: [1, 1, (_store, [said = '']) => bulk(said)],
  del: [1, Infinity, (store, keys) => integer(keys.filter((key) => store.has(key) && store.delete(key)).length)],
  unlink: [1, Infinity, (store, keys) => integer(keys.filter((key) => store.has(key) && store.delete(key)).length)],
  exists: [1, Infinity, (store, keys) => integer(keys.filter((key) => store.has(key)).length)],
  touch: [1, Infinity, (store, keys) => integer(keys.filter((key) => store.has(key)).length)],
  keys: [
    1,
    1,
    (store, [pattern = '*']) =>
      array(
        store
          .keys()
          .filter((key) => glob(pattern).test(key))
          .map(bulk),
      ),
  ],
  scan: [
    1,
    Infinity,
    (store, [cursor = '', ...options]) => {
      if (!/^\d+$/.test(cursor)) return error('ERR invalid cursor');
      const option = (name: string) => options[options.findIndex((word) => word.toUpperCase() === name) + 1];
      const has = (name: string): boolean => options.some((word) => word.toUpperCase() === name);
      const count = has('COUNT') ? integerOf(option('COUNT')) : 10;
      const shape = glob(has('MATCH') ? (option('MATCH') ?? '*') : '*');
      const keys = store.keys();
      const end = Number(cursor) + count;
      const page = keys
        .slice(Number(cursor), end)
        .filter((key) => shape.test(key) && (!has('TYPE') || typeOf(store.get(key)) === option('TYPE')));
      return array([bulk(end < keys.length ? String(end) : '0'), array(page.map(bulk))]);
    },
  ],
  randomkey: [0, 0, (store) => text(store.keys()[0])],
  type: [1, 1, (store, [key = '']) => simple(typeOf(store.get(key)))],
  rename: [2, 2, (store, [from = '', to = '']) => (rename(store, from, to), simple('OK'))],
  renamenx: [
    2,
    2,
    (store, [from = '', to = '']) => (store.has(to) ? integer(0) : (rename(store, from, to), integer(1))),
  ],
  copy: [
    2,
    Infinity,
    (store, [from = '', to = '', replace = '']) => {
      const value = copyOf(store.get(from));
      if (value === undefined || (store.has(to) && replace.toUpperCase() !== 'REPLACE')) return integer(0);
      store.set(to, value);
      return integer(1);
    },
  ],
  dbsize: [0, 0, (store) => integer(store.keys().length)],
  flushdb: [0, 1, (store) => (store.clear(), simple('OK'))],
  expire: expire(1000, false),
  pexpire: expire(1, false),
  expireat: expire(1000, true),
  pexpireat: expire(1, true),
  ttl: remaining(1000, false),
  pttl: remaining(1, false),
  expiretime: remaining(1000, true),
  pexpiretime: remaining(1, true),
  persist: [1, 1, (store, [key = '']) => integer(store.has(key) && store.expires.delete(key) ? 1 : 0)],
  object: [
    1,
    Infinity,
    (store, [what = '', key = '']) => {
      const value = store.get(key);
      if (value === undefined) return nil;
      return what.toLowerCase() === 'encoding'
        ? bulk(encoding(value))
        : integer(what.toLowerCase() === 'refcount' ? 1 : 0);
    },
  ],
  wait: [2, 2, () => integer(0)],
};

const all: Readonly<Record<string, Command>> = { ...strings, ...keyspace, ...collections };
