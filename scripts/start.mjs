// `npm start`: installs what is missing, builds, serves, prints the URL.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';

try {
  process.chdir(root);
  ensureInstalled();
  const { build, preview } = await import('vite');
  if (!fresh()) {
    console.log('building …');
    await build({ configFile: 'vite.config.ts', logLevel: 'warn' });
  }
  const port = Number(process.env.PORT ?? 8080);
  const server = await preview({
    configFile: 'vite.config.ts',
    preview: { port, host: process.env.HOST ?? 'localhost', strictPort: process.env.PORT !== undefined },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  console.log(`Bottleship is at ${url ?? `http://localhost:${port}/`}   (Ctrl-C ends it)`);
} catch (fault) {
  console.error(`start: ${fault instanceof Error ? fault.message : fault}`);
  process.exit(1);
}

/** Whether the build is newer than everything it is made of. */
function fresh() {
  const index = join(root, 'dist/index.html');
  if (!existsSync(index)) return false;
  const built = statSync(index).mtimeMs;
  const newest = (path) => {
    const stat = statSync(path);
    return stat.isDirectory()
      ? Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
      : stat.mtimeMs;
  };
  const sources = ['src', 'scenarios', 'static', 'package-lock.json', 'vite.config.ts', 'svelte.config.js', 'scripts'];
  return sources.every((path) => newest(join(root, path)) < built);
}
