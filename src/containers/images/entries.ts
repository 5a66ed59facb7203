interface Owned {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Virtual milliseconds; absent: the layer's. */
  readonly mtime?: number;
}

/** What a layer holds at one path. Immutable and shared by all hosts, so an image costs its description once. */
export type Entry =
  /** `opaque`: nothing of the layers below shows in it (`.wh..wh..opq` in a tar, an attribute in overlayfs). */
  | (Owned & { readonly type: 'directory'; readonly opaque?: boolean })
  | (Owned & { readonly type: 'file'; readonly content: Content })
  | (Partial<Omit<Owned, 'mode'>> & { readonly type: 'symlink'; readonly target: string })
  /** The same file under another name: `to` is a path of this layer. */
  | { readonly type: 'hardlink'; readonly to: string }
  | (Owned & { readonly type: 'char' | 'block'; readonly rdev: { readonly major: number; readonly minor: number } })
  | (Owned & { readonly type: 'fifo' })
  /** What the layers below have here is deleted: `.wh.<name>` in a tar, a character device 0:0 in overlayfs. */
  | { readonly type: 'whiteout'; readonly mtime?: number };

export type Content =
  | { readonly kind: 'text'; readonly text: string }
  /** Real bytes, shared with whoever made them: nobody may write into them. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A program of the simulation: what the kernel's exec finds in it. `size` is what ls and du show. */
  | { readonly kind: 'program'; readonly program: string; readonly size: number; readonly machine?: 'arm64' }
  /** So many bytes that nobody reads (libraries, archives): they count, and are made only if somebody looks. */
  | { readonly kind: 'bulk'; readonly label: string; readonly size: number };

/** Absolute path → entry. Parent directories that are not named are 0755 root. */
export type Entries = Readonly<Record<string, Entry>>;

interface Attributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

export const directory = ({ mode = 0o755, uid = 0, gid = 0 }: Attributes = {}): Entry => ({
  type: 'directory',
  mode,
  uid,
  gid,
});

export const text = (content: string, { mode = 0o644, uid = 0, gid = 0 }: Attributes = {}): Entry => ({
  type: 'file',
  mode,
  uid,
  gid,
  content: { kind: 'text', text: content },
});

export const symlink = (target: string): Entry => ({ type: 'symlink', target });

/** An executable of the program table; a rough size makes listings plausible. */
export const program = (
  name: string,
  size = 43_000 + ((name.length * 7919) % 60_000),
  { mode = 0o755, uid = 0, gid = 0 }: Attributes = {},
): Entry => ({
  type: 'file',
  mode,
  uid,
  gid,
  content: { kind: 'program', program: name, size },
});

export const bulk = (label: string, size: number): Entry => ({
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  content: { kind: 'bulk', label, size },
});

/** `programs('/usr/bin', 'ls cat')`: executables named as their programs. */
export const programs = (folder: string, names: string): Entries =>
  Object.fromEntries(words(names).map((name) => [`${folder}/${name}`, program(name)]));

/** Symbolic links to one target. */
export const symlinks = (folder: string, target: string, names: string): Entries =>
  Object.fromEntries(words(names).map((name) => [`${folder}/${name}`, symlink(target)]));

/** Empty directories. */
export const directories = (paths: string, attributes: Attributes = {}): Entries =>
  Object.fromEntries(words(paths).map((path) => [path, directory(attributes)]));

export const words = (list: string): readonly string[] => list.split(/\s+/).filter((word) => word !== '');

/** Bytes of the content as stat tells. */
export function sizeOf(entry: Entry): number {
  return entry.type === 'file' ? contentSize(entry.content) : 0;
}

/** How many bytes a content has, without making it. */
export function contentSize(content: Content): number {
  switch (content.kind) {
    case 'text':
      return utf8Length(content.text);
    case 'bytes':
      return content.bytes.length;
    case 'program':
    case 'bulk':
      return content.size;
  }
}

function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
