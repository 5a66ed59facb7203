import type { AwkProgram, Expr, FunctionDefinition, Pattern, Place, Redirect, Rule, Statement, Variable } from './ast';
import { AwkSyntaxError, Lexer, type Token } from './lexer';
import { translate } from './regex';
import { AwkError } from './values';

/** How strongly binary operators bind; concatenation, comparison and the rest have functions of their own. */
const additive = ['+', '-'];
const multiplicative = ['*', '/', '%'];
const comparisons = ['<', '<=', '==', '!=', '>', '>='];
const assignments = ['=', '+=', '-=', '*=', '/=', '%=', '^='];

interface Context {
  /** In the arguments of print, `>` redirects. */
  readonly noGreater?: boolean;
  /** In `for (x in a)`, `in` is not an operator. */
  readonly noIn?: boolean;
  /** Before `|`: `"cmd" | getline` is looked for further out. */
  readonly noPipe?: boolean;
}

/** Recursive descent over awk's grammar (POSIX, with gawk's additions). */
export class Parser {
  #token: Token;
  readonly #lexer: Lexer;
  readonly #rules: Rule[] = [];
  readonly #functions = new Map<string, FunctionDefinition>();
  #inFunction = false;
  #loops = 0;
  #depth = 0;
  #section = '';
  /** Whether names are arrays or scalars, as far as their use has shown. */
  readonly #kinds = new Map<string, 'array' | 'variable'>();
  readonly #localKinds = new Map<string, 'array' | 'variable'>();
  #parameters: readonly string[] = [];
  #inArguments = 0;

  constructor(source: string) {
    this.#lexer = new Lexer(source);
    this.#token = this.#lexer.next();
  }

  program(): AwkProgram {
    this.#newlines(true);
    while (this.#token.kind !== 'end') {
      if (this.#is('function')) this.#function();
      else this.#rules.push(this.#rule());
      this.#newlines(true);
    }
    return { rules: this.#rules, functions: this.#functions, lines: this.#token.line + 1 };
  }

  // --- tokens

  #is(text: string): boolean {
    const { kind } = this.#token;
    return this.#token.text === text && (kind === 'operator' || kind === 'keyword' || kind === 'newline');
  }

  #advance(): Token {
    const token = this.#token;
    this.#token = this.#lexer.next();
    return token;
  }

  #accept(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#advance();
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#unexpected();
  }

  #unexpected(): never {
    const { kind, line } = this.#token;
    if (kind === 'end') {
      if (this.#depth > 0) throw new AwkSyntaxError('missing } near end of file', line + 1);
      throw new AwkSyntaxError('syntax error at or near end of line', line);
    }
    throw new AwkSyntaxError(`syntax error at or near ${this.#shown()}`, line);
  }

  #shown(): string {
    const { kind, text } = this.#token;
    if (kind === 'newline' || kind === 'end') return 'end of line';
    return kind === 'regex' ? `/${text}/` : text;
  }

  #newlines(semicolons = false): void {
    while (this.#token.kind === 'newline' || (semicolons && this.#is(';'))) this.#advance();
  }

  // --- rules

  #function(): void {
    this.#advance();
    const { kind, text: name, line } = this.#token;
    if (kind !== 'name' && kind !== 'function') this.#unexpected();
    this.#advance();
    if (this.#functions.has(name)) throw new AwkSyntaxError(`function ${name} previously defined`, line);
    this.#expect('(');
    const parameters: string[] = [];
    while (!this.#is(')')) {
      this.#newlines();
      if (this.#token.kind !== 'name') this.#unexpected();
      parameters.push(this.#advance().text);
      this.#newlines();
      if (!this.#accept(',')) break;
    }
    this.#expect(')');
    this.#newlines();
    this.#inFunction = true;
    this.#parameters = parameters;
    this.#localKinds.clear();
    const body = this.#braces();
    this.#parameters = [];
    this.#inFunction = false;
    this.#functions.set(name, { name, parameters, body });
  }

  #rule(): Rule {
    let pattern: Pattern = { kind: 'always' };
    const { text } = this.#token;
    this.#section = '';
    if (this.#token.kind === 'keyword' && ['BEGIN', 'END', 'BEGINFILE', 'ENDFILE'].includes(text)) {
      pattern = { kind: text as 'BEGIN' };
      this.#section = text;
      this.#advance();
      if (!this.#is('{')) this.#unexpected();
    } else if (!this.#is('{')) {
      if (this.#is('}')) throw new AwkSyntaxError("extra '}'", this.#token.line);
      const first = this.#expression({});
      if (this.#accept(',')) {
        this.#newlines();
        pattern = { kind: 'range', first, last: this.#expression({}) };
      } else pattern = { kind: 'expression', expr: first };
    }
    if (this.#is('{')) return { pattern, body: this.#braces() };
    if (this.#token.kind !== 'newline' && this.#token.kind !== 'end' && !this.#is(';')) this.#unexpected();
    return { pattern, body: undefined };
  }

  #braces(): Statement[] {
    this.#expect('{');
    this.#depth++;
    const body: Statement[] = [];
    this.#newlines(true);
    while (!this.#is('}')) {
      body.push(this.#statement());
      this.#newlines(true);
    }
    this.#depth--;
    this.#advance();
    return body;
  }

  // --- statements

  #statement(): Statement {
    if (this.#is('{')) return { kind: 'block', body: this.#braces() };
    if (this.#token.kind === 'keyword') {
      const compound = this.#compound();
      if (compound !== undefined) return compound;
    }
    const statement = this.#simple();
    this.#endOfStatement();
    return statement;
  }

  #endOfStatement(): void {
    if (this.#token.kind === 'newline' || this.#is(';')) this.#advance();
    else if (this.#is(')')) throw new AwkSyntaxError("extra ')'", this.#token.line);
    else if (!this.#is('}')) this.#unexpected();
  }

  #compound(): Statement | undefined {
    switch (this.#token.text) {
      case 'if': {
        this.#advance();
        const test = this.#condition();
        const then = this.#body();
        // `if (a) x; else y`: the semicolon may stand before else.
        this.#newlines(true);
        if (!this.#is('else')) return { kind: 'if', test, then, otherwise: undefined };
        this.#advance();
        return { kind: 'if', test, then, otherwise: this.#body() };
      }
      case 'while': {
        this.#advance();
        const test = this.#condition();
        return { kind: 'while', test, body: this.#loop() };
      }
      case 'do': {
        this.#advance();
        const body = this.#loop();
        this.#newlines(true);
        this.#expect('while');
        const test = this.#condition();
        this.#endOfStatement();
        return { kind: 'do', test, body };
      }
      case 'for':
        return this.#for();
      case 'switch':
        return this.#switch();
      default:
        return undefined;
    }
  }

  #condition(): Expr {
    this.#expect('(');
    const test = this.#expression({});
    if (!this.#is(')')) throw new AwkSyntaxError(`missing ) near ${this.#shown()}`, this.#token.line);
    this.#advance();
    return test;
  }

  /** A statement, possibly after newlines, possibly empty. */
  #body(): Statement {
    this.#newlines();
    if (this.#accept(';')) return { kind: 'block', body: [] };
    return this.#statement();
  }

  #loop(): Statement {
    this.#loops++;
    const body = this.#body();
    this.#loops--;
    return body;
  }

  #for(): Statement {
    this.#advance();
    this.#expect('(');
    let first: Statement | undefined;
    if (!this.#is(';')) {
      first = this.#simple({ noIn: true });
      if (this.#is('in') && first.kind === 'expression') {
        const place = first.expr;
        if (!isPlace(place)) this.#unexpected();
        this.#advance();
        const array = this.#array();
        this.#expect(')');
        return { kind: 'forIn', variable: place, array, body: this.#loop() };
      }
    }
    // `for ((i, j) in a; …)` and other tests with `in` at the front.
    this.#expect(';');
    this.#newlines();
    const test = this.#is(';') ? undefined : this.#expression({});
    this.#expect(';');
    this.#newlines();
    const step = this.#is(')') ? undefined : this.#simple();
    this.#expect(')');
    return { kind: 'for', first, test, step, body: this.#loop() };
  }

  #switch(): Statement {
    this.#advance();
    const value = this.#condition();
    this.#newlines();
    this.#expect('{');
    this.#depth++;
    this.#loops++;
    this.#newlines(true);
    const cases: { test: Expr | undefined; body: Statement[] }[] = [];
    while (!this.#is('}')) {
      let test: Expr | undefined;
      if (this.#accept('default')) test = undefined;
      else {
        this.#expect('case');
        test = this.#unary({});
      }
      this.#expect(':');
      this.#newlines(true);
      const body: Statement[] = [];
      while (!this.#is('}') && !this.#is('case') && !this.#is('default')) {
        body.push(this.#statement());
        this.#newlines(true);
      }
      cases.push({ test, body });
    }
    this.#advance();
    this.#depth--;
    this.#loops--;
    return { kind: 'switch', value, cases };
  }

  #simple(context: Context = {}): Statement {
    const { kind, text, line } = this.#token;
    if (kind !== 'keyword' || text === 'getline') {
      return { kind: 'expression', expr: this.#expression(context) };
    }
    switch (text) {
      case 'print':
      case 'printf':
        return this.#print(text);
      case 'delete': {
        this.#advance();
        const array = this.#array();
        if (!this.#is('[')) return { kind: 'delete', array, subscripts: undefined };
        return { kind: 'delete', array, subscripts: this.#subscripts() };
      }
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw new AwkSyntaxError(`${text} statement outside of loop`, line);
        this.#advance();
        return { kind: text };
      case 'next':
      case 'nextfile':
        if (this.#section === 'BEGIN' || this.#section === 'END') {
          if (!this.#inFunction) throw new AwkSyntaxError(`improper use of ${text}`, line);
        }
        this.#advance();
        return { kind: text };
      case 'exit':
        this.#advance();
        return { kind: text, value: this.#optional() };
      case 'return':
        if (!this.#inFunction) throw new AwkSyntaxError('return outside function body', line);
        this.#advance();
        return { kind: text, value: this.#optional() };
      default:
        return this.#unexpected();
    }
  }

  #optional(): Expr | undefined {
    if (this.#token.kind === 'newline' || this.#is(';') || this.#is('}')) return undefined;
    return this.#expression({});
  }

  #print(kind: 'print' | 'printf'): Statement {
    this.#advance();
    let args: Expr[] = [];
    const ends = () => this.#token.kind === 'newline' || [';', '}', '>', '>>', '|', ')'].some((text) => this.#is(text));
    if (!ends()) {
      const first = this.#expression({ noGreater: true });
      if (first.kind === 'list') args = [...first.items];
      else {
        args.push(first);
        while (this.#accept(',')) {
          this.#newlines();
          args.push(this.#expression({ noGreater: true }));
        }
      }
    }
    let redirect: Redirect | undefined;
    for (const mode of ['>', '>>', '|'] as const) {
      if (!this.#is(mode)) continue;
      this.#advance();
      redirect = { mode, target: this.#concatenation({ noGreater: true, noPipe: true }) };
      break;
    }
    if (kind === 'printf' && args.length === 0) {
      throw new AwkSyntaxError('no arguments in call to printf', this.#token.line);
    }
    return { kind, args, redirect };
  }

  // --- expressions

  #expression(context: Context): Expr {
    const left = this.#conditional(context);
    const operator = this.#token.text;
    if (this.#token.kind === 'operator' && assignments.includes(operator)) {
      // `1 + x = 2` is not for us; `! x = y` and `a && x = y` are accepted as by all awks.
      return this.#assign(left, operator, context);
    }
    return left;
  }

  #assign(left: Expr, operator: string, context: Context): Expr {
    if (isPlace(left)) {
      this.#advance();
      this.#newlines();
      return { kind: 'assign', operator, target: left, value: this.#expression(context) };
    }
    if (left.kind === 'unary' && left.operator === '!') {
      return { ...left, operand: this.#assign(left.operand, operator, context) };
    }
    if (left.kind === 'logical') return { ...left, right: this.#assign(left.right, operator, context) };
    if (left.kind === 'binary' && (comparisons.includes(left.operator) || left.operator === 'concat')) {
      return { ...left, right: this.#assign(left.right, operator, context) };
    }
    if (left.kind === 'match') return { ...left, pattern: this.#assign(left.pattern, operator, context) };
    return this.#unexpected();
  }

  #conditional(context: Context): Expr {
    const test = this.#or(context);
    if (!this.#is('?')) return test;
    this.#advance();
    this.#newlines();
    const then = this.#expression(context);
    this.#newlines();
    this.#expect(':');
    this.#newlines();
    const otherwise = this.#expression(context);
    return { kind: 'conditional', test, then, otherwise };
  }

  #or(context: Context): Expr {
    let left = this.#and(context);
    while (this.#accept('||')) {
      this.#newlines();
      left = { kind: 'logical', operator: '||', left, right: this.#and(context) };
    }
    return left;
  }

  #and(context: Context): Expr {
    let left = this.#in(context);
    while (this.#accept('&&')) {
      this.#newlines();
      left = { kind: 'logical', operator: '&&', left, right: this.#in(context) };
    }
    return left;
  }

  #in(context: Context): Expr {
    let left = this.#match(context);
    while (context.noIn !== true && this.#is('in')) {
      this.#advance();
      const subscripts = left.kind === 'list' ? left.items : [left];
      left = { kind: 'in', subscripts, array: this.#array() };
    }
    return left;
  }

  #match(context: Context): Expr {
    let left = this.#comparison(context);
    while (this.#is('~') || this.#is('!~')) {
      const negated = this.#advance().text === '!~';
      left = { kind: 'match', negated, left, pattern: this.#comparison(context) };
    }
    return left;
  }

  #comparison(context: Context): Expr {
    const left = this.#concatenation(context);
    const { kind, text } = this.#token;
    if (kind === 'operator' && comparisons.includes(text) && !(text === '>' && context.noGreater === true)) {
      this.#advance();
      return { kind: 'binary', operator: text, left, right: this.#concatenation(context) };
    }
    return left;
  }

  /** Two expressions side by side; also `cmd | getline`, which binds as strongly. */
  #concatenation(context: Context): Expr {
    let left = this.#pipes(this.#additive(context), context);
    while (this.#startsOperand(context)) {
      const right = this.#additive({ ...context, noPipe: true });
      left = this.#pipes({ kind: 'binary', operator: 'concat', left, right }, context);
    }
    return left;
  }

  #pipes(command: Expr, context: Context): Expr {
    let left = command;
    while (this.#is('|') && context.noPipe !== true) {
      // Only a getline may follow; else it is print's redirection.
      const getline = this.#peekGetline();
      if (!getline) return left;
      left = { kind: 'getline', from: 'command', source: left, target: this.#optionalPlace() };
    }
    return left;
  }

  /** Takes `| getline`, if that is what comes. */
  #peekGetline(): boolean {
    const before = this.#lexer.save();
    const token = this.#token;
    this.#advance();
    if (this.#is('getline')) {
      this.#advance();
      return true;
    }
    this.#lexer.restore(before);
    this.#token = token;
    return false;
  }

  #startsOperand(context: Context): boolean {
    const { kind, text } = this.#token;
    // A sign would have been taken for a subtraction before.
    if (kind === 'operator') return ['$', '!', '(', '++', '--'].includes(text);
    if (kind === 'keyword' || kind === 'newline' || kind === 'end') return false;
    return !(context.noIn === true && text === 'in');
  }

  #additive(context: Context): Expr {
    return this.#binary(additive, (inner) => this.#binary(multiplicative, (deep) => this.#unary(deep), inner), context);
  }

  #binary(operators: readonly string[], operand: (context: Context) => Expr, context: Context): Expr {
    let left = operand(context);
    while (this.#token.kind === 'operator' && operators.includes(this.#token.text)) {
      const operator = this.#advance().text;
      left = { kind: 'binary', operator, left, right: operand(context) };
    }
    return left;
  }

  #unary(context: Context): Expr {
    for (const operator of ['!', '-', '+'] as const) {
      if (!this.#is(operator)) continue;
      this.#advance();
      return { kind: 'unary', operator, operand: this.#unary(context) };
    }
    return this.#power(context);
  }

  #power(context: Context): Expr {
    const base = this.#postfix(context);
    if (!this.#accept('^')) return base;
    // Right-associative; its right side may have a sign.
    const negative = this.#is('-') || this.#is('+') || this.#is('!');
    return { kind: 'binary', operator: '^', left: base, right: negative ? this.#unary(context) : this.#power(context) };
  }

  #postfix(context: Context): Expr {
    const operand = this.#primary(context);
    if (isPlace(operand)) {
      if (this.#accept('++')) return { kind: 'increment', by: 1, prefix: false, target: operand };
      if (this.#accept('--')) return { kind: 'increment', by: -1, prefix: false, target: operand };
    }
    return operand;
  }

  #primary(context: Context): Expr {
    const { kind, text, line } = this.#token;
    switch (kind) {
      case 'number':
        return { kind: 'number', value: this.#advance().value ?? 0 };
      case 'string':
        return { kind: 'string', value: this.#advance().text };
      case 'regex':
        checkRegex(text, line);
        return { kind: 'regex', source: this.#advance().text };
      case 'name':
        return this.#place();
      case 'function':
        this.#advance();
        return { kind: 'call', name: text, args: this.#arguments(), line };
      case 'builtin': {
        this.#advance();
        const args = this.#is('(') ? this.#arguments() : undefined;
        if (args === undefined && text !== 'length') this.#unexpected();
        return { kind: 'builtin', name: text, args: args ?? [], line };
      }
      case 'keyword': {
        if (text !== 'getline') break;
        this.#advance();
        const target = this.#optionalPlace();
        if (!this.#is('<')) return { kind: 'getline', from: 'main', source: undefined, target };
        this.#advance();
        return { kind: 'getline', from: 'file', source: this.#postfix({ ...context, noPipe: true }), target };
      }
      case 'operator':
        if (text === '$') return this.#place();
        if (text === '++' || text === '--') {
          this.#advance();
          return { kind: 'increment', by: text === '++' ? 1 : -1, prefix: true, target: this.#place() };
        }
        if (text === '(') return this.#group();
        if (text === '-' || text === '+' || text === '!') return this.#unary(context);
        break;
      default:
        break;
    }
    return this.#unexpected();
  }

  #group(): Expr {
    this.#advance();
    this.#newlines();
    const items = [this.#expression({})];
    this.#newlines();
    while (this.#accept(',')) {
      this.#newlines();
      items.push(this.#expression({}));
      this.#newlines();
    }
    this.#expect(')');
    const [only] = items;
    return items.length === 1 && only !== undefined ? { kind: 'group', operand: only } : { kind: 'list', items };
  }

  #arguments(): Expr[] {
    this.#expect('(');
    this.#inArguments++;
    this.#newlines();
    const args: Expr[] = [];
    while (!this.#is(')')) {
      args.push(this.#expression({}));
      this.#newlines();
      if (!this.#accept(',')) break;
      this.#newlines();
    }
    this.#inArguments--;
    this.#expect(')');
    return args;
  }

  #optionalPlace(): Place | undefined {
    return this.#token.kind === 'name' || this.#is('$') ? this.#place() : undefined;
  }

  #place(): Place {
    if (this.#accept('$')) {
      // `$i++` is `($i)++`, `$++i` and `$NF-1` read only what binds more strongly.
      if (this.#is('++') || this.#is('--')) {
        const by = this.#advance().text === '++' ? 1 : -1;
        return { kind: 'field', index: { kind: 'increment', by, prefix: true, target: this.#place() } };
      }
      if (this.#is('-') || this.#is('+') || this.#is('!')) return { kind: 'field', index: this.#unary({}) };
      return { kind: 'field', index: this.#primary({}) };
    }
    const variable = this.#variable();
    if (!this.#is('[')) {
      // A bare name among arguments may be either.
      if (this.#inArguments === 0 || !(this.#is(',') || this.#is(')'))) this.#note(variable.name, 'variable');
      return variable;
    }
    this.#note(variable.name, 'array');
    return { kind: 'element', array: variable, subscripts: this.#subscripts() };
  }

  #variable(): Variable {
    if (this.#token.kind !== 'name') this.#unexpected();
    return { kind: 'variable', name: this.#advance().text };
  }

  #array(): Variable {
    const variable = this.#variable();
    this.#note(variable.name, 'array');
    return variable;
  }

  #note(name: string, kind: 'array' | 'variable'): void {
    const kinds = this.#parameters.includes(name) ? this.#localKinds : this.#kinds;
    const known = kinds.get(name);
    if (known === undefined) kinds.set(name, kind);
    else if (known !== kind) {
      throw new AwkSyntaxError(`illegal reference to ${known} ${name}`, this.#token.line);
    }
  }

  #subscripts(): Expr[] {
    this.#expect('[');
    const subscripts: Expr[] = [];
    do {
      this.#newlines();
      subscripts.push(this.#expression({}));
    } while (this.#accept(','));
    this.#expect(']');
    return subscripts;
  }
}

const isPlace = (expr: Expr): expr is Place =>
  expr.kind === 'variable' || expr.kind === 'field' || expr.kind === 'element';

function checkRegex(source: string, line: number): void {
  try {
    translate(source);
  } catch (error) {
    if (error instanceof AwkError) throw new AwkSyntaxError(error.message, line);
    throw error;
  }
}

/** Parses a program; throws `AwkSyntaxError`. */
export const parseProgram = (source: string): AwkProgram => new Parser(source).program();
