// Records what the real GNU make 4.3 says of src/programs/make/recorded/cases.json. The folder is the same as in the test, for it is in messages.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const here = join(import.meta.dirname, '../src/programs/make/recorded');
const folder = '/tmp/recorded/w';
const program = 'make';
const version = execFileSync(program, ['--version'], { encoding: 'utf8' });
if (!version.startsWith('GNU Make 4.3')) throw new Error(`this is ${version.split('\n')[0]}`);
const cases = JSON.parse(readFileSync(join(here, 'cases.json'), 'utf8'));
const recorded = cases.map(({ line, files }) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const env = { PATH: '/usr/bin:/bin', HOME: '/root', LC_ALL: 'C', TZ: 'UTC' };
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', line], {
    cwd: folder,
    env,
    encoding: 'utf8',
    input: '',
  });
  return { line, files, stdout, stderr, status };
});
rmSync(folder, { recursive: true, force: true });
writeFileSync(join(here, 'make.json'), `${JSON.stringify(recorded, undefined, 1)}\n`);
