import { gunzipSync } from 'fflate';
import { err, ok, type Result } from '../../sim/result';
import { decode, noBytes } from '../../linux/io/bytes';
import { BLOCK, type TarMember, type TarType } from './tar';

/** A member as it was read: its content is always here, as a part of the archive's bytes. */
export type ReadMember = TarMember & { readonly body: Uint8Array };

const types: Readonly<Record<string, TarType>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** The bytes without gzip, if they are compressed (moby pkg/archive DecompressStream). */
export function uncompressed(bytes: Uint8Array): Result<Uint8Array, string> {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return ok(bytes);
  try {
    return ok(gunzipSync(bytes));
  } catch {
    return err('unexpected EOF');
  }
}

/** Reads an archive: ustar, pax and GNU long names. The errors are Go's archive/tar's. */
export function readTar(archive: Uint8Array): Result<readonly ReadMember[], string> {
  const unpacked = uncompressed(archive);
  if (!unpacked.ok) return unpacked;
  const bytes = unpacked.value;
  const members: ReadMember[] = [];
  let extra: ReadonlyMap<string, string> = new Map();
  let long: { readonly path?: string; readonly linkpath?: string } = {};
  for (let at = 0; at < bytes.length;) {
    if (at + BLOCK > bytes.length) return err('unexpected EOF');
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return ok(members);
    if (!hasRightSum(header)) return err('archive/tar: invalid tar header');
    const size = Number(extra.get('size') ?? number(header, 124, 12));
    const flag = String.fromCharCode(header[156] ?? 0);
    const start = at + BLOCK;
    const holds = !['1', '2', '3', '4', '5', '6'].includes(flag);
    const end = holds ? start + size : start;
    if (end > bytes.length) return err('unexpected EOF');
    const body = bytes.subarray(start, end);
    at = start + Math.ceil((end - start) / BLOCK) * BLOCK;
    if (flag === 'x') {
      extra = paxRecords(body);
      continue;
    }
    if (flag === 'L' || flag === 'K') {
      long = { ...long, [flag === 'L' ? 'path' : 'linkpath']: cString(body, 0, body.length) };
      continue;
    }
    const type = types[flag];
    if (type !== undefined) members.push(member(header, type, extra, long, type === 'file' ? body : noBytes));
    extra = new Map();
    long = {};
  }
  return ok(members);
}

function member(
  header: Uint8Array,
  given: TarType,
  extra: ReadonlyMap<string, string>,
  long: { readonly path?: string; readonly linkpath?: string },
  body: Uint8Array,
): ReadMember {
  const isUstar = decode(header.subarray(257, 263)) === 'ustar\0';
  const prefix = isUstar ? cString(header, 345, 155) : '';
  const short = cString(header, 0, 100);
  const name = extra.get('path') ?? long.path ?? (prefix === '' ? short : `${prefix}/${short}`);
  const type = given === 'file' && name.endsWith('/') ? 'directory' : given;
  const seconds = extra.get('mtime');
  const device = type === 'char' || type === 'block';
  const link = extra.get('linkpath') ?? long.linkpath ?? cString(header, 157, 100);
  return {
    name,
    type,
    mode: number(header, 100, 8) & 0o7777,
    uid: Number(extra.get('uid') ?? number(header, 108, 8)),
    gid: Number(extra.get('gid') ?? number(header, 116, 8)),
    mtime: Math.floor((seconds === undefined ? number(header, 136, 12) : Number(seconds)) * 1000),
    ...(type === 'symlink' || type === 'hardlink' ? { link } : {}),
    ...(device ? { rdev: { major: number(header, 329, 8), minor: number(header, 337, 8) } } : {}),
    body,
  };
}

function hasRightSum(header: Uint8Array): boolean {
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) sum += index >= 148 && index < 156 ? 32 : (header[index] ?? 0);
  return sum === number(header, 148, 8);
}

/** Octal digits, or GNU's base 256 where the first bit is set. */
function number(header: Uint8Array, at: number, width: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = (header[at] ?? 0) & 0x7f;
    for (let index = at + 1; index < at + width; index++) value = value * 256 + (header[index] ?? 0);
    return value;
  }
  return Number.parseInt(cString(header, at, width).trim(), 8) || 0;
}

function cString(bytes: Uint8Array, at: number, width: number): string {
  const field = bytes.subarray(at, at + width);
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}

function paxRecords(body: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const blank = body.indexOf(32, at);
    const length = Number(decode(body.subarray(at, Math.max(blank, at))));
    if (blank < 0 || !(length > 0)) break;
    const text = decode(body.subarray(blank + 1, at + length - 1));
    const equals = text.indexOf('=');
    records.set(text.slice(0, equals), text.slice(equals + 1));
    at += length;
  }
  return records;
}
