import { encode, noBytes } from '../io/bytes';
import type { DeviceNumber } from './inode';
import type { FileContent, FileType } from './types';

interface Owned {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Virtual milliseconds; absent: the tree's. */
  readonly mtime?: number;
}

/** What an immutable tree holds at one path. */
export type TreeEntry =
  | ({ readonly type: 'directory'; readonly opaque?: boolean } & Owned)
  | ({ readonly type: 'file'; readonly content: FileContent | string } & Owned)
  | ({ readonly type: 'symlink'; readonly target: string } & Omit<Owned, 'mode'>)
  /** Another name of a file: `to` is a path of this tree. */
  | { readonly type: 'hardlink'; readonly to: string }
  | ({ readonly type: 'char' | 'block' | 'fifo'; readonly rdev?: DeviceNumber } & Owned)
  /** overlayfs' mark that the lower layers' file is deleted: a character device 0:0. */
  | { readonly type: 'whiteout' };

/** A node of an immutable tree; shared by all hosts and mounts that use it. */
export interface TreeNode {
  /** Position in the tree, from 0. */
  readonly index: number;
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  nlink: number;
  readonly content: FileContent;
  readonly target: string;
  readonly rdev: DeviceNumber | undefined;
  readonly opaque: boolean;
  readonly mtime: number | undefined;
  readonly children: Map<string, TreeNode> | undefined;
}

/** An immutable read-only tree, such as an image layer. Indexed at first use, once for all who share it. */
export interface Tree {
  readonly root: TreeNode;
  /** How many nodes. */
  readonly count: number;
  /** Virtual milliseconds of all its files; absent: when they were mounted. */
  readonly mtime: number | undefined;
}

/** Absolute path → entry, as a map or as pairs. Parent directories that are not named are 0755 root. */
export type TreeEntries = Iterable<readonly [string, TreeEntry]>;

export interface TreeOptions {
  /** When the files say that they were changed last. */
  readonly mtime?: number | 'mounted';
}

/** Makes an immutable tree. `entries` may be a function: it is called when somebody looks for the first time. */
export function createTree(entries: TreeEntries | (() => TreeEntries), { mtime = 0 }: TreeOptions = {}): Tree {
  let built: { root: TreeNode; count: number } | undefined;
  const tree = () => (built ??= build(typeof entries === 'function' ? entries() : entries));
  return {
    mtime: mtime === 'mounted' ? undefined : mtime,
    get root() {
      return tree().root;
    },
    get count() {
      return tree().count;
    },
  };
}

function build(entries: TreeEntries): { root: TreeNode; count: number } {
  let count = 0;
  let root = makeNode({ type: 'directory' }, count++);
  const links: (readonly [string, string])[] = [];

  /** The directory at `path` (no slash at its end), made if nobody named it. */
  const directory = (path: string): TreeNode => {
    let at = root;
    let start = 1;
    while (start <= path.length && path !== '') {
      let end = path.indexOf('/', start);
      if (end < 0) end = path.length;
      const name = path.slice(start, end);
      start = end + 1;
      if (name === '') continue;
      let next = at.children?.get(name);
      if (next?.children === undefined) {
        next = makeNode({ type: 'directory' }, count++);
        at.children?.set(name, next);
        at.nlink++;
      }
      at = next;
    }
    return at;
  };

  let lastParent: string | undefined;
  let last = root;
  for (const [given, entry] of entries) {
    const path = given.endsWith('/') ? given.slice(0, -1) : given;
    if (path === '' || path === '.') {
      lastParent = undefined;
      if (entry.type === 'directory') root = { ...makeNode(entry, 0), children: root.children, nlink: root.nlink };
      continue;
    }
    const slash = path.lastIndexOf('/');
    const parent = path.slice(0, Math.max(slash, 0));
    const name = path.slice(slash + 1);
    if (entry.type === 'hardlink') {
      links.push([path, entry.to]);
      continue;
    }
    if (parent !== lastParent) {
      last = directory(parent.startsWith('/') || parent === '' ? parent : `/${parent}`);
      lastParent = parent;
    }
    const former = last.children?.get(name);
    const node = makeNode(entry, former?.index ?? count++);
    // A directory named after its files keeps them.
    const kept = former?.children !== undefined && node.children !== undefined;
    last.nlink += Number(entry.type === 'directory') - Number(former?.type === 'directory');
    last.children?.set(name, kept ? { ...node, children: former.children, nlink: former.nlink } : node);
  }
  for (const [path, to] of links) {
    const slash = path.lastIndexOf('/');
    const target = find(root, to);
    if (target === undefined) continue;
    target.nlink++;
    directory(path.slice(0, Math.max(slash, 0))).children?.set(path.slice(slash + 1), target);
  }
  return { root, count };
}

function find(root: TreeNode, path: string): TreeNode | undefined {
  let at: TreeNode | undefined = root;
  for (const name of path.split('/')) if (name !== '') at = at?.children?.get(name);
  return at;
}

function makeNode(entry: Exclude<TreeEntry, { type: 'hardlink' }>, index: number): TreeNode {
  const whiteout = entry.type === 'whiteout';
  const directory = entry.type === 'directory';
  const owned: Owned = whiteout ? {} : entry;
  const content = entry.type === 'file' ? entry.content : noBytes;
  return {
    index,
    type: whiteout ? 'char' : entry.type,
    mode: entry.type === 'symlink' ? 0o777 : whiteout ? 0 : (owned.mode ?? (directory ? 0o755 : 0o644)),
    uid: owned.uid ?? 0,
    gid: owned.gid ?? 0,
    nlink: directory ? 2 : 1,
    content: typeof content === 'string' ? textContent(content) : content,
    target: entry.type === 'symlink' ? entry.target : '',
    rdev: whiteout ? { major: 0, minor: 0 } : 'rdev' in entry ? entry.rdev : undefined,
    opaque: directory && entry.opaque === true,
    mtime: owned.mtime,
    children: directory ? new Map() : undefined,
  };
}

/** A text whose bytes are made once, when somebody reads; ASCII texts know their size without. */
function textContent(text: string): FileContent {
  if (!/^[\x00-\x7f]*$/.test(text)) return encode(text);
  let bytes: Uint8Array | undefined;
  return { size: text.length, make: () => (bytes ??= encode(text)) };
}
