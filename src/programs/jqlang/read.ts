import { numberText } from './print';
import { Literal, type Json } from './values';

/** Malformed JSON, as jv_parse.c words it. */
export class JsonParseError extends Error {}

const MAX_DEPTH = 10_000;

type Open =
  | { readonly kind: 'array'; readonly items: Json[] }
  | { readonly kind: 'object'; readonly entries: Map<string, Json>; key: string | undefined };

/**
 * Reads JSON texts one after the other as they come (jv_parse.c: the same states, the same messages at the same places).
 */
export class JsonReader {
  #line = 1;
  #column = 0;
  #next: Json | undefined;
  #stack: Open[] = [];
  #token = '';
  #string: 'none' | 'text' | 'escape' = 'none';
  /** Values that are complete. */
  readonly #done: Json[] = [];
  #failed: JsonParseError | undefined;

  /** Takes more text. */
  feed(text: string): void {
    if (this.#failed !== undefined) return;
    try {
      this.#scan(text);
    } catch (error) {
      if (!(error instanceof JsonParseError)) throw error;
      this.#failed = new JsonParseError(`${error.message} at line ${this.#line}, column ${this.#column}`);
    }
  }

  /** No more comes. */
  end(): void {
    if (this.#failed !== undefined) return;
    const at = `at EOF at line ${this.#line}, column ${this.#column}`;
    try {
      if (this.#string !== 'none') throw new JsonParseError('Unfinished string');
      this.#literal();
      if (this.#stack.length > 0) throw new JsonParseError('Unfinished JSON term');
      this.#complete();
    } catch (error) {
      if (!(error instanceof JsonParseError)) throw error;
      this.#failed = new JsonParseError(`${error.message} ${at}`);
    }
  }

  /** The next complete value; throws where the text is malformed. */
  take(): Json | undefined {
    const value = this.#done.shift();
    if (value === undefined && this.#failed !== undefined) throw this.#failed;
    return value;
  }

  #scan(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const char = text.charAt(index);
      this.#column += bytesOf(text.charCodeAt(index));
      if (char === '\n') {
        this.#line++;
        this.#column = 0;
      }
      if (this.#string !== 'none') {
        if (char === '"' && this.#string === 'text') {
          this.#value(unescape(this.#token));
          this.#token = '';
          this.#string = 'none';
          this.#complete();
          continue;
        }
        this.#token += char;
        if (this.#string === 'escape') this.#string = 'text';
        else if (char === '\\') this.#string = 'escape';
        else {
          // The rest of a plain stretch at once.
          let end = index + 1;
          for (; end < text.length; end++) {
            const code = text.charCodeAt(end);
            if (code === 34 || code === 92 || code === 10 || code > 126) break;
          }
          if (end > index + 1) {
            this.#token += text.slice(index + 1, end);
            this.#column += end - index - 1;
            index = end - 1;
          }
        }
        continue;
      }
      switch (char) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
          this.#literal();
          break;
        case '"':
          this.#literal();
          this.#string = 'text';
          break;
        case '[':
        case '{':
        case ':':
        case ',':
        case ']':
        case '}':
          this.#literal();
          this.#structure(char);
          break;
        default:
          // A byte order mark at the start is none of ours.
          if (char !== '\ufeff') this.#token += char;
          continue;
      }
      this.#complete();
    }
  }

  #complete(): void {
    if (this.#stack.length > 0 || this.#next === undefined) return;
    this.#done.push(this.#next);
    this.#next = undefined;
  }

  #value(value: Json): void {
    if (this.#next !== undefined) throw new JsonParseError('Expected separator between values');
    this.#next = value;
  }

  #structure(char: string): void {
    const top = this.#stack.at(-1);
    switch (char) {
      case '[':
      case '{':
        if (this.#stack.length >= MAX_DEPTH) throw new JsonParseError('Exceeds depth limit for parsing');
        if (this.#next !== undefined) throw new JsonParseError('Expected separator between values');
        this.#stack.push(
          char === '[' ? { kind: 'array', items: [] } : { kind: 'object', entries: new Map(), key: undefined },
        );
        return;
      case ':':
        if (this.#next === undefined) throw new JsonParseError("Expected string key before ':'");
        if (top?.kind !== 'object' || top.key !== undefined) {
          throw new JsonParseError("':' not as part of an object");
        }
        if (typeof this.#next !== 'string') throw new JsonParseError('Object keys must be strings');
        top.key = this.#next;
        this.#next = undefined;
        return;
      case ',':
        if (this.#next === undefined) throw new JsonParseError("Expected value before ','");
        if (top === undefined) throw new JsonParseError("',' not as part of an object");
        this.#add(top, this.#next);
        this.#next = undefined;
        return;
      case ']':
        if (top?.kind !== 'array') throw new JsonParseError("Unmatched ']'");
        if (this.#next !== undefined) top.items.push(this.#next);
        else if (top.items.length > 0) throw new JsonParseError('Expected another array element');
        this.#stack.pop();
        this.#next = top.items;
        return;
      default:
        if (top === undefined) throw new JsonParseError("Unmatched '}'");
        if (this.#next !== undefined) {
          if (top.kind !== 'object' || top.key === undefined) {
            throw new JsonParseError('Objects must consist of key:value pairs');
          }
          this.#add(top, this.#next);
        } else {
          if (top.kind !== 'object' || top.key !== undefined) throw new JsonParseError("Unmatched '}'");
          if (top.entries.size > 0) throw new JsonParseError('Expected another key-value pair');
        }
        this.#stack.pop();
        this.#next = top.entries;
    }
  }

  #add(top: Open, value: Json): void {
    if (top.kind === 'array') {
      top.items.push(value);
      return;
    }
    if (top.key === undefined) throw new JsonParseError('Objects must consist of key:value pairs');
    top.entries.set(top.key, value);
    top.key = undefined;
  }

  /** What stood before a delimiter: a literal or a number. */
  #literal(): void {
    const token = this.#token;
    if (token === '') return;
    const first = token.charAt(0);
    if (first === "'") throw new JsonParseError('Invalid string literal; expected ", but got \'');
    if (first === 't' || first === 'f' || (first === 'n' && token !== 'nan')) {
      const wanted = first === 't' ? 'true' : first === 'f' ? 'false' : 'null';
      if (token !== wanted) throw new JsonParseError('Invalid literal');
      this.#value(first === 'n' ? null : first === 't');
    } else {
      const number = readNumber(token);
      if (number === undefined) throw new JsonParseError('Invalid numeric literal');
      this.#value(number);
    }
    this.#token = '';
  }
}

/** UTF-8 bytes of a UTF-16 unit: columns count bytes. */
const bytesOf = (code: number): number =>
  code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;

const numeral = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/;

/** A number as decNumber reads it; keeps its text where JavaScript would write another. */
export function readNumber(token: string): number | Literal | undefined {
  const small = Number(token);
  if (token.length < 16 && numberText(small) === token) return small;
  if (/^[-+]?nan$/i.test(token)) return NaN;
  if (/^[-+]?inf(?:inity)?$/i.test(token)) return token.startsWith('-') ? -Number.MAX_VALUE : Number.MAX_VALUE;
  const match = numeral.exec(token);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const text = decimalText(sign === '-' ? '-' : '', whole + fraction, Number(exponent) - fraction.length);
  return numberText(small) === text ? small : new Literal(small, text);
}

/** decNumber's to-scientific-string of `digits` × 10^exponent. */
function decimalText(sign: string, given: string, exponent: number): string {
  const digits = given.replace(/^0+(?=\d)/, '');
  const adjusted = exponent + digits.length - 1;
  if (exponent <= 0 && adjusted >= -6) {
    if (exponent === 0) return sign + digits;
    const padded = digits.padStart(1 - exponent, '0');
    return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits;
  return `${sign}${mantissa}E${adjusted < 0 ? '-' : '+'}${Math.abs(adjusted)}`;
}

const simple: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The text of a string between its quotes. */
function unescape(raw: string): string {
  if (!raw.includes('\\')) return raw;
  let text = '';
  for (let index = 0; index < raw.length; index++) {
    const char = raw.charAt(index);
    if (char !== '\\') {
      text += char;
      continue;
    }
    const next = raw.charAt(++index);
    if (next !== 'u') {
      const plain = simple[next];
      if (plain === undefined) throw new JsonParseError('Invalid escape');
      text += plain;
      continue;
    }
    const hex = raw.slice(index + 1, index + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
      throw new JsonParseError(hex.length < 4 ? 'Invalid \\uXXXX escape' : 'Invalid characters in \\uXXXX escape');
    }
    index += 4;
    const code = parseInt(hex, 16);
    const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(raw.slice(index + 1, index + 7));
    if (code >= 0xd800 && code < 0xdc00 && low !== null) {
      text += String.fromCharCode(code, parseInt(low[1] ?? '', 16));
      index += 6;
    } else if (code >= 0xd800 && code < 0xdc00) {
      throw new JsonParseError('Invalid \\uXXXX\\uXXXX surrogate pair escape');
    } else text += code >= 0xdc00 && code < 0xe000 ? '\ufffd' : String.fromCharCode(code);
  }
  return text;
}

/** Reads a text with exactly one value (fromjson, --argjson); throws `JsonParseError`. */
export function readJson(text: string): Json | undefined {
  const reader = new JsonReader();
  reader.feed(text);
  reader.end();
  const value = reader.take();
  if (value !== undefined && reader.take() !== undefined) {
    throw new JsonParseError('Unexpected extra JSON values');
  }
  return value;
}
