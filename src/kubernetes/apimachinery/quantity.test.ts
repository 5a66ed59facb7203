import { existsSync, readFileSync } from 'node:fs';
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

const folder = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/api/vectors`;
const vectors = <T>(name: string): readonly T[] =>
  readFileSync(`${folder}/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    // Numbers of 64 bits are more than JSON.parse keeps.
    .map((line) => JSON.parse(line.replace(/(:)(-?\d{16,})(?=[,}])/g, '$1"$2"')) as T);

interface Recorded {
  readonly in: string;
  readonly error?: string;
  readonly canonical?: string;
  readonly format?: string;
  readonly value?: number | string;
  readonly milliValue?: number | string;
  readonly sign?: number;
}

function told(text: string): Omit<Recorded, 'in'> {
  const result = parseQuantity(text);
  if (!result.ok) return { error: result.error };
  const { unscaled, format } = result.value;
  return {
    canonical: quantityText(result.value),
    format,
    value: String(quantityInteger(result.value)),
    milliValue: String(quantityMilli(result.value)),
    sign: unscaled > 0n ? 1 : unscaled < 0n ? -1 : 0,
  };
}

test.skipIf(!existsSync(folder))('every recorded quantity (skipped where the recordings are not at hand)', () => {
  const wrong = vectors<Recorded & { readonly json?: string }>('quantity').flatMap(
    ({ in: text, json: _, ...wanted }) => {
      const want =
        wanted.error === undefined
          ? { ...wanted, value: String(wanted.value), milliValue: String(wanted.milliValue) }
          : { error: wanted.error };
      const got = told(text);
      return JSON.stringify(sorted(got)) === JSON.stringify(sorted(want)) ? [] : [{ text, got, want }];
    },
  );
  expect(wrong).toEqual([]);
});

const sorted = (value: object): object =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

interface Arithmetic {
  readonly a: string;
  readonly b: string;
  readonly add?: string;
  readonly sub?: string;
  readonly cmp?: number;
}

test.skipIf(!existsSync(folder))('sums, differences and order (skipped where the recordings are not at hand)', () => {
  const wrong = vectors<Arithmetic>('quantity-arithmetic').flatMap((wanted) => {
    if (wanted.add === undefined) return [];
    const [a, b] = [parsed(wanted.a), parsed(wanted.b)];
    const got = {
      a: wanted.a,
      add: quantityText(addQuantities(a, b)),
      b: wanted.b,
      cmp: compareQuantities(a, b),
      sub: quantityText(subtractQuantities(a, b)),
    };
    return JSON.stringify(got) === JSON.stringify(wanted) ? [] : [{ got, wanted }];
  });
  expect(wrong).toEqual([]);
});
