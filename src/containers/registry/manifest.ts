import { decode } from '../../linux/io/bytes';

/** Media types of manifests and what they point at. */
export const types = {
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  schema1: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
} as const;

export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
}

export interface Descriptor {
  readonly mediaType: string;
  readonly size: number;
  readonly digest: string;
  readonly platform?: Platform;
}

export interface Manifest {
  readonly schemaVersion: number;
  readonly mediaType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/** What clients say they take. */
export const acceptAll = [
  types.dockerManifest,
  types.dockerList,
  types.ociIndex,
  types.ociManifest,
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/json',
].join(', ');

/** Undefined where it is none. */
export function parseManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    const parsed = JSON.parse(decode(bytes)) as Manifest | null;
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The type a manifest says it has, or has by its fields. */
export const typeOf = (manifest: Manifest): string =>
  manifest.mediaType ?? (manifest.manifests === undefined ? types.ociManifest : types.ociIndex);
