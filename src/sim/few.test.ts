import { expect, test } from 'vitest';
import { Few } from './few';
import { FewMap } from './few-map';
import { Random } from './random';

test('sets and maps of few do what real ones do, whatever their size', () => {
  const random = new Random(7);
  const [few, set] = [new Few<number>(), new Set<number>()];
  const [fewMap, map] = [new FewMap<number, number>(), new Map<number, number>()];
  for (let step = 0; step < 4_000; step++) {
    // Small and large by turns.
    const key = random.uint31() % (step % 1_000 < 500 ? 6 : 30);
    if (random.uint31() % 2 === 0) {
      few.add(key);
      set.add(key);
      fewMap.set(key, step);
      map.set(key, step);
    } else {
      expect(few.delete(key)).toBe(set.delete(key));
      expect(fewMap.delete(key)).toBe(map.delete(key));
    }
    if (step % 1_000 === 999) {
      for (const each of [few, set, fewMap, map]) each.clear();
    }
    expect([few.has(key), few.size, [...few]]).toEqual([set.has(key), set.size, [...set]]);
    expect([fewMap.get(key), fewMap.has(key), fewMap.size]).toEqual([map.get(key), map.has(key), map.size]);
    expect([[...fewMap], [...fewMap.keys()], [...fewMap.values()]]).toEqual([
      [...map],
      [...map.keys()],
      [...map.values()],
    ]);
  }
});

test('who goes through a set sees those that were there when it began', () => {
  const few = new Few<number>().add(1).add(2);
  const seen: number[] = [];
  for (const each of few) {
    seen.push(each);
    few.delete(2);
    few.add(each + 10);
  }
  expect([seen, [...few]]).toEqual([
    [1, 2],
    [1, 11, 12],
  ]);
});
