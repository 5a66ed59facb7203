import type { Expr, Place, Variable } from './ast';
import { builtin } from './builtins';
import { callFunction } from './calls';
import { all, constant, map, map2, pure, chain, waiting, type Code } from './code';
import { AwkSyntaxError } from './lexer';
import type { AwkRegex } from './regex';
import type { RecordReader } from './streams';
import { cellOf, type CompiledPlace, type Scope } from './scope';
import { AwkError, fromInput, toBoolean, toNumber, type Value } from './values';

const power = (base: number, exponent: number): number => base ** exponent;
const divide = (a: number, b: number): number => {
  if (b === 0) throw new AwkError('division by zero', true);
  return a / b;
};
const remainder = (a: number, b: number): number => {
  if (b === 0) throw new AwkError('division by zero in %', true);
  return a % b;
};

export const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': divide,
  '%': remainder,
  '^': power,
};

/** < 0, 0, > 0; numbers if both look like some. */
export function compare(left: Value, right: Value, text: (value: Value) => string): number {
  if (typeof left !== 'string' && typeof right !== 'string') {
    const [a, b] = [toNumber(left), toNumber(right)];
    return a < b ? -1 : a === b ? 0 : 1;
  }
  const [a, b] = [text(left), text(right)];
  return a < b ? -1 : a === b ? 0 : 1;
}

const orders: Readonly<Record<string, (order: number) => number>> = {
  '<': (order) => (order < 0 ? 1 : 0),
  '<=': (order) => (order <= 0 ? 1 : 0),
  '==': (order) => (order === 0 ? 1 : 0),
  '!=': (order) => (order !== 0 ? 1 : 0),
  '>': (order) => (order > 0 ? 1 : 0),
  '>=': (order) => (order >= 0 ? 1 : 0),
};

export const numberOf = (scope: Scope, expr: Expr): Code<number> =>
  expr.kind === 'number' ? constant(expr.value) : map(scope.expression(expr), toNumber);

export const textOf = (scope: Scope, expr: Expr): Code<string> =>
  expr.kind === 'string' ? constant(expr.value) : map(scope.expression(expr), scope.runtime.text);

export const conditionOf = (scope: Scope, expr: Expr): Code<boolean> => map(scope.expression(expr), toBoolean);

/** A regular expression: `/re/` as it stands, anything else by its text. */
export function regexOf(scope: Scope, expr: Expr): Code<AwkRegex> {
  const { runtime } = scope;
  const inner = expr.kind === 'group' ? expr.operand : expr;
  if (inner.kind === 'regex') {
    const { source } = inner;
    runtime.regex(source);
    return pure(() => runtime.regex(source));
  }
  return map(textOf(scope, expr), runtime.regex);
}

/** The key of an element: its subscripts, with SUBSEP between them. */
export function subscriptOf(scope: Scope, subscripts: readonly Expr[]): Code<string> {
  const [only] = subscripts;
  if (subscripts.length === 1 && only !== undefined) return textOf(scope, only);
  const { runtime } = scope;
  return map(all(subscripts.map((one) => textOf(scope, one))), (keys) => keys.join(runtime.text(runtime.SUBSEP.value)));
}

/** Compiles an expression. */
export function compileExpression(scope: Scope, expr: Expr): Code<Value> {
  const { runtime } = scope;
  switch (expr.kind) {
    case 'number':
    case 'string':
      return constant(expr.value);
    case 'regex': {
      const regex = regexOf(scope, expr);
      return map(regex, (one) => (one.test(runtime.record) ? 1 : 0));
    }
    case 'variable':
      return variable(scope, expr);
    case 'field': {
      if (expr.index.kind === 'number') {
        const { value } = expr.index;
        return pure(() => runtime.field(value));
      }
      return map(numberOf(scope, expr.index), (index) => runtime.field(index));
    }
    case 'element': {
      const cell = cellOf(scope, expr.array);
      return map(subscriptOf(scope, expr.subscripts), (key) => {
        const array = elements(cell, expr.array);
        const value = array.get(key);
        if (value === undefined && !array.has(key)) array.set(key, undefined);
        return value;
      });
    }
    case 'group':
      return scope.expression(expr.operand);
    case 'list':
      throw new AwkSyntaxError('syntax error at or near ,', 1);
    case 'assign':
      return assign(scope, expr.operator, expr.target, expr.value);
    case 'increment': {
      const { key, get, set } = scope.place(expr.target);
      return map(key, (at) => {
        const before = toNumber(get(at));
        set(at, before + expr.by);
        return expr.prefix ? before + expr.by : before;
      });
    }
    case 'unary': {
      if (expr.operator === '!') return map(scope.expression(expr.operand), (value) => (toBoolean(value) ? 0 : 1));
      const operand = numberOf(scope, expr.operand);
      return expr.operator === '-' ? map(operand, (value) => -value) : operand;
    }
    case 'binary':
      return binary(scope, expr.operator, expr.left, expr.right);
    case 'logical': {
      const [left, right] = [conditionOf(scope, expr.left), conditionOf(scope, expr.right)];
      const and = expr.operator === '&&';
      const run = () =>
        chain(left.run(), (value) => (value === and ? chain(right.run(), (other) => (other ? 1 : 0)) : value ? 1 : 0));
      return { waits: left.waits || right.waits, run };
    }
    case 'match': {
      const regex = regexOf(scope, expr.pattern);
      const [yes, no] = expr.negated ? [0, 1] : [1, 0];
      return map2(textOf(scope, expr.left), regex, (text, one) => (one.test(text) ? yes : no));
    }
    case 'conditional': {
      const test = conditionOf(scope, expr.test);
      const [yes, no] = [scope.expression(expr.then), scope.expression(expr.otherwise)];
      const run = () => chain(test.run(), (value) => (value ? yes.run() : no.run()));
      return { waits: test.waits || yes.waits || no.waits, run };
    }
    case 'in': {
      const cell = cellOf(scope, expr.array);
      return map(subscriptOf(scope, expr.subscripts), (key) => (elements(cell, expr.array).has(key) ? 1 : 0));
    }
    case 'call':
      return callFunction(scope, expr.name, expr.args, expr.line);
    case 'builtin':
      return builtin(scope, expr.name, expr.args, expr.line);
    case 'getline':
      return getline(scope, expr);
  }
}

/** The array of a variable; a scalar is none. */
export function elements(
  cell: () => { value: Value; elements(): Map<string, Value> },
  { name }: Variable,
): Map<string, Value> {
  const found = cell();
  if (found.value !== undefined) throw new AwkError(`illegal reference to variable ${name}`);
  return found.elements();
}

function variable(scope: Scope, expr: Variable): Code<Value> {
  const { runtime } = scope;
  const { name } = expr;
  if (name === 'NF' && !scope.locals.has(name)) return pure(() => runtime.NF);
  const cell = cellOf(scope, expr);
  return pure(() => {
    const found = cell();
    if (found.array !== undefined) throw new AwkError(`illegal reference to array ${name}`);
    return found.value;
  });
}

/** Compiles what can be assigned to. */
export function compilePlace(scope: Scope, place: Place): CompiledPlace<unknown> {
  const { runtime } = scope;
  const typed = <K>(compiled: CompiledPlace<K>): CompiledPlace<unknown> => compiled as CompiledPlace<unknown>;
  switch (place.kind) {
    case 'variable': {
      const none = constant(undefined);
      const { name } = place;
      if (name === 'NF' && !scope.locals.has(name)) {
        return typed({ key: none, get: () => runtime.NF, set: (_, value) => (runtime.NF = toNumber(value)) });
      }
      const cell = cellOf(scope, place);
      return typed({
        key: none,
        get: () => cell().value,
        set: (_, value) => {
          const found = cell();
          if (found.array !== undefined) throw new AwkError(`illegal reference to array ${name}`);
          // An assigned empty value is a string from now on.
          found.value = value ?? '';
        },
      });
    }
    case 'field':
      return typed({
        key: numberOf(scope, place.index),
        get: (index) => runtime.field(index),
        set: (index, value) => runtime.setField(index, value ?? ''),
      });
    case 'element': {
      const cell = cellOf(scope, place.array);
      return typed({
        key: subscriptOf(scope, place.subscripts),
        get: (key) => elements(cell, place.array).get(key),
        set: (key, value) => elements(cell, place.array).set(key, value),
      });
    }
  }
}

function assign(scope: Scope, operator: string, target: Place, value: Expr): Code<Value> {
  const { key, get, set } = scope.place(target);
  if (operator === '=') {
    return map2(scope.expression(value), key, (given, at) => {
      set(at, given);
      return given;
    });
  }
  const apply = arithmetic[operator.slice(0, -1)] ?? power;
  return map2(numberOf(scope, value), key, (given, at) => {
    const result = apply(toNumber(get(at)), given);
    set(at, result);
    return result;
  });
}

function binary(scope: Scope, operator: string, left: Expr, right: Expr): Code<Value> {
  const { text } = scope.runtime;
  if (operator === 'concat') return map2(textOf(scope, left), textOf(scope, right), (a, b) => a + b);
  const order = orders[operator];
  if (order !== undefined) {
    return map2(scope.expression(left), scope.expression(right), (a, b) => order(compare(a, b, text)));
  }
  return map2(numberOf(scope, left), numberOf(scope, right), arithmetic[operator] ?? power);
}

/** `getline`: 1 for a record, 0 at the end, -1 if it cannot be read. */
function getline(scope: Scope, expr: Extract<Expr, { kind: 'getline' }>): Code<Value> {
  const { runtime } = scope;
  const target = expr.target === undefined ? undefined : scope.place(expr.target);
  const count = (cell: { value: Value }): void => {
    cell.value = toNumber(cell.value) + 1;
  };
  const store = (record: string | undefined) => {
    if (record === undefined) return 0;
    if (expr.from === 'command') count(runtime.NR);
    if (target === undefined) runtime.setRecord(record);
    else return chain(target.key.run(), (key) => (target.set(key, fromInput(record)), 1));
    return 1;
  };
  const { source } = expr;
  if (source === undefined) return waiting(() => chain(runtime.nextRecord(), store));
  const name = textOf(scope, source);
  const read = (records: RecordReader | undefined) =>
    records === undefined ? -1 : chain(records.next(runtime.text(runtime.RS.value), runtime.regex), store);
  return waiting(() =>
    chain(name.run(), (text) =>
      expr.from === 'file' ? read(runtime.streams.file(text)) : chain(runtime.streams.command(text), read),
    ),
  );
}
