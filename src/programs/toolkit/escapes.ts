/** What a backslash sequence of `echo -e`, `printf` and `tr` means. */
export interface Unescaped {
  readonly text: string;
  /** `\c`: nothing comes after. */
  readonly stop: boolean;
}

const simple: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
};

/** Replaces the sequences; `octal0`: as in echo and %b, octal numbers begin with a zero. */
export function unescape(text: string, octal0: boolean): Unescaped {
  let result = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char !== '\\' || index + 1 >= text.length) {
      result += char;
      continue;
    }
    const rest = text.slice(index + 1);
    if (rest.startsWith('c')) return { text: result, stop: true };
    const number =
      (octal0 ? /^0([0-7]{0,3})/.exec(rest) : null) ??
      /^([0-7]{1,3})/.exec(rest) ??
      /^x([0-9a-fA-F]{1,2})/.exec(rest) ??
      /^u([0-9a-fA-F]{1,4})/.exec(rest) ??
      /^U([0-9a-fA-F]{1,8})/.exec(rest);
    if (number !== null) {
      const octal = /^[0-7]/.test(number[0]);
      const code = Number.parseInt(number[1] === '' ? '0' : (number[1] ?? '0'), octal ? 8 : 16);
      result += String.fromCodePoint(octal ? code & 0xff : code);
      index += number[0].length;
      continue;
    }
    const known = simple[rest.charAt(0)];
    result += known ?? `\\${rest.charAt(0)}`;
    index++;
  }
  return { text: result, stop: false };
}
