import { sha1 } from '@noble/hashes/legacy.js';
import { concat, decode, encode } from '../../../linux/io/bytes';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** A name of an object: forty hexadecimal digits. */
export type Oid = string;

export interface GitObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

export interface TreeEntry {
  /** 0o100644, 0o100755, 0o120000, 0o40000, 0o160000. */
  readonly mode: number;
  readonly name: string;
  readonly oid: Oid;
}

export interface Commit {
  readonly oid: Oid;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  /** `Name <mail> seconds zone`. */
  readonly author: string;
  readonly committer: string;
  readonly message: string;
}

export interface Tag {
  readonly object: Oid;
  readonly type: ObjectType;
  readonly name: string;
  readonly tagger: string;
  readonly message: string;
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
export const hex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += digits[byte] ?? '';
  return text;
};
export const unhex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16));

export const zeroOid: Oid = '0'.repeat(40);
export const emptyTree: Oid = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
export const emptyBlob: Oid = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** An object as it is hashed: with its header. */
export const framed = ({ type, bytes }: GitObject): Uint8Array => concat([encode(`${type} ${bytes.length}\0`), bytes]);
export const hashBytes = (bytes: Uint8Array): Oid => hex(sha1(bytes));
export const oidOf = (object: GitObject): Oid => hashBytes(framed(object));

/** Entries in git's order: as if directories ended in a slash. */
export const sortEntries = (entries: readonly TreeEntry[]): readonly TreeEntry[] =>
  [...entries].sort((a, b) => compareBytes(sortName(a), sortName(b)));
const sortName = ({ mode, name }: TreeEntry): string => (mode === 0o40000 ? `${name}/` : name);

/** Order by bytes; for UTF-16 strings of UTF-8 text that is the order of code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [x, y] = [a.codePointAt(index) ?? 0, b.codePointAt(index) ?? 0];
    if (x !== y) return x - y;
  }
  return a.length - b.length;
}

export const encodeTree = (entries: readonly TreeEntry[]): Uint8Array =>
  concat(sortEntries(entries).flatMap(({ mode, name, oid }) => [encode(`${mode.toString(8)} ${name}\0`), unhex(oid)]));

export function decodeTree(bytes: Uint8Array): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const [, mode = '', name = ''] = /^(\d+) (.*)$/s.exec(decode(bytes.subarray(at, end))) ?? [];
    entries.push({ mode: Number.parseInt(mode, 8), name, oid: hex(bytes.subarray(end + 1, end + 21)) });
    at = end + 21;
  }
  return entries;
}

export const encodeCommit = ({ tree, parents, author, committer, message }: Omit<Commit, 'oid'>): Uint8Array =>
  encode(
    `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}author ${author}\ncommitter ${committer}\n\n${message}`,
  );

/** Headers (continued lines joined) and body of a commit or tag. */
function parts(bytes: Uint8Array): { headers: readonly (readonly [string, string])[]; body: string } {
  const text = decode(bytes);
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const headers = head
    .replace(/\n /g, '\u0001')
    .split('\n')
    .map((line): readonly [string, string] => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)];
    });
  return { headers, body: end < 0 ? '' : text.slice(end + 2) };
}

export function decodeCommit(oid: Oid, bytes: Uint8Array): Commit {
  const { headers, body } = parts(bytes);
  const of = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? '';
  return {
    oid,
    tree: of('tree'),
    parents: headers.flatMap(([key, value]) => (key === 'parent' ? [value] : [])),
    author: of('author'),
    committer: of('committer'),
    message: body,
  };
}

export const encodeTag = ({ object, type, name, tagger, message }: Tag): Uint8Array =>
  encode(`object ${object}\ntype ${type}\ntag ${name}\ntagger ${tagger}\n\n${message}`);

export function decodeTag(bytes: Uint8Array): Tag {
  const { headers, body } = parts(bytes);
  const of = (name: string): string => headers.find(([key]) => key === name)?.[1] ?? '';
  return { object: of('object'), type: of('type') as ObjectType, name: of('tag'), tagger: of('tagger'), message: body };
}
