import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Trace } from '../../sim/trace';
import { createRootFileSystem, type FileSystem, type Stat } from '../../linux/fs';
import { overlayChanges } from './changes';

// `docker diff` looks at the upper directory alone. Here the merged tree is compared before and after, and both must agree.

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);
const kind = fc.constantFrom('mkdir', 'rmdir', 'removeAll', 'write', 'rename', 'chmod', 'symlink');
const operations = fc.array(fc.record({ kind, at: path, to: path, data: fc.constantFrom('', '1', 'two') }), {
  maxLength: 14,
});
type Op = { readonly kind: string; readonly at: string; readonly to: string; readonly data: string };

function run(fs: FileSystem, root: string, { kind: what, at, to, data }: Op): void {
  if (what === 'mkdir') fs.mkdir(root + at);
  else if (what === 'rmdir') fs.rmdir(root + at);
  else if (what === 'removeAll') fs.removeAll(root + at);
  else if (what === 'write') fs.writeFile(root + at, data);
  else if (what === 'rename') fs.rename(root + at, root + to);
  else if (what === 'chmod') fs.chmod(root + at, 0o700);
  else fs.symlink(data, root + at);
}

function tree(fs: FileSystem, root: string, at = '', found = new Map<string, Stat>()): Map<string, Stat> {
  const listed = fs.readdir(`${root}${at}`);
  for (const entry of listed.ok ? listed.value : []) {
    const stat = fs.lstat(`${root}${at}/${entry.name}`);
    if (!stat.ok) continue;
    found.set(`${at}/${entry.name}`, stat.value);
    if (stat.value.type === 'directory') tree(fs, root, `${at}/${entry.name}`, found);
  }
  return found;
}

const parentOf = (at: string): string => at.slice(0, at.lastIndexOf('/'));

/** archive.ChangesDirs, from the two trees. */
function difference(before: Map<string, Stat>, after: Map<string, Stat>): readonly string[] {
  const told = new Set<string>();
  const above = (at: string): void => {
    for (let up = parentOf(at); up !== ''; up = parentOf(up)) if (before.has(up) && after.has(up)) told.add(`C ${up}`);
  };
  for (const [at, now] of after) {
    const old = before.get(at);
    if (old === undefined) told.add(`A ${at}`);
    else if (
      old.type !== now.type ||
      old.mode !== now.mode ||
      (now.type !== 'directory' && (old.mtime !== now.mtime || old.size !== now.size))
    )
      told.add(`C ${at}`);
    else continue;
    above(at);
  }
  for (const at of before.keys()) {
    const parent = parentOf(at);
    if (after.has(at) || (parent !== '' && !after.has(parent))) continue;
    told.add(`D ${at}`);
    above(at);
  }
  return [...told].sort();
}

test('what the upper directory tells is the difference of the merged trees', async () => {
  await fc.assert(
    fc.asyncProperty(operations, operations, operations, async (low, lower, changes) => {
      const clock = new Clock({ start: 1_000_000, settle: () => Promise.resolve(), trace: new Trace() });
      const fs = createRootFileSystem({ clock }).view({
        cwd: '/',
        umask: 0o022,
        credentials: { uid: 0, gid: 0, groups: [0] },
        synthetic: () => undefined,
        device: () => undefined,
      });
      for (const folder of ['/a', '/b', '/up', '/work', '/m']) fs.mkdir(folder);
      const onlyMakes = (ops: readonly Op[]): readonly Op[] =>
        ops.filter(({ kind: what }) => what === 'mkdir' || what === 'write');
      for (const op of onlyMakes(low)) run(fs, '/b', op);
      for (const op of onlyMakes(lower)) run(fs, '/a', op);
      const mounted = fs.mount({
        source: 'overlay',
        target: '/m',
        type: 'overlay',
        options: { lowerdir: '/a:/b', upperdir: '/up', workdir: '/work' },
      });
      expect(mounted.ok).toBe(true);
      const before = tree(fs, '/m');
      for (const op of changes) {
        await clock.advance(1);
        run(fs, '/m', op);
      }
      const letters = { added: 'A', modified: 'C', deleted: 'D' } as const;
      const told = overlayChanges(fs, '/up', ['/a', '/b']).map((change) => `${letters[change.kind]} ${change.path}`);
      expect([...told].sort()).toEqual(difference(before, tree(fs, '/m')));
    }),
    { numRuns: 300 },
  );
});
