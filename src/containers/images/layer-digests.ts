import type { LayerDigests } from './layer';
import { table } from './layer-digests.table';

/** The digests of a catalogue layer's archives, by the digest of its listing. */
export function layerDigests(listing: string): LayerDigests | undefined {
  const row = table[listing];
  if (row === undefined) return undefined;
  const [diffId, blobDigest, compressedSize] = row;
  return { diffId: `sha256:${diffId}`, blobDigest: `sha256:${blobDigest}`, compressedSize };
}
