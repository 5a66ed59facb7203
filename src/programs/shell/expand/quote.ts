/** Ways of writing a text so that the shell reads it back as it is. */

// Control characters, and lone surrogates that stand for bytes.

const unprintable = /[\x00-\x1f\x7f\udc80-\udcff]/u;

const named: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

/** `$'…'` */
export function ansiQuote(text: string): string {
  let out = "$'";
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const name = named[char];
    if (name !== undefined) out += name;
    else if (code >= 0xdc80 && code <= 0xdcff) out += `\\${(code - 0xdc00).toString(8)}`;
    else if (code < 0x20 || code === 0x7f) out += `\\${code.toString(8).padStart(3, '0')}`;
    else out += char;
  }
  return `${out}'`;
}

/** `'…'`, as `${x@Q}`, `set` and `alias` write it. */
export function singleQuote(text: string): string {
  if (unprintable.test(text)) return ansiQuote(text);
  if (text === "'") return "\\'";
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Backslashes where needed, as `printf %q` writes it. */
export function backslashQuote(text: string): string {
  if (text === '') return "''";
  if (unprintable.test(text)) return ansiQuote(text);
  return text.replace(/[ !"$&'()*,;<>?[\\\]^`{|}]|^[~#]|(?<=[:=])~/g, '\\$&');
}

/** `"…"`, as `declare -p` writes values. */
export function doubleQuote(text: string): string {
  if (unprintable.test(text)) return ansiQuote(text);
  return `"${text.replace(/["$`\\]/g, '\\$&')}"`;
}

/** Single quotes only where a word needs any, as `set -x` and `set` print. */
export function quoteIfNeeded(text: string): string {
  if (text === '') return "''";
  if (unprintable.test(text)) return ansiQuote(text);
  return /[\s"'\\|&;()<>!{}*[\]?^$`]|^[~#]|(?<=[:=])~/.test(text) ? singleQuote(text) : text;
}

/** Escapes of `$'…'`, `echo -e` (`echo`), and formats and `%b` of printf. `stopped` says that `\c` cut the text. */
export function unescape(
  text: string,
  dialect: 'ansi' | 'echo' | 'printf' | 'format',
): { readonly text: string; readonly stopped: boolean } {
  let out = '';
  let index = 0;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char !== '\\' || index + 1 >= text.length) {
      out += char;
      index++;
      continue;
    }
    const next = text.charAt(index + 1);
    index += 2;
    const simple = simpleEscapes[next];
    if (simple !== undefined) {
      out += simple;
      continue;
    }
    if (next === 'c' && dialect !== 'ansi') return { text: out, stopped: true };
    if (next === 'c') {
      out += String.fromCharCode(text.charCodeAt(index) & 0x1f);
      index++;
      continue;
    }
    const octal = octalPattern(next, dialect);
    const leadingZero = next === '0' && dialect !== 'ansi' && dialect !== 'format';
    const digits = octal?.exec(text.slice(leadingZero ? index : index - 1))?.[0];
    if (octal !== undefined && digits !== undefined) {
      out += byte(parseInt(digits === '' ? '0' : digits, 8) & 0xff);
      index += digits.length - (leadingZero ? 0 : 1);
      continue;
    }
    const hexDigits = next === 'x' ? 2 : next === 'u' ? 4 : next === 'U' ? 8 : 0;
    const hex = hexDigits > 0 ? new RegExp(`^[0-9A-Fa-f]{1,${hexDigits}}`).exec(text.slice(index))?.[0] : undefined;
    if (hex !== undefined) {
      const code = parseInt(hex, 16);
      out += next === 'x' ? byte(code) : character(code);
      index += hex.length;
      continue;
    }
    if ((next === '"' || next === "'" || next === '?') && dialect !== 'echo') out += next;
    else out += `\\${next}`;
  }
  return { text: out, stopped: false };
}

/** What no Unicode has (surrogates, beyond U+10FFFF) as the bytes that UTF-8 would make of it, as u32toutf8() does. */
function character(code: number): string {
  if (code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)) return String.fromCodePoint(code);
  if (code > 0x7fffffff) return '';
  const length = code < 0x10000 ? 3 : code < 0x200000 ? 4 : code < 0x4000000 ? 5 : 6;
  let bytes = '';
  for (let shift = (length - 1) * 6; shift >= 0; shift -= 6) {
    const bits = Math.floor(code / 2 ** shift) & 0x3f;
    bytes += byte(shift === (length - 1) * 6 ? ((0xff00 >> length) & 0xff) | bits : 0x80 | bits);
  }
  return bytes;
}

/** A byte as shell texts keep it: see text.ts. */
const byte = (code: number): string => String.fromCharCode(code < 0x80 ? code : 0xdc00 + code);

function octalPattern(next: string, dialect: 'ansi' | 'echo' | 'printf' | 'format'): RegExp | undefined {
  if (!/[0-7]/.test(next)) return undefined;
  if (dialect === 'ansi' || dialect === 'format') return /^[0-7]{1,3}/;
  if (next === '0') return /^[0-7]{0,3}/;
  return dialect === 'printf' ? /^[0-7]{1,3}/ : undefined;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
