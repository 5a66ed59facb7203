import { deflateSync, inflateSync } from 'fflate';
import { concat, decode, encode } from '../../../linux/io/bytes';
import { crc32 } from '../../../linux/io/crc32';

/** One member of a zip archive (APPNOTE.TXT 6.3). */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly packed: Uint8Array;
  readonly size: number;
  /** Milliseconds. */
  readonly mtime: number;
  /** Type and permission bits, as stat(2) has them; 0 where the archive was not made on Unix. */
  readonly mode: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** What a member holds; undefined where it is damaged or compressed in a way that is not known. */
export function contentOf({ method, packed, size, crc }: ZipMember): Uint8Array | undefined {
  try {
    const bytes = method === 0 ? packed : method === 8 ? inflateSync(packed, { out: new Uint8Array(size) }) : undefined;
    return bytes !== undefined && crc32(bytes) === crc ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a member, deflated where that makes it smaller. */
export function memberOf(name: string, bytes: Uint8Array, mtime: number, mode: number, level: number): ZipMember {
  const deflated = level === 0 || bytes.length === 0 ? bytes : deflateSync(bytes, { level: level as 6 });
  const stored = level === 0 || deflated.length >= bytes.length;
  return {
    name,
    method: stored ? 0 : 8,
    crc: crc32(bytes),
    packed: stored ? bytes : deflated,
    size: bytes.length,
    mtime,
    mode,
  };
}

const little = (...fields: readonly (readonly [value: number, size: 2 | 4])[]): Uint8Array => {
  const bytes = new Uint8Array(fields.reduce((sum, [, size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value >>> 0, true);
    at += size;
  }
  return bytes;
};

function dosTime(ms: number): number {
  const date = new Date(ms);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

const fromDos = (value: number): number =>
  Date.UTC(
    1980 + (value >>> 25),
    ((value >>> 21) & 15) - 1,
    (value >>> 16) & 31,
    (value >>> 11) & 31,
    (value >>> 5) & 63,
    (value & 31) * 2,
  );

/** A whole archive. */
export function encodeZip(members: readonly ZipMember[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const name = encode(member.name);
    const utf8 = name.length === member.name.length ? 0 : 0x800;
    // The extended timestamp of Info-ZIP: seconds of the last change.
    const extra = little([0x5455, 2], [5, 2], [(Math.floor(member.mtime / 1000) << 8) | 1, 4]);
    const stamp = concat([extra, little([Math.floor(member.mtime / 1000) >>> 24, 2]).subarray(0, 1)]);
    const common = little(
      [utf8, 2],
      [member.method, 2],
      [dosTime(member.mtime), 4],
      [member.crc, 4],
      [member.packed.length, 4],
      [member.size, 4],
      [name.length, 2],
      [stamp.length, 2],
    );
    const version = member.method === 8 || member.name.endsWith('/') ? 20 : 10;
    const local = concat([little([LOCAL, 4], [version, 2]), common, name, stamp, member.packed]);
    central.push(
      little([CENTRAL, 4], [(3 << 8) | 30, 2], [version, 2]),
      common,
      little([0, 2], [0, 2], [0, 2], [member.mode * 65_536 + (member.name.endsWith('/') ? 16 : 0), 4], [offset, 4]),
      name,
      stamp,
    );
    parts.push(local);
    offset += local.length;
  }
  const directory = concat(central);
  const count = members.length;
  const end = little([END, 4], [0, 2], [0, 2], [count, 2], [count, 2], [directory.length, 4], [offset, 4], [0, 2]);
  return concat([...parts, directory, end]);
}

/** Reads an archive by the directory at its end; undefined where there is none. */
export function decodeZip(bytes: Uint8Array): ZipMember[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) return undefined;
  const members: ZipMember[] = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) return undefined;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const packedSize = view.getUint32(at + 20, true);
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const extraAt = at + 46 + (nameLength ?? 0);
    members.push({
      name: decode(bytes.subarray(at + 46, extraAt)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: bytes.subarray(start, start + packedSize),
      size: view.getUint32(at + 24, true),
      mtime: timestamp(view, extraAt, extraAt + (extraLength ?? 0)) ?? fromDos(view.getUint32(at + 12, true)),
      mode: view.getUint8(at + 5) === 3 ? view.getUint32(at + 38, true) >>> 16 : 0,
    });
    at = extraAt + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return members;
}

function timestamp(view: DataView, from: number, to: number): number | undefined {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) === 0x5455 && at + 9 <= to && (view.getUint8(at + 4) & 1) !== 0) {
      return view.getInt32(at + 5, true) * 1000;
    }
  }
  return undefined;
}
