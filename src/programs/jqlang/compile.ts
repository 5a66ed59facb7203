import type { Definition, Node, Pattern } from './ast';
import { JqSyntaxError } from './lexer';
import { Closure, type Code, type Env, type Machine, type Next, type Path, type Step } from './machine';
import { fail, getPath, index, operation, setPath, short, slice, values, deletePaths } from './operations';
import { isArray, isNumber, isObject, numberOf, truthy, typeOf, type Json, type JsonArray } from './values';
import { readNumber } from './read';
import { formatter } from './formats';

/** More than this at once would not fit into the machine. */
const MAX_ITEMS = 1 << 24;

/** Finds what a program does not define itself. */
export interface Library {
  /** A native function: it gets its arguments as code. */
  native(name: string, arity: number): ((args: readonly Code[]) => Code) | undefined;
  /** One that is written in jq. */
  definition(name: string, arity: number): Definition | undefined;
}

interface FunctionEntry {
  readonly kind: 'function';
  readonly parameters: readonly string[];
  code: Code | undefined;
  /** How many environment entries there are where it is defined. */
  readonly depth: number;
}
type Entry =
  | { readonly kind: 'variable'; readonly depth: number }
  | { readonly kind: 'closure'; readonly depth: number }
  | { readonly kind: 'label'; readonly depth: number }
  | FunctionEntry;

/** Names in sight. Variables as `$x`, functions as `f/1`, labels as `*out`. */
class Scope {
  constructor(
    readonly entries: ReadonlyMap<string, Entry>,
    readonly depth: number,
  ) {}

  /** One more entry in the environment, under this name. */
  push(name: string, kind: 'variable' | 'closure' | 'label'): Scope {
    return new Scope(new Map([...this.entries, [name, { kind, depth: this.depth + 1 }]]), this.depth + 1);
  }

  define(name: string, entry: FunctionEntry): Scope {
    return new Scope(new Map([...this.entries, [name, entry]]), this.depth);
  }
}

/** The environment some entries further out. */
function outer(env: Env | undefined, levels: number): Env | undefined {
  let found = env;
  for (let level = 0; level < levels; level++) found = found?.parent;
  return found;
}

/** A path one key longer. */
const extend = (path: Path, key: Json, value: Json): Path => {
  if (path === undefined) return undefined;
  if (path === 'invalid') {
    return fail(`Invalid path expression near attempt to access element ${stringOf(key)} of ${trimmed(value)}`);
  }
  return { parent: path === 'root' ? undefined : path, key };
};
const stringOf = (key: Json): string => trimmed(key);
const trimmed = (value: Json): string => /\((.*)\)$/s.exec(short(value))?.[1] ?? '';

/** What was computed has no path. */
const computed = (path: Path): Path => (path === undefined ? undefined : 'invalid');

/** A path as the array that jq shows. */
export function pathArray(path: Path, value: Json): JsonArray {
  if (path === 'invalid') return fail(`Invalid path expression with result ${trimmed(value)}`);
  const keys: Json[] = [];
  for (let node = path === 'root' ? undefined : path; node !== undefined; node = node.parent) keys.push(node.key);
  return keys.reverse();
}

export class Compiler {
  readonly #library = new Map<string, FunctionEntry>();

  constructor(readonly library: Library) {}

  /** Compiles a program; `variables` are in its environment, the first outermost. */
  program(node: Node, variables: readonly string[]): Code {
    let scope = new Scope(new Map(), 0);
    for (const name of variables) scope = scope.push(`$${name}`, 'variable');
    return this.#node(node, scope);
  }

  #node(node: Node, scope: Scope): Code {
    switch (node.kind) {
      case 'identity':
        return (_machine, _env, value, path, next) => next(value, path);
      case 'recurse':
        return this.#call('recurse', [], scope, 0);
      case 'literal': {
        const literal = node.text === undefined ? node.value : (readNumber(node.text) ?? node.value);
        return (_machine, _env, value, path, next) => next(literal, literal === value ? path : computed(path));
      }
      case 'format': {
        const format = formatter(node.name);
        return (_machine, _env, value, path, next) => next(format(value), computed(path));
      }
      case 'string':
        return this.#string(node, scope);
      case 'index':
        return this.#index(this.#node(node.target, scope), node.key, scope);
      case 'slice':
        return this.#slice(node, scope);
      case 'iterate':
        return iterate(this.#node(node.target, scope));
      case 'try':
        return this.#try(node, scope);
      case 'array': {
        if (node.body === undefined) return (_machine, _env, _value, path, next) => next([], computed(path));
        const body = this.#node(node.body, scope);
        return (machine, env, value, path, next) => {
          const items: Json[] = [];
          machine.later(() => next(items, computed(path)));
          return body(machine, env, value, undefined, (item) => {
            if (items.length >= MAX_ITEMS) fail('cannot allocate memory');
            items.push(item);
            return undefined;
          });
        };
      }
      case 'object':
        return this.#object(node, scope);
      case 'negate': {
        const body = this.#node(node.body, scope);
        return (machine, env, value, path, next) =>
          body(machine, env, value, undefined, (one) => {
            if (!isNumber(one)) return fail(`${short(one)} cannot be negated`);
            return next(-numberOf(one), computed(path));
          });
      }
      case 'pipe': {
        const [left, right] = [this.#node(node.left, scope), this.#node(node.right, scope)];
        return (machine, env, value, path, next) =>
          left(machine, env, value, path, (one, at) => right(machine, env, one, at, next));
      }
      case 'comma': {
        const [left, right] = [this.#node(node.left, scope), this.#node(node.right, scope)];
        return (machine, env, value, path, next) => {
          machine.later(() => right(machine, env, value, path, next));
          return left(machine, env, value, path, next);
        };
      }
      case 'alternative':
        return alternative(this.#node(node.left, scope), this.#node(node.right, scope));
      case 'and':
      case 'or': {
        const [left, right] = [this.#node(node.left, scope), this.#node(node.right, scope)];
        const decided = node.kind === 'or';
        return (machine, env, value, path, next) =>
          left(machine, env, value, undefined, (one) => {
            if (truthy(one) === decided) return next(decided, computed(path));
            return right(machine, env, value, undefined, (two) => next(truthy(two), computed(path)));
          });
      }
      case 'binary':
        return binary(operation(node.operator), this.#node(node.left, scope), this.#node(node.right, scope));
      case 'assign':
        return this.#assign(node, scope);
      case 'if': {
        const [test, then] = [this.#node(node.test, scope), this.#node(node.then, scope)];
        const otherwise = this.#node(node.otherwise ?? { kind: 'identity' }, scope);
        return (machine, env, value, path, next) =>
          test(machine, env, value, undefined, (one) =>
            (truthy(one) ? then : otherwise)(machine, env, value, path, next),
          );
      }
      case 'reduce':
        return this.#reduce(node, scope);
      case 'foreach':
        return this.#foreach(node, scope);
      case 'bind':
        return this.#bind(node, scope);
      case 'function': {
        const { name, parameters } = node.definition;
        const entry: FunctionEntry = { kind: 'function', parameters, code: undefined, depth: scope.depth };
        const inner = scope.define(`${name}/${parameters.length}`, entry);
        entry.code = this.#definition(node.definition, inner);
        return this.#node(node.body, inner);
      }
      case 'call':
        return this.#call(node.name, node.args, scope, node.at);
      case 'variable':
        return this.#variable(node.name, scope, node.at);
      case 'location': {
        const place = new Map<string, Json>([
          ['file', '<top-level>'],
          ['line', node.line],
        ]);
        return (_machine, _env, _value, path, next) => next(place, computed(path));
      }
      case 'label': {
        const body = this.#node(node.body, scope.push(`*${node.name}`, 'label'));
        return (machine, env, value, path, next) =>
          body(machine, { parent: env, value: machine.depth }, value, path, next);
      }
      case 'break': {
        const entry = scope.entries.get(`*${node.name}`);
        if (entry === undefined) throw new JqSyntaxError(`$*label-${node.name} is not defined`, node.at);
        const levels = scope.depth - entry.depth;
        return (machine, env) => {
          machine.cut(outer(env, levels)?.value as number);
          return undefined;
        };
      }
    }
  }

  // --- terms

  #string(node: Extract<Node, { kind: 'string' }>, scope: Scope): Code {
    const format = formatter(node.format ?? '@text');
    let code: Code = (_machine, _env, _value, _path, next) => next('', undefined);
    // As a chain of additions: the last interpolation varies slowest.
    for (const part of node.parts) {
      const before = code;
      if (typeof part === 'string') {
        code = (machine, env, value, _path, next) =>
          before(machine, env, value, undefined, (text) => next(`${text as string}${part}`, undefined));
        continue;
      }
      const inner = this.#node(part, scope);
      code = (machine, env, value, _path, next) =>
        inner(machine, env, value, undefined, (one) =>
          before(machine, env, value, undefined, (text) => next(`${text as string}${format(one)}`, undefined)),
        );
    }
    return (machine, env, value, path, next) =>
      code(machine, env, value, undefined, (text) => next(text, computed(path)));
  }

  #index(target: Code, key: Node, scope: Scope): Code {
    const access = (value: Json, at: Json, path: Path, next: Next): Step => {
      if (path === 'invalid') extend(path, at, value);
      return next(index(value, at), extend(path, at, value));
    };
    if (key.kind === 'literal' && typeof key.value === 'string') {
      const { value: name } = key;
      return (machine, env, value, path, next) =>
        target(machine, env, value, path, (one, at) => access(one, name, at, next));
    }
    const keys = this.#node(key, scope);
    return (machine, env, value, path, next) =>
      keys(machine, env, value, undefined, (one) =>
        target(machine, env, value, path, (found, at) => access(found, one, at, next)),
      );
  }

  #slice(node: Extract<Node, { kind: 'slice' }>, scope: Scope): Code {
    const target = this.#node(node.target, scope);
    const bound = (one: Node | undefined): Code =>
      one === undefined ? (_machine, _env, _value, _path, next) => next(null, undefined) : this.#node(one, scope);
    const [from, to] = [bound(node.from), bound(node.to)];
    return (machine, env, value, path, next) =>
      to(machine, env, value, undefined, (end) =>
        from(machine, env, value, undefined, (start) =>
          target(machine, env, value, path, (found, at) => {
            const key = new Map([
              ['start', start],
              ['end', end],
            ]);
            if (isObject(found)) return fail('Cannot index object with object');
            return next(slice(found, start, end), extend(at, key, found));
          }),
        ),
      );
  }

  #object(node: Extract<Node, { kind: 'object' }>, scope: Scope): Code {
    let code: Code = (_machine, _env, _value, _path, next) => next(new Map(), undefined);
    for (const entry of node.entries) {
      const before = code;
      const [key, inner] = [this.#node(entry.key, scope), this.#node(entry.value, scope)];
      if (entry.key.kind === 'literal' && typeof entry.key.value !== 'string') {
        throw new JqSyntaxError(`Cannot use ${short(entry.key.value)} as object key`);
      }
      code = (machine, env, value, _path, next) =>
        before(machine, env, value, undefined, (object) =>
          key(machine, env, value, undefined, (name) =>
            inner(machine, env, value, undefined, (one) => {
              if (typeof name !== 'string') return fail(`Cannot use ${short(name)} as object key`);
              return next(new Map(object as ReadonlyMap<string, Json>).set(name, one), undefined);
            }),
          ),
        );
    }
    return (machine, env, value, path, next) =>
      code(machine, env, value, undefined, (object) => next(object, computed(path)));
  }

  #try(node: Extract<Node, { kind: 'try' }>, scope: Scope): Code {
    const body = this.#node(node.body, scope);
    const handler = node.handler === undefined ? undefined : this.#node(node.handler, scope);
    return (machine, env, value, path, next) => {
      const before = machine.handler;
      machine.handler = {
        outer: before,
        depth: machine.depth,
        caught: (error) => {
          if (handler === undefined) return undefined;
          return handler(machine, env, error.value, computed(path), next);
        },
      };
      const inside = machine.handler;
      // So that going back below this point restores what was before.
      return body(machine, env, value, path, (one, at) => {
        // What goes wrong further on is not for this handler, but going back into the body is.
        machine.handler = inside.outer;
        return next(one, at);
      });
    };
  }

  #variable(name: string, scope: Scope, at: number): Code {
    const entry = scope.entries.get(`$${name}`);
    if (entry === undefined) {
      if (name === 'ENV') return this.#call('env', [], scope, at);
      throw new JqSyntaxError(`$${name} is not defined`, at);
    }
    const levels = scope.depth - entry.depth;
    return (_machine, env, _value, path, next) => next((outer(env, levels)?.value ?? null) as Json, computed(path));
  }

  // --- functions

  #definition({ parameters, body }: Definition, scope: Scope): Code {
    let inner = scope;
    for (const parameter of parameters) inner = inner.push(`${parameter.replace('$', '')}/0`, 'closure');
    // `def f($a)` is `def f(a): a as $a | …`.
    const variables = parameters.filter((parameter) => parameter.startsWith('$'));
    for (const parameter of variables) inner = inner.push(parameter, 'variable');
    const code = this.#node(body, inner);
    if (variables.length === 0) return code;
    const positions = variables.map((parameter) => parameters.length - 1 - parameters.lastIndexOf(parameter));
    return (machine, env, value, path, next) => {
      const bind = (at: number, bound: Env | undefined): Step => {
        const position = positions[at];
        if (position === undefined) return code(machine, bound, value, path, next);
        const closure = outer(env, position)?.value as Closure;
        return closure.code(machine, closure.env, value, undefined, (one) =>
          bind(at + 1, { parent: bound, value: one }),
        );
      };
      return bind(0, env);
    };
  }

  #call(name: string, args: readonly Node[], scope: Scope, at: number): Code {
    const key = `${name}/${args.length}`;
    const entry = scope.entries.get(key) ?? this.#library.get(key);
    if (entry?.kind === 'closure') {
      const levels = scope.depth - entry.depth;
      return (machine, env, value, path, next) => {
        const closure = outer(env, levels)?.value as Closure;
        return () => closure.code(machine, closure.env, value, path, next);
      };
    }
    if (entry === undefined || entry.kind !== 'function') {
      const native = this.library.native(name, args.length);
      if (native !== undefined) return native(args.map((arg) => this.#node(arg, scope)));
      return this.#invoke(this.#fromLibrary(name, args.length, at), args, scope);
    }
    return this.#invoke(entry, args, scope);
  }

  #fromLibrary(name: string, arity: number, at: number): FunctionEntry {
    const key = `${name}/${arity}`;
    const definition = this.library.definition(name, arity);
    if (definition === undefined) throw new JqSyntaxError(`${key} is not defined`, at);
    const entry: FunctionEntry = { kind: 'function', parameters: definition.parameters, code: undefined, depth: 0 };
    this.#library.set(key, entry);
    entry.code = this.#definition(definition, new Scope(new Map([[key, entry]]), 0));
    return entry;
  }

  #invoke(entry: FunctionEntry, args: readonly Node[], scope: Scope): Code {
    const closures = args.map((arg) => this.#node(arg, scope));
    const levels = scope.depth - entry.depth;
    return (machine, env, value, path, next) => {
      let inner = entry.depth === 0 ? undefined : outer(env, levels);
      for (const code of closures) inner = { parent: inner, value: new Closure(code, env) };
      // A step of its own: recursion must not pile up.
      return () => (entry.code as Code)(machine, inner, value, path, next);
    };
  }

  // --- binding

  #names(patterns: readonly Pattern[]): readonly string[] {
    const names = new Set<string>();
    const visit = (pattern: Pattern): void => {
      if (pattern.kind === 'variable') names.add(pattern.name);
      else if (pattern.kind === 'array') pattern.items.forEach(visit);
      else {
        for (const { variable, value } of pattern.entries) {
          if (variable !== undefined) names.add(variable);
          if (value !== undefined) visit(value);
        }
      }
    };
    patterns.forEach(visit);
    return [...names];
  }

  /**
   * Code that takes a value apart and goes on with an environment that has all names of all patterns: `body` is compiled
   * in `scope`, and gets that environment.
   */
  #binder(
    patterns: readonly Pattern[],
    scope: Scope,
  ): {
    readonly scope: Scope;
    readonly bind: (
      machine: Machine,
      env: Env | undefined,
      value: Json,
      input: Json,
      next: (env: Env | undefined) => Step,
    ) => Step;
  } {
    const names = this.#names(patterns);
    let inner = scope;
    for (const name of names) inner = inner.push(`$${name}`, 'variable');
    type Bound = ReadonlyMap<string, Json>;
    type Destructure = (
      machine: Machine,
      env: Env | undefined,
      value: Json,
      input: Json,
      bound: Bound,
      next: (bound: Bound) => Step,
    ) => Step;
    const environment = (env: Env | undefined, bound: Bound): Env | undefined => {
      let result = env;
      for (const name of names) result = { parent: result, value: bound.get(name) ?? null };
      return result;
    };
    const compile = (pattern: Pattern): Destructure => {
      if (pattern.kind === 'variable') {
        const { name } = pattern;
        return (_machine, _env, value, _input, bound, next) => next(new Map([...bound, [name, value]]));
      }
      if (pattern.kind === 'array') {
        const items = pattern.items.map(compile);
        return (machine, env, value, input, bound, next) => {
          if (value !== null && !isArray(value)) return fail(`Cannot index ${typeOf(value)} with number`);
          const from = (at: number, so: Bound): Step => {
            const item = items[at];
            if (item === undefined) return next(so);
            return item(machine, env, index(value, at), input, so, (more) => from(at + 1, more));
          };
          return from(0, bound);
        };
      }
      const entries = pattern.entries.map(({ variable, key, value }) => ({
        variable,
        // Keys may use variables that were bound further left.
        key: this.#node(key, inner),
        value: value === undefined ? undefined : compile(value),
      }));
      return (machine, env, value, input, bound, next) => {
        const from = (at: number, so: Bound): Step => {
          const entry = entries[at];
          if (entry === undefined) return next(so);
          return entry.key(machine, environment(env, so), input, undefined, (key) => {
            if (typeof key !== 'string') return fail(`Cannot index ${typeOf(value)} with ${typeOf(key)}`);
            const found = index(value, key);
            const more = entry.variable === undefined ? so : new Map([...so, [entry.variable, found]]);
            if (entry.value === undefined) return from(at + 1, more);
            return entry.value(machine, env, found, input, more, (most) => from(at + 1, most));
          });
        };
        return from(0, bound);
      };
    };
    const compiled = patterns.map(compile);
    const empty: Bound = new Map();
    return {
      scope: inner,
      bind: (machine, env, value, input, next) => {
        // `?//`: an error in one alternative, or in the body with it, leads to the next.
        const from = (at: number): Step => {
          const attempt = compiled[at];
          if (attempt === undefined) return undefined;
          if (at === compiled.length - 1) {
            return attempt(machine, env, value, input, empty, (bound) => next(environment(env, bound)));
          }
          machine.handler = {
            outer: machine.handler,
            depth: machine.depth,
            caught: () => from(at + 1),
          };
          return attempt(machine, env, value, input, empty, (bound) => next(environment(env, bound)));
        };
        return from(0);
      },
    };
  }

  #bind(node: Extract<Node, { kind: 'bind' }>, scope: Scope): Code {
    const source = this.#node(node.source, scope);
    const { scope: inner, bind } = this.#binder(node.patterns, scope);
    const body = this.#node(node.body, inner);
    return (machine, env, value, path, next) =>
      source(machine, env, value, undefined, (one) =>
        bind(machine, env, one, value, (bound) => body(machine, bound, value, path, next)),
      );
  }

  #reduce(node: Extract<Node, { kind: 'reduce' }>, scope: Scope): Code {
    const source = this.#node(node.source, scope);
    const init = this.#node(node.init, scope);
    const { scope: inner, bind } = this.#binder(node.patterns, scope);
    const update = this.#node(node.update, inner);
    return (machine, env, value, path, next) =>
      init(machine, env, value, path, (first, firstPath) => {
        let state = first;
        let at = firstPath;
        machine.later(() => next(state, at));
        return source(machine, env, value, undefined, (one) =>
          bind(machine, env, one, value, (bound) => {
            // The last result counts; without any the state is null.
            let last: Json = null;
            let lastPath: Path = at === undefined ? undefined : 'invalid';
            machine.later(() => {
              state = last;
              at = lastPath;
              return undefined;
            });
            return update(machine, bound, state, at, (result, where) => {
              last = result;
              lastPath = where;
              return undefined;
            });
          }),
        );
      });
  }

  #foreach(node: Extract<Node, { kind: 'foreach' }>, scope: Scope): Code {
    const source = this.#node(node.source, scope);
    const init = this.#node(node.init, scope);
    const { scope: inner, bind } = this.#binder(node.patterns, scope);
    const update = this.#node(node.update, inner);
    const extract = node.extract === undefined ? undefined : this.#node(node.extract, inner);
    return (machine, env, value, path, next) =>
      init(machine, env, value, path, (first, firstPath) => {
        let state = first;
        let at = firstPath;
        return source(machine, env, value, undefined, (one) =>
          bind(machine, env, one, value, (bound) =>
            update(machine, bound, state, at, (result, where) => {
              state = result;
              at = where;
              if (extract === undefined) return next(result, where);
              return extract(machine, bound, result, where, next);
            }),
          ),
        );
      });
  }

  // --- assignment

  #assign(node: Extract<Node, { kind: 'assign' }>, scope: Scope): Code {
    const [left, right] = [this.#node(node.left, scope), this.#node(node.right, scope)];
    if (node.operator === '|=') return modify(left, right);
    const change: (before: Json, given: Json) => Json =
      node.operator === '='
        ? (_, given) => given
        : node.operator === '//='
          ? (before, given) => (truthy(before) ? before : given)
          : operation(node.operator.slice(0, -1));
    return (machine, env, value, path, next) =>
      right(machine, env, value, undefined, (given) => {
        let result = value;
        machine.later(() => next(result, computed(path)));
        return left(machine, env, value, 'root', (found, at) => {
          const where = pathArray(at, found);
          result = setPath(result, where, change(getPath(result, where), given));
          return undefined;
        });
      });
  }
}

/** `paths |= update`: the first result of the update, or gone without one. */
export function modify(paths: Code, update: Code): Code {
  return (machine, env, value, path, next) => {
    const found: JsonArray[] = [];
    machine.later(() => {
      const gone: Json[] = [];
      const from = (at: number, result: Json): Step => {
        const where = found[at];
        if (where === undefined) return next(gone.length === 0 ? result : deletePaths(result, gone), computed(path));
        const { depth } = machine;
        machine.later(() => {
          gone.push(where);
          return from(at + 1, result);
        });
        return update(machine, env, getPath(result, where), undefined, (one) => {
          machine.cut(depth);
          return () => from(at + 1, setPath(result, where, one));
        });
      };
      return from(0, value);
    });
    return paths(machine, env, value, 'root', (one, at) => {
      found.push(pathArray(at, one));
      return undefined;
    });
  };
}

function iterate(target: Code): Code {
  return (machine, env, value, path, next) =>
    target(machine, env, value, path, (found, at) => {
      if (at === 'invalid') fail(`Invalid path expression near attempt to iterate through ${trimmed(found)}`);
      const items = values(found);
      const keys = at === undefined || isArray(found) ? undefined : [...(found as ReadonlyMap<string, Json>).keys()];
      const from = (place: number): Step => {
        const item = items[place];
        if (item === undefined) return undefined;
        if (place + 1 < items.length) machine.later(() => from(place + 1));
        return next(item, at === undefined ? undefined : extend(at, keys?.[place] ?? place, found));
      };
      return from(0);
    });
}

/** `a // b`: all of a that is neither false nor null; b if there is none. */
function alternative(left: Code, right: Code): Code {
  return (machine, env, value, path, next) => {
    let any = false;
    machine.later(() => (any ? undefined : right(machine, env, value, path, next)));
    return left(machine, env, value, path, (one, at) => {
      if (!truthy(one)) return undefined;
      any = true;
      return next(one, at);
    });
  };
}

/** The right operand varies slowest. */
function binary(operate: (a: Json, b: Json) => Json, left: Code, right: Code): Code {
  return (machine, env, value, path, next) =>
    right(machine, env, value, undefined, (b) =>
      left(machine, env, value, undefined, (a) => next(operate(a, b), computed(path))),
    );
}
