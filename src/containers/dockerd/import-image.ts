import { ok, type Result } from '../../sim/result';
import { entriesFromTar } from '../archive/entries';
import { uncompressed } from '../archive/untar';
import { Image } from '../images/image';
import { ImageLayer } from '../images/layer';
import { familiarString, type Reference } from '../images/reference';
import { goTimestamp } from '../shim/timestamp';
import { refuse, type ApiError } from './api-types';
import type { Engine } from './engine';
import { applyChanges } from './image-changes';

export interface ImportOptions {
  readonly reference: Reference | undefined;
  readonly message: string;
  readonly changes: readonly string[];
  readonly version: string;
}

/** `docker import`: an archive of files as an image of one layer (daemon/images/image_import.go). */
export function importImage(engine: Engine, archive: Uint8Array, options: ImportOptions): Result<Image, ApiError> {
  const config = applyChanges({}, options.changes);
  if (!config.ok) return refuse(400, config.error);
  const tar = uncompressed(archive);
  if (!tar.ok) return refuse(500, tar.error);
  const entries = entriesFromTar(tar.value);
  if (!entries.ok) return refuse(500, entries.error);
  const created = goTimestamp(engine.now);
  const layer = new ImageLayer(entries.value, engine.now, tar.value);
  const image = new Image(
    // The layer store knows layers by their chain: the same archive twice is one layer.
    [engine.images.layer(layer.diffId) ?? layer],
    config.value,
    [{ created, comment: options.message }],
    created,
    { dockerVersion: options.version },
  );
  engine.images.add(image);
  if (options.reference !== undefined) {
    engine.images.tag(image, options.reference);
    engine.events.emit('image', 'tag', image.id, { ...config.value.Labels, name: familiarString(options.reference) });
  }
  const name = options.reference === undefined ? image.id : familiarString(options.reference);
  engine.events.emit('image', 'import', image.id, { ...config.value.Labels, name });
  return ok(image);
}
