import { array, bulk, error, integer, nil, simple, type Reply } from './protocol';
import type { Command } from './commands';
import { sortedSets, streams } from './ordered';
import { integerOf, span, type Store } from './store';

const text = (value: string | undefined): Reply => (value === undefined ? nil : bulk(value));
const bulks = (values: Iterable<string>): Reply => array([...values].map(bulk));

function push(left: boolean, mustExist: boolean): Command {
  return [
    2,
    Infinity,
    (store, [key = '', ...items]) => {
      const old = store.list(key);
      if (mustExist && old.length === 0) return integer(0);
      store.set(key, left ? [...items.reverse(), ...old] : [...old, ...items]);
      return integer(old.length + items.length);
    },
  ];
}

function pop(left: boolean): Command {
  return [
    1,
    2,
    (store, [key = '', count]) => {
      const list = [...store.list(key)];
      if (list.length === 0) return nil;
      const many = count === undefined ? 1 : integerOf(count);
      const taken = left ? list.splice(0, many) : list.splice(Math.max(0, list.length - many)).reverse();
      store.set(key, list);
      return count === undefined ? text(taken[0]) : bulks(taken);
    },
  ];
}

function move(store: Store, from: string, to: string, left: boolean, toLeft: boolean): Reply {
  const list = [...store.list(from)];
  const item = left ? list.shift() : list.pop();
  if (item === undefined) return nil;
  store.set(from, list);
  const other = store.list(to);
  store.set(to, toLeft ? [item, ...other] : [...other, item]);
  return bulk(item);
}

const at = (list: readonly string[], index: number): number => (index < 0 ? list.length + index : index);

const lists: Readonly<Record<string, Command>> = {
  lpush: push(true, false),
  rpush: push(false, false),
  lpushx: push(true, true),
  rpushx: push(false, true),
  lpop: pop(true),
  rpop: pop(false),
  llen: [1, 1, (store, [key = '']) => integer(store.list(key).length)],
  lrange: [3, 3, (store, [key = '', from, to]) => bulks(span(store.list(key), from, to))],
  lindex: [2, 2, (store, [key = '', index]) => text(store.list(key)[at(store.list(key), integerOf(index))])],
  lset: [
    3,
    3,
    (store, [key = '', index, value = '']) => {
      const list = [...store.list(key)];
      if (list.length === 0) return error('ERR no such key');
      const place = at(list, integerOf(index));
      if (place < 0 || place >= list.length) return error('ERR index out of range');
      list[place] = value;
      store.set(key, list);
      return simple('OK');
    },
  ],
  linsert: [
    4,
    4,
    (store, [key = '', where = '', pivot = '', value = '']) => {
      const list = [...store.list(key)];
      if (list.length === 0) return integer(0);
      const place = list.indexOf(pivot);
      if (place < 0) return integer(-1);
      list.splice(where.toUpperCase() === 'BEFORE' ? place : place + 1, 0, value);
      store.set(key, list);
      return integer(list.length);
    },
  ],
  lrem: [
    3,
    3,
    (store, [key = '', count, value = '']) => {
      const wanted = integerOf(count);
      const list = wanted < 0 ? [...store.list(key)].reverse() : store.list(key);
      let left = wanted === 0 ? Infinity : Math.abs(wanted);
      const kept = list.filter((item) => item !== value || left-- <= 0);
      store.set(key, wanted < 0 ? kept.reverse() : kept);
      return integer(list.length - kept.length);
    },
  ],
  ltrim: [3, 3, (store, [key = '', from, to]) => (store.set(key, [...span(store.list(key), from, to)]), simple('OK'))],
  rpoplpush: [2, 2, (store, [from = '', to = '']) => move(store, from, to, false, true)],
  lmove: [
    4,
    4,
    (store, [from = '', to = '', a = '', b = '']) =>
      move(store, from, to, a.toUpperCase() === 'LEFT', b.toUpperCase() === 'LEFT'),
  ],
};

const hset: Command = [
  3,
  Infinity,
  (store, [key = '', ...pairs]) => {
    if (pairs.length % 2 === 1) return error("ERR wrong number of arguments for 'hset' command");
    const hash = store.hash(key);
    const before = hash.size;
    for (let index = 0; index < pairs.length; index += 2) hash.set(pairs[index] ?? '', pairs[index + 1] ?? '');
    store.set(key, hash);
    return integer(hash.size - before);
  },
];

const hashes: Readonly<Record<string, Command>> = {
  hset,
  hmset: [3, Infinity, (store, args) => (hset[2](store, args), simple('OK'))],
  hget: [2, 2, (store, [key = '', field = '']) => text(store.hash(key).get(field))],
  hmget: [
    2,
    Infinity,
    (store, [key = '', ...fields]) => array(fields.map((field) => text(store.hash(key).get(field)))),
  ],
  hgetall: [1, 1, (store, [key = '']) => bulks([...store.hash(key)].flat())],
  hdel: [
    2,
    Infinity,
    (store, [key = '', ...fields]) => {
      const hash = store.hash(key);
      const gone = fields.filter((field) => hash.delete(field)).length;
      store.set(key, hash);
      return integer(gone);
    },
  ],
  hlen: [1, 1, (store, [key = '']) => integer(store.hash(key).size)],
  hkeys: [1, 1, (store, [key = '']) => bulks(store.hash(key).keys())],
  hvals: [1, 1, (store, [key = '']) => bulks(store.hash(key).values())],
  hexists: [2, 2, (store, [key = '', field = '']) => integer(store.hash(key).has(field) ? 1 : 0)],
  hsetnx: [
    3,
    3,
    (store, [key = '', field = '', value = '']) =>
      store.hash(key).has(field) ? integer(0) : hset[2](store, [key, field, value]),
  ],
  hincrby: [
    3,
    3,
    (store, [key = '', field = '', by]) => {
      const hash = store.hash(key);
      const old = hash.get(field) ?? '0';
      const amount = integerOf(by);
      if (!/^-?\d+$/.test(old)) return error('ERR hash value is not an integer');
      hash.set(field, String(Number(old) + amount));
      store.set(key, hash);
      return integer(Number(old) + amount);
    },
  ],
};

function combined(kind: 'inter' | 'union' | 'diff', store: Store, keys: readonly string[]): Set<string> {
  const [first = new Set<string>(), ...others] = keys.map((key) => store.members(key));
  if (kind === 'union') return new Set([first, ...others].flatMap((set) => [...set]));
  return new Set(
    [...first].filter((one) =>
      kind === 'inter' ? others.every((set) => set.has(one)) : !others.some((set) => set.has(one)),
    ),
  );
}

const combine = (kind: 'inter' | 'union' | 'diff'): Command => [
  1,
  Infinity,
  (store, keys) => bulks(combined(kind, store, keys)),
];
const combineInto = (kind: 'inter' | 'union' | 'diff'): Command => [
  2,
  Infinity,
  (store, [to = '', ...keys]) => {
    const result = combined(kind, store, keys);
    store.set(to, result);
    return integer(result.size);
  },
];

const sets: Readonly<Record<string, Command>> = {
  sadd: [
    2,
    Infinity,
    (store, [key = '', ...members]) => {
      const set = store.members(key);
      const before = set.size;
      for (const member of members) set.add(member);
      store.set(key, set);
      return integer(set.size - before);
    },
  ],
  srem: [
    2,
    Infinity,
    (store, [key = '', ...members]) => {
      const set = store.members(key);
      const gone = members.filter((member) => set.delete(member)).length;
      store.set(key, set);
      return integer(gone);
    },
  ],
  smembers: [1, 1, (store, [key = '']) => bulks(store.members(key))],
  scard: [1, 1, (store, [key = '']) => integer(store.members(key).size)],
  sismember: [2, 2, (store, [key = '', member = '']) => integer(store.members(key).has(member) ? 1 : 0)],
  smismember: [
    2,
    Infinity,
    (store, [key = '', ...members]) => array(members.map((one) => integer(store.members(key).has(one) ? 1 : 0))),
  ],
  sinter: combine('inter'),
  sunion: combine('union'),
  sdiff: combine('diff'),
  sinterstore: combineInto('inter'),
  sunionstore: combineInto('union'),
  sdiffstore: combineInto('diff'),
};

/** Lists, hashes, sets, sorted sets, streams. */
export const collections: Readonly<Record<string, Command>> = {
  ...lists,
  ...hashes,
  ...sets,
  ...sortedSets,
  ...streams,
};
