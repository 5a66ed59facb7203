import { expect, it } from 'vitest';
import { makeBench } from '../../coreutils/testing';
import { programs as shells } from '../../shell';
import { programs } from '..';
import fixtures from './fixtures.json';
import recorded from './jq.json';

// Recorded from jq 1.6 by scripts/record-tools.mjs; lines on which 1.7, which ours is, says something else are left out.
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const bench = makeBench(settle, { ...shells, ...programs });
const { fs } = bench.host;
fs.mkdirAll('/tmp/recorded/w');
for (const [name, { text }] of Object.entries(fixtures)) fs.writeFile(`/tmp/recorded/w/${name}`, text);
const env = new Map([
  ['PATH', '/usr/bin'],
  ['HOME', '/root'],
  ['TZ', 'UTC'],
  ['LC_ALL', 'C'],
]);

it.each(recorded as [string, string, string, number][])('%s', async (line, out, err, status) => {
  const ran = await bench.run(['bash', '-c', line], { cwd: '/tmp/recorded/w', env });
  expect(ran).toEqual({ out, err, status });
});
