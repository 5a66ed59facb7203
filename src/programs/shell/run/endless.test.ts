import { expect, test } from 'vitest';
import { encode } from '../../../linux/io/bytes';
import { Session } from '../testing/machine';

const CONTROL_C = '\x03';

test.each([
  'while :; do :; done',
  'for ((;;)); do true; done',
  'until false; do x=$((x+1)); done',
  'f() { f2; }; f2() { :; }; while true; do f; done',
  'while :; do while :; do :; done; done',
  'while :; do [[ a == b ]]; done',
  'for i in {1..200000}; do :; done',
])('%s leaves the page alive and ends within 100 ms of Control-C', async (line) => {
  const session = new Session();
  await session.type('', 20);
  let turns = 0;
  let watching = true;
  const turn = (): void => {
    turns++;
    if (watching) setImmediate(turn);
  };
  setImmediate(turn);
  await session.type(`${line}\n`, 300);
  watching = false;
  // The event loop of the host had its turns all the while.
  expect(turns).toBeGreaterThan(20);

  const { clock, pty } = session;
  const shown = session.output.length;
  const began = clock.now;
  const real = performance.now();
  pty.input(encode(CONTROL_C));
  await clock.runUntil(() => session.output.slice(shown).includes('$ '), { limit: 1_000 });
  expect(clock.now - began).toBeLessThan(100);
  expect(performance.now() - real).toBeLessThan(1_000);
  expect(await session.type('echo $?\n')).toContain('130');
});
