import { expect, test } from 'vitest';
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  quantityInteger,
  quantityMilli,
  quantityText,
  subtractQuantities,
  type Quantity,
} from './quantity';

const parsed = (text: string): Quantity => {
  const result = parseQuantity(text);
  if (!result.ok) throw new Error(`${text}: ${result.error}`);
  return result.value;
};

test('what people write, and how it is printed', () => {
  const printed = ['0.5', '1000m', '1.5Gi', '1024Mi', '100e10', '+1n', '0.1n', '-1', '500'].map((text) =>
    quantityText(parsed(text)),
  );
  expect(printed).toEqual(['500m', '1', '1536Mi', '1Gi', '1e12', '+1n', '1n', '-1', '500']);
  expect(parseQuantity('1e99999999999')).toEqual({ ok: false, error: "unable to parse quantity's suffix" });
});

test('sums and differences take the way of writing of what is not zero', () => {
  const [zero, gibi, half] = [parsed('0'), parsed('1Gi'), parsed('500m')];
  expect(
    [addQuantities(zero, gibi), subtractQuantities(zero, gibi), addQuantities(half, gibi)].map(quantityText),
  ).toEqual(['1Gi', '-1Gi', '1073741824500m']);
  expect([compareQuantities(half, gibi), compareQuantities(parsed('0.5Gi'), parsed('512Mi'))]).toEqual([-1, 0]);
});

test('whole numbers and thousandths are rounded up, away from zero, and overflow as 64 bits do', () => {
  const both = (text: string) => [quantityInteger(parsed(text)), quantityMilli(parsed(text))];
  expect(['1500m', '1n', '-1m', '1Ei'].map(both)).toEqual([
    [2n, 1500n],
    [1n, 1n],
    [-1n, -1n],
    [2n ** 60n, -(2n ** 63n)],
  ]);
});
