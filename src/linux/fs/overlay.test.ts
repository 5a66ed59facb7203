import { expect, test } from 'vitest';
import { decode } from '../io/bytes';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import type { Sys } from '../errno';
import { createRootFileSystem } from '.';
import recorded from './recorded/overlay.json';
import type { FileSystem } from './types';

type Op = readonly (string | number)[];

function machine(): FileSystem {
  const clock = new Clock({ start: 0, settle: () => Promise.resolve(), trace: new Trace() });
  return createRootFileSystem({ clock, random: new Random(1) }).view({
    cwd: '/',
    umask: 0o022,
    credentials: { uid: 0, gid: 0, groups: [] },
    synthetic: () => undefined,
    device: () => undefined,
  });
}

const text = (argument: string | number | undefined): string => String(argument ?? '');

function describe(fs: FileSystem, path: string): string {
  const stat = fs.lstat(path);
  if (!stat.ok) return stat.error.code;
  const { type, mode, uid, gid, nlink } = stat.value;
  const head = `${type} ${mode.toString(8)} ${uid}:${gid}`;
  return type === 'directory' || (type === 'char' && mode === 0) ? head : `${head} links=${nlink}`;
}

const outcome = (result: Sys<unknown>): string => (result.ok ? 'ok' : result.error.code);

/** One operation, as scripts/record-overlay.py runs it. */
function run(fs: FileSystem, root: string, [kind, first, second, third]: Op): unknown {
  const at = root + text(first);
  const other = root + text(second);
  switch (kind) {
    case 'mkdir':
      return outcome(fs.mkdir(at, 0o755));
    case 'rmdir':
      return outcome(fs.rmdir(at));
    case 'unlink':
      return outcome(fs.unlink(at));
    case 'write':
      return outcome(fs.writeFile(at, text(second), 0o644));
    case 'append':
      return outcome(fs.appendFile(at, text(second)));
    case 'read': {
      const read = fs.readFile(at);
      return read.ok ? decode(read.value) : read.error.code;
    }
    case 'ls': {
      const list = fs.readdir(at);
      return list.ok ? list.value.map(({ name }) => name).sort() : list.error.code;
    }
    case 'rename':
      return outcome(fs.rename(at, other));
    case 'link':
      return outcome(fs.link(at, other));
    case 'symlink':
      return outcome(fs.symlink(text(first), other));
    case 'readlink': {
      const target = fs.readlink(at);
      return target.ok ? target.value : target.error.code;
    }
    case 'chmod':
      return outcome(fs.chmod(at, Number(second)));
    case 'chown':
      return outcome(fs.chown(at, Number(second), Number(third)));
    case 'truncate':
      return outcome(fs.truncate(at, Number(second)));
    case 'mkfifo':
      return outcome(fs.mknod(at, 'fifo', 0o644));
    case 'whiteout':
      return outcome(fs.mknod(at, 'char', 0, { major: 0, minor: 0 }));
    case 'opaque':
      return outcome(fs.setxattr(at, 'trusted.overlay.opaque', 'y'));
    case 'stat':
      return describe(fs, at);
    default:
      throw new Error(`no such operation: ${String(kind)}`);
  }
}

function tree(fs: FileSystem, root: string, path = ''): Record<string, string> {
  const found: Record<string, string> = {};
  const list = fs.readdir(root + path);
  for (const { name, type } of list.ok ? list.value : []) {
    const at = `${path}/${name}`;
    let line = describe(fs, root + at);
    if (type === 'symlink') line += ` -> ${String(run(fs, root, ['readlink', at]))}`;
    if (type === 'symlink' ? fs.stat(root + at).ok : type === 'file') {
      if (type === 'file') line += ` ${String(run(fs, root, ['read', at]))}`;
    }
    const opaque = fs.getxattr(root + at, 'trusted.overlay.opaque');
    if (opaque.ok && type === 'directory') line += ` opaque=${opaque.value}`;
    found[at] = line;
    if (type === 'directory') Object.assign(found, tree(fs, root, at));
  }
  return found;
}

test.each(recorded.scenarios)('overlayfs as the kernel: $name', ({ ops, merged, upper }) => {
  const fs = machine();
  for (const folder of ['a', 'b', 'upper', 'work', 'merged']) fs.mkdir(`/${folder}`);
  for (const op of recorded.lowerB) expect(run(fs, '/b', op as Op)).toBe('ok');
  for (const op of recorded.lowerA) expect(run(fs, '/a', op as Op)).toBe('ok');
  const options = { lowerdir: '/a:/b', upperdir: '/upper', workdir: '/work' };
  expect(outcome(fs.mount({ type: 'overlay', source: 'overlay', target: '/merged', options }))).toBe('ok');
  const steps = ops as unknown as readonly (readonly [Op, unknown])[];
  expect(steps.map(([op]) => [op, run(fs, '/merged', op)])).toEqual(steps);
  expect(tree(fs, '/merged')).toEqual(merged);
  expect(tree(fs, '/upper')).toEqual(upper);
});
