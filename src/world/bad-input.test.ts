import { beforeAll, expect, test } from 'vitest';
import { Typist } from './testing/typist';

let at: Typist;

beforeAll(async () => {
  at = await Typist.sit();
}, 60_000);

test('binary data on the terminal does no harm', async () => {
  await at.line('head -c 3000 /dev/urandom; cat /bin/ls; printf "\\033c\\033[5;5r\\033[?25l\\016"', 500);
  expect((await at.line('echo "still $((40 + 2))"', 500)).split('\n')).toContain('still 42');
});

test('a fork bomb meets the limit of processes, and the world goes on', async () => {
  expect(await at.line(':(){ :|:& };:', 2000)).toContain('bash: fork: retry: Resource temporarily unavailable');
  expect(await at.line('echo alive')).toContain('alive');
  // Who is elsewhere does not notice.
  const { clock } = at.world.lab;
  at.world.apply({ kind: 'open', terminal: 't2', host: 'node1', rows: 40, columns: 120 });
  await clock.advance(500);
  at.world.apply({ kind: 'type', terminal: 't2', data: 'clear; crictl pods -q | wc -l; echo elsewhere\r' });
  await clock.advance(2000);
  expect(await at.screen()).toMatch(/^\d+\nelsewhere$/m);
}, 60_000);
