import { readJson, JsonParseError } from './read';
import { pathArray } from './compile';
import { dates } from './dates';
import { formatter, text } from './formats';
import { Halt, type Code, type Path, type Step } from './machine';
import { math } from './math';
import { arg, collect, computed, first, keysFor, of0, of1, of2, type Native } from './natives';
import {
  add,
  contains,
  deletePaths,
  fail,
  getPath,
  has,
  indices,
  keysOf,
  length,
  setPath,
  short,
  split,
  values,
} from './operations';
import { compact } from './print';
import { matches, type Match } from './regex';
import {
  compare,
  equal,
  isArray,
  isNumber,
  isObject,
  JqError,
  numberOf,
  truthy,
  typeOf,
  type Json,
  type JsonArray,
} from './values';

const plainText = (value: Json, name: string): string =>
  typeof value === 'string' ? value : fail(`${name} input must be a string`);

const map = (entries: readonly (readonly [string, Json])[]): Json => new Map(entries);

function captured({ offset, length: size, string, captures }: Match): Json {
  const list = captures.map((one) =>
    map(
      one.string === null
        ? [
            ['offset', one.offset],
            ['string', null],
            ['length', 0],
            ['name', one.name],
          ]
        : [
            ['offset', one.offset],
            ['length', one.length],
            ['string', one.string],
            ['name', one.name],
          ],
    ),
  );
  return map([
    ['offset', offset],
    ['length', size],
    ['string', string],
    ['captures', list],
  ]);
}

const sortable = (value: Json): JsonArray =>
  isArray(value) ? value : fail(`${short(value)} cannot be sorted, as it is not an array`);

const iterable = (value: Json): JsonArray =>
  isArray(value) ? value : fail(`${short(value)} and ${short(value)} cannot be iterated over`);

interface Keyed {
  readonly item: Json;
  readonly key: JsonArray;
}

/** A function that orders its input's items by the results of its argument: jq's `f(map([g]))`. */
const by =
  (f: (sorted: readonly Keyed[]) => Json, what: string): Native =>
  (args) =>
  (machine, env, value, path, next) =>
    keysFor(machine, arg(args, 0), env, values(value), (keys) => {
      if (!isArray(value))
        return fail(`${short(value)} and ${short(keys)} cannot be ${what}, as they are not both arrays`);
      const keyed = value.map((item, at) => ({ item, key: keys[at] ?? [] }));
      return next(f(keyed), computed(path));
    });

const ordered = (keyed: readonly Keyed[]): Keyed[] => keyed.toSorted((a, b) => compare(a.key, b.key));

function groups(keyed: readonly Keyed[]): Keyed[][] {
  const all: Keyed[][] = [];
  for (const one of ordered(keyed)) {
    const last = all.at(-1)?.[0];
    if (last !== undefined && compare(last.key, one.key) === 0) all.at(-1)?.push(one);
    else all.push([one]);
  }
  return all;
}

/** The least item (the first of equal ones) or the greatest (the last). */
const extreme =
  (greatest: boolean) =>
  (keyed: readonly Keyed[]): Json => {
    let best: Keyed | undefined;
    for (const one of keyed) {
      const order = best === undefined ? 0 : compare(one.key, best.key);
      if (best === undefined || (greatest ? order >= 0 : order < 0)) best = one;
    }
    return best?.item ?? null;
  };

const self = (value: Json): readonly Keyed[] => sortable(value).map((item) => ({ item, key: [item] }));

function flatten(value: Json, depth: number): JsonArray {
  if (!isArray(value) && !isObject(value)) return fail(`Cannot iterate over ${short(value)}`);
  const items = isArray(value) ? value : [...value.values()];
  return items.flatMap((item) => (isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function tonumber(value: Json): Json {
  if (isNumber(value)) return value;
  if (typeof value !== 'string') return fail(`${short(value)} cannot be parsed as a number`);
  const read = parsed(value);
  return isNumber(read) ? read : fail(`${short(value)} cannot be parsed as a number`);
}

function parsed(value: string): Json {
  try {
    const read = readJson(value);
    return read === undefined ? fail(`Expected JSON value (while parsing '${value}')`) : read;
  } catch (error) {
    if (error instanceof JsonParseError) return fail(`${error.message} (while parsing '${value}')`);
    throw error;
  }
}

const strings = (name: string, f: (value: string, other: string) => Json): Native =>
  of1((value, other) =>
    typeof value === 'string' && typeof other === 'string' ? f(value, other) : fail(`${name}() requires string inputs`),
  );

const trim = (pattern: RegExp): Native =>
  of0((value) => (typeof value === 'string' ? value.replace(pattern, '') : fail(`${short(value)} cannot be trimmed`)));

function tojoin(value: Json, separator: Json): Json {
  if (!isArray(value) && !isObject(value)) return fail(`Cannot iterate over ${short(value)}`);
  const items = isArray(value) ? value : [...value.values()];
  if (items.length === 0) return '';
  let result: Json = null;
  for (const item of items) {
    const piece = item === null ? '' : typeof item === 'boolean' || isNumber(item) ? text(item) : item;
    result = result === null ? add('', piece) : add(add(result, separator), piece);
  }
  return result;
}

/** Functions written in TypeScript, by name and number of arguments. */
export const natives: Readonly<Record<string, Native>> = {
  ...math,
  ...dates,
  'empty/0': () => () => undefined,
  'error/0': of0((value) => {
    throw new JqError(value);
  }),
  'error/1': of1((_, message) => {
    throw new JqError(message);
  }),
  'not/0': of0((value) => !truthy(value)),
  'length/0': of0(length),
  'utf8bytelength/0': of0((value) =>
    typeof value === 'string'
      ? new TextEncoder().encode(value).length
      : fail(`${short(value)} only strings have UTF-8 byte length`),
  ),
  'keys/0': of0((value) => keysOf(value, true)),
  'keys_unsorted/0': of0((value) => keysOf(value, false)),
  'has/1': of1(has),
  'contains/1': of1(contains),
  'type/0': of0(typeOf),
  'tostring/0': of0(text),
  'tojson/0': of0(compact),
  'fromjson/0': of0((value) =>
    typeof value === 'string' ? parsed(value) : fail(`${short(value)} cannot be parsed as JSON`),
  ),
  'tonumber/0': of0(tonumber),
  'toarray/0': of0((value) => (isArray(value) ? value : [value])),
  'add/0': of0((value) => {
    if (isObject(value)) return [...value.values()].reduce(add, null);
    if (!isArray(value)) return fail(`Cannot iterate over ${short(value)}`);
    // Long lists of strings and arrays in one go, not one copy for each.
    if (value.length > 0 && value.every((item) => typeof item === 'string')) return value.join('');
    if (value.length > 0 && value.every((item) => isArray(item))) return value.flat();
    return value.reduce(add, null);
  }),
  'add/1': (args) => (machine, env, value, path, next) =>
    collect(machine, arg(args, 0), env, value, (items) => next(items.reduce(add, null), computed(path))),
  'range/1': range,
  'range/2': range,
  'range/3': range,
  'select/1': (args) => (machine, env, value, path, next) =>
    arg(args, 0)(machine, env, value, undefined, (one) => (truthy(one) ? next(value, path) : undefined)),
  'map/1': mapped,
  'path/1': (args) => (machine, env, value, path, next) =>
    arg(args, 0)(machine, env, value, 'root', (one, at) => next(pathArray(at, one), computed(path))),
  'getpath/1': (args) => (machine, env, value, path, next) =>
    arg(args, 0)(machine, env, value, undefined, (keys) => {
      if (!isArray(keys)) return fail('Path must be specified as an array');
      const found = getPath(value, keys);
      if (path === undefined) return next(found, undefined);
      if (path === 'invalid') return fail(`Invalid path expression with result ${compact(value)}`);
      let at = path;
      for (const key of keys) at = { parent: at === 'root' ? undefined : at, key };
      return next(found, at);
    }),
  'setpath/2': of2((value, keys, to) =>
    isArray(keys) ? setPath(value, keys, to) : fail('Path must be specified as an array'),
  ),
  'delpaths/1': of1(deletePaths),
  'first/1': (args) => (machine, env, value, path, next) => first(machine, arg(args, 0), env, value, path, next),
  'isempty/1': (args) => (machine, env, value, path, next) => {
    let any = false;
    const { depth } = machine;
    machine.later(() => (any ? undefined : next(true, computed(path))));
    return arg(args, 0)(machine, env, value, undefined, () => {
      any = true;
      machine.cut(depth);
      return next(false, computed(path));
    });
  },
  'limit/2': (args) => (machine, env, value, path, next) =>
    arg(args, 0)(machine, env, value, undefined, (count) => {
      const wanted = isNumber(count) ? numberOf(count) : Infinity;
      if (wanted === 0) return undefined;
      let seen = 0;
      const { depth } = machine;
      return arg(args, 1)(machine, env, value, path, (one, at) => {
        if (wanted > 0 && ++seen >= wanted) machine.cut(depth);
        return next(one, at);
      });
    }),
  'skip/2': (args) => (machine, env, value, path, next) =>
    arg(args, 0)(machine, env, value, undefined, (count) => {
      let left = isNumber(count) ? numberOf(count) : 0;
      return arg(args, 1)(machine, env, value, path, (one, at) => (left-- > 0 ? undefined : next(one, at)));
    }),
  'last/1': (args) => (machine, env, value, path, next) => {
    let found: { readonly one: Json; readonly at: Path } | undefined;
    machine.later(() => (found === undefined ? undefined : next(found.one, found.at)));
    return arg(args, 0)(machine, env, value, path, (one, at) => {
      found = { one, at };
      return undefined;
    });
  },
  'sort/0': of0((value) => sortable(value).toSorted(compare)),
  'sort_by/1': by((keyed) => ordered(keyed).map(({ item }) => item), 'sorted'),
  'group_by/1': by((keyed) => groups(keyed).map((group) => group.map(({ item }) => item)), 'grouped'),
  'unique_by/1': by((keyed) => groups(keyed).map((group) => group[0]?.item ?? null), 'sorted'),
  'unique/0': of0((value) => groups(self(values(value))).map((group) => group[0]?.item ?? null)),
  'min/0': of0((value) => extreme(false)(self(iterable(value)))),
  'max/0': of0((value) => extreme(true)(self(iterable(value)))),
  'min_by/1': by(extreme(false), 'iterated over'),
  'max_by/1': by(extreme(true), 'iterated over'),
  'reverse/0': of0((value) => {
    if (value === null) return [];
    if (value === '' || value === 0 || (isObject(value) && value.size === 0)) return [];
    if (typeof value === 'boolean') length(value);
    return isArray(value) ? value.toReversed() : fail(`Cannot index ${typeOf(value)} with number`);
  }),
  'flatten/0': of0((value) => flatten(value, Infinity)),
  'flatten/1': of1((value, depth) => {
    if (!isNumber(depth)) return fail('flatten depth must not be negative');
    return numberOf(depth) < 0 ? fail('flatten depth must not be negative') : flatten(value, numberOf(depth));
  }),
  'indices/1': of1(indices),
  'index/1': of1((value, part) => {
    const found = indices(value, part);
    return isArray(found) ? (found[0] ?? null) : found;
  }),
  'rindex/1': of1((value, part) => {
    const found = indices(value, part);
    return isArray(found) ? (found.at(-1) ?? null) : found;
  }),
  'join/1': of1(tojoin),
  'split/1': of1((value, separator) =>
    typeof value === 'string' && typeof separator === 'string'
      ? split(value, separator)
      : fail('split input and separator must be strings'),
  ),
  'startswith/1': strings('startswith', (value, other) => value.startsWith(other)),
  'endswith/1': strings('endswith', (value, other) => value.endsWith(other)),
  'ltrimstr/1': of1((value, other) =>
    typeof value === 'string' && typeof other === 'string' && value.startsWith(other)
      ? value.slice(other.length)
      : value,
  ),
  'rtrimstr/1': of1((value, other) =>
    typeof value === 'string' && typeof other === 'string' && other !== '' && value.endsWith(other)
      ? value.slice(0, -other.length)
      : value,
  ),
  'trim/0': trim(/^\s+|\s+$/g),
  'ltrim/0': trim(/^\s+/),
  'rtrim/0': trim(/\s+$/),
  'ascii_downcase/0': of0((value) => plainText(value, 'explode').replace(/[A-Z]/g, (char) => char.toLowerCase())),
  'ascii_upcase/0': of0((value) => plainText(value, 'explode').replace(/[a-z]/g, (char) => char.toUpperCase())),
  'explode/0': of0((value) => [...plainText(value, 'explode')].map((char) => char.codePointAt(0) ?? 0)),
  'implode/0': of0((value) => {
    if (!isArray(value)) return fail('implode input must be an array');
    return value
      .map((code) =>
        isNumber(code)
          ? String.fromCodePoint(Math.trunc(numberOf(code)))
          : fail(`${short(code)} can't be imploded, unicode codepoint needs to be numeric`),
      )
      .join('');
  }),
  'tostream/0': () => (machine, _env, value, path, next) => {
    const events = [...stream(value, [])];
    const from = (at: number): Step => {
      const event = events[at];
      if (event === undefined) return undefined;
      machine.later(() => from(at + 1));
      return next(event, computed(path));
    };
    return from(0);
  },
  'env/0': of0((_, machine) => new Map(machine.surroundings.env)),
  'builtins/0': of0(() => Object.keys(natives)),
  'input_filename/0': of0((_, machine) => machine.surroundings.inputName() ?? null),
  'input_line_number/0': of0((_, machine) => machine.surroundings.inputLine()),
  'input/0': () => (machine, _env, _value, path, next) => {
    const given = (one: Json | undefined) => (one === undefined ? fail('break') : next(one, computed(path)));
    const found = machine.surroundings.input();
    return found instanceof Promise ? machine.wait(found, given) : given(found);
  },
  'debug/0': () => (machine, _env, value, path, next) => {
    machine.surroundings.message(`${compact(['DEBUG:', value])}\n`);
    return next(value, path);
  },
  'debug/1': (args) => (machine, env, value, path, next) => {
    machine.later(() => next(value, path));
    return arg(args, 0)(machine, env, value, undefined, (message) => {
      machine.surroundings.message(`${compact(['DEBUG:', message])}\n`);
      return undefined;
    });
  },
  'stderr/0': () => (machine, _env, value, path, next) => {
    machine.surroundings.message(compact(value));
    return next(value, path);
  },
  'halt/0': of0(() => {
    throw new Halt(0, undefined);
  }),
  'halt_error/0': of0((value) => {
    throw new Halt(5, value);
  }),
  'halt_error/1': of1((value, status) => {
    if (!isNumber(status)) return fail(`${short(value)} halt_error/1: number required`);
    throw new Halt(numberOf(status), value);
  }),
  'format/1': of1((value, name) =>
    typeof name === 'string' ? formatter(`@${name}`)(value) : fail(`${short(name)} is not a valid format`),
  ),
  'test/1': of1((value, regex) => anyMatch(value, regex, null)),
  'test/2': of2((value, regex, flags) => anyMatch(value, regex, flags)),
  '_match/2': of2((value, regex, flags) => {
    const [pattern = null, own = null] = isArray(regex) ? regex : [regex, null];
    return matches(value, pattern, flags === null ? own : flags).map(captured);
  }),
  'bsearch/1': of1((value, wanted) => {
    const items = isArray(value) ? value : fail(`${short(value)} cannot be searched from`);
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(items[middle] ?? null, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low < items.length && equal(items[low] ?? null, wanted) ? low : -1 - low;
  }),
  'splits_parts/2': of2((value, regex, flags) => {
    const whole = typeof value === 'string' ? value : fail(`${short(value)} cannot be matched, as it is not a string`);
    const chars = [...whole];
    const pieces: string[] = [];
    let from = 0;
    for (const { offset, length: size } of matches(value, regex, typeof flags === 'string' ? `g${flags}` : 'g')) {
      pieces.push(chars.slice(from, offset).join(''));
      from = offset + size;
    }
    return [...pieces, chars.slice(from).join('')];
  }),
};

const anyMatch = (value: Json, regex: Json, flags: Json): boolean => {
  if (typeof regex !== 'string' && !isArray(regex)) return fail(`${typeOf(regex)} not a string or array`);
  const [pattern = null, own = null] = isArray(regex) ? regex : [regex, null];
  return matches(value, pattern, flags === null ? own : flags).length > 0;
};

/** map/1 without the detour over `[.[] | f]`. */
function mapped(args: readonly Code[]): Code {
  return (machine, env, value, path, next) => {
    const items = values(value);
    const results: Json[] = [];
    const from = (at: number): Step => {
      const item = items[at];
      if (item === undefined) return next(results, computed(path));
      machine.later(() => from(at + 1));
      return arg(args, 0)(machine, env, item, undefined, (one) => {
        results.push(one);
        return undefined;
      });
    };
    return from(0);
  };
}

/** range: numbers one by one. */
function range(args: readonly Code[]): Code {
  const [one, two, three] = args;
  return (machine, env, value, path, next) => {
    const run = (from: Json, to: Json, step: Json): Step => {
      if (!isNumber(from) || !isNumber(to) || !isNumber(step)) return fail('Range bounds must be numeric');
      const [end, by_] = [numberOf(to), numberOf(step)];
      const count = (at: number): Step => {
        if (by_ > 0 ? at >= end : by_ < 0 ? at <= end : true) return undefined;
        machine.later(() => count(at + by_));
        return next(at, computed(path));
      };
      return count(numberOf(from));
    };
    const each = (code: typeof one, otherwise: Json, then: (value: Json) => Step) =>
      code === undefined ? then(otherwise) : code(machine, env, value, undefined, then);
    if (two === undefined) return each(one, 0, (to) => run(0, to, 1));
    return each(one, 0, (from) => each(two, 0, (to) => each(three, 1, (step) => run(from, to, step))));
  };
}

/** The events of tostream. */
function* stream(value: Json, path: JsonArray): Generator<Json> {
  const children: readonly (readonly [Json, Json])[] = isArray(value)
    ? value.map((item, at) => [at, item] as const)
    : isObject(value)
      ? [...value]
      : [];
  if (children.length === 0) {
    yield [path, value];
  } else {
    for (const [key, item] of children) yield* stream(item, [...path, key]);
    yield [[...path, children.at(-1)?.[0] ?? null]];
  }
}
