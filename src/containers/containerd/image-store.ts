import { err, ok, type Result } from '../../sim/result';
import { latencies } from '../../sim/latencies';
import type { Clock } from '../../sim/clock';
import { download, type LayerProgress } from '../images/download';
import type { Image } from '../images/image';
import type { ImageLayer } from '../images/layer';
import { fullString, parseReference, repositoryOf, withDefaultTag, type Reference } from '../images/reference';
import { dockerRefusal } from '../images/refusal';
import type { ImageOs, Registries, RegistryError } from '../images/registry';
import { incompatible } from '../windows/verify';
import type { Snapshotter } from './snapshots';

/** An image on this host, and by which names it is known. */
export interface StoredImage {
  readonly image: Image;
  /** `docker.io/library/nginx:latest`. */
  readonly tags: Set<string>;
  /** `docker.io/library/nginx@sha256:…`. */
  readonly digests: Set<string>;
  /** When it was last given a name by hand. */
  lastTagged?: number;
}

/** Where a layer is known to lie as a blob. */
export interface LayerSource {
  readonly digest: string;
  readonly domain: string;
  readonly path: string;
}

export interface PullEvents {
  /** Other than the host's. */
  readonly architecture?: string;
  readonly resolved?: (
    image: Image,
    layers: readonly { readonly layer: ImageLayer; readonly exists: boolean }[],
  ) => void;
  readonly progress?: (progress: LayerProgress) => void;
  readonly done: (result: Result<PulledImage, RegistryError>) => void;
}

interface PulledImage {
  readonly image: Image;
  /** By which the registry knows what it served: that of an index, where there is one. */
  readonly digest: string;
  readonly fresh: boolean;
}

export interface ImageStoreOptions {
  readonly clock: Clock;
  readonly registries: Registries;
  readonly snapshotter: Snapshotter;
  /** Layers that somebody else than an image needs (the build cache). */
  readonly pinned?: () => Iterable<ImageLayer>;
  /** What images have to be for; default Linux. */
  readonly os?: ImageOs | undefined;
}

/** Images that were pulled or built: names, ids, and the layers they need. */
export class ImageStore {
  /** In the order they came. */
  readonly #images = new Map<Image, StoredImage>();
  readonly #names = new Map<string, Image>();
  /** By diff id: the repositories that were seen to have a layer. */
  readonly layerSources = new Map<string, readonly LayerSource[]>();
  readonly #clock: Clock;
  readonly #registries: Registries;
  readonly #snapshotter: Snapshotter;

  readonly #pinned: () => Iterable<ImageLayer>;
  readonly #os: ImageOs;

  constructor({ clock, registries, snapshotter, pinned = () => [], os = 'linux' }: ImageStoreOptions) {
    this.#os = os;
    this.#pinned = pinned;
    this.#clock = clock;
    this.#registries = registries;
    this.#snapshotter = snapshotter;
  }

  list(): readonly StoredImage[] {
    return [...this.#images.values()];
  }

  get(image: Image): StoredImage | undefined {
    return this.#images.get(image);
  }

  /** By its whole id. */
  byId(id: string): StoredImage | undefined {
    for (const stored of this.#images.values()) if (stored.image.id === id) return stored;
    return undefined;
  }

  /** A layer that some image here has. */
  layer(diffId: string): ImageLayer | undefined {
    for (const { layers } of this.#images.keys()) {
      const found = layers.find((layer) => layer.diffId === diffId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Which image has a name now. */
  named(name: string): StoredImage | undefined {
    const image = this.#names.get(name);
    return image === undefined ? undefined : this.#images.get(image);
  }

  /** Gives an image a name as a person does: that is remembered. */
  tag(image: Image, reference: Reference): void {
    this.add(image, reference);
    const stored = this.#images.get(image);
    if (stored !== undefined) stored.lastTagged = this.#clock.now;
  }

  /** By reference, by id with or without `sha256:`, or by the beginning of an id. */
  find(text: string): StoredImage | undefined {
    const parsed = parseReference(text);
    if (parsed.ok) {
      const named = this.#names.get(fullString(withDefaultTag(parsed.value)));
      if (named !== undefined) return this.#images.get(named);
      const { digest } = parsed.value;
      if (digest !== undefined) {
        const name = `${repositoryOf(parsed.value)}@${digest}`;
        for (const stored of this.#images.values()) if (stored.digests.has(name)) return stored;
        return undefined;
      }
    }
    const id = text.startsWith('sha256:') ? text.slice('sha256:'.length) : text;
    if (!/^[0-9a-f]{2,64}$/.test(id)) return undefined;
    for (const stored of this.#images.values()) if (stored.image.id.startsWith(id, 'sha256:'.length)) return stored;
    return undefined;
  }

  /** Downloads what is missing, in virtual time. `done` comes later, exactly once. */
  pull(reference: Reference, { architecture, resolved = () => undefined, progress, done }: PullEvents): void {
    this.#clock.setTimer(latencies.registryResolve, () => {
      const found = this.#registries.request(reference, this.#clock.now, this.#os, architecture);
      if (!found.ok) {
        done(err(found.error));
        return;
      }
      const image = found.value;
      if (incompatible(image.details.windows) !== undefined) {
        done(err('incompatible'));
        return;
      }
      const layers = image.layers.map((layer) => ({ layer, exists: this.#snapshotter.has(layer) }));
      resolved(image, layers);
      download({
        clock: this.#clock,
        layers: layers.filter(({ exists }) => !exists).map(({ layer }) => layer),
        ...(progress === undefined ? {} : { progress }),
        unpack: (layer) => this.#snapshotter.unpack(layer),
        done: () => {
          const name = fullString(reference);
          const fresh = this.#names.get(name) !== image;
          this.add(image, reference);
          const digest = this.#digestOf(reference, image);
          this.#images.get(image)?.digests.add(`${repositoryOf(reference)}@${digest}`);
          done(ok({ image, digest, fresh }));
        },
      });
    });
  }

  #digestOf(reference: Reference, image: Image): string {
    return image.os === 'linux' ? (this.#registries.digestOf(reference) ?? image.digest) : image.digest;
  }

  /** Whether a public registry has that name to give; else the simulated network is asked (containers/registry). */
  isPublic(reference: Reference): boolean {
    return this.#registries.serves(reference);
  }

  /** An image came from a registry under a name and a digest. */
  adopt(image: Image, reference: Reference, digest: string): void {
    this.add(image, reference);
    this.#images.get(image)?.digests.add(`${repositoryOf(reference)}@${digest}`);
  }

  /** A layer of an image that is still coming. */
  unpack(layer: ImageLayer): void {
    this.#snapshotter.unpack(layer);
  }

  /** What a pull does, without the time it takes. */
  preload(reference: Reference): Result<void, string> {
    const found = this.#registries.resolve(reference, this.#os);
    if (!found.ok) return err(dockerRefusal(reference, found.error));
    this.add(found.value, reference);
    this.#images.get(found.value)?.digests.add(`${repositoryOf(reference)}@${found.value.digest}`);
    return ok(undefined);
  }

  /** Makes an image known under a name, taking the name from whoever had it. Without a name it is dangling. */
  add(image: Image, reference?: Reference): void {
    for (const layer of image.layers) this.#snapshotter.unpack(layer);
    this.#snapshotter.stack?.(image.layers);
    let stored = this.#images.get(image);
    if (stored === undefined) this.#images.set(image, (stored = { image, tags: new Set(), digests: new Set() }));
    if (reference?.tag === undefined) return;
    const name = fullString({ domain: reference.domain, path: reference.path, tag: reference.tag });
    const former = this.#names.get(name);
    if (former !== undefined && former !== image) this.#images.get(former)?.tags.delete(name);
    this.#names.set(name, image);
    stored.tags.add(name);
  }

  /** Takes one name away; the image stays. */
  untag(name: string): void {
    const image = this.#names.get(name);
    this.#names.delete(name);
    if (image !== undefined) this.#images.get(image)?.tags.delete(name);
  }

  /** Removes an image with all its names, and the layers that nobody else needs. Those are what it gives, topmost first. */
  remove(image: Image): readonly ImageLayer[] {
    for (const name of this.#images.get(image)?.tags ?? []) this.#names.delete(name);
    this.#images.delete(image);
    const needed = this.sweep();
    return image.layers.filter((layer) => !needed.has(layer)).reverse();
  }

  /** Removes unpacked layers that nobody needs any more; gives those that are needed. */
  sweep(): ReadonlySet<ImageLayer> {
    const needed = new Set([...[...this.#images.keys()].flatMap(({ layers }) => layers), ...this.#pinned()]);
    this.#snapshotter.keepOnly(needed);
    return needed;
  }
}
