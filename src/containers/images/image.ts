import { encode } from '../../linux/io/bytes';
import { sha256Hex } from './digest';
import type { ImageLayer } from './layer';

/** The part of an image's configuration that says how to run it (image-spec/config.md), with docker's extras. */
export interface RunConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly ArgsEscaped?: boolean;
  readonly Healthcheck?: Healthcheck;
  /** Instructions for builds that begin with this image. */
  readonly OnBuild?: readonly string[];
  /** What SHELL put in the place of `/bin/sh -c`. */
  readonly Shell?: readonly string[];
}

/** HEALTHCHECK; times in nanoseconds. */
export interface Healthcheck {
  readonly Test: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

export interface History {
  readonly created: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: true;
}

/** What some images say besides. */
export interface ImageDetails {
  readonly author?: string;
  /** Of the engine that made it. */
  readonly dockerVersion?: string;
  /** The container that it was committed from. */
  readonly container?: string;
  /** The image it was committed on; the engine remembers that, the configuration does not tell. */
  readonly parent?: string;
  /** The configuration as it was loaded or pulled: its digest is the image's id. */
  readonly configBlob?: string;
  /** Its manifest is of the type that engines push (schema 2) instead of OCI's. */
  readonly schema2?: true;
  /** For Windows: the version of the system it was built for, `10.0.20348.4294`. */
  readonly windows?: string;
  /** Other than amd64; with it, the variant: `arm64`, `v8`. */
  readonly architecture?: string;
  readonly variant?: string;
}

/** The fields in the order in which Go writes them (image-spec/specs-go/v1/config.go, then moby's docker-image-spec). */
export const runConfigFields: readonly (keyof RunConfig)[] = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'ArgsEscaped',
  'Healthcheck',
  'OnBuild',
  'Shell',
];

const inOrder = (config: RunConfig): RunConfig =>
  Object.fromEntries(runConfigFields.filter((name) => name in config).map((name) => [name, config[name]]));

/** Words that are empty are left out. */
const inHistory = ({ created, created_by, ...more }: History): Partial<History> => ({
  created,
  ...(created_by === '' ? {} : { created_by }),
  ...more,
});

/** encoding/json: what HTML could take for markup is escaped. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** An image as the registry holds it. Documents and digests are made when first asked for, once for all worlds. */
export class Image {
  #config: string | undefined;
  #id: string | undefined;
  #manifest: string | undefined;
  #digest: string | undefined;
  #chain: readonly string[] | undefined;

  constructor(
    readonly layers: readonly ImageLayer[],
    readonly config: RunConfig,
    readonly history: readonly History[],
    /** RFC 3339. */
    readonly created: string,
    readonly details: ImageDetails = {},
  ) {
    this.#config = details.configBlob;
  }

  get os(): 'linux' | 'windows' {
    return this.details.windows === undefined ? 'linux' : 'windows';
  }

  /** The OCI image configuration, as the blob's text. */
  get configBlob(): string {
    this.#config ??= goJson({
      architecture: this.details.architecture ?? 'amd64',
      author: this.details.author,
      config: inOrder(this.config),
      container: this.details.container,
      created: this.created,
      docker_version: this.details.dockerVersion,
      history: this.history.map(inHistory),
      os: this.os,
      'os.version': this.details.windows,
      rootfs: { type: 'layers', diff_ids: this.layers.map((layer) => layer.diffId) },
      variant: this.details.variant,
    });
    return this.#config;
  }

  /** The image's id: the digest of its configuration. */
  get id(): string {
    this.#id ??= `sha256:${sha256Hex(this.configBlob)}`;
    return this.#id;
  }

  /** The manifest, as the blob's text. */
  get manifestBlob(): string {
    this.#manifest ??= this.details.schema2 === true ? this.schema2Manifest : this.#ociManifest;
    return this.#manifest;
  }

  /** The manifest that an engine pushes, as Go indents it. */
  get schema2Manifest(): string {
    return JSON.stringify(
      {
        schemaVersion: 2,
        mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
        config: {
          mediaType: 'application/vnd.docker.container.image.v1+json',
          size: encode(this.configBlob).length,
          digest: this.id,
        },
        layers: this.layers.map((layer) => ({
          mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
          size: layer.compressedSize,
          digest: layer.blobDigest,
        })),
      },
      null,
      3,
    );
  }

  get #ociManifest(): string {
    return JSON.stringify(
      {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: {
          mediaType: 'application/vnd.oci.image.config.v1+json',
          digest: this.id,
          size: encode(this.configBlob).length,
        },
        layers: this.layers.map((layer) => ({
          mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          digest: layer.blobDigest,
          size: layer.compressedSize,
        })),
      },
      null,
      2,
    );
  }

  /** The digest by which a registry knows it. */
  get digest(): string {
    this.#digest ??= `sha256:${sha256Hex(this.manifestBlob)}`;
    return this.#digest;
  }

  /** Chain ids, bottom up (image-spec/config.md): what a layer is on top of all below it. */
  get chainIds(): readonly string[] {
    if (this.#chain !== undefined) return this.#chain;
    const chain: string[] = [];
    for (const { diffId } of this.layers) {
      const below = chain.at(-1);
      chain.push(below === undefined ? diffId : `sha256:${sha256Hex(`${below} ${diffId}`)}`);
    }
    this.#chain = chain;
    return chain;
  }

  get size(): number {
    return this.layers.reduce((sum, layer) => sum + layer.size, 0);
  }

  get compressedSize(): number {
    return this.layers.reduce((sum, layer) => sum + layer.compressedSize, 0);
  }
}
