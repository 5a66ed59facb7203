import { ok } from '../../sim/result';
import { fail, type Sys } from '../errno';
import { decode, encode } from '../io/bytes';
import { createAt } from './directory-calls';
import type { FileSystemView } from './file-system';
import { notify } from './inode';
import { isReadOnly } from './permissions';
import { SyntheticInode } from './synthetic';
import type { ExecutableFile, FileContent } from './types';
import { Missing, permits, walk } from './walk';

const done: Sys<void> = ok(undefined);

/** A whole file. */
export function readFile(view: FileSystemView, path: string): Sys<Uint8Array> {
  const place = view.find(path, true);
  if (typeof place === 'string') return fail(place);
  const { inode } = place;
  if (inode.type === 'directory') return fail('EISDIR');
  if (!permits(inode, view.context, 4)) return fail('EACCES');
  if (inode instanceof SyntheticInode && inode.type === 'file') return inode.readNow();
  if (inode.type !== 'file') return fail('EINVAL');
  const data = inode.data(false);
  return data.ok ? ok(data.value.bytes()) : data;
}

/** A whole file as a text. */
export function readText(view: FileSystemView, path: string): Sys<string> {
  const place = view.find(path, true);
  if (typeof place !== 'string' && place.inode.type === 'file' && permits(place.inode, view.context, 4)) {
    const { text } = place.inode;
    if (text !== undefined) return ok(text);
  }
  const bytes = readFile(view, path);
  return bytes.ok ? ok(decode(bytes.value)) : bytes;
}

/** What execve(2) looks at. */
export function executable(view: FileSystemView, path: string, bytes: number): Sys<ExecutableFile> {
  const place = view.find(path, true);
  if (typeof place === 'string') return fail(place);
  const { inode, mount } = place;
  if (inode.type !== 'file' || !permits(inode, view.context, 1) || mount.noexec) return fail('EACCES');
  const data = inode.data(false);
  if (!data.ok) return data;
  const { mode } = inode;
  const setId = (mode & 0o6000) !== 0 && !mount.nosuid;
  return ok({
    head: data.value.head(bytes),
    setUid: setId && (mode & 0o4000) !== 0 ? inode.uid : undefined,
    // Without group execute the bit means mandatory locking.
    setGid: setId && (mode & 0o2010) === 0o2010 ? inode.gid : undefined,
  });
}

/** Creates or truncates, and writes all of it. */
export function writeFile(view: FileSystemView, path: string, content: FileContent, mode: number): Sys<void> {
  const place = walk(view, path, true);
  if (typeof place === 'string') return fail(place);
  if (place instanceof Missing) {
    const made = createAt(view, place, { type: 'file', content }, mode & ~view.context.umask);
    return made.ok ? done : made;
  }
  if (place.inode.type !== 'file' || place.inode instanceof SyntheticInode) {
    return writeAll(view, path, content instanceof Uint8Array ? content : content.make(), false);
  }
  if (isReadOnly(place)) return fail('EROFS');
  if (!permits(place.inode, view.context, 2)) return fail('EACCES');
  if (!place.inode.rewrite(content)) {
    const target = place.inode.data(true);
    if (!target.ok) return target;
    target.value.payer ??= view.payerFor(place.inode);
    if (!target.value.replace(content)) return fail('ENOSPC');
  }
  place.inode.modified();
  notify(place.parent?.inode, place.name, place.inode);
  return done;
}

export const appendFile = (view: FileSystemView, path: string, data: string | Uint8Array): Sys<void> =>
  writeAll(view, path, typeof data === 'string' ? encode(data) : data, true);

function writeAll(view: FileSystemView, path: string, bytes: Uint8Array, append: boolean): Sys<void> {
  const file = view.open(path, { write: true, create: true, append, truncate: !append });
  if (!file.ok) return file;
  file.value.retain();
  let rest = bytes;
  let failed: Sys<void> = done;
  do {
    const written = file.value.write(rest);
    if (written === 'wait') failed = fail('EAGAIN');
    else if (!written.ok) failed = written;
    else rest = rest.subarray(written.value);
  } while (failed.ok && rest.length > 0);
  file.value.release();
  return failed;
}
