import type { ImageStore } from '../containerd/image-store';

/** Where a layer is known to lie as a blob. */
export interface LayerSource {
  readonly digest: string;
  readonly domain: string;
  readonly path: string;
}

/** What pulls and pushes taught of each layer (distribution/metadata/v2_metadata_service.go): newest last, at most fifty. */
const known = new WeakMap<ImageStore, Map<string, readonly LayerSource[]>>();

export const sourcesOf = (images: ImageStore, diffId: string): readonly LayerSource[] =>
  known.get(images)?.get(diffId) ?? [];

export function remember(images: ImageStore, diffId: string, source: LayerSource): void {
  let layers = known.get(images);
  if (layers === undefined) known.set(images, (layers = new Map()));
  const others = (layers.get(diffId) ?? []).filter(
    ({ domain, path }) => domain !== source.domain || path !== source.path,
  );
  layers.set(diffId, [...others, source].slice(-50));
}
