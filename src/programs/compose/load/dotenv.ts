import { substitute, type Lookup } from './template';
import { LoadError } from './value';

const blank = /[\t\v\f\r \x85\xA0]/;

/** Reads an env file's text (compose-go's dotenv): `KEY=value`, `export`, quotes, `$VARIABLES`, inherited `KEY`. */
export function parseDotenv(source: string, lookup: Lookup, warn: (message: string) => void): Map<string, string> {
  const values = new Map<string, string>();
  const text = source.replace(/^\uFEFF/, '');
  let line = 1;
  let at = 0;
  const expand = (value: string): string =>
    substitute(value, { lookup: (name) => lookup(name) ?? values.get(name), warn });
  for (;;) {
    for (; at < text.length && /\s/.test(text.charAt(at)); at++) if (text[at] === '\n') line++;
    if (at >= text.length) return values;
    if (text[at] === '#') {
      const end = text.indexOf('\n', at);
      if (end < 0) return values;
      at = end;
      continue;
    }
    at += /^export[\t\v\f\r ]+/.exec(text.slice(at))?.[0].length ?? 0;
    const begin = at;
    for (; at < text.length && !'=:\n'.includes(text.charAt(at)); at++) {
      const char = text.charAt(at);
      if (!blank.test(char) && !/[\p{L}\p{N}_.[\]-]/u.test(char)) {
        const rest = text.slice(begin).split('\n')[0] ?? '';
        throw new LoadError(
          `line ${line}: unexpected character ${JSON.stringify(char)} in variable name ${JSON.stringify(rest)}`,
        );
      }
    }
    const inherited = at >= text.length || text[at] === '\n';
    const key = text.slice(begin, at).trimEnd();
    at++;
    if (key.includes(' ')) throw new LoadError(`line ${line}: key cannot contain a space`);
    if (inherited) {
      line++;
      const value = lookup(key);
      if (value !== undefined) values.set(key, value);
      continue;
    }
    while (blank.test(text.charAt(at))) at++;
    const quote = text.charAt(at);
    if (quote !== '"' && quote !== "'") {
      const end = text.indexOf('\n', at);
      const raw = text.slice(at, end < 0 ? text.length : end);
      values.set(key, expand((raw.split(' #')[0] ?? '').trimEnd()));
      at = end < 0 ? text.length : end + 1;
      line++;
      continue;
    }
    const ended = quoted(text, at + 1, quote);
    if (ended === undefined)
      throw new LoadError(`line ${line}: unterminated quoted value ${text.slice(at).split('\n')[0] ?? ''}`);
    line += text.slice(at, ended.end).split('\n').length - 1;
    at = ended.end;
    values.set(key, quote === '"' ? expand(unescape(ended.value)) : ended.value);
  }
}

/** Up to the closing quote; a backslash goes only before the quote. */
function quoted(text: string, from: number, quote: string): { value: string; end: number } | undefined {
  let value = '';
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === quote) return { value, end: at + 1 };
    if (char === '\\' && at + 1 < text.length) {
      const next = text.charAt(++at);
      value += next === quote ? next : `\\${next}`;
    } else value += char;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const unescape = (text: string): string =>
  text.replace(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (whole, what: string) => {
    if (what === '$') return '$$';
    if (what.startsWith('0') && what.length === 4) return String.fromCharCode(parseInt(what.slice(1), 8));
    return escapes[what] ?? (what === '\\' || what === '"' ? what : whole);
  });
