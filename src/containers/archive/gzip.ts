import { Gzip } from 'fflate';
import { concat } from '../../linux/io/bytes';

/** As much as is compressed at once: every piece makes a block of its own. */
const PIECE = 65_536;

/** Feeds a compressor in pieces of one size, in whatever pieces the bytes come. */
export function inPieces(gzip: Gzip): { readonly push: (bytes: Uint8Array) => void; readonly end: () => void } {
  let piece = new Uint8Array(PIECE);
  let filled = 0;
  return {
    push: (bytes) => {
      for (let at = 0; at < bytes.length;) {
        const take = Math.min(PIECE - filled, bytes.length - at);
        piece.set(bytes.subarray(at, at + take), filled);
        filled += take;
        at += take;
        if (filled < PIECE) continue;
        gzip.push(piece);
        piece = new Uint8Array(PIECE);
        filled = 0;
      }
    },
    end: () => gzip.push(piece.subarray(0, filled), true),
  };
}

/**
 * Bytes compressed as `gzip -n` does, without a time in the header. The same bytes give the same, in whatever pieces
 * they come.
 */
export function gzipped(chunks: Iterable<Uint8Array>): Uint8Array {
  const out: Uint8Array[] = [];
  const pieces = inPieces(
    new Gzip({ level: 6, mtime: 0 }, (chunk) => {
      if (chunk.length > 0) out.push(chunk);
    }),
  );
  for (const chunk of chunks) pieces.push(chunk);
  pieces.end();
  return concat(out);
}
