import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Trace } from '../../sim/trace';
import type { Sys } from '../errno';
import { createRootFileSystem } from '.';
import type { FileSystem } from './types';

// An overlay looks and behaves as one directory that holds what its layers show together. Here that one directory is made
// beside it, the same operations run in both, and both must say and hold the same; also after the overlay was mounted anew.

type Op =
  | { readonly kind: 'mkdir' | 'rmdir' | 'unlink'; readonly at: string }
  | { readonly kind: 'write' | 'append'; readonly at: string; readonly data: string }
  | { readonly kind: 'rename' | 'link'; readonly at: string; readonly to: string }
  | { readonly kind: 'symlink'; readonly at: string }
  | { readonly kind: 'chmod'; readonly at: string; readonly mode: number };

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `/${names.join('/')}`);
const data = fc.constantFrom('', '1', 'two', 'three words here');
const mode = fc.constantFrom(0o644, 0o600, 0o755);

const operation: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ kind: fc.constantFrom('mkdir', 'rmdir', 'unlink', 'unlink'), at: path }),
  fc.record({ kind: fc.constantFrom('write', 'append'), at: path, data }),
  fc.record({ kind: fc.constantFrom('rename', 'rename', 'link'), at: path, to: path }),
  fc.record({ kind: fc.constant('symlink'), at: path }),
  fc.record({ kind: fc.constant('chmod'), at: path, mode }),
) as fc.Arbitrary<Op>;
/** Layers are made of what a build would do: directories and files. */
const layerOperation = fc.oneof(
  fc.record({ kind: fc.constant('mkdir'), at: path }),
  fc.record({ kind: fc.constant('write'), at: path, data }),
) as fc.Arbitrary<Op>;

const outcome = (result: Sys<unknown>): string => (result.ok ? 'ok' : result.error.code);

function run(fs: FileSystem, root: string, op: Op): string {
  const at = root + op.at;
  switch (op.kind) {
    case 'mkdir':
      return outcome(fs.mkdir(at));
    case 'rmdir':
      return outcome(fs.rmdir(at));
    case 'unlink':
      return outcome(fs.unlink(at));
    case 'write':
      return outcome(fs.writeFile(at, op.data));
    case 'append':
      return outcome(fs.appendFile(at, op.data));
    case 'rename':
      return outcome(fs.rename(at, root + op.to));
    case 'link':
      return outcome(fs.link(at, root + op.to));
    case 'symlink':
      return outcome(fs.symlink('a', at));
    case 'chmod':
      return outcome(fs.chmod(at, op.mode));
  }
}

/** Everything below a directory: kinds, modes, contents. */
function contents(fs: FileSystem, root: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  const list = fs.readdir(root + below);
  for (const { name, type } of list.ok ? list.value : []) {
    const at = `${below}/${name}`;
    const stat = fs.lstat(root + at);
    const text = type === 'file' ? fs.readText(root + at) : type === 'symlink' ? fs.readlink(root + at) : undefined;
    found[at] = `${type} ${stat.ok ? stat.value.mode.toString(8) : '?'} ${text?.ok ? text.value : ''}`;
    if (type === 'directory') Object.assign(found, contents(fs, root, at));
  }
  return found;
}

function copy(fs: FileSystem, from: string, to: string): void {
  const list = fs.readdir(from);
  for (const { name, type } of list.ok ? list.value : []) {
    const text = type === 'file' ? fs.readText(`${from}/${name}`) : undefined;
    if (text?.ok) fs.writeFile(`${to}/${name}`, text.value);
    if (type !== 'directory') continue;
    fs.mkdir(`${to}/${name}`);
    copy(fs, `${from}/${name}`, `${to}/${name}`);
  }
}

const mountAt = (fs: FileSystem, target: string): string => {
  const options = { lowerdir: '/top:/bottom', upperdir: '/upper', workdir: '/work' };
  return outcome(fs.mount({ type: 'overlay', source: 'overlay', target, options }));
};

test('an overlay is as one directory, whatever is done to it', () => {
  const layer = fc.array(layerOperation, { maxLength: 12 });
  fc.assert(
    fc.property(layer, layer, fc.array(operation, { maxLength: 30 }), (bottom, top, operations) => {
      const clock = new Clock({ start: 0, settle: () => Promise.resolve(), trace: new Trace() });
      const fs = createRootFileSystem({ clock }).view({
        cwd: '/',
        umask: 0o022,
        credentials: { uid: 0, gid: 0, groups: [] },
        synthetic: () => undefined,
        device: () => undefined,
      });
      for (const folder of ['bottom', 'top', 'upper', 'work', 'merged', 'again', 'plain']) fs.mkdir(`/${folder}`);
      for (const op of bottom) run(fs, '/bottom', op);
      for (const op of top) run(fs, '/top', op);
      const below = contents(fs, '/bottom');
      const above = contents(fs, '/top');
      expect(mountAt(fs, '/merged')).toBe('ok');
      copy(fs, '/merged', '/plain');
      for (const op of operations) {
        const said = run(fs, '/merged', op);
        // Directories of lower layers do not move: mv(1) copies them instead.
        if (said === 'EXDEV') expect(op.kind).toBe('rename');
        else expect([op, run(fs, '/plain', op)]).toEqual([op, said]);
      }
      expect(contents(fs, '/merged')).toEqual(contents(fs, '/plain'));
      expect(mountAt(fs, '/again')).toBe('ok');
      expect(contents(fs, '/again')).toEqual(contents(fs, '/plain'));
      // And nobody touched the layers.
      expect([contents(fs, '/bottom'), contents(fs, '/top')]).toEqual([below, above]);
    }),
    { numRuns: 300, seed: 4 },
  );
});
