import { ok } from '../../sim/result';
import { fail, type ErrnoCode, type Sys } from '../errno';
import type { FileSystemView } from './file-system';
import { notify, type Inode, type NewNode } from './inode';
import { mayChange, mayLink, stickyDenies } from './permissions';
import { MemoryDirectory } from './tmpfs';
import { cross, maySearch, Missing, Place, walk } from './walk';

const done: Sys<void> = ok(undefined);

/** Makes a node where nothing is. `mode` is final. */
export function createAt(view: FileSystemView, missing: Missing, node: NewNode, mode: number): Sys<Inode> {
  if (missing.mustBeDirectory && node.type !== 'directory') return fail(node.type === 'file' ? 'EISDIR' : 'ENOENT');
  const denied = mayChange(missing.parent, view.context);
  if (denied !== undefined) return fail(denied);
  const directory = missing.parent.inode;
  if (directory instanceof MemoryDirectory && directory.nlink === 0) return fail('ENOENT');
  const { uid, gid } = view.context.credentials;
  // In a set-group-ID directory the group is inherited, and directories inherit the bit.
  const inherits = (directory.mode & 0o2000) !== 0;
  const made = directory.create(missing.name, node, {
    mode: inherits && node.type === 'directory' ? mode | 0o2000 : mode,
    uid,
    gid: inherits ? directory.gid : gid,
  });
  if (made.ok) notify(directory, missing.name);
  return made;
}

/** Makes a node at a path, which must not be there yet. */
export function create(view: FileSystemView, path: string, node: NewNode, mode: number): Sys<Inode> {
  const place = walk(view, path, false);
  if (typeof place === 'string') return fail(place);
  return place instanceof Missing ? createAt(view, place, node, mode) : fail('EEXIST');
}

/** mkdir -p. */
export function makeAll(view: FileSystemView, path: string, mode: number): Sys<void> {
  let place = walk(view, path, true);
  if (place === 'ENOENT') {
    // More than the last component is missing: first what is above.
    const slash = path.replace(/\/+$/, '').lastIndexOf('/');
    if (slash <= 0) return fail('ENOENT');
    const above = makeAll(view, path.slice(0, slash), mode);
    if (!above.ok) return above;
    place = walk(view, path, true);
  }
  if (typeof place === 'string') return fail(place);
  if (place instanceof Place) return place.inode.type === 'directory' ? done : fail('EEXIST');
  const made = createAt(view, place, { type: 'directory' }, mode & ~view.context.umask);
  return made.ok ? done : made;
}

/** rmdir(2). */
export function removeDirectory(view: FileSystemView, path: string): Sys<void> {
  if (/[./]$/.test(path)) {
    if (/(^|\/)\.\/*$/.test(path)) return fail('EINVAL');
    if (/(^|\/)\.\.\/*$/.test(path)) return fail('ENOTEMPTY');
  }
  const place = removable(view, path);
  if (typeof place === 'string') return fail(place);
  if (place.inode.type !== 'directory') return fail('ENOTDIR');
  if (place.parent === undefined || place.isMountRoot) return fail('EBUSY');
  return told(place.parent.inode.rmdir(place.name), place);
}

/** unlink(2). */
export function unlink(view: FileSystemView, path: string): Sys<void> {
  const place = removable(view, path);
  if (typeof place === 'string') return fail(place);
  if (place.inode.type === 'directory') return fail('EISDIR');
  if (path.endsWith('/')) return fail('ENOTDIR');
  if (place.parent === undefined || place.isMountRoot) return fail('EBUSY');
  return told(place.parent.inode.unlink(place.name), place);
}

/** rm -r; what is not there is fine. */
export function removeAll(view: FileSystemView, path: string): Sys<void> {
  const place = view.find(path, false);
  if (typeof place === 'string') return place === 'ENOENT' ? done : fail(place);
  if (place.inode.type !== 'directory') return unlink(view, path);
  const emptied = removeBelow(view, place);
  return emptied.ok ? removeDirectory(view, path) : emptied;
}

/** Empties a directory without walking its path again for each name in it. */
function removeBelow(view: FileSystemView, directory: Place): Sys<void> {
  const { inode, mount } = directory;
  const { context, table } = view;
  for (const { name } of inode.entries()) {
    if (!maySearch(inode, context)) return fail('EACCES');
    const child = inode.lookup(name);
    if (child === undefined) continue;
    const at = new Place(mount, child, directory, name);
    const place = child.type === 'symlink' ? at : cross(table, context, at);
    const isDirectory = place.inode.type === 'directory';
    const emptied = isDirectory ? removeBelow(view, place) : done;
    if (!emptied.ok) return emptied;
    const denied = mayChange(directory, context) ?? stickyDenies(place, context);
    if (denied !== undefined) return fail(denied);
    if (place.isMountRoot) return fail('EBUSY');
    const removed = told(isDirectory ? inode.rmdir(name) : inode.unlink(name), place);
    if (!removed.ok) return removed;
  }
  return done;
}

/** rename(2). */
export function rename(view: FileSystemView, from: string, to: string): Sys<void> {
  if (/(^|\/)\.\.?\/*$/.test(from) || /(^|\/)\.\.?\/*$/.test(to)) return fail('EBUSY');
  const source = removable(view, from);
  if (typeof source === 'string') return fail(source);
  const target = walk(view, to, false);
  if (typeof target === 'string') return fail(target);
  if (source.parent === undefined || target.parent === undefined) return fail('EBUSY');
  if (source.mount !== target.parent.mount) return fail(source.isMountRoot ? 'EBUSY' : 'EXDEV');
  const denied =
    mayReplace(source, target) ?? mayChange(target.parent, view.context) ?? stickyDenies(target, view.context);
  if (denied === 'same') return done;
  if (denied !== undefined) return fail(denied);
  const moved = source.parent.inode.rename(source.name, target.parent.inode, target.name);
  if (moved.ok) {
    notify(source.parent.inode, source.name);
    notify(target.parent.inode, target.name);
  }
  return moved;
}

/** Why the source cannot take the target's place; `same` where they are one file already. */
function mayReplace(source: Place, target: Place | Missing): ErrnoCode | 'same' | undefined {
  const directory = source.inode.type === 'directory';
  if (target instanceof Missing) {
    if (target.mustBeDirectory && !directory) return 'ENOTDIR';
  } else {
    if (target.inode === source.inode) return 'same';
    if (target.isMountRoot) return 'EBUSY';
    if (directory && target.inode.type !== 'directory') return 'ENOTDIR';
    if (!directory && target.inode.type === 'directory') return 'EISDIR';
    if (directory && !target.inode.empty) return 'ENOTEMPTY';
  }
  // A directory cannot move into itself.
  for (let at: Place | undefined = target.parent; at !== undefined; at = at.parent) {
    if (at.inode === source.inode) return 'EINVAL';
  }
  return undefined;
}

/** link(2). */
export function link(view: FileSystemView, existing: string, path: string): Sys<void> {
  const source = view.find(existing, false);
  if (typeof source === 'string') return fail(source);
  const target = walk(view, path, false);
  if (typeof target === 'string') return fail(target);
  if (target instanceof Place) return fail('EEXIST');
  if (source.mount !== target.parent.mount) return fail('EXDEV');
  if (source.inode.type === 'directory' || !mayLink(source.inode, view.context)) return fail('EPERM');
  const denied = mayChange(target.parent, view.context);
  if (denied !== undefined) return fail(denied);
  const linked = target.parent.inode.link(target.name, source.inode);
  if (linked.ok) notify(target.parent.inode, target.name);
  return linked;
}

function removable(view: FileSystemView, path: string): Place | ErrnoCode {
  const place = view.find(path, false);
  if (typeof place === 'string') return place;
  if (place.parent === undefined) return 'EBUSY';
  return mayChange(place.parent, view.context) ?? stickyDenies(place, view.context) ?? place;
}

/** Tells watchers of a change that went well. */
export function told(result: Sys<void>, { parent, name, inode }: Place): Sys<void> {
  if (result.ok) notify(parent?.inode, name, inode);
  return result;
}
