import type { Clock } from '../../sim/clock';
import type { FileSystem } from '../../linux/fs/types';
import type { Random } from '../../sim/random';
import type { Image } from '../images/image';
import type { ImageLayer } from '../images/layer';

export type RecordKind = 'regular' | 'source.local' | 'exec.cachemount' | 'internal' | 'frontend';

/** One thing the build cache keeps: the layer of a step, a client's files, a cache mount (client.UsageInfo). */
export interface CacheRecord {
  readonly id: string;
  readonly kind: RecordKind;
  readonly description: string;
  /** By this it is found again, of kinds that are kept from build to build. */
  readonly name?: string;
  /** Of a step's layer: until something stands on it, or it is exported (cache.ImmutableRef.Finalize). */
  mutable: boolean;
  readonly createdAt: number;
  /** Ids of the records it stands on. */
  readonly parents: readonly string[];
  /** The step's own layer; absent for folders, and where a step changed nothing that has a layer. */
  readonly layer?: ImageLayer;
  /** On the host, of mutable ones. */
  readonly folder?: string;
  /** Its layer also belongs to an image. */
  shared: boolean;
  size: number;
  lastUsedAt: number;
  usageCount: number;
  inUse: boolean;
}

/** What a step gave, to be found again by its cache key. */
export interface CachedResult {
  /** The key it was kept under first: steps on top of it are found by this one. */
  readonly key: string;
  readonly layers: readonly ImageLayer[];
  readonly record: CacheRecord;
  /** When each layer was made. */
  readonly created: readonly string[];
  readonly chain: readonly CacheRecord[];
}

export type BuildStatus = 'running' | 'completed' | 'error' | 'canceled';

/** One build of the past (buildx history). */
export interface BuildRecord {
  readonly ref: string;
  readonly name: string;
  readonly createdAt: number;
  completedAt: number | undefined;
  status: BuildStatus;
  error: string | undefined;
  steps: number;
  cachedSteps: number;
  warnings: number;
  imageId: string | undefined;
  readonly tags: readonly string[];
  readonly target: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platform: string;
  /** All that was told, for `buildx history logs`. */
  readonly log: unknown[];
}

/** How many builds are remembered (buildkit: history.maxEntries). */
const REMEMBERED = 50;
const digits = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * What outlives a build: cache and history. Light, so that the engine has it from the beginning; the builder itself is
 * loaded when something is built.
 */
export class BuildStore {
  readonly #results = new Map<string, CachedResult>();
  readonly #records = new Map<string, CacheRecord>();
  readonly #builds: BuildRecord[] = [];
  /** Cache mounts by their ids. */
  readonly mounts = new Map<string, CacheRecord>();
  /** Images of the classic builder's steps, by parent and step. */
  readonly classic = new Map<string, Image>();
  /** Ids of images that builds began with since the last prune. */
  readonly images = new Set<string>();

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly fs: FileSystem,
  ) {}

  newId(): string {
    return this.random.string(25, digits);
  }

  /** All that the cache holds, oldest first: `buildx du`, `system df`. */
  records(): readonly CacheRecord[] {
    return [...this.#records.values()];
  }

  /** Layers that steps will be found by. */
  *layers(): Generator<ImageLayer> {
    for (const { layer } of this.#records.values()) if (layer !== undefined) yield layer;
  }

  /** Builds of the past, newest first. */
  builds(): readonly BuildRecord[] {
    return [...this.#builds].reverse();
  }

  /** By its ref or the beginning of it; `^0` is the newest. */
  build(ref: string): BuildRecord | undefined {
    const back = /^\^(\d+)$/.exec(ref)?.[1];
    if (back !== undefined) return this.builds()[Number(back)];
    return this.builds().find((build) => build.ref.startsWith(ref));
  }

  removeBuild(ref: string): boolean {
    const at = this.#builds.findIndex((build) => build.ref === ref);
    if (at >= 0) this.#builds.splice(at, 1);
    return at >= 0;
  }

  remember(build: BuildRecord): void {
    this.#builds.push(build);
    if (this.#builds.length > REMEMBERED) this.#builds.shift();
  }

  find(key: string): CachedResult | undefined {
    return this.#results.get(key);
  }

  keep(key: string, result: CachedResult): void {
    this.#results.set(key, result);
    for (const record of [...result.chain, result.record]) this.#records.set(record.id, record);
  }

  add(record: CacheRecord): void {
    this.#records.set(record.id, record);
  }

  /** A record of its own kind and name that is kept from build to build: a client's folder, a cache mount. */
  named(kind: RecordKind, name: string): CacheRecord | undefined {
    return this.records().find((record) => record.kind === kind && record.name === name);
  }

  /** Notes that something small was kept for a build: its Dockerfile, its .dockerignore. Its size stays as it was first. */
  touch(kind: RecordKind, name: string, description: string, size: number): void {
    const known = this.named(kind, name);
    if (known === undefined) this.add(this.record({ kind, name, description, mutable: true, parents: [], size }));
    else this.use(known);
  }

  record(
    options: Pick<CacheRecord, 'kind' | 'description' | 'mutable' | 'parents' | 'size'> &
      Partial<Pick<CacheRecord, 'name' | 'layer' | 'folder' | 'shared'>>,
  ): CacheRecord {
    const { now } = this.clock;
    const id = this.newId();
    return { id, shared: false, ...options, createdAt: now, lastUsedAt: now, usageCount: 1, inUse: false };
  }

  /** Looks how large the folders of cache mounts have become. */
  measure(): void {
    for (const record of this.#records.values())
      if (record.kind === 'exec.cachemount' && record.folder !== undefined)
        record.size = sizeBelow(this.fs, `${record.folder}/diff`);
  }

  use(record: CacheRecord): void {
    record.lastUsedAt = this.clock.now;
    record.usageCount++;
  }

  /** Takes records away, and what was found by them. Gives those that went. */
  prune(wanted: (record: CacheRecord) => boolean): readonly CacheRecord[] {
    const gone = this.records().filter((record) => !record.inUse && wanted(record));
    const ids = new Set(gone.map(({ id }) => id));
    for (const { id, folder } of gone) {
      this.#records.delete(id);
      if (folder !== undefined) this.fs.removeAll(folder);
    }
    if (this.#records.size === 0) this.images.clear();
    for (const [key, { record, chain }] of this.#results)
      if (ids.has(record.id) || chain.some(({ id }) => ids.has(id))) this.#results.delete(key);
    return gone;
  }
}

function sizeBelow(fs: FileSystem, path: string): number {
  const listed = fs.readdir(path);
  if (!listed.ok) return 0;
  let size = 0;
  for (const { name, type } of listed.value) {
    if (type === 'directory') size += sizeBelow(fs, `${path}/${name}`);
    else if (type === 'file') {
      const stat = fs.lstat(`${path}/${name}`);
      if (stat.ok) size += stat.value.size;
    }
  }
  return size;
}
