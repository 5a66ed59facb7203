import * as int from './int64';
import type { Int } from './int64';
import { blank, follower, infix, operators, parseNumber, starter } from './arithmetic-tokens';

/** How an expression reaches variables. Values are texts, which are expressions themselves. */
export interface ArithmeticScope {
  /** Value of a variable or element; undefined if unset. May throw for `set -u`. */
  get(name: string, subscript: string | undefined): string | undefined;
  set(name: string, subscript: string | undefined, value: string): void;
}

/** What is wrong with an expression, in bash's words: `1+: syntax error: operand expected (error token is "+")`. */
export class ArithmeticError extends Error {}

type Token = string; // operators by their text; 'num', 'str', 'assign', 'pre+', 'pre-', 'post+', 'post-', 'cond', '' at the end

interface LValue {
  readonly name: string;
  readonly subscript: string | undefined;
}

// bash stops at 1024; a browser's stack is smaller.
const MAX_DEPTH = 127;

/** Evaluates an expression whose `$` expansions are already done. Ported from the grammar of bash's expr.c. */
export function evaluate(expression: string, scope: ArithmeticScope, depth = 0): Int {
  if (/^[0-9]{1,15}$/.test(expression) && (expression.length === 1 || !expression.startsWith('0')))
    return Number(expression);
  return new Evaluator(expression, scope, depth).run();
}

class Evaluator {
  #position = 0;
  #tokenStart = 0;
  #current: Token = '';
  #last: Token = '';
  #value: Int = 0;
  #lvalue: LValue = { name: '', subscript: undefined };
  #assign = '';
  #skip = 0;

  constructor(
    readonly text: string,
    readonly scope: ArithmeticScope,
    readonly depth: number,
  ) {}

  run(): Int {
    if (this.text.trim() === '') return 0;
    this.#read();
    const value = this.#comma();
    if (this.#current !== '') this.#fail('syntax error in expression');
    return value;
  }

  #fail(message: string, at = this.#tokenStart): never {
    const expression = this.text.replace(/^[ \t\n]+/, '');
    throw new ArithmeticError(`${expression}: ${message} (error token is "${this.text.slice(at)}")`);
  }

  #comma(): Int {
    let value = this.#assignment();
    while (this.#current === ',') {
      this.#read();
      value = this.#assignment();
    }
    return value;
  }

  #assignment(): Int {
    let value = this.#conditional();
    if (this.#current !== '=' && this.#current !== 'assign') return value;
    const operator = this.#current === 'assign' ? this.#assign : undefined;
    if (this.#last !== 'str') this.#fail('attempted assignment to non-variable');
    const target = this.#lvalue;
    const old = value;
    this.#read();
    value = this.#assignment();
    if (operator !== undefined) {
      if ((operator === '/' || operator === '%') && int.isZero(value)) {
        if (this.#skip === 0) this.#fail('division by 0');
        value = 1;
      }
      value = this.#binary(operator, old, value);
    }
    if (this.#skip === 0) this.scope.set(target.name, target.subscript, String(value));
    return value;
  }

  /** The token read last. A call, because reading changes it behind the type checker's narrowing. */
  #now(): Token {
    return this.#current;
  }

  #conditional(): Int {
    const condition = this.#logicalOr();
    if (this.#current !== '?') return condition;
    const holds = !int.isZero(condition);
    if (!holds) this.#skip++;
    this.#read();
    if (this.#now() === '' || this.#now() === ':') this.#fail('expression expected');
    const first = this.#comma();
    if (!holds) this.#skip--;
    if (this.#now() !== ':') this.#fail("`:' expected for conditional expression");
    if (holds) this.#skip++;
    this.#read();
    if (this.#now() === '') this.#fail('expression expected');
    const second = this.#conditional();
    if (holds) this.#skip--;
    this.#last = 'cond';
    return holds ? first : second;
  }

  #logicalOr(): Int {
    let value = this.#logicalAnd();
    while (this.#current === '||') {
      const known = !int.isZero(value);
      if (known) this.#skip++;
      this.#read();
      const other = this.#logicalAnd();
      if (known) this.#skip--;
      value = known || !int.isZero(other) ? 1 : 0;
      this.#last = '||';
    }
    return value;
  }

  #logicalAnd(): Int {
    let value = this.#level(0);
    while (this.#current === '&&') {
      const known = int.isZero(value);
      if (known) this.#skip++;
      this.#read();
      const other = this.#level(0);
      if (known) this.#skip--;
      value = !known && !int.isZero(other) ? 1 : 0;
      this.#last = '&&';
    }
    return value;
  }

  static readonly #levels: readonly (readonly string[])[] = [
    ['|'],
    ['^'],
    ['&'],
    ['==', '!='],
    ['<=', '>=', '<', '>'],
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/', '%'],
  ];

  /** Left-associative binary operators, from the loosest. */
  #level(level: number): Int {
    const mine = Evaluator.#levels[level];
    if (mine === undefined) return this.#power();
    let value = this.#level(level + 1);
    while (mine.includes(this.#current)) {
      const operator = this.#current;
      const operandStart = this.#position;
      this.#read();
      let other = this.#level(level + 1);
      if ((operator === '/' || operator === '%') && int.isZero(other)) {
        if (this.#skip === 0) this.#fail('division by 0', this.#skipBlanks(operandStart));
        other = 1;
      }
      value = this.#binary(operator, value, other);
      this.#last = 'num';
    }
    return value;
  }

  #skipBlanks(start: number): number {
    let index = start;
    while (blank.test(this.text.charAt(index))) index++;
    return index;
  }

  #binary(operator: string, a: Int, b: Int): Int {
    switch (operator) {
      case '+':
        return int.add(a, b);
      case '-':
        return int.subtract(a, b);
      case '*':
        return int.multiply(a, b);
      case '/':
        return int.divide(a, b);
      case '%':
        return int.remainder(a, b);
      case '<<':
        return int.shiftLeft(a, b);
      case '>>':
        return int.shiftRight(a, b);
      case '&':
        return int.and(a, b);
      case '|':
        return int.or(a, b);
      case '^':
        return int.xor(a, b);
      case '==':
        return a === b ? 1 : 0;
      case '!=':
        return a !== b ? 1 : 0;
      case '<':
        return a < b ? 1 : 0;
      case '>':
        return a > b ? 1 : 0;
      case '<=':
        return a <= b ? 1 : 0;
      default:
        return a >= b ? 1 : 0;
    }
  }

  #power(): Int {
    const base = this.#unary();
    if (this.#current !== '**') return base;
    this.#read();
    const exponent = this.#power();
    this.#last = 'num';
    if (int.isZero(exponent)) return 1;
    if (exponent < 0) this.#fail('exponent less than 0');
    return int.power(base, exponent);
  }

  #unary(): Int {
    const operator = this.#current;
    if (operator !== '!' && operator !== '~' && operator !== '-' && operator !== '+') return this.#primary();
    this.#read();
    const operand = this.#unary();
    this.#last = 'num';
    if (operator === '!') return int.isZero(operand) ? 1 : 0;
    if (operator === '~') return int.not(operand);
    return operator === '-' ? int.negate(operand) : operand;
  }

  #primary(): Int {
    if (this.#current === 'pre+' || this.#current === 'pre-') {
      const step = this.#current === 'pre+' ? 1 : -1;
      this.#last = this.#current;
      this.#read();
      if (this.#now() !== 'str') this.#fail('identifier expected after pre-increment or pre-decrement');
      const value = int.add(this.#value, step);
      if (this.#skip === 0) this.scope.set(this.#lvalue.name, this.#lvalue.subscript, String(value));
      this.#current = 'num';
      this.#read();
      return value;
    }
    if (this.#current === '(') {
      this.#read();
      const value = this.#comma();
      if (this.#now() !== ')') this.#fail("missing `)'");
      this.#read();
      return value;
    }
    if (this.#current === 'num' || this.#current === 'str') return this.#operand();
    return this.#fail('syntax error: operand expected');
  }

  #operand(): Int {
    const value = this.#value;
    if (this.#current === 'str') {
      const step = this.#peekStep();
      if (step !== 0) {
        if (this.#skip === 0) this.scope.set(this.#lvalue.name, this.#lvalue.subscript, String(int.add(value, step)));
        this.#position = this.#skipBlanks(this.#position) + 2;
        this.#current = 'num';
      }
    }
    this.#read();
    return value;
  }

  /** `x++` or `x--` after the name just read. */
  #peekStep(): number {
    const next = this.text.slice(this.#skipBlanks(this.#position)).slice(0, 2);
    return next === '++' ? 1 : next === '--' ? -1 : 0;
  }

  #read(): void {
    const { text } = this;
    const start = this.#skipBlanks(this.#position);
    this.#position = start;
    if (start >= text.length) {
      this.#last = this.#current;
      this.#current = '';
      return;
    }
    this.#tokenStart = start;
    const char = text.charAt(start);
    if (starter.test(char)) this.#readName(start);
    else if (char >= '0' && char <= '9') this.#readNumber(start);
    else this.#readOperator(start, char);
  }

  #readName(start: number): void {
    const { text } = this;
    let end = start + 1;
    while (end < text.length && follower.test(text.charAt(end))) end++;
    const name = text.slice(start, end);
    let subscript: string | undefined;
    if (text.charAt(end) === '[') {
      const close = closingBracket(text, end);
      if (close < 0) throw new ArithmeticError(`${text.slice(start)}: bad array subscript`);
      subscript = text.slice(end + 1, close);
      end = close + 1;
    }
    this.#position = end;
    const next = text.slice(this.#skipBlanks(end)).slice(0, 2);
    const plainAssignment = next.startsWith('=') && next !== '==';
    const prefixed =
      this.#current === 'pre+' || this.#current === 'pre-' || this.#last === 'pre+' || this.#last === 'pre-';
    this.#lvalue = { name, subscript };
    this.#value = this.#skip > 0 || (plainAssignment && !prefixed) ? 0 : this.#variable(name, subscript);
    this.#last = this.#current;
    this.#current = 'str';
  }

  #variable(name: string, subscript: string | undefined): Int {
    const value = this.scope.get(name, subscript);
    if (value === undefined || value === '') return 0;
    if (this.depth >= MAX_DEPTH) this.#fail('expression recursion level exceeded');
    return evaluate(value, this.scope, this.depth + 1);
  }

  #readNumber(start: number): void {
    const { text } = this;
    let end = start;
    while (end < text.length && /[A-Za-z0-9#@_]/.test(text.charAt(end))) end++;
    this.#position = end;
    this.#value = this.#number(text.slice(start, end));
    this.#last = this.#current;
    this.#current = 'num';
  }

  #number(digits: string): Int {
    const value = parseNumber(digits);
    return typeof value === 'object' ? this.#fail(value.fault) : value;
  }

  #readOperator(start: number, char: string): void {
    const { text } = this;
    const two = text.slice(start, start + 2);
    let token: Token = char;
    let length = 1;
    if (['==', '!=', '>=', '<=', '&&', '||', '**'].includes(two)) [token, length] = [two, 2];
    else if (two === '<<' || two === '>>') {
      [token, length] = [two, 2];
      if (text.charAt(start + 2) === '=') {
        this.#assign = two;
        [token, length] = ['assign', 3];
      }
    } else if (two === '++' || two === '--') {
      if (this.#current === 'str') [token, length] = [char === '+' ? 'post+' : 'post-', 2];
      else if (this.#current === 'num' && (this.#last === 'pre+' || this.#last === 'pre-'))
        this.#fail(`${two}: assignment requires lvalue`);
      else if (starter.test(text.charAt(this.#skipBlanks(start + 2))))
        [token, length] = [char === '+' ? 'pre+' : 'pre-', 2];
    } else if (two.length === 2 && two.endsWith('=') && '*/%+-&^|'.includes(char)) {
      this.#assign = char;
      [token, length] = ['assign', 2];
    } else if (!operators.has(char)) {
      const operandDue = this.#current === '' || infix.has(this.#current);
      this.#fail(operandDue ? 'syntax error: operand expected' : 'syntax error: invalid arithmetic operator');
    }
    this.#position = start + length;
    this.#last = this.#current;
    this.#current = token;
  }
}

/** Where the subscript opened at `open` ends; -1 if it does not. */
export function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\') index++;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return index;
  }
  return -1;
}
