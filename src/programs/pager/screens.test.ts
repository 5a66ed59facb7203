import { readFileSync } from 'node:fs';
import headless from '@xterm/headless';
import { expect, test } from 'vitest';
import { encode } from '../../linux/io/bytes';
import { programs as coreutils } from '../coreutils';
import { machine } from '../shell/testing/machine';
import { programs } from '.';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`testing/${name}`, import.meta.url), 'utf8'));
const files = read('files.json') as Readonly<Record<string, string>>;
/** Screens of the real less 590 and more, typed at by testing/record.py. */
const recorded = read('recorded.json') as readonly (readonly [string, readonly string[], readonly string[]])[];

async function screen(command: string, keys: readonly string[]): Promise<readonly string[]> {
  const { host, clock } = machine({ ...coreutils, ...programs });
  for (const [name, text] of Object.entries(files)) host.fs.writeFile(`/tmp/${name}`, text);
  host.fs.mkdirAll('/tmp/dir');
  const terminal = new headless.Terminal({ rows: 24, cols: 80, logLevel: 'off', allowProposedApi: true });
  const pty = host.openPty({ rows: 24, columns: 80 });
  pty.onOutput((bytes) => terminal.write(bytes));
  const slave = pty.tty.open();
  const env = { PATH: '/usr/bin', HOME: '/root', TERM: 'screen', EDITOR: 'true', LC_ALL: 'C.UTF-8' };
  host.spawn({
    file: '/bin/sh',
    argv: ['sh', '-c', command],
    env: new Map(Object.entries(env)),
    cwd: '/tmp',
    newSession: true,
    controllingTty: pty.tty,
    fds: new Map([0, 1, 2].map((fd) => [fd, slave])),
  });
  await clock.advance(500);
  for (const key of keys) {
    for (const char of key.startsWith('\x1b') ? [key] : key) {
      pty.input(encode(char));
      await clock.advance(50);
    }
  }
  await clock.advance(200);
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  const rows = Array.from({ length: 24 }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '');
  while (rows.at(-1)?.trim() === '') rows.pop();
  return rows.map((row) => row.trimEnd());
}

test.each(recorded.map(([command, keys, rows]) => ({ command, keys, rows })))('$command $keys', async (each) => {
  expect(await screen(each.command, each.keys)).toEqual(each.rows);
});
