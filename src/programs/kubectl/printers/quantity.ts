import {
  parseQuantity as parseExactly,
  quantityText,
  quantityValue,
  type Quantity,
} from '../../../kubernetes/apimachinery/quantity';

/** Quantities as this side adds them up: as plain numbers, told again in the way they were written. */
export type QuantityFormat = Quantity['format'];

/** The value; undefined for what is no quantity. */
export function parseQuantity(source: string): number | undefined {
  const value = quantityValue(source);
  return Number.isNaN(value) ? undefined : value;
}

export function formatOf(source: string): QuantityFormat {
  const quantity = parseExactly(source);
  return quantity.ok ? quantity.value.format : 'DecimalSI';
}

/** Quantity.String of a value. */
export function formatQuantity(value: number, format: QuantityFormat): string {
  // Whole numbers are left as they are: multiplied they would no longer be exact.
  const whole = Number.isInteger(value);
  const unscaled = BigInt(whole ? value : Math.round(value * 1e9));
  return quantityText({ unscaled, scale: whole ? 0 : -9, format, wide: true });
}

/** A quantity as the server would print it. */
export function canonical(source: string): string {
  const quantity = parseExactly(source);
  return quantity.ok ? quantityText(quantity.value) : source;
}
