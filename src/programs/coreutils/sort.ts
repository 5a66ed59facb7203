import { compareBytes, compareVersions } from '../toolkit/format';
import { Lines } from '../toolkit/lines';
import { quotef, quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

interface Key {
  readonly fromField: number;
  readonly fromChar: number;
  readonly toField: number;
  readonly toChar: number;
  readonly flags: string;
}

/** sort(1), in order of bytes (LC_ALL=C). */
export const sort = tool(
  {
    name: 'sort',
    usage: '[OPTION]... [FILE]...',
    about: 'Write sorted concatenation of all FILE(s) to standard output.',
    short: 'bcCdfghik:mMno:rRsS:t:T:uVz',
    long: {
      'ignore-leading-blanks': 'b',
      'check::': 'c',
      'dictionary-order': 'd',
      'ignore-case': 'f',
      'general-numeric-sort': 'g',
      'human-numeric-sort': 'h',
      'key:': 'k',
      merge: 'm',
      'month-sort': 'M',
      'numeric-sort': 'n',
      'output:': 'o',
      reverse: 'r',
      'random-sort': 'R',
      'sort:': 'sort',
      stable: 's',
      'field-separator:': 't',
      unique: 'u',
      'version-sort': 'V',
      'zero-terminated': 'z',
      'parallel:': 'parallel',
      'buffer-size:': 'S',
      'temporary-directory:': 'T',
    },
    trouble: 2,
  },
  async (tool) => {
    const { options } = tool;
    const named: Readonly<Record<string, string>> = {
      numeric: 'n',
      'general-numeric': 'g',
      'human-numeric': 'h',
      month: 'M',
      version: 'V',
      random: 'R',
    };
    const sorts = options.value('sort');
    if (sorts !== undefined && named[sorts] === undefined) {
      const valid = ['general-numeric', 'human-numeric', 'month', 'numeric', 'random', 'version'];
      const list = valid.map((one) => `  - ${quote(one)}`).join('\n');
      await tool.usageError(`invalid argument ${quote(sorts)} for ${quote('--sort')}\nValid arguments are:\n${list}`);
      return 1;
    }
    const global =
      options.given
        .map(({ name }) => name)
        .filter((name) => /^[bdfghiMnRrV]$/.test(name))
        .join('') + (named[options.value('sort') ?? ''] ?? '');
    const kinds = [...new Set(global.replace(/[^ghMnRV]/g, ''))].sort(
      (a, b) => 'ghMnRV'.indexOf(a) - 'ghMnRV'.indexOf(b),
    );
    const shownKinds = [...kinds].sort().join('');
    if (kinds.length > 1) return tool.fail(`options ${quote(`-${shownKinds}`)} are incompatible`);
    const separator = options.value('t');
    if (separator === '') return tool.fail('empty tab');
    if (separator !== undefined && separator.length > 1 && separator !== '\\0') {
      return tool.fail(`multi-character tab ${quote(separator)}`);
    }
    const keys: Key[] = [];
    for (const given of options.values('k')) {
      const key = parseKey(given);
      if (typeof key === 'string') return tool.fail(key);
      keys.push(key);
    }
    const lines: string[] = [];
    const zero = options.has('z');
    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const input = tool.open(path);
      if (!input.ok) {
        const what = input.error.code === 'EISDIR' ? 'read failed' : 'cannot read';
        return tool.fail(`${what}: ${quotef(path)}: ${input.error.message}`);
      }
      for (const line of await new Lines(input.value.reader, zero ? 0 : 10).all()) lines.push(line);
      input.value.close();
    }
    const compare = comparer(keys, global, separator === '\\0' ? '\0' : separator, options.has('s', 'u'));
    if (options.has('c', 'C')) {
      for (let index = 1; index < lines.length; index++) {
        const order = compare(lines[index - 1] ?? '', lines[index] ?? '');
        if (order > 0 || (order === 0 && options.has('u'))) {
          const file = tool.operands[0] ?? '-';
          const quiet = options.has('C') || /^(quiet|silent)$/.test(options.value('c') ?? '');
          if (!quiet) await tool.error(`${file}:${index + 1}: disorder: ${lines[index] ?? ''}`);
          return 1;
        }
      }
      return 0;
    }
    if (global.includes('R')) {
      const order = new Map<string, number>();
      for (const line of lines) if (!order.has(line)) order.set(line, tool.process.random.uint32());
      lines.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    } else lines.sort(compare);
    const kept = options.has('u')
      ? lines.filter((line, index) => index === 0 || compare(lines[index - 1] ?? '', line) !== 0)
      : lines;
    await tool.process.compute(lines.length);
    const end = zero ? '\0' : '\n';
    const text = kept.length === 0 ? '' : kept.join(end) + end;
    const output = options.value('o');
    if (output === undefined) await tool.out.write(text);
    else {
      const written = tool.fs.writeFile(output, text);
      if (!written.ok) return tool.fail(`open failed: ${quotef(output)}: ${written.error.message}`);
    }
    return 0;
  },
);

/** `2,3n` or `1.2,1.4r`. */
function parseKey(text: string): Key | string {
  const match = /^(\d+)(?:\.(\d+))?([bdfghiMnRrV]*)(?:,(\d+)(?:\.(\d+))?([bdfghiMnRrV]*))?$/.exec(text);
  if (match === null) {
    return /^\d/.test(text)
      ? `stray character in field spec: invalid field specification ${quote(text)}`
      : `invalid number at field start: invalid count at start of ${quote(text)}`;
  }
  const [, field, char = '1', flags = '', toField, toChar = '0', toFlags = ''] = match;
  if (field === '0') return `field number is zero: invalid field specification ${quote(text)}`;
  return {
    fromField: Number(field),
    fromChar: Number(char),
    toField: toField === undefined ? Infinity : Number(toField),
    toChar: Number(toChar),
    flags: flags + toFlags,
  };
}

type Order = (a: string, b: string) => number;

function comparer(keys: readonly Key[], global: string, separator: string | undefined, stable: boolean): Order {
  const reverseAll = global.includes('r');
  const orders = keys.map((key) => {
    const own = key.flags === '' ? global : key.flags;
    const order = orderOf(own);
    const reverse = own.includes('r');
    return (a: string, b: string) => {
      const result = order(extract(a, key, separator, own), extract(b, key, separator, own));
      return reverse ? -result : result;
    };
  });
  const whole = orderOf(global);
  return (a, b) => {
    if (orders.length === 0) {
      const result = whole(a, b);
      if (result !== 0) return reverseAll ? -result : result;
    }
    for (const order of orders) {
      const result = order(a, b);
      if (result !== 0) return result;
    }
    if (stable) return 0;
    const last = compareBytes(a, b);
    return reverseAll ? -last : last;
  };
}

/** The part of a line that a key means. */
function extract(line: string, key: Key, separator: string | undefined, flags: string): string {
  const bounds = fieldBounds(line, separator);
  const first = bounds[key.fromField - 1];
  if (first === undefined) return '';
  let from = first[0];
  if (flags.includes('b') || flags.includes('n')) while (/[ \t]/.test(line.charAt(from)) && from < first[1]) from++;
  from += key.fromChar - 1;
  if (key.toField === Infinity) return line.slice(from);
  const last = bounds[key.toField - 1];
  if (last === undefined) return line.slice(from);
  return line.slice(from, key.toChar === 0 ? last[1] : Math.min(last[1], last[0] + key.toChar));
}

/** Where fields begin and end; without -t a field has the blanks before it. */
function fieldBounds(line: string, separator: string | undefined): readonly (readonly [number, number])[] {
  const bounds: [number, number][] = [];
  if (separator === undefined) {
    for (const match of line.matchAll(/[ \t]*[^ \t]+/g)) bounds.push([match.index, match.index + match[0].length]);
    return bounds;
  }
  let start = 0;
  for (;;) {
    const end = line.indexOf(separator, start);
    bounds.push([start, end < 0 ? line.length : end]);
    if (end < 0) return bounds;
    start = end + 1;
  }
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function orderOf(flags: string): Order {
  if (flags.includes('n')) return (a, b) => numeric(a) - numeric(b);
  if (flags.includes('g')) return (a, b) => general(a) - general(b);
  if (flags.includes('h')) return (a, b) => human(a) - human(b);
  if (flags.includes('M')) {
    const month = (text: string) => months.indexOf(text.trimStart().slice(0, 3).toUpperCase());
    return (a, b) => month(a) - month(b);
  }
  if (flags.includes('V')) return compareVersions;
  const fold = flags.includes('f');
  const dictionary = flags.includes('d');
  const printable = flags.includes('i');
  const blanks = flags.includes('b');
  if (!fold && !dictionary && !printable && !blanks) return compareBytes;
  const shape = (text: string): string => {
    let shaped = blanks ? text.trimStart() : text;
    if (dictionary) shaped = shaped.replace(/[^\p{L}\p{Nd} \t]/gu, '');

    if (printable) shaped = shaped.replace(/[\x00-\x1f\x7f]/g, '');
    return fold ? shaped.toUpperCase() : shaped;
  };
  return (a, b) => compareBytes(shape(a), shape(b));
}

const numeric = (text: string): number => Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1]?.replace(/^-?\.?$/, '0') ?? 0);
const general = (text: string): number => {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? -Infinity : value;
};
const human = (text: string): number => {
  const match = /^\s*(-?\d*\.?\d+)([KMGTPE]?)/i.exec(text);
  if (match === null) return 0;
  const power = match[2] === '' || match[2] === undefined ? 0 : 'KMGTPE'.indexOf(match[2].toUpperCase()) + 1;
  return Number(match[1]) * 1024 ** power;
};
