import { parseQuantity as parseExactly, quantityText } from '../../../kubernetes/apimachinery/quantity';

/** Quantities as far as this side needs them: reading, comparing, adding and printing canonically (apimachinery resource). */
const binary: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

const shape = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?|[eE][+-]?\d+)$/;

/** The value; undefined for what is no quantity. */
export function parseQuantity(source: string): number | undefined {
  const found = shape.exec(source);
  if (!found) return undefined;
  const [, sign, digits = '', suffix = ''] = found;
  const value = Number(digits) * scaleOf(suffix);
  return sign === '-' ? -value : value;
}

function scaleOf(suffix: string): number {
  const power = binary[suffix];
  if (power !== undefined) return power;
  const ten = decimal[suffix];
  return 10 ** (ten ?? Number(suffix.slice(1)));
}

export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

export function formatOf(source: string): QuantityFormat {
  const suffix = shape.exec(source)?.[3] ?? '';
  if (suffix in binary) return 'BinarySI';
  return /^[eE][+-]?\d/.test(suffix) ? 'DecimalExponent' : 'DecimalSI';
}

/** Quantity.String of a value. */
export function formatQuantity(value: number, format: QuantityFormat): string {
  if (value === 0) return '0';
  if (format === 'BinarySI' && Number.isInteger(value) && Math.abs(value) >= 1024) {
    let rest = value;
    let suffix = '';
    for (const unit of Object.keys(binary)) {
      if (rest % 1024 !== 0) break;
      rest /= 1024;
      suffix = unit;
    }
    return `${rest}${suffix}`;
  }
  const units = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
  // Whole numbers are left as they are: multiplied they would no longer be exact.
  const whole = Number.isInteger(value);
  let mantissa = whole ? value : Math.round(value * 1e9);
  let unit = whole ? units.indexOf('') : 0;
  while (mantissa !== 0 && mantissa % 1000 === 0 && unit < units.length - 1) {
    mantissa /= 1000;
    unit++;
  }
  return `${mantissa}${units[unit] ?? ''}`;
}

/** A quantity as the server would print it. */
export function canonical(source: string): string {
  const quantity = parseExactly(source);
  return quantity.ok ? quantityText(quantity.value) : source;
}
