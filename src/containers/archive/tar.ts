import { concat, encode } from '../../linux/io/bytes';

/** What follows a member's header: bytes, or chunks made as they are written (a large file nobody holds whole). */
export type TarBody = Uint8Array | { readonly size: number; readonly chunks: () => Iterable<Uint8Array> };

export type TarType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

/** One member of an archive. */
export interface TarMember {
  /** As it is in the archive; of a directory with a slash at its end. */
  readonly name: string;
  readonly type: TarType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch; the archive keeps whole seconds. */
  readonly mtime: number;
  /** Of symbolic and hard links. */
  readonly link?: string;
  readonly rdev?: { readonly major: number; readonly minor: number };
  readonly body?: TarBody;
}

/** A tar's unit: headers have one, and contents are filled up to it. */
export const BLOCK = 512;
const typeFlags: Readonly<Record<TarType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};
const zeros = new Uint8Array(2 * BLOCK);

const bodySize = (body: TarBody | undefined): number =>
  body === undefined ? 0 : body instanceof Uint8Array ? body.length : body.size;

/**
 * An archive as Go's archive/tar writes it with FormatPAX (what docker makes of layers and of `docker cp`): ustar headers
 * without names of owners, and before them pax records for what does not fit. The same members give the same bytes.
 */
export function* writeTar(members: Iterable<TarMember>): Generator<Uint8Array> {
  for (const member of members) {
    yield* header(member);
    const { body } = member;
    if (body === undefined) continue;
    if (body instanceof Uint8Array) yield body;
    else yield* body.chunks();
    const rest = bodySize(body) % BLOCK;
    if (rest !== 0) yield zeros.subarray(0, BLOCK - rest);
  }
  yield zeros;
}

/** All bytes of an archive. */
export const tarBytes = (members: Iterable<TarMember>): Uint8Array => concat([...writeTar(members)]);

/** How long an archive is, without making it. */
export function tarSize(members: Iterable<TarMember>): number {
  let size = zeros.length;
  for (const member of members) {
    for (const block of header(member)) size += block.length;
    size += Math.ceil(bodySize(member.body) / BLOCK) * BLOCK;
  }
  return size;
}

function* header(member: TarMember): Generator<Uint8Array> {
  const records: (readonly [string, string])[] = [];
  const split = splitName(member.name);
  if (split === undefined) records.push(['path', member.name]);
  const link = member.link ?? '';
  const longLink = !isAscii(link) || link.length > 100;
  if (longLink) records.push(['linkpath', link]);
  const size = bodySize(member.body);
  const big: (readonly [string, number, number])[] = [
    ['size', size, 0o77777777777],
    ['uid', member.uid, 0o7777777],
    ['gid', member.gid, 0o7777777],
  ];
  for (const [key, value, most] of big) if (value > most) records.push([key, String(value)]);
  if (records.length > 0) {
    const data = concat(records.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => record(key, value)));
    yield block({ name: paxName(member.name), prefix: '', flag: 'x', mode: 0, uid: 0, gid: 0, size: data.length });
    yield data;
    if (data.length % BLOCK !== 0) yield zeros.subarray(0, BLOCK - (data.length % BLOCK));
  }
  const kept = (value: number, most: number): number => (value > most ? 0 : value);
  yield block({
    name: split?.name ?? toAscii(member.name).slice(0, 100),
    prefix: split?.prefix ?? '',
    flag: typeFlags[member.type],
    mode: member.mode & 0o7777,
    uid: kept(member.uid, 0o7777777),
    gid: kept(member.gid, 0o7777777),
    size: kept(size, 0o77777777777),
    mtime: Math.max(0, Math.floor(member.mtime / 1000)),
    link: longLink ? toAscii(link).slice(0, 100) : link,
    rdev: member.rdev ?? { major: 0, minor: 0 },
  });
}

interface Block {
  readonly name: string;
  readonly prefix: string;
  readonly flag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime?: number;
  readonly link?: string;
  readonly rdev?: { readonly major: number; readonly minor: number };
}

function block({ name, prefix, flag, mode, uid, gid, size, mtime = 0, link = '', rdev }: Block): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => {
    for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  };
  const octal = (value: number, at: number, width: number): void => put(value.toString(8).padStart(width - 1, '0'), at);
  put(name, 0);
  octal(mode, 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  put('        ', 148);
  put(flag, 156);
  put(link, 157);
  put('ustar\u000000', 257);
  octal(rdev?.major ?? 0, 329, 8);
  octal(rdev?.minor ?? 0, 337, 8);
  put(prefix, 345);
  put(
    `${bytes
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\u0000 `,
    148,
  );
  return bytes;
}

/** `<length> <key>=<value>\n`, where the length counts itself (pax(1)). */
function record(key: string, value: string): Uint8Array {
  const rest = encode(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return concat([encode(String(length)), rest]);
}

/** Name and prefix of a ustar header; undefined where they do not hold it (splitUSTARPath). */
function splitName(name: string): { readonly name: string; readonly prefix: string } | undefined {
  if (!isAscii(name)) return undefined;
  if (name.length <= 100) return { name, prefix: '' };
  const end = Math.min(name.length - (name.endsWith('/') ? 1 : 0), 156);
  const slash = name.lastIndexOf('/', end - 1);
  const rest = name.length - slash - 1;
  if (slash <= 0 || rest > 100 || rest === 0 || slash > 155) return undefined;
  return { name: name.slice(slash + 1), prefix: name.slice(0, slash) };
}

function paxName(name: string): string {
  const path = toAscii(name).replace(/\/+$/, '');
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : `${path.slice(0, slash)}/`;
  return `${folder}PaxHeaders.0/${path.slice(slash + 1)}`.slice(0, 100);
}

const isAscii = (text: string): boolean => /^[\x01-\x7f]*$/.test(text);
const toAscii = (text: string): string => text.replace(/[^\x01-\x7f]/g, '');
