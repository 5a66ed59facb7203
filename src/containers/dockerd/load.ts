import { decode } from '../../linux/io/bytes';
import { err, ok, type Result } from '../../sim/result';
import { cleanName, entriesFromTar } from '../archive/entries';
import { readTar, uncompressed, type ReadMember } from '../archive/untar';
import { sha256HexOf } from '../images/digest';
import { Image, type History, type RunConfig } from '../images/image';
import { ImageLayer } from '../images/layer';
import { familiarString, fullString, parseReference, withDefaultTag } from '../images/reference';
import type { Engine } from './engine';

interface ManifestItem {
  readonly Config: string;
  readonly RepoTags: readonly string[] | null;
  readonly Layers: readonly string[];
  readonly Parent?: string;
}

interface ConfigDocument {
  readonly author?: string;
  readonly config?: RunConfig;
  readonly created?: string;
  readonly docker_version?: string;
  readonly history?: readonly History[];
  readonly os?: string;
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
}

export interface LoadProgress {
  /** A layer that was not here is taken in. */
  readonly layer: (id: string, size: number) => void;
  readonly said: (text: string) => void;
}

/** `docker load`: what `docker save` wrote (image/tarexport/load.go). The error is what the stream ends with. */
export function load(engine: Engine, archive: Uint8Array, progress: LoadProgress): Result<void, string> {
  const members = readTar(archive);
  if (!members.ok) return members;
  const files = new Map<string, ReadMember>();
  for (const member of members.value) files.set(cleanName(member.name) ?? '', member);
  const bytesOf = (path: string): Uint8Array | undefined => {
    const member = files.get(cleanName(path) ?? '');
    if (member?.type === 'symlink') {
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      return files.get(cleanName(`${folder}${member.link ?? ''}`) ?? '')?.body;
    }
    return member?.type === 'file' ? member.body : undefined;
  };
  const missing = (path: string): Result<never, string> => {
    const folder = `/var/lib/docker/tmp/docker-import-${engine.options.random.string(9, '0123456789')}`;
    return err(`open ${folder}/${path}: no such file or directory`);
  };
  const listing = bytesOf('manifest.json');
  if (listing === undefined) return missing('repositories');
  const manifest = parsed<readonly ManifestItem[]>(listing);
  if (!manifest.ok) return manifest;
  const ids: string[] = [];
  let named = 0;
  for (const item of manifest.value) {
    const config = bytesOf(item.Config);
    if (config === undefined) return missing(item.Config);
    const image = imageOf(engine, decode(config), item, bytesOf, missing, progress);
    if (!image.ok) return image;
    ids.push(image.value.id);
    for (const tag of item.RepoTags ?? []) {
      const reference = parseReference(tag);
      if (!reference.ok) return reference;
      const full = withDefaultTag(reference.value);
      const former = engine.images.named(fullString(full));
      if (former !== undefined && former.image !== image.value)
        progress.said(
          `The image ${familiarString(full)} already exists, renaming the old one with ID ${former.image.id} to empty string\n`,
        );
      engine.images.add(image.value, full);
      progress.said(`Loaded image: ${familiarString(full)}\n`);
      named++;
    }
    engine.events.emit('image', 'load', image.value.id, { ...image.value.config.Labels, name: image.value.id });
  }
  if (named === 0) for (const id of ids) progress.said(`Loaded image ID: ${id}\n`);
  return ok(undefined);
}

function imageOf(
  engine: Engine,
  configBlob: string,
  { Layers }: ManifestItem,
  bytesOf: (path: string) => Uint8Array | undefined,
  missing: (path: string) => Result<never, string>,
  progress: LoadProgress,
): Result<Image, string> {
  const document = parsed<ConfigDocument>(new TextEncoder().encode(configBlob));
  if (!document.ok) return document;
  const { author, config, created, docker_version: dockerVersion, history, os = 'linux', rootfs } = document.value;
  if (os !== 'linux') return err(`cannot load ${os} image on linux`);
  const diffIds = rootfs?.diff_ids ?? [];
  if (Layers.length !== diffIds.length)
    return err(`invalid manifest, layers length mismatch: expected ${diffIds.length}, got ${Layers.length}`);
  const layers: ImageLayer[] = [];
  for (const [index, path] of Layers.entries()) {
    const wanted = diffIds[index] ?? '';
    const known = engine.images.layer(wanted);
    if (known !== undefined) {
      layers.push(known);
      continue;
    }
    const bytes = bytesOf(path);
    if (bytes === undefined) return missing(path);
    const tar = uncompressed(bytes);
    if (!tar.ok) return tar;
    const diffId = `sha256:${sha256HexOf([tar.value])}`;
    if (diffId !== wanted)
      return err(
        `invalid diffID for layer ${index}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(diffId)}`,
      );
    const entries = entriesFromTar(tar.value);
    if (!entries.ok) return entries;
    progress.layer(wanted.slice(7, 19), tar.value.length);
    layers.push(new ImageLayer(entries.value, undefined, tar.value));
  }
  const image = new Image(layers, config ?? {}, history ?? [], created ?? '0001-01-01T00:00:00Z', {
    configBlob,
    ...(author === undefined ? {} : { author }),
    ...(dockerVersion === undefined ? {} : { dockerVersion }),
  });
  const here = engine.images.byId(image.id);
  if (here !== undefined) return ok(here.image);
  engine.images.add(image);
  return ok(image);
}

function parsed<T>(bytes: Uint8Array): Result<T, string> {
  try {
    return ok(JSON.parse(decode(bytes)) as T);
  } catch {
    return err(`invalid character '${decode(bytes).slice(0, 1)}' looking for beginning of value`);
  }
}
