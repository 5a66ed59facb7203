import { encode } from '../../linux/io/bytes';

/**
 * Shell values are texts, yet bash passes any bytes through them. A byte that is not UTF-8 is kept as a lone surrogate
 * U+DC80…U+DCFF (the trick of Python's PEP 383), so that what goes in comes out.
 */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lone = /[\udc80-\udcff]/u;
const wide = /[\ud800-\udfff]/;

/** Bytes of a shell text. */
export function toBytes(text: string): Uint8Array {
  if (!wide.test(text) || !lone.test(text)) return encode(text);
  const out: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else for (const byte of encode(char)) out.push(byte);
  }
  return Uint8Array.from(out);
}

/** The shell text of bytes. */
export function fromBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return escaping(bytes);
  }
}

function escaping(bytes: Uint8Array): string {
  let text = '';
  let index = 0;
  while (index < bytes.length) {
    const length = sequenceLength(bytes, index);
    const piece = length > 0 ? decodePiece(bytes.subarray(index, index + length)) : undefined;
    text += piece ?? String.fromCharCode(0xdc00 + (bytes[index] ?? 0));
    index += piece === undefined ? 1 : length;
  }
  return text;
}

function decodePiece(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function sequenceLength(bytes: Uint8Array, index: number): number {
  const lead = bytes[index] ?? 0;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  return index + length <= bytes.length ? length : 0;
}

/** Joins escaped bytes that together make a character, after `$'\xe4\xb8\xad'` or printf made them one by one. */
export function normalizeBytes(text: string): string {
  return wide.test(text) && lone.test(text) ? fromBytes(toBytes(text)) : text;
}
