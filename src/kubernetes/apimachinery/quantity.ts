import { err, ok, type Result } from '../../sim/result';

/**
 * Amounts of resources (k8s.io/apimachinery/pkg/api/resource): a fixed-point number that is written with a decimal or
 * binary suffix, and remembers which. `500m`, `1536Mi`, `10e9`.
 */
export interface Quantity {
  /** The value is `unscaled` × 10^`scale`. */
  readonly unscaled: bigint;
  readonly scale: number;
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
  /** Whether Go holds it in 64 bits (int64Amount) or in a big number (infDecAmount): they round differently. */
  readonly wide: boolean;
  /** As it was written, where that is plainly canonical: then it is printed so. */
  readonly text?: string;
}

/** ErrFormatWrong and ErrSuffix. */
export const formatWrong =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffixWrong = "unable to parse quantity's suffix";

const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
/** The power of ten of the first of them; also the finest that a quantity may be. */
const NANO = -9;
/** As many digits fit into 64 bits whatever they are. */
const MAX_INT64_FACTORS = 18;
const maxInt64 = 2n ** 63n - 1n;
const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;
const pow10 = (exponent: number): bigint => 10n ** BigInt(exponent);
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

type Suffix =
  | { readonly format: 'BinarySI'; readonly power: number }
  | { readonly format: 'DecimalSI' | 'DecimalExponent'; readonly exponent: number };

function suffixOf(suffix: string): Suffix | undefined {
  const binary = (binarySuffixes as readonly string[]).indexOf(suffix);
  if (binary > 0) return { format: 'BinarySI', power: binary * 10 };
  const decimal = (decimalSuffixes as readonly string[]).indexOf(suffix);
  if (decimal >= 0) return { format: 'DecimalSI', exponent: NANO + decimal * 3 };
  return /^[eE][-+]?\d+$/.test(suffix) ? { format: 'DecimalExponent', exponent: Number(suffix.slice(1)) } : undefined;
}

/** ParseQuantity. The error is upstream's. */
export function parseQuantity(text: string): Result<Quantity, string> {
  if (text === '0') return ok({ unscaled: 0n, scale: 0, format: 'DecimalSI', wide: false, text });
  // Without digits it is nothing of something (`m` is 0): parseQuantityString asks for none.
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(text);
  if (match === null || text === '') return err(formatWrong);
  const [, sign = '', whole = '', denom = '', tail = ''] = match;
  const suffix = suffixOf(tail);
  // An exponent that nobody means would only cost time: upstream reads it into 32 bits.
  if (suffix === undefined || ('exponent' in suffix && Math.abs(suffix.exponent) > 400)) return err(suffixWrong);
  const num = whole.replace(/^0+(?=\d)/, '') || '0';
  const digits = num + denom;
  const negative = sign === '-';
  const signed = (value: bigint): bigint => (negative ? -value : value);
  const fast = fastPath(suffix, num, denom);
  if (fast !== undefined)
    return ok({
      unscaled: signed(fast.unscaled),
      scale: fast.scale,
      format: suffix.format,
      wide: false,
      ...(fast.canonical ? { text } : {}),
    });
  return ok(wideQuantity(suffix, BigInt(digits), -denom.length, signed));
}

/** What fits into 64 bits for certain; whether the text is canonical is only looked at roughly. */
function fastPath(
  suffix: Suffix,
  num: string,
  denom: string,
): { readonly unscaled: bigint; readonly scale: number; readonly canonical: boolean } | undefined {
  const digits = num + denom;
  if (suffix.format === 'BinarySI') {
    const precision = 15 - num.length - Math.trunc((suffix.power * 3) / 10) - 1;
    if (denom !== '' || precision < 0) return undefined;
    const base = BigInt(num);
    return { unscaled: base << BigInt(suffix.power), scale: 0, canonical: base % 8n !== 0n };
  }
  const scale = suffix.exponent - denom.length;
  if (MAX_INT64_FACTORS - digits.length < 0 || scale < NANO) return undefined;
  const canonical = scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
  return { unscaled: BigInt(digits), scale, canonical };
}

/** Whatever is finer than a billionth is rounded up; binary amounts end at 2^63 - 1. */
function wideQuantity(suffix: Suffix, digits: bigint, scale: number, signed: (value: bigint) => bigint): Quantity {
  let unscaled = digits;
  let at = scale;
  if (suffix.format === 'BinarySI') unscaled <<= BigInt(suffix.power);
  else at += suffix.exponent;
  if (at < NANO) {
    const divisor = pow10(NANO - at);
    unscaled = (unscaled + divisor - 1n) / divisor;
  } else unscaled *= pow10(at - NANO);
  const one = pow10(-NANO);
  const binary = suffix.format === 'BinarySI';
  if (binary && unscaled > maxInt64 * one) unscaled = maxInt64 * one;
  const format = binary && unscaled > 0n && unscaled < one ? 'DecimalSI' : suffix.format;
  return { unscaled: signed(unscaled), scale: NANO, format, wide: true };
}

/** Quantity.String: canonical, without a fraction, with the largest suffix that leaves an integer. */
export function quantityText(quantity: Quantity): string {
  if (quantity.text !== undefined) return quantity.text;
  const { unscaled, scale } = quantity;
  if (unscaled === 0n) return '0';
  const wholeUnits = scale >= 0 ? unscaled * pow10(scale) : unscaled / pow10(-scale);
  const exact = scale >= 0 || wholeUnits * pow10(-scale) === unscaled;
  if (quantity.format === 'BinarySI' && exact && magnitude(wholeUnits) >= 1024n) return binaryText(wholeUnits);
  return decimalText(unscaled, scale, quantity.format === 'DecimalExponent');
}

function binaryText(value: bigint): string {
  let rest = value;
  let power = 0;
  while (rest % 1024n === 0n) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${binarySuffixes[power] ?? ''}`;
}

function decimalText(unscaled: bigint, scale: number, exponential: boolean): string {
  let amount = unscaled;
  let exponent = scale;
  while (amount % 10n === 0n) {
    amount /= 10n;
    exponent++;
  }
  const shift = ((exponent % 3) + 3) % 3;
  amount *= pow10(shift);
  exponent -= shift;
  if (exponential) return exponent === 0 ? String(amount) : `${amount}e${exponent}`;
  // Beyond the last suffix there is none (suffixer.constructBytes), and upstream prints none.
  return `${amount}${decimalSuffixes[(exponent - NANO) / 3] ?? ''}`;
}

/** Quantity.Value: rounded up to a whole number; it overflows as 64 bits do. */
export const quantityInteger = (quantity: Quantity): bigint => scaled(quantity, 0);
/** Quantity.MilliValue: thousandths, rounded up. */
export const quantityMilli = (quantity: Quantity): bigint => scaled(quantity, -3);

function scaled({ unscaled, scale, wide }: Quantity, wanted: number): bigint {
  if (scale === wanted) return BigInt.asIntN(64, unscaled);
  if (scale > wanted) {
    const value = unscaled * pow10(scale - wanted);
    if (!wide) return fitsInt64(value) ? value : 0n;
    return BigInt.asIntN(64, BigInt.asIntN(64, unscaled) * pow10(scale - wanted));
  }
  const divisor = pow10(wanted - scale);
  // int64Amount rounds away from zero; scaledValue looks only whether the number is below 2^63, and rounds up.
  const from = wide && unscaled < maxInt64 ? BigInt.asIntN(64, unscaled) : unscaled;
  const value = from / divisor;
  if (from % divisor === 0n) return BigInt.asIntN(64, value);
  return BigInt.asIntN(64, value + (wide || from > 0n ? 1n : -1n));
}

/** Both at one scale. */
function aligned(a: Quantity, b: Quantity): { readonly a: bigint; readonly b: bigint; readonly scale: number } {
  const scale = Math.min(a.scale, b.scale);
  return { a: a.unscaled * pow10(a.scale - scale), b: b.unscaled * pow10(b.scale - scale), scale };
}

/** Quantity.Cmp: below 0, 0, above 0. */
export function compareQuantities(left: Quantity, right: Quantity): -1 | 0 | 1 {
  const { a, b } = aligned(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Quantity.Add; what is zero takes the other's way of writing. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  const { a, b, scale } = aligned(left, right);
  return { unscaled: a + b, scale, format: (a === 0n ? right : left).format, wide: left.wide || right.wide };
}

/** Quantity.Sub. */
export const subtractQuantities = (left: Quantity, right: Quantity): Quantity => {
  const { text: _text, ...rest } = right;
  return addQuantities(left, { ...rest, unscaled: -right.unscaled });
};

/** Quantity.AsApproximateFloat64 of a text; NaN if it is none. */
export function quantityValue(text: string): number {
  const parsed = parseQuantity(text);
  if (!parsed.ok) return NaN;
  const { unscaled, scale } = parsed.value;
  return scale < 0 ? Number(unscaled) / 10 ** -scale : Number(unscaled) * 10 ** scale;
}
