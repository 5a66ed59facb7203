import { err, ok, type Result } from '../../sim/result';
import { latencies } from '../../sim/latencies';
import { encode, noBytes } from '../../linux/io/bytes';
import type { Process } from '../../linux/process/types';
import type { ImageStore } from '../containerd/image-store';
import { sha256Hex } from '../images/digest';
import type { Image } from '../images/image';
import type { ImageLayer } from '../images/layer';
import type { Reference } from '../images/reference';
import type { RegistryClient, RegistryFailure } from './client';
import { types } from './manifest';
import { remember, sourcesOf } from './metadata';
import { shelfHeader, shelve } from './shelf';

/** What happens to one layer of a push, in docker's words. */
export type PushPhase =
  | { readonly kind: 'preparing' | 'waiting' | 'exists' | 'pushed' }
  | { readonly kind: 'mounted'; readonly from: string }
  | { readonly kind: 'pushing'; readonly current: number; readonly total: number };

export interface RemotePush {
  readonly process: Process;
  readonly images: ImageStore;
  readonly client: RegistryClient;
  readonly image: Image;
  /** With its tag. */
  readonly reference: Reference;
  readonly layer: (layer: ImageLayer, phase: PushPhase) => void;
}

/** `max-concurrent-uploads`. */
const STREAMS = 5;
/** How many repositories are asked for a layer that they may have (distribution/push_v2.go). */
const MOUNT_ATTEMPTS = 4;

/** Layers in the order of a push: the topmost first, each but once. */
export const layersToPush = ({ layers }: Image): readonly ImageLayer[] => [...new Set(layers)].reverse();

/** Pushes an image under one tag: layers, configuration, manifest (distribution/push_v2.go). */
export async function pushRemote(push: RemotePush): Promise<Result<{ digest: string; size: number }, RegistryFailure>> {
  const { client, image, reference, images, layer: told } = push;
  const layers = layersToPush(image);
  for (const layer of layers.slice(STREAMS)) told(layer, { kind: 'waiting' });
  for (const layer of layers.toReversed()) {
    const done = await pushLayer(push, layer);
    if (!done.ok) return done;
    remember(images, layer.diffId, { digest: layer.blobDigest, domain: reference.domain, path: reference.path });
  }
  const config = encode(image.configBlob);
  const configured = await pushBlob(push, image.id, config);
  if (!configured.ok) return configured;
  const manifest = image.schema2Manifest;
  const bytes = encode(manifest);
  const put = await client.read('PUT', `/v2/${reference.path}/manifests/${reference.tag ?? 'latest'}`, {
    headers: { 'Content-Type': types.dockerManifest },
    body: bytes,
    actions: 'pull,push',
  });
  if (!put.ok) return put;
  return ok({ digest: `sha256:${sha256Hex(manifest)}`, size: bytes.length });
}

async function pushLayer(push: RemotePush, layer: ImageLayer): Promise<Result<void, RegistryFailure>> {
  const { client, reference, images, layer: told, process } = push;
  const { blobDigest } = layer;
  const here = await client.send('HEAD', `/v2/${reference.path}/blobs/${blobDigest}`, { actions: 'pull,push' });
  if (here.ok) {
    told(layer, { kind: 'exists' });
    return ok(undefined);
  }
  if (here.error.kind === 'transport' || here.error.status !== 404) return err(here.error);
  // Other repositories of this registry that were seen to have it: those with more of the name in common first, then the newest.
  const candidates = sourcesOf(images, layer.diffId)
    .filter(({ domain, path }) => domain === reference.domain && path !== reference.path)
    .toReversed()
    .toSorted((a, b) => likeness(b.path, reference.path) - likeness(a.path, reference.path))
    .slice(0, MOUNT_ATTEMPTS);
  for (const { digest, path } of candidates) {
    const asked = await client.read(
      'POST',
      `/v2/${reference.path}/blobs/uploads/?from=${encodeURIComponent(path)}&mount=${encodeURIComponent(digest)}`,
      { body: noBytes, actions: 'pull,push' },
    );
    if (!asked.ok) return asked;
    if (asked.value.headers.get('Docker-Content-Digest') === digest) {
      told(layer, { kind: 'mounted', from: path });
      return ok(undefined);
    }
    const location = asked.value.headers.get('Location');
    if (location !== undefined) await client.read('DELETE', pathOf(location), { actions: 'pull,push' });
  }
  const total = layer.size;
  told(layer, { kind: 'pushing', current: Math.min(512, total), total });
  const onShelf = shelve(layer);
  const sent = await pushBlob(push, blobDigest, onShelf ? undefined : layer.blob());
  if (!sent.ok) return sent;
  const steps = Math.floor(layer.compressedSize / latencies.registryBytes / 100);
  for (let step = 1; step <= steps; step++) {
    await process.sleep(100);
    told(layer, { kind: 'pushing', current: Math.floor((total * step) / (steps + 1)), total });
  }
  told(layer, { kind: 'pushing', current: total, total });
  told(layer, { kind: 'pushed' });
  return ok(undefined);
}

/** How many parts two names begin with alike. */
function likeness(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  return same;
}

/** A location may be given whole. */
const pathOf = (location: string): string => location.replace(/^https?:\/\/[^/]+/, '');

/** An upload in one piece. Without bytes the registry finds the layer on the shelf. */
async function pushBlob(
  { client, reference }: RemotePush,
  digest: string,
  bytes: Uint8Array | undefined,
): Promise<Result<void, RegistryFailure>> {
  const actions = 'pull,push';
  const there = await client.send('HEAD', `/v2/${reference.path}/blobs/${digest}`, { actions });
  if (there.ok) return ok(undefined);
  if (there.error.kind === 'transport' || there.error.status !== 404) return err(there.error);
  const started = await client.read('POST', `/v2/${reference.path}/blobs/uploads/`, { body: noBytes, actions });
  if (!started.ok) return started;
  const location = pathOf(started.value.headers.get('Location') ?? '');
  const headers: Record<string, string> = { 'Content-Type': 'application/octet-stream' };
  if (bytes === undefined) headers[shelfHeader] = digest;
  const mark = location.includes('?') ? '&' : '?';
  const put = await client.read('PUT', `${location}${mark}digest=${encodeURIComponent(digest)}`, {
    headers,
    body: bytes ?? noBytes,
    actions,
  });
  return put.ok ? ok(undefined) : put;
}
