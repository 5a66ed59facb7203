import { ok } from '../../sim/result';
import { isPrivileged } from '../capabilities';
import { fail, type Sys } from '../errno';
import type { OpenFile, OpenFlags } from '../io/open-file';
import { ByteDevice, DirectoryFile, memoryDevice, RegularFile, SyntheticFile } from './file';
import { Fifo } from './fifo';
import { createAt } from './directory-calls';
import type { FileSystemView } from './file-system';
import { notify, type Inode } from './inode';
import { isReadOnly, mayReuse } from './permissions';
import { SyntheticInode } from './synthetic';
import type { FileType, OpenOptions, Stat } from './types';
import { Missing, permits, Place, walk } from './walk';

/** open(2). */
export function openPlace(view: FileSystemView, path: string, options: OpenOptions): Sys<OpenFile> {
  if (view.context.mayOpen === false) return fail('EMFILE');
  const write = options.write ?? options.append ?? false;
  const flags: OpenFlags = { read: options.read ?? !write, write, append: options.append ?? false };
  const exclusive = options.create === true && options.exclusive === true;
  let found = walk(view, path, false);
  if (found instanceof Place && found.inode.type === 'symlink') {
    const magic = magicLink(view, path);
    if (magic !== undefined) return magic;
    if (!exclusive) found = walk(view, path, true);
  }
  if (typeof found === 'string') return fail(found);
  let created = false;
  if (found instanceof Missing) {
    if (options.create !== true) return fail('ENOENT');
    const mode = (options.mode ?? 0o666) & ~view.context.umask;
    const made = createAt(view, found, { type: 'file' }, mode);
    if (!made.ok) return made;
    found = new Place(found.parent.mount, made.value, found.parent, found.name);
    created = true;
  } else if (exclusive) return fail('EEXIST');
  else if (options.create === true && !mayReuse(found, view.context)) return fail('EACCES');

  const { inode, mount } = found;
  if (inode.type === 'directory') {
    if (write || options.create === true) return fail('EISDIR');
    if (!permits(inode, view.context, 4)) return fail('EACCES');
    return ok(new DirectoryFile(found.path, flags, view.namespace.fileSystems.clock));
  }
  if (options.directory === true) return fail('ENOTDIR');
  // Who creates a file may write it, whatever its mode.
  if (!created && !permits(inode, view.context, (flags.read ? 4 : 0) | (write ? 2 : 0))) return fail('EACCES');
  if (write && inode.type === 'file' && isReadOnly(found)) return fail('EROFS');
  if ((inode.type === 'char' || inode.type === 'block') && mount.flags.includes('nodev')) return fail('EACCES');
  return openInode(view, found, flags, options.truncate === true && !created);
}

function openInode(view: FileSystemView, place: Place, flags: OpenFlags, truncate: boolean): Sys<OpenFile> {
  const { inode } = place;
  const { clock, randomBytes } = view.namespace.fileSystems;
  const name = place.path;
  switch (inode.type) {
    case 'file': {
      if (inode instanceof SyntheticInode) return ok(new SyntheticFile(inode, name, flags, clock));
      const data = inode.data(flags.write);
      if (!data.ok) return data;
      if (truncate && flags.write && data.value.size > 0) {
        data.value.truncate(0);
        inode.modified();
        notify(place.parent?.inode, place.name, inode);
      }
      if (flags.write) data.value.payer ??= view.payerFor(inode);
      return ok(
        new RegularFile(place, data.value, name, flags, clock, !isPrivileged(view.context.credentials, 'FSETID')),
      );
    }
    case 'fifo':
      return ok(fifoOf(view, inode).open(flags));
    case 'char':
    case 'block': {
      const { major, minor } = inode.rdev ?? { major: 0, minor: 0 };
      const memory = inode.type === 'char' && major === 1 ? memoryDevice(minor, randomBytes) : undefined;
      if (memory !== undefined) return ok(new ByteDevice(name, flags, clock, memory.bytes, memory.full));
      return view.context.device(major, minor) ?? fail('ENXIO');
    }
    case 'socket':
    case 'directory':
      return fail('ENXIO');
    case 'symlink':
      return fail('ELOOP');
  }
}

/** /proc/<pid>/fd/N: a link to an open file that may have no path (a pipe, a socket, a deleted file). */
function magicLink(view: FileSystemView, path: string): Sys<OpenFile> | undefined {
  let at: string = path;
  for (let links = 0; links < 8; links++) {
    const place = walk(view, at, false);
    if (!(place instanceof Place) || place.inode.type !== 'symlink') return undefined;
    const target = place.inode.readlink();
    if (place.inode instanceof SyntheticInode) {
      const { node } = place.inode;
      // A file that has a path is opened anew, with its own position.
      const named = target.startsWith('/') && walk(view, target, true) instanceof Place;
      return node.type === 'symlink' && node.open !== undefined && !named ? node.open() : undefined;
    }
    at = target.startsWith('/') ? target : `${place.parent?.path ?? ''}/${target}`;
  }
  return undefined;
}

/** stat(2) through a magic link to what has no path: a pipe, a socket, a terminal of elsewhere. */
export function statOfDescriptor(view: FileSystemView, path: string): Stat | undefined {
  const opened = magicLink(view, path);
  if (opened?.ok !== true) return undefined;
  const { kind, name } = opened.value;
  const type: FileType =
    kind === 'pipe' ? 'fifo' : kind === 'socket' ? 'socket' : kind === 'file' || kind === 'directory' ? kind : 'char';
  const { uid, gid } = view.context.credentials;
  const now = view.namespace.fileSystems.clock.now;
  const ino = Number(/\[(\d+)\]$/.exec(name)?.[1] ?? 0);
  return { dev: PIPEFS, ino, type, mode: 0o600, nlink: 1, uid, gid, size: 0, atime: now, mtime: now, ctime: now };
}

/** The device number of file systems that are never mounted (pipefs, sockfs). */
const PIPEFS = 13;

const fifos = new WeakMap<Inode, Fifo>();

function fifoOf(view: FileSystemView, inode: Inode): Fifo {
  let fifo = fifos.get(inode);
  if (fifo === undefined) {
    fifo = new Fifo(view.namespace.fileSystems.clock, `fifo:[${inode.ino}]`);
    fifos.set(inode, fifo);
  }
  return fifo;
}
