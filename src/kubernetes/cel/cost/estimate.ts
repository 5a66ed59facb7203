import type { Call, Expr, Loop } from '../ast';
import { pathOf, type Checked } from '../check';
import { dyn, type CelType } from '../types';
import { Duration, Timestamp, Uint, type Value } from '../values';
import { callCost, type Node } from './calls';
import type { Declared } from './declared';
import { add, fixed, multiply, union, unknownSize, type Range } from './range';

/** Of the keys (indices) and the values of a list or map that was made by the expression. */
interface Entries {
  readonly kind: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}
/** A variable of a loop, or of optMap. */
interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entries?: Entries | undefined;
}
interface Scope extends Local {
  readonly name: string;
  readonly outer: Scope | undefined;
}

const one = fixed(1);
const creations = { list: fixed(10), map: fixed(30), object: fixed(40) } as const;

/** checker.Cost: what an expression costs at most (and at least), before it is run. `self`: the declared type. */
export const estimate = (expr: Expr, checked: Checked, self: Declared): Range =>
  new Coster(checked, self).cost(expr, undefined);

class Coster {
  readonly #paths = new Map<Expr, readonly string[]>();
  readonly #sizes = new Map<Expr, Range>();
  readonly #entries = new Map<Expr, Entries>();

  constructor(
    readonly checked: Checked,
    readonly self: Declared,
  ) {}

  cost(expr: Expr, scope: Scope | undefined): Range {
    switch (expr.op) {
      case 'const':
        return fixed(0);
      case 'ident':
        this.#paths.set(expr, find(scope, expr.name)?.path ?? [expr.name]);
        return one;
      case 'select':
        return this.#select(expr, scope);
      case 'list': {
        const costs = expr.items.map((item) => this.cost(item, scope));
        this.#entries.set(expr, { kind: 'list', key: one, value: this.#sizeOfAll(expr.items, scope) });
        return add(creations.list, ...costs);
      }
      case 'map': {
        const costs = expr.entries.flatMap((entry) => entry.map((each) => this.cost(each, scope)));
        const keys = expr.entries.map(([key]) => key);
        const values = expr.entries.map(([, value]) => value);
        const [key, value] = [this.#sizeOfAll(keys, scope), this.#sizeOfAll(values, scope)];
        this.#entries.set(expr, { kind: 'map', key, value });
        return add(creations.map, ...costs);
      }
      case 'object':
        return add(creations.object, ...expr.fields.map(([, value]) => this.cost(value, scope)));
      case 'call':
        return this.#call(expr, scope);
      case 'loop':
        return this.#loop(expr, scope);
      case 'optional':
        return this.#optional(expr, scope);
    }
  }

  #select(expr: Expr & { op: 'select' }, scope: Scope | undefined): Range {
    // A name with dots is one name.
    if (this.checked.qualified.has(expr)) {
      this.#paths.set(expr, [pathOf(expr)?.text ?? '']);
      return one;
    }
    const of = this.cost(expr.of, scope);
    if (expr.test) return of;
    if (expr.optional) return add(of, one);
    const { kind } = this.checked.typeOf(expr.of);
    this.#paths.set(expr, [...(this.#path(expr.of, scope) ?? []), expr.field]);
    return kind === 'map' || kind === 'object' || kind === 'param' ? add(of, one) : of;
  }

  #call(expr: Call, scope: Scope | undefined): Range {
    const { fn, args, target } = expr;
    const [first] = args;
    if (fn === 'dyn' && target === undefined && first !== undefined) {
      const cost = this.cost(first, scope);
      this.#sizes.set(expr, this.size(first, scope) ?? unknownSize);
      const entries = this.#entriesOf(first, scope);
      if (entries !== undefined) this.#entries.set(expr, entries);
      return add(one, cost);
    }
    const costs = args.map((arg) => this.cost(arg, scope));
    const nodes = args.map((arg) => this.#node(arg, scope));
    const overloads = this.checked.overloads.get(expr) ?? [];
    if (overloads.length === 0) return fixed(0);
    const member = target !== undefined && !this.checked.qualified.has(expr);
    const targetCost = member ? this.cost(target, scope) : fixed(0);
    const targetNode = member ? this.#node(target, scope) : undefined;
    let cost: Range | undefined;
    let size: Range | undefined;
    for (const overload of overloads) {
      const called = callCost(overload, targetNode, nodes, costs);
      cost = cost === undefined ? called.cost : union(cost, called.cost);
      if (called.size !== undefined) size = size === undefined ? called.size : union(size, called.size);
      const [over, a, b] = [overload.params[0]?.kind, args.at(-2), args.at(-1)];
      if (fn === '_?_:_' && a !== undefined && b !== undefined) this.#both(expr, a, b, scope);
      if (fn === '_+_' && a !== undefined && b !== undefined && hasSize(overload.params[0]))
        this.#both(expr, a, b, scope);
      if (fn === '_[_]' && first !== undefined && (over === 'list' || over === 'map')) {
        size = this.#entriesOf(first, scope)?.value;
        this.#paths.set(expr, [...(this.#path(first, scope) ?? []), over === 'list' ? '@items' : '@values']);
      }
      size ??= this.size(expr, scope);
    }
    if (size !== undefined) this.#sizes.set(expr, size);
    return add(targetCost, cost ?? fixed(0));
  }

  /** Entries of either. */
  #both(expr: Expr, a: Expr, b: Expr, scope: Scope | undefined): void {
    const [left, right] = [this.#entriesOf(a, scope), this.#entriesOf(b, scope)];
    if (left !== undefined && right !== undefined) this.#entries.set(expr, unionOf(left, right));
  }

  /** What the macros expand to: an accumulator, a condition and a step for each item, a result. */
  #loop(expr: Loop, scope: Scope | undefined): Range {
    const range = this.cost(expr.range, scope);
    const path = this.#path(expr.range, scope) ?? [];
    const entries = this.#entriesOf(expr.range, scope);
    const isList = (entries?.kind ?? this.checked.typeOf(expr.range).kind) === 'list';
    const [first = '', second] = expr.variables;
    const key: Local = { path: [...path, isList ? '@indices' : '@keys'], size: entries?.key };
    const value: Local = { path: [...path, isList ? '@items' : '@values'], size: entries?.value };
    let inner: Scope =
      second === undefined
        ? { name: first, outer: scope, ...(isList ? value : key) }
        : { name: first, outer: scope, ...key };
    if (second !== undefined) inner = { name: second, outer: inner, ...value };
    const where = expr.where === undefined ? undefined : this.cost(expr.where, inner);
    const body = this.cost(expr.body, inner);
    const count = this.size(expr.range, scope) ?? unknownSize;
    const total = (init: number, step: Range, result: number): Range =>
      add(range, fixed(init + result), multiply(count, step));
    /** Of a step that a condition may leave out. */
    const filtered = (condition: Range | undefined, step: Range): Range =>
      condition === undefined ? step : add(condition, union(step, one));
    switch (expr.kind) {
      case 'all':
      case 'exists': {
        const condition = expr.kind === 'all' ? 2 : 3;
        this.#sizes.set(expr, one);
        return total(0, { min: 1 + condition, max: 1 + condition + body.max }, 1);
      }
      case 'exists_one':
        this.#sizes.set(expr, one);
        return total(0, filtered(body, fixed(2)), 2);
      case 'filter':
      case 'map': {
        const item = expr.kind === 'filter' ? one : body;
        const condition = expr.kind === 'filter' ? body : where;
        const size =
          expr.kind === 'filter' ? this.#sizeOfLocal(expr.range, inner) : (this.size(expr.body, inner) ?? unknownSize);
        this.#sizes.set(expr, count);
        this.#entries.set(expr, { kind: 'list', key: one, value: union(fixed(0), size) });
        return total(10, filtered(condition, add(item, fixed(12))), 1);
      }
      case 'transformMap':
      case 'transformMapEntry': {
        const insertion = expr.kind === 'transformMap' ? add(body, fixed(3)) : add(body, fixed(2));
        this.#sizes.set(expr, count);
        return total(30, filtered(where, insertion), 1);
      }
    }
  }

  /** `a.hasValue() ? optional.of(cel.bind(v, a.value(), …)) : optional.none()`. */
  #optional(expr: Expr & { op: 'optional' }, scope: Scope | undefined): Range {
    const of = this.cost(expr.of, scope);
    const body = this.cost(expr.body, { name: expr.variable, path: [], size: undefined, outer: scope });
    const bind = add(fixed(10), of, one, body);
    const made = expr.what === 'optMap' ? add(bind, one) : bind;
    return add(of, one, union(made, one));
  }

  #node(expr: Expr, scope: Scope | undefined): Node {
    const type = this.checked.typeOf(expr);
    const size = this.size(expr, scope);
    const path = this.#path(expr, scope);
    const elementSize = (): Range =>
      path === undefined ? unknownSize : (this.#declaredSize([...path, '@items']) ?? unknownSize);
    return { expr, type, size, elementSize };
  }

  #path(expr: Expr, scope: Scope | undefined): readonly string[] | undefined {
    const local = expr.op === 'ident' ? find(scope, expr.name) : undefined;
    return local?.path ?? this.#paths.get(expr);
  }

  #sizeOfAll(items: readonly Expr[], scope: Scope | undefined): Range {
    const sizes = items.map((item) => this.size(item, scope) ?? unknownSize);
    return sizes.length === 0 ? fixed(0) : sizes.reduce(union);
  }

  /** Of the one variable of `filter`, as its items have it. */
  #sizeOfLocal(range: Expr, inner: Scope): Range {
    const declared = this.#declaredSize(inner.path);
    if (declared !== undefined) return declared;
    const type = this.checked.typeOf(range);
    const item = type.kind === 'map' ? type.key : type.kind === 'list' ? type.of : dyn;
    return isScalar(item) ? one : (inner.size ?? unknownSize);
  }

  /** computeSize. */
  size(expr: Expr, scope: Scope | undefined): Range | undefined {
    const known = this.#sizes.get(expr) ?? sizeOfLiteral(expr);
    if (known !== undefined) return known;
    const declared = this.#declaredSize(this.#path(expr, scope) ?? []);
    if (declared !== undefined) {
      this.#sizes.set(expr, declared);
      return declared;
    }
    if (isScalar(this.checked.typeOf(expr))) return one;
    return expr.op === 'ident' ? find(scope, expr.name)?.size : undefined;
  }

  #entriesOf(expr: Expr, scope: Scope | undefined): Entries | undefined {
    return this.#entries.get(expr) ?? (expr.op === 'ident' ? find(scope, expr.name)?.entries : undefined);
  }

  /** sizeEstimator.EstimateSize: whatever the path begins with is taken for `self`. */
  #declaredSize(path: readonly string[]): Range | undefined {
    if (path.length === 0) return undefined;
    let at: Declared | undefined = this.self;
    for (const name of path.slice(1)) {
      if (name === '@items' || name === '@values') at = at.element;
      else if (name === '@keys') at = at.key;
      else at = at.field?.(name);
      if (at === undefined) return undefined;
    }
    return { min: 0, max: at.maxElements };
  }
}

function find(scope: Scope | undefined, name: string): Scope | undefined {
  for (let each = scope; each !== undefined; each = each.outer) if (each.name === name) return each;
  return undefined;
}

const unionOf = (a: Entries, b: Entries): Entries => ({
  kind: a.kind,
  key: union(a.key, b.key),
  value: union(a.value, b.value),
});

const hasSize = (type: CelType | undefined): boolean =>
  type?.kind === 'list' || (type?.kind === 'simple' && (type.name === 'string' || type.name === 'bytes'));

const scalars: ReadonlySet<string> = new Set([
  'bool',
  'double',
  'int',
  'uint',
  'google.protobuf.Duration',
  'google.protobuf.Timestamp',
]);

function isScalar(type: CelType): boolean {
  if (type.kind === 'optional') return isScalar(type.of);
  return type.kind === 'simple' && scalars.has(type.name);
}

function sizeOfLiteral(expr: Expr): Range | undefined {
  if (expr.op === 'list') return fixed(expr.items.length);
  if (expr.op === 'map') return fixed(expr.entries.length);
  return expr.op === 'const' ? sizeOfConstant(expr.value) : undefined;
}

function sizeOfConstant(value: Value): Range | undefined {
  if (typeof value === 'string') return fixed([...value].length);
  if (value instanceof Uint8Array) return fixed(value.length);
  if (value === null || ['boolean', 'number', 'bigint'].includes(typeof value)) return one;
  return value instanceof Uint || value instanceof Duration || value instanceof Timestamp ? one : undefined;
}
