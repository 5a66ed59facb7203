import type { Expr, Place } from './ast';
import { sort, sortIndexes } from './arrays';
import { all, constant, map, map2, pure, chain, waiting, type Code } from './code';
import { strftime } from '../toolkit/date-format';
import { elements, numberOf, regexOf, textOf } from './expressions';
import { sprintf } from './format';
import { AwkSyntaxError } from './lexer';
import type { AwkRegex } from './regex';
import { cellOf, type Scope } from './scope';
import { fromInput, toNumber, type Value } from './values';

type Compile = (scope: Scope, args: readonly Expr[]) => Code<Value>;

const numeric =
  (f: (value: number) => number): Compile =>
  (scope, args) =>
    map(numberOf(scope, at(args, 0)), f);
const bits =
  (f: (a: bigint, b: bigint) => bigint): Compile =>
  (scope, args) =>
    map(all(args.map((arg) => numberOf(scope, arg))), (values) =>
      Number(values.map((value) => BigInt(Math.trunc(value))).reduce(f)),
    );

const record: Expr = { kind: 'field', index: { kind: 'number', value: 0 } };
const at = (args: readonly Expr[], index: number): Expr => args[index] ?? record;
const hasSurrogates = /[\ud800-\udfff]/;
const lengthOf = (text: string): number => (hasSurrogates.test(text) ? [...text].length : text.length);

/** How many arguments each takes, and what it does. */
const table: Readonly<Record<string, readonly [least: number, most: number, compile: Compile]>> = {
  atan2: [2, 2, (scope, args) => map2(numberOf(scope, at(args, 0)), numberOf(scope, at(args, 1)), Math.atan2)],
  cos: [1, 1, numeric(Math.cos)],
  sin: [1, 1, numeric(Math.sin)],
  exp: [1, 1, numeric(Math.exp)],
  log: [1, 1, numeric(Math.log)],
  sqrt: [1, 1, numeric(Math.sqrt)],
  int: [1, 1, numeric(Math.trunc)],
  and: [2, 9, bits((a, b) => a & b)],
  or: [2, 9, bits((a, b) => a | b)],
  xor: [2, 9, bits((a, b) => a ^ b)],
  lshift: [2, 2, bits((a, b) => BigInt.asUintN(64, a << b))],
  rshift: [2, 2, bits((a, b) => a >> b)],
  compl: [1, 1, numeric((value) => Number(BigInt.asUintN(53, ~BigInt(Math.trunc(value)))))],
  rand: [0, 0, ({ runtime }) => pure(() => chanceOf(runtime).draw())],
  srand: [
    0,
    1,
    (scope, args) => {
      const seed =
        args.length === 0
          ? pure(() => Math.floor(scope.runtime.process.clock.now / 1000))
          : numberOf(scope, at(args, 0));
      return map(seed, (value) => chanceOf(scope.runtime).seed(value));
    },
  ],
  length: [0, 1, length],
  index: [
    2,
    2,
    (scope, args) => map2(textOf(scope, at(args, 0)), textOf(scope, at(args, 1)), (a, b) => a.indexOf(b) + 1),
  ],
  substr: [2, 3, substr],
  tolower: [1, 1, (scope, args) => map(textOf(scope, at(args, 0)), (text) => text.toLowerCase())],
  toupper: [1, 1, (scope, args) => map(textOf(scope, at(args, 0)), (text) => text.toUpperCase())],
  sprintf: [
    1,
    Infinity,
    (scope, [format = record, ...args]) =>
      map2(textOf(scope, format), all(args.map((arg) => scope.expression(arg))), (pattern, values) =>
        sprintf(pattern, values, scope.runtime.text),
      ),
  ],
  split: [2, 4, split],
  patsplit: [2, 4, patsplit],
  match: [2, 3, match],
  sub: [2, 3, (scope, args) => substitute(scope, args, false)],
  gsub: [2, 3, (scope, args) => substitute(scope, args, true)],
  gensub: [3, 4, gensub],
  strtonum: [1, 1, (scope, args) => map(scope.expression(at(args, 0)), (value) => strtonum(scope, value))],
  system: [
    1,
    1,
    ({ runtime, ...scope }, args) =>
      wait(textOf({ runtime, ...scope }, at(args, 0)), (command) => runtime.streams.system(command)),
  ],
  close: [1, 2, (scope, args) => wait(textOf(scope, at(args, 0)), (name) => scope.runtime.streams.close(name))],
  fflush: [0, 1, ({ runtime }) => waiting(() => runtime.streams.flush().then(() => 0))],
  systime: [0, 0, ({ runtime }) => pure(() => Math.floor(runtime.process.clock.now / 1000))],
  strftime: [
    0,
    3,
    ({ runtime, ...scope }, args) => {
      const format = args.length > 0 ? textOf({ runtime, ...scope }, at(args, 0)) : constant('%a %b %e %H:%M:%S %Z %Y');
      const time =
        args.length > 1 ? numberOf({ runtime, ...scope }, at(args, 1)) : pure(() => runtime.process.clock.now / 1000);
      return map2(format, time, (pattern, seconds) => strftime(pattern, Math.floor(seconds) * 1000));
    },
  ],
  mktime: [1, 2, (scope, args) => map(textOf(scope, at(args, 0)), mktime)],
  asort: [1, 3, (scope, args) => sort(scope, args)],
  asorti: [1, 3, (scope, args) => sortIndexes(scope, args)],
  isarray: [
    1,
    1,
    (scope, [arg]) => {
      if (arg?.kind !== 'variable') return constant(0);
      const cell = cellOf(scope, arg);
      return pure(() => (cell().array === undefined ? 0 : 1));
    },
  ],
  typeof: [1, 1, typeOf],
};

/** A call of a function that awk has. */
export function builtin(scope: Scope, name: string, args: readonly Expr[], line: number): Code<Value> {
  const entry = table[name];
  if (entry === undefined) throw new AwkSyntaxError(`function ${name} never defined`, line);
  const [least, most, compile] = entry;
  if (args.length < least || args.length > most) {
    throw new AwkSyntaxError(`wrong number of arguments in call to ${name}`, line);
  }
  return compile(scope, args);
}

const wait = (name: Code<string>, f: (name: string) => Promise<number>): Code<Value> =>
  waiting(() => chain(name.run(), f));

/** rand() and srand() of one run. */
class Chance {
  #seed = 0;
  #random;
  constructor(readonly source: Scope['runtime']['process']['random']) {
    this.#random = source.fork('awk');
  }
  draw(): number {
    return this.#random.fraction();
  }
  seed(value: number): number {
    const before = this.#seed;
    this.#seed = value;
    this.#random = this.source.fork(`awk ${value}`);
    return before;
  }
}

const chances = new WeakMap<object, Chance>();
function chanceOf(runtime: Scope['runtime']): Chance {
  let chance = chances.get(runtime);
  if (chance === undefined) chances.set(runtime, (chance = new Chance(runtime.process.random)));
  return chance;
}

function length(scope: Scope, args: readonly Expr[]): Code<Value> {
  const arg = at(args, 0);
  if (arg.kind === 'variable' && arg.name !== 'NF') {
    const cell = cellOf(scope, arg);
    const { text } = scope.runtime;
    return pure(() => {
      const { array, value } = cell();
      return array === undefined ? lengthOf(text(value)) : array.size;
    });
  }
  return map(textOf(scope, arg), lengthOf);
}

function typeOf(scope: Scope, [arg = record]: readonly Expr[]): Code<Value> {
  const name = (value: Value): string =>
    value === undefined
      ? 'untyped'
      : typeof value === 'string'
        ? 'string'
        : typeof value === 'number'
          ? 'number'
          : 'strnum';
  if (arg.kind !== 'variable') return map(scope.expression(arg), name);
  const cell = cellOf(scope, arg);
  return pure(() => (cell().array === undefined ? name(cell().value) : 'array'));
}

function substr(scope: Scope, args: readonly Expr[]): Code<Value> {
  const text = textOf(scope, at(args, 0));
  const start = numberOf(scope, at(args, 1));
  const count = args.length > 2 ? numberOf(scope, at(args, 2)) : constant(Infinity);
  return map2(
    text,
    map2(start, count, (from, many) => [from, many] as const),
    (whole, [from, many]) => {
      // As gawk and mawk: cut to whole numbers; what lies before the first character begins there.
      const first = Math.max(Math.trunc(from), 1);
      const end = many === Infinity ? Infinity : first + Math.trunc(many);
      const chars = hasSurrogates.test(whole) ? [...whole] : whole;
      const part = chars.slice(first - 1, Math.max(end - 1, 0));
      return typeof part === 'string' ? part : part.join('');
    },
  );
}

function split(scope: Scope, args: readonly Expr[]): Code<Value> {
  const { runtime } = scope;
  const array = arrayOf(scope, at(args, 1), 'split');
  const separators = args[3] === undefined ? undefined : arrayOf(scope, args[3], 'split');
  const separator = args[2];
  const parts: Code<{ parts: readonly string[]; separators: readonly string[] }> =
    separator?.kind === 'regex'
      ? map2(textOf(scope, at(args, 0)), regexOf(scope, separator), (text, regex) => runtime.splitBy(text, regex))
      : map2(
          textOf(scope, at(args, 0)),
          separator === undefined ? pure(() => runtime.text(runtime.FS.value)) : textOf(scope, separator),
          (text, by) => ({ parts: runtime.splitter(by)(text), separators: [] }),
        );
  return map(parts, (found) => {
    fill(array(), found.parts);
    if (separators !== undefined) fill(separators(), found.separators);
    return found.parts.length;
  });
}

function patsplit(scope: Scope, args: readonly Expr[]): Code<Value> {
  const array = arrayOf(scope, at(args, 1), 'patsplit');
  const separators = args[3] === undefined ? undefined : arrayOf(scope, args[3], 'patsplit');
  const pattern: Expr = args[2] ?? { kind: 'regex', source: '[^ \\t\\n]+' };
  return map2(textOf(scope, at(args, 0)), regexOf(scope, pattern), (text, regex) => {
    const found: string[] = [];
    const between: string[] = [];
    let from = 0;
    for (let one = regex.exec(text, 0); one !== null && one[0] !== ''; one = regex.exec(text, from)) {
      between.push(text.slice(from, one.index));
      found.push(one[0]);
      from = one.index + one[0].length;
    }
    fill(array(), found);
    if (separators !== undefined) fill(separators(), [...between.slice(1), text.slice(from)]);
    return found.length;
  });
}

const fill = (array: Map<string, Value>, parts: readonly string[]): void => {
  array.clear();
  parts.forEach((part, index) => array.set(String(index + 1), fromInput(part)));
};

/** An array among the arguments. */
export function arrayOf(scope: Scope, arg: Expr, name: string): () => Map<string, Value> {
  if (arg.kind !== 'variable') throw new AwkSyntaxError(`type error in arg(2) in call to ${name}`, 1);
  const cell = cellOf(scope, arg);
  return () => elements(cell, arg);
}

function match(scope: Scope, args: readonly Expr[]): Code<Value> {
  const { runtime } = scope;
  const groups = args[2] === undefined ? undefined : arrayOf(scope, args[2], 'match');
  return map2(textOf(scope, at(args, 0)), regexOf(scope, at(args, 1)), (text, regex) => {
    const found = regex.exec(text);
    runtime.RSTART.value = found === null ? 0 : found.index + 1;
    runtime.RLENGTH.value = found === null ? -1 : found[0].length;
    if (groups !== undefined) {
      const array = groups();
      array.clear();
      found?.forEach((group: string | undefined, index) => {
        if (group === undefined) return;
        array.set(String(index), fromInput(group));
        const start = index === 0 ? found.index : text.indexOf(group, found.index);
        array.set(`${index}${runtime.text(runtime.SUBSEP.value)}start`, start + 1);
        array.set(`${index}${runtime.text(runtime.SUBSEP.value)}length`, group.length);
      });
    }
    return runtime.RSTART.value;
  });
}

const isPlace = (expr: Expr): expr is Place => ['variable', 'field', 'element'].includes(expr.kind);

/** Replaces matches from `wanted` on (or all of them); undefined if there was none. */
function replace(
  text: string,
  regex: AwkRegex,
  all: boolean,
  wanted: number,
  make: (found: RegExpExecArray) => string,
): { readonly text: string; readonly count: number } {
  let result = '';
  let from = 0;
  let count = 0;
  let seen = 0;
  let at = 0;
  /** Where the last match ended: an empty one right there is none. */
  let last = -1;
  while (at <= text.length) {
    const found = regex.exec(text, at);
    if (found === null) break;
    const { index } = found;
    if (found[0] === '' && index === last) {
      at = index + 1;
      continue;
    }
    seen++;
    if (all || seen === wanted) {
      result += text.slice(from, index) + make(found);
      from = index + found[0].length;
      count++;
    }
    last = index + found[0].length;
    at = found[0] === '' ? index + 1 : last;
    if (!all && seen >= wanted) break;
  }
  return { text: result + text.slice(from), count };
}

/** `&` is the match, `\\&` the character. */
function replacement(pattern: string): (found: RegExpExecArray) => string {
  if (!/[\\&]/.test(pattern)) return () => pattern;
  const pieces = pattern.split(/(\\\\&|\\&|\\\\(?=\\&)|&)/);
  return (found) =>
    pieces
      .map((one) => (one === '&' ? found[0] : one === '\\&' ? '&' : one === '\\\\&' ? `\\${found[0]}` : one))
      .join('');
}

function substitute(scope: Scope, args: readonly Expr[], global: boolean): Code<Value> {
  const { runtime } = scope;
  const given = args[2] ?? record;
  const inner = given.kind === 'group' ? given.operand : given;
  const work = map2(
    regexOf(scope, at(args, 0)),
    textOf(scope, at(args, 1)),
    (regex, by) => [regex, replacement(by)] as const,
  );
  if (!isPlace(inner)) {
    return map2(work, textOf(scope, inner), ([regex, make], text) => replace(text, regex, global, 1, make).count);
  }
  const { key, get, set } = scope.place(inner);
  return map2(work, key, ([regex, make], place) => {
    const result = replace(runtime.text(get(place)), regex, global, 1, make);
    if (result.count > 0) set(place, result.text);
    return result.count;
  });
}

function gensub(scope: Scope, args: readonly Expr[]): Code<Value> {
  const work = map2(regexOf(scope, at(args, 0)), textOf(scope, at(args, 1)), (regex, by) => [regex, by] as const);
  const rest = map2(textOf(scope, at(args, 2)), textOf(scope, at(args, 3)), (how, text) => [how, text] as const);
  return map2(work, rest, ([regex, by], [how, text]) => {
    const make = (found: RegExpExecArray): string =>
      by.replace(/\\([0-9&\\])|&/g, (whole, code: string | undefined) => {
        if (code === undefined) return found[0];
        if (code === '&' || code === '\\') return code;
        return found[Number(code)] ?? (whole === '\\0' ? found[0] : '');
      });
    return replace(text, regex, /^[gG]/.test(how), Math.max(1, Math.trunc(toNumber(how))), make).text;
  });
}

function strtonum({ runtime }: Scope, value: Value): number {
  if (typeof value === 'number') return value;
  const text = runtime.text(value).trim();
  const hex = /^[-+]?0[xX][0-9a-fA-F]+/.exec(text);
  if (hex !== null) return text.startsWith('-') ? -Number(hex[0].slice(1)) : Number(hex[0].replace('+', ''));
  if (/^0[0-7]+$/.test(text)) return parseInt(text, 8);
  return toNumber(text);
}

/** `"YYYY MM DD HH MM SS"` in seconds; the machines' clocks are set to UTC. */
function mktime(text: string): number {
  const parts = text
    .trim()
    .split(/[ \t]+/)
    .map(Number);
  if (parts.length < 6 || parts.some(Number.isNaN)) return -1;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Math.floor(Date.UTC(year, month - 1, day, hour, minute, second) / 1000);
}
