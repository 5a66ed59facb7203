// Puts node_modules in the state of package-lock.json, if it is not. Plain Node: it runs when nothing is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const cache = join(root, 'node_modules/.cache/bottleship');

const lockfile = join(root, 'package-lock.json');
const installed = join(root, 'node_modules/.package-lock.json');
const stamp = join(cache, 'installed');

/** Installs what is missing; says so on stderr, since stdout belongs to whoever called. Throws if it cannot. */
export function ensureInstalled() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`Node 20 or newer is needed; this is ${process.version}`);
  const { mtimeMs, size } = statSync(lockfile);
  const seen = `${mtimeMs} ${size}`;
  if (existsSync(installed)) {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === seen) return;
    if (sameVersions()) return remember(seen);
  }
  console.error('installing dependencies …');
  // `ci` begins by removing what is there, which would pull it from under a running server or editor.
  const { status } = spawnSync('npm', [existsSync(installed) ? 'install' : 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm could not install the dependencies (status ${status})`);
  remember(seen);
}

/** Times of files say little after a checkout, so versions are compared. Optional packages are for other platforms. */
function sameVersions() {
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function remember(seen) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamp, seen);
}
