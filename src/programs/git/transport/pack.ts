import { sha1 } from '@noble/hashes/legacy.js';
import { concat, encode } from '../../../linux/io/bytes';
import { fatal } from '../error';
import { hex, oidOf, type GitObject, type ObjectType, type Oid } from '../objects/object';
import { deflate, inflate } from '../objects/zlib';

const types: readonly ObjectType[] = ['commit', 'tree', 'blob', 'tag'];

/** A pack of whole objects (gitformat-pack(5)). */
export function encodePack(objects: readonly GitObject[]): Uint8Array {
  const head = new Uint8Array(12);
  head.set(encode('PACK'));
  new DataView(head.buffer).setUint32(4, 2);
  new DataView(head.buffer).setUint32(8, objects.length);
  const parts: Uint8Array[] = [head];
  for (const { type, bytes } of objects) {
    const size: number[] = [];
    let left = bytes.length;
    let byte = ((types.indexOf(type) + 1) << 4) | (left & 15);
    left = Math.floor(left / 16);
    while (left > 0) {
      size.push(byte | 0x80);
      byte = left & 0x7f;
      left = Math.floor(left / 128);
    }
    size.push(byte);
    parts.push(Uint8Array.from(size), deflate(bytes));
  }
  const content = concat(parts);
  return concat([content, sha1(content)]);
}

/** The objects of a pack; `base` finds those that a delta is against and that are not in it. */
export function decodePack(pack: Uint8Array, base: (oid: Oid) => GitObject | undefined): readonly GitObject[] {
  const count = new DataView(pack.buffer, pack.byteOffset).getUint32(8);
  const at = new Map<number, GitObject>();
  const byOid = new Map<Oid, GitObject>();
  const found: GitObject[] = [];
  let offset = 12;
  for (let index = 0; index < count; index++) {
    const start = offset;
    let byte = pack[offset++] ?? 0;
    const type = (byte >> 4) & 7;
    while ((byte & 0x80) !== 0) byte = pack[offset++] ?? 0;
    let object: GitObject;
    if (type === 6 || type === 7) {
      let source: GitObject | undefined;
      if (type === 6) {
        byte = pack[offset++] ?? 0;
        let back = byte & 0x7f;
        while ((byte & 0x80) !== 0) {
          byte = pack[offset++] ?? 0;
          back = (back + 1) * 128 + (byte & 0x7f);
        }
        source = at.get(start - back);
      } else {
        const oid = hex(pack.subarray(offset, offset + 20));
        offset += 20;
        source = byOid.get(oid) ?? base(oid);
      }
      const { bytes, end } = inflate(pack, offset);
      offset = end;
      if (source === undefined) return fatal('pack has unresolved deltas');
      object = { type: source.type, bytes: applyDelta(source.bytes, bytes) };
    } else {
      const { bytes, end } = inflate(pack, offset);
      offset = end;
      object = { type: types[type - 1] ?? 'blob', bytes };
    }
    at.set(start, object);
    byOid.set(oidOf(object), object);
    found.push(object);
  }
  return found;
}

function applyDelta(source: Uint8Array, delta: Uint8Array): Uint8Array {
  let at = 0;
  const size = (): number => {
    let [value, shift, byte] = [0, 1, 0x80];
    while ((byte & 0x80) !== 0) {
      byte = delta[at++] ?? 0;
      value += (byte & 0x7f) * shift;
      shift *= 128;
    }
    return value;
  };
  size();
  size();
  const parts: Uint8Array[] = [];
  while (at < delta.length) {
    const code = delta[at++] ?? 0;
    if ((code & 0x80) === 0) {
      parts.push(delta.subarray(at, at + code));
      at += code;
      continue;
    }
    let [offset, length] = [0, 0];
    for (let bit = 0; bit < 4; bit++) if ((code & (1 << bit)) !== 0) offset |= (delta[at++] ?? 0) << (8 * bit);
    for (let bit = 0; bit < 3; bit++) if ((code & (16 << bit)) !== 0) length |= (delta[at++] ?? 0) << (8 * bit);
    parts.push(source.subarray(offset >>> 0, (offset >>> 0) + (length === 0 ? 0x10000 : length)));
  }
  return concat(parts);
}

/** A pkt-line (gitprotocol-common(5)). */
export const packet = (text: string): Uint8Array => {
  const bytes = encode(text);
  return concat([encode((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
};
export const flush = encode('0000');
