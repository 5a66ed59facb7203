import { natives } from './builtins';
import { Compiler } from './compile';
import { JqSyntaxError } from './lexer';
import { Machine, type Code, type Surroundings, type Env } from './machine';
import { parse } from './parser';
import { preludeDefinition } from './prelude';
import type { Json } from './values';

export { JqSyntaxError } from './lexer';
export { Halt, type Surroundings } from './machine';
export { compileError, runMachine } from './run';
export { print, compact, type PrintOptions } from './print';
export { JsonParseError, JsonReader, readJson, readNumber } from './read';
export {
  fromPlain,
  isArray,
  isNumber,
  isObject,
  JqError,
  Literal,
  numberOf,
  truthy,
  typeOf,
  type Json,
} from './values';

/** A program that was compiled; it can be run on any number of inputs. */
export interface JqProgram {
  /** Sets up a run; the machine gives results as long as it is asked. */
  start(input: Json, surroundings: Surroundings): Machine;
}

/** Compiles a program in which these variables are known; throws `JqSyntaxError`. */
export function compileJq(source: string, variables: ReadonlyMap<string, Json> = new Map()): JqProgram {
  const compiler = new Compiler({
    native: (name, arity) => natives[`${name}/${arity}`],
    definition: preludeDefinition,
  });
  let code: Code;
  try {
    code = compiler.program(parse(source), [...variables.keys()]);
  } catch (error) {
    if (error instanceof RangeError) throw new JqSyntaxError('program too deeply nested');
    throw error;
  }
  let env: Env | undefined;
  for (const value of variables.values()) env = { parent: env, value };
  return {
    start(input, surroundings) {
      const machine = new Machine(surroundings);
      machine.start(code, env, input);
      return machine;
    },
  };
}
