import { expect, test } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import type { Sys } from '../errno';
import type { Namespace } from './mount-namespace';
import { createRootFileSystem, createTree, type FileSystemContext, type TreeEntry } from '.';

const context: FileSystemContext = {
  cwd: '/',
  umask: 0o022,
  credentials: { uid: 0, gid: 0, groups: [] },
  synthetic: () => undefined,
  device: () => undefined,
};

function machine() {
  const clock = new Clock({ start: 0, settle: () => Promise.resolve(), trace: new Trace() });
  const namespace = createRootFileSystem({ clock, random: new Random(1) });
  return { namespace, fs: namespace.view(context) };
}

const code = (result: Sys<unknown>): string => (result.ok ? 'ok' : result.error.code);
const tmpfs = (target: string, options: Record<string, string | true> = {}) =>
  ({ type: 'tmpfs', source: 'tmpfs', target, options }) as const;
const bind = (source: string, target: string) => ({ type: 'bind', source, target }) as const;

test('a tmpfs has whole pages, and a full one takes what still fits', () => {
  const { fs } = machine();
  fs.mkdir('/mnt');
  fs.mount(tmpfs('/mnt', { size: '16k', nr_inodes: '4' }));
  const used = (): unknown => {
    const stat = fs.statfs('/mnt');
    return stat.ok && [stat.value.size, stat.value.used];
  };
  fs.writeFile('/mnt/a', 'x');
  expect(used()).toEqual([16384, 4096]);
  const opened = fs.open('/mnt/b', { write: true, create: true });
  if (!opened.ok) throw new Error(opened.error.code);
  expect(opened.value.write(new Uint8Array(20_000))).toEqual({ ok: true, value: 12_288 });
  expect(code(opened.value.write(new Uint8Array(1)) as Sys<number>)).toBe('ENOSPC');
  expect(code(fs.writeFile('/mnt/a', 'still its page'))).toBe('ok');
  expect(code(fs.writeFile('/mnt/c', 'x'))).toBe('ENOSPC');
  fs.unlink('/mnt/b');
  expect([used(), code(fs.writeFile('/mnt/c', 'x'))]).toEqual([[16384, 4096], 'ok']);
  // The root, a, c: one more node fits.
  expect([code(fs.mkdir('/mnt/d')), code(fs.mkdir('/mnt/e'))]).toEqual(['ok', 'ENOSPC']);
});

test('bind mounts: read-only after a remount, recursive or not, of files, busy while something is on them', () => {
  const { fs } = machine();
  for (const path of ['/a/in', '/b', '/c']) fs.mkdirAll(path);
  fs.writeFile('/a/f', 'text');
  fs.mount(tmpfs('/a/in'));
  fs.writeFile('/a/in/deep', 'x');
  expect(code(fs.mount(bind('/a', '/b')))).toBe('ok');
  expect([fs.readText('/b/f'), code(fs.stat('/b/in/deep'))]).toEqual([{ ok: true, value: 'text' }, 'ENOENT']);
  fs.mount({ ...bind('/a', '/c'), type: 'rbind' });
  expect(code(fs.stat('/c/in/deep'))).toBe('ok');
  expect(
    code(
      fs.mount({ type: 'bind', source: 'none', target: '/b', readOnly: true, options: { remount: true, ro: true } }),
    ),
  ).toBe('ok');
  expect([code(fs.writeFile('/b/f', '')), code(fs.writeFile('/a/f', 'new'))]).toEqual(['EROFS', 'ok']);
  expect([
    code(fs.umount('/c')),
    code(fs.umount('/c', { lazy: true })),
    code(fs.umount('/b')),
    code(fs.umount('/b')),
  ]).toEqual(['EBUSY', 'ok', 'ok', 'EINVAL']);
  fs.writeFile('/file', 'over');
  expect([code(fs.mount(bind('/file', '/a/f'))), fs.readText('/a/f'), code(fs.mount(bind('/file', '/b')))]).toEqual([
    'ok',
    { ok: true, value: 'over' },
    'ENOTDIR',
  ]);
  expect([code(fs.unlink('/a/f')), code(fs.rename('/a/f', '/x')), code(fs.rename('/a/in', '/x'))]).toEqual([
    'EBUSY',
    'EBUSY',
    'EBUSY',
  ]);
});

test('mounts spread between shared mounts and to slaves, not to private ones', () => {
  const { fs, namespace } = machine();
  for (const path of ['/s', '/peer', '/slave', '/own']) fs.mkdir(path);
  fs.mount(tmpfs('/s'));
  for (const name of ['one', 'two']) fs.mkdir(`/s/${name}`);
  expect(code(fs.setPropagation('/s', 'shared'))).toBe('ok');
  for (const target of ['/peer', '/slave', '/own']) fs.mount(bind('/s', target));
  fs.setPropagation('/slave', 'slave');
  fs.setPropagation('/own', 'private');
  const other = (namespace.clone(99) as Namespace).view(context);
  fs.mount(tmpfs('/s/one'));
  fs.writeFile('/s/one/seen', '');
  const seen = ['/peer', '/slave', '/own'].map((path) => code(fs.stat(`${path}/one/seen`)));
  expect([...seen, code(other.stat('/s/one/seen'))]).toEqual(['ok', 'ok', 'ENOENT', 'ok']);
  // A slave tells nobody.
  fs.mount(tmpfs('/slave/two'));
  fs.writeFile('/slave/two/mine', '');
  expect([code(fs.stat('/s/two/mine')), code(fs.stat('/peer/two/mine'))]).toEqual(['ENOENT', 'ENOENT']);
  const shown = fs.mounts().filter(({ mountPoint }) => ['/s', '/peer', '/slave', '/own'].includes(mountPoint));
  expect(shown.map(({ mountPoint, propagation }) => mountPoint + propagation)).toEqual([
    '/s shared:1',
    '/peer shared:1',
    '/slave master:1',
    '/own',
  ]);
  fs.umount('/peer/one');
  expect(['/s', '/slave'].map((path) => code(fs.stat(`${path}/one/seen`)))).toEqual(['ENOENT', 'ENOENT']);
  expect(code(other.stat('/s/one/seen'))).toBe('ENOENT');
  fs.setPropagation('/own', 'unbindable');
  fs.mkdir('/again');
  expect([code(fs.mount(bind('/own', '/again'))), code(fs.setPropagation('/s/two', 'shared'))]).toEqual([
    'EINVAL',
    'EINVAL',
  ]);
});

test('a layer of 200 MB costs its metadata, and small operations are fast', () => {
  const { namespace, fs } = machine();
  const size = 100_000;
  const before = process.memoryUsage();
  const entries: [string, TreeEntry][] = Array.from({ length: 2_000 }, (_, index) => [
    `/usr/lib/${index % 40}/file${index}`,
    { type: 'file', content: { size, make: () => new Uint8Array(size) } },
  ]);
  const tree = createTree(entries);
  for (let copy = 0; copy < 20; copy++) namespace.mountTree(`/layers/${copy}`, tree);
  const du = fs.statfs('/layers/0/usr');
  const after = process.memoryUsage();
  expect(du.ok).toBe(true);
  expect(fs.stat('/layers/7/usr/lib/3/file3')).toMatchObject({ value: { size } });
  // 20 views of 200 MB each; generous, as the heap is not ours alone.
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(20e6);

  const began = performance.now();
  const rounds = 20_000;
  fs.mkdir('/work');
  for (let index = 0; index < rounds; index++) {
    const path = `/work/f${index % 100}`;
    fs.writeFile(path, 'x');
    fs.stat(path);
    fs.readFile(path);
    fs.rename(path, `${path}.new`);
    fs.unlink(`${path}.new`);
  }
  const perSecond = (rounds * 5 * 1000) / (performance.now() - began);
  // Some two millions on an idle machine; a tenth of it on one that does nine things at once.
  expect(perSecond).toBeGreaterThan(100_000);
});
