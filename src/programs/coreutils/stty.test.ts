import { beforeEach, expect, test } from 'vitest';
import { decode } from '../../linux/io/bytes';
import { makeBench, type Bench } from './testing';
import type { PtyMaster } from '../../linux/tty/types';
import recorded from './recorded-stty.json';

// What the real stty (coreutils 9.1) said on a new pty of 24 rows and 80 columns; recorded with a script that ran each
// line by `script -qc`, after `stty rows 24 cols 80`.

let bench: Bench;
let master: PtyMaster;
beforeEach(() => {
  bench = makeBench(() => new Promise((resolve) => setImmediate(resolve)));
  master = bench.host.openPty({ rows: 24, columns: 80 });
});

async function stty(args: readonly string[]): Promise<string> {
  let shown = '';
  const { termios } = master.tty;
  const opost = termios.opost;
  master.onOutput((bytes) => {
    shown += decode(bytes);
  });
  const slave = master.tty.open();
  const child = bench.host.spawn({
    file: '/usr/bin/stty',
    argv: ['stty', ...args],
    fds: new Map([0, 1, 2].map((fd) => [fd, slave])),
    newSession: true,
    controllingTty: master.tty,
  });
  if (!child.ok) throw new Error(child.error.code);
  await bench.clock.runUntil(() => child.value.process.status !== undefined, { limit: 1000 });
  return opost ? shown.replaceAll('\r\n', '\n') : shown.replaceAll('\r', '');
}

test.each(recorded)('stty: $script', async ({ script, stdout }) => {
  let shown = '';
  for (const line of script.split('; '))
    shown += await stty(
      line
        .replace(/^stty ?/, '')
        .split(' ')
        .filter(Boolean)
        .map((word) => word.replace(/^'(.*)'$/, '$1')),
    );
  expect(shown).toBe(stdout);
});

test('what -g prints brings everything back', async () => {
  const before = (await stty(['-g'])).trim();
  await stty(['raw', '-echo', 'erase', '^H', 'cs7', 'tab3']);
  expect((await stty(['-g'])).trim()).not.toBe(before);
  await stty([before]);
  expect((await stty(['-g'])).trim()).toBe(before);
});

test('stty wants a terminal', async () => {
  expect(await bench.run(['stty'])).toMatchObject({
    err: "stty: 'standard input': Inappropriate ioctl for device\n",
    status: 1,
  });
  expect(await bench.run(['stty', '-F', '/dev/null'])).toMatchObject({
    err: 'stty: /dev/null: Inappropriate ioctl for device\n',
  });
});
