import { describe, expect, it } from 'vitest';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import type { Sys } from '../errno';
import { encode } from '../io/bytes';
import { elf, programOf } from '../process/executable';
import { createRootFileSystem, createTree, type FileSystemContext, type SyntheticNode } from '.';

const start = Date.UTC(2025, 0, 1);
const makeClock = () => new Clock({ start, settle: () => Promise.resolve(), trace: new Trace() });

const proc: SyntheticNode = {
  type: 'directory',
  list: () => ['uptime', 'sys', 'self'],
  lookup: (name) =>
    name === 'uptime'
      ? { type: 'file', read: () => '1.00 1.00\n' }
      : name === 'self'
        ? { type: 'symlink', readlink: () => '7' }
        : name === 'sys'
          ? { type: 'directory', list: () => [], lookup: () => undefined }
          : undefined,
};

function context(options: Partial<FileSystemContext> = {}): FileSystemContext {
  return {
    cwd: '/',
    umask: 0o022,
    credentials: { uid: 0, gid: 0, groups: [] },
    synthetic: (type) => (type === 'proc' ? proc : undefined),
    device: () => undefined,
    ...options,
  };
}

const user = (uid: number, cwd = '/') => context({ cwd, credentials: { uid, gid: uid, groups: [] } });

function machine() {
  const clock = makeClock();
  const namespace = createRootFileSystem({ clock, random: new Random(1) });
  return { clock, namespace, fs: namespace.view(context()) };
}

const code = (result: Sys<unknown>): string => (result.ok ? 'ok' : result.error.code);
const value = <T>(result: Sys<T>): T => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const names = (entries: Sys<readonly { name: string }[]>): string =>
  value(entries)
    .map(({ name }) => name)
    .sort()
    .join(' ');

describe('files', () => {
  it('writes, appends, reads, links and removes', () => {
    const { fs } = machine();
    expect(code(fs.mkdirAll('/var/log/nginx'))).toBe('ok');
    fs.writeFile('/var/log/a', 'one\n');
    fs.appendFile('/var/log/a', 'two\n');
    expect(value(fs.readText('/var/log/a'))).toBe('one\ntwo\n');
    expect(code(fs.link('/var/log/a', '/var/b'))).toBe('ok');
    expect(value(fs.stat('/var/b')).nlink).toBe(2);
    expect(code(fs.unlink('/var/log/a'))).toBe('ok');
    expect(value(fs.readText('/var/b'))).toBe('one\ntwo\n');
    expect(code(fs.rmdir('/var/log'))).toBe('ENOTEMPTY');
    expect(code(fs.unlink('/var/log'))).toBe('EISDIR');
    expect(code(fs.rename('/var', '/var/log/x'))).toBe('EINVAL');
    expect(code(fs.rename('/var/log', '/log'))).toBe('ok');
    expect(names(fs.readdir('/log'))).toBe('nginx');
    expect(value(fs.stat('/')).nlink).toBe(4);
  });

  it('keeps bytes that a reader holds when they are overwritten', () => {
    const { fs } = machine();
    fs.writeFile('/f', 'abcdef');
    const held = value(fs.readFile('/f'));
    const file = value(fs.open('/f', { write: true }));
    file.write(encode('XY'));
    expect(new TextDecoder().decode(held)).toBe('abcdef');
    expect(value(fs.readText('/f'))).toBe('XYcdef');
    fs.truncate('/f', 3);
    fs.truncate('/f', 5);
    expect(value(fs.readText('/f'))).toBe('XYc\0\0');
  });

  it('reads the head of an executable without making it', () => {
    const { fs } = machine();
    fs.writeFile('/bin', elf('ls', 1_000_000), 0o755);
    expect(programOf(value(fs.readHead('/bin', 256)))).toBe('ls');
    expect(value(fs.stat('/bin')).size).toBe(1_000_000);
    fs.chmod('/bin', 0o644);
    expect(code(fs.readHead('/bin', 256))).toBe('EACCES');
  });

  it('has the memory devices', () => {
    const { fs } = machine();
    fs.mkdir('/dev');
    fs.mount({ type: 'devtmpfs', source: 'udev', target: '/dev' });
    expect(value(value(fs.open('/dev/null', { read: true })).read(5) as Sys<Uint8Array>)).toHaveLength(0);
    expect(value(value(fs.open('/dev/zero', { read: true })).read(5) as Sys<Uint8Array>)).toHaveLength(5);
    expect(code(value(fs.open('/dev/full', { write: true })).write(encode('x')) as Sys<number>)).toBe('ENOSPC');
    expect(code(fs.writeFile('/dev/null', 'x'))).toBe('ok');
    expect(code(fs.open('/dev/tty', {}))).toBe('ENXIO');
  });

  it('joins those who open a fifo, whoever comes first', () => {
    const { fs } = machine();
    fs.mknod('/p', 'fifo', 0o644);
    const reader = value(fs.open('/p', { read: true }));
    expect(reader.read(10)).toBe('wait');
    const writer = value(fs.open('/p', { write: true }));
    writer.retain();
    expect(reader.read(10)).toBe('wait');
    writer.write(encode('hi'));
    writer.release();
    expect(new TextDecoder().decode(value(reader.read(10) as Sys<Uint8Array>))).toBe('hi');
    expect(value(reader.read(10) as Sys<Uint8Array>)).toHaveLength(0);
  });

  it('tells watchers of changes below', () => {
    const { fs } = machine();
    fs.mkdirAll('/etc/k/manifests');
    const seen: string[] = [];
    const stop = fs.watch('/etc/k', (path) => seen.push(path));
    fs.writeFile('/etc/k/manifests/a', '1');
    fs.appendFile('/etc/k/manifests/a', '2');
    fs.unlink('/etc/k/manifests/a');
    stop();
    fs.writeFile('/etc/k/manifests/b', '1');
    expect(seen).toEqual(['/etc/k/manifests/a', '/etc/k/manifests/a', '/etc/k/manifests/a']);
  });
});

describe('paths', () => {
  it('follows links, knows loops and goes up', () => {
    const { fs, namespace } = machine();
    fs.mkdirAll('/a/b/c');
    fs.symlink('b/c', '/a/link');
    fs.symlink('loop', '/loop');
    fs.symlink('/nowhere', '/dangling');
    expect(value(fs.realpath('/a/link/..'))).toBe('/a/b');
    expect(code(fs.stat('/loop'))).toBe('ELOOP');
    expect(code(fs.lstat('/loop'))).toBe('ok');
    expect(code(fs.stat('/dangling'))).toBe('ENOENT');
    expect(code(fs.writeFile('/dangling', 'made'))).toBe('ok');
    expect(value(fs.readText('/nowhere'))).toBe('made');
    expect(code(fs.stat('/nowhere/x'))).toBe('ENOTDIR');
    expect(code(fs.stat('/nowhere/'))).toBe('ENOTDIR');
    expect(code(fs.stat(''))).toBe('ENOENT');
    expect(code(fs.stat('/../../a'))).toBe('ok');
    expect(value(namespace.view(context({ cwd: '/a/b' })).realpath('../link'))).toBe('/a/b/c');
    expect(value(namespace.view(context(), '/a').realpath('/b/../../../b'))).toBe('/b');
  });

  it('checks permissions by credentials', () => {
    const { fs, namespace } = machine();
    fs.mkdir('/tmp');
    fs.chmod('/tmp', 0o1777);
    fs.mkdir('/root', 0o700);
    const mine = namespace.view(user(1000));
    const yours = namespace.view(user(1001));
    expect(code(mine.readdir('/root'))).toBe('EACCES');
    expect(code(mine.writeFile('/x', ''))).toBe('EACCES');
    expect(code(mine.writeFile('/tmp/x', 'mine'))).toBe('ok');
    expect(code(yours.writeFile('/tmp/x', 'yours'))).toBe('EACCES');
    expect(value(yours.readText('/tmp/x'))).toBe('mine');
    expect(code(yours.unlink('/tmp/x'))).toBe('EPERM');
    expect(code(yours.chmod('/tmp/x', 0o777))).toBe('EPERM');
    expect(code(fs.readFile('/tmp/x'))).toBe('ok');
    expect(value(fs.stat('/tmp/x'))).toMatchObject({ uid: 1000, gid: 1000, mode: 0o644, mtime: start });
  });
});

const layer = () =>
  createTree([
    ['/etc', { type: 'directory' }],
    ['/etc/passwd', { type: 'file', content: 'root\n' }],
    ['/etc/nginx/nginx.conf', { type: 'file', content: 'http {}\n' }],
    ['/usr/bin/ls', { type: 'file', content: elf('ls', 140_000), mode: 0o755 }],
    ['/usr/bin/dir', { type: 'hardlink', to: '/usr/bin/ls' }],
    ['/bin', { type: 'symlink', target: 'usr/bin' }],
  ]);
const second = () =>
  createTree([
    ['/etc/passwd', { type: 'whiteout' }],
    ['/etc/nginx', { type: 'directory', opaque: true }],
    ['/etc/nginx/site.conf', { type: 'file', content: 'site\n' }],
  ]);

function overlaid() {
  const made = machine();
  const { fs, namespace } = made;
  value(namespace.mountTree('/l/1/fs', layer()));
  value(namespace.mountTree('/l/2/fs', second()));
  for (const path of ['/l/3/fs', '/l/3/work', '/merged']) fs.mkdirAll(path);
  value(
    fs.mount({
      type: 'overlay',
      source: 'overlay',
      target: '/merged',
      options: { lowerdir: '/l/1/fs', upperdir: '/l/3/fs', workdir: '/l/3/work' },
    }),
  );
  return made;
}

describe('overlayfs', () => {
  it('merges layers with whiteouts and opaque directories', () => {
    const { fs, namespace } = overlaid();
    fs.mkdir('/two');
    value(fs.mount({ type: 'overlay', source: 'overlay', target: '/two', options: { lowerdir: '/l/2/fs:/l/1/fs' } }));
    expect(names(fs.readdir('/two'))).toBe('bin etc usr');
    expect(names(fs.readdir('/two/etc'))).toBe('nginx');
    expect(names(fs.readdir('/two/etc/nginx'))).toBe('site.conf');
    expect(code(fs.stat('/two/etc/passwd'))).toBe('ENOENT');
    expect(code(fs.writeFile('/two/x', ''))).toBe('EROFS');
    expect(value(fs.stat('/two/bin/ls')).nlink).toBe(2);
    expect(namespace.view(context()).mounts().at(-1)).toMatchObject({
      mountPoint: '/two',
      superOptions: 'ro,lowerdir=/l/2/fs:/l/1/fs',
    });
  });

  it('copies up on write and leaves lower layers alone', () => {
    const { fs } = overlaid();
    const { ino } = value(fs.stat('/merged/etc/passwd'));
    fs.appendFile('/merged/etc/passwd', 'me\n');
    expect(value(fs.readText('/merged/etc/passwd'))).toBe('root\nme\n');
    expect(value(fs.readText('/l/1/fs/etc/passwd'))).toBe('root\n');
    expect(value(fs.readText('/l/3/fs/etc/passwd'))).toBe('root\nme\n');
    expect(value(fs.stat('/merged/etc/passwd')).ino).toBe(ino);
    expect(names(fs.readdir('/merged/etc'))).toBe('nginx passwd');
  });

  it('breaks lower hard links, and makes new ones above', () => {
    const { fs } = overlaid();
    fs.chmod('/merged/usr/bin/ls', 0o700);
    expect(value(fs.stat('/merged/usr/bin/dir')).mode).toBe(0o755);
    expect(value(fs.stat('/merged/usr/bin/ls')).nlink).toBe(1);
    expect(code(fs.link('/merged/usr/bin/dir', '/merged/usr/bin/vdir'))).toBe('ok');
    expect(value(fs.stat('/merged/usr/bin/vdir')).nlink).toBe(2);
    expect(value(fs.stat('/merged/usr/bin/dir')).nlink).toBe(2);
  });

  it('deletes by whiteouts, and what comes anew is opaque', () => {
    const { fs } = overlaid();
    fs.unlink('/merged/etc/passwd');
    expect(value(fs.lstat('/l/3/fs/etc/passwd'))).toMatchObject({ type: 'char', rdev: { major: 0, minor: 0 } });
    expect(names(fs.readdir('/merged/etc'))).toBe('nginx');
    fs.removeAll('/merged/etc');
    expect(names(fs.readdir('/merged'))).toBe('bin usr');
    expect(value(fs.lstat('/l/3/fs/etc')).type).toBe('char');
    fs.mkdir('/merged/etc');
    expect(names(fs.readdir('/merged/etc'))).toBe('');
    expect(value(fs.getxattr('/l/3/fs/etc', 'trusted.overlay.opaque'))).toBe('y');
    fs.writeFile('/merged/etc/passwd', 'new');
    fs.unlink('/merged/etc/passwd');
    expect(names(fs.readdir('/l/3/fs/etc'))).toBe('');
  });

  it('does not rename directories of lower layers', () => {
    const { fs } = overlaid();
    expect(code(fs.rename('/merged/etc/nginx', '/merged/etc/apache'))).toBe('EXDEV');
    expect(code(fs.rename('/merged/etc/passwd', '/merged/etc/shadow'))).toBe('ok');
    expect(names(fs.readdir('/merged/etc'))).toBe('nginx shadow');
    expect(names(fs.readdir('/l/3/fs/etc'))).toBe('passwd shadow');
    fs.mkdirAll('/merged/new/sub');
    expect(code(fs.rename('/merged/new', '/merged/newer'))).toBe('ok');
    expect(names(fs.readdir('/merged/newer'))).toBe('sub');
    expect(code(fs.rename('/merged/newer', '/elsewhere'))).toBe('EXDEV');
  });
});

describe('mounts', () => {
  it('binds, read-only and recursively', () => {
    const { fs } = machine();
    for (const path of ['/data/sub', '/mnt', '/again', '/proc']) fs.mkdirAll(path);
    fs.mount({ type: 'tmpfs', source: 'tmpfs', target: '/data/sub', options: { size: '64k' } });
    fs.writeFile('/data/sub/f', 'x');
    expect(code(fs.writeFile('/data/sub/big', new Uint8Array(70_000)))).toBe('ENOSPC');
    fs.mount({ type: 'bind', source: '/data', target: '/mnt', readOnly: true });
    fs.mount({ type: 'rbind', source: '/data', target: '/again' });
    expect(names(fs.readdir('/mnt/sub'))).toBe('');
    expect(code(fs.writeFile('/mnt/x', ''))).toBe('EROFS');
    expect(value(fs.readText('/again/sub/f'))).toBe('x');
    expect(code(fs.umount('/again'))).toBe('EBUSY');
    expect(code(fs.rmdir('/again'))).toBe('EBUSY');
    expect(code(fs.umount('/again/sub'))).toBe('ok');
    expect(code(fs.umount('/again'))).toBe('ok');
    expect(code(fs.umount('/again'))).toBe('EINVAL');
    fs.mount({ type: 'proc', source: 'proc', target: '/proc', options: { nosuid: true } });
    expect(value(fs.readText('/proc/uptime'))).toBe('1.00 1.00\n');
    fs.mount({ type: 'bind', source: '/proc/sys', target: '/proc/sys', readOnly: true });
    expect(
      fs.mounts().map(({ root, mountPoint, options, type }) => `${root} ${mountPoint} ${options} ${type}`),
    ).toEqual([
      '/ / rw,relatime ext4',
      '/ /data/sub rw,relatime tmpfs',
      '/data /mnt ro,relatime ext4',
      '/ /proc rw,nosuid,relatime proc',
      '/sys /proc/sys ro,nosuid,relatime proc',
    ]);
  });

  it('clones a namespace and pivots into a container', () => {
    const { namespace, fs } = machine();
    value(namespace.mountTree('/image', layer()));
    fs.mkdirAll('/vol');
    fs.writeFile('/vol/f', 'shared');
    fs.mkdirAll('/upper');
    fs.mkdirAll('/work');
    fs.mkdirAll('/rootfs');
    const inside = namespace.clone(2);
    const view = inside.view(context());
    value(
      view.mount({
        type: 'overlay',
        source: 'overlay',
        target: '/rootfs',
        options: { lowerdir: '/image', upperdir: '/upper', workdir: '/work' },
      }),
    );
    view.mkdir('/rootfs/vol');
    view.mount({ type: 'bind', source: '/vol', target: '/rootfs/vol' });
    expect(code(view.pivotRoot('/vol'))).toBe('EINVAL');
    expect(code(view.pivotRoot('/rootfs'))).toBe('ok');
    expect(names(view.readdir('/'))).toBe('bin etc usr vol');
    expect(value(view.readText('/vol/f'))).toBe('shared');
    expect(view.mounts().map(({ mountPoint }) => mountPoint)).toEqual(['/', '/vol']);
    expect(names(fs.readdir('/rootfs'))).toBe('');
    fs.mkdir('/late');
    fs.mount({ type: 'tmpfs', source: 'tmpfs', target: '/late' });
    expect(view.mounts()).toHaveLength(2);
    expect(fs.mounts()).toHaveLength(2);
  });

  it('gives a clone its own copy before the original changes', () => {
    const { namespace, fs } = machine();
    fs.mkdir('/a');
    fs.mount({ type: 'tmpfs', source: 'tmpfs', target: '/a' });
    const view = namespace.clone(2).view(context());
    fs.umount('/a');
    expect(view.mounts()).toHaveLength(2);
    expect(fs.mounts()).toHaveLength(1);
    expect(code(view.umount('/a'))).toBe('ok');
  });
});
