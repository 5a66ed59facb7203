import { JqError, type Json } from './values';

/**
 * jq as a machine with backtracking. A piece of program is compiled to continuation-passing functions; whatever has more
 * than one result leaves a choice point behind, and `undefined` as the next step means: go back to the last one. No step
 * waits and none nests in another, so programs may recurse as deep as they like, can be stopped between any two steps and
 * produce their results one by one.
 */
export interface Thunk {
  (): Step;
}
/** What to do next; undefined: backtrack. */
export type Step = Thunk | undefined;

/** Where a value was found, from the innermost key outwards; `invalid`: it was computed. */
export interface PathNode {
  readonly parent: PathNode | undefined;
  readonly key: Json;
}
export type Path = PathNode | 'root' | 'invalid' | undefined;

/** What goes on with a result. The path is undefined unless paths are being worked out. */
export type Next = (value: Json, path: Path) => Step;

/** Variables and function arguments, innermost first. */
export interface Env {
  readonly parent: Env | undefined;
  readonly value: Json | Closure;
}
/** A function argument: code with the environment it was written in. */
export class Closure {
  constructor(
    readonly code: Code,
    readonly env: Env | undefined,
  ) {}
}

export type Code = (machine: Machine, env: Env | undefined, value: Json, path: Path, next: Next) => Step;

interface Handler {
  readonly outer: Handler | undefined;
  readonly depth: number;
  readonly caught: (error: JqError) => Step;
}

/** A program in the middle of its work. */
export class Machine {
  #choices: { readonly step: Thunk; readonly handler: Handler | undefined }[] = [];
  handler: Handler | undefined;
  #emitted: Json | undefined;
  #step: Step;
  /** Something outside is waited for. */
  #pending: Promise<unknown> | undefined;

  constructor(readonly surroundings: Surroundings) {}

  /** Sets up a run of `code` on an input. */
  start(code: Code, env: Env | undefined, input: Json): void {
    this.#choices = [];
    this.handler = undefined;
    this.#pending = undefined;
    this.#step = () =>
      code(this, env, input, undefined, (value) => {
        this.#emitted = value;
        return undefined;
      });
  }

  /** Leaves a choice point: `step` is taken when all that comes from now on is exhausted. */
  later(step: Thunk): void {
    this.#choices.push({ step, handler: this.handler });
  }

  get depth(): number {
    return this.#choices.length;
  }

  /** Forgets the choice points above `depth`: what they had to offer is not wanted any more. */
  cut(depth: number): void {
    this.#choices.length = depth;
  }

  /** Goes on with `next` once a promise is settled. */
  wait<T>(promise: Promise<T>, next: (value: T) => Step): Step {
    this.#pending = promise.then((value) => {
      this.#step = () => next(value);
    });
    return undefined;
  }

  /** Works at most so many steps; a result, a promise to wait for, `busy`, or `done`. Throws what nobody catches. */
  run(steps: number): { readonly value: Json } | { readonly pending: Promise<unknown> } | 'busy' | 'done' {
    for (let count = 0; count < steps; count++) {
      if (this.#step === undefined) {
        const choice = this.#choices.pop();
        if (choice === undefined) return 'done';
        this.handler = choice.handler;
        this.#step = choice.step;
      }
      try {
        this.#step = this.#step();
      } catch (error) {
        const { handler } = this;
        const raised = error instanceof RangeError ? new JqError('Maximum call stack size exceeded') : error;
        if (!(raised instanceof JqError) || handler === undefined) throw raised;
        this.cut(handler.depth);
        this.handler = handler.outer;
        // Taken as a step of its own: what it throws is for the handler outside.
        this.#step = () => handler.caught(raised);
      }
      if (this.#pending !== undefined) {
        const pending = this.#pending;
        this.#pending = undefined;
        return { pending };
      }
      if (this.#emitted !== undefined) {
        const value = this.#emitted;
        this.#emitted = undefined;
        return { value };
      }
    }
    return 'busy';
  }
}

/** What a program can reach outside of itself. */
export interface Surroundings {
  /** The next input; undefined: there is none. */
  input(): Json | undefined | Promise<Json | undefined>;
  readonly inputName: () => string | undefined;
  readonly inputLine: () => number;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly env: ReadonlyMap<string, string>;
  /** A line for stderr (debug, stderr). */
  message(text: string): void;
}

/** `halt` and `halt_error`. */
export class Halt extends Error {
  constructor(
    readonly status: number,
    readonly value: Json | undefined,
  ) {
    super('');
  }
}
