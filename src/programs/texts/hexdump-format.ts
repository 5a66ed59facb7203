/** One unit of a format string of hexdump(1): `4/1 "%02x"`. */
interface Unit {
  readonly iterations: number;
  readonly bytes: number;
  readonly format: string;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};
const conversion = /%([-+ #0]*)(\d*)(?:\.(\d+))?(_a[dox]|_A[dox]|_[cpu]|[diouxXc%s])/;

/** Bytes that a conversion takes where the unit does not say. */
function defaultBytes(format: string): number {
  const type = conversion.exec(format)?.[4];
  if (type === undefined || type === '%' || /^_[aA]/.test(type)) return 0;
  return /^(c|_[cpu]|s)$/.test(type) ? 1 : 4;
}

/** The units of a format string; undefined if it is malformed. */
export function parseFormat(text: string): readonly Unit[] | undefined {
  const units: Unit[] = [];
  const unit = /\s*(\d+)?\s*(?:\/\s*(\d+))?\s*"((?:[^"\\]|\\.)*)"\s*/y;
  while (unit.lastIndex < text.length) {
    const found = unit.exec(text);
    if (found === null) return undefined;
    const [, iterations = '1', bytes, raw = ''] = found;
    const format = raw.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
    units.push({
      iterations: Number(iterations),
      bytes: bytes === undefined ? defaultBytes(format) : Number(bytes),
      format,
    });
  }
  return units;
}

/** How many bytes one round of the units takes. */
const roundOf = (units: readonly Unit[]): number =>
  units.reduce((sum, { iterations, bytes }) => sum + iterations * bytes, 0);

function number(bytes: Uint8Array, signed: boolean): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

function convert(format: string, bytes: Uint8Array, offset: number): string {
  return format.replace(conversion, (_, flags: string, width: string, _precision, type: string) => {
    const value =
      type === '%'
        ? '%'
        : type.startsWith('_a')
          ? offset.toString(type === '_ad' ? 10 : type === '_ao' ? 8 : 16)
          : type === 'c' || type === 's' || type.startsWith('_')
            ? [...bytes]
                .map((byte) => (type === 'c' || (byte >= 32 && byte < 127) ? String.fromCharCode(byte) : '.'))
                .join('')
            : type === 'd' || type === 'i'
              ? String(number(bytes, true))
              : number(bytes, false).toString(type === 'o' ? 8 : type === 'u' ? 10 : 16);
    const cased = type === 'X' ? value.toUpperCase() : value;
    if (flags.includes('-')) return cased.padEnd(Number(width));
    return cased.padStart(Number(width), flags.includes('0') ? '0' : ' ');
  });
}

/** All bytes by the units, over and over; what is missing in the last round is not printed (blanks for what is counted). */
export function formatAll(units: readonly Unit[], data: Uint8Array, skipped: number): string {
  const round = roundOf(units);
  if (round === 0) return '';
  let out = '';
  for (let start = 0; start < data.length; start += round) {
    let at = start;
    for (const { iterations, bytes, format } of units) {
      for (let time = 0; time < iterations; time++) {
        // Space at the end of a repeated format is not printed the last time.
        const text = time === iterations - 1 && iterations > 1 ? format.replace(/[ \t]+$/, '') : format;
        if (bytes > 0 && at >= data.length) {
          out += text.replace(conversion, (_, _flags, width: string) => ' '.repeat(Number(width)));
          continue;
        }
        out += convert(text, data.subarray(at, Math.min(at + bytes, data.length)), skipped + at);
        at += bytes;
      }
    }
  }
  return out;
}
