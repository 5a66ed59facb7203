import { decode } from '../../linux/io/bytes';
import { latencies } from '../../sim/latencies';
import { goTimestamp } from '../shim/timestamp';
import { familiarString, fullString, parseReference, withDefaultTag, type Reference } from '../images/reference';
import type { Image } from '../images/image';
import { platformOf } from '../images/platforms';
import { containerdRefusal } from '../images/refusal';
import type { Engine } from '../dockerd/engine';
import { sha256Hex } from '../images/digest';
import type { BuildError, LintResults, SourceInfo, StatusResponse } from './contract';
import { findDirective } from './dockerfile/directives';
import { readDockerfile } from './dockerfile/file';
import { Linter, type Warning } from './dockerfile/lint';
import { BuildFailure } from './dockerfile/source';
import { exportImage } from './export/image';
import { lineRanges, Progress, type Shown } from './progress';
import type { BuildRequest } from './request';
import { folderOf, ignoreFile, ignorePatterns, memberOf } from './solve/context';
import { plan, type Plan, type Resolved } from './solve/plan';
import { Solver } from './solve/solver';
import type { Rootfs } from './solve/value';
import { firstPacket, transferred } from './solve/transfer';
import { vertexOf } from './solve/vertex';
import type { BuildRecord, BuildStore } from './store';

export interface BuildOutput {
  readonly status: (status: StatusResponse) => void;
  readonly lint: (results: LintResults) => void;
}

export type BuildOutcome =
  { readonly ok: true; readonly image: Image | undefined } | { readonly ok: false; readonly error: BuildError };

/** A build that runs; `cancel` when nobody waits for it any more. */
export interface Build {
  readonly done: Promise<BuildOutcome>;
  readonly cancel: () => void;
}

/** Builds an image as BuildKit does. Whatever goes wrong, nothing of it stays but what the cache keeps. */
export function startBuild(engine: Engine, store: BuildStore, request: BuildRequest, output: BuildOutput): Build {
  const run = new BuildRun(engine, store, request, output);
  return { done: run.run(), cancel: () => run.cancel() };
}

class BuildRun {
  readonly #progress: Progress;
  readonly #solver: Solver;
  readonly #record: BuildRecord;
  readonly #source: SourceInfo;
  readonly #salt: string;
  #definition: Shown | undefined;
  readonly #resolved = new Map<string, Promise<Resolved>>();

  constructor(
    readonly engine: Engine,
    readonly store: BuildStore,
    readonly request: BuildRequest,
    readonly output: BuildOutput,
  ) {
    const { clock } = engine.options;
    this.#salt = store.newId();
    this.#record = {
      ref: this.#salt,
      name: request.name,
      createdAt: clock.now,
      completedAt: undefined,
      status: 'running',
      error: undefined,
      steps: 0,
      cachedSteps: 0,
      warnings: 0,
      imageId: undefined,
      tags: request.tags,
      target: request.target,
      dockerfile: request.dockerfile,
      buildArgs: Object.fromEntries(request.buildArgs),
      platform: request.platform,
      log: [],
    };
    this.#progress = new Progress(clock, (status) => {
      this.#record.log.push(status);
      output.status(status);
    });
    this.#solver = new Solver({ engine, store, request, progress: this.#progress });
    const text = memberOf(request, request.dockerfile);
    this.#source = {
      filename: request.dockerfile,
      data: text === undefined ? '' : decode(text.body),
      language: 'Dockerfile',
    };
  }

  cancel(): void {
    this.#solver.cancel();
  }

  async run(): Promise<BuildOutcome> {
    const { clock } = this.engine.options;
    if (!this.request.check) this.store.remember(this.#record);
    try {
      const image = await this.#run();
      this.#record.status = 'completed';
      this.#record.imageId = image?.id;
      return { ok: true, image };
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      this.#record.status = error.message === 'context canceled' ? 'canceled' : 'error';
      this.#record.error = error.message;
      return { ok: false, error: this.#told(error) };
    } finally {
      this.#record.completedAt = clock.now;
      this.#record.steps = this.#progress.steps;
      this.#record.cachedSteps = this.#progress.cachedSteps;
      this.#record.warnings = this.#progress.warnings.length;
    }
  }

  #told({ message, ranges }: BuildFailure): BuildError {
    if (ranges.length === 0) return { message };
    return { message, source: { ...this.#source, ranges: lineRanges(ranges) } };
  }

  async #run(): Promise<Image | undefined> {
    const text = await this.#loadDockerfile();
    const { request } = this;
    const syntax = findDirective(text, 'syntax', true);
    if (syntax !== undefined) await this.#frontend(syntax.value.split(' ')[0] ?? '', [syntax.range]);
    const linter = Linter.for(text, request.buildArgs.get('BUILDKIT_DOCKERFILE_CHECK'));
    let planned: Plan;
    try {
      const file = readDockerfile(text, linter);
      planned = await plan(file, {
        request,
        linter,
        resolve: (reference, platform) => this.#resolveOnce(reference, platform.split('/')[1]),
        context: vertexOf({ kind: 'context' }, { name: '[internal] load build context', salt: this.#salt }),
        ignore: () => this.#loadIgnore(),
      });
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      if (!request.check) {
        this.#warn(linter.warnings);
        throw error;
      }
      this.#reportLint(linter.warnings, error);
      return undefined;
    }
    if (request.check) {
      this.#reportLint(linter.warnings);
      return undefined;
    }
    this.#warn(linter.warnings);
    const rootfs = await this.#solver.run(planned.vertex);
    return this.#export(planned, rootfs);
  }

  async #loadDockerfile(): Promise<string> {
    const { request } = this;
    const { clock } = this.engine.options;
    const shown = this.#internal(`[internal] load build definition from ${request.dockerfile.split('/').pop() ?? ''}`);
    this.#definition = shown;
    this.#progress.source(shown);
    const member = memberOf(request, request.dockerfile);
    const name = request.dockerfile.split('/').pop() ?? '';
    const members = member === undefined ? [] : [{ ...member, name }];
    const told = { name: 'transferring', ...firstPacket(members) };
    const end = this.#progress.status(shown.digest, 'transferring dockerfile:', told);
    await clock.sleep(latencies.buildSession);
    end(transferred(members, () => true));
    this.#progress.complete(shown);
    const size = member?.body.length ?? 0;
    this.store.touch('source.local', `dockerfile ${folderOf(request)}`, 'local source for dockerfile', size);
    if (member === undefined)
      throw new BuildFailure(`failed to read dockerfile: open ${request.dockerfile}: no such file or directory`);
    return decode(member.body);
  }

  async #loadIgnore(): Promise<ReturnType<typeof ignorePatterns>> {
    const { clock } = this.engine.options;
    const shown = this.#internal('[internal] load .dockerignore');
    this.#progress.source(shown);
    const { name, member } = ignoreFile(this.request);
    const members = member === undefined ? [] : [{ ...member, name }];
    const told = { name: 'transferring', ...firstPacket(members) };
    const end = this.#progress.status(shown.digest, 'transferring context:', told);
    await clock.sleep(latencies.buildSession);
    end(transferred(members, () => true));
    this.#progress.complete(shown);
    const kept = `dockerignore ${folderOf(this.request)}`;
    this.store.touch('source.local', kept, 'local source for context', member?.body.length ?? 0);
    return ignorePatterns(this.request);
  }

  /** `# syntax=`: the image of another frontend. Those that are Dockerfiles are all understood by this one. */
  async #frontend(name: string, ranges: BuildFailure['ranges']): Promise<void> {
    const reference = parseReference(name);
    if (!reference.ok) throw new BuildFailure(`failed to parse syntax ${name}: ${reference.error}`, ranges);
    const full = withDefaultTag(reference.value);
    const shown = this.#internal(`resolve image config for docker-image://${fullString(full)}`);
    this.#progress.start(shown);
    await this.engine.options.clock.sleep(latencies.registryResolve);
    const found = this.engine.options.registries.resolve(full);
    if (found.ok) {
      this.#progress.complete(shown);
      return;
    }
    const why = containerdRefusal(full, found.error);
    this.#progress.complete(shown, { error: why });
    throw new BuildFailure(`failed to resolve source metadata for ${fullString(full)}: ${why}`, ranges);
  }

  #resolveOnce(name: string, architecture = 'amd64'): Promise<Resolved> {
    const key = `${name} ${architecture}`;
    let resolved = this.#resolved.get(key);
    if (resolved === undefined) this.#resolved.set(key, (resolved = this.#resolve(name, architecture)));
    return resolved;
  }

  /** An image's configuration: of the one that is here, else the registry's. */
  async #resolve(name: string, architecture: string): Promise<Resolved> {
    const { engine, request } = this;
    const { clock, registries } = engine.options;
    const shown = this.#internal(`[internal] load metadata for ${name}`);
    this.#progress.start(shown);
    const parsed = parseReference(name);
    const here = engine.images.find(name)?.image;
    if (here !== undefined && !request.pull && platformOf(here).architecture === architecture) {
      await clock.sleep(latencies.buildSession / 10);
      this.#progress.complete(shown);
      return { image: here };
    }
    if (parsed.ok && !engine.images.isPublic(parsed.value)) return this.#resolveInNetwork(shown, name, parsed.value);
    await clock.sleep(latencies.registryResolve);
    const found = parsed.ok ? registries.request(parsed.value, clock.now, 'linux', architecture) : undefined;
    if (found?.ok === true) {
      this.#progress.complete(shown);
      return {
        image: found.value,
        digest: (parsed.ok ? registries.digestOf(parsed.value) : undefined) ?? found.value.digest,
      };
    }
    const why = parsed.ok && found !== undefined && !found.ok ? containerdRefusal(parsed.value, found.error) : '';
    this.#progress.complete(shown, { error: why });
    throw new BuildFailure(`failed to resolve source metadata for ${name}: ${why}`);
  }

  /** From a registry that is a machine of this network. */
  async #resolveInNetwork(shown: Shown, name: string, parsed: Reference): Promise<Resolved> {
    const { engine, request } = this;
    const reference = withDefaultTag(parsed);
    const { fetchForBuild } = await engine.options.clock.external(() => import('../registry/network-image'));
    const credentials = request.credentials.get(reference.domain);
    const fetched = await fetchForBuild(engine, { reference, credentials });
    if (fetched.ok) {
      this.#progress.complete(shown);
      return fetched.value;
    }
    this.#progress.complete(shown, { error: fetched.error });
    throw new BuildFailure(`failed to resolve source metadata for ${name}: ${fetched.error}`);
  }

  #internal(name: string): Shown {
    return { digest: `sha256:${sha256Hex(`${name} ${this.#salt}`)}`, name };
  }

  #warn(warnings: readonly Warning[]): void {
    for (const warning of warnings) this.#progress.warn(this.#definition?.digest ?? '', warning, this.#source);
  }

  #reportLint(warnings: readonly Warning[], failure?: BuildFailure): void {
    const at = (ranges: Warning['ranges']) => ({ sourceIndex: 0, ranges: lineRanges(ranges) });
    this.output.lint({
      warnings: warnings.map(({ rule, description, url, detail, ranges }) => ({
        ruleName: rule,
        description,
        ...(url === '' ? {} : { url }),
        detail,
        location: at(ranges),
      })),
      sources: [this.#source],
      ...(failure === undefined
        ? {}
        : {
            buildError: {
              message: failure.message,
              ...(failure.ranges.length === 0 ? {} : { location: at(failure.ranges) }),
            },
          }),
    });
  }

  async #export({ image: draft }: Plan, rootfs: Rootfs): Promise<Image> {
    const { engine, request } = this;
    const { clock, trace, host } = engine.options;
    const shown = this.#internal('exporting to image');
    this.#progress.start(shown);
    const layers = this.#progress.status(shown.digest, 'exporting layers');
    const fresh = rootfs.chain.filter(({ shared }) => !shared).length;
    await clock.sleep(latencies.buildStep / 2 + fresh * latencies.buildStep);
    const image = this.#same(exportImage(draft, rootfs, goTimestamp(clock.now)));
    layers();
    const writing = this.#progress.status(shown.digest, `writing image ${image.id}`);
    for (const record of rootfs.chain) {
      record.shared = true;
      record.mutable = false;
    }
    engine.images.add(image);
    writing();
    trace.record(`buildkit@${host.name}`, 'export', image.id);
    for (const tag of request.tags) {
      const reference = parseReference(tag);
      if (!reference.ok) continue;
      const full = withDefaultTag(reference.value);
      const shownName = full.tag === 'latest' && !/:latest$/.test(tag) ? tagless(full) : fullString(full);
      const naming = this.#progress.status(shown.digest, `naming to ${shownName}`);
      engine.images.tag(image, full);
      engine.events.emit('image', 'tag', image.id, {
        ...image.config.Labels,
        name: familiarString(shownName === tagless(full) ? reference.value : full),
      });
      naming();
    }
    engine.events.emit('image', 'create', image.id, { ...image.config.Labels, name: image.id });
    this.#progress.complete(shown);
    return image;
  }

  /** The image that is there already, if it is the same. */
  #same(image: Image): Image {
    return this.engine.images.find(image.id)?.image ?? image;
  }
}

const tagless = ({ domain, path }: Reference): string => `${domain}/${path}`;
