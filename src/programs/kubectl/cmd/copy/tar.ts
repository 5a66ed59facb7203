import { concat, decode, encode } from '../../../../linux/io/bytes';

/** One member of a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly content: Uint8Array;
  readonly target: string;
  /** Milliseconds. */
  readonly mtime: number;
}

const block = 512;
const types: Readonly<Record<TarEntry['kind'], string>> = { file: '0', symlink: '2', directory: '5' };

function header(name: string, type: string, { mode, mtime, target }: TarEntry, size: number): Uint8Array {
  const bytes = new Uint8Array(block);
  const put = (at: number, text: string): void => bytes.set(encode(text), at);
  const octal = (at: number, width: number, value: number): void =>
    put(at, `${value.toString(8).padStart(width - 1, '0')}\0`);
  put(0, name);
  octal(100, 8, mode & 0o7777);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, Math.floor(mtime / 1000));
  put(156, type);
  put(157, target);
  put(257, 'ustar\0');
  put(263, '00');
  put(148, '        ');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return bytes;
}

const padded = (content: Uint8Array): Uint8Array => {
  const rest = content.length % block;
  return rest === 0 ? content : concat([content, new Uint8Array(block - rest)]);
};

/** An archive in the ustar format; longer names have GNU's extra member. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const name = encode(entry.name);
    if (name.length > 100) {
      parts.push(header('././@LongLink', 'L', { ...entry, target: '', mode: 0 }, name.length + 1));
      parts.push(padded(concat([name, new Uint8Array(1)])));
    }
    const content = entry.kind === 'file' ? entry.content : new Uint8Array(0);
    parts.push(header(decode(name.subarray(0, 100)), types[entry.kind], entry, content.length), padded(content));
  }
  parts.push(new Uint8Array(2 * block));
  return concat(parts);
}

/** Reads ustar, GNU and pax archives; undefined where the bytes are none. */
export function readTar(bytes: Uint8Array): readonly TarEntry[] | undefined {
  const entries: TarEntry[] = [];
  let long: { name?: string; target?: string } = {};
  for (let at = 0; at + block <= bytes.length;) {
    const head = bytes.subarray(at, at + block);
    if (head.every((byte) => byte === 0)) break;
    const size = octalAt(head, 124, 12);
    if (Number.isNaN(size)) return undefined;
    const content = bytes.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(head[156] ?? 0);
    if (type === 'L') long = { ...long, name: textAt(content, 0, size) };
    else if (type === 'K') long = { ...long, target: textAt(content, 0, size) };
    else if (type === 'x') long = { ...long, ...paxOf(decode(content)) };
    else if (type !== 'g') {
      const prefix = textAt(head, 257, 5) === 'ustar' ? textAt(head, 345, 155) : '';
      const own = textAt(head, 0, 100);
      const kind = type === '5' ? 'directory' : type === '2' ? 'symlink' : 'file';
      entries.push({
        name: long.name ?? (prefix === '' ? own : `${prefix}/${own}`),
        kind,
        mode: octalAt(head, 100, 8),
        content,
        target: long.target ?? textAt(head, 157, 100),
        mtime: octalAt(head, 136, 12) * 1000,
      });
      long = {};
    }
  }
  return entries;
}

function textAt(bytes: Uint8Array, from: number, length: number): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}

const octalAt = (bytes: Uint8Array, from: number, length: number): number =>
  Number.parseInt(textAt(bytes, from, length).trim() || '0', 8);

/** `27 path=long/name\n` records. */
function paxOf(text: string): { name?: string; target?: string } {
  const path = /\d+ path=([^\n]*)\n/.exec(text)?.[1];
  const target = /\d+ linkpath=([^\n]*)\n/.exec(text)?.[1];
  return { ...(path === undefined ? {} : { name: path }), ...(target === undefined ? {} : { target }) };
}
