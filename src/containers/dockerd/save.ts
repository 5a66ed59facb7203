import { encode } from '../../linux/io/bytes';
import { err, ok, type Result } from '../../sim/result';
import type { StoredImage } from '../containerd/image-store';
import { writeTar, type TarBody, type TarMember } from '../archive/tar';
import { sha256Hex } from '../images/digest';
import type { Image } from '../images/image';
import { familiarName, familiarString, fullString, parseReference, withDefaultTag } from '../images/reference';
import { refuse, type ApiError } from './api-types';
import type { Engine } from './engine';

interface Asked {
  readonly stored: StoredImage;
  /** Full names with tags under which it is saved. */
  readonly names: Set<string>;
}

const layerType = 'application/vnd.oci.image.layer.v1.tar';
const hex = (digest: string): string => digest.slice('sha256:'.length);
const blob = (digest: string): string => `blobs/sha256/${hex(digest)}`;

/** `docker save`: images as an OCI layout that older engines read too (image/tarexport/save.go). */
export function save(engine: Engine, names: readonly string[]): Result<Iterable<Uint8Array>, ApiError> {
  const asked = imagesNamed(engine, names);
  if (!asked.ok) return asked;
  const files = new Map<string, { readonly body: TarBody; readonly mtime: number }>();
  const manifests: object[] = [];
  const items: object[] = [];
  const repositories: Record<string, Record<string, string>> = {};
  for (const { stored, names: tags } of asked.value) {
    const { image } = stored;
    const created = Date.parse(image.created);
    if (image.layers.length === 0) return refuse(500, 'empty export - not implemented');
    saveLayers(image, (path, body) => files.set(path, { body, mtime: created }));
    files.set(blob(image.id), { body: encode(image.configBlob), mtime: created });
    const descriptors = image.layers.map(({ diffId, tarSize }) => ({
      mediaType: layerType,
      size: tarSize,
      digest: diffId,
    }));
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: image.id,
        size: encode(image.configBlob).length,
      },
      layers: descriptors,
    });
    const digest = `sha256:${sha256Hex(manifest)}`;
    files.set(blob(digest), { body: encode(manifest), mtime: 0 });
    const repoTags: string[] = [];
    for (const name of tags) {
      const parsed = parseReference(name);
      if (!parsed.ok) continue;
      const { tag = 'latest' } = parsed.value;
      (repositories[familiarName(parsed.value)] ??= {})[tag] = hex(image.layers.at(-1)?.diffId ?? '');
      repoTags.push(familiarString(parsed.value));
      manifests.push({
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        size: encode(manifest).length,
        annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag },
      });
    }
    items.push({
      Config: blob(image.id),
      RepoTags: repoTags.length === 0 ? null : repoTags,
      Layers: image.layers.map(({ diffId }) => blob(diffId)),
      LayerSources: Object.fromEntries(
        [...descriptors].sort((a, b) => (a.digest < b.digest ? -1 : 1)).map((source) => [source.digest, source]),
      ),
    });
    engine.events.emit('image', 'save', image.id, { ...image.config.Labels, name: image.id });
  }
  const text = (path: string, body: string, mtime = 0): unknown => files.set(path, { body: encode(body), mtime });
  text(
    'index.json',
    JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }),
    engine.now,
  );
  text('manifest.json', `${JSON.stringify(items)}\n`);
  text('oci-layout', '{"imageLayoutVersion": "1.0.0"}');
  if (Object.keys(repositories).length > 0) text('repositories', `${JSON.stringify(sorted(repositories))}\n`);
  return ok(writeTar(members(files)));
}

/** A tag or id is one image; a name without a tag is all its tags (parseNames). */
function imagesNamed({ images }: Engine, names: readonly string[]): Result<readonly Asked[], ApiError> {
  const asked = new Map<Image, Asked>();
  const add = (stored: StoredImage, full?: string): void => {
    const known = asked.get(stored.image) ?? { stored, names: new Set<string>() };
    asked.set(stored.image, known);
    if (full !== undefined) known.names.add(full);
  };
  for (const name of names) {
    const parsed = parseReference(name);
    if (!parsed.ok) {
      const byId = images.find(name);
      if (byId === undefined) return err({ status: 400, message: parsed.error });
      add(byId);
      continue;
    }
    const { domain, path, tag, digest } = parsed.value;
    if (tag === undefined && digest === undefined) {
      const before = asked.size;
      for (const stored of images.list()) {
        for (const full of [...stored.tags].sort()) {
          if (full.slice(0, full.lastIndexOf(':')) === `${domain}/${path}`) add(stored, full);
        }
      }
      if (
        asked.size > before ||
        [...asked.values()].some(({ names: known }) => hasRepository(known, `${domain}/${path}`))
      )
        continue;
      const byId = images.find(name);
      if (byId === undefined) return refuse(404, `No such image: ${name}`);
      add(byId);
      continue;
    }
    const stored = images.find(name);
    if (stored === undefined) return refuse(404, 'reference does not exist');
    add(stored, digest === undefined ? fullString(withDefaultTag(parsed.value)) : undefined);
  }
  return ok([...asked.values()]);
}

const hasRepository = (names: ReadonlySet<string>, repository: string): boolean =>
  [...names].some((name) => name.startsWith(`${repository}:`));

/** Each layer's tar, and the description that engines before 1.10 read. */
function saveLayers(image: Image, add: (path: string, body: TarBody) => void): void {
  let parent = '';
  image.layers.forEach((layer, index) => {
    const last = index === image.layers.length - 1;
    const legacy = {
      ...(last ? { architecture: 'amd64', config: image.config } : {}),
      created: last ? image.created : '1970-01-01T00:00:00Z',
    };
    const id = sha256Hex(JSON.stringify({ ...legacy, layer_id: image.chainIds[index], parent }));
    const described = JSON.stringify({ id, ...(parent === '' ? {} : { parent }), ...legacy, os: 'linux' });
    parent = id;
    add(`blobs/sha256/${sha256Hex(described)}`, encode(described));
    add(blob(layer.diffId), { size: layer.tarSize, chunks: () => layer.tar() });
  });
}

function* members(
  files: ReadonlyMap<string, { readonly body: TarBody; readonly mtime: number }>,
): Generator<TarMember> {
  const owned = { uid: 0, gid: 0 };
  for (const name of ['blobs/', 'blobs/sha256/'])
    yield { name, type: 'directory', mode: 0o755, ...owned, mtime: files.get('index.json')?.mtime ?? 0 };
  for (const [name, { body, mtime }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    yield { name, type: 'file', mode: 0o644, ...owned, mtime, body };
}

const sorted = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
