import type { Expr } from './ast';
import { all, map, pure, waiting, type Code, type Maybe } from './code';
import { AwkSyntaxError } from './lexer';
import { cellOf, Flow, FlowSignal, type Scope } from './scope';
import { AwkError, Cell, type Value } from './values';

/** How deep functions may call one another. */
const MAX_DEPTH = 100_000;

/** A call of a function that the program defines. */
export function callFunction(scope: Scope, name: string, args: readonly Expr[], line: number): Code<Value> {
  const { runtime } = scope;
  const target = scope.functions.get(name);
  // An unknown one is found out after the whole program was read, as in mawk.
  if (target === undefined) throw new AwkSyntaxError(`function ${name} never defined`, scope.lines);
  const { parameters } = target.definition;
  if (args.length > parameters.length) throw new AwkSyntaxError(`too many arguments in call to ${name}`, line);
  const cells = all(args.map((arg) => argument(scope, arg)));
  const finish = (before: readonly Cell[], flow: Flow): Value => {
    runtime.frame = before;
    runtime.depth--;
    if (flow !== Flow.Normal && flow !== Flow.Return) throw new FlowSignal(flow);
    const value = runtime.returned;
    runtime.returned = undefined;
    return value;
  };
  const call = (given: Cell[]): Maybe<Value> => {
    const frame = given;
    while (frame.length < parameters.length) frame.push(new Cell());
    if (runtime.depth >= MAX_DEPTH) throw new AwkError('function call nesting too deep');
    const before = runtime.frame;
    runtime.frame = frame;
    runtime.depth++;
    runtime.returned = undefined;
    // Deep recursion goes on after a turn, on a fresh stack.
    const flow =
      runtime.depth % 200 === 0 ? fresh(() => target.body?.run() ?? Flow.Normal) : (target.body?.run() ?? Flow.Normal);
    if (flow instanceof Promise) return flow.then((ended) => finish(before, ended));
    return finish(before, flow);
  };
  const { body } = target;
  if (body === undefined || body.waits || cells.waits) {
    return waiting(() => {
      const given = cells.run();
      return given instanceof Promise ? given.then(call) : call(given);
    });
  }
  const run = cells.run as () => Cell[];
  return pure(() => call(run()) as Value);
}

async function fresh<T>(run: () => Maybe<T>): Promise<T> {
  await Promise.resolve();
  return run();
}

/** Arrays go by reference, and so does what may yet become one. */
function argument(scope: Scope, arg: Expr): Code<Cell> {
  if (arg.kind === 'variable' && !(arg.name === 'NF' && !scope.locals.has('NF'))) {
    const cell = cellOf(scope, arg);
    return pure(() => {
      const given = cell();
      const passed = new Cell();
      passed.value = given.value;
      if (given.array !== undefined) passed.array = given.array;
      else if (given.value === undefined) passed.origin = given;
      return passed;
    });
  }
  return map(scope.expression(arg), (value) => {
    const passed = new Cell();
    passed.value = value;
    return passed;
  });
}
