import { afterAll, beforeAll, expect, test } from 'vitest';
import { Typist } from './testing/typist';

/* What never ends by itself must leave the world alive and end by Control-C; what takes all memory is given up. */
let at: Typist;

beforeAll(async () => {
  at = await Typist.sit();
}, 60_000);

afterAll(async () => {
  expect(await at.line('ps -e | grep -cE " (yes|cat|md5sum|sort|sed|awk|tail|tr|wc)$"')).toMatch(/\n0\n/);
});

test.each([
  'while :; do :; done',
  'yes > /dev/null',
  'cat /dev/zero > /dev/null',
  'wc -c /dev/zero',
  'md5sum /dev/urandom',
  'tr a b < /dev/zero > /dev/null',
  'base64 /dev/urandom > /dev/null',
  'while read -r line < /dev/zero; do :; done',
  'seq inf > /dev/null',
  'awk "BEGIN { while (1) {} }"',
  'jq -n "def f: f; f"',
  'until false; do sleep 0.01; done',
  'f() { f; }; while f 2> /dev/null; do :; done',
])('%s ends by Control-C', async (line) => {
  await at.see();
  await at.type(`${line}\r`, 100);
  await at.type('\x03', 100);
  expect((await at.see()).split('\n').at(-1)).toMatch(/^workstation:\S*#$/);
});

test.each([
  ['tail /dev/zero', 'tail: memory exhausted'],
  ['awk 1 /dev/zero', 'awk: memory exhausted: a record is too long'],
])('%s is given up', async (line, message) => {
  await at.see();
  await at.type(`${line}\r`);
  expect(await at.until((rows) => rows.endsWith('#'))).toContain(message);
});
