import { sha256Hex } from '../../images/digest';
import { download } from '../../images/download';
import type { ImageLayer } from '../../images/layer';
import { goTimestamp } from '../../shim/timestamp';
import type { Engine } from '../../dockerd/engine';
import type { Deferred } from '../../../sim/deferred';
import { latencies } from '../../../sim/latencies';
import { BuildFailure } from '../dockerfile/source';
import type { Progress } from '../progress';
import type { BuildRequest } from '../request';
import type { BuildStore, CachedResult, CacheRecord } from '../store';
import { checksum } from './checksum';
import { contextFor, folderOf } from './context';
import { join } from './copy';
import { execute } from './exec';
import { copyAction, makeFolder, notThere } from './files';
import { fetchUrl } from './http';
import { LocalSource } from './local';
import { describe, digestOf, inOrder, missing } from './lookup';
import { prepareMounts } from './mounts';
import { rooted } from './rooted';
import type { ExecOp, FileOp, HttpOp, ImageOp, InlineOp, Vertex } from './types';
import { firstPacket } from './transfer';
import { definition } from './vertex';
import type { Rootfs, Value } from './value';
import { workspace } from './workspace';

interface Solved {
  /** By this it is found in the cache again. */
  readonly key: string;
  readonly value: Value;
}

export interface SolverOptions {
  readonly engine: Engine;
  readonly store: BuildStore;
  readonly request: BuildRequest;
  readonly progress: Progress;
}

const nothing: Rootfs = { kind: 'layers', layers: [], created: [], chain: [] };

/** Solves a graph: each vertex once, what does not wait for another at the same time, and from the cache what it has. */
export class Solver {
  readonly #solved = new Map<string, Promise<Solved>>();
  readonly #values = new Map<string, Value>();
  readonly #running = new Set<() => void>();
  readonly #folders: string[] = [];
  readonly #used = new Set<CacheRecord>();
  #failed: BuildFailure | undefined;
  #wanted: readonly Vertex[] = [];
  #contextLoaded: Deferred<void> | undefined;

  constructor(readonly options: SolverOptions) {}

  /** The result of the last vertex. The first failure ends all that runs. */
  async run(target: Vertex | undefined): Promise<Rootfs> {
    if (target === undefined) return nothing;
    this.#wanted = inOrder(target);
    this.#refuse();
    // Keys of steps that take from the context need it: it is asked for before anything is looked up.
    const { request, engine } = this.options;
    if (!request.noCache && this.#wanted.some(({ op }) => op.kind === 'context'))
      this.#contextLoaded = engine.options.clock.deferred();
    this.options.progress.pending([...this.#wanted].reverse());
    try {
      const { value } = await this.#solve(target);
      return value.kind === 'layers' ? value : nothing;
    } finally {
      // Whoever still runs ends before the build does.
      await Promise.allSettled(this.#solved.values());
      for (const folder of this.#folders) this.options.engine.options.host.fs.removeAll(folder);
      for (const record of this.#used) record.inUse = false;
    }
  }

  /** Nobody waits for it any more. */
  cancel(): void {
    this.#failed ??= new BuildFailure('context canceled');
    for (const kill of this.#running) kill();
  }

  #refuse(): void {
    for (const { op } of this.#wanted) {
      if (op.kind !== 'exec') continue;
      if (op.insecure) throw new BuildFailure('failed to load LLB: security.insecure is not allowed');
      if (op.network === 'host' && this.options.request.network !== 'host')
        throw new BuildFailure('failed to load LLB: network.host is not allowed');
    }
  }

  #solve(vertex: Vertex): Promise<Solved> {
    let solved = this.#solved.get(vertex.digest);
    if (solved === undefined) this.#solved.set(vertex.digest, (solved = this.#once(vertex)));
    return solved;
  }

  async #once(vertex: Vertex): Promise<Solved> {
    const inputs = await Promise.all(vertex.inputs.map((input) => this.#solve(input)));
    if (vertex.op.kind === 'file' || vertex.op.kind === 'exec') await this.#contextLoaded?.promise;
    if (this.#failed !== undefined) throw this.#failed;
    try {
      const solved = await this.#attempt(vertex, inputs);
      this.#values.set(vertex.digest, solved.value);
      return solved;
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      const failure = this.#failed === undefined ? error.at(vertex.ranges) : new BuildFailure('context canceled');
      this.options.progress.complete(vertex, { error: failure.message.replace(/^failed to compute cache key: /, '') });
      if (this.#failed === undefined) {
        this.#failed = failure;
        for (const kill of this.#running) kill();
      }
      throw this.#failed;
    }
  }

  #attempt(vertex: Vertex, inputs: readonly Solved[]): Promise<Solved> | Solved {
    const { op } = vertex;
    switch (op.kind) {
      case 'image':
        return this.#image(vertex, op);
      case 'context':
        return this.#context(vertex);
      case 'http':
        return this.#http(vertex, op);
      case 'inline':
        return this.#inline(vertex, op);
      case 'file':
        return this.#file(vertex, op, inputs);
      case 'exec':
        return this.#exec(vertex, op, inputs);
    }
  }

  #value(vertex: Vertex | undefined): Value {
    return (vertex === undefined ? undefined : this.#values.get(vertex.digest)) ?? nothing;
  }

  #base(vertex: Vertex | undefined): Rootfs {
    const value = this.#value(vertex);
    return value.kind === 'layers' ? value : nothing;
  }

  /** The base of a step that is carried out: nobody writes to it any more. */
  #standOn(vertex: Vertex | undefined): Rootfs {
    const base = this.#base(vertex);
    for (const record of base.chain) record.mutable = false;
    return base;
  }

  async #image(vertex: Vertex, { image }: ImageOp): Promise<Solved> {
    const { engine, progress, store } = this.options;
    const key = `image ${image.id}`;
    const known = store.images.has(image.id);
    progress.start(vertex);
    const missing = image.layers.filter((layer) => !engine.snapshotter.has(layer));
    if (vertex.name.includes('@sha256:'))
      progress.status(vertex.digest, `resolve ${vertex.name.replace(/^.*FROM /, '')}`)(0);
    if (missing.length > 0) await this.#download(vertex, missing);
    store.images.add(image.id);
    const used = this.#wanted.some(({ op }) => op.kind === 'context');
    const loaded = this.#wanted.some((other) => other.inputs.includes(vertex) && !this.#isCached(other));
    const isTarget = this.#wanted.at(-1) === vertex;
    progress.complete(vertex, { cached: known && missing.length === 0 && (loaded || isTarget || !used) });
    const created = image.history.filter(({ empty_layer }) => empty_layer !== true).map((entry) => entry.created);
    return { key, value: { kind: 'layers', layers: image.layers, created, chain: this.#taken(image.layers) } };
  }

  /** Layers that are the engine's, in the cache: their files do not count. */
  #taken(layers: readonly ImageLayer[]): readonly CacheRecord[] {
    const { store } = this.options;
    const chain: CacheRecord[] = [];
    let name = '';
    for (const layer of layers) {
      name = sha256Hex(`${name} ${layer.diffId}`);
      let record = store.named('regular', name);
      if (record === undefined) {
        const parents = chain.slice(-1).map(({ id }) => id);
        record = store.record({ kind: 'regular', name, description: 'from local ', mutable: false, parents, size: 0 });
        record.shared = true;
        store.add(record);
      } else store.use(record);
      this.#use(record);
      chain.push(record);
    }
    return chain;
  }

  /** Whether a step on an image will be found in the cache: then the image's files are not asked for. */
  #isCached({ op, ignoreCache }: Vertex): boolean {
    if (ignoreCache || op.kind === 'context' || op.kind === 'image') return false;
    const base = op.kind === 'file' || op.kind === 'exec' ? op.base : undefined;
    if (base?.op.kind !== 'image') return false;
    if (op.kind === 'file' && op.actions.some(({ kind }) => kind === 'copy')) return false;
    return this.options.store.find(this.#key(op, `image ${base.op.image.id}`, [])) !== undefined;
  }

  async #download(vertex: Vertex, layers: readonly ImageLayer[]): Promise<void> {
    const { engine, progress } = this.options;
    const { clock } = engine.options;
    const ends = new Map<ImageLayer, () => void>();
    const done = clock.deferred<void>();
    download({
      clock,
      layers,
      unpack: (layer) => engine.snapshotter.unpack(layer),
      progress: ({ layer, phase, current }) => {
        const { blobDigest, compressedSize } = layer;
        if (phase === 'pulling') {
          const end = progress.status(vertex.digest, blobDigest, { name: 'downloading', total: compressedSize });
          ends.set(layer, () => end(compressedSize));
        } else if (phase === 'downloaded') ends.get(layer)?.();
        else if (phase === 'extracting' && current !== compressedSize)
          ends.set(layer, progress.status(vertex.digest, `extracting ${blobDigest}`, { name: 'extract' }));
        else if (phase === 'complete') ends.get(layer)?.();
      },
      done: () => done.resolve(),
    });
    await done.promise;
  }

  async #context(vertex: Vertex): Promise<Solved> {
    const { engine, store, progress, request } = this.options;
    const { clock } = engine.options;
    await clock.sleep(latencies.buildSession);
    progress.source(vertex);
    const members = contextFor(request, this.#wanted, vertex);
    const told = { name: 'transferring', ...firstPacket(members) };
    const end = progress.status(vertex.digest, 'transferring context:', told);
    const { folder, bytes, record } = new LocalSource(engine, store).receive(`context ${folderOf(request)}`, members);
    this.#use(record);
    await clock.sleep(latencies.buildSession + bytes / latencies.buildBytes);
    end(bytes);
    progress.complete(vertex);
    this.#contextLoaded?.resolve();
    return { key: `context ${record.id}`, value: { kind: 'folder', path: folder } };
  }

  async #http(vertex: Vertex, op: HttpOp): Promise<Solved> {
    const { engine, progress } = this.options;
    const { host, random } = engine.options;
    progress.start(vertex);
    const { bytes, mtime } = await fetchUrl(engine, op);
    const folder = `/var/lib/docker/buildkit/http-${random.hex(12)}`;
    this.#folders.push(folder);
    host.fs.mkdirAll(folder);
    host.fs.writeFile(join(folder, op.filename), bytes, 0o600);
    host.fs.utimes(join(folder, op.filename), mtime, mtime);
    progress.complete(vertex);
    return { key: `http ${op.url}`, value: { kind: 'folder', path: folder } };
  }

  #inline(vertex: Vertex, op: InlineOp): Solved {
    const { engine, progress } = this.options;
    const { host, random } = engine.options;
    progress.start(vertex);
    const folder = `/var/lib/docker/buildkit/inline-${random.hex(12)}`;
    this.#folders.push(folder);
    host.fs.mkdirAll(folder);
    host.fs.writeFile(folder + op.name, op.data, op.mode);
    host.fs.chmod(folder + op.name, op.mode);
    const size = new TextEncoder().encode(op.data).length;
    this.options.store.touch('regular', `inline ${op.data}`, '[internal] preparing inline document', size);
    progress.complete(vertex);
    return { key: sha256Hex(definition(op)), value: { kind: 'folder', path: folder } };
  }

  /** What a step does, on what: the name of its result in the cache (solver.CacheMap). */
  #key(op: FileOp | ExecOp | InlineOp | HttpOp, base: string, sources: readonly string[]): string {
    const { base: _base, ...own } = op as FileOp;
    const what = JSON.stringify(own, (name, value: unknown) =>
      name === 'from' || name === 'proxy' || name === 'required' ? undefined : value,
    );
    return sha256Hex([op.kind === 'file' && op.link === true ? '' : base, what, ...sources].join('\0'));
  }

  async #file(vertex: Vertex, op: FileOp, inputs: readonly Solved[]): Promise<Solved> {
    const { engine, progress } = this.options;
    const { clock, host } = engine.options;
    const releases: (() => void)[] = [];
    const roots = new Map<Vertex, string>();
    const rootOf = (from: Vertex | undefined): string => {
      if (from === undefined) throw notThere('/');
      let root = roots.get(from);
      if (root !== undefined) return root;
      const value = this.#value(from);
      if (value.kind === 'folder') root = value.path;
      else {
        const space = workspace(engine, value.layers);
        releases.push(space.release);
        root = space.root;
      }
      roots.set(from, root);
      return root;
    };
    try {
      const baseKey = this.#keyOf(op.base, vertex, inputs);
      const copies = op.actions.filter((action) => action.kind === 'copy');
      // A stage that is the same as before need not be looked into; else what is in it decides.
      const byStage = copies.some(({ from }) => from !== undefined && this.#value(from).kind === 'layers');
      const quick = byStage
        ? this.#key(
            op,
            baseKey,
            copies.map(({ from }) => this.#keyOf(from, vertex, inputs)),
          )
        : undefined;
      const found = quick === undefined ? undefined : this.#fromCache(vertex, quick);
      if (found !== undefined) return found;
      const digests = copies.map((action) => {
        if (action.from === undefined) throw missing(engine, action.source);
        return digestOf(engine, rootOf(action.from), action);
      });
      const key = this.#key(op, baseKey, digests);
      const again = this.#fromCache(vertex, key, quick);
      if (again !== undefined) return again;
      await clock.sleep(latencies.buildStep);
      progress.start(vertex);
      const base = this.#standOn(op.base);
      const space = workspace(engine, base.layers);
      releases.push(space.release);
      const to = rooted(host, space.root);
      for (const action of op.actions) {
        if (action.kind === 'mkdir') makeFolder(to, action);
        else copyAction(rooted(host, rootOf(action.from)), to, action);
      }
      const layer = space.commit();
      await clock.sleep(latencies.buildStep + layer.size / latencies.buildBytes);
      return this.#finish(vertex, key, base, layer, quick);
    } finally {
      for (const release of releases.reverse()) release();
    }
  }

  #keyOf(input: Vertex | undefined, { inputs }: Vertex, solved: readonly Solved[]): string {
    return input === undefined ? '' : (solved[inputs.indexOf(input)]?.key ?? '');
  }

  async #exec(vertex: Vertex, op: ExecOp, inputs: readonly Solved[]): Promise<Solved> {
    const { engine, store, progress, request } = this.options;
    const sources = op.mounts.map(({ from, source }) => {
      const value = this.#value(from);
      if (value.kind === 'layers') return this.#keyOf(from, vertex, inputs);
      return checksum(rooted(engine.options.host, value.path), source);
    });
    const key = this.#key(op, this.#keyOf(op.base, vertex, inputs), sources);
    const found = this.#fromCache(vertex, key);
    if (found !== undefined) return found;
    await engine.options.clock.sleep(latencies.buildStep);
    progress.start(vertex);
    const base = this.#standOn(op.base);
    const space = workspace(engine, base.layers);
    try {
      const prepared = prepareMounts(op, {
        engine,
        store,
        secrets: request.secrets,
        fresh: vertex.ignoreCache,
        valueOf: (other) => this.#value(other),
      });
      try {
        await execute({
          engine,
          op,
          root: space.root,
          mounts: prepared.mounts,
          env: prepared.env,
          log: (stream, text) => progress.log(vertex.digest, stream, text),
          running: (kill) => {
            this.#running.add(kill);
            return () => this.#running.delete(kill);
          },
        });
      } finally {
        prepared.release();
      }
      return this.#finish(vertex, key, base, space.commit());
    } finally {
      space.release();
    }
  }

  #use(record: CacheRecord): void {
    record.inUse = true;
    this.#used.add(record);
  }

  #fromCache(vertex: Vertex, key: string, also?: string): Solved | undefined {
    const { store, progress } = this.options;
    if (vertex.ignoreCache) return undefined;
    const found = store.find(key);
    if (found === undefined) return undefined;
    if (also !== undefined) store.keep(also, found);
    store.use(found.record);
    this.#use(found.record);
    progress.complete(vertex, { cached: true });
    const { layers, created, record, chain } = found;
    return { key: found.key, value: { kind: 'layers', layers, created, chain: [...chain, record] } };
  }

  #finish(vertex: Vertex, key: string, base: Rootfs, layer: ImageLayer, also?: string): Solved {
    const { engine, store, progress } = this.options;
    engine.snapshotter.unpack(layer, store.newId());
    engine.snapshotter.stack([...base.layers, layer]);
    const record = store.record({
      kind: 'regular',
      description: describe(vertex),
      mutable: true,
      parents: base.chain.slice(-1).map(({ id }) => id),
      size: layer.size,
      layer,
    });
    this.#use(record);
    const created = [...base.created, goTimestamp(engine.options.clock.now)];
    const result: CachedResult = { key, layers: [...base.layers, layer], created, record, chain: base.chain };
    store.keep(key, result);
    if (also !== undefined) store.keep(also, result);
    progress.complete(vertex);
    return { key, value: { kind: 'layers', layers: result.layers, created, chain: [...base.chain, record] } };
  }
}
