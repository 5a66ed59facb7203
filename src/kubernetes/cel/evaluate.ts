import type { Call, Expr, Loop } from './ast';
import { CostExceeded, type Budget } from './budget';
import { pathOf, typeNames, type Checked } from './check';
import type { Overload } from './functions';
import { typeText } from './types';
import {
  CelError,
  CelMap,
  fits,
  isMap,
  keyOf,
  lookup,
  mapKeys,
  none,
  Optional,
  TypeValue,
  typeOfValue,
  type MapKey,
  type Value,
} from './values';

interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

/** Values of variables; asked for when they are used, so that they may be computed then. */
export type Activation = (name: string) => Value | undefined;

/** Runs a checked expression. Throws CelError. */
export function evaluate(expr: Expr, checked: Checked, activation: Activation, budget: Budget): Value {
  return new Evaluator(checked, activation, budget).run(expr, undefined);
}

class Evaluator {
  constructor(
    readonly checked: Checked,
    readonly activation: Activation,
    readonly budget: Budget,
  ) {}

  run(expr: Expr, scope: Scope | undefined): Value {
    switch (expr.op) {
      case 'const':
        return expr.value;
      case 'ident':
        this.budget.charge(1);
        return this.#named(expr.name, scope);
      case 'select':
        return this.#select(expr, scope);
      case 'list':
        this.budget.charge(10);
        return expr.items.map((item) => this.run(item, scope));
      case 'map': {
        this.budget.charge(30);
        const entries = new Map<MapKey, Value>();
        for (const [key, value] of expr.entries) {
          const plain = keyOf(this.run(key, scope));
          if (plain === undefined) throw new CelError('unsupported key type');
          entries.set(plain, this.run(value, scope));
        }
        return new CelMap(entries);
      }
      case 'object':
        this.budget.charge(40);
        return new CelMap(new Map(expr.fields.map(([name, value]) => [name, this.run(value, scope)])));
      case 'call':
        return this.#call(expr, scope);
      case 'loop':
        return this.#loop(expr, scope);
      case 'optional': {
        const of = this.run(expr.of, scope);
        if (!(of instanceof Optional)) throw new CelError('no such overload');
        if (of.value === undefined) return none;
        const body = this.run(expr.body, { name: expr.variable, value: of.value, outer: scope });
        return expr.what === 'optMap' ? new Optional(body) : body;
      }
    }
  }

  #named(name: string, scope: Scope | undefined): Value {
    for (let each = scope; each !== undefined; each = each.outer) if (each.name === name) return each.value;
    const found = this.activation(name);
    if (found !== undefined) return found;
    const type = typeNames.get(name);
    if (type !== undefined) return new TypeValue(type);
    throw new CelError(`no such attribute(s): ${name}`);
  }

  #select(expr: Expr & { op: 'select' }, scope: Scope | undefined): Value {
    this.budget.charge(1);
    if (this.checked.qualified.has(expr)) return this.#named(pathOf(expr)?.text ?? '', undefined);
    const given = this.run(expr.of, scope);
    if (given instanceof Optional) {
      if (given.value === undefined) return expr.test ? false : none;
      const found = isMap(given.value) ? lookup(given.value, expr.field) : undefined;
      if (expr.test) return found !== undefined;
      return found === undefined ? none : new Optional(found);
    }
    if (!isMap(given)) {
      if (expr.test) return false;
      if (Array.isArray(given)) throw new CelError("unsupported index type 'string' in list");
      if (expr.optional && given === null) return none;
      throw new CelError(`no such key: ${expr.field}`);
    }
    const found = lookup(given, expr.field);
    if (expr.test) return found !== undefined;
    if (expr.optional) return found === undefined ? none : new Optional(found);
    if (found === undefined) throw new CelError(`no such key: ${expr.field}`);
    return found;
  }

  #call(expr: Call, scope: Scope | undefined): Value {
    const { fn, args } = expr;
    if (fn === '_&&_' || fn === '_||_') return this.#logical(fn === '_&&_', args, scope);
    if (fn === '_?_:_') {
      const condition = this.run(args[0] as Expr, scope);
      if (typeof condition !== 'boolean') throw new CelError('no such overload');
      return this.run((condition ? args[1] : args[2]) as Expr, scope);
    }
    this.budget.charge(1);
    const values: Value[] = [];
    if (expr.target !== undefined && !this.checked.qualified.has(expr)) {
      const target = this.run(expr.target, scope);
      // `or` and `orValue` look at their argument only where they need it.
      if ((fn === 'orValue' || fn === 'or') && target instanceof Optional && target.value !== undefined)
        return fn === 'or' ? target : target.value;
      values.push(target);
    }
    for (const arg of args) values.push(this.run(arg, scope));
    const overload = matching(this.checked.overloads.get(expr) ?? [], values);
    if (overload === undefined) throw new CelError(noSuchOverload(expr, values));
    return overload.run(values, this.budget);
  }

  /** Errors of one side count only where the other does not decide. */
  #logical(all: boolean, args: readonly Expr[], scope: Scope | undefined): Value {
    const [first, second] = args.map((arg) => () => this.#attempt(arg, scope)) as [
      () => Value | CelError,
      () => Value | CelError,
    ];
    const left = first();
    if (left === !all) return left;
    const right = second();
    if (right === !all) return right;
    for (const side of [left, right]) if (side instanceof CelError) throw side;
    if (typeof left !== 'boolean' || typeof right !== 'boolean') throw new CelError('no such overload');
    return all;
  }

  #attempt(expr: Expr, scope: Scope | undefined): Value | CelError {
    try {
      return this.run(expr, scope);
    } catch (thrown) {
      if (thrown instanceof CelError && !(thrown instanceof CostExceeded)) return thrown;
      throw thrown;
    }
  }

  #loop(expr: Loop, scope: Scope | undefined): Value {
    const range = this.run(expr.range, scope);
    const map = isMap(range) ? range : undefined;
    const items = map !== undefined ? mapKeys(map) : Array.isArray(range) ? (range as readonly Value[]) : undefined;
    if (items === undefined) throw new CelError('no such overload');
    const [first = '', second] = expr.variables;
    const inner = (item: Value, index: number): Scope => {
      this.budget.charge(1);
      if (second === undefined) return { name: first, value: item, outer: scope };
      const outer: Scope = { name: first, value: map === undefined ? BigInt(index) : item, outer: scope };
      return { name: second, value: map === undefined ? item : (lookup(map, item) as Value), outer };
    };
    const holds = (condition: Expr, within: Scope): boolean => {
      const value = this.run(condition, within);
      if (typeof value !== 'boolean') throw new CelError('no such overload');
      return value;
    };
    switch (expr.kind) {
      case 'all':
      case 'exists': {
        const decided = expr.kind === 'exists';
        let wrong: CelError | undefined;
        for (const [index, item] of items.entries()) {
          const value = this.#attempt(expr.body, inner(item, index));
          if (value === decided) return decided;
          if (value instanceof CelError) wrong ??= value;
          else if (typeof value !== 'boolean') wrong ??= new CelError('no such overload');
        }
        if (wrong !== undefined) throw wrong;
        return !decided;
      }
      case 'exists_one':
        return items.filter((item, index) => holds(expr.body, inner(item, index))).length === 1;
      case 'filter':
        return items.filter((item, index) => holds(expr.body, inner(item, index)));
      case 'map': {
        const found: Value[] = [];
        for (const [index, item] of items.entries()) {
          const within = inner(item, index);
          if (expr.where === undefined || holds(expr.where, within)) found.push(this.run(expr.body, within));
        }
        return found;
      }
      case 'transformMap':
      case 'transformMapEntry': {
        const found = new Map<MapKey, Value>();
        for (const [index, item] of items.entries()) {
          const within = inner(item, index);
          if (expr.where !== undefined && !holds(expr.where, within)) continue;
          const body = this.run(expr.body, within);
          if (expr.kind === 'transformMap') found.set(map === undefined ? BigInt(index) : (item as MapKey), body);
          else if (isMap(body)) {
            for (const key of mapKeys(body)) {
              if (found.has(key)) throw new CelError(`insert failed: key ${String(key)} already exists`);
              found.set(key, lookup(body, key) as Value);
            }
          }
        }
        return new CelMap(found);
      }
    }
  }
}

function matching(overloads: readonly Overload[], values: readonly Value[]): Overload | undefined {
  for (const overload of overloads)
    if (overload.params.every((param, index) => fits(param, values[index] as Value))) return overload;
  return undefined;
}

/** Functions of one implementation, whose values find out themselves. */
const untold: ReadonlySet<string> = new Set(
  '_+_ _-_ _*_ _/_ _%_ _<_ _<=_ _>_ _>=_ -_ !_ @in startsWith endsWith contains matches'.split(' '),
);

const noSuchOverload = (expr: Call, values: readonly Value[]): string => {
  const [first, second] = values;
  const comparing = /^_[<>]=?_$/.test(expr.fn) && first !== undefined && (Array.isArray(first) || isMap(first));
  if (comparing || expr.fn === 'size') return `no such overload: ${expr.fn}`;
  if (untold.has(expr.fn)) return 'no such overload';
  if (expr.fn === '_[_]' && Array.isArray(first) && second !== undefined)
    return `unsupported index type '${typeText(typeOfValue(second))}' in list`;
  const texts = values.map((value) => typeText(typeOfValue(value)).replace(/\(.*/, ''));
  return expr.target === undefined
    ? `no such overload: ${expr.fn}(${texts.join(', ')})`
    : `no such overload: ${texts[0] ?? ''}.${expr.fn}(${texts.slice(1).join(', ')})`;
};
