const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Most texts are short and plain: for those the platform takes longer to begin than to do it. */
const SHORT = 64;

/** UTF-8 bytes of a text. */
export function encode(text: string): Uint8Array {
  const { length } = text;
  if (length > SHORT) return encoder.encode(text);
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return encoder.encode(text);
    bytes[index] = code;
  }
  return bytes;
}

/** The text of UTF-8 bytes; malformed sequences become U+FFFD. */
export function decode(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > SHORT) return decoder.decode(bytes);
  let text = '';
  for (let index = 0; index < length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte >= 0x80) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

export const noBytes: Uint8Array = new Uint8Array(0);

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const first = chunks[0];
  if (first === undefined) return noBytes;
  if (chunks.length === 1) return first;
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
