import type { Command } from './commands';
import { array, bulk, error, integer, nil, type Reply } from './protocol';
import { floatOf, integerOf, refuse, shownFloat, span, Stream, type SortedSet, type Store } from './store';

const bulks = (values: Iterable<string>): Reply => array([...values].map(bulk));

type Scored = readonly (readonly [string, number])[];
const shown = (entries: Scored, scores: boolean): Reply =>
  bulks(entries.flatMap(([member, score]) => (scores ? [member, shownFloat(score)] : [member])));

function zadd(store: Store, [key = '', ...rest]: readonly string[]): Reply {
  const flags = new Set<string>();
  while (/^(NX|XX|GT|LT|CH|INCR)$/i.test(rest[0] ?? '')) flags.add((rest.shift() ?? '').toUpperCase());
  if (rest.length === 0 || rest.length % 2 === 1) return error('ERR syntax error');
  const set = store.sorted(key);
  let [added, changed] = [0, 0];
  const pairs = rest.flatMap((word, index) =>
    index % 2 === 0 ? [[floatOf(word), rest[index + 1] ?? ''] as const] : [],
  );
  for (const [score, member] of pairs) {
    const old = set.get(member);
    if ((flags.has('NX') && old !== undefined) || (flags.has('XX') && old === undefined)) continue;
    if (old !== undefined && ((flags.has('GT') && score <= old) || (flags.has('LT') && score >= old))) continue;
    if (old === undefined) added++;
    else if (old !== score) changed++;
    set.set(member, flags.has('INCR') ? (old ?? 0) + score : score);
  }
  store.set(key, set);
  return integer(added + (flags.has('CH') ? changed : 0));
}

/** `(5`, `-inf`, `5` as a test. */
function bound(word: string | undefined, low: boolean): (score: number) => boolean {
  const open = word?.startsWith('(') === true;
  const named = /^\(?[+-]?inf$|^\(?[-+]?[\d.e+-]+$/i.test(word ?? '');
  const value = named ? floatOf(open ? word?.slice(1) : word) : refuse('ERR min or max is not a float');
  return (score) => (low ? (open ? score > value : score >= value) : open ? score < value : score <= value);
}

function byScore(reverse: boolean): Command {
  return [
    3,
    Infinity,
    (store, [key = '', first, second, ...options]) => {
      const [low, high] = reverse
        ? [bound(second, true), bound(first, false)]
        : [bound(first, true), bound(second, false)];
      let found: Scored = store
        .sorted(key)
        .sorted()
        .filter(([, score]) => low(score) && high(score));
      if (reverse) found = [...found].reverse();
      const limit = options.findIndex((word) => word.toUpperCase() === 'LIMIT');
      if (limit >= 0) {
        const [offset, count] = [integerOf(options[limit + 1]), integerOf(options[limit + 2])];
        found = found.slice(offset, count < 0 ? undefined : offset + count);
      }
      return shown(
        found,
        options.some((word) => word.toUpperCase() === 'WITHSCORES'),
      );
    },
  ];
}

const byRank = (reverse: boolean): Command => [
  3,
  Infinity,
  (store, [key = '', from, to, ...options]) => {
    const words = options.map((word) => word.toUpperCase());
    if (words.includes('BYSCORE'))
      return byScore(words.includes('REV'))[2](store, [key, from ?? '', to ?? '', ...options]);
    const sorted = store.sorted(key).sorted();
    return shown(
      span(reverse || words.includes('REV') ? [...sorted].reverse() : sorted, from, to),
      words.includes('WITHSCORES'),
    );
  },
];

const rank = (reverse: boolean): Command => [
  2,
  2,
  (store, [key = '', member = '']) => {
    const sorted = store.sorted(key).sorted();
    const place = sorted.findIndex(([one]) => one === member);
    return place < 0 ? nil : integer(reverse ? sorted.length - 1 - place : place);
  },
];

const popped = (largest: boolean): Command => [
  1,
  2,
  (store, [key = '', count = '1']) => {
    const set: SortedSet = store.sorted(key);
    const sorted = largest ? [...set.sorted()].reverse() : set.sorted();
    const taken = sorted.slice(0, integerOf(count));
    for (const [member] of taken) set.delete(member);
    store.set(key, set);
    return shown(taken, true);
  },
];

/** Sorted sets. */
export const sortedSets: Readonly<Record<string, Command>> = {
  zadd: [3, Infinity, zadd],
  zrange: byRank(false),
  zrevrange: byRank(true),
  zrangebyscore: byScore(false),
  zrevrangebyscore: byScore(true),
  zscore: [
    2,
    2,
    (store, [key = '', member = '']) => {
      const score = store.sorted(key).get(member);
      return score === undefined ? nil : bulk(shownFloat(score));
    },
  ],
  zrank: rank(false),
  zrevrank: rank(true),
  zcard: [1, 1, (store, [key = '']) => integer(store.sorted(key).size)],
  zcount: [
    3,
    3,
    (store, [key = '', low, high]) => {
      const [above, below] = [bound(low, true), bound(high, false)];
      return integer([...store.sorted(key).values()].filter((score) => above(score) && below(score)).length);
    },
  ],
  zincrby: [
    3,
    3,
    (store, [key = '', by, member = '']) => {
      const set = store.sorted(key);
      const score = (set.get(member) ?? 0) + floatOf(by);
      set.set(member, score);
      store.set(key, set);
      return bulk(shownFloat(score));
    },
  ],
  zrem: [
    2,
    Infinity,
    (store, [key = '', ...members]) => {
      const set = store.sorted(key);
      const gone = members.filter((member) => set.delete(member)).length;
      store.set(key, set);
      return integer(gone);
    },
  ],
  zpopmin: popped(false),
  zpopmax: popped(true),
};

const invalidId = 'ERR Invalid stream ID specified as stream command argument';
const idParts = (id: string): readonly [number, number] => {
  const [, ms, sequence] = /^(\d+)(?:-(\d+))?$/.exec(id) ?? [];
  return ms === undefined ? refuse(invalidId) : [Number(ms), Number(sequence ?? 0)];
};
const after = (a: string, b: string): boolean => {
  const [[x, i], [y, j]] = [idParts(a), idParts(b)];
  return x > y || (x === y && i > j);
};
const entry = ({ id, fields }: Stream['entries'][number]): Reply => array([bulk(id), bulks(fields)]);

function xadd(store: Store, [key = '', ...rest]: readonly string[]): Reply {
  const stream = store.stream(key) ?? new Stream();
  const most = /^MAXLEN$/i.test(rest[0] ?? '')
    ? integerOf(rest.splice(0, /^[~=]$/.test(rest[1] ?? '') ? 3 : 2).at(-1))
    : Infinity;
  const [given = '', ...fields] = rest;
  if (fields.length === 0 || fields.length % 2 === 1) return error("ERR wrong number of arguments for 'xadd' command");
  const [ms, sequence] = idParts(stream.last);
  let id = given;
  if (given === '*') id = store.now() > ms ? `${store.now()}-0` : `${ms}-${sequence + 1}`;
  else if (given.endsWith('-*')) id = `${given.slice(0, -2)}-${Number(given.slice(0, -2)) === ms ? sequence + 1 : 0}`;
  else id = idParts(given).join('-');
  if (id === '0-0') return error('ERR The ID specified in XADD must be greater than 0-0');
  if (!after(id, stream.last))
    return error('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  stream.entries.push({ id, fields });
  stream.last = id;
  if (stream.entries.length > most) stream.entries.splice(0, stream.entries.length - most);
  store.set(key, stream);
  return bulk(id);
}

const ranged = (reverse: boolean): Command => [
  3,
  5,
  (store, [key = '', first = '-', second = '+', , count]) => {
    const [from, to] = reverse ? [second, first] : [first, second];
    const entries = (store.stream(key)?.entries ?? []).filter(
      ({ id }) =>
        (from === '-' || !after(from, id)) && (to === '+' || !after(id, to.includes('-') ? to : `${to}-999999999`)),
    );
    const ordered = reverse ? entries.reverse() : entries;
    return array(ordered.slice(0, count === undefined ? undefined : integerOf(count)).map(entry));
  },
];

/** Streams. */
export const streams: Readonly<Record<string, Command>> = {
  xadd: [4, Infinity, xadd],
  xlen: [1, 1, (store, [key = '']) => integer(store.stream(key)?.entries.length ?? 0)],
  xrange: ranged(false),
  xrevrange: ranged(true),
  xdel: [
    2,
    Infinity,
    (store, [key = '', ...ids]) => {
      const stream = store.stream(key);
      if (stream === undefined) return integer(0);
      const kept = stream.entries.filter(({ id }) => !ids.includes(id));
      const gone = stream.entries.length - kept.length;
      stream.entries.splice(0, stream.entries.length, ...kept);
      store.changes++;
      return integer(gone);
    },
  ],
  xread: [
    3,
    Infinity,
    (store, args) => {
      const place = args.findIndex((word) => word.toUpperCase() === 'STREAMS');
      const count = args.findIndex((word) => word.toUpperCase() === 'COUNT');
      const words = args.slice(place + 1);
      if (place < 0 || words.length % 2 === 1) return error('ERR syntax error');
      const most = count >= 0 && count < place ? integerOf(args[count + 1]) : undefined;
      const half = words.length / 2;
      const found = words.slice(0, half).flatMap((key, index) => {
        const from = words[half + index] ?? '0';
        const entries =
          from === '$' ? [] : (store.stream(key)?.entries ?? []).filter(({ id }) => after(id, from)).slice(0, most);
        return entries.length === 0 ? [] : [array([bulk(key), array(entries.map(entry))])];
      });
      return found.length === 0 ? nil : array(found);
    },
  ],
};
