// A rule that cannot fail holds nothing: each is shown something that it must refuse.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, copyFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Linter } from 'eslint';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { determinism, rawPromises } from './rules/determinism.mjs';
import { root } from './install.mjs';
import { budgets, measure } from './size.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottleship-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const lint = (code, filename) =>
  new Linter({ cwd: root }).verify(code, [{ files: ['**/*.ts'] }, ...determinism, ...rawPromises], {
    filename: join(root, filename),
  });

test.each([
  'Date.now();',
  'new Date();',
  'performance.now();',
  'Math.random();',
  'setTimeout(() => 0, 1);',
  'queueMicrotask(() => 0);',
  'crypto.randomUUID();',
  'new Promise(() => 0);',
])('rule 1 refuses %s below the page, and lets the page have it', (code) => {
  expect(lint(code, 'src/linux/net/example.ts')).not.toEqual([]);
  expect(lint(code, 'src/app/example.ts')).toEqual([]);
});

test.each([
  ['src/linux/a.ts', '../kubernetes/b', 'src/kubernetes/b.ts', 'linux-imports-only-from-below'],
  ['src/app/a.ts', '../world/feed', 'src/world/feed.ts', 'page-knows-only-the-protocol'],
  ['src/programs/curl/a.ts', '../kubectl/b', 'src/programs/kubectl/b.ts', 'programs-do-not-know-each-other'],
  ['src/sim/a.ts', 'node:fs', undefined, 'only-node-parts-use-node'],
])('the table of rooms refuses %s importing %s', (from, specifier, to, rule) => {
  copyFileSync(join(root, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  put({
    'tsconfig.json': '{"compilerOptions": {"module": "ESNext", "moduleResolution": "bundler"}}',
    'package.json': '{"type": "module"}',
    [from]: `import * as b from '${specifier}';\nexport const a = b;\n`,
    ...(to === undefined ? {} : { [to]: 'export const b = 1;\n' }),
  });
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { status, stdout } = spawnSync(process.execPath, [bin, '--config', '.dependency-cruiser.cjs', 'src'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stdout).toContain(rule);
  expect(status).not.toBe(0);
});

test('sizes over the budget are found, also in what a worker imports at once', () => {
  const noise = (bytes) =>
    Array.from({ length: bytes }, (_, index) => ((index * 2654435761) >>> 7).toString(36)).join('');
  put({
    'dist/.vite/manifest.json': JSON.stringify({ 'index.html': { file: 'assets/index.js', isEntry: true } }),
    'dist/assets/index.js': 'console.log(1)',
    'dist/assets/worker-abc.js': 'import{a}from"./big-1.js";a()',
    'dist/assets/big-1.js': noise(200_000),
    'scenarios/one/scenario.yaml': 'title: One\n',
  });
  const found = Object.fromEntries(
    measure(join(folder, 'dist'), join(folder, 'scenarios')).map(({ name, size, limit }) => [
      name.split(' ')[0],
      size <= limit,
    ]),
  );
  expect(found).toEqual({ first: true, worker: false, lesson: true });
  expect(budgets.worker).toBe(250 * 1024);
});
