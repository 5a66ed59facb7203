/** How od shows one unit of bytes. */
export interface Format {
  readonly size: number;
  /** Characters of the widest value. */
  readonly width: number;
  /** With the line's characters at its end (`z`). */
  readonly text: boolean;
  /** `bytes`: `size` of them, the least significant first. */
  readonly show: (bytes: Uint8Array) => string;
}

/** The old letters as types. */
export const named: Readonly<Record<string, string>> = {
  a: 'a',
  b: 'o1',
  c: 'c',
  d: 'u2',
  D: 'u4',
  e: 'fD',
  F: 'fD',
  f: 'fF',
  h: 'x2',
  H: 'x4',
  i: 'dI',
  I: 'dL',
  l: 'dL',
  L: 'dL',
  o: 'o2',
  O: 'o4',
  s: 'd2',
  x: 'x2',
  X: 'x4',
};

const controls =
  'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp';
const names: readonly string[] = controls.split(' ');
const escapes: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};
const sizes: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };

const value = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** Takes `x1z`, `d4`, `c` … apart; a text is what is wrong. */
export function parseTypes(types: string): Format[] | string {
  const formats: Format[] = [];
  let rest = types;
  while (rest !== '') {
    const match = /^([acdfoux])(\d+|[CSILFD])?(z?)/.exec(rest);
    if (match === null) {
      return `invalid character '${rest.charAt(0)}' in type string '${types}'`.replace(/'(.*)' in/, "'$1' in");
    }
    const [whole, kind = '', given = '', z = ''] = match;
    rest = rest.slice(kind === 'a' || kind === 'c' ? 1 + (rest.charAt(1) === 'z' ? 1 : 0) : whole.length);
    const text = (kind === 'a' || kind === 'c' ? rest : z) === 'z' || z === 'z';
    if (kind === 'a' || kind === 'c') {
      formats.push({ size: 1, width: 3, text, show: kind === 'a' ? showName : showChar });
      continue;
    }
    const size = sizes[given] ?? (given === '' ? (kind === 'f' ? 8 : 4) : Number(given));
    if (kind === 'f') {
      if (size !== 4 && size !== 8) {
        return `invalid type string '${types}';\nthis system doesn't provide a ${size}-byte floating point type`;
      }
      formats.push({ size, width: size === 4 ? 15 : 24, text, show: (bytes) => showFloat(bytes, size) });
      continue;
    }
    if (![1, 2, 4, 8].includes(size)) {
      return `invalid type string '${types}';\nthis system doesn't provide a ${size}-byte integral type`;
    }
    const bits = size * 8;
    const widths: Readonly<Record<string, number>> = {
      d: String(2n ** BigInt(bits - 1)).length + 1,
      u: String(2n ** BigInt(bits) - 1n).length,
      o: Math.ceil(bits / 3),
      x: bits / 4,
    };
    const width = widths[kind] ?? 0;
    formats.push({
      size,
      width,
      text,
      show: (bytes) => {
        const number = value(bytes);
        if (kind === 'd') return String(BigInt.asIntN(bits, number));
        return kind === 'u' ? String(number) : number.toString(kind === 'o' ? 8 : 16).padStart(width, '0');
      },
    });
  }
  return formats;
}

const showName = ([byte = 0]: Uint8Array): string => {
  const code = byte & 0x7f;
  return code === 127 ? 'del' : (names[code] ?? String.fromCharCode(code));
};

const showChar = ([byte = 0]: Uint8Array): string =>
  escapes[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));

/** As C's %g with the fewest digits that give the number back. */
function showFloat(bytes: Uint8Array, size: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const number = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number < 0 ? '-inf' : 'inf';
  for (let digits = size === 4 ? 6 : 15; digits <= 17; digits++) {
    const text = number.toPrecision(digits);
    const back = Number(text);
    if ((size === 4 ? Math.fround(back) : back) === number) return general(number, digits);
  }
  return general(number, 17);
}

function general(number: number, digits: number): string {
  if (number === 0) return Object.is(number, -0) ? '-0' : '0';
  const exponent = Number(/e([-+]\d+)$/.exec(number.toExponential(digits - 1))?.[1] ?? 0);
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = '', power = ''] = number.toExponential(digits - 1).split('e');
    const plain = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return `${plain}e${power.charAt(0)}${power.slice(1).padStart(2, '0')}`;
  }
  const fixed = number.toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
