import { array, bulk, error, integer, nil, simple, type Reply } from './protocol';

type Value = string | string[] | Map<string, string> | Set<string>;

const wrongType = error('WRONGTYPE Operation against a key holding the wrong kind of value');
const notInteger = error('ERR value is not an integer or out of range');

/** The keys of one server, and the commands on them. */
export class Store {
  readonly #values = new Map<string, Value>();
  readonly #expires = new Map<string, number>();

  constructor(readonly now: () => number) {}

  run([name = '', ...args]: readonly string[]): Reply {
    const command = commands[name.toLowerCase()];
    if (command === undefined) {
      const shown = args.map((arg) => `'${arg}' `).join('');
      return error(`ERR unknown command '${name}', with args beginning with: ${shown}`);
    }
    const [least, most, act] = command;
    if (args.length < least || args.length > most)
      return error(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
    return act(this, args);
  }

  get(key: string): Value | undefined {
    const until = this.#expires.get(key);
    if (until !== undefined && until <= this.now()) this.delete(key);
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.set(key, value);
  }

  delete(key: string): boolean {
    this.#expires.delete(key);
    return this.#values.delete(key);
  }

  expire(key: string, at: number | undefined): void {
    if (at === undefined) this.#expires.delete(key);
    else this.#expires.set(key, at);
  }

  expiry(key: string): number | undefined {
    return this.#expires.get(key);
  }

  keys(): readonly string[] {
    return [...this.#values.keys()].filter((key) => this.get(key) !== undefined);
  }

  clear(): void {
    this.#values.clear();
    this.#expires.clear();
  }
}

type Command = readonly [least: number, most: number, act: (store: Store, args: readonly string[]) => Reply];

function increment(store: Store, key: string, by: number): Reply {
  const old = store.get(key) ?? '0';
  if (typeof old !== 'string') return wrongType;
  if (!/^-?\d+$/.test(old) || !Number.isInteger(by)) return notInteger;
  const value = Number(old) + by;
  store.set(key, String(value));
  return integer(value);
}

function push(store: Store, [key = '', ...items]: readonly string[], left: boolean): Reply {
  const old = store.get(key) ?? [];
  if (!Array.isArray(old)) return wrongType;
  store.set(key, left ? [...items.reverse(), ...old] : [...old, ...items]);
  return integer(old.length + items.length);
}

function typeOf(value: Value | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return 'string';
  return Array.isArray(value) ? 'list' : value instanceof Map ? 'hash' : 'set';
}

function glob(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`);
}

function setCommand(store: Store, [key = '', value = '', ...options]: readonly string[]): Reply {
  const words = options.map((option) => option.toUpperCase());
  const exists = store.get(key) !== undefined;
  if ((words.includes('NX') && exists) || (words.includes('XX') && !exists)) return nil;
  store.set(key, value);
  const [ex, px] = [words.indexOf('EX'), words.indexOf('PX')];
  const ms = ex >= 0 ? Number(words[ex + 1]) * 1000 : px >= 0 ? Number(words[px + 1]) : undefined;
  store.expire(key, ms === undefined ? undefined : store.now() + ms);
  return simple('OK');
}

/** What the server can do; what needs the connection or the clock of the process stands in `server.ts`. */
const commands: Readonly<Record<string, Command>> = {
  ping: [0, 1, (_store, [text]) => (text === undefined ? simple('PONG') : bulk(text))],
  echo: [1, 1, (_store, [text = '']) => bulk(text)],
  set: [2, Infinity, setCommand],
  get: [
    1,
    1,
    (store, [key = '']) => {
      const value = store.get(key);
      if (value === undefined) return nil;
      return typeof value === 'string' ? bulk(value) : wrongType;
    },
  ],
  del: [
    1,
    Infinity,
    (store, keys) => integer(keys.filter((key) => store.get(key) !== undefined && store.delete(key)).length),
  ],
  exists: [1, Infinity, (store, keys) => integer(keys.filter((key) => store.get(key) !== undefined).length)],
  incr: [1, 1, (store, [key = '']) => increment(store, key, 1)],
  decr: [1, 1, (store, [key = '']) => increment(store, key, -1)],
  incrby: [2, 2, (store, [key = '', by = '']) => increment(store, key, Number(by))],
  decrby: [2, 2, (store, [key = '', by = '']) => increment(store, key, -Number(by))],
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
  type: [1, 1, (store, [key = '']) => simple(typeOf(store.get(key)))],
  dbsize: [0, 0, (store) => integer(store.keys().length)],
  flushall: [0, 1, (store) => (store.clear(), simple('OK'))],
  flushdb: [0, 1, (store) => (store.clear(), simple('OK'))],
  select: [1, 1, () => simple('OK')],
  expire: [
    2,
    2,
    (store, [key = '', seconds = '']) => {
      if (!/^-?\d+$/.test(seconds)) return notInteger;
      if (store.get(key) === undefined) return integer(0);
      store.expire(key, store.now() + Number(seconds) * 1000);
      return integer(1);
    },
  ],
  ttl: [
    1,
    1,
    (store, [key = '']) => {
      if (store.get(key) === undefined) return integer(-2);
      const until = store.expiry(key);
      return integer(until === undefined ? -1 : Math.round((until - store.now()) / 1000));
    },
  ],
  lpush: [2, Infinity, (store, args) => push(store, args, true)],
  rpush: [2, Infinity, (store, args) => push(store, args, false)],
  llen: [
    1,
    1,
    (store, [key = '']) => {
      const list = store.get(key) ?? [];
      return Array.isArray(list) ? integer(list.length) : wrongType;
    },
  ],
  lrange: [
    3,
    3,
    (store, [key = '', from = '0', to = '-1']) => {
      const list = store.get(key) ?? [];
      if (!Array.isArray(list)) return wrongType;
      const at = (text: string): number => (Number(text) < 0 ? list.length + Number(text) : Number(text));
      return array(list.slice(Math.max(0, at(from)), at(to) + 1).map(bulk));
    },
  ],
  hset: [
    3,
    Infinity,
    (store, [key = '', ...pairs]) => {
      const old = store.get(key) ?? new Map<string, string>();
      if (!(old instanceof Map)) return wrongType;
      const before = old.size;
      for (let index = 0; index + 1 < pairs.length; index += 2) old.set(pairs[index] ?? '', pairs[index + 1] ?? '');
      store.set(key, old);
      return integer(old.size - before);
    },
  ],
  hget: [
    2,
    2,
    (store, [key = '', field = '']) => {
      const hash = store.get(key) ?? new Map<string, string>();
      if (!(hash instanceof Map)) return wrongType;
      const value = hash.get(field);
      return value === undefined ? nil : bulk(value);
    },
  ],
  hgetall: [
    1,
    1,
    (store, [key = '']) => {
      const hash = store.get(key) ?? new Map<string, string>();
      return hash instanceof Map ? array([...hash].flatMap(([field, value]) => [bulk(field), bulk(value)])) : wrongType;
    },
  ],
  sadd: [
    2,
    Infinity,
    (store, [key = '', ...members]) => {
      const old = store.get(key) ?? new Set<string>();
      if (!(old instanceof Set)) return wrongType;
      const before = old.size;
      for (const member of members) old.add(member);
      store.set(key, old);
      return integer(old.size - before);
    },
  ],
  smembers: [
    1,
    1,
    (store, [key = '']) => {
      const set = store.get(key) ?? new Set<string>();
      return set instanceof Set ? array([...set].map(bulk)) : wrongType;
    },
  ],
};
