import type { ImageStore, LayerSource } from '../containerd/image-store';

/** What pulls and pushes taught of each layer (distribution/metadata/v2_metadata_service.go): newest last, at most fifty. */
export const sourcesOf = (images: ImageStore, diffId: string): readonly LayerSource[] =>
  images.layerSources.get(diffId) ?? [];

export function remember(images: ImageStore, diffId: string, source: LayerSource): void {
  const others = sourcesOf(images, diffId).filter(
    ({ domain, path }) => domain !== source.domain || path !== source.path,
  );
  images.layerSources.set(diffId, [...others, source].slice(-50));
}
