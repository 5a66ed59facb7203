import { dockerRefusal } from '../../images/refusal';
import type { Engine } from '../../dockerd/engine';
import { decode } from '../../../linux/io/bytes';
import { parseReference, withDefaultTag, type Reference } from '../../images/reference';
import { type Image } from '../../images/image';
import { parseTrigger, readDockerfile, type Dockerfile } from '../dockerfile/file';
import { Linter } from '../dockerfile/lint';
import { BuildFailure } from '../dockerfile/source';
import { didYouMean } from '../dockerfile/suggest';
import { expand } from '../dockerfile/expand';
import type { Instruction, Stage } from '../dockerfile/instructions/types';
import type { BuildRequest } from '../request';
import type { BuildStore } from '../store';
import { globalArguments } from '../solve/arguments';
import { ignorePatterns, memberOf } from '../solve/context';
import { unpack } from '../solve/unpack';
import { rooted } from '../solve/rooted';
import { Dispatcher, type ClassicOptions } from './dispatcher';
import { ExitFailure } from './exit-failure';
import type { ClassicStage } from './stage';

export interface ClassicRequest extends BuildRequest, ClassicOptions {
  readonly quiet: boolean;
}

/** What the classic builder streams. */
export type ClassicMessage =
  | { readonly stream: string }
  | { readonly aux: { readonly ID: string } }
  | { readonly errorDetail: { readonly code?: number; readonly message: string }; readonly error: string };

export interface ClassicBuild {
  /** What is wrong before anything is streamed. */
  readonly refused: string | undefined;
  readonly run: () => Promise<void>;
  readonly cancel: () => void;
}

/** A build as docker did it before BuildKit: instruction by instruction, each an image (builder/dockerfile). */
export function classicBuild(
  engine: Engine,
  store: BuildStore,
  request: ClassicRequest,
  tell: (message: ClassicMessage) => void,
): ClassicBuild {
  try {
    const build = new Classic(engine, store, request, tell);
    return { refused: undefined, run: () => build.run(), cancel: () => build.cancel() };
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    return { refused: error.message, run: () => Promise.resolve(), cancel: () => undefined };
  }
}

class Classic {
  readonly #file: Dockerfile;
  readonly #stages: readonly Stage[];
  readonly #dispatcher: Dispatcher;
  readonly #context: string;
  readonly #done: { readonly name: string; readonly image: Image | undefined }[] = [];
  #step = 0;

  constructor(
    readonly engine: Engine,
    readonly store: BuildStore,
    readonly request: ClassicRequest,
    readonly tell: (message: ClassicMessage) => void,
  ) {
    const member = memberOf(request, request.dockerfile);
    if (member === undefined) throw new BuildFailure(`Cannot locate specified Dockerfile: ${request.dockerfile}`);
    const text = decode(member.body);
    if (text === '') throw new BuildFailure(`the Dockerfile (${request.dockerfile}) cannot be empty`);
    this.#file = readDockerfile(text, new Linter());
    const { stages } = this.#file;
    if (stages.length === 0) throw new BuildFailure('dockerfile contains no stages to build');
    this.#stages = stages.slice(0, this.#targetIndex() + 1);
    this.#context = `/var/lib/docker/tmp/docker-builder${engine.options.random.hex(9)}`;
    this.#dispatcher = new Dispatcher(engine, store, request, this.#context, (text) => this.#say(text));
  }

  cancel(): void {
    this.#dispatcher.cancel();
  }

  #targetIndex(): number {
    const { target } = this.request;
    const { stages } = this.#file;
    if (target === '') return stages.length - 1;
    const named = stages.findIndex(({ name }) => name !== '' && name === target.toLowerCase());
    if (named >= 0) return named;
    const index = Number(target);
    if (/^\d+$/.test(target) && index < stages.length) return index;
    const names = stages.map(({ name }) => name).filter((name) => name !== '');
    throw new BuildFailure(`target stage ${JSON.stringify(target)} could not be found${didYouMean(target, names)}`);
  }

  #say(stream: string): void {
    if (!this.request.quiet) this.tell({ stream });
  }

  async run(): Promise<void> {
    const { fs } = this.engine.options.host;
    try {
      this.#unpack();
      const image = await this.#build();
      if (this.request.quiet) this.tell({ stream: `${image.id}\n` });
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      if (this.request.forceRemove) this.#dispatcher.removeAll();
      const { message } = error;
      const code = error instanceof ExitFailure ? { code: error.code } : {};
      this.tell({ errorDetail: { ...code, message }, error: message });
    } finally {
      fs.removeAll(this.#context);
    }
  }

  /**
   * .dockerignore is the client's business; of an archive somebody else made the daemon takes at most the Dockerfile and
   * that file itself out (builder/remotecontext/detect.go, removeDockerfile).
   */
  #unpack(): void {
    const { host } = this.engine.options;
    const ignore = ignorePatterns(this.request);
    const own = ['.dockerignore', this.request.dockerfile];
    const kept = this.request.context.filter(({ name }) => {
      const path = name.replace(/^(\.\/)+/, '');
      return !own.includes(path) || ignore?.matches(path) !== true;
    });
    host.fs.mkdirAll(this.#context, 0o700);
    unpack(rooted(host, this.#context), '/', kept, { uid: 0, gid: 0 });
  }

  #announce(code: string, total: number): void {
    this.#step++;
    this.#say(`Step ${this.#step}/${total} : ${code}`);
    this.#say('\n');
  }

  async #build(): Promise<Image> {
    const { request } = this;
    const { metaArgs, escape } = this.#file;
    const stages = this.#stages;
    const total = metaArgs.length + stages.reduce((sum, { instructions }) => sum + instructions.length + 1, 0);
    const globals = globalArguments(this.#file, request.buildArgs, request.target, request.platform);
    for (const { code } of metaArgs) this.#announce(code, total);
    const consumed = new Set(metaArgs.flatMap(({ pairs }) => pairs.map(({ key }) => key)));
    let last: ClassicStage | undefined;
    for (const stage of stages) {
      this.#announce(stage.from.code, total);
      const state = await this.#from(stage, expand(stage.base, globals, { escape }).text);
      this.#say(` ---> ${short(state.image)}\n`);
      for (const instruction of stage.instructions) {
        this.#announce(instruction.code, total);
        for (const key of keysOf(instruction)) consumed.add(key);
        await this.#dispatch(state, instruction, globals);
        this.#say(` ---> ${short(state.image)}\n`);
      }
      this.#done.push({ name: stage.name, image: state.image });
      last = state;
    }
    const unused = [...request.buildArgs.keys()].filter((key) => !consumed.has(key) && !/_proxy$/i.test(key)).sort();
    if (unused.length > 0) this.#say(`[Warning] One or more build-args [${unused.join(' ')}] were not consumed\n`);
    if (last !== undefined && Object.keys(request.labels).length > 0)
      await this.#dispatcher.label(last, request.labels);
    const image = last?.image;
    if (image === undefined) throw new BuildFailure('No image was generated. Is your Dockerfile empty?');
    if (!request.quiet) this.tell({ aux: { ID: image.id } });
    this.#say(`Successfully built ${short(image)}\n`);
    for (const tag of request.tags) {
      const reference = parseReference(tag);
      if (!reference.ok) throw new BuildFailure(reference.error);
      const full = withDefaultTag(reference.value);
      this.engine.images.tag(image, full);
      this.engine.events.emit('image', 'tag', image.id, { name: tag });
      this.#say(`Successfully tagged ${tag.includes(':', tag.lastIndexOf('/') + 1) ? tag : `${tag}:latest`}\n`);
    }
    return image;
  }

  async #dispatch(state: ClassicStage, instruction: Instruction, globals: ReadonlyMap<string, string>): Promise<void> {
    await this.#dispatcher.dispatch(state, instruction, {
      escape: this.#file.escape,
      globals,
      stageImage: (from) => this.#stageImage(from),
    });
  }

  /** COPY --from: a stage by name or number, or an image. */
  async #stageImage(from: string): Promise<Image | undefined> {
    const named = this.#done.find(({ name }) => name !== '' && name === from.toLowerCase());
    const stage = named ?? (/^\d+$/.test(from) ? this.#done[Number(from)] : undefined);
    return stage === undefined ? this.#image(from) : stage.image;
  }

  async #from(stage: Stage, base: string): Promise<ClassicStage> {
    if (base === '') throw new BuildFailure(`base name (${stage.base}) should not be blank`);
    const earlier = this.#done.find(({ name }) => name !== '' && name === base.toLowerCase());
    const image = base === 'scratch' ? undefined : earlier !== undefined ? earlier.image : await this.#image(base);
    const state: ClassicStage = { image, config: { ...image?.config }, args: new Map(), cmdSet: false };
    const env = image?.config.Env ?? [];
    if (!env.some((entry) => entry.startsWith('PATH='))) state.config.Env = [...env, `PATH=${defaultPath}`];
    this.#dispatcher.begin();
    const triggers = image?.config.OnBuild ?? [];
    delete state.config.OnBuild;
    if (triggers.length === 0) return state;
    this.#say(`# Executing ${triggers.length} build trigger${triggers.length > 1 ? 's' : ''}`);
    this.#say('\n');
    for (const trigger of triggers) await this.#dispatch(state, parseTrigger(trigger, stage.from), new Map());
    return state;
  }

  /** The image that is here, or a pull; the classic builder keeps what it pulls. */
  #image(name: string): Promise<Image> {
    const { engine, request } = this;
    const here = engine.images.find(name)?.image;
    if (here !== undefined && !request.pull) return Promise.resolve(here);
    const reference = parseReference(name);
    if (!reference.ok) throw new BuildFailure(reference.error);
    const full = withDefaultTag(reference.value);
    if (!engine.images.isPublic(full)) return this.#fromNetwork(full);
    const pulled = engine.options.clock.deferred<Image | BuildFailure>();
    const [, architecture] = request.platform.split('/');
    engine.images.pull(full, {
      ...(architecture === undefined ? {} : { architecture }),
      done: (result) =>
        pulled.resolve(result.ok ? result.value.image : new BuildFailure(dockerRefusal(full, result.error))),
    });
    return pulled.promise.then((result) => {
      if (result instanceof BuildFailure) throw result;
      return result;
    });
  }

  /** From a registry that is a machine of this network. */
  async #fromNetwork(reference: Reference): Promise<Image> {
    const { engine, request } = this;
    const { pullFromNetwork } = await engine.options.clock.external(() => import('../../registry/network-image'));
    const credentials = request.credentials.get(reference.domain);
    const pulled = await pullFromNetwork(engine, { reference, credentials });
    if (!pulled.ok) throw new BuildFailure(pulled.error.message);
    return pulled.value.image;
  }
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const short = (image: Image | undefined): string => image?.id.slice('sha256:'.length, 'sha256:'.length + 12) ?? '';
const keysOf = (instruction: Instruction): readonly string[] =>
  instruction.kind === 'arg' ? instruction.pairs.map(({ key }) => key) : [];
