import { fn, type Library } from '../functions';
import { parseType } from '../types';
import { CelError, Opaque } from '../values';

/** A decimal number: `digits × 10^-scale`, exactly. */
interface Quantity {
  readonly nanos: bigint;
}

const type = parseType('kubernetes.Quantity');
const nano = 1_000_000_000n;
const suffixes: Readonly<Record<string, bigint>> = {
  '': nano,
  k: nano * 10n ** 3n,
  M: nano * 10n ** 6n,
  G: nano * 10n ** 9n,
  T: nano * 10n ** 12n,
  P: nano * 10n ** 15n,
  E: nano * 10n ** 18n,
  m: 1_000_000n,
  u: 1000n,
  n: 1n,
  Ki: nano << 10n,
  Mi: nano << 20n,
  Gi: nano << 30n,
  Ti: nano << 40n,
  Pi: nano << 50n,
  Ei: nano << 60n,
};

/** resource.ParseQuantity; below a nano it rounds up. */
function parse(text: string): Quantity | undefined {
  if (text.length > 100) return undefined;
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3}|[a-zA-Z]*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', number = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = number.split('.');
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  const factor = exponent === undefined ? suffixes[suffix] : nano;
  if (factor === undefined) return undefined;
  let numerator = BigInt(whole + fraction) * factor;
  let denominator = 10n ** BigInt(fraction.length);
  if (exponent !== undefined) {
    const power = 10n ** BigInt(Math.abs(Number(exponent)));
    if (exponent.startsWith('-')) denominator *= power;
    else numerator *= power;
  }
  const up = numerator % denominator === 0n ? 0n : 1n;
  const nanos = numerator / denominator + up;
  return { nanos: sign === '-' ? -nanos : nanos };
}

const value = (nanos: bigint): Opaque<Quantity> =>
  new Opaque(type, { nanos }, (other: Quantity) => other.nanos === nanos);

function read(text: string): Opaque<Quantity> {
  const parsed = parse(text);
  if (parsed === undefined)
    throw new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  return value(parsed.nanos);
}

type One = readonly [Opaque<Quantity>];
type Two = readonly [Opaque<Quantity>, Opaque<Quantity>];
type WithInt = readonly [Opaque<Quantity>, bigint];
const on = 'kubernetes.Quantity';
const big = 2n ** 63n - 1n;

/** Kubernetes' quantities. */
export const quantity: Library = [
  fn(`quantity(string): ${on}`, ([text]: readonly [string]) => read(text)),
  fn('isQuantity(string): bool', ([text]: readonly [string]) => parse(text) !== undefined),
  // No method, upstream has it so.
  fn(`sign(${on}): int`, ([{ held }]: One) => (held.nanos > 0n ? 1n : held.nanos < 0n ? -1n : 0n)),
  fn(`${on}.isGreaterThan(${on}): bool`, ([a, b]: Two) => a.held.nanos > b.held.nanos),
  fn(`${on}.isLessThan(${on}): bool`, ([a, b]: Two) => a.held.nanos < b.held.nanos),
  fn(`${on}.compareTo(${on}): int`, ([a, b]: Two) =>
    a.held.nanos < b.held.nanos ? -1n : a.held.nanos > b.held.nanos ? 1n : 0n,
  ),
  fn(`${on}.asApproximateFloat(): double`, ([{ held }]: One) => Number(held.nanos) / 1e9),
  fn(`${on}.asInteger(): int`, ([{ held }]: One) => {
    if (!isInteger(held)) throw new CelError('cannot convert value to integer');
    return held.nanos / nano;
  }),
  fn(`${on}.isInteger(): bool`, ([{ held }]: One) => isInteger(held)),
  fn(`${on}.add(${on}): ${on}`, ([a, b]: Two) => value(a.held.nanos + b.held.nanos)),
  fn(`${on}.add(int): ${on}`, ([a, b]: WithInt) => value(a.held.nanos + b * nano)),
  fn(`${on}.sub(${on}): ${on}`, ([a, b]: Two) => value(a.held.nanos - b.held.nanos)),
  fn(`${on}.sub(int): ${on}`, ([a, b]: WithInt) => value(a.held.nanos - b * nano)),
];

const isInteger = ({ nanos }: Quantity): boolean =>
  nanos % nano === 0n && nanos / nano <= big && nanos / nano >= -big - 1n;
