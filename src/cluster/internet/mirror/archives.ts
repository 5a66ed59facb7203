import { crc32 } from '../../../linux/io/crc32';
import { concat, encode } from '../../../linux/io/bytes';

/** A file of an archive. */
export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly executable?: boolean;
}

const bytesOf = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const little = (value: number, size: 2 | 4): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => (value >>> (8 * index)) & 0xff);

/** A tar archive (ustar, POSIX.1-1988). */
export function tar(members: readonly Member[], mtime: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const { name, bytes, executable } of members) {
    const directory = name.endsWith('/');
    const header = new Uint8Array(512);
    const put = (offset: number, value: string): void => header.set(encode(value), offset);
    put(0, name.slice(0, 100));
    put(100, executable === true || directory ? '0000755\0' : '0000644\0');
    put(108, '0000000\0');
    put(116, '0000000\0');
    put(124, `${bytes.length.toString(8).padStart(11, '0')}\0`);
    put(136, `${mtime.toString(8).padStart(11, '0')}\0`);
    put(148, '        ');
    put(156, directory ? '5' : '0');
    put(257, 'ustar\x0000');
    put(265, 'root');
    put(297, 'root');
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
    blocks.push(header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512));
  }
  return concat([...blocks, new Uint8Array(1024)]);
}

/** Bytes as a gzip file whose blocks are stored (RFC 1951 §3.2.4, RFC 1952). */
export function gzip(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [bytesOf(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)];
  for (let at = 0; at === 0 || at < bytes.length; at += 0xffff) {
    const part = bytes.subarray(at, at + 0xffff);
    const last = at + part.length >= bytes.length ? 1 : 0;
    parts.push(bytesOf(last), little(part.length, 2), little(~part.length & 0xffff, 2), part);
  }
  return concat([...parts, little(crc32(bytes), 4), little(bytes.length, 4)]);
}

/** A zip archive of stored members (APPNOTE.TXT 6.3). */
export function zip(members: readonly Member[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes, executable } of members) {
    const path = encode(name);
    const sum = little(crc32(bytes), 4);
    const common = concat([
      bytesOf(10, 0, 0, 0, 0, 0, 0, 0, 0x25, 0x5c),
      sum,
      little(bytes.length, 4),
      little(bytes.length, 4),
      little(path.length, 2),
      little(0, 2),
    ]);
    const local = concat([encode('PK\x03\x04'), common, path, bytes]);
    const mode = (executable === true ? 0o100755 : 0o100644) * 65_536;
    directory.push(
      concat([
        encode('PK\x01\x02'),
        bytesOf(20, 3),
        common,
        little(0, 2),
        little(0, 2),
        little(0, 2),
        little(mode, 4),
        little(offset, 4),
        path,
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const index = concat(directory);
  const count = little(members.length, 2);
  return concat([
    ...parts,
    index,
    encode('PK\x05\x06'),
    little(0, 4),
    count,
    count,
    little(index.length, 4),
    little(offset, 4),
    little(0, 2),
  ]);
}

/** A Debian package: an ar archive of control.tar.gz and data.tar.gz (deb(5)). */
export function deb(control: Readonly<Record<string, string>>, files: readonly Member[], mtime: number): Uint8Array {
  const fields = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
  const members: readonly Member[] = [
    { name: 'debian-binary', bytes: encode('2.0\n') },
    { name: 'control.tar.gz', bytes: gzip(tar([{ name: './control', bytes: encode(fields.join('')) }], mtime)) },
    { name: 'data.tar.gz', bytes: gzip(tar(files, mtime)) },
  ];
  const parts: Uint8Array[] = [encode('!<arch>\n')];
  for (const { name, bytes } of members) {
    const head = `${name.padEnd(16)}${String(mtime).padEnd(12)}0     0     100644  ${String(bytes.length).padEnd(10)}\`\n`;
    parts.push(encode(head), bytes, encode(bytes.length % 2 === 1 ? '\n' : ''));
  }
  return concat(parts);
}
