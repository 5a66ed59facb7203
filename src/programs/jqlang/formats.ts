import { decode, encode } from '../../linux/io/bytes';
import { fail, short } from './operations';
import { compact } from './print';
import { isArray, isNumber, type Json } from './values';

/** tostring. */
export const text = (value: Json): string => (typeof value === 'string' ? value : compact(value));

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const alphabet32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bits of bytes in groups of `width`, padded to whole quanta of `quantum` characters. */
function toBase(bytes: Uint8Array, letters: string, width: number, quantum: number): string {
  let result = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= width) {
      bits -= width;
      result += letters.charAt((held >> bits) & ((1 << width) - 1));
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) result += letters.charAt((held << (width - bits)) & ((1 << width) - 1));
  while (result.length % quantum !== 0) result += '=';
  return result;
}

function fromBase(given: string, letters: string, width: number): Uint8Array | undefined {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const char of given.replace(/=+$/, '')) {
    const value = letters.indexOf(char);
    if (value < 0) return undefined;
    held = ((held << width) | value) & 0xffff;
    bits += width;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
  }
  return Uint8Array.from(bytes);
}

export const base64 = (value: string): string => toBase(encode(value), alphabet, 6, 4);

function decoded(value: Json, letters: string, width: number, name: string): string {
  const given = text(value);
  const bytes = fromBase(given, letters, width);
  if (bytes !== undefined && width === 6 && given.replace(/=+$/, '').length % 4 === 1) {
    return fail(`${short(value)} trailing base64 byte found`);
  }
  if (bytes === undefined || (given.replace(/=+$/, '') !== '' && bytes.length === 0)) {
    return fail(`${short(value)} is not valid ${name} data`);
  }
  return decode(bytes);
}

function row(value: Json, kind: string, cell: (item: Json) => string, separator: string): string {
  if (!isArray(value)) return fail(`${short(value)} cannot be ${kind}-formatted, only array`);
  return value.map(cell).join(separator);
}

const unquoted = (item: Json): string | undefined => {
  if (item === null) return '';
  if (typeof item === 'boolean') return String(item);
  return isNumber(item) ? compact(item) : undefined;
};

const tsv: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };
const html: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' };

const formats: Readonly<Record<string, (value: Json) => string>> = {
  '@text': text,
  '@json': compact,
  '@html': (value) => text(value).replace(/[<>&'"]/g, (char) => html[char] ?? char),
  '@uri': (value) =>
    [...encode(text(value))]
      .map((byte) =>
        /[A-Za-z0-9\-_.~]/.test(String.fromCharCode(byte))
          ? String.fromCharCode(byte)
          : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      )
      .join(''),
  '@csv': (value) =>
    row(
      value,
      'csv',
      (item) =>
        unquoted(item) ??
        (typeof item === 'string'
          ? `"${item.replaceAll('"', '""')}"`
          : fail(`${short(item)} is not valid in a csv row`)),
      ',',
    ),
  '@tsv': (value) =>
    row(
      value,
      'tsv',
      (item) =>
        unquoted(item) ??
        (typeof item === 'string'
          ? item.replace(/[\t\n\r\\]/g, (char) => tsv[char] ?? char)
          : fail(`${short(item)} is not valid in a csv row`)),
      '\t',
    ),
  '@sh': (value) =>
    (isArray(value) ? value : [value])
      .map((item) =>
        typeof item === 'string'
          ? `'${item.replaceAll("'", "'\\''")}'`
          : item !== null && typeof item === 'object' && !isNumber(item)
            ? fail(`${short(item)} can not be escaped for shell`)
            : compact(item),
      )
      .join(' '),
  '@base64': (value) => base64(text(value)),
  '@base64d': (value) => decoded(value, alphabet, 6, 'base64'),
  '@base32': (value) => toBase(encode(text(value)), alphabet32, 5, 8),
  '@base32d': (value) => decoded(value, alphabet32, 5, 'base32'),
};

/** What `@name` makes of a value. */
export function formatter(name: string): (value: Json) => string {
  return formats[name] ?? (() => fail(`${name.replace('@', '')} is not a valid format`));
}
