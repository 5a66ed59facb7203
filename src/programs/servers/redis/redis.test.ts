import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Output, OutputFile } from '../../../containers/shim/output';
import { lab } from '../../../containers/testing/lab';
import { decode } from '../../../linux/io/bytes';
import { elf } from '../../../linux/process/executable';
import { programs } from '..';

function world() {
  const { host, clock } = lab(programs);
  host.fs.mkdirAll('/data');
  host.fs.mkdirAll('/usr/bin');
  for (const name of ['redis-server', 'redis-cli']) host.fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  host.net.setUp('lo', true);
  const start = (name: string, ...args: string[]) => {
    let text = '';
    const output = new Output(clock);
    output.listen((bytes) => void (text += decode(bytes)));
    const file = new OutputFile('out', output);
    const child = host.spawn({
      file: `/usr/bin/${name}`,
      argv: [name, ...args],
      cwd: '/data',
      fds: new Map([
        [1, file],
        [2, file],
      ]),
    });
    if (!child.ok) throw new Error(child.error.message);
    return { child: child.value, text: () => text };
  };
  const cli = async (...args: string[]): Promise<string> => {
    const { child, text } = start('redis-cli', ...args);
    let over = false;
    child.wait().then(
      () => (over = true),
      () => undefined,
    );
    await clock.runUntil(() => over, { limit: 10_000 });
    return text();
  };
  return { host, clock, start, cli };
}

interface Said {
  readonly command: string;
  readonly words: readonly string[];
  readonly reply: string;
}
/** What redis-cli --no-raw printed of redis-server 7.0.15, command by command on an empty server. */
const recorded = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as readonly Said[];

test('commands answer as the real server’s', async () => {
  const { clock, start, cli } = world();
  start('redis-server');
  await clock.advance(100);
  const said: string[] = [];
  for (const { command, words } of recorded) said.push(`${command}\n${await cli('--no-raw', ...words)}`);
  expect(said).toEqual(recorded.map(({ command, reply }) => `${command}\n${reply}`));
});

test('keys outlive the server in dump.rdb', async () => {
  const { host, clock, start, cli } = world();
  const first = start('redis-server');
  await clock.advance(100);
  await cli('SET', 'kept', 'yes');
  await cli('RPUSH', 'list', 'a', 'b');
  first.child.process.signals.disposition('SIGTERM');
  host.init.kill(first.child.pid, 'SIGTERM');
  await clock.advance(100);
  expect(first.text()).toMatch(
    /Saving the final RDB snapshot before exiting\.\n.*DB saved on disk\n.*bye bye\.\.\.\n$/,
  );
  expect(host.fs.stat('/data/dump.rdb').ok).toBe(true);
  const second = start('redis-server');
  await clock.advance(100);
  expect(second.text()).toContain('keys loaded: 2, keys expired: 0.');
  expect(await cli('GET', 'kept')).toBe('yes\n');
  expect(await cli('LRANGE', 'list', '0', '-1')).toBe('a\nb\n');
});
