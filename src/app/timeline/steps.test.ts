import { expect, test } from 'vitest';
import type { SpanView } from '../../world/protocol';
import { lanes, since } from './steps';

const span = (id: number, actor: string): SpanView => ({
  key: String(id),
  id,
  parent: 0,
  at: id,
  actor,
  verb: 'sync',
  subject: '',
});

test('a lane an actor, in the order in which they first act', () => {
  const rows = lanes([span(3, 'kubelet'), span(1, 'kubectl'), span(2, 'kube-apiserver'), span(4, 'kubectl')]);
  expect(rows.map(({ actor, steps }) => [actor, steps.map(({ id }) => id)])).toEqual([
    ['kubectl', [1, 4]],
    ['kube-apiserver', [2]],
    ['kubelet', [3]],
  ]);
});

test('distances in time are told in ms, then in seconds', () => {
  expect(since(1000, 1000)).toBe('+0 ms');
  expect(since(1000, 1012.4)).toBe('+12 ms');
  expect(since(1000, 3250)).toBe('+2.25 s');
});
