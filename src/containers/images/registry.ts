import { err, ok, type Result } from '../../sim/result';
import type { Image } from './image';
import { repositoryOf, type Reference } from './reference';

/** One published repository: `docker.io/library/nginx` with its tags. An image is made when it is first asked for. */
export interface Repository {
  /** With its registry's host. */
  readonly name: string;
  readonly tags: ReadonlyMap<string, () => Image>;
}

/** Makes a repository: `repository('docker.io/library/alpine', [[['latest', '3.22'], () => alpine322]])`. */
export function repository(name: string, images: readonly (readonly [readonly string[], () => Image])[]): Repository {
  const tags = new Map<string, () => Image>();
  for (const [names, make] of images) {
    let image: Image | undefined;
    const once = (): Image => (image ??= make());
    for (const tag of names) tags.set(tag, once);
  }
  return { name, tags };
}

export type RegistryError =
  /** The host has no address. */
  | 'no such host'
  /** Docker Hub does not tell a missing repository from a private one. */
  | 'denied'
  | 'manifest unknown';

/**
 * All public registries there are in this world. What is looked up here has crossed the (simulated) internet: how long
 * that takes is the caller's affair.
 */
export class Registries {
  readonly #repositories: ReadonlyMap<string, Repository>;
  readonly #hosts: ReadonlySet<string>;

  /** `unlisted`: who answers for names that are in no repository here. */
  constructor(
    repositories: readonly Repository[],
    readonly unlisted: (reference: Reference) => Result<Image, RegistryError> = ({ domain }) =>
      err(!this.#hosts.has(domain) ? 'no such host' : domain === 'docker.io' ? 'denied' : 'manifest unknown'),
  ) {
    this.#repositories = new Map(repositories.map((repository) => [repository.name, repository]));
    this.#hosts = new Set(repositories.map(({ name }) => name.slice(0, name.indexOf('/'))));
  }

  /** The image that a registry serves under a reference. */
  resolve(reference: Reference): Result<Image, RegistryError> {
    const found = this.#repositories.get(repositoryOf(reference));
    if (found === undefined) return this.unlisted(reference);
    const image =
      reference.digest === undefined
        ? found.tags.get(reference.tag ?? 'latest')?.()
        : byDigest(found, reference.digest);
    return image === undefined ? err('manifest unknown') : ok(image);
  }

  tagsOf(name: string): readonly string[] {
    return [...(this.#repositories.get(name)?.tags.keys() ?? [])];
  }
}

function byDigest(repository: Repository, digest: string): Image | undefined {
  for (const make of repository.tags.values()) {
    const image = make();
    if (image.digest === digest) return image;
  }
  return undefined;
}
