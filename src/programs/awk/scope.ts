import type { FunctionDefinition, Place, Variable, Expr } from './ast';
import type { Code } from './code';
import type { Runtime } from './runtime';
import { Cell, type Value } from './values';

/** How a statement ended. */
export enum Flow {
  Normal,
  Break,
  Continue,
  Next,
  NextFile,
  Exit,
  Return,
}

/** `next` or `exit` inside a function: unwinds to the main loop. */
export class FlowSignal extends Error {
  constructor(readonly flow: Flow) {
    super('');
  }
}

/** A function: its code is there once it was compiled. */
export interface CompiledFunction {
  readonly definition: FunctionDefinition;
  body: Code<Flow> | undefined;
}

/** Something assignable: `key` is worked out once, then the place is read and written. */
export interface CompiledPlace<K> {
  readonly key: Code<K>;
  readonly get: (key: K) => Value;
  readonly set: (key: K, value: Value) => void;
}

/** What compiling one function or rule needs to know. */
export interface Scope {
  readonly runtime: Runtime;
  readonly functions: ReadonlyMap<string, CompiledFunction>;
  /** How many lines the program has, and one more: where mawk finds out about functions. */
  readonly lines: number;
  /** Parameters of the function that is compiled, by their index in the frame. */
  readonly locals: ReadonlyMap<string, number>;
  expression(expr: Expr): Code<Value>;
  place(place: Place): CompiledPlace<unknown>;
}

const missing = new Cell();

/** Where a variable's cell is. */
export function cellOf({ runtime, locals }: Scope, { name }: Variable): () => Cell {
  const index = locals.get(name);
  if (index !== undefined) return () => runtime.frame[index] ?? missing;
  const cell = runtime.global(name);
  return () => cell;
}
