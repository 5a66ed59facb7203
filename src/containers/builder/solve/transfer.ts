import type { ContextMember } from '../request';

/** Bytes that protocol buffers take for an unsigned number. */
function varint(value: number): number {
  let bytes = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

const CHUNK = 32_768;
const lengthOf = (text: string): number => new TextEncoder().encode(text).length;
/** A length-delimited field: tag, length, contents. */
const field = (length: number): number => 1 + varint(length) + length;

/** The packet that tells the client's file: name, mode as Go has it, times in nanoseconds (fsutil/types/stat.proto). */
function statBytes({ name, type, mode, body, link = '' }: ContextMember): number {
  const path = name.replace(/\/+$/, '');
  const goMode = type === 'directory' ? 2 ** 31 + mode : type === 'symlink' ? 2 ** 27 + 0o777 : mode;
  const size = type === 'symlink' ? lengthOf(link) : type === 'directory' ? 0 : body.length;
  const stat =
    field(lengthOf(path)) +
    (1 + varint(goMode)) +
    (size === 0 ? 0 : 1 + varint(size)) +
    10 +
    (link === '' ? 0 : field(lengthOf(link)));
  return field(stat);
}

/** Data packets of one file, the empty one at its end included. */
function dataBytes(size: number, id: number): number {
  const head = 2 + (id === 0 ? 0 : 1 + varint(id));
  let bytes = head;
  for (let left = size; left > 0; left -= CHUNK) bytes += head + field(Math.min(left, CHUNK));
  return bytes;
}

/**
 * Bytes of a transfer as BuildKit counts them (fsutil: one packet for each file's attributes, then the contents of those
 * that changed, then the end): `transferring context: 59B`.
 */
export function transferred(members: readonly ContextMember[], changed: (member: ContextMember) => boolean): number {
  let bytes = 2;
  for (const [id, member] of members.entries()) {
    bytes += statBytes(member);
    if (member.type === 'file' && changed(member)) bytes += dataBytes(member.body.length, id);
  }
  return bytes;
}

/** The first packet of a transfer: what the first file is. */
export const firstPacket = ([first]: readonly ContextMember[]): { readonly first?: number } =>
  first === undefined ? {} : { first: statBytes(first) };
