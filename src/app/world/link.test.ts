import { expect, test } from 'vitest';
import type { Session } from '../../world/protocol';
import { fromHash, toHash } from './link';

const session: Session = {
  version: 1,
  seed: 7,
  topology: 'seed',
  inputs: [{ at: 12, input: { kind: 'type', terminal: 't1', data: 'kubectl get pods → ü\r' } }],
  until: 1234.5,
};

test('a session goes into a link and comes out of it', async () => {
  const hash = await toHash(session);
  expect(hash).toMatch(/^#replay=[\w-]+$/);
  expect(await fromHash(hash)).toEqual(session);
});

test('what is no such link, or a damaged one, is nothing', async () => {
  expect(await fromHash('#fresh')).toBeUndefined();
  expect(await fromHash('#replay=%%%')).toBeUndefined();
  expect(await fromHash((await toHash(session)).slice(0, -9))).toBeUndefined();
});
