import { err, ok, type Result } from '../../sim/result';
import { tarBody } from '../images/content';
import type { Entries, Entry } from '../images/entries';
import type { TarMember } from './tar';
import { readTar } from './untar';

const whiteoutPrefix = '.wh.';
const opaqueName = '.wh..wh..opq';

/** The order in which moby walks a directory: name by name, so that `/a/b` comes before `/a-b`. */
export function walkOrder(a: string, b: string): number {
  const [left, right] = [a.replaceAll('/', '\0'), b.replaceAll('/', '\0')];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * A layer as the members of a tar (image-spec/layer.md), in the order of a walk. Parents that the layer does not name
 * are told too: they are part of what unpacking it gives.
 */
export function* membersOf(entries: Entries, mtime: number): Generator<TarMember> {
  const all = new Map<string, Entry>(Object.entries(entries));
  for (const path of Object.keys(entries)) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const parent = path.slice(0, slash);
      if (!all.has(parent)) all.set(parent, { type: 'directory', mode: 0o755, uid: 0, gid: 0 });
    }
  }
  // A hard link follows the file it names: whichever of its names comes first holds the content.
  const first = new Map<string, string>();
  const paths = [...all.keys()].sort(walkOrder);
  for (const path of paths) {
    const entry = all.get(path);
    const target = entry?.type === 'hardlink' ? entry.to : path;
    if (entry !== undefined && !first.has(target)) first.set(target, path);
  }
  for (const path of paths) {
    const given = all.get(path);
    if (given === undefined) continue;
    const target = given.type === 'hardlink' ? given.to : path;
    const holder = first.get(target) ?? target;
    const linked = all.get(target);
    const entry: Entry =
      holder !== path ? { type: 'hardlink', to: holder } : given.type === 'hardlink' ? (linked ?? given) : given;
    if (path !== '/' && path !== '') yield memberOf(path.replace(/^\//, ''), entry, mtime, linked);
    if (entry.type === 'directory' && entry.opaque === true) {
      const name = `${path === '/' ? '' : `${path.replace(/^\//, '')}/`}${opaqueName}`;
      yield { name, type: 'file', mode: entry.mode & 0o777, uid: entry.uid, gid: entry.gid, mtime: 0 };
    }
  }
}

/** `linked`: the file that a hard link names; its header tells that file's attributes. */
function memberOf(name: string, entry: Entry, layerTime: number, linked?: Entry): TarMember {
  switch (entry.type) {
    case 'whiteout': {
      const slash = name.lastIndexOf('/') + 1;
      const mark = `${name.slice(0, slash)}${whiteoutPrefix}${name.slice(slash)}`;
      return { name: mark, type: 'file', mode: 0o600, uid: 0, gid: 0, mtime: entry.mtime ?? layerTime };
    }
    case 'hardlink': {
      const attributes = linked?.type === 'file' ? linked : { mode: 0o644, uid: 0, gid: 0 };
      return { name, type: 'hardlink', ...ownedBy(attributes, layerTime), link: entry.to.replace(/^\//, '') };
    }
    case 'symlink': {
      const { uid = 0, gid = 0, mtime = layerTime, target } = entry;
      return { name, type: 'symlink', mode: 0o777, uid, gid, mtime, link: target };
    }
    case 'directory':
      return { name: `${name}/`, type: 'directory', ...ownedBy(entry, layerTime) };
    case 'file':
      return { name, type: 'file', ...ownedBy(entry, layerTime), body: tarBody(entry.content) };
    case 'fifo':
      return { name, type: 'fifo', ...ownedBy(entry, layerTime) };
    case 'char':
    case 'block':
      return { name, type: entry.type, ...ownedBy(entry, layerTime), rdev: entry.rdev };
  }
}

const ownedBy = (
  {
    mode,
    uid,
    gid,
    mtime,
  }: { readonly mode: number; readonly uid: number; readonly gid: number; readonly mtime?: number },
  layerTime: number,
): Pick<TarMember, 'mode' | 'uid' | 'gid' | 'mtime'> => ({ mode, uid, gid, mtime: mtime ?? layerTime });

/** The files of a layer's tar; contents are parts of these bytes, not copies. Names above the root are refused. */
export function entriesFromTar(bytes: Uint8Array): Result<Entries, string> {
  const members = readTar(bytes);
  if (!members.ok) return members;
  const entries: Record<string, Entry> = {};
  for (const member of members.value) {
    const path = cleanName(member.name);
    if (path === undefined) return err(`breakout error: invalid name ${JSON.stringify(member.name)}`);
    const slash = path.lastIndexOf('/') + 1;
    const base = path.slice(slash);
    if (base === opaqueName) {
      const folder = path.slice(0, Math.max(slash - 1, 0)) || '/';
      const known = entries[folder];
      const owned = known?.type === 'directory' ? known : ({ type: 'directory', mode: 0o755, uid: 0, gid: 0 } as const);
      entries[folder] = { ...owned, opaque: true };
    } else if (base.startsWith('.wh..wh.')) {
      continue;
    } else if (base.startsWith(whiteoutPrefix)) {
      entries[`${path.slice(0, slash)}${base.slice(whiteoutPrefix.length)}`] = {
        type: 'whiteout',
        mtime: member.mtime,
      };
    } else {
      const { mode, uid, gid, mtime, rdev = { major: 0, minor: 0 }, link = '' } = member;
      const owned = { mode, uid, gid, mtime };
      switch (member.type) {
        case 'directory':
          entries[path] = { type: 'directory', ...owned };
          break;
        case 'file':
          entries[path] = { type: 'file', ...owned, content: { kind: 'bytes', bytes: member.body } };
          break;
        case 'symlink':
          entries[path] = { type: 'symlink', target: link, uid, gid, mtime };
          break;
        case 'hardlink': {
          const to = cleanName(link);
          if (to === undefined)
            return err(`invalid hardlink ${JSON.stringify(member.name)} -> ${JSON.stringify(link)}`);
          entries[path] = { type: 'hardlink', to };
          break;
        }
        case 'fifo':
          entries[path] = { type: 'fifo', ...owned };
          break;
        case 'char':
        case 'block':
          entries[path] = { type: member.type, ...owned, rdev };
      }
    }
  }
  return ok(entries);
}

/** `./a/../b/` → `/b`; undefined where it leads above the root. */
export function cleanName(name: string): string | undefined {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `/${parts.join('/')}`;
}
