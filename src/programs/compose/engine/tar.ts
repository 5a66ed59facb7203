import { concat, encode } from '../../../linux/io/bytes';

/** A regular file of an archive. */
export interface TarFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
}

const BLOCK = 512;

/** A ustar archive. */
export function tarOf(files: readonly TarFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const file of files) {
    const content = typeof file.content === 'string' ? encode(file.content) : file.content;
    parts.push(header(file, content.length), content, new Uint8Array(-content.length & (BLOCK - 1)));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return concat(parts);
}

function header({ path, mode, uid, gid, mtime }: TarFile, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(encode(text), at);
  const octal = (at: number, width: number, value: number): void =>
    put(at, `${value.toString(8).padStart(width - 1, '0')}\0`);
  const cut = path.length > 100 ? path.lastIndexOf('/', 155) : -1;
  put(0, path.slice(cut + 1).slice(0, 100));
  if (cut > 0) put(345, path.slice(0, cut));
  octal(100, 8, mode);
  octal(108, 8, uid);
  octal(116, 8, gid);
  octal(124, 12, size);
  octal(136, 12, Math.floor(mtime / 1000));
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\x0000');
  put(
    148,
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  );
  return block;
}
