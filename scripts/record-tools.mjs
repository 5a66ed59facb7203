#!/usr/bin/env node
// Runs the lines of src/programs/*/recorded/*.lines with this machine's real tools and writes down what they do, for
// the tests beside them. As root on Debian 12 (coreutils 9.1, grep 3.8, jq 1.6 …):
// node scripts/record-tools.mjs [coreutils|jq [NAME…]]
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  lutimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(
  dirname(fileURLToPath(import.meta.url)),
  '../src/programs',
  process.argv[2] ?? 'coreutils',
  'recorded',
);
const root = '/tmp/recorded/w';
const fixtures = JSON.parse(readFileSync(join(folder, 'fixtures.json'), 'utf8'));
const env = { PATH: '/usr/bin:/bin', HOME: '/root', TZ: 'UTC', LC_ALL: 'C', TERM: 'xterm' };
const then = Date.UTC(2025, 0, 2, 3, 4, 5) / 1000;

function prepare() {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const folders = new Set([root]);
  for (const [name, { text, base64, mode, link }] of Object.entries(fixtures)) {
    const path = join(root, name);
    for (let up = dirname(path); up !== root; up = dirname(up)) folders.add(up);
    mkdirSync(dirname(path), { recursive: true });
    if (link !== undefined) symlinkSync(link, path);
    else writeFileSync(path, base64 === undefined ? text : Buffer.from(base64, 'base64'));
    if (link === undefined) chmodSync(path, mode ?? 0o644);
    lutimesSync(path, then, then);
  }
  for (const path of [...folders].reverse()) lutimesSync(path, then, then);
}

process.umask(0o022);
const wanted = process.argv.slice(3);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.lines'))) {
  const name = file.replace('.lines', '');
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const recorded = [];
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('# ')) continue;
    prepare();
    const ran = spawnSync('bash', ['-c', line], { cwd: root, env, input: '', encoding: 'utf8', timeout: 20_000 });
    recorded.push([line, ran.stdout, ran.stderr, ran.status]);
  }
  const rows = recorded.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
  writeFileSync(join(folder, `${name}.json`), `[\n${rows}\n]\n`);
  console.log(`${name}: ${recorded.length}`);
}
rmSync('/tmp/recorded', { recursive: true, force: true });
