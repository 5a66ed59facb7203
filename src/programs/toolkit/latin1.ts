import { concat } from '../../linux/io/bytes';
import type { Tool } from './tool';

/** Bytes as a text of which each character is one byte: for what works on bytes, whatever they mean. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The bytes of such a text. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** All of a file (`-`: standard input); undefined if it could not be read, which `complain` (default: `name: why`) says. */
export async function readAll(
  tool: Tool,
  path: string,
  complain: (path: string, why: string) => Promise<unknown> = (name, why) => tool.error(`${name}: ${why}`),
): Promise<Uint8Array | undefined> {
  const input = tool.open(path);
  if (!input.ok) {
    await complain(path, input.error.message);
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of input.value.reader) chunks.push(chunk.slice());
  input.value.close();
  return concat(chunks);
}
