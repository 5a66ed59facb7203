import { Gzip } from 'fflate';
import { concat } from '../../linux/io/bytes';

const PIECE = 65_536;

/**
 * Bytes compressed as `gzip -n` does, without a time in the header. The same bytes give the same, in whatever pieces
 * they come.
 */
export function gzipped(chunks: Iterable<Uint8Array>): Uint8Array {
  const out: Uint8Array[] = [];
  const gzip = new Gzip({ level: 6, mtime: 0 }, (chunk) => {
    if (chunk.length > 0) out.push(chunk);
  });
  let piece = new Uint8Array(PIECE);
  let filled = 0;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const take = Math.min(PIECE - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled < PIECE) continue;
      gzip.push(piece);
      piece = new Uint8Array(PIECE);
      filled = 0;
    }
  }
  gzip.push(piece.subarray(0, filled), true);
  return concat(out);
}
