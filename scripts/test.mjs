// `npm test`: every check of the house and one last line, `N passed, N failed`.
// `npm test -- types unit` runs only those stages. Plain Node, so that it works before anything is installed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, ensureInstalled, root } from './install.mjs';

process.chdir(root);
const bin = (name) => join('node_modules/.bin', name);

/** A stage gives how many of its checks passed and failed. */
const stages = {
  formatting: () => tool('prettier', ['--check', '--log-level', 'warn', '.']),
  lint: () => tool('eslint', ['--max-warnings', '0', '.']),
  types: () => tool('tsc', ['--noEmit', '-p', '.']),
  'types of the core': () => tool('tsc', ['--noEmit', '-p', 'tsconfig.core.json']),
  'types of the page': () =>
    tool('svelte-check', ['--tsconfig', 'tsconfig.page.json', '--fail-on-warnings', '--output', 'human']),
  rooms: () => tool('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'src']),
  'unused code': () => tool('knip', ['--no-progress']),
  unit: unitTests,
  build: () => tool('vite', ['build', '--logLevel', 'warn']),
  size: sizes,
  browser: browserTests,
};

const readers = ['formatting', 'lint', 'types', 'types of the core', 'types of the page', 'rooms', 'unused code'];

let failed = 0;
let passed = 0;
try {
  ensureInstalled();
} catch (fault) {
  console.log(fault.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
mkdirSync(cache, { recursive: true });

const wanted = process.argv.slice(2);
const chosen = Object.entries(stages).filter(([name]) => wanted.length === 0 || wanted.includes(name));
// Those that only read the tree run two at a time, the longest first; the others want the machine for themselves.
const reading = chosen.filter(([name]) => readers.includes(name));
reading.sort(([a], [b]) => Number(b === 'lint') - Number(a === 'lint'));
const lane = async () => {
  for (let next = reading.shift(); next !== undefined; next = reading.shift()) await runStage(next);
};
await Promise.all([lane(), lane()]);
for (const stage of chosen) if (!readers.includes(stage[0])) await runStage(stage);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function runStage([name, run]) {
  const began = Date.now();
  console.log(`── ${name}`);
  const beat = setInterval(() => console.log(`   ${name}: ${Math.round((Date.now() - began) / 1000)} s …`), 15_000);
  let result;
  try {
    result = await run();
  } catch (fault) {
    console.log(`   ${fault.stack ?? fault}`);
    result = { passed: 0, failed: 1 };
  }
  clearInterval(beat);
  passed += result.passed;
  failed += result.failed;
  const verdict = result.failed === 0 ? 'ok' : 'FAILED';
  console.log(
    `   ${name}: ${verdict}, ${result.passed} passed, ${result.failed} failed, ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
}

function execute(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', (fault) => {
      console.log(`   ${command}: ${fault.message}`);
      resolve(127);
    });
    child.on('close', (status, signal) => resolve(signal === null ? status : 1));
  });
}

async function tool(name, args) {
  const status = await execute(bin(name), args);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function unitTests() {
  const file = join(cache, 'vitest.json');
  rmSync(file, { force: true });
  const status = await execute(bin('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8'));
  // A file that cannot be loaded has no tests to fail.
  return { passed: numPassedTests, failed: numFailedTests + (status !== 0 && numFailedTests === 0 ? 1 : 0) };
}

async function sizes() {
  const { measure, measureKinds, report } = await import('./size.mjs');
  return report([...measure(), await measureKinds()]);
}

async function browserTests() {
  const { findChromium } = await import('./chromium.mjs');
  const path = await findChromium();
  const file = join(cache, 'playwright.json');
  rmSync(file, { force: true });
  const status = await execute(bin('playwright'), ['test'], path === undefined ? {} : { CHROMIUM: path });
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  const broken = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: broken + (status !== 0 && broken === 0 ? 1 : 0) };
}
