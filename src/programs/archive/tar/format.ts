import { concat, decode, encode } from '../../../linux/io/bytes';

export const BLOCK = 512;

export type MemberType = 'file' | 'hardlink' | 'symlink' | 'char' | 'block' | 'directory' | 'fifo';
export type TarFormat = 'gnu' | 'ustar' | 'pax' | 'v7';

/** One member of an archive, without its contents. */
export interface Member {
  /** Of a directory with a slash at its end. */
  readonly name: string;
  readonly type: MemberType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
  readonly size: number;
  /** Milliseconds. */
  readonly mtime: number;
  readonly target: string;
  readonly major: number;
  readonly minor: number;
}

const flags: Readonly<Record<MemberType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};
const kinds = new Map<string, MemberType>([
  ...Object.entries(flags).map(([type, flag]) => [flag, type as MemberType] as const),
  ['\0', 'file'],
  ['7', 'file'],
]);

/** A number in octal, or in base 256 where that is too short. */
function number(value: number, width: number): Uint8Array {
  const text = Math.max(0, Math.floor(value)).toString(8);
  if (text.length < width) return encode(`${text.padStart(width - 1, '0')}\0`);
  const bytes = new Uint8Array(width);
  for (let at = width - 1, rest = value; at > 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[0] = 0x80;
  return bytes;
}

function header(member: Member, flag: string, name: Uint8Array, prefix: Uint8Array, format: TarFormat): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  bytes.set(name.subarray(0, 100), 0);
  bytes.set(number(member.mode & 0o7777, 8), 100);
  bytes.set(number(member.uid, 8), 108);
  bytes.set(number(member.gid, 8), 116);
  bytes.set(number(member.size, 12), 124);
  bytes.set(number(member.mtime / 1000, 12), 136);
  bytes.set(encode(format === 'v7' && flag === '0' ? '\0' : flag), 156);
  bytes.set(encode(member.target).subarray(0, 100), 157);
  if (format !== 'v7') {
    bytes.set(encode(format === 'gnu' ? 'ustar  \0' : 'ustar\x0000'), 257);
    bytes.set(encode(member.user).subarray(0, 31), 265);
    bytes.set(encode(member.group).subarray(0, 31), 297);
    if (format !== 'gnu' || member.type === 'char' || member.type === 'block') {
      bytes.set(number(member.major, 8), 329);
      bytes.set(number(member.minor, 8), 337);
    }
    bytes.set(prefix, 345);
  } else {
    bytes.set(number(0, 8), 329);
    bytes.set(number(0, 8), 337);
  }
  bytes.fill(32, 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.set(encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return bytes;
}

const nothing = new Uint8Array(0);
/** So many zeros as fill the last block. */
export const padding = (size: number): Uint8Array => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

/** A name as ustar's prefix and name. */
function divided(name: Uint8Array): { prefix: Uint8Array; name: Uint8Array } | undefined {
  if (name.length <= 100) return { prefix: nothing, name };
  for (let at = Math.min(155, name.length - 2); at > 0; at--) {
    if (name[at] === 47 && name.length - at - 1 <= 100)
      return { prefix: name.subarray(0, at), name: name.subarray(at + 1) };
  }
  return undefined;
}

/** The blocks before a member's contents; undefined where the format has no room for its name. */
export function encodeHeader(member: Member, format: TarFormat): Uint8Array | undefined {
  const name = encode(member.name);
  const target = encode(member.target);
  const flag = flags[member.type];
  if (format === 'gnu') {
    const parts: Uint8Array[] = [];
    const long = (text: Uint8Array, letter: string): void => {
      const extra: Member = {
        ...member,
        mode: 0o644,
        uid: 0,
        gid: 0,
        user: 'root',
        group: 'root',
        mtime: 0,
        target: '',
        size: text.length + 1,
      };
      parts.push(
        header(extra, letter, encode('././@LongLink'), nothing, 'gnu'),
        text,
        new Uint8Array(1),
        padding(text.length + 1),
      );
    };
    if (target.length > 100) long(target, 'K');
    if (name.length > 100) long(name, 'L');
    return concat([...parts, header(member, flag, name.subarray(0, 100), nothing, 'gnu')]);
  }
  const parts = divided(name);
  if (format === 'pax') {
    const records: string[] = [];
    if (parts === undefined) records.push(record('path', member.name));
    if (target.length > 100) records.push(record('linkpath', member.target));
    if (member.mtime % 1000 !== 0) records.push(record('mtime', String(member.mtime / 1000)));
    const own = header(member, flag, parts?.name ?? name, parts?.prefix ?? nothing, 'pax');
    if (records.length === 0) return own;
    const body = encode(records.join(''));
    const slash = member.name.replace(/\/$/, '').lastIndexOf('/');
    const shown = `${slash < 0 ? '.' : member.name.slice(0, slash)}/PaxHeaders/${member.name.slice(slash + 1)}`;
    const extra: Member = { ...member, mode: 0o644, size: body.length, target: '' };
    return concat([
      header(extra, 'x', encode(shown).subarray(0, 100), nothing, 'pax'),
      body,
      padding(body.length),
      own,
    ]);
  }
  if (parts === undefined || target.length > 100 || (format === 'v7' && name.length > 99)) return undefined;
  return header(member, flag, parts.name, parts.prefix, format);
}

/** `27 path=…\n`: the length counts itself. */
function record(key: string, value: string): string {
  const body = encode(` ${key}=${value}\n`).length;
  let length = body + String(body).length;
  length = body + String(length).length;
  return `${length} ${key}=${value}\n`;
}

/** A header's fields as they stand in it. */
export interface RawHeader {
  readonly flag: string;
  readonly member: Member;
}

/** Decodes a block; `invalid` where its sum does not fit, `zero` where it is empty. */
export function decodeHeader(block: Uint8Array): RawHeader | 'invalid' | 'zero' {
  if (block.every((byte) => byte === 0)) return 'zero';
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (numberAt(block, 148, 8) !== sum) return 'invalid';
  const flag = String.fromCharCode(block[156] ?? 0);
  const magic = textAt(block, 257, 6);
  const prefix = magic === 'ustar' && decode(block.subarray(263, 265)) === '00' ? textAt(block, 345, 155) : '';
  const own = textAt(block, 0, 100);
  const name = prefix === '' ? own : `${prefix}/${own}`;
  const old = flag === '\0' && name.endsWith('/');
  return {
    flag,
    member: {
      name,
      type: old ? 'directory' : (kinds.get(flag) ?? 'file'),
      mode: numberAt(block, 100, 8) & 0o7777,
      uid: numberAt(block, 108, 8),
      gid: numberAt(block, 116, 8),
      user: textAt(block, 265, 32),
      group: textAt(block, 297, 32),
      size: numberAt(block, 124, 12),
      mtime: numberAt(block, 136, 12) * 1000,
      target: textAt(block, 157, 100),
      major: numberAt(block, 329, 8),
      minor: numberAt(block, 337, 8),
    },
  };
}

/** Text up to a NUL. */
export function textAt(bytes: Uint8Array, from: number, length: number): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}

function numberAt(bytes: Uint8Array, from: number, length: number): number {
  const first = bytes[from] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (let at = 1; at < length; at++) value = value * 256 + (bytes[from + at] ?? 0);
    return value;
  }
  const text = textAt(bytes, from, length).trim();
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** What pax records change in the member that follows. */
export function withPax(member: Member, body: Uint8Array): Member {
  let changed = member;
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(32, at);
    const length = Number(decode(body.subarray(at, space)));
    if (space < 0 || !(length > 0)) break;
    const text = decode(body.subarray(space + 1, at + length - 1));
    const equals = text.indexOf('=');
    const [key, value] = [text.slice(0, equals), text.slice(equals + 1)];
    const set: Readonly<Record<string, Partial<Member>>> = {
      path: { name: value },
      linkpath: { target: value },
      size: { size: Number(value) },
      mtime: { mtime: Math.round(Number(value) * 1000) },
      uid: { uid: Number(value) },
      gid: { gid: Number(value) },
      uname: { user: value },
      gname: { group: value },
    };
    changed = { ...changed, ...set[key] };
    at += length;
  }
  return changed;
}
