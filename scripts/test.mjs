// Runs every check and ends with one line: `N passed, N failed`. Plain Node, so that it works before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('node_modules')) {
  console.log('installing dependencies …');
  spawnSync('npm', ['ci'], { stdio: 'inherit' });
}
const bin = (name) => `node_modules/.bin/${name}`;
const checks = [
  ['formatting', bin('prettier'), ['--check', '.']],
  ['types', bin('tsc'), ['--noEmit', '-p', '.']],
];
let passed = 0;
let failed = 0;
for (const [name, command, args] of checks) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(`${name}: ${status === 0 ? 'ok' : 'FAILED'}`);
  if (status === 0) passed++;
  else failed++;
}
const run = spawnSync(
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', '--outputFile.json=node_modules/.cache/vitest.json'],
  {
    stdio: 'inherit',
  },
);
const { readFileSync } = await import('node:fs');
const report = JSON.parse(readFileSync('node_modules/.cache/vitest.json', 'utf8'));
passed += report.numPassedTests;
failed += report.numFailedTests + (run.status !== 0 && report.numFailedTests === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
