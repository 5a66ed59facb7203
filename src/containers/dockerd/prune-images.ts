import type { StoredImage } from '../containerd/image-store';
import type { Engine } from './engine';
import { childrenOf, referencesOf, removeImage, type Removed } from './remove-image';

export interface PruneImagesOptions {
  /** Only images without a tag. */
  readonly danglingOnly: boolean;
  readonly accepts: (stored: StoredImage) => boolean;
}

/** `docker image prune` (daemon/images/image_prune.go): name by name, so that one in use keeps its last. */
export function pruneImages(
  engine: Engine,
  { danglingOnly, accepts }: PruneImagesOptions,
): { readonly removed: readonly Removed[]; readonly reclaimed: number } {
  const sizes = new Map<string, number>();
  for (const { image } of engine.images.list())
    image.layers.forEach((layer, index) => sizes.set(image.chainIds[index] ?? '', layer.size));
  const removed: Removed[] = [];
  const top = engine.images
    .list()
    .filter((stored) => referencesOf(stored).length > 0 || childrenOf(engine, stored.image).length === 0)
    .filter(accepts);
  for (const stored of top) {
    const references = referencesOf(stored);
    if (references.length === 0) {
      const result = removeImage(engine, stored, stored.image.id.slice(7), { force: false, prune: true });
      if (result.ok) removed.push(...result.value);
      continue;
    }
    if (danglingOnly && stored.tags.size > 0) continue;
    for (const reference of references) {
      if (!stored.tags.has(reference) && !stored.digests.has(reference)) continue;
      const result = removeImage(engine, stored, reference, { force: false, prune: true });
      if (result.ok) removed.push(...result.value);
    }
  }
  let reclaimed = 0;
  for (const entry of removed) if ('Deleted' in entry) reclaimed += sizes.get(entry.Deleted) ?? 0;
  engine.events.emit('image', 'prune', '', { reclaimed: String(reclaimed) });
  return { removed, reclaimed };
}
