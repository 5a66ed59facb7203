import type { Session } from '../../world/protocol';

/** Longer links are cut by mail programs and chats; a file is offered instead. */
export const LONGEST_LINK = 8000;

const prefix = '#replay=';

/** `#replay=…`: a session, compressed, for the part of an address that no server sees. */
export async function toHash(session: Session): Promise<string> {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(session)), new CompressionStream('deflate-raw'));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return prefix + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** What such a hash holds, unchecked (the worker parses it); undefined if it is none or is damaged. */
export async function fromHash(hash: string): Promise<unknown> {
  if (!hash.startsWith(prefix)) return undefined;
  try {
    const binary = atob(hash.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const text = await through(bytes, new DecompressionStream('deflate-raw'));
    const value: unknown = JSON.parse(new TextDecoder().decode(text));
    return value;
  } catch {
    return undefined;
  }
}

/** The most that a link may unpack to: a bomb is not a session. */
const MOST = 16 * 1024 * 1024;

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST) throw new Error('too long');
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
