import type { ImageLayer } from '../images/layer';

/**
 * Layers of the catalogue have tens of megabytes that nobody looks at; to compress them would take seconds of the
 * learner's machine. Between programs of ours they travel by their digest (this header), and lie on a registry's disk
 * as files that are made when somebody reads them. Whoever asks without the header gets the bytes.
 */
export const shelfHeader = 'X-Layer-Shelf';

/** Smaller ones are sent as they are. */
const LARGE = 200_000;

const shelf = new Map<string, ImageLayer>();

/** Puts a layer on the shelf, if it is one of those whose digests are known without its bytes. */
export function shelve(layer: ImageLayer): boolean {
  if (shelf.has(layer.blobDigest)) return true;
  if (layer.listingDigest === undefined || layer.compressedSize < LARGE) return false;
  shelf.set(layer.blobDigest, layer);
  return true;
}

export const shelved = (digest: string): ImageLayer | undefined => shelf.get(digest);
