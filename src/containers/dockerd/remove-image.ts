import { ok, type Result } from '../../sim/result';
import type { StoredImage } from '../containerd/image-store';
import { familiarString, fullString, parseReference, withDefaultTag } from '../images/reference';
import { refuse, type ApiError } from './api-types';
import { isRunning } from './container';
import type { Engine } from './engine';

type Removed = { readonly Untagged: string } | { readonly Deleted: string };

/** `docker rmi` with its five ways to say no (daemon/images/image_delete.go). */
export function removeImage(
  engine: Engine,
  stored: StoredImage,
  asked: string,
  { force }: { readonly force: boolean },
): Result<readonly Removed[], ApiError> {
  const { image } = stored;
  const shortId = image.id.slice(7, 19);
  const users = engine.list().filter((container) => container.image === image);
  const running = users.find(isRunning);
  const parsed = parseReference(asked);
  const name = parsed.ok ? fullString(withDefaultTag(parsed.value)) : '';
  const byName = stored.tags.has(name);
  const removed: Removed[] = [];

  const untag = (full: string): void => {
    engine.images.untag(full);
    removed.push({ Untagged: familiar(full) });
    engine.events.emit('image', 'untag', image.id, { name: image.id });
  };

  if (byName) {
    const [user] = running === undefined ? users : [running];
    if (stored.tags.size > 1) {
      untag(name);
      return ok(removed);
    }
    if (user !== undefined && !force) {
      return refuse(
        409,
        `conflict: unable to remove repository reference ${JSON.stringify(asked)} (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${shortId}`,
      );
    }
    untag(name);
    untagDigests(stored, removed);
    // It lives on without a name as long as a container runs from it.
    if (running !== undefined) return ok(removed);
  } else {
    if (running !== undefined)
      return refuse(
        409,
        `conflict: unable to delete ${shortId} (cannot be forced) - image is being used by running container ${running.id.slice(0, 12)}`,
      );
    const repositories = new Set([...stored.tags].map((tag) => tag.slice(0, tag.lastIndexOf(':'))));
    if (repositories.size > 1 && !force)
      return refuse(
        409,
        `conflict: unable to delete ${shortId} (must be forced) - image is referenced in multiple repositories`,
      );
    const [stopped] = users;
    if (stopped !== undefined && !force)
      return refuse(
        409,
        `conflict: unable to delete ${shortId} (must be forced) - image is being used by stopped container ${stopped.id.slice(0, 12)}`,
      );
    for (const tag of [...stored.tags]) untag(tag);
    untagDigests(stored, removed);
  }
  const gone = engine.images.remove(image);
  removed.push({ Deleted: image.id });
  // Layers that a container still stands on stay.
  if (users.length === 0) {
    const chains = image.layers.map((layer, index) => [layer, image.chainIds[index] ?? ''] as const);
    for (const layer of gone) {
      const chain = chains.find(([of]) => of === layer)?.[1];
      if (chain !== undefined) removed.push({ Deleted: chain });
    }
  }
  engine.events.emit('image', 'delete', image.id, { name: image.id });
  return ok(removed);
}

function untagDigests(stored: StoredImage, removed: Removed[]): void {
  for (const digest of stored.digests) removed.push({ Untagged: familiar(digest) });
  stored.digests.clear();
}

function familiar(full: string): string {
  const parsed = parseReference(full);
  return parsed.ok ? familiarString(parsed.value) : full;
}
