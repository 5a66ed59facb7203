// Holds the budgets of the built page. Gzip, as a server would send it; lazily loaded chunks count on their own.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './install.mjs';

const KB = 1024;
export const budgets = { prompt: 190 * KB, worker: 250 * KB, lens: 25 * KB, lesson: 12 * KB, kinds: 60 * KB };

const gzip = (text) => gzipSync(text, { level: 9 }).length;

/** Everything that a file of the manifest loads at once. */
function closure(manifest, key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(manifest, next, seen);
  return seen;
}

/** The worker is not in the manifest: its static imports stand at the head of its file, `from"./chunk.js"`. */
function staticClosure(dist, file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(dist, 'assets', file), 'utf8');
  for (const [, next] of text.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)) staticClosure(dist, next, seen);
  return seen;
}

/** `[{name, size, limit}]` of what is in `dist`. */
export function measure(dist = join(root, 'dist'), scenarios = join(root, 'scenarios')) {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
  const size = (file) => gzip(readFileSync(join(dist, file)));
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
  const atOnce = closure(manifest, entry);
  const results = [
    {
      name: 'first prompt',
      size: [...atOnce].reduce((sum, key) => sum + size(manifest[key].file), 0),
      limit: budgets.prompt,
    },
  ];
  const assets = readdirSync(join(dist, 'assets'));
  for (const file of assets.filter((name) => /^worker-.*\.js$/.test(name))) {
    const total = [...staticClosure(dist, file)].reduce((sum, part) => sum + size(`assets/${part}`), 0);
    results.push({ name: `worker ${file}, with what it imports at once`, size: total, limit: budgets.worker });
  }
  for (const [key, { file, isDynamicEntry }] of Object.entries(manifest)) {
    if (isDynamicEntry && key.endsWith('.svelte')) results.push({ name: key, size: size(file), limit: budgets.lens });
  }
  for (const slug of readdirSync(scenarios, { withFileTypes: true }).filter((item) => item.isDirectory())) {
    const folder = join(scenarios, slug.name);
    const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    results.push({ name: `lesson ${slug.name}`, size: gzip(text.join('\n')), limit: budgets.lesson });
  }
  return results;
}

/** What judges objects: rules, and how Go prints the values that break them. */
const validation = /\/(validation|gotypes|cel)(\/|$)|\/(validate-|structural)[^/]*$/;

/** `{name, size, limit}` of all kinds with their types, defaults and columns, which every world has; bundled on their own. */
export async function measureKinds() {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: join(root, 'src/kubernetes/api/index.ts'),
    cwd: root,
    platform: 'browser',
    logLevel: 'silent',
    external: (id) => validation.test(id),
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  const size = output.reduce((sum, chunk) => sum + (chunk.type === 'chunk' ? gzip(chunk.code) : 0), 0);
  return { name: 'all kinds of Kubernetes, without validation', size, limit: budgets.kinds };
}

export function report(results) {
  for (const { name, size, limit } of results) {
    const fits = size <= limit ? 'fits' : 'TOO BIG';
    console.log(
      `${fits.padEnd(7)} ${(size / KB).toFixed(1).padStart(6)} KB of ${(limit / KB).toFixed(0).padStart(3)}  ${name}`,
    );
  }
  return {
    passed: results.filter(({ size, limit }) => size <= limit).length,
    failed: results.filter(({ size, limit }) => size > limit).length,
  };
}
