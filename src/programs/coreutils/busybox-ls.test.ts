import { expect, test } from 'vitest';
import { lab } from '../../containers/testing/lab';
import { Output, OutputFile } from '../../containers/shim/output';
import { decode } from '../../linux/io/bytes';
import { elf } from '../../linux/process/executable';
import { busyboxLs } from './busybox-ls';

test('the long form as busybox prints it', async () => {
  const { host, clock } = lab({ ls: busyboxLs });
  host.fs.mkdirAll('/usr/bin');
  host.fs.writeFile('/usr/bin/ls', elf('ls'), 0o755);
  host.fs.mkdirAll('/d/sub');
  host.fs.writeFile('/d/.hidden', 'x', 0o600);
  host.fs.writeFile('/d/File', 'hello', 0o755);
  host.fs.symlink('File', '/d/link');
  host.fs.utimes('/d/File', clock.now, Date.parse('2020-02-03T04:05:06Z'));
  const run = async (...argv: string[]) => {
    let text = '';
    const out = new Output(clock);
    out.listen((bytes) => void (text += decode(bytes)));
    const file = new OutputFile('out', out);
    const child = host.spawn({
      file: '/usr/bin/ls',
      argv: ['ls', ...argv],
      fds: new Map([1, 2].map((fd) => [fd, file])),
    });
    if (!child.ok) throw new Error(child.error.message);
    await clock.advance(10);
    return text.replace(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d/g, 'TIME');
  };
  expect(await run('-la', '/d')).toBe(`total 20
drwxr-xr-x    3 0        0             4096 TIME .
drwxr-xr-x    9 0        0             4096 TIME ..
-rw-------    1 0        0                1 TIME .hidden
-rwxr-xr-x    1 0        0                5 Feb  3  2020 File
lrwxrwxrwx    1 0        0                4 TIME link -> File
drwxr-xr-x    2 0        0             4096 TIME sub
`);
  expect(await run('-lF', '/d/File', '/nope')).toBe(
    'ls: /nope: No such file or directory\n-rwxr-xr-x    1 0        0                5 Feb  3  2020 /d/File*\n',
  );
  expect(await run('/d')).toBe('File\nlink\nsub\n');
});
