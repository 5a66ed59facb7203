import { err, ok, type Result } from '../../sim/result';
import type { StoredImage } from '../containerd/image-store';
import type { Image } from '../images/image';
import { familiarString, fullString, parseReference, withDefaultTag } from '../images/reference';
import type { ApiError } from './api-types';
import { isRunning } from './container';
import type { Engine } from './engine';

export type Removed = { readonly Untagged: string } | { readonly Deleted: string };

export interface RemoveImageOptions {
  readonly force: boolean;
  /** Parents without a name go too. */
  readonly prune: boolean;
}

interface Conflict extends ApiError {
  /** A container uses it. */
  readonly used: boolean;
}

/** What stands in the way of deleting an image. */
interface Obstacles {
  readonly references: boolean;
  readonly stopped: boolean;
}

const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);

/** Names and digests of an image, as the reference store sorts them. */
export const referencesOf = ({ tags, digests }: StoredImage): readonly string[] => [...tags, ...digests].sort();

const isDigest = (reference: string): boolean => reference.includes('@');
const nameOf = (reference: string): string =>
  isDigest(reference) ? reference.slice(0, reference.indexOf('@')) : reference.slice(0, reference.lastIndexOf(':'));

const familiar = (full: string): string => {
  const parsed = parseReference(full);
  return parsed.ok ? familiarString(parsed.value) : full;
};

/** All references are of one repository, and at most one of them is a tag. */
function isSingle(references: readonly string[]): boolean {
  if (references.length <= 1) return true;
  const tags = references.filter((reference) => !isDigest(reference));
  if (tags.length > 1) return false;
  const names = new Set(references.filter(isDigest).map(nameOf));
  return names.size === 1 && names.has(nameOf(tags[0] ?? references[0] ?? ''));
}

/** `docker rmi` (daemon/images/image_delete.go). */
export function removeImage(
  engine: Engine,
  stored: StoredImage,
  asked: string,
  options: RemoveImageOptions,
): Result<readonly Removed[], ApiError> {
  const { image } = stored;
  const removed: Removed[] = [];
  const untag = (reference: string, told = true): void => {
    if (isDigest(reference)) stored.digests.delete(reference);
    else engine.images.untag(reference);
    removed.push({ Untagged: familiar(reference) });
    if (told) engine.events.emit('image', 'untag', image.id, { ...image.config.Labels, name: image.id });
  };
  const byId = image.id.startsWith(asked) || image.id.startsWith(`sha256:${asked}`);
  if (!byId) {
    const user = engine.list().find((container) => container.image === image);
    if (!options.force && user !== undefined && isSingle(referencesOf(stored)))
      return err({
        status: 409,
        message: `conflict: unable to remove repository reference ${JSON.stringify(asked)} (must force) - container ${short(user.id)} is using its referenced image ${short(image.id)}`,
      });
    const parsed = parseReference(asked);
    if (!parsed.ok) return err({ status: 400, message: parsed.error });
    const { digest } = parsed.value;
    const name =
      digest === undefined
        ? fullString(withDefaultTag(parsed.value))
        : `${parsed.value.domain}/${parsed.value.path}@${digest}`;
    untag(name);
    if (digest === undefined) {
      const left = referencesOf(stored).filter((reference) => nameOf(reference) === nameOf(name));
      if (left.every(isDigest)) for (const reference of left) untag(reference, false);
    }
    if (referencesOf(stored).length > 0) return ok(removed);
  } else if (isSingle(referencesOf(stored))) {
    const conflict = conflictOf(engine, stored, { references: false, stopped: !options.force });
    if (conflict !== undefined) return err(conflict);
    for (const reference of referencesOf(stored)) untag(reference);
  }
  const deleted = deleteImage(engine, stored, removed, { ...options, quiet: !byId });
  return deleted.ok ? ok(removed) : deleted;
}

function deleteImage(
  engine: Engine,
  stored: StoredImage,
  removed: Removed[],
  { force, prune, quiet }: RemoveImageOptions & { readonly quiet: boolean },
): Result<void, ApiError> {
  const { image } = stored;
  const conflict = conflictOf(engine, stored, { references: !force, stopped: !force });
  if (conflict !== undefined) {
    const dangling = referencesOf(stored).length === 0 && childrenOf(engine, image).length === 0;
    return quiet && (!dangling || conflict.used) ? ok(undefined) : err(conflict);
  }
  for (const reference of referencesOf(stored)) {
    removed.push({ Untagged: familiar(reference) });
    engine.events.emit('image', 'untag', image.id, { ...image.config.Labels, name: image.id });
  }
  const { parent } = image.details;
  const gone = engine.images.remove(image);
  engine.events.emit('image', 'delete', image.id, { ...image.config.Labels, name: image.id });
  removed.push({ Deleted: image.id });
  const chains = new Map(image.layers.map((layer, index) => [layer, image.chainIds[index] ?? ''] as const));
  // Layers that a container still stands on stay.
  for (const layer of gone) {
    const chain = chains.get(layer);
    if (chain !== undefined && !engine.snapshotter.has(layer)) removed.push({ Deleted: chain });
  }
  const above = prune && parent !== undefined ? engine.images.byId(parent) : undefined;
  return above === undefined
    ? ok(undefined)
    : deleteImage(engine, above, removed, { force: false, prune: true, quiet: true });
}

/** Images that were committed on this one. */
export const childrenOf = (engine: Engine, image: Image): readonly StoredImage[] =>
  engine.images.list().filter((other) => other.image.details.parent === image.id);

function conflictOf(engine: Engine, stored: StoredImage, check: Obstacles): Conflict | undefined {
  const { image } = stored;
  const conflict = (hard: boolean, used: boolean, message: string): Conflict => ({
    status: 409,
    used,
    message: `conflict: unable to delete ${short(image.id)} (${hard ? 'cannot be forced' : 'must be forced'}) - ${message}`,
  });
  if (childrenOf(engine, image).length > 0) return conflict(true, false, 'image has dependent child images');
  const users = engine.list().filter((container) => container.image === image);
  const running = users.find(isRunning);
  if (running !== undefined)
    return conflict(true, true, `image is being used by running container ${short(running.id)}`);
  if (check.references && referencesOf(stored).length > 0)
    return conflict(false, false, 'image is referenced in multiple repositories');
  const [stopped] = users;
  if (check.stopped && stopped !== undefined)
    return conflict(false, true, `image is being used by stopped container ${short(stopped.id)}`);
  return undefined;
}
