// Bundles for Node, kept in node_modules/.cache. A bundle is fresh while every file that went into it, and every folder
// of the project that it came from (a new file there may be one that a glob finds), has the time it had.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cache, root } from './install.mjs';

const scripts = join(root, 'scripts');
const recordOf = (name) => join(cache, `${name}.json`);

/** The path of the bundle's main file, or undefined if it has to be made anew. */
export function freshBundle(name) {
  try {
    const { main, inputs } = JSON.parse(readFileSync(recordOf(name), 'utf8'));
    statSync(main);
    return Object.entries(inputs).every(([path, time]) => timeOf(path) === time) ? main : undefined;
  } catch {
    return undefined;
  }
}

export async function bundle(name, entry) {
  const began = Date.now();
  const [{ rolldown }, { viteImportGlobPlugin }, { openapiTypes }, { scenarios }] = await Promise.all([
    import('rolldown'),
    import('rolldown/experimental'),
    import('./openapi-plugin.mjs'),
    import('./scenarios-plugin.mjs'),
  ]);
  const build = await rolldown({
    input: join(root, entry),
    cwd: root,
    platform: 'node',
    logLevel: 'silent', // stdout and stderr belong to the program; errors are thrown all the same
    plugins: [scenarios(), openapiTypes(), rawText, ownPlace, viteImportGlobPlugin({ root })],
  });
  const folder = join(cache, `${name}-${began.toString(36)}-${process.pid}`);
  const { output } = await build.write({ dir: folder, format: 'esm', sourcemap: true, entryFileNames: 'main.mjs' });
  const files = [...(await build.watchFiles), ...readdirSync(scripts).map((file) => join(scripts, file))];
  await build.close();

  const inputs = {};
  for (const path of new Set(files.flatMap((file) => [file, ...foldersOf(file)]))) {
    const time = timeOf(path);
    // What changed while we read it is recorded as stale.
    if (time !== undefined) inputs[path] = time < began ? time : -1;
  }
  const main = join(folder, output.find((chunk) => chunk.isEntry).fileName);
  const draft = `${folder}.json`;
  writeFileSync(draft, JSON.stringify({ main, inputs }));
  renameSync(draft, recordOf(name));
  sweep(name, began);
  return main;
}

/** `import text from './file.js?raw'`: a file as text, as vite gives it. */
const rawText = {
  name: 'bottleship-raw-text',
  resolveId(id, importer) {
    return id.endsWith('?raw') && importer !== undefined && id.startsWith('.') ? join(dirname(importer), id) : null;
  },
  load(id) {
    if (!id.endsWith('?raw')) return null;
    const path = id.slice(0, -'?raw'.length);
    this.addWatchFile(path);
    return { code: `export default ${JSON.stringify(readFileSync(path, 'utf8'))};`, moduleType: 'js' };
  },
};

/** In a bundle, a module still finds itself (and the files beside it) where its source stands. */
const ownPlace = {
  name: 'bottleship-own-place',
  transform(code, id) {
    if (!id.startsWith(root) || !code.includes('import.meta.')) return null;
    // Of packages, only those that look for a wasm file beside themselves.
    if (id.includes('node_modules') && !/node_modules\/(@electric-sql|@jitl)\//.test(id)) return null;
    const place = { url: pathToFileURL(id).href, dirname: dirname(id), filename: id };
    const replace = (_all, part) => JSON.stringify(place[part]);
    return { code: code.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, replace), map: null };
  },
};

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function foldersOf(file) {
  const folders = [];
  if (file.includes(`${sep}node_modules${sep}`)) return folders;
  for (let at = dirname(file); at.startsWith(root + sep); at = dirname(at)) folders.push(at);
  return folders;
}

/** Older bundles are of no more use; those of the last minutes may still be loading their lazy parts. */
function sweep(name, now) {
  for (const entry of readdirSync(cache)) {
    if (!entry.startsWith(`${name}-`)) continue;
    const path = join(cache, entry);
    if (now - (timeOf(path) ?? now) > 600_000) rmSync(path, { recursive: true, force: true });
  }
}
