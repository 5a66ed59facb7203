import { expect, test } from 'vitest';
import { goSort } from './go-sort';

test('sorts any length', () => {
  for (const length of [0, 1, 12, 13, 50, 51, 400]) {
    const items = Array.from({ length }, (_, at) => (at * 7919) % 101);
    expect(goSort(items, (a, b) => a < b)).toEqual(items.toSorted((a, b) => a - b));
  }
});

test('a dozen equals stay where they were, as with Go', () => {
  const items = Array.from({ length: 12 }, (_, at) => ({ at }));
  expect(goSort(items, () => false)).toEqual(items);
});
