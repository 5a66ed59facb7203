import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a copy of the Oils project's repository may stand: the repository itself, its `spec`, or a git directory. */
export const place =
  process.env['BOTTLESHIP_OILS'] ?? join(resolve(import.meta.dirname, '../..'), '../.mirror/oils-for-unix+oils/repo');

const unpacked = new Map<string, string>();

/** The folder of the cases; a bare git directory is unpacked for this process. */
export function specFolder(given: string): string {
  if (existsSync(join(given, 'spec'))) return join(given, 'spec');
  if (!existsSync(join(given, 'HEAD'))) return given;
  let folder = unpacked.get(given);
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'oils-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    const archive = execFileSync('git', ['--git-dir', given, 'archive', 'HEAD', 'spec'], { maxBuffer: 2 ** 28 });
    execFileSync('tar', ['-x', '-C', made], { input: archive });
    folder = join(made, 'spec');
    unpacked.set(given, folder);
  }
  return folder;
}

/** A file's text, one character per byte. */
export const readBytes = (path: string): string => readFileSync(path, 'latin1');

/** What cases find beside them: `testdata` and `bin`. */
export function companions(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (below: string): void => {
    if (!existsSync(join(folder, below))) return;
    for (const name of readdirSync(join(folder, below))) {
      const path = `${below}/${name}`;
      if (statSync(join(folder, path)).isDirectory()) walk(path);
      else if (!name.endsWith('.py')) found.set(path, readBytes(join(folder, path)));
    }
  };
  for (const name of readdirSync(folder)) if (name.endsWith('.test.sh')) found.set(name, '');
  walk('testdata');
  walk('bin');
  return found;
}
