import { AwkError, StrNum, toNumber, type Value } from './values';

const directive = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+)?)?([hlLjzt]*)([a-zA-Z%])/g;

/** sprintf(3) as awk has it. `text` makes a string of a value (CONVFMT). */
export function sprintf(
  format: string,
  args: readonly Value[],
  text: (value: Value) => string,
  name = 'sprintf',
): string {
  let used = 0;
  const next = (): Value => {
    if (used >= args.length) throw new AwkError(`not enough arguments passed to ${name}("${format}")`, true);
    return args[used++];
  };
  return format.replace(
    directive,
    (whole, flags: string, width: string | undefined, precision: string | undefined, _: string, letter: string) => {
      if (letter === '%') return '%';
      let given = flags;
      let wide = width === '*' ? toNumber(next()) : Number(width ?? 0);
      if (wide < 0) {
        given += '-';
        wide = -wide;
      }
      const hasPoint = /\.(\*|\d*)[hlLjzt]*[a-zA-Z]$/.test(whole);
      const digits = precision === '*' ? toNumber(next()) : hasPoint ? Number(precision ?? 0) : undefined;
      switch (letter) {
        case 'd':
        case 'i':
          return pad(integer(toNumber(next()), given, digits), given, wide, digits === undefined);
        case 'o':
        case 'x':
        case 'X':
        case 'u':
          return pad(unsigned(toNumber(next()), letter, given, digits), given, wide, digits === undefined);
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
        case 'a':
        case 'A':
          return float(toNumber(next()), letter, given, wide, digits);
        case 'c': {
          const value = next();
          const char =
            typeof value === 'number' || value instanceof StrNum
              ? charOf(toNumber(value))
              : String.fromCodePoint(...[...text(value).slice(0, 2)].slice(0, 1).map((one) => one.codePointAt(0) ?? 0));
          return pad(char, given.replaceAll('0', ''), wide, false);
        }
        case 's': {
          const string = text(next());
          const cut = digits === undefined ? string : [...string].slice(0, digits).join('');
          return pad(cut, given.replaceAll('0', ''), wide, false);
        }
        default:
          return whole;
      }
    },
  );
}

const charOf = (code: number): string => {
  const whole = Math.trunc(code);
  return whole >= 0 && whole <= 0x10ffff ? String.fromCodePoint(whole) : '';
};

function pad(text: string, flags: string, width: number, zeros: boolean): string {
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !zeros) return text.padStart(width);
  const sign = /^(?:[-+ ]|0[xX])/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

const signed = (text: string, negative: boolean, flags: string): string =>
  negative ? `-${text}` : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;

function integer(value: number, flags: string, digits: number | undefined): string {
  if (!Number.isFinite(value)) return signed(Number.isNaN(value) ? 'nan' : 'inf', value < 0, flags);
  const whole = Math.trunc(value);
  const text = BigInt(Math.abs(whole))
    .toString()
    .padStart(digits ?? 1, '0');
  return signed(digits === 0 && whole === 0 ? '' : text, whole < 0, flags);
}

function unsigned(value: number, letter: string, flags: string, digits: number | undefined): string {
  if (!Number.isFinite(value)) return integer(value, flags, digits);
  let whole = BigInt(Math.trunc(value));
  if (whole < 0n) whole = BigInt.asUintN(64, whole);
  const base = letter === 'o' ? 8 : letter === 'u' ? 10 : 16;
  let text = whole.toString(base).padStart(digits ?? 1, '0');
  if (flags.includes('#') && whole !== 0n) {
    if (base === 16) text = `0x${text}`;
    if (base === 8 && !text.startsWith('0')) text = `0${text}`;
  }
  return letter === 'X' ? text.toUpperCase() : text;
}

function float(value: number, letter: string, flags: string, width: number, digits: number | undefined): string {
  const negative = value < 0 || Object.is(value, -0);
  if (!Number.isFinite(value)) {
    return pad(signed(Number.isNaN(value) ? 'nan' : 'inf', negative, flags), flags.replaceAll('0', ''), width, false);
  }
  const text = floatDigits(Math.abs(value), letter, digits ?? 6, flags.includes('#'));
  return pad(signed(text, negative, flags), flags, width, true);
}

/** %e, %f and %g of a value that is not negative. */
export function floatDigits(value: number, letter: string, digits: number, alternate = false): string {
  const exponential = (text: string): string =>
    text.replace(/e([-+])(\d+)$/, (_, sign: string, exponent: string) => `e${sign}${exponent.padStart(2, '0')}`);
  const upper = letter === letter.toUpperCase();
  const kind = letter.toLowerCase();
  let text: string;
  if (kind === 'f') text = fixed(value, digits);
  else if (kind === 'e' || kind === 'a') text = exponential(scientific(value, digits));
  else {
    const significant = Math.max(digits, 1);
    const precise = scientific(value, significant - 1);
    const exponent = Number(precise.slice(precise.indexOf('e') + 1));
    if (exponent < -4 || exponent >= significant) {
      text = alternate ? precise : precise.replace(/\.?0*e/, 'e');
      if (!precise.includes('.')) text = precise;
      text = exponential(text);
    } else {
      text = fixed(value, significant - 1 - exponent);
      if (!alternate && text.includes('.')) text = text.replace(/\.?0+$/, '');
    }
  }
  return upper ? text.toUpperCase() : text;
}

/** How many more digits show whether a number lies exactly between two. */
const MORE = 25;
const half = `5${'0'.repeat(MORE - 1)}`;

/** toExponential with C's rounding: exact halves to the even digit. */
function scientific(value: number, digits: number): string {
  const places = Math.min(digits, 100 - MORE);
  const [mantissa = '', exponent = ''] = value.toExponential(places + MORE).split('e');
  const head = mantissa.slice(0, -MORE).replace(/\.$/, '');
  return mantissa.endsWith(half) && /[02468]$/.test(head) ? `${head}e${exponent}` : value.toExponential(places);
}

/** toFixed with C's rounding, and beyond its limit of 1e21. */
function fixed(value: number, digits: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const places = Math.min(digits, 100 - MORE);
  const exact = value.toFixed(places + MORE);
  const head = exact.slice(0, -MORE).replace(/\.$/, '');
  return exact.endsWith(half) && /[02468]$/.test(head) ? head : value.toFixed(places);
}
