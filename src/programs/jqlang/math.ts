import { of0, of2, of3, type Native } from './natives';
import { fail, short } from './operations';
import { isNumber, numberOf, type Json } from './values';

const number = (value: Json): number => (isNumber(value) ? numberOf(value) : fail(`${short(value)} number required`));

const one = (f: (value: number) => Json): Native => of0((value) => f(number(value)));
const two = (f: (a: number, b: number) => Json): Native => of2((_, a, b) => f(number(a), number(b)));

/** Halves to the even neighbour, as rint(3). */
function rint(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** frexp(3): a fraction in [0.5, 1) and a power of two. */
function frexp(value: number): readonly [number, number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = Math.floor(Math.log2(Math.abs(value))) + 1;
  let fraction = value / 2 ** exponent;
  if (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent++;
  } else if (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent--;
  }
  return [fraction, exponent];
}

const unary: Readonly<Record<string, (value: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  // round(3) goes away from zero.
  round: (value) => Math.sign(value) * Math.round(Math.abs(value)),
  trunc: Math.trunc,
  rint,
  nearbyint: rint,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  fabs: Math.abs,
  exp: Math.exp,
  exp2: (value) => 2 ** value,
  exp10: (value) => 10 ** value,
  pow10: (value) => 10 ** value,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  significand: (value) => {
    const [fraction] = frexp(value);
    return fraction * 2;
  },
  logb: (value) => frexp(value)[1] - 1,
};

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  pow: (a, b) => a ** b,
  atan2: Math.atan2,
  fmod: (a, b) => a % b,
  fmin: Math.min,
  fmax: Math.max,
  fdim: (a, b) => Math.max(a - b, 0),
  hypot: Math.hypot,
  ldexp: (a, b) => a * 2 ** b,
  scalb: (a, b) => a * 2 ** b,
  scalbln: (a, b) => a * 2 ** b,
  copysign: (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)),
  drem: (a, b) => a - b * rint(a / b),
};

/** jq's mathematics: the C library's functions by their names. */
export const math: Readonly<Record<string, Native>> = {
  ...Object.fromEntries(Object.entries(unary).map(([name, f]) => [`${name}/0`, one(f)])),
  ...Object.fromEntries(Object.entries(binary).map(([name, f]) => [`${name}/2`, two(f)])),
  'fma/3': of3((_, a, b, c) => number(a) * number(b) + number(c)),
  'frexp/0': one((value) => frexp(value)),
  'modf/0': one((value) => [value - Math.trunc(value), Math.trunc(value)]),
  'abs/0': of0((value) => {
    if (typeof value === 'string') return value;
    return isNumber(value) ? Math.abs(numberOf(value)) : fail(`${short(value)} cannot be negated`);
  }),
  'infinite/0': of0(() => Infinity),
  'nan/0': of0(() => NaN),
  'isinfinite/0': one((value) => !Number.isFinite(value) && !Number.isNaN(value)),
  'isnan/0': one(Number.isNaN),
  'isnormal/0': one((value) => Number.isFinite(value) && Math.abs(value) >= 2.2250738585072014e-308),
};
