import { format, sprint, sprintf, sprintln } from './fmt';
import { goJson } from './json';
import { GoError, GoStruct, isList, isMap, truth, typeName, type GoFunction, type GoValue } from './values';

/** A call that returned an error. */
const callError = (message: string): never => {
  throw new GoError(`error calling %name: ${message}`);
};
const arity = (args: readonly GoValue[], least: number, most = least): void => {
  if (args.length >= least && args.length <= most) return;
  const wanted = most === least ? `want ${least}` : `want at least ${least}`;
  throw new GoError(`wrong number of args for %name: ${wanted} got ${args.length}`);
};

/** The functions every Go template has. */
export const builtins: Readonly<Record<string, GoFunction>> = {
  and: (...args) => args.find((arg) => !truth(arg)) ?? args.at(-1),
  or: (...args) => args.find(truth) ?? args.at(-1),
  not: (...args) => {
    arity(args, 1);
    return !truth(args[0]);
  },
  len: (...args) => {
    arity(args, 1);
    return length(args[0]);
  },
  index: (...args) => {
    arity(args, 1, Infinity);
    return args.slice(1).reduce(index, args[0]);
  },
  slice: (...args) => {
    arity(args, 1, 4);
    return slice(args[0], args.slice(1));
  },
  print: (...args) => sprint(args),
  printf: (...args) => {
    arity(args, 1, Infinity);
    if (typeof args[0] !== 'string')
      throw new GoError(`wrong type for value; expected string; got ${typeName(args[0])}`);
    return sprintf(args[0], args.slice(1));
  },
  println: (...args) => sprintln(args),
  html: (...args) => sprint(args).replace(/[<>&'"]/g, (char) => htmlEscapes.get(char) ?? char),
  js: (...args) =>
    sprint(args).replace(/[\\'"<>&=\n\r\t]/g, (char) => {
      if ('\\\'"'.includes(char)) return `\\${char}`;
      return `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    }),
  urlquery: (...args) => encodeURIComponent(sprint(args)).replace(/%20/g, '+'),
  call: (...args) => {
    const [called, ...rest] = args;
    return typeof called === 'function'
      ? called(...rest)
      : callError(`non-function ${format(called)} of type ${typeName(called)}`);
  },
  eq: (...args) => {
    arity(args, 1, Infinity);
    if (args.length === 1) return callError('missing argument for comparison');
    return args.slice(1).some((other) => equal(args[0], other));
  },
  ne: (...args) => {
    arity(args, 2);
    return !equal(args[0], args[1]);
  },
  lt: (...args) => {
    arity(args, 2);
    return less(args[0], args[1]);
  },
  le: (...args) => {
    arity(args, 2);
    return less(args[0], args[1]) || equal(args[0], args[1]);
  },
  gt: (...args) => {
    arity(args, 2);
    return !less(args[0], args[1]) && !equal(args[0], args[1]);
  },
  ge: (...args) => {
    arity(args, 2);
    return !less(args[0], args[1]);
  },
};

/** What docker adds (cli/templates). */
export const dockerFunctions: Readonly<Record<string, GoFunction>> = {
  json: (value) => goJson(value, { escapeHtml: false }),
  split: (text, separator) => string(text).split(string(separator)),
  join: (list, separator) => (isList(list) ? list.map(format).join(string(separator)) : callError('not a list')),
  title: (text) => string(text).replace(/(^|\s)(\S)/g, (_, space: string, char: string) => space + char.toUpperCase()),
  lower: (text) => string(text).toLowerCase(),
  upper: (text) => string(text).toUpperCase(),
  pad: (text, left, right) => (text === '' ? '' : ' '.repeat(Number(left)) + string(text) + ' '.repeat(Number(right))),
  truncate: (text, size) => [...string(text)].slice(0, Number(size)).join(''),
  table: (text) => text,
};

/** What kubectl adds (cli-runtime printers/template.go). */
export const kubectlFunctions: Readonly<Record<string, GoFunction>> = {
  exists: (item, ...indices) => {
    let found = item;
    for (const at of indices) {
      if (isList(found) || typeof found === 'string') {
        const size = isList(found) ? found.length : new TextEncoder().encode(found).length;
        if (typeof at !== 'bigint' || at < 0n || at >= BigInt(size)) return false;
        found = isList(found) ? found[Number(at)] : 0n;
      } else if (typeof found === 'object' && found !== null && isMap(found)) {
        if (typeof at !== 'string') return false;
        found = Object.hasOwn(found, at) ? found[at] : null;
      } else return false;
    }
    return found !== undefined && found !== null;
  },
  base64decode: (text) => {
    const encoded = string(text).replace(/[\r\n]/g, '');
    const wrong = encoded.search(/[^A-Za-z0-9+/=]|=(?=[^=])/);
    if (wrong >= 0 || encoded.length % 4 !== 0)
      return callError(
        `base64 decode failed: illegal base64 data at input byte ${wrong >= 0 ? wrong : encoded.length}`,
      );
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)));
  },
};

const string = (value: GoValue): string =>
  typeof value === 'string' ? value : fail(`wrong type for value; expected string; got ${typeName(value)}`);
const fail = (message: string): never => {
  throw new GoError(message);
};

function length(value: GoValue): bigint {
  if (value === undefined || value === null) return callError('len of nil pointer');
  if (typeof value === 'string') return BigInt(new TextEncoder().encode(value).length);
  if (isList(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(Object.keys(value).length);
  return callError(`len of type ${typeName(value)}`);
}

function index(of: GoValue, key: GoValue): GoValue {
  if (of === undefined || of === null) return callError('index of untyped nil');
  if (isList(of)) {
    const at = position(key);
    if (at < 0 || at >= of.length) return callError(`index out of range: ${at}`);
    return of[at];
  }
  if (isMap(of)) {
    if (typeof key !== 'string') return callError(`value has type ${typeName(key)}; should be string`);
    return Object.hasOwn(of, key) ? of[key] : undefined;
  }
  if (typeof of === 'string')
    return BigInt(new TextEncoder().encode(of)[position(key)] ?? callError(`index out of range: ${format(key)}`));
  return callError(`can't index item of type ${typeName(of)}`);
}

function position(key: GoValue): number {
  if (typeof key === 'bigint') return Number(key);
  if (key === undefined || key === null) return callError('cannot index slice/array with nil');
  return callError(`cannot index slice/array with type ${typeName(key)}`);
}

function slice(of: GoValue, bounds: readonly GoValue[]): GoValue {
  const [from = 0n, to] = bounds;
  if (typeof of === 'string') return of.slice(position(from), to === undefined ? undefined : position(to));
  if (isList(of)) return of.slice(position(from), to === undefined ? undefined : position(to));
  return callError(`can't slice item of type ${typeName(of)}`);
}

/** Go compares within a kind only: an int never equals a float64, and JSON's numbers are float64. */
function kind(value: GoValue): string {
  if (value === undefined || value === null) return 'nil';
  if (isList(value) || isMap(value) || value instanceof GoStruct || typeof value === 'function') {
    return callError(`non-comparable type ${format(value)}: ${typeName(value)}`);
  }
  return typeof value;
}

function equal(left: GoValue, right: GoValue): boolean {
  const a = kind(left);
  const b = kind(right);
  if (a === 'nil' || b === 'nil') return a === b;
  return a === b ? left === right : callError('incompatible types for comparison');
}

function less(left: GoValue, right: GoValue): boolean {
  const a = kind(left);
  if (a !== kind(right)) return callError('incompatible types for comparison');
  if (typeof left === 'string' && typeof right === 'string') return left < right;
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right;
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  return callError('invalid type for comparison');
}

const htmlEscapes = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
  ["'", '&#39;'],
  ['"', '&#34;'],
]);
