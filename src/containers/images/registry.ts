import { err, ok, type Result } from '../../sim/result';
import type { Image } from './image';
import { forArm, indexOf, isForSeveral } from './platforms';
import { repositoryOf, type Reference } from './reference';

/** One published repository: `docker.io/library/nginx` with its tags. An image is made when it is first asked for. */
export interface Repository {
  /** With its registry's host. */
  readonly name: string;
  readonly tags: ReadonlyMap<string, () => Image>;
  /** What the registry says to everybody who asks for it, whatever it has. */
  readonly refuses?: RegistryError;
  /** What tags are on Windows. */
  readonly windows?: ReadonlyMap<string, () => Image>;
}

/** Makes a repository: `repository('docker.io/library/alpine', [[['latest', '3.22'], () => alpine322]])`. */
export function repository(
  name: string,
  images: readonly (readonly [readonly string[], () => Image])[],
  windows: typeof images = [],
): Repository {
  const tags = byTag(images);
  return windows.length === 0 ? { name, tags } : { name, tags, windows: byTag(windows) };
}

function byTag(images: readonly (readonly [readonly string[], () => Image])[]): ReadonlyMap<string, () => Image> {
  const tags = new Map<string, () => Image>();
  for (const [names, make] of images) {
    let image: Image | undefined;
    const once = (): Image => (image ??= make());
    for (const tag of names) tags.set(tag, once);
  }
  return tags;
}

export type RegistryError =
  /** The host has no address. */
  | 'no such host'
  /** Registries with accounts do not tell a missing repository from a private one. */
  | 'denied'
  /** Docker Hub's limit for who is not logged in. */
  | 'too many requests'
  | 'manifest unknown'
  /** There is an image of that name, but for other systems. */
  | 'no matching manifest'
  /** For a later Windows than the one that asks. */
  | 'incompatible';

/** Docker Hub counts pulls of six hours. Milliseconds. */
const LIMIT_WINDOW = 6 * 3_600_000;

/** Registries on which a name that nobody may read looks like one that is not there. */
const withAccounts = /^(?:docker\.io|ghcr\.io|quay\.io|(?:\w+\.)?gcr\.io|\w+-docker\.pkg\.dev)$/;

/** What a registry says of a repository that it does not have. */
export const missingRepository = (domain: string): RegistryError =>
  withAccounts.test(domain) ? 'denied' : 'manifest unknown';

export type ImageOs = Image['os'];

/**
 * All public registries there are in this world. What is looked up here has crossed the (simulated) internet: how long
 * that takes is the caller's affair.
 */
export class Registries {
  readonly #repositories: ReadonlyMap<string, Repository>;
  readonly #hosts: ReadonlySet<string>;
  /** How many pulls Docker Hub allows in six hours to those who are not logged in; without a number, any. */
  anonymousPulls: number | undefined;
  #pulls: readonly number[] = [];

  /** `unlisted`: who answers for names that are in no repository here. `index`: what Docker Hub's search knows besides. */
  constructor(
    repositories: readonly Repository[],
    readonly unlisted: (reference: Reference) => Result<Image, RegistryError> = ({ domain }) =>
      err(this.#hosts.has(domain) ? missingRepository(domain) : 'no such host'),
    readonly index?: readonly string[],
  ) {
    this.#repositories = new Map(repositories.map((repository) => [repository.name, repository]));
    this.#hosts = new Set(repositories.map(({ name }) => name.slice(0, name.indexOf('/'))));
  }

  /** Docker Hub's repositories with that word in their name, official ones first; undefined where there is no index. */
  search(term: string): readonly string[] | undefined {
    if (this.index === undefined) return undefined;
    const hub = 'docker.io/';
    const names = [...new Set([...this.#repositories.keys(), ...this.index])]
      .filter((name) => name.startsWith(hub))
      .map((name) => name.slice(hub.length).replace(/^library\//, ''))
      .filter((name) => name.includes(term.toLowerCase()));
    const rank = (name: string): string => `${name === term ? 0 : name.includes('/') ? 2 : 1} ${name}`;
    return names.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }

  /** The image that a registry serves under a reference, for who asks on such a system. */
  resolve(reference: Reference, os: ImageOs = 'linux', architecture?: string): Result<Image, RegistryError> {
    const found = this.#usual(reference, os);
    if (!found.ok || architecture === undefined || architecture === 'amd64') return found;
    // What is there for one platform only is taken whatever was asked for.
    if (!isForSeveral(found.value)) return found;
    return architecture === 'arm64' ? ok(forArm(found.value)) : err('no matching manifest');
  }

  /** By which digest a registry knows what it serves under a reference: of the index, where there is one. */
  digestOf(reference: Reference): string | undefined {
    const found = this.#usual(reference, 'linux');
    if (!found.ok) return undefined;
    return reference.digest ?? indexOf(found.value)?.digest ?? found.value.digest;
  }

  #usual(reference: Reference, os: ImageOs): Result<Image, RegistryError> {
    const found = this.#repositories.get(repositoryOf(reference));
    if (found === undefined) {
      const unlisted = this.unlisted(reference);
      return unlisted.ok && unlisted.value.os !== os ? err('no matching manifest') : unlisted;
    }
    if (found.refuses !== undefined) return err(found.refuses);
    const { tags, windows = new Map<string, () => Image>() } = found;
    const [own, other] = os === 'linux' ? [tags, windows] : [windows, tags];
    const image = imageOf(own, reference);
    if (image !== undefined) return ok(image);
    return err(imageOf(other, reference) === undefined ? 'manifest unknown' : 'no matching manifest');
  }

  /** Whether it is one of the public ones; all others are machines of the simulated network, if they are at all. */
  serves(reference: Reference): boolean {
    if (this.#hosts.has(reference.domain)) return true;
    const answer = this.unlisted(reference);
    return answer.ok || answer.error !== 'no such host';
  }

  /** What `resolve` says to who is going to pull that: Docker Hub counts. */
  request(
    reference: Reference,
    now: number,
    os: ImageOs = 'linux',
    architecture?: string,
  ): Result<Image, RegistryError> {
    const found = this.resolve(reference, os, architecture);
    if (!found.ok || reference.domain !== 'docker.io' || this.anonymousPulls === undefined) return found;
    const recent = this.#pulls.filter((time) => time > now - LIMIT_WINDOW);
    if (recent.length >= this.anonymousPulls) return err('too many requests');
    this.#pulls = [...recent, now];
    return found;
  }

  tagsOf(name: string): readonly string[] {
    return [...(this.#repositories.get(name)?.tags.keys() ?? [])];
  }
}

function imageOf(tags: ReadonlyMap<string, () => Image>, { tag, digest }: Reference): Image | undefined {
  if (digest === undefined) return tags.get(tag ?? 'latest')?.();
  for (const make of tags.values()) {
    const image = make();
    if (image.digest === digest || indexOf(image)?.digest === digest) return image;
    if (isForSeveral(image) && forArm(image).digest === digest) return forArm(image);
  }
  return undefined;
}
