import { err, ok, type Result } from '../../sim/result';
import { latencies } from '../../sim/latencies';
import { concat, decode } from '../../linux/io/bytes';
import type { Process } from '../../linux/process/types';
import { entriesFromTar } from '../archive/entries';
import { uncompressed } from '../archive/untar';
import type { ImageStore } from '../containerd/image-store';
import { sha256HexOf } from '../images/digest';
import { download, type LayerProgress } from '../images/download';
import { Image, type History, type RunConfig } from '../images/image';
import { ImageLayer } from '../images/layer';
import { familiarName, familiarString, fullString, type Reference } from '../images/reference';
import { failureText, type RegistryClient, type RegistryFailure } from './client';
import { acceptAll, parseManifest, type Descriptor, type Manifest } from './manifest';
import { remember } from './metadata';
import { shelfHeader, shelved } from './shelf';

export interface Wanted {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Why an image could not be had. */
export type PullFailure =
  | { readonly kind: 'registry'; readonly failure: RegistryFailure }
  | { readonly kind: 'platform'; readonly platform: string; readonly single?: boolean }
  | { readonly kind: 'content'; readonly text: string };

export interface RemotePull {
  /** `dockerd` or `containerd`. */
  readonly actor: string;
  readonly process: Process;
  readonly images: ImageStore;
  readonly client: RegistryClient;
  readonly reference: Reference;
  readonly platform?: Wanted;
  /** Whether the image becomes one of the engine's; by default it does. */
  readonly keep?: boolean;
  /** The manifest is known: what will be downloaded, and whether the image is here already. */
  readonly resolved?: (about: {
    readonly digest: string;
    readonly layers: readonly { readonly layer: LayerInfo; readonly exists: boolean }[];
    readonly known: boolean;
  }) => void;
  /** The manifest was found; nothing is known of it yet. */
  readonly found?: () => void;
  readonly progress?: (progress: LayerProgress<LayerInfo>) => void;
}

export interface LayerInfo {
  readonly blobDigest: string;
  readonly compressedSize: number;
  readonly diffId: string;
}

export interface Pulled {
  readonly image: Image;
  /** Under which the registry has it. */
  readonly digest: string;
  readonly fresh: boolean;
}

interface ConfigDocument {
  readonly architecture?: string;
  readonly author?: string;
  readonly config?: RunConfig;
  readonly created?: string;
  readonly docker_version?: string;
  readonly history?: readonly History[];
  readonly os?: string;
  readonly variant?: string;
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
}

const registry = (failure: RegistryFailure): Result<never, PullFailure> => err({ kind: 'registry', failure });
const broken = (text: string): Result<never, PullFailure> => err({ kind: 'content', text });

/** Pulls an image from a registry of the simulated network: manifest, configuration, layers (distribution/pull_v2.go). */
export async function pullRemote(pull: RemotePull): Promise<Result<Pulled, PullFailure>> {
  const { client, reference, images, process } = pull;
  const got = await manifestOf(pull);
  if (!got.ok) return got;
  const { manifest, digest } = got.value;
  const { config: configDescriptor, layers: descriptors = [] } = manifest;
  if (configDescriptor === undefined) return broken('unsupported media type');
  const got2 = await client.read('GET', `/v2/${reference.path}/blobs/${configDescriptor.digest}`);
  if (!got2.ok) return registry(got2.error);
  const configBytes = got2.value.bytes;
  if (`sha256:${sha256HexOf([configBytes])}` !== configDescriptor.digest)
    return broken(`image config verification failed for digest ${configDescriptor.digest}`);
  let config: ConfigDocument;
  try {
    config = JSON.parse(decode(configBytes)) as ConfigDocument;
  } catch {
    return broken('unexpected end of JSON input');
  }
  const diffIds = config.rootfs?.diff_ids ?? [];
  if (diffIds.length !== descriptors.length) return broken("layers from manifest don't match image configuration");
  const known = images.byId(configDescriptor.digest)?.image;
  const wanted = descriptors.map((descriptor, index): LayerInfo & { readonly local: ImageLayer | undefined } => {
    const diffId = diffIds[index] ?? '';
    const local = images.layer(diffId);
    return { blobDigest: descriptor.digest, compressedSize: descriptor.size, diffId, local };
  });
  process.trace.record(`${pull.actor}@${process.host.name}`, 'pull', familiarString(reference), {
    digest,
    layers: descriptors.map((descriptor) => descriptor.digest),
  });
  pull.resolved?.({
    digest,
    known: known !== undefined,
    layers: wanted.map((layer) => ({ layer, exists: layer.local !== undefined })),
  });
  const made = new Map<string, ImageLayer>();
  for (const { diffId, local } of wanted) if (local !== undefined) made.set(diffId, local);
  const fetched = known === undefined ? await layersOf(pull, wanted, made) : ok(undefined);
  if (!fetched.ok) return fetched;
  const image = known ?? imageOf(decode(configBytes), config, diffIds, made);
  const fresh = images.find(fullString(reference))?.image !== image;
  if (pull.keep === false) return ok({ image, digest, fresh });
  images.adopt(image, reference, digest);
  for (const { blobDigest, diffId } of wanted)
    remember(images, diffId, { digest: blobDigest, domain: reference.domain, path: reference.path });
  return ok({ image, digest, fresh });
}

/** The manifest for the platform, and the digest of what the name stands for (an index has one of its own). */
async function manifestOf({
  client,
  reference,
  platform,
  found,
}: RemotePull): Promise<Result<{ manifest: Manifest; digest: string }, PullFailure>> {
  const { path, tag = 'latest' } = reference;
  const asked = { headers: { Accept: acceptAll } };
  let { digest } = reference;
  if (digest === undefined) {
    const head = await client.send('HEAD', `/v2/${path}/manifests/${tag}`, asked);
    if (!head.ok && (head.error.kind === 'transport' || head.error.status === 401)) return registry(head.error);
    if (head.ok) digest = head.value.headers.get('Docker-Content-Digest');
  }
  const top = await client.read('GET', `/v2/${path}/manifests/${digest ?? tag}`, asked);
  if (!top.ok) return registry(top.error);
  const manifest = parseManifest(top.value.bytes);
  const real = `sha256:${sha256HexOf([top.value.bytes])}`;
  if (digest !== undefined && real !== digest) return broken(`manifest verification failed for digest ${digest}`);
  if (manifest === undefined) return broken('unsupported manifest format');
  found?.();
  if (manifest.manifests === undefined) return ok({ manifest, digest: real });
  const own = choose(manifest.manifests, platform);
  if (own === undefined) return err({ kind: 'platform', platform: platformText(platform) });
  const child = await client.read('GET', `/v2/${path}/manifests/${own.digest}`, asked);
  if (!child.ok) return registry(child.error);
  const parsed = parseManifest(child.value.bytes);
  return parsed === undefined ? broken('unsupported manifest format') : ok({ manifest: parsed, digest: real });
}

export const platformText = ({ os = 'linux', architecture = 'amd64', variant }: Partial<Wanted> = {}): string =>
  `${os}/${architecture}${variant === undefined ? '' : `/${variant}`}`;

function choose(
  manifests: readonly Descriptor[],
  wanted: Wanted = { os: 'linux', architecture: 'amd64' },
): Descriptor | undefined {
  return manifests.find(
    ({ platform }) =>
      platform?.os === wanted.os &&
      platform.architecture === wanted.architecture &&
      (wanted.variant === undefined || platform.variant === undefined || platform.variant === wanted.variant),
  );
}

function imageOf(
  configBlob: string,
  {
    author,
    config = {},
    created = '0001-01-01T00:00:00Z',
    docker_version: dockerVersion,
    history = [],
    architecture = 'amd64',
    variant,
  }: ConfigDocument,
  diffIds: readonly string[],
  made: ReadonlyMap<string, ImageLayer>,
): Image {
  const layers = diffIds.flatMap((diffId) => made.get(diffId) ?? []);
  return new Image(layers, config, history, created, {
    configBlob,
    ...(author === undefined ? {} : { author }),
    ...(architecture === 'amd64' ? {} : { architecture }),
    ...(variant === undefined ? {} : { variant }),
    ...(dockerVersion === undefined ? {} : { dockerVersion }),
  });
}

/** Downloads what is missing, three at a time, and puts it into `made`. */
async function layersOf(
  { process, client, reference, images, progress, keep = true }: RemotePull,
  wanted: readonly (LayerInfo & { readonly local: ImageLayer | undefined })[],
  made: Map<string, ImageLayer>,
): Promise<Result<void, PullFailure>> {
  const outcome = process.clock.deferred<Result<void, PullFailure>>();
  download<LayerInfo>({
    clock: process.clock,
    layers: wanted.filter(({ local }) => local === undefined),
    ...(progress === undefined ? {} : { progress }),
    fetch: (layer, report, done) =>
      process.thread(async () => {
        const fetched = await fetchLayer(process, client, reference, layer, report);
        if (fetched.ok) {
          made.set(layer.diffId, fetched.value);
          done();
        } else outcome.resolve(fetched);
      }),
    unpack: (layer) => {
      const own = made.get(layer.diffId);
      if (own !== undefined && keep) images.unpack(own);
    },
    done: () => outcome.resolve(ok(undefined)),
  });
  const waited = await process.block<Result<void, PullFailure>>((wake) => {
    void outcome.promise.then(wake);
    return () => undefined;
  });
  if (!waited.ok) return broken('context canceled');
  if (!waited.value.ok && keep) images.sweep();
  return waited.value;
}

async function fetchLayer(
  process: Process,
  client: RegistryClient,
  { path }: Reference,
  { blobDigest, compressedSize, diffId }: LayerInfo,
  report: (current: number) => void,
): Promise<Result<ImageLayer, PullFailure>> {
  const sent = await client.send('GET', `/v2/${path}/blobs/${blobDigest}`, { headers: { [shelfHeader]: 'yes' } });
  if (!sent.ok) return registry(sent.error);
  const layer = sent.value.headers.get(shelfHeader) === blobDigest ? shelved(blobDigest) : undefined;
  const chunks: Uint8Array[] = [];
  let current = 0;
  for (let chunk = await sent.value.body.read(); chunk !== undefined; chunk = await sent.value.body.read()) {
    chunks.push(chunk);
    current += chunk.length;
    report(Math.min(current, compressedSize - 1));
  }
  if (layer !== undefined) {
    const step = latencies.registryBytes * 100;
    for (let at = Math.min(step, compressedSize - 1); at < compressedSize; at += step) {
      await process.sleep(100);
      report(at);
    }
    return ok(layer);
  }
  const blob = concat(chunks);
  const digest = `sha256:${sha256HexOf([blob])}`;
  if (digest !== blobDigest) return broken(`filesystem layer verification failed for digest ${blobDigest}`);
  const tar = uncompressed(blob);
  if (!tar.ok) return broken(`failed to register layer: ${tar.error}`);
  const real = `sha256:${sha256HexOf([tar.value])}`;
  if (real !== diffId) return broken(`layers from manifest don't match image configuration`);
  const entries = entriesFromTar(tar.value);
  if (!entries.ok) return broken(`failed to register layer: ${entries.error}`);
  return ok(new ImageLayer(entries.value, undefined, tar.value, { blobDigest, compressedSize }));
}

/** Docker's words (distribution/errors.go), with the status of an answer that has nothing else to tell. */
export function dockerPullText(
  reference: Reference,
  failure: PullFailure,
): { readonly status: number; readonly message: string } {
  switch (failure.kind) {
    case 'content':
      return { status: 500, message: failure.text };
    case 'platform':
      return { status: 404, message: `no matching manifest for ${failure.platform} in the manifest list entries` };
    case 'registry': {
      const text = failureText(failure.failure);
      if (failure.failure.kind === 'transport') return { status: 500, message: text };
      switch (failure.failure.code) {
        case 'DENIED':
          return {
            status: 404,
            message: `pull access denied for ${familiarName(reference)}, repository does not exist or may require 'docker login': ${text}`,
          };
        case 'NAME_UNKNOWN':
          return { status: 404, message: `repository ${familiarName(reference)} not found: ${text}` };
        case 'MANIFEST_UNKNOWN':
          return { status: 404, message: `manifest for ${familiarString(reference)} not found: ${text}` };
        default:
          return { status: failure.failure.status === 429 ? 429 : 500, message: text };
      }
    }
  }
}
