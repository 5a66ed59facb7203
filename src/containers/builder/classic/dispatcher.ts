import { layerOfUpper } from '../../archive/upper';
import { sha256Hex } from '../../images/digest';
import { Image } from '../../images/image';
import type { ImageLayer } from '../../images/layer';
import type { Container } from '../../dockerd/container';
import type { Engine } from '../../dockerd/engine';
import { goTimestamp } from '../../shim/timestamp';
import { decode } from '../../../linux/io/bytes';
import { expand } from '../dockerfile/expand';
import type { Add, Copy, Instruction, Run } from '../dockerfile/instructions/types';
import { BuildFailure } from '../dockerfile/source';
import { inOrder } from '../export/image';
import type { BuildRequest } from '../request';
import type { BuildStore } from '../store';
import { makeFolder } from '../solve/files';
import { rooted } from '../solve/rooted';
import { workspace } from '../solve/workspace';
import { inRed, needsBuildKit, prepareCopy, type CopySource } from './copy';
import { ExitFailure } from './exit-failure';
import { shellOf, variablesOf, type ClassicStage } from './stage';
import { applySetting } from './steps';

export interface ClassicOptions {
  /** Removes containers of steps that went well. */
  readonly remove: boolean;
  readonly forceRemove: boolean;
  /** Of the engine, for the images' `DockerVersion`. */
  readonly version: string;
}

export interface StepContext {
  readonly escape: string;
  readonly globals: ReadonlyMap<string, string>;
  readonly stageImage: (from: string) => Promise<Image | undefined>;
}

/** Executes instructions: each a container that is committed, or an image found in the cache. */
export class Dispatcher {
  /** A step was not found in the cache: those after it are not either. */
  #busted = false;
  #containers: Container[] = [];
  #cancelled = false;

  constructor(
    readonly engine: Engine,
    readonly store: BuildStore,
    readonly request: BuildRequest & ClassicOptions,
    readonly context: string,
    readonly say: (text: string) => void,
  ) {}

  /** A stage begins. */
  begin(): void {
    this.#busted = false;
  }

  cancel(): void {
    this.#cancelled = true;
    for (const container of this.#containers) this.engine.kill(container, 'SIGKILL');
  }

  async dispatch(stage: ClassicStage, instruction: Instruction, context: StepContext): Promise<void> {
    if (this.#cancelled) throw new BuildFailure('context canceled');
    switch (instruction.kind) {
      case 'run':
        await this.#run(stage, instruction);
        break;
      case 'add':
      case 'copy':
        await this.#copy(stage, instruction, context);
        break;
      case 'arg': {
        const said = instruction.pairs.map(({ key, value }) => {
          const fallback = value === undefined ? context.globals.get(key) : this.#word(stage, context)(value);
          stage.args.set(key, this.request.buildArgs.get(key) ?? fallback);
          return value === undefined ? key : `${key}=${fallback ?? ''}`;
        });
        this.#commit(stage, `ARG ${said.join(' ')}`);
        break;
      }
      default: {
        const comment = applySetting(stage, instruction, context.escape);
        const author = instruction.kind === 'maintainer' ? instruction.text : undefined;
        this.#commit(stage, comment, instruction.kind === 'workdir' ? stage.config.WorkingDir : undefined, author);
      }
    }
    if (this.request.remove) this.removeAll();
  }

  /** `--label` is one more step. */
  label(stage: ClassicStage, labels: Readonly<Record<string, string>>): Promise<void> {
    stage.config.Labels = { ...stage.config.Labels, ...labels };
    this.#commit(
      stage,
      `LABEL ${Object.entries(labels)
        .map((pair) => pair.join('='))
        .join(' ')}`,
    );
    if (this.request.remove) this.removeAll();
    return Promise.resolve();
  }

  removeAll(): void {
    for (const container of this.#containers) {
      this.engine.remove(container, { force: true, volumes: true, as: container.id }, () => undefined);
      this.say(` ---> Removed intermediate container ${container.id.slice(0, 12)}\n`);
    }
    this.#containers = [];
  }

  #word(stage: ClassicStage, { escape }: StepContext): (text: string) => string {
    return (text) => expand(text, variablesOf(stage), { escape }).text;
  }

  /** A step that only changes settings, and perhaps makes the working directory. */
  #commit(stage: ClassicStage, comment: string, folder?: string, author?: string): void {
    const cmd = [...shellOf(stage), '#(nop) ', comment];
    const key = JSON.stringify({ ...stage.config, Cmd: cmd });
    if (this.#probe(stage, key)) return;
    const container = this.#create(stage, { Cmd: cmd });
    let layer: ImageLayer | undefined;
    if (folder !== undefined && folder !== '/') {
      const space = workspace(this.engine, stage.image?.layers ?? []);
      makeFolder(rooted(this.engine.options.host, space.root), { kind: 'mkdir', path: folder, user: '' });
      layer = space.commit();
      space.release();
    }
    this.#image(stage, key, cmd.join(' '), layer, container, author);
  }

  async #run(stage: ClassicStage, run: Run): Promise<void> {
    if (run.mounts.length > 0) throw needsBuildKit('mount');
    if (run.network !== '') throw needsBuildKit('network');
    if (run.security !== '') throw needsBuildKit('security');
    const args = run.command.shell ? [...shellOf(stage), run.command.words.join(' ')] : run.command.words;
    const variables = variablesOf(stage);
    const own = new Set((stage.config.Env ?? []).map((entry) => entry.split('=')[0]));
    const given = [...stage.args]
      .filter(([name, value]) => value !== undefined && !own.has(name))
      .map(([name]) => `${name}=${variables.get(name) ?? ''}`)
      .sort();
    const said = given.length === 0 ? args : [`|${given.length}`, ...given, ...args];
    const key = JSON.stringify({ ...stage.config, Cmd: said });
    if (this.#probe(stage, key)) return;
    const container = this.#create(stage, { Cmd: args, Env: [...(stage.config.Env ?? []), ...given] }, true);
    if (container === undefined) throw new BuildFailure('no command specified');
    const code = await this.#execute(container);
    if (code !== 0) throw new ExitFailure(`The command '${args.join(' ')}' returned a non-zero code: ${code}`, code);
    const layer = layerOfUpper(this.engine.options.host.fs, container.snapshot.upper);
    this.#image(stage, key, said.join(' '), layer, container);
  }

  #execute(container: Container): Promise<number> {
    const { engine } = this;
    const exited = engine.options.clock.deferred<number | BuildFailure>();
    container.pendingAttach.add(({ streams }) => {
      streams.stdout.listen((bytes) => this.say(decode(bytes)));
      streams.stderr.listen((bytes) => this.say(inRed(decode(bytes))));
    });
    container.waiters.add({ condition: 'next-exit', done: (code) => exited.resolve(code) });
    engine.start(container, (started) => {
      if (!started.ok) exited.resolve(new BuildFailure(started.error.message));
    });
    return exited.promise.then((result) => {
      if (result instanceof BuildFailure) throw result;
      return result;
    });
  }

  async #copy(stage: ClassicStage, instruction: Add | Copy, context: StepContext): Promise<void> {
    const from = instruction.kind === 'copy' ? instruction.from : '';
    let source: CopySource = { root: this.context, isContext: true };
    let release = (): void => undefined;
    if (from !== '') {
      const image = await context.stageImage(from);
      const space = workspace(this.engine, image?.layers ?? []);
      source = { root: space.root, isContext: false };
      release = space.release;
    }
    try {
      const directory = stage.config.WorkingDir ?? '/';
      const copy = await prepareCopy(this.engine, instruction, source, directory, this.#word(stage, context));
      const comment = `${instruction.kind.toUpperCase()} ${copy.what} in ${copy.target} `;
      const cmd = [...shellOf(stage), '#(nop) ', comment];
      const key = JSON.stringify({ ...stage.config, Cmd: cmd });
      if (this.#probe(stage, key)) return;
      this.#image(stage, key, cmd.join(' '), copy.layer(stage.image?.layers ?? []), undefined);
    } finally {
      release();
    }
  }

  /** Takes the image that the same step made of the same parent, if there is one. */
  #probe(stage: ClassicStage, key: string): boolean {
    if (this.request.noCache || this.#busted) return false;
    const found = this.store.classic.get(this.#name(stage, key));
    if (found === undefined || this.engine.images.get(found) === undefined) {
      this.#busted = true;
      return false;
    }
    this.say(' ---> Using cache\n');
    stage.image = found;
    return true;
  }

  #name = (stage: ClassicStage, key: string): string => sha256Hex(`${stage.image?.id ?? ''}\0${key}`);

  #create(
    stage: ClassicStage,
    settings: { readonly Cmd: readonly string[]; readonly Env?: readonly string[] },
    runs = false,
  ): Container | undefined {
    const { engine, request } = this;
    if (stage.image === undefined) {
      this.say(` ---> Running in ${engine.options.random.hex(12)}\n`);
      return undefined;
    }
    const created = engine.create(
      {
        Image: stage.image.id,
        ...settings,
        ...(runs
          ? { Entrypoint: [''] }
          : stage.config.Entrypoint === undefined
            ? {}
            : { Entrypoint: stage.config.Entrypoint }),
        ...(stage.config.User === undefined ? {} : { User: stage.config.User }),
        ...(stage.config.WorkingDir === undefined ? {} : { WorkingDir: stage.config.WorkingDir }),
        HostConfig: {
          NetworkMode: request.network,
          ...(request.extraHosts.length === 0 ? {} : { ExtraHosts: request.extraHosts }),
        },
      },
      '',
    );
    if (!created.ok) throw new BuildFailure(created.error.message);
    const { container } = created.value;
    this.#containers.push(container);
    this.say(` ---> Running in ${container.id.slice(0, 12)}\n`);
    return container;
  }

  #image(
    stage: ClassicStage,
    key: string,
    says: string,
    layer: ImageLayer | undefined,
    container: Container | undefined,
    author = stage.image?.details.author,
  ): void {
    const { engine, store, request } = this;
    const created = goTimestamp(engine.options.clock.now);
    const empty = layer === undefined || Object.keys(layer.entries).length === 0;
    const history = { created, created_by: says, ...(empty ? { empty_layer: true as const } : {}) };
    const base = stage.image;
    const config = inOrder(stage.config);
    const image = new Image(
      [...(base?.layers ?? []), ...(empty ? [] : [layer])],
      config,
      [...(base?.history ?? []), author === undefined ? history : { ...history, author }],
      created,
      {
        dockerVersion: request.version,
        ...(author === undefined ? {} : { author }),
        ...(container === undefined ? {} : { container: container.id }),
        ...(base === undefined ? {} : { parent: base.id }),
      },
    );
    engine.images.add(image);
    store.classic.set(this.#name(stage, key), image);
    stage.image = image;
  }
}
