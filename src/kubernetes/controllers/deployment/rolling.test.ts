import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fenceposts, newReplicas, proportional, shrinkOld, type Size } from './rolling';

const vectors = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/api/vectors/rollout-fenceposts.jsonl`;

interface Vector {
  readonly maxSurge: string;
  readonly maxUnavailable: string;
  readonly replicas: number;
  readonly surge: number;
  readonly unavailable: number;
}

test.skipIf(!existsSync(vectors))('surge rounds up, unavailable rounds down, both zero means one unavailable', () => {
  const cases = readFileSync(vectors, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector);
  expect(cases.map(({ maxSurge, maxUnavailable, replicas }) => fenceposts(maxSurge, maxUnavailable, replicas))).toEqual(
    cases.map(({ surge, unavailable }) => ({ surge, unavailable })),
  );
});

const size = (name: string, replicas: number, available = replicas, createdAt = 0): Size => ({
  name,
  replicas,
  available,
  createdAt,
});
const rollout = { replicas: 4, maxSurge: 1, maxUnavailable: 1 };

test('a rollout of four goes one up, one down', () => {
  expect(newReplicas(rollout, [size('old', 4), size('new', 0)], 0)).toBe(1);
  expect([...shrinkOld(rollout, size('new', 1, 0), [size('old', 4)])]).toEqual([['old', 3]]);
  expect(newReplicas(rollout, [size('old', 3), size('new', 1)], 1)).toBe(2);
  expect([...shrinkOld(rollout, size('new', 2, 1), [size('old', 3)])]).toEqual([['old', 2]]);
});

test('a broken new image stops the rollout at maxUnavailable', () => {
  expect([...shrinkOld(rollout, size('new', 2, 0), [size('old', 3)])]).toEqual([]);
  expect(newReplicas(rollout, [size('old', 3), size('new', 2)], 2)).toBe(2);
});

test('unhealthy pods of old sets go first', () => {
  const old = [size('older', 2, 0, 1), size('old', 3, 3, 2)];
  expect([...shrinkOld(rollout, size('new', 0), old)]).toEqual([['older', 0]]);
});

test('a scale in the middle of a rollout is shared out in proportion', () => {
  const active = [
    { ...size('old', 8, 8, 1), maxReplicasBefore: 13 },
    { ...size('new', 5, 0, 2), maxReplicasBefore: 13 },
  ];
  expect([...proportional({ replicas: 15, maxSurge: 3, maxUnavailable: 2 }, 13, active)]).toEqual([
    ['old', 11],
    ['new', 7],
  ]);
});
