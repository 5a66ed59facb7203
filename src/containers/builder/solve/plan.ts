import { fullString, parseReference, withDefaultTag } from '../../images/reference';
import type { Image } from '../../images/image';
import { expand } from '../dockerfile/expand';
import { parseTrigger, type Dockerfile } from '../dockerfile/file';
import type { Instruction } from '../dockerfile/instructions/types';
import { mountSource } from '../dockerfile/instructions/mount';
import type { Linter } from '../dockerfile/lint';
import { BuildFailure, located, type Range } from '../dockerfile/source';
import { didYouMean } from '../dockerfile/suggest';
import { lintDefaultBases, lintStages } from '../dockerfile/validate';
import type { PatternMatcher } from '../patternmatcher';
import type { BuildRequest } from '../request';
import { globalArguments } from './arguments';
import { convert, type ConvertContext } from './convert';
import { ImageDraft } from './draft';
import { lintFromArguments, lintPlatform } from './lint-from';
import { platformOf } from './platform';
import { Stages, StageState, type Command } from './stage';
import type { Vertex } from './types';
import { vertexOf } from './vertex';

/** What the plan needs from outside. */
export interface PlanContext {
  readonly request: BuildRequest;
  readonly linter: Linter;
  /** Asks for an image and its configuration; told as a vertex. */
  /** `platform`: `linux/arm64`, or empty for the host's. */
  readonly resolve: (reference: string, platform: string) => Promise<Resolved>;
  readonly context: Vertex;
  /** Loads .dockerignore. */
  readonly ignore: () => Promise<PatternMatcher | undefined>;
}

/** A base image; `digest` where a registry told it. */
export interface Resolved {
  readonly image: Image;
  readonly digest?: string;
}

export interface Plan {
  readonly vertex: Vertex | undefined;
  readonly image: ImageDraft;
}

/** A Dockerfile as a graph of vertices, and the configuration of the image that comes of it (dockerfile2llb). */
export async function plan(file: Dockerfile, context: PlanContext): Promise<Plan> {
  const { request, linter } = context;
  const { stages, escape } = file;
  if (stages.length === 0) throw new BuildFailure('dockerfile contains no stages to build');
  lintStages(stages, linter);
  const target = request.target === '' ? (stages.at(-1)?.name ?? '') : request.target;
  lintDefaultBases(stages, globalArguments(file, new Map(), target, request.platform), escape, linter);
  const globals = globalArguments(file, request.buildArgs, target, request.platform);
  const planner = new Planner(file, context, globals);
  return planner.run();
}

class Planner {
  readonly #stages = new Stages();
  readonly #images = new Map<string, Vertex>();

  constructor(
    readonly file: Dockerfile,
    readonly context: PlanContext,
    readonly globals: ReadonlyMap<string, string>,
  ) {}

  async run(): Promise<Plan> {
    this.#declare();
    const target = this.#target();
    for (const state of [...this.#stages.all])
      this.#setCommands(
        state,
        state.stage.instructions.map((instruction) => this.#command(instruction, false)),
      );
    this.#checkCycles();
    const [only, another] = this.#stages.all;
    if (only !== undefined && another === undefined) only.label = '';
    const reachable = await this.#resolve(target);
    const ignore = await this.context.ignore();
    for (const state of this.#stages.all) {
      if (state.dispatched || (!reachable.has(state) && !this.#everything)) continue;
      this.#dispatch(state, ignore);
    }
    const { request, linter } = this.context;
    const labels = Object.entries(request.labels);
    if (labels.length > 0)
      target.image.config.Labels = { ...target.image.config.Labels, ...Object.fromEntries(labels) };
    linter.check();
    return { vertex: target.vertex, image: target.image };
  }

  /** `--check` looks at all stages. */
  get #everything(): boolean {
    return this.context.request.check && this.context.request.target === '';
  }

  #declare(): void {
    const { request, linter } = this.context;
    const { stages, escape, metaArgs } = this.file;
    const declared = new Set([...this.globals.keys(), ...metaArgs.flatMap(({ pairs }) => pairs.map(({ key }) => key))]);
    for (const [index, stage] of stages.entries()) {
      const { ranges, comments } = stage.from;
      const lint = linter.with(comments);
      const base = located(ranges, () => expand(stage.base, this.globals, { escape }));
      lintFromArguments(base.unmatched, declared, ranges, lint);
      if (base.text === '') throw new BuildFailure(`base name (${stage.base}) should not be blank`, ranges);
      const state = new StageState(stage, stage.name === '' ? `stage-${index}` : stage.name, base.text);
      if (stage.platform !== '') {
        const platform = located(ranges, () => expand(stage.platform, this.globals, { escape }));
        lintFromArguments(platform.unmatched, declared, ranges, lint);
        lintPlatform(stage, platform, this.globals, lint);
        state.platform = located(ranges, () => platformOf(stage.platform, platform, this.globals));
      }
      this.#stages.add(state);
      const steps = stage.instructions.filter(({ kind }) => ['add', 'copy', 'run', 'workdir'].includes(kind));
      state.total = steps.length + (state.baseName !== 'scratch' && state.base === undefined ? 1 : 0);
      state.ignoreCache =
        request.noCache || request.noCacheFilter.some((name) => name.toLowerCase() === stage.name && name !== '');
    }
  }

  #target(): StageState {
    const { target } = this.context.request;
    const last = this.#stages.all.at(-1);
    if (target === '' && last !== undefined) return last;
    const found = this.#stages.byName(target);
    if (found !== undefined) return found;
    throw new BuildFailure(
      `target stage ${JSON.stringify(target)} could not be found${didYouMean(target, this.#stages.names)}`,
    );
  }

  #command(instruction: Instruction, onBuild: boolean): Command {
    if (instruction.kind === 'copy' && instruction.from !== '')
      return { instruction, sources: [this.#copySource(instruction.from, instruction.ranges)], onBuild };
    if (instruction.kind !== 'run') return { instruction, sources: [], onBuild };
    const sources = instruction.mounts.map((mount) => {
      // Without a source it is an empty one.
      const from = mountSource(mount);
      return this.#named(from === '' ? 'scratch' : from, instruction.ranges);
    });
    return { instruction, sources, onBuild };
  }

  #copySource(from: string, ranges: readonly Range[]): StageState {
    if (expand(from, new Map()).text !== from)
      throw new BuildFailure(
        'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
      );
    if (!/^[+-]?\d+$/.test(from)) return this.#named(from, ranges);
    const state = this.#stages.all[Number(from)];
    if (state === undefined) throw new BuildFailure(`invalid stage index ${Number(from)}`);
    return state;
  }

  #named(from: string, ranges: readonly Range[]): StageState {
    const known = this.#stages.byName(from);
    if (known !== undefined) return known;
    const common = { name: 'FROM', code: `FROM ${from}`, ranges, comments: [] };
    const stage = { from: common, base: from, name: '', platform: '', instructions: [] };
    return new StageState(stage, '', from, true);
  }

  #setCommands(state: StageState, commands: readonly Command[]): boolean {
    let more = false;
    for (const { sources, instruction } of commands) {
      for (const source of sources) {
        if (source === undefined) continue;
        more = true;
        state.deps.set(source, instruction.ranges);
        if (source.unregistered && !this.#stages.all.includes(source)) this.#stages.add(source);
      }
    }
    state.commands = [...commands, ...state.commands];
    return more;
  }

  #checkCycles(): void {
    const done = new Set<StageState>();
    const visit = (state: StageState, path: readonly StageState[], ranges: readonly Range[]): void => {
      if (path.includes(state))
        throw new BuildFailure(`circular dependency detected on stage: ${path[0]?.label ?? ''}`, ranges);
      if (done.has(state)) return;
      for (const [dep, at] of state.deps) visit(dep, [...path, state], [...ranges, ...at]);
      done.add(state);
    };
    for (const state of this.#stages.all) visit(state, [], []);
  }

  /** Images that stages begin with; triggers in them may ask for more. */
  async #resolve(target: StageState): Promise<ReadonlySet<StageState>> {
    for (;;) {
      const reachable = this.#stages.reachable(target);
      const wanted = this.#stages.all.filter(
        (state) =>
          state.base === undefined &&
          !state.resolved &&
          !state.dispatched &&
          (this.#everything || reachable.has(state)),
      );
      await Promise.all(wanted.map((state) => this.#resolveBase(state)));
      let more = false;
      for (const state of this.#stages.all) {
        if (!reachable.has(state) || state.triggered) continue;
        state.triggered = true;
        more = this.#pullTriggers(state) || more;
      }
      if (!more) return this.#stages.reachable(target);
    }
  }

  async #resolveBase(state: StageState): Promise<void> {
    state.resolved = true;
    state.dispatched = state.unregistered;
    const platform = state.platform === '' ? this.context.request.platform : state.platform;
    if (state.baseName === 'scratch') {
      const [, architecture = 'amd64', variant] = platform.split('/');
      if (architecture !== 'amd64')
        state.image.platform = { architecture, ...(variant === undefined ? {} : { variant }) };
      return;
    }
    const { ranges } = state.stage.from;
    const reference = parseReference(state.baseName);
    if (!reference.ok)
      throw new BuildFailure(
        `failed to parse stage name ${JSON.stringify(state.baseName)}: ${reference.error}`,
        ranges,
      );
    const full = fullString(withDefaultTag(reference.value));
    let resolved: Resolved;
    try {
      resolved = await this.context.resolve(full, platform);
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      const names = [...this.#stages.names, ...commonImages];
      throw new BuildFailure(`${state.baseName}: ${error.message}${didYouMean(state.baseName, names)}`, ranges);
    }
    const { image, digest } = resolved;
    const shown = digest === undefined || full.includes('@') ? full : `${full}@${digest}`;
    state.image = ImageDraft.from(image);
    const name = state.unregistered ? `FROM ${shown}` : state.prefixed(`FROM ${shown}`);
    const vertex = vertexOf({ kind: 'image', reference: full, image }, { name, ranges });
    // Stages on one image share its vertex, under the first one's name.
    state.vertex = this.#images.get(vertex.digest) ?? vertex;
    this.#images.set(vertex.digest, state.vertex);
  }

  /** ONBUILD of the base, in front of the stage's own instructions. */
  #pullTriggers(state: StageState): boolean {
    const { base, image, stage } = state;
    const inherited =
      base === undefined
        ? (image.config.OnBuild ?? [])
        : base.stage.instructions.flatMap((instruction) =>
            instruction.kind === 'onbuild' ? [instruction.expression] : [],
          );
    delete image.config.OnBuild;
    if (inherited.length === 0) return false;
    const commands = inherited.map((trigger) => {
      try {
        return this.#command(parseTrigger(trigger, stage.from), true);
      } catch (error) {
        throw error instanceof BuildFailure ? new BuildFailure(error.message, stage.from.ranges) : error;
      }
    });
    state.total += commands.length;
    return this.#setCommands(state, commands);
  }

  #dispatch(state: StageState, ignore: PatternMatcher | undefined): void {
    const { request, linter, context } = this.context;
    state.inherit();
    state.dispatched = true;
    const { image } = state;
    if (!image.env.has('PATH')) image.config.Env = [...(image.config.Env ?? []), `PATH=${defaultPath}`];
    if (state.base === undefined) {
      state.env = new Map(image.env);
      state.dir =
        image.config.WorkingDir === undefined || image.config.WorkingDir === '' ? '/' : image.config.WorkingDir;
    }
    const converting: ConvertContext = {
      request,
      globals: this.globals,
      escape: this.file.escape,
      context,
      ignore,
      linter,
    };
    for (const command of state.commands) {
      const { ranges, comments } = command.instruction;
      located(ranges, () => convert(state, command, { ...converting, linter: linter.with(comments) }));
    }
  }
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const commonImages = ['alpine', 'busybox', 'centos', 'debian', 'golang', 'ubuntu', 'fedora'].flatMap((name) => [
  name,
  `docker.io/library${name}`,
  `${name}:latest`,
  `docker.io/library${name}:latest`,
]);
