import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { err, ok, type Result } from '../../sim/result';
import { objectCall } from './objects';
import { CelProblem, renderProblems } from './problems';
import { Uint, type Value } from './values';

/** What an expression is, with the places that cel-go tells of: of operators, parentheses, dots. */
export type Expr =
  | { readonly op: 'const'; readonly value: Value; readonly at: number }
  | { readonly op: 'ident'; readonly name: string; readonly at: number }
  | {
      readonly op: 'select';
      readonly of: Expr;
      readonly field: string;
      readonly optional: boolean;
      readonly test: boolean;
      readonly at: number;
    }
  | Call
  | { readonly op: 'list'; readonly items: readonly Expr[]; readonly at: number }
  | { readonly op: 'map'; readonly entries: readonly (readonly [Expr, Expr])[]; readonly at: number }
  | Loop
  | {
      readonly op: 'object';
      readonly type: string;
      readonly fields: readonly (readonly [string, Expr])[];
      readonly at: number;
    }
  | {
      readonly op: 'optional';
      readonly what: 'optMap' | 'optFlatMap';
      readonly of: Expr;
      readonly variable: string;
      readonly body: Expr;
      readonly at: number;
    };

export interface Call {
  readonly op: 'call';
  readonly fn: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  readonly at: number;
}

export type LoopKind = 'all' | 'exists' | 'exists_one' | 'map' | 'filter' | 'transformMap' | 'transformMapEntry';

export interface Loop {
  readonly op: 'loop';
  readonly kind: LoopKind;
  readonly range: Expr;
  /** One, or the index (key) and the value. */
  readonly variables: readonly string[];
  readonly where: Expr | undefined;
  readonly body: Expr;
  readonly at: number;
}

const parser = new Environment({
  enableOptionalTypes: true,
  limits: { maxListElements: 10_000, maxMapEntries: 10_000 },
});
/** Trees are walked by recursion; cel-go refuses at 250 levels of nesting. */
const deepest = 1000;
const longest = 100_000;

const binary: Readonly<Record<string, string>> = {
  '==': '_==_',
  '!=': '_!=_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
  '+': '_+_',
  '-': '_-_',
  '*': '_*_',
  '/': '_/_',
  '%': '_%_',
  '&&': '_&&_',
  '||': '_||_',
  in: '@in',
};

/** Parses; what is wrong is told as cel-go does. */
export function parse(input: string): Result<Expr, string> {
  const size = [...input].length;
  if (size > longest)
    return err(`ERROR: <input>:-1:0: expression code point size exceeds limit: size: ${size}, limit ${longest}`);
  try {
    return ok(convert(parser.parse(input).ast, input, 0));
  } catch (thrown) {
    if (thrown instanceof CelProblem) return err(renderProblems(input, [thrown]));
    if (thrown instanceof RangeError || (thrown instanceof ParseError && thrown.code === 'limit_exceeded'))
      return err('ERROR: <input>:-1:0: expression recursion limit exceeded: 250');
    if (thrown instanceof ParseError) return err(renderProblems(input, [syntaxProblem(input, thrown)]));
    throw thrown;
  }
}

function convert(node: ASTNode, input: string, depth: number): Expr {
  if (depth > deepest) throw new RangeError('depth');
  const of = (each: ASTNode): Expr => convert(each, input, depth + 1);
  const { op, start } = node;
  const args = node.args as never;
  switch (op as string) {
    case 'value': {
      const value = node.args as { value: bigint } | Value;
      const wrong = literalProblem(value);
      if (wrong !== undefined) throw new CelProblem(start, wrong);
      const isUint = typeof value === 'object' && value !== null && value.constructor.name === 'UnsignedInt';
      return {
        op: 'const',
        value: isUint ? new Uint((value as { value: bigint }).value) : (value as Value),
        at: start,
      };
    }
    case 'id':
      return { op: 'ident', name: args as string, at: start };
    case '.':
    case '.?': {
      const [left, field] = args as [ASTNode, string];
      const at = input.lastIndexOf('.', node.pos);
      return { op: 'select', of: of(left), field, optional: op === '.?', test: false, at };
    }
    case '[]':
    case '[?]': {
      const [left, index] = args as [ASTNode, ASTNode];
      const fn = op === '[]' ? '_[_]' : '_[?_]';
      return { op: 'call', fn, target: undefined, args: [of(left), of(index)], at: input.indexOf('[', left.end) };
    }
    case '!_':
    case '-_': {
      const operand = args as ASTNode;
      // A negative literal is one literal.
      if (op === '-_' && operand.op === 'value') {
        const value = operand.args as unknown;
        if (typeof value === 'bigint' || typeof value === 'number') return { op: 'const', value: -value, at: start };
      }
      return { op: 'call', fn: op === '!_' ? '!_' : '-_', target: undefined, args: [of(operand)], at: start };
    }
    case '?:': {
      const [condition, yes, no] = args as [ASTNode, ASTNode, ASTNode];
      const at = input.indexOf('?', condition.end);
      return { op: 'call', fn: '_?_:_', target: undefined, args: [of(condition), of(yes), of(no)], at };
    }
    case 'list':
      return { op: 'list', items: (args as ASTNode[]).map(of), at: start };
    case 'map':
      return {
        op: 'map',
        entries: (args as [ASTNode, ASTNode][]).map(([key, value]) => [of(key), of(value)] as const),
        at: start,
      };
    case 'call': {
      const [fn, given] = args as [string, ASTNode[]];
      const at = input.indexOf('(', start);
      if (fn === objectCall) return objectOf(given.map(of), start);
      if (fn === 'has' && given.length === 1) {
        const inner = of(given[0] as ASTNode);
        if (inner.op !== 'select') throw new CelProblem(inner.at, 'invalid argument to has() macro');
        return { ...inner, test: true, at };
      }
      return { op: 'call', fn, target: undefined, args: given.map(of), at };
    }
    case 'rcall': {
      const [fn, receiver, given] = args as [string, ASTNode, ASTNode[]];
      const name = input.indexOf(fn, receiver.end);
      const at = input.indexOf('(', name + fn.length);
      return macro(fn, receiver, given, at, of) ?? { op: 'call', fn, target: of(receiver), args: given.map(of), at };
    }
    default: {
      const [left, right] = args as [ASTNode, ASTNode];
      const at = input.indexOf(op, left.end);
      return { op: 'call', fn: binary[op] ?? op, target: undefined, args: [of(left), of(right)], at };
    }
  }
}

/** Of 64 bits; a sign before it is not a part of it here. */
function literalProblem(value: unknown): string | undefined {
  return typeof value === 'bigint' && value >= 2n ** 63n ? 'invalid int literal' : undefined;
}

/** A literal that was written as a call. */
function objectOf([type, ...members]: readonly Expr[], at: number): Expr {
  const text = (expr: Expr | undefined): string =>
    expr?.op === 'const' && typeof expr.value === 'string' ? expr.value : '';
  const fields: (readonly [string, Expr])[] = [];
  for (let index = 0; index + 1 < members.length; index += 2)
    fields.push([text(members[index]), members[index + 1] as Expr]);
  return { op: 'object', type: text(type), fields, at };
}

function macro(
  fn: string,
  receiver: ASTNode,
  given: readonly ASTNode[],
  at: number,
  of: (node: ASTNode) => Expr,
): Expr | undefined {
  const [first, second, third, fourth] = given;
  const name = (node: ASTNode | undefined): string => {
    if (node?.op === 'id') return node.args as string;
    throw new CelProblem(node === undefined ? at : of(node).at, 'argument must be a simple name');
  };
  const loop = (kind: LoopKind, count: number, where: ASTNode | undefined, body: ASTNode | undefined): Expr => ({
    op: 'loop',
    kind,
    range: of(receiver),
    variables: given.slice(0, count).map(name),
    where: where === undefined ? undefined : of(where),
    body: of(body as ASTNode),
    at,
  });
  const size = given.length;
  switch (fn) {
    case 'all':
    case 'exists':
      if (size === 2) return loop(fn, 1, undefined, second);
      return size === 3 ? loop(fn, 2, undefined, third) : undefined;
    case 'exists_one':
    case 'existsOne':
      if (size === 2 && fn === 'exists_one') return loop('exists_one', 1, undefined, second);
      return size === 3 ? loop('exists_one', 2, undefined, third) : undefined;
    case 'map':
      if (size === 2) return loop('map', 1, undefined, second);
      return size === 3 ? loop('map', 1, second, third) : undefined;
    case 'filter':
      return size === 2 ? loop('filter', 1, undefined, second) : undefined;
    case 'transformList':
    case 'transformMap':
    case 'transformMapEntry': {
      const kind = fn === 'transformList' ? 'map' : fn;
      if (size === 3) return loop(kind, 2, undefined, third);
      return size === 4 ? loop(kind, 2, third, fourth) : undefined;
    }
    case 'optMap':
    case 'optFlatMap':
      if (size !== 2) return undefined;
      return { op: 'optional', what: fn, of: of(receiver), variable: name(first), body: of(second as ASTNode), at };
    default:
      return undefined;
  }
}

const starts =
  "'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER";
const closing: Readonly<Record<string, string>> = { RPAREN: ')', RBRACKET: ']', RBRACE: '}', COLON: ':' };

/** What ANTLR would say of it. */
function syntaxProblem(input: string, thrown: ParseError): CelProblem {
  const { code, summary } = thrown;
  const { start, end } = thrown.range ?? { start: 0, end: 0 };
  const token = start >= input.length ? '<EOF>' : input.slice(start, Math.max(end, start + 1));
  const syntax = (text: string): CelProblem => new CelProblem(start, `Syntax error: ${text}`);
  switch (code) {
    case 'unexpected_token': {
      const opened = /[([{,]\s*$/.exec(input.slice(0, start))?.[0]?.[0];
      const extra = opened === '(' && /\w\s*\(\s*$/.test(input.slice(0, start)) ? ", ')'" : '';
      if (extra !== '')
        return syntax(
          `mismatched input '${token}' expecting {'[', '{', '(', ')', ${starts.slice("'[', '{', '(', ".length)}}`,
        );
      return syntax(`mismatched input '${token}' expecting {${starts}}`);
    }
    case 'expected_token': {
      const wanted = /^Expected (\w+)/.exec(summary)?.[1] ?? '';
      if (wanted === 'IDENTIFIER') return syntax(`no viable alternative at input '.${token === '<EOF>' ? '' : token}'`);
      const close = closing[wanted] ?? wanted;
      return token === '<EOF>'
        ? syntax(`missing '${close}' at '<EOF>'`)
        : syntax(`mismatched input '${token}' expecting '${close}'`);
    }
    case 'unexpected_character': {
      if (/^[$@#^~`;&|\\=]/.test(token)) {
        const shown = /^(&|\||=)/.test(token) ? `${input.slice(start, start + 2)}` : token;
        return syntax(`token recognition error at: '${shown}'`);
      }
      const rest = input.slice(end).trim();
      const whole = /^[\w.]+/.exec(input.slice(start))?.[0] ?? token;
      return rest === '' || input.slice(start) === whole
        ? syntax(`extraneous input '${whole}' expecting <EOF>`)
        : syntax(`mismatched input '${whole}' expecting <EOF>`);
    }
    case 'invalid_integer':
      return new CelProblem(start, /u$/i.test(token) ? 'invalid uint literal' : 'invalid int literal');
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
      return syntax(`token recognition error at: '${input.slice(start)}'`);
    case 'reserved_identifier':
      return new CelProblem(start, `reserved identifier: ${token}`);
    case 'invalid_macro_argument':
      return new CelProblem(
        input[start - 1] === '.' ? start - 1 : start,
        /^has/.test(summary) ? 'invalid argument to has() macro' : 'argument must be a simple name',
      );
    default:
      return syntax(summary);
  }
}
