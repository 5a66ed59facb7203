import { expect, it } from 'vitest';
import { makeBench } from '../../coreutils/testing';
import { programs as shells } from '../../shell';
import { programs } from '..';
import recorded from './make.json';

// What GNU make 4.3 answers, by scripts/record-make.mjs; each case on a machine of its own.
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const env = new Map([
  ['PATH', '/usr/bin:/bin'],
  ['HOME', '/root'],
  ['TZ', 'UTC'],
  ['LC_ALL', 'C'],
]);

interface Case {
  readonly line: string;
  readonly files: Readonly<Record<string, string>>;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const cases = (recorded as unknown as readonly Case[]).map((one, at) => [`${at + 1} ${one.line}`, one] as const);

it.each(cases)('%s', async (_, { line, files, stdout, stderr, status }) => {
  const bench = makeBench(settle, { ...shells, ...programs });
  const { fs } = bench.host;
  const folder = '/tmp/recorded/w';
  fs.mkdirAll(folder);
  fs.symlink('usr/bin', '/bin');
  for (const [name, text] of Object.entries(files)) {
    if (name.includes('/')) fs.mkdirAll(`${folder}/${name.slice(0, name.lastIndexOf('/'))}`);
    fs.writeFile(`${folder}/${name}`, text);
  }
  const ran = await bench.run(['sh', '-c', line], { cwd: folder, env });
  expect(ran).toEqual({ out: stdout, err: stderr, status });
});
