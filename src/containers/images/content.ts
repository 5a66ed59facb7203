import { encode } from '../../linux/io/bytes';
import type { FileContent } from '../../linux/fs/types';
import { elf } from '../../linux/process/executable';
import type { TarBody } from '../archive/tar';
import type { Content } from './entries';

const CHUNK = 65_536;
/** How much of bulk content does not compress, so that gzip brings a layer to about two fifths, as it does real ones. */
const RANDOM = Math.round(CHUNK * 0.39);

/** A content as a file of the simulated disk; what is large is made when somebody reads. */
export function fileContent(content: Content): FileContent | string {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'bytes':
      return content.bytes;
    case 'program':
      return elf(content.program, content.size, content.machine);
    case 'bulk': {
      const { label, size } = content;
      return { size, make: () => bulkBytes(label, size) };
    }
  }
}

/** A content as the body of a tar's member: bulk repeats one chunk, so that hashing a large layer needs no memory. */
export function tarBody(content: Content): TarBody {
  if (content.kind === 'bulk') {
    const { label, size } = content;
    return { size, chunks: () => bulkChunks(label, size) };
  }
  const file = fileContent(content);
  if (typeof file === 'string') return encode(file);
  return file instanceof Uint8Array ? file : { size: file.size, chunks: () => [file.make()] };
}

function* bulkChunks(label: string, size: number): Generator<Uint8Array> {
  const chunk = bulkChunk(label);
  for (let left = size; left > 0; left -= CHUNK) yield left < CHUNK ? chunk.subarray(0, left) : chunk;
}

function bulkBytes(label: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of bulkChunks(label, size)) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Noise that depends on the label (xorshift32), then zeros. Longer than gzip's window: it does not see it repeat. */
function bulkChunk(label: string): Uint8Array {
  const chunk = new Uint8Array(CHUNK);
  let state = 2_463_534_242;
  for (let index = 0; index < label.length; index++) state = (Math.imul(state, 31) + label.charCodeAt(index)) | 0;
  if (state === 0) state = 1;
  for (let index = 0; index < RANDOM; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    chunk[index] = state;
  }
  return chunk;
}
