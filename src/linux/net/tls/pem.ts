import { decode, encode } from '../../io/bytes';

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly bytes: Uint8Array;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The value of each ASCII letter; 255 where it is none. */
const values = new Uint8Array(128).fill(255);
for (let value = 0; value < 64; value++) values[alphabet.charCodeAt(value)] = value;

const letters = encode(alphabet);
const PAD = 61;

/** Base64 (RFC 4648 §4). */
export function base64(bytes: Uint8Array): string {
  const { length } = bytes;
  const text = new Uint8Array(Math.ceil(length / 3) * 4);
  let to = 0;
  for (let at = 0; at < length; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text[to++] = letters[bits >>> 18] ?? PAD;
    text[to++] = letters[(bits >>> 12) & 63] ?? PAD;
    text[to++] = at + 1 < length ? (letters[(bits >>> 6) & 63] ?? PAD) : PAD;
    text[to++] = at + 2 < length ? (letters[bits & 63] ?? PAD) : PAD;
  }
  return decode(text);
}

/** The bytes of base64 text, white space ignored; undefined where it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === PAD || isSpace(text.charCodeAt(end - 1)))) end--;
  const bytes = new Uint8Array((end * 3) >> 2);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let index = 0; index < end; index++) {
    const code = text.charCodeAt(index);
    const value = values[code] ?? 255;
    if (value === 255) {
      if (isSpace(code)) continue;
      return undefined;
    }
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >>> held) & 0xff;
  }
  return bytes.subarray(0, at);
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** A PEM block as text, 64 letters a line. */
export function encodePem(label: string, bytes: Uint8Array): string {
  const lines = base64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** All blocks of a PEM text; what stands between them is ignored. */
export function decodePem(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (const match of text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g)) {
    const bytes = fromBase64(match[2] ?? '');
    if (bytes) blocks.push({ label: match[1] ?? '', bytes });
  }
  return blocks;
}
