import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { machine } from '../shell/testing/machine';
import { programs } from '.';
import { EditorSession } from './testing/screen';

const open = (argv: readonly string[], files: Readonly<Record<string, string>> = {}): EditorSession =>
  new EditorSession(machine(programs), argv, files);

/** Whole screens of nano 7.2 on 80 × 24, recorded by us. */
const recorded = JSON.parse(readFileSync(new URL('testing/recorded-nano.json', import.meta.url), 'utf8')) as Record<
  string,
  readonly string[]
>;

test('the screens are those of the real nano', async () => {
  const nano = open(['nano', 'p.yaml'], { '/tmp/p.yaml': 'abapiVersion: v1\nkind: Pod\n\tname: x\n' });
  const screens: [string, readonly string[]][] = [
    ['open', await nano.type('')],
    ['write', await nano.type('ab', '\x0f')],
    ['wrote', await nano.type('\r')],
    ['search', await nano.type('\x0b', '\x17')],
    ['missing', await nano.type('zzz', '\r')],
    ['location', await nano.type('\x03')],
    ['replace', await nano.type('\x1c')],
    ['replaceWith', await nano.type('i', '\r')],
    ['instance', await nano.type('J', '\r')],
    ['replaced', await nano.type('a')],
    ['goto', await nano.type('\x1f')],
    ['mark', await nano.type('\x03', '\x1ba')],
    ['save', await nano.type('\x18')],
  ];
  for (const [name, rows] of screens) expect([name, ...rows]).toEqual([name, ...(recorded[name] ?? [])]);
  await nano.type('n');
  expect(nano.ended).toBe(0);
  expect(nano.text('/tmp/p.yaml')).toBe('ababapiVersion: v1\nkind: Pod\n\tname: x\n');
  const fresh = open(['nano', '-l', 'new.txt']);
  expect(await fresh.type('')).toEqual(recorded['new']);
  expect(await fresh.type('\x1bu')).toEqual(recorded['undo']);
});

test('text is typed, cut, put back, undone and saved on the way out', async () => {
  const nano = open(['nano', '+2', 'a'], { '/tmp/a': 'one\ntwo\nthree\n' });
  await nano.type('x', '\x0b', '\x0b', '\x1b\\', '\x15');
  expect((await nano.type('\x1bu')).at(-3)?.trim()).toBe('[ Undid paste ]');
  expect((await nano.type('\x1be')).at(-3)?.trim()).toBe('[ Redid paste ]');
  await nano.type('\x18', 'y', '\r');
  expect(nano.ended).toBe(0);
  expect(nano.text('/tmp/a')).toBe('xtwo\nthree\none\n');
});
