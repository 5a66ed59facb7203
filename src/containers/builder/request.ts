import type { Credentials } from '../registry/client';
import type { TarMember } from '../archive/tar';

/** What a build is asked to do, whoever asks. */
export interface BuildRequest {
  /** Members of the context's archive. */
  readonly context: readonly ContextMember[];
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string;
  readonly tags: readonly string[];
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly target: string;
  readonly noCache: boolean;
  /** Stages without cache. */
  readonly noCacheFilter: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `linux/amd64`, or empty. */
  readonly platform: string;
  readonly network: string;
  /** `name:address`. */
  readonly extraHosts: readonly string[];
  readonly pull: boolean;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  /** Who the client is for registries, by their hosts. */
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** Only look at the Dockerfile. */
  readonly check: boolean;
  /** For `buildx history ls`. */
  readonly name: string;
}

export type ContextMember = TarMember & { readonly body: Uint8Array };
