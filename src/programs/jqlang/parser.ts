import type { Definition, Node, Pattern } from './ast';
import { JqSyntaxError, tokenize, type Token } from './lexer';

/** Binary operators from the weakest; `|`, `,` and `//` stand apart. */
const assignments = ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='];
const comparisons = ['==', '!=', '<', '<=', '>', '>='];

const shell = '(Unix shell quoting issues?)';

/** Parses a whole program; definitions alone are `.` with them in sight. */
export function parse(source: string): Node {
  return new Parser(tokenize(source)).program();
}

/** Parses definitions only. */
export function parseDefinitions(source: string): readonly Definition[] {
  return new Parser(tokenize(source)).definitions();
}

class Parser {
  #at = 0;

  constructor(readonly tokens: readonly Token[]) {}

  program(inner = false): Node {
    if (this.#token.kind === 'end' && !inner) return { kind: 'identity' };
    const node = this.#isKeyword('def') ? this.#afterDefinitions(true) : this.#pipe();
    if (this.#token.kind !== 'end') this.#unexpected(inner ? undefined : 'end of file');
    return node;
  }

  definitions(): readonly Definition[] {
    const found: Definition[] = [];
    while (this.#isKeyword('def')) found.push(this.#definition());
    this.#finish();
    return found;
  }

  #finish(): void {
    if (this.#token.kind !== 'end') this.#unexpected('end of file');
  }

  // --- tokens

  get #token(): Token {
    return this.tokens[this.#at] ?? { kind: 'end', text: '', line: 1, at: 0 };
  }

  #is(text: string): boolean {
    return this.#token.kind === 'operator' && this.#token.text === text;
  }

  #isKeyword(text: string): boolean {
    return this.#token.kind === 'keyword' && this.#token.text === text;
  }

  #advance(): Token {
    const token = this.#token;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  #accept(text: string): boolean {
    const found = this.#is(text) || this.#isKeyword(text);
    if (found) this.#advance();
    return found;
  }

  #expect(text: string, hint?: string): void {
    if (!this.#accept(text)) this.#unexpected(hint);
  }

  /** As bison words it. `expected`: what it lists if it is little. */
  #unexpected(expected?: string): never {
    const { kind, text, at } = this.#token;
    const names: Readonly<Record<string, string>> = {
      end: text === ')' ? 'QQSTRING_INTERP_END' : 'end of file',
      number: 'LITERAL',
      field: 'FIELD',
      identifier: 'IDENT',
      variable: 'BINDING',
      format: 'FORMAT',
      string: 'QQSTRING_START',
      invalid: 'INVALID_CHARACTER',
      keyword: text,
      operator: text.length > 1 ? text : `'${text}'`,
    };
    const closing = kind === 'operator' && [')', ']', '}'].includes(text) && !this.#hasOpen(text);
    const name = closing ? 'INVALID_CHARACTER' : (names[kind] ?? text);
    const list = expected === undefined ? '' : `, expecting ${expected}`;
    throw new JqSyntaxError(`syntax error, unexpected ${name}${list} ${shell}`, at);
  }

  /** Whether a closing bracket here has one to close: jq's lexer takes others for invalid characters. */
  #hasOpen(text: string): boolean {
    const open: string[] = [];
    const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
    for (const token of this.tokens.slice(0, this.#at)) {
      if (token.kind !== 'operator') continue;
      if ('([{'.includes(token.text)) open.push(token.text);
      else if (pairs[token.text] !== undefined && open.at(-1) === pairs[token.text]) open.pop();
    }
    return open.at(-1) === pairs[text];
  }

  // --- expressions, from the weakest

  #pipe(): Node {
    if (this.#isKeyword('def')) return this.#afterDefinitions(false);
    if (this.#isKeyword('label')) {
      this.#advance();
      const name = this.#variable();
      this.#expect('|', `'|'`);
      return { kind: 'label', name, body: this.#pipe() };
    }
    const left = this.#comma();
    if (this.#isKeyword('as')) return this.#bind(left);
    if (!this.#accept('|')) return left;
    return { kind: 'pipe', left, right: this.#pipe() };
  }

  /** `def f: …; body`; at the top the body may be missing. */
  #afterDefinitions(top: boolean): Node {
    const definition = this.#definition();
    if (top && this.#token.kind === 'end') {
      throw new JqSyntaxError('Top-level program not given (try ".")', -1);
    }
    const body = top && this.#isKeyword('def') ? this.#afterDefinitions(true) : this.#pipe();
    return { kind: 'function', definition, body };
  }

  #definition(): Definition {
    this.#advance();
    const { kind, text: name } = this.#token;
    if (kind !== 'identifier' && kind !== 'keyword') this.#unexpected('IDENT');
    this.#advance();
    const parameters: string[] = [];
    if (this.#accept('(')) {
      do {
        const token = this.#advance();
        if (token.kind === 'variable') parameters.push(`$${token.text}`);
        else if (token.kind === 'identifier' || token.kind === 'keyword') parameters.push(token.text);
        else {
          this.#at--;
          this.#unexpected('IDENT or BINDING');
        }
      } while (this.#accept(';'));
      this.#expect(')', `';' or ')'`);
    }
    this.#expect(':');
    const body = this.#pipe();
    this.#expect(';');
    return { name, parameters, body };
  }

  #bind(source: Node): Node {
    this.#advance();
    const patterns = this.#patterns();
    this.#expect('|', patterns.length > 1 ? `?// or '|'` : `'|'`);
    return { kind: 'bind', source, patterns, body: this.#pipe() };
  }

  #comma(): Node {
    let left = this.#alternative();
    while (this.#accept(',')) left = { kind: 'comma', left, right: this.#alternative() };
    return left;
  }

  /** `//` binds to the right, and weaker than assignments. */
  #alternative(): Node {
    const left = this.#assignment();
    if (!this.#accept('//')) return left;
    return { kind: 'alternative', left, right: this.#alternative() };
  }

  #assignment(): Node {
    const left = this.#or();
    const { kind, text } = this.#token;
    if (kind !== 'operator' || !assignments.includes(text)) return left;
    this.#advance();
    const right = this.#alternative();
    return { kind: 'assign', operator: text, left, right };
  }

  #or(): Node {
    let left = this.#and();
    while (this.#isKeyword('or')) {
      this.#advance();
      left = { kind: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): Node {
    let left = this.#comparison();
    while (this.#isKeyword('and')) {
      this.#advance();
      left = { kind: 'and', left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): Node {
    const left = this.#sum();
    const { kind, text } = this.#token;
    if (kind !== 'operator' || !comparisons.includes(text)) return left;
    this.#advance();
    const right = this.#sum();
    // They do not chain.
    if (this.#token.kind === 'operator' && comparisons.includes(this.#token.text)) this.#unexpected();
    return { kind: 'binary', operator: text, left, right };
  }

  #sum(): Node {
    return this.#leftToRight(['+', '-'], () => this.#leftToRight(['*', '/', '%'], () => this.#unary()));
  }

  #leftToRight(operators: readonly string[], operand: () => Node): Node {
    let left = operand();
    while (this.#token.kind === 'operator' && operators.includes(this.#token.text)) {
      const operator = this.#advance().text;
      left = { kind: 'binary', operator, left, right: operand() };
    }
    return left;
  }

  #unary(): Node {
    if (this.#accept('-')) return { kind: 'negate', body: this.#unary() };
    const { kind, text } = this.#token;
    if (kind === 'keyword') {
      if (text === 'reduce' || text === 'foreach') return this.#suffixes(this.#fold(text));
      if (text === 'try') {
        this.#advance();
        const body = this.#postTry();
        const handler = this.#accept('catch') ? this.#postTry() : undefined;
        return { kind: 'try', body, handler };
      }
      if (text === 'label') return this.#pipe();
      if (text === 'def') return this.#afterDefinitions(false);
    }
    const term = this.#postfix();
    // `term as $x | …` reaches to the end of the pipe, wherever it stands.
    if (this.#isKeyword('as')) return this.#bind(term);
    return term;
  }

  #postTry(): Node {
    if (this.#isKeyword('try') || this.#isKeyword('reduce') || this.#isKeyword('foreach')) return this.#unary();
    return this.#postfix();
  }

  #fold(kind: 'reduce' | 'foreach'): Node {
    this.#advance();
    const source = this.#postfix();
    this.#expect('as', undefined);
    const patterns = this.#patterns();
    this.#expect('(', `'('`);
    const init = this.#pipe();
    this.#expect(';');
    const update = this.#pipe();
    if (kind === 'reduce') {
      this.#expect(')');
      return { kind, source, patterns, init, update };
    }
    const extract = this.#accept(';') ? this.#pipe() : undefined;
    this.#expect(')');
    return { kind, source, patterns, init, update, extract };
  }

  // --- patterns

  #patterns(): readonly Pattern[] {
    const patterns = [this.#pattern()];
    while (this.#accept('?//')) patterns.push(this.#pattern());
    return patterns;
  }

  #pattern(): Pattern {
    if (this.#token.kind === 'variable') return { kind: 'variable', name: this.#advance().text };
    if (this.#accept('[')) {
      const items: Pattern[] = [];
      do items.push(this.#pattern());
      while (this.#accept(','));
      this.#expect(']', `',' or ']'`);
      return { kind: 'array', items };
    }
    if (!this.#accept('{')) this.#unexpected(`BINDING or '[' or '{'`);
    const entries: { variable: string | undefined; key: Node; value: Pattern | undefined }[] = [];
    do {
      const token = this.#token;
      if (token.kind === 'variable') {
        this.#advance();
        const value = this.#accept(':') ? this.#pattern() : undefined;
        entries.push({ variable: token.text, key: { kind: 'literal', value: token.text }, value });
        continue;
      }
      let key: Node;
      if (token.kind === 'identifier' || token.kind === 'keyword') {
        this.#advance();
        key = { kind: 'literal', value: token.text };
      } else if (token.kind === 'string') key = this.#string(undefined);
      else if (this.#accept('(')) {
        key = this.#pipe();
        this.#expect(')');
      } else this.#unexpected();
      this.#expect(':', `':'`);
      entries.push({ variable: undefined, key, value: this.#pattern() });
    } while (this.#accept(','));
    this.#expect('}', `',' or '}'`);
    return { kind: 'object', entries };
  }

  #variable(): string {
    if (this.#token.kind !== 'variable') this.#unexpected('BINDING');
    return this.#advance().text;
  }

  // --- terms

  #postfix(): Node {
    return this.#suffixes(this.#term());
  }

  #suffixes(start: Node): Node {
    let node = start;
    for (;;) {
      const { kind, text } = this.#token;
      if (kind === 'field') {
        this.#advance();
        node = { kind: 'index', target: node, key: { kind: 'literal', value: text } };
      } else if (this.#is('.') && this.tokens[this.#at + 1]?.kind === 'string') {
        this.#advance();
        node = { kind: 'index', target: node, key: this.#string(undefined) };
      } else if (this.#is('.') && this.tokens[this.#at + 1]?.text === '[') {
        this.#advance();
      } else if (this.#is('[')) node = this.#brackets(node);
      else if (this.#accept('?')) node = { kind: 'try', body: node, handler: undefined };
      else if (this.#is('.')) {
        this.#advance();
        this.#unexpected(`FORMAT or QQSTRING_START or '['`);
      } else return node;
    }
  }

  /** `[]`, `[e]`, `[a:b]` behind a term. */
  #brackets(target: Node): Node {
    this.#advance();
    if (this.#accept(']')) return { kind: 'iterate', target };
    if (this.#accept(':')) {
      const to = this.#pipe();
      this.#expect(']');
      return { kind: 'slice', target, from: undefined, to };
    }
    const key = this.#pipe();
    if (this.#accept(':')) {
      if (this.#accept(']')) return { kind: 'slice', target, from: key, to: undefined };
      const to = this.#pipe();
      this.#expect(']');
      return { kind: 'slice', target, from: key, to };
    }
    this.#expect(']');
    return { kind: 'index', target, key };
  }

  #term(): Node {
    const { kind, text, line, at } = this.#token;
    switch (kind) {
      case 'number':
        this.#advance();
        return { kind: 'literal', value: Number(text), text };
      case 'string':
        return this.#string(undefined);
      case 'format': {
        this.#advance();
        if (this.#token.kind === 'string') return this.#string(text);
        return { kind: 'format', name: text };
      }
      case 'field':
        this.#advance();
        return { kind: 'index', target: { kind: 'identity' }, key: { kind: 'literal', value: text } };
      case 'variable':
        this.#advance();
        return text === '__loc__' ? { kind: 'location', line } : { kind: 'variable', name: text, at };
      case 'identifier':
        return this.#call();
      case 'keyword':
        if (text === 'if') return this.#if();
        if (text === 'reduce' || text === 'foreach') return this.#fold(text);
        return this.#unexpected(this.#at === 0 ? 'end of file' : undefined);
      case 'operator':
        break;
      default:
        return this.#unexpected(kind !== 'end' && this.#at === 0 ? 'end of file' : undefined);
    }
    switch (text) {
      case '.': {
        this.#advance();
        const target: Node = { kind: 'identity' };
        if (this.#token.kind === 'string') return { kind: 'index', target, key: this.#string(undefined) };
        return this.#is('[') ? this.#brackets(target) : target;
      }
      case '..':
        this.#advance();
        return { kind: 'recurse' };
      case '(': {
        this.#advance();
        const inner = this.#pipe();
        this.#expect(')');
        return inner;
      }
      case '[': {
        this.#advance();
        if (this.#accept(']')) return { kind: 'array', body: undefined };
        const body = this.#pipe();
        this.#expect(']');
        return { kind: 'array', body };
      }
      case '{':
        return this.#object();
      default:
        return this.#unexpected(this.#at === 0 ? 'end of file' : undefined);
    }
  }

  #call(): Node {
    const { text: name, at } = this.#advance();
    if (name === 'break' && this.#token.kind === 'variable') return { kind: 'break', name: this.#advance().text, at };
    if (name === 'break') this.#unexpected('BINDING');
    const args: Node[] = [];
    if (this.#accept('(')) {
      do args.push(this.#pipe());
      while (this.#accept(';'));
      this.#expect(')');
    }
    if (args.length === 0 && ['null', 'true', 'false'].includes(name)) {
      return { kind: 'literal', value: name === 'null' ? null : name === 'true' };
    }
    return { kind: 'call', name, args, at };
  }

  #if(): Node {
    this.#advance();
    const test = this.#pipe();
    this.#expect('then');
    const then = this.#pipe();
    if (this.#isKeyword('elif')) return { kind: 'if', test, then, otherwise: this.#if() };
    let otherwise: Node | undefined;
    if (this.#accept('else')) otherwise = this.#pipe();
    this.#expect('end');
    return { kind: 'if', test, then, otherwise };
  }

  #object(): Node {
    this.#advance();
    const entries: { key: Node; value: Node }[] = [];
    if (this.#accept('}')) return { kind: 'object', entries };
    do {
      if (this.#is('}') && entries.length > 0) break;
      entries.push(this.#entry());
    } while (this.#accept(','));
    this.#expect('}', `'}'`);
    return { kind: 'object', entries };
  }

  #entry(): { key: Node; value: Node } {
    const { kind, text, line, at } = this.#token;
    const dot: Node = { kind: 'identity' };
    switch (kind) {
      case 'variable': {
        this.#advance();
        const key: Node = { kind: 'literal', value: text };
        return { key, value: text === '__loc__' ? { kind: 'location', line } : { kind: 'variable', name: text, at } };
      }
      case 'identifier':
      case 'keyword': {
        this.#advance();
        const key: Node = { kind: 'literal', value: text };
        return { key, value: this.#accept(':') ? this.#objectValue() : { kind: 'index', target: dot, key } };
      }
      case 'number': {
        this.#advance();
        if (!this.#is(':')) this.#unexpected(`':'`);
        throw new JqSyntaxError(`Cannot use number (${text}) as object key`, at);
      }
      case 'string':
      case 'format': {
        const format = kind === 'format' ? this.#advance().text : undefined;
        const key = this.#token.kind === 'string' ? this.#string(format) : { kind: 'format' as const, name: text };
        return { key, value: this.#accept(':') ? this.#objectValue() : { kind: 'index', target: dot, key } };
      }
      default: {
        if (!this.#accept('(')) this.#unexpected();
        const key = this.#pipe();
        this.#expect(')');
        this.#expect(':', `':'`);
        return { key, value: this.#objectValue() };
      }
    }
  }

  /** Values of an object: anything without `,`, with `|` between. */
  #objectValue(): Node {
    const left = this.#valueTerm();
    if (!this.#accept('|')) return left;
    return { kind: 'pipe', left, right: this.#objectValue() };
  }

  #valueTerm(): Node {
    return this.#alternative();
  }

  #string(format: string | undefined): Node {
    const { parts = [], unfinished } = this.#token;
    if (unfinished === true) {
      this.#at = this.tokens.length - 1;
      this.#unexpected('QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END');
    }
    this.#advance();
    const [only] = parts;
    if (parts.length === 0) return { kind: 'literal', value: '' };
    if (parts.length === 1 && typeof only === 'string') return { kind: 'literal', value: only };
    return {
      kind: 'string',
      format,
      parts: parts.map((part) => (typeof part === 'string' ? part : new Parser(part).program(true))),
    };
  }
}
