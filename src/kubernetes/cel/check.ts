import type { Call, Expr, Loop } from './ast';
import type { Functions, Overload } from './functions';
import { CelProblem } from './problems';
import {
  assignable,
  bool,
  bytes,
  double,
  duration,
  dyn,
  error,
  freshParam,
  int,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  parseType,
  string,
  substitute,
  timestamp,
  typeOf,
  typeText,
  uint,
  type Bindings,
  type CelType,
} from './types';
import { typeOfValue } from './values';

/** Names that mean types. */
export const typeNames: ReadonlyMap<string, CelType> = new Map<string, CelType>([
  ...[int, uint, double, bool, string, bytes, nullType, dyn].map((type) => [typeName(type), type] as const),
  ['list', listOf(dyn)],
  ['map', mapOf(dyn, dyn)],
  ['type', typeOf(dyn)],
  ['google.protobuf.Timestamp', timestamp],
  ['google.protobuf.Duration', duration],
  ['net.IP', parseType('net.IP')],
  ['net.CIDR', parseType('net.CIDR')],
]);

function typeName(type: CelType): string {
  return 'name' in type ? type.name : type.kind;
}

export interface Checked {
  readonly type: CelType;
  readonly problems: readonly CelProblem[];
  readonly overloads: ReadonlyMap<Expr, readonly Overload[]>;
  /** Calls whose target is a name space: `ip.isCanonical`. */
  readonly qualified: ReadonlySet<Expr>;
  /** Of each part. */
  readonly typeOf: (expr: Expr) => CelType;
}

interface Scope {
  readonly name: string;
  readonly type: CelType;
  readonly outer: Scope | undefined;
}

/** cel-go's checker: types of all parts, and all that is wrong. */
export function check(expr: Expr, variables: ReadonlyMap<string, CelType>, functions: Functions): Checked {
  const checker = new Checker(variables, functions);
  const type = checker.resolved(checker.visit(expr, undefined));
  const { problems, overloads, qualified } = checker;
  return { type, problems, overloads, qualified, typeOf: (each) => checker.resolved(checker.types.get(each) ?? dyn) };
}

class Checker {
  readonly problems: CelProblem[] = [];
  readonly overloads = new Map<Expr, readonly Overload[]>();
  readonly qualified = new Set<Expr>();
  readonly types = new Map<Expr, CelType>();
  readonly #bindings: Bindings = new Map();
  /** Within arguments of `format`, whose lists may mix types. */
  #mixing = 0;

  constructor(
    readonly variables: ReadonlyMap<string, CelType>,
    readonly functions: Functions,
  ) {}

  resolved(type: CelType): CelType {
    return substitute(type, this.#bindings);
  }

  visit(expr: Expr, scope: Scope | undefined): CelType {
    const type = this.#visit(expr, scope);
    this.types.set(expr, type);
    return type;
  }

  #visit(expr: Expr, scope: Scope | undefined): CelType {
    switch (expr.op) {
      case 'const':
        return typeOfValue(expr.value);
      case 'ident':
        return (
          this.#named(expr.name, scope) ?? this.#wrong(expr, `undeclared reference to '${expr.name}' (in container '')`)
        );
      case 'select':
        return this.#select(expr, scope);
      case 'list':
        return listOf(this.#same(expr.items, scope));
      case 'map': {
        const key = this.#same(
          expr.entries.map(([each]) => each),
          scope,
        );
        return mapOf(
          key,
          this.#same(
            expr.entries.map(([, each]) => each),
            scope,
          ),
        );
      }
      case 'object': {
        for (const [, value] of expr.fields) this.visit(value, scope);
        return { kind: 'object', name: expr.type, field: () => dyn };
      }
      case 'call':
        return this.#call(expr, scope);
      case 'loop':
        return this.#loop(expr, scope);
      case 'optional': {
        const of = substitute(this.visit(expr.of, scope), this.#bindings, true);
        const inner = of.kind === 'optional' ? of.of : dyn;
        if (of.kind !== 'optional' && of !== dyn && of !== error) return this.#noOverload(expr, 'hasValue', true, [of]);
        const body = this.visit(expr.body, { name: expr.variable, type: inner, outer: scope });
        return expr.what === 'optMap' ? optionalOf(body) : body;
      }
    }
  }

  #named(name: string, scope: Scope | undefined): CelType | undefined {
    for (let each = scope; each !== undefined; each = each.outer) if (each.name === name) return each.type;
    const variable = this.variables.get(name);
    if (variable !== undefined) return variable;
    const type = typeNames.get(name);
    return type === undefined ? undefined : typeOf(type);
  }

  #wrong(expr: Expr, text: string): CelType {
    this.problems.push(new CelProblem(expr.at, text));
    return error;
  }

  #select(expr: Expr & { op: 'select' }, scope: Scope | undefined): CelType {
    const path = pathOf(expr);
    if (path !== undefined && this.#named(path.root, scope) === undefined) {
      const type = typeNames.get(path.text);
      if (type !== undefined) {
        this.qualified.add(expr);
        return typeOf(type);
      }
    }
    // A variable whose name has dots: authorizer.requestResource.
    const dotted = path === undefined ? undefined : this.variables.get(path.text);
    if (dotted !== undefined) {
      this.qualified.add(expr);
      return dotted;
    }
    const given = substitute(this.visit(expr.of, scope), this.#bindings, true);
    const optional = given.kind === 'optional';
    const of = optional ? given.of : given;
    const found = this.#field(expr, of);
    if (expr.test) return bool;
    return optional || expr.optional ? optionalOf(found) : found;
  }

  #field(expr: Expr & { op: 'select' }, of: CelType): CelType {
    if (of === dyn || of === error || of.kind === 'param') return dyn;
    if (of.kind === 'map') return of.of;
    if (of.kind === 'object') return of.field(expr.field) ?? this.#wrong(expr, `undefined field '${expr.field}'`);
    return this.#wrong(expr, `type '${typeText(of)}' does not support field selection`);
  }

  /** Elements of one literal have one type. */
  #same(items: readonly Expr[], scope: Scope | undefined): CelType {
    let type: CelType | undefined;
    for (const item of items) {
      const next = this.visit(item, scope);
      if (type === undefined) type = next;
      else if (assignable(type, next, this.#bindings)) {
        if (next === dyn) type = dyn;
      } else if (this.#mixing > 0) type = dyn;
      else
        this.#wrong(
          item,
          `expected type '${typeText(this.resolved(type))}' but found '${typeText(this.resolved(next))}'`,
        );
    }
    return type ?? freshParam();
  }

  #call(expr: Call, scope: Scope | undefined): CelType {
    const { target, args } = expr;
    if (expr.fn === '_&&_' || expr.fn === '_||_') {
      for (const arg of args) this.#mustBeBool(arg, scope);
      this.overloads.set(expr, this.functions.find(expr.fn, false) ?? []);
      return bool;
    }
    if (target !== undefined) {
      const path = pathOf(target);
      const name = path === undefined ? '' : `${path.text}.${expr.fn}`;
      const overloads = this.functions.find(name, false);
      if (path !== undefined && overloads !== undefined && this.#named(path.root, scope) === undefined) {
        this.qualified.add(expr);
        return this.#resolve(expr, overloads, name, false, args, scope);
      }
    }
    const overloads = this.functions.find(expr.fn, target !== undefined);
    if (overloads === undefined && !this.functions.has(expr.fn)) {
      if (target !== undefined) this.visit(target, scope);
      for (const arg of args) this.visit(arg, scope);
      return this.#wrong(expr, `undeclared reference to '${expr.fn}' (in container '')`);
    }
    const all = target === undefined ? args : [target, ...args];
    return this.#resolve(expr, overloads ?? [], expr.fn, target !== undefined, all, scope);
  }

  #resolve(
    expr: Expr,
    overloads: readonly Overload[],
    name: string,
    member: boolean,
    args: readonly Expr[],
    scope: Scope | undefined,
  ): CelType {
    if (name === 'format') this.#mixing++;
    const types = args.map((arg) => this.visit(arg, scope));
    if (name === 'format') this.#mixing--;
    const fitting: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.params.length !== args.length) continue;
      const renames: Bindings = new Map();
      const attempt: Bindings = new Map(this.#bindings);
      const params = overload.params.map((param) => rename(param, renames));
      if (!params.every((param, index) => assignable(param, types[index] as CelType, attempt))) continue;
      fitting.push(overload);
      const type = substitute(rename(overload.result, renames), attempt, true);
      for (const [key, value] of attempt) this.#bindings.set(key, value);
      if (result === undefined) result = type;
      else if (typeText(result) !== typeText(type)) result = dyn;
    }
    this.overloads.set(expr, fitting);
    return result ?? this.#noOverload(expr, name, member, types);
  }

  #noOverload(expr: Expr, name: string, member: boolean, types: readonly CelType[]): CelType {
    const texts = types.map((type) => typeText(this.resolved(type)));
    const applied = member ? `${texts[0] ?? ''}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`;
    return this.#wrong(expr, `found no matching overload for '${name}' applied to '${applied}'`);
  }

  #loop(expr: Loop, scope: Scope | undefined): CelType {
    const range = substitute(this.visit(expr.range, scope), this.#bindings, true);
    const known = range.kind === 'list' || range.kind === 'map';
    if (!known && range !== dyn && range !== error && range.kind !== 'param')
      this.#wrong(
        expr.range,
        `expression of type '${typeText(this.resolved(range))}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      );
    const key = range.kind === 'map' ? range.key : range.kind === 'list' ? int : dyn;
    const value = known ? range.of : dyn;
    const [first = '', second] = expr.variables;
    const one: CelType = range.kind === 'map' ? key : value;
    let inner: Scope = { name: first, type: second === undefined ? one : key, outer: scope };
    if (second !== undefined) inner = { name: second, type: value, outer: inner };
    switch (expr.kind) {
      case 'all':
      case 'exists':
        this.#mustBeBool(expr.body, inner);
        return bool;
      case 'exists_one':
        this.#condition(expr, this.visit(expr.body, inner), int);
        return bool;
      case 'filter':
        this.#condition(expr, this.visit(expr.body, inner), listOf(one));
        return listOf(one);
      case 'map': {
        const where = expr.where === undefined ? bool : this.visit(expr.where, inner);
        const made = listOf(this.visit(expr.body, inner));
        this.#condition(expr, where, made);
        return made;
      }
      case 'transformMap':
      case 'transformMapEntry': {
        const where = expr.where === undefined ? bool : this.visit(expr.where, inner);
        const body = this.visit(expr.body, inner);
        const made = expr.kind === 'transformMap' ? mapOf(key, body) : body;
        this.#condition(expr, where, made);
        return made;
      }
    }
  }

  /** An operand of `&&` or `||`, or what every item is asked. */
  #mustBeBool(expr: Expr, scope: Scope | undefined): void {
    const type = this.visit(expr, scope);
    if (!assignable(bool, type, this.#bindings))
      this.#wrong(expr, `expected type 'bool' but found '${typeText(this.resolved(type))}'`);
  }

  /** `where ? step : accumulator`, as the macros write it. */
  #condition(loop: Loop, where: CelType, step: CelType): void {
    if (!assignable(bool, where, this.#bindings)) this.#noOverload(loop, '_?_:_', false, [where, step, step]);
  }
}

/** `a.b.c` as text, where it is a name with dots. */
export function pathOf(expr: Expr): { readonly text: string; readonly root: string } | undefined {
  if (expr.op === 'ident') return { text: expr.name, root: expr.name };
  if (expr.op !== 'select' || expr.test || expr.optional) return undefined;
  const of = pathOf(expr.of);
  return of === undefined ? undefined : { text: `${of.text}.${expr.field}`, root: of.root };
}

/** Parameters of a signature are new at every call. */
function rename(type: CelType, names: Bindings): CelType {
  if (type.kind === 'param') {
    const known = names.get(type.name);
    if (known !== undefined) return known;
    const made = freshParam();
    names.set(type.name, made);
    return made;
  }
  return type.kind === 'simple' || type.kind === 'object'
    ? type
    : type.kind === 'map'
      ? mapOf(rename(type.key, names), rename(type.of, names))
      : { ...type, of: rename(type.of, names) };
}
