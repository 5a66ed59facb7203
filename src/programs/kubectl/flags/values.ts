/** Texts of flag values, read as Go's strconv and time packages do, with their words for what is wrong. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falsehoods = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** strconv.ParseBool. */
export function parseBool(text: string): Parsed<boolean> {
  if (truths.has(text)) return { ok: true, value: true };
  if (falsehoods.has(text)) return { ok: true, value: false };
  return { ok: false, error: `strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax` };
}

/** strconv.ParseInt(text, 0, bits). */
export function parseInteger(text: string, bits: 32 | 64 = 64): Parsed<number> {
  const found = /^([+-]?)(0[xX][\da-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[\d_]+)$/.exec(text);
  if (!found) return { ok: false, error: `strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax` };
  const digits = (found[2] ?? '').replaceAll('_', '');
  const magnitude = /^0[0-7]/.test(digits) ? parseInt(digits, 8) : Number(digits);
  const value = found[1] === '-' ? -magnitude : magnitude;
  const limit = 2 ** (bits - 1);
  if (value >= limit || value < -limit)
    return { ok: false, error: `strconv.ParseInt: parsing ${goQuote(text)}: value out of range` };
  return { ok: true, value };
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** time.ParseDuration, in milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const bad: Parsed<number> = { ok: false, error: `time: invalid duration ${goQuote(text)}` };
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  let rest = text.slice(sign.length);
  if (rest === '0') return { ok: true, value: 0 };
  if (rest === '') return bad;
  let total = 0;
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return bad;
    rest = rest.slice(number.length);
    const unit = /^[^\d.]+/.exec(rest)?.[0];
    if (unit === undefined) return { ok: false, error: `time: missing unit in duration ${goQuote(text)}` };
    const scale = units[unit];
    if (scale === undefined)
      return { ok: false, error: `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}` };
    total += Number(number) * scale;
    rest = rest.slice(unit.length);
  }
  return { ok: true, value: sign === '-' ? -total : total };
}

/** time.Duration's String, of milliseconds. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (size < 1e-3) return `${sign}${trim(size * 1e6)}ns`;
  if (size < 1) return `${sign}${trim(size * 1e3)}µs`;
  if (size < 1000) return `${sign}${trim(size)}ms`;
  const hours = Math.floor(size / 3_600_000);
  const minutes = Math.floor((size % 3_600_000) / 60_000);
  const seconds = trim((size % 60_000) / 1000);
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

const trim = (value: number): string => String(Number(value.toFixed(9)));

/** A line of comma separated values (encoding/csv), as pflag's StringSlice reads it. */
export function parseCsv(text: string): Parsed<readonly string[]> {
  if (text === '') return { ok: true, value: [] };
  const values: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let value = '';
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0)
          return {
            ok: false,
            error: `record on line 1; parse error on line 2, column 0: extraneous or missing " in quoted-field`,
          };
        value += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        value += '"';
        at++;
      }
      values.push(value);
      if (at < text.length && text[at] !== ',')
        return { ok: false, error: `parse error on line 1, column ${at}: extraneous or missing " in quoted-field` };
    } else {
      const comma = text.indexOf(',', at);
      const value = comma < 0 ? text.slice(at) : text.slice(at, comma);
      const quote = value.indexOf('"');
      if (quote >= 0)
        return { ok: false, error: `parse error on line 1, column ${at + quote + 1}: bare " in non-quoted-field` };
      values.push(value);
      at += value.length;
    }
    if (at >= text.length) return { ok: true, value: values };
    at++;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};

/** strconv.Quote, fmt's %q. */
export function goQuote(text: string): string {
  const inner = text.replace(/[\x00-\x1f"\\\x7f-\x9f]/g, (found) => escapes[found] ?? hex(found.charCodeAt(0)));
  return `"${inner}"`;
}

const hex = (code: number): string =>
  code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
