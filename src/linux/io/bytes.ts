const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 bytes of a text. */
export const encode = (text: string): Uint8Array => encoder.encode(text);
/** The text of UTF-8 bytes; malformed sequences become U+FFFD. */
export const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

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
