import { Image, runConfigFields, type History, type RunConfig } from '../../images/image';
import type { ImageLayer } from '../../images/layer';
import type { ImageDraft } from '../solve/draft';
import type { Rootfs } from '../solve/value';

/**
 * The image that a build gives: layers that changed nothing are left out, and each line of the history has the time of
 * its layer or of the one before it (moby mobyexporter/writer.go). A build that is all from the cache gives the same image.
 */
export function exportImage(draft: ImageDraft, { layers, created }: Rootfs, now: string): Image {
  const kept: ImageLayer[] = [];
  let index = 0;
  const lines = draft.history.map((line) => {
    if (line.empty_layer === true) return line;
    const layer = layers[index];
    const time = line.created ?? created[index];
    index++;
    const dated = time === undefined ? line : { ...line, created: time };
    // Only steps of this build: a base's layers are what they are.
    const empty = line.created === undefined && layer !== undefined && Object.keys(layer.entries).length === 0;
    if (empty || layer === undefined) return { ...dated, empty_layer: true as const };
    kept.push(layer);
    return dated;
  });
  const history = withTimes(lines, now);
  return new Image(kept, inOrder(draft.config), history, history.at(-1)?.created ?? now, draft.platform);
}

function withTimes(lines: ImageDraft['history'], now: string): readonly History[] {
  let time: string | undefined;
  let missing = false;
  for (const { created } of lines) {
    if (created === undefined) missing = true;
    else {
      time = created;
      if (missing) break;
    }
  }
  missing = false;
  return lines.map((line) => {
    if (line.created !== undefined) {
      if (missing) time = line.created;
    } else missing = true;
    const { created = time ?? now, created_by, comment, empty_layer } = line;
    return {
      created,
      ...(created_by === undefined ? {} : { created_by }),
      ...(comment === undefined ? {} : { comment }),
      ...(empty_layer === undefined ? {} : { empty_layer }),
    };
  });
}

/** In the order of Go's structure, for the configuration is hashed as it is written. */
export function inOrder(config: RunConfig): RunConfig {
  const sorted = new Set(['ExposedPorts', 'Volumes', 'Labels']);
  return Object.fromEntries(
    runConfigFields
      .filter((key) => config[key] !== undefined)
      .map((key) => {
        const value = config[key];
        return [key, sorted.has(key) ? byName(value as Readonly<Record<string, unknown>>) : value];
      }),
  ) as RunConfig;
}

const byName = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
