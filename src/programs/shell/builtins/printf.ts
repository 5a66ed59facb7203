import { backslashQuote, unescape } from '../expand/quote';
import type { Shell } from '../shell';
import { complain, errorText, out, usage, warn } from '../run/io';
import { fromBytes, normalizeBytes, toBytes } from '../text';
import { assignTo } from './assign-to';
import { strftime } from './strftime';
import type { Builtin } from './types';

const SYNOPSIS = 'printf [-v var] format [arguments]';

interface State {
  readonly shell: Shell;
  readonly args: readonly string[];
  index: number;
  status: number;
  out: string;
  /** `\c` ended all output. */
  stopped: boolean;
  readonly complaints: string[];
}

export const printf: Builtin = async (shell, args) => {
  let rest = args;
  let variable: string | undefined;
  if (rest[0] === '-v' && shell.dialect === 'bash') {
    variable = rest[1];
    if (variable === undefined) return usage(shell, '-v: option requires an argument', SYNOPSIS);
    rest = rest.slice(2);
  }
  if (shell.dialect === 'dash' && /^-[^-]/.test(rest[0] ?? '')) {
    await warn(shell, `Illegal option ${rest[0]?.slice(0, 2) ?? ''}`);
    return 2;
  }
  if (rest[0] === '--') rest = rest.slice(1);
  const [format, ...values] = rest;
  if (format === undefined) {
    if (shell.dialect === 'bash') return usageOnly(shell);
    await warn(shell, 'usage: printf format [arg ...]');
    return 2;
  }
  const state: State = { shell, args: values, index: 0, status: 0, out: '', stopped: false, complaints: [] };
  do {
    const before = state.index;
    runFormat(state, format);
    if (state.index === before) break;
  } while (state.index < values.length && !state.stopped);
  for (const complaint of state.complaints) await warn(shell, complaint);
  const text = normalizeBytes(state.out);
  if (variable !== undefined) {
    if (assignTo(shell, variable, text)) return state.status;
    await complain(shell, `printf: \`${variable}': not a valid identifier`);
    return 2;
  }
  const written = await out(shell, text);
  return written === 0 ? state.status : written;
};

async function usageOnly(shell: Shell): Promise<number> {
  await errorText(shell, `printf: usage: ${SYNOPSIS}\n`);
  return 2;
}

const directive = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|j|z|t)?(\(([^)]*)\)T|[a-zA-Z%])/;

function runFormat(state: State, format: string): void {
  let rest = format;
  while (rest !== '' && !state.stopped) {
    const percent = rest.indexOf('%');
    const literal = percent < 0 ? rest : rest.slice(0, percent);
    const { text, stopped } = unescape(literal, 'format');
    state.out += text;
    state.stopped = stopped;
    if (percent < 0 || stopped) return;
    rest = rest.slice(percent);
    const match = directive.exec(rest);
    if (match === null) {
      const what = rest.length === 1 ? '%' : rest.slice(0, 2);
      state.complaints.push(
        what.length === 1 || /^%[-+ #0'\d.*hlLjzt]+$/.test(rest)
          ? `\`${rest}': missing format character`
          : `\`${what.slice(1)}': invalid format character`,
      );
      state.status = 1;
      state.stopped = true;
      return;
    }
    rest = rest.slice(match[0].length);
    convert(state, match);
  }
}

const next = (state: State): string | undefined => {
  const value = state.args[state.index];
  state.index++;
  return value;
};

function convert(
  state: State,
  [whole, flagText = '', widthText, precisionText, conversion = '', time]: RegExpExecArray,
): void {
  if (conversion === '%') {
    state.out += '%';
    return;
  }
  let flags = flagText;
  let width = widthText === '*' ? toInteger(state, next(state)) : Number(widthText ?? 0);
  if (width < 0) {
    flags += '-';
    width = -width;
  }
  let precision =
    precisionText === undefined
      ? undefined
      : precisionText === '*'
        ? toInteger(state, next(state))
        : Number(precisionText);
  if (precision !== undefined && precision < 0) precision = undefined;
  const pad = (text: string): string => padTo(text, width, flags.includes('-'));
  switch (time === undefined ? conversion : 'T') {
    case 'T':
      state.out += pad(
        cut(timeText(strftime(time === '' ? '%X' : (time ?? ''), whenOf(state), zoneOf(state))), precision),
      );
      return;
    case 's':
      state.out += pad(cut(next(state) ?? '', precision));
      return;
    case 'b': {
      const { text, stopped } = unescape(next(state) ?? '', 'printf');
      state.out += pad(cut(normalizeBytes(text), precision));
      state.stopped = stopped;
      return;
    }
    case 'q':
    case 'Q':
      if (state.shell.dialect === 'dash') {
        state.complaints.push(`${whole}: invalid directive`);
        state.status = 2;
        state.stopped = true;
        return;
      }
      state.out += pad(cut(backslashQuote(next(state) ?? ''), precision));
      return;
    case 'c':
      state.out += pad(fromBytes(toBytes(next(state) ?? '').subarray(0, 1)));
      return;
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      state.out += integer(state, conversion, flags, width, precision);
      return;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      state.out += float(state, conversion, flags, width, precision);
      return;
    case 'n':
      next(state);
      return;
    default:
      // A length without a conversion behind it.
      state.complaints.push(
        'hlLjzt'.includes(conversion)
          ? `\`${whole}': missing format character`
          : `\`${conversion}': invalid format character`,
      );
      state.status = 1;
      state.stopped = true;
  }
}

const padTo = (text: string, width: number, left: boolean): string => {
  const missing = width - toBytes(text).length;
  if (missing <= 0) return text;
  return left ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
};

const cut = (text: string, precision: number | undefined): string =>
  precision === undefined ? text : fromBytes(toBytes(text).subarray(0, precision));

/** TZ counts where it is exported, as for every program. */
const zoneOf = ({ shell }: State): string | undefined => shell.variables.environment().get('TZ');

/** bash keeps 128 bytes for it, and nothing if they do not do. */
const timeText = (text: string): string => (toBytes(text).length < 128 ? text : '');

function whenOf(state: State): number {
  const argument = next(state);
  if (argument === undefined || argument === '-1') return state.shell.process.clock.now;
  if (argument === '-2') return state.shell.startedAt;
  return toInteger(state, argument) * 1000;
}

/** A number as C's strtoimax reads it; `'a` is the code of a. */
function parseInteger(state: State, argument: string | undefined, signed = true): bigint {
  if (argument === undefined || argument === '') return 0n;
  if (/^["']/.test(argument)) return BigInt(codeOf(argument.slice(1)));
  const [text = '', sign = '', digits = ''] = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(argument) ?? [];
  if (text.length !== argument.length) {
    const octal = /^\s*[+-]?0\d/.test(argument);
    const hex = /^\s*[+-]?0[xX]/.test(argument);
    const dash = state.shell.dialect === 'dash';
    state.complaints.push(
      `${argument}: ${dash ? 'expected numeric value' : `invalid ${hex ? 'hex ' : octal ? 'octal ' : ''}number`}`,
    );
    state.status = 1;
  }
  if (digits === '') return 0n;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const number = sign === '-' ? -value : value;
  const [low, high] = signed ? [-(2n ** 63n), 2n ** 63n - 1n] : [1n - 2n ** 64n, 2n ** 64n - 1n];
  if (number >= low && number <= high) return number;
  state.complaints.push(`warning: ${argument}: Numerical result out of range`);
  return signed && number < low ? low : high;
}

/** The code of the first character; of what is no UTF-8 the byte, but what is too large is still counted. */
function codeOf(text: string): number {
  const bytes = toBytes(text);
  const [first = 0, ...rest] = bytes;
  const code = text.codePointAt(0) ?? 0;
  if (code < 0xdc80 || code > 0xdcff) return code;
  const more = rest.slice(0, 3);
  if (first < 0xf4 || first > 0xf7 || more.length < 3 || more.some((byte) => (byte & 0xc0) !== 0x80)) return first;
  return more.reduce((sum, byte) => sum * 64 + (byte & 0x3f), first & 7);
}

const toInteger = (state: State, argument: string | undefined): number => Number(parseInteger(state, argument));

function integer(
  state: State,
  conversion: string,
  flags: string,
  width: number,
  precision: number | undefined,
): string {
  const signed = conversion === 'd' || conversion === 'i';
  let value = parseInteger(state, next(state), signed);
  if (signed) value = BigInt.asIntN(64, value);
  else value = BigInt.asUintN(64, value);
  const negative = value < 0n;
  const base = conversion === 'o' ? 8 : conversion === 'x' || conversion === 'X' ? 16 : 10;
  let digits = (negative ? -value : value).toString(base);
  if (conversion === 'X') digits = digits.toUpperCase();
  if (precision !== undefined) digits = precision === 0 && value === 0n ? '' : digits.padStart(precision, '0');
  let prefix = negative ? '-' : signed && flags.includes('+') ? '+' : signed && flags.includes(' ') ? ' ' : '';
  if (flags.includes('#') && value !== 0n) {
    if (base === 8 && !digits.startsWith('0')) digits = `0${digits}`;
    if (base === 16) prefix = conversion === 'X' ? '0X' : '0x';
  }
  if (flags.includes('0') && !flags.includes('-') && precision === undefined) {
    digits = digits.padStart(width - prefix.length, '0');
  }
  return padTo(prefix + digits, width, flags.includes('-'));
}

function float(state: State, conversion: string, flags: string, width: number, precision: number | undefined): string {
  const argument = next(state) ?? '0';
  const value = /^["']/.test(argument) ? Number(parseInteger(state, argument)) : parseFloatArgument(state, argument);
  const upper = conversion === conversion.toUpperCase();
  const kind = conversion.toLowerCase();
  const magnitude = Math.abs(value);
  let text: string;
  if (!Number.isFinite(magnitude)) text = Number.isNaN(magnitude) ? 'nan' : 'inf';
  else if (kind === 'f')
    text = magnitude.toFixed(Math.min(100, precision ?? 6)) + (precision === 0 && flags.includes('#') ? '.' : '');
  else if (kind === 'e') text = exponent(magnitude.toExponential(Math.min(100, precision ?? 6)));
  else text = general(magnitude, precision ?? 6, flags.includes('#'));
  if (upper) text = text.toUpperCase();
  const prefix = value < 0 || Object.is(value, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (flags.includes('0') && !flags.includes('-') && Number.isFinite(magnitude))
    text = text.padStart(width - prefix.length, '0');
  return padTo(prefix + text, width, flags.includes('-'));
}

function parseFloatArgument(state: State, argument: string): number {
  const text = argument.trim();
  if (/^[+-]?(inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(text)) return NaN;
  if (/^[+-]?0x[0-9a-f]+$/i.test(text))
    return text.startsWith('-') ? -Number(text.slice(1)) : Number(text.replace('+', ''));
  const [number = ''] = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(text) ?? [];
  if (number.length !== text.length || text === '') {
    if (argument !== '') {
      state.complaints.push(`${argument}: invalid number`);
      state.status = 1;
    }
  }
  return Number(number);
}

/** C writes at least two digits of exponent. */
const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

function general(value: number, precision: number, keep: boolean): string {
  const digits = precision === 0 ? 1 : Math.min(100, precision);
  const power = value === 0 ? 0 : Number(/e(.*)$/.exec(value.toExponential(digits - 1))?.[1] ?? 0);
  const scientific = power < -4 || power >= digits;
  const text = scientific ? value.toExponential(digits - 1) : value.toFixed(digits - 1 - power);
  const short = keep || !text.includes('.') ? text : text.replace(/\.?0+(?=e|$)/, '');
  return scientific ? exponent(short) : short;
}
