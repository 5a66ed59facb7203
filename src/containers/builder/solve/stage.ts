import type { ArgPair, Instruction, Stage } from '../dockerfile/instructions/types';
import type { Range } from '../dockerfile/source';
import { ImageDraft } from './draft';
import type { Vertex } from './types';

/** An instruction with the stages it takes files from. */
export interface Command {
  readonly instruction: Instruction;
  /** COPY --from, or the `from` of each mount. */
  readonly sources: readonly (StageState | undefined)[];
  readonly onBuild: boolean;
}

/** A stage while it is turned into vertices (dockerfile2llb's dispatchState). */
export class StageState {
  base: StageState | undefined;
  commands: Command[] = [];
  /** What its instructions take from, with the lines of the one that does. */
  readonly deps = new Map<StageState, readonly Range[]>();
  vertex: Vertex | undefined;
  image: ImageDraft = ImageDraft.empty();
  /** Variables for RUN: ENV, and ARGs that have a value. */
  env = new Map<string, string>();
  dir = '/';
  buildArgs: ArgPair[] = [];
  platform = '';
  /** Shown in front of steps; empty where there is only one stage. */
  label: string;
  index = 0;
  total = 0;
  ignoreCache = false;
  dispatched = false;
  resolved = false;
  triggered = false;
  workdirSet = false;
  readonly used = new Map<string, readonly Range[]>();

  constructor(
    readonly stage: Stage,
    label: string,
    /** The base with its variables expanded. */
    readonly baseName: string,
    /** Named only by COPY --from=image. */
    readonly unregistered = false,
  ) {
    this.label = label;
  }

  /** Takes over what the base stage has become. */
  inherit(): void {
    const { base } = this;
    if (base === undefined) return;
    this.vertex = base.vertex;
    this.image = base.image.clone();
    delete this.image.config.OnBuild;
    this.env = new Map(base.env);
    this.dir = base.dir;
    this.platform = base.platform;
    this.buildArgs = [...base.buildArgs];
    this.workdirSet = base.workdirSet;
  }

  /** `[build 2/3] RUN …`. */
  prefixed(text: string, onBuild = false): string {
    if (this.total === 0) return text;
    this.index++;
    const width = String(this.total).length;
    const label = this.label === '' ? '' : `${this.label} `;
    return `[${label}${String(this.index).padStart(width)}/${this.total}] ${onBuild ? 'ONBUILD ' : ''}${text}`;
  }

  /** CMD or its like was there before in this stage: the lines of the former one. */
  former(kind: string, ranges: readonly Range[]): readonly Range[] | undefined {
    const before = this.used.get(kind);
    this.used.set(kind, ranges);
    return before;
  }
}

/** Stages in order, by name, and those that COPY --from=image adds. */
export class Stages {
  readonly all: StageState[] = [];
  readonly #byName = new Map<string, StageState>();

  add(state: StageState): void {
    this.all.push(state);
    state.base = this.#byName.get(state.baseName);
    if (state.stage.name !== '') this.#byName.set(state.stage.name, state);
  }

  byName(name: string): StageState | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  get names(): readonly string[] {
    return this.all.map(({ label }) => label).filter((label) => label !== '');
  }

  /** A stage and all it needs. */
  reachable(target: StageState): ReadonlySet<StageState> {
    const found = new Set<StageState>();
    const visit = (state: StageState): void => {
      if (found.has(state)) return;
      found.add(state);
      if (state.base !== undefined) visit(state.base);
      for (const dep of state.deps.keys()) visit(dep);
    };
    visit(target);
    return found;
  }
}
