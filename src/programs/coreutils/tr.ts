import { encode } from '../../linux/io/bytes';
import { fromLatin1, latin1 } from '../toolkit/latin1';
import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

const classes: Readonly<Record<string, (code: number) => boolean>> = {
  alnum: (code) => /[0-9A-Za-z]/.test(String.fromCharCode(code)),
  alpha: (code) => /[A-Za-z]/.test(String.fromCharCode(code)),
  blank: (code) => code === 32 || code === 9,
  cntrl: (code) => code < 32 || code === 127,
  digit: (code) => code >= 48 && code <= 57,
  graph: (code) => code > 32 && code < 127,
  lower: (code) => code >= 97 && code <= 122,
  print: (code) => code >= 32 && code < 127,
  punct: (code) => code > 32 && code < 127 && !/[0-9A-Za-z]/.test(String.fromCharCode(code)),
  space: (code) => code === 32 || (code >= 9 && code <= 13),
  upper: (code) => code >= 65 && code <= 90,
  xdigit: (code) => /[0-9A-Fa-f]/.test(String.fromCharCode(code)),
};

/** tr(1): on bytes, as GNU's. */
export const tr = tool(
  {
    name: 'tr',
    usage: '[OPTION]... STRING1 [STRING2]',
    about: 'Translate, squeeze, and/or delete characters from standard input, writing to standard output.',
    short: 'cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    stopAtOperand: true,
  },
  async (tool) => {
    const { options, operands, process } = tool;
    const [first, second] = operands;
    if (first === undefined) return tool.missingOperand();
    const remove = options.has('d');
    const squeeze = options.has('s');
    if (second === undefined && !remove && !squeeze) {
      return tool.usageError(`missing operand after ${quote(first)}\nTwo strings must be given when translating.`);
    }
    if (second === undefined && remove && squeeze) {
      return tool.usageError(
        `missing operand after ${quote(first)}\nTwo strings must be given when both deleting and squeezing repeats.`,
      );
    }
    const extra = remove && !squeeze ? second : operands[2];
    if (extra !== undefined) {
      const hint = remove && !squeeze ? '\nOnly one string may be given when deleting without squeezing repeats.' : '';
      return tool.usageError(`extra operand ${quote(extra)}${hint}`);
    }
    const complement = options.has('c', 'C');
    const from = expand(latin1(encode(first)), 0);
    if (/\[\\?[^]\*\d*\]/.test(first)) {
      return tool.fail('the [c*] repeat construct may not appear in string1');
    }
    if (second !== undefined && !remove && /\[:(?!upper:|lower:)\w+:\]/.test(second)) {
      return tool.fail(
        'when translating, the only character classes that may appear in\nstring2 are ‘upper’ and ‘lower’',
      );
    }
    if (typeof from === 'string') return tool.fail(from);
    const inFirst = new Set(from);
    const matches = (code: number): boolean => inFirst.has(code) !== complement;
    const to = second === undefined ? undefined : expand(latin1(encode(second)), complement ? 256 : from.length);
    if (typeof to === 'string') return tool.fail(to);
    if (to?.length === 0 && !remove) return tool.fail('when not truncating set1, string2 must be non-empty');
    const map = new Map<number, number>();
    const last = to?.at(-1) ?? 0;
    if (to !== undefined && !remove && !complement) {
      from.forEach((code, index) => {
        if (options.has('t') && index >= to.length) return;
        map.set(code, to[index] ?? last);
      });
    }
    const squeezed = new Set(to ?? []);
    const squeezes = (code: number): boolean => (to === undefined ? matches(code) : squeezed.has(code));
    let before = -1;
    const translate = (text: string): string => {
      let result = '';
      for (const char of text) {
        let code = char.codePointAt(0) ?? 0;
        if (remove && matches(code)) continue;
        if (!remove && to !== undefined) code = complement ? (matches(code) ? last : code) : (map.get(code) ?? code);
        if (squeeze && code === before && squeezes(code)) continue;
        before = code;
        result += String.fromCodePoint(code);
      }
      return result;
    };
    for await (const chunk of process.stdin) await tool.out.write(fromLatin1(translate(latin1(chunk))));
    return 0;
  },
);

/** `a-z`, `[:upper:]`, `[x*3]`, `\n`; `length`: how long `[x*]` makes it. */
function expand(set: string, length: number): readonly number[] | string {
  const codes: number[] = [];
  const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
  const take = (at: number): { code: number; next: number } => {
    const char = String.fromCodePoint(set.codePointAt(at) ?? 0);
    if (char !== '\\' || at + 1 >= set.length) return { code: char.codePointAt(0) ?? 0, next: at + char.length };
    const octal = /^[0-7]{1,3}/.exec(set.slice(at + 1));
    if (octal !== null) return { code: Number.parseInt(octal[0], 8), next: at + 1 + octal[0].length };
    const escaped = set.charAt(at + 1);
    return { code: (escapes[escaped] ?? escaped).charCodeAt(0), next: at + 2 };
  };
  for (let index = 0; index < set.length;) {
    const rest = set.slice(index);
    const named = /^\[:(\w+):\]/.exec(rest);
    if (named !== null) {
      const test = classes[named[1] ?? ''];
      if (test === undefined) return `invalid character class ${quote(named[1] ?? '')}`;
      for (let code = 0; code < 256; code++) if (test(code)) codes.push(code);
      index += named[0].length;
      continue;
    }
    const repeat = /^\[(\\?[^])\*(\d*)\]/.exec(rest);
    if (repeat !== null) {
      const { code } = take(index + 1);
      const digits = repeat[2] ?? '';
      const count =
        digits === '' ? Math.max(0, length - codes.length) : Number.parseInt(digits, digits.startsWith('0') ? 8 : 10);
      for (let left = count; left > 0; left--) codes.push(code);
      index += repeat[0].length;
      continue;
    }
    const { code, next } = take(index);
    if (set.charAt(next) === '-' && next + 1 < set.length) {
      const end = take(next + 1);
      if (end.code < code) {
        return `range-endpoints of ${quote(`${String.fromCodePoint(code)}-${String.fromCodePoint(end.code)}`)} are in reverse collating sequence order`;
      }
      for (let at = code; at <= end.code; at++) codes.push(at);
      index = end.next;
    } else {
      codes.push(code);
      index = next;
    }
  }
  return codes;
}
