import type { ImageLayer } from '../../images/layer';
import type { CacheRecord } from '../store';

/** What a vertex gave: layers, or a folder of the host. */
export type Value = Rootfs | { readonly kind: 'folder'; readonly path: string };

export interface Rootfs {
  readonly kind: 'layers';
  readonly layers: readonly ImageLayer[];
  /** When each was made. */
  readonly created: readonly string[];
  /** Cache records, one for each step so far. */
  readonly chain: readonly CacheRecord[];
}
