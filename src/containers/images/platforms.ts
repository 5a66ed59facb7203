import { encode } from '../../linux/io/bytes';
import { sha256Hex } from './digest';
import type { Entries, Entry } from './entries';
import { Image } from './image';
import { ImageLayer } from './layer';

/** For which machine an image is built. */
export interface ImagePlatform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
}

/** What a registry serves under the name of an image for several platforms (image-spec/image-index.md). */
export interface ImageIndex {
  readonly blob: string;
  readonly digest: string;
  readonly images: readonly Image[];
}

/** Besides amd64, the catalogue's images are there for one more. */
const foreign = { architecture: 'arm64', variant: 'v8' } as const;

const layers = new WeakMap<ImageLayer, ImageLayer>();
const images = new WeakMap<Image, Image>();
const indexes = new WeakMap<Image, ImageIndex>();

export const platformOf = ({ os, details: { architecture = 'amd64', variant } }: Image): ImagePlatform => ({
  architecture,
  os,
  ...(variant === undefined ? {} : { variant }),
});

/** The same image for arm64: its programs are for another processor, all else is the same. */
export function forArm(image: Image): Image {
  let made = images.get(image);
  if (made === undefined) {
    const { config, history, created, details } = image;
    made = new Image(image.layers.map(armLayer), config, history, created, { ...details, ...foreign });
    images.set(image, made);
  }
  return made;
}

function armLayer(layer: ImageLayer): ImageLayer {
  let made = layers.get(layer);
  if (made === undefined) {
    const entries: Entries = Object.fromEntries(
      Object.entries(layer.entries).map(([path, entry]) => [path, armEntry(entry)]),
    );
    const same = Object.entries(entries).every(([path, entry]) => entry === layer.entries[path]);
    layers.set(layer, (made = same ? layer : new ImageLayer(entries, layer.mtime)));
  }
  return made;
}

const armEntry = (entry: Entry): Entry =>
  entry.type === 'file' && entry.content.kind === 'program'
    ? { ...entry, content: { ...entry.content, machine: foreign.architecture } }
    : entry;

/** Whether an image is one of those that could be there for arm64, too: of Linux, and nobody pushed or made it up. */
export const mayBeForSeveral = ({ os, config, details }: Image): boolean =>
  os === 'linux' &&
  details.schema2 !== true &&
  details.configBlob === undefined &&
  details.architecture === undefined &&
  config.Labels?.['io.bottleship.opaque'] === undefined;

/** Whether a registry has an image for arm64, too: where the digests of that are known, which would cost too much. */
export const isForSeveral = (image: Image): boolean =>
  mayBeForSeveral(image) && forArm(image).layers.every(({ isKnown }) => isKnown);

/** The index of an image of the catalogue; undefined where there is just its manifest. */
export function indexOf(image: Image): ImageIndex | undefined {
  if (!isForSeveral(image)) return undefined;
  let index = indexes.get(image);
  if (index === undefined) {
    const all = [image, forArm(image)];
    const blob = JSON.stringify(
      {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: all.map((one) => ({
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: one.digest,
          size: encode(one.manifestBlob).length,
          platform: platformOf(one),
        })),
      },
      null,
      2,
    );
    indexes.set(image, (index = { blob, digest: `sha256:${sha256Hex(blob)}`, images: all }));
  }
  return index;
}
