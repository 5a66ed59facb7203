import { quote } from './fmt';
import { lex, ParseError, type Token, type TokenKind } from './lex';
import type { Command, Node, Operand, Pipe } from './nodes';

export interface Parsed {
  readonly body: readonly Node[];
  /** `define` and `block`. */
  readonly templates: ReadonlyMap<string, readonly Node[]>;
}

/** Parses a template as text/template does. `functions` are the names it may call. Throws `ParseError`. */
export function parse(source: string, name: string, functions: (name: string) => boolean): Parsed {
  const fail = (at: number, message: string): never => {
    const line = source.slice(0, at).split('\n').length;
    throw new ParseError(`template: ${name}:${line}: ${message}`);
  };
  return new Parser(lex(source, fail), fail, functions).parse();
}

type Stop = 'end' | 'else' | 'eof';

class Parser {
  #at = 0;
  readonly #templates = new Map<string, readonly Node[]>();
  #variables: string[] = ['$'];
  #rangeDepth = 0;

  constructor(
    readonly tokens: readonly Token[],
    readonly fail: (at: number, message: string) => never,
    readonly isFunction: (name: string) => boolean,
  ) {}

  parse(): Parsed {
    const { nodes } = this.#list(['eof']);
    return { body: nodes, templates: this.#templates };
  }

  #peek(): Token {
    return this.tokens[this.#at] ?? { kind: 'eof', text: '', at: 0 };
  }
  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }
  #skipSpace(): void {
    while (this.#peek().kind === 'space') this.#at++;
  }
  #peekWord(): Token {
    this.#skipSpace();
    return this.#peek();
  }
  #nextWord(): Token {
    this.#skipSpace();
    return this.#next();
  }
  #unexpected(token: Token, context: string): never {
    const what = token.kind === 'eof' ? 'unexpected EOF' : `unexpected ${tokenText(token)} in ${context}`;
    return this.fail(token.at, what);
  }
  #expect(kind: TokenKind, context: string): Token {
    const token = this.#nextWord();
    if (token.kind !== kind) this.#unexpected(token, context);
    return token;
  }

  /** Nodes up to one of the stops; leaves the parser behind the keyword of the stop. */
  #list(stops: readonly Stop[]): { readonly nodes: readonly Node[]; readonly stop: Stop } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === 'eof') {
        if (!stops.includes('eof')) this.fail(token.at, 'unexpected EOF');
        return { nodes, stop: 'eof' };
      }
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text });
        continue;
      }
      const word = this.#peekWord();
      if (word.kind === 'keyword' && (word.text === 'end' || word.text === 'else')) {
        this.#next();
        if (!stops.includes(word.text)) this.fail(word.at, `unexpected {{${word.text}}}`);
        if (word.text === 'end') this.#expect('close', 'end');
        return { nodes, stop: word.text };
      }
      const node = this.#action();
      if (node !== undefined) nodes.push(node);
    }
  }

  #action(): Node | undefined {
    const word = this.#peekWord();
    if (word.kind !== 'keyword') return { kind: 'action', pipe: this.#pipe('command', 'close') };
    this.#next();
    switch (word.text) {
      case 'if':
      case 'with':
        return this.#branch(word.text);
      case 'range': {
        return this.#branch('range');
      }
      case 'break':
      case 'continue':
        if (this.#rangeDepth === 0) this.fail(word.at, `{{${word.text}}} outside {{range}}`);
        this.#expect('close', `{{${word.text}}}`);
        return { kind: word.text };
      case 'define': {
        const name = this.#string('define clause');
        this.#expect('close', 'define clause');
        this.#templates.set(
          name,
          this.#scoped(() => this.#list(['end']).nodes),
        );
        return undefined;
      }
      case 'template': {
        const name = this.#string('template clause');
        const closes = this.#peekWord().kind === 'close';
        if (closes) this.#nextWord();
        return {
          kind: 'template',
          at: word.at,
          name,
          pipe: closes ? undefined : this.#pipe('template clause', 'close'),
        };
      }
      case 'block': {
        const name = this.#string('block clause');
        const pipe = this.#pipe('block clause', 'close');
        this.#templates.set(
          name,
          this.#scoped(() => this.#list(['end']).nodes),
        );
        return { kind: 'template', at: word.at, name, pipe };
      }
      default:
        return this.#unexpected(word, 'command');
    }
  }

  #scoped<T>(parse: () => T): T {
    const outer = this.#variables;
    this.#variables = ['$'];
    const result = parse();
    this.#variables = outer;
    return result;
  }

  #branch(kind: 'if' | 'range' | 'with'): Node {
    const depth = this.#variables.length;
    if (kind === 'range') this.#rangeDepth++;
    const pipe = this.#pipe(kind, 'close');
    const { nodes: body, stop } = this.#list(['end', 'else']);
    if (kind === 'range') this.#rangeDepth--;
    let otherwise: readonly Node[] | undefined;
    if (stop === 'else') {
      const word = this.#peekWord();
      if (word.kind === 'keyword' && word.text === kind && kind !== 'range') {
        // `else if` is an `else` that holds an `if`, and shares its `end`.
        this.#next();
        otherwise = [this.#branch(kind)];
      } else {
        this.#expect('close', 'else');
        otherwise = this.#list(['end']).nodes;
      }
    }
    this.#variables.length = depth;
    return { kind, pipe, body, otherwise };
  }

  #string(context: string): string {
    const token = this.#expect('string', context);
    return unquote(token.text);
  }

  #pipe(context: string, end: 'close' | 'rightParen'): Pipe {
    const at = this.#peekWord().at;
    const declares: string[] = [];
    let assigns = false;
    const save = this.#at;
    for (;;) {
      const variable = this.#peekWord();
      if (variable.kind !== 'variable') break;
      this.#next();
      const after = this.#peekWord();
      if (after.kind === 'comma' && context === 'range' && declares.length === 0) {
        this.#next();
        declares.push(variable.text);
        continue;
      }
      if (after.kind === 'declare' || after.kind === 'assign') {
        this.#next();
        declares.push(variable.text);
        assigns = after.kind === 'assign';
        if (assigns) this.#known(variable);
      } else {
        this.#at = save;
        declares.length = 0;
      }
      break;
    }
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peekWord();
      if (token.kind === end) {
        this.#next();
        if (commands.length === 0) this.fail(token.at, `missing value for ${context}`);
        break;
      }
      if (commands.length > 0) this.#expect('pipe', context);
      commands.push(this.#command(context));
    }
    if (!assigns) this.#variables.push(...declares);
    return { at, declares, assigns, commands };
  }

  #command(context: string): Command {
    const operands: Operand[] = [];
    const at = this.#peekWord().at;
    for (;;) {
      const operand = this.#operand();
      if (operand === undefined) break;
      operands.push(operand);
      if (this.#peek().kind !== 'space') break;
    }
    const [first, ...rest] = operands;
    if (first === undefined) {
      const token = this.#peekWord();
      if (token.kind === 'pipe' || token.kind === 'close' || token.kind === 'rightParen')
        this.fail(token.at, `missing value for ${context}`);
      return this.#unexpected(token, 'operand');
    }
    return { at, operands: [first, ...rest] };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    if (term === undefined) return undefined;
    // A chain stands, for messages, where its second part begins (newChain takes the position of the next token).
    const { at } = this.#peek();
    const path = this.#path();
    if (path.length === 0) return term;
    if (term.kind === 'field') return { ...term, at, path: [...term.path, ...path] };
    if (term.kind === 'variable') return { ...term, at, path: [...term.path, ...path] };
    if (term.kind === 'literal' || term.kind === 'nil' || term.kind === 'dot') {
      return this.fail(term.at, `unexpected . after term ${quote(term.kind === 'literal' ? term.text : '.')}`);
    }
    return { kind: 'chain', at, on: term, path };
  }

  #path(): readonly string[] {
    const path: string[] = [];
    while (this.#peek().kind === 'field') path.push(this.#next().text.slice(1));
    return path;
  }

  #term(): Operand | undefined {
    const token = this.#peekWord();
    const { at, text } = token;
    switch (token.kind) {
      case 'identifier':
        this.#next();
        if (!this.isFunction(text)) this.fail(at, `function ${quote(text)} not defined`);
        return { kind: 'identifier', at, name: text };
      case 'dot':
        this.#next();
        return { kind: 'dot', at };
      case 'nil':
        this.#next();
        return { kind: 'nil', at };
      case 'variable':
        this.#next();
        this.#known(token);
        return { kind: 'variable', at, path: [text] };
      case 'field':
        this.#next();
        return { kind: 'field', at, path: [text.slice(1)] };
      case 'bool':
        this.#next();
        return { kind: 'literal', at, value: text === 'true', text };
      case 'string':
        this.#next();
        return { kind: 'literal', at, value: unquote(text), text };
      case 'char':
        this.#next();
        return { kind: 'literal', at, value: BigInt(unquote(text).codePointAt(0) ?? 0), text };
      case 'number':
        this.#next();
        return { kind: 'literal', at, value: this.#number(token), text };
      case 'leftParen': {
        this.#next();
        const pipe = this.#pipe('parenthesized pipeline', 'rightParen');
        return { kind: 'pipe', at, pipe };
      }
      default:
        return undefined;
    }
  }

  #known(token: Token): void {
    if (!this.#variables.includes(token.text)) this.fail(token.at, `undefined variable ${quote(token.text)}`);
  }

  #number({ text, at }: Token): bigint | number {
    const plain = text.replace(/_/g, '');
    const sign = plain.startsWith('-') ? -1n : 1n;
    const digits = plain.replace(/^[+-]/, '');
    if (/^(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(digits)) return sign * BigInt(digits);
    if (/^0[0-7]+$/.test(digits)) return sign * BigInt(`0o${digits.slice(1)}`);
    if (/^\d+$/.test(digits)) return sign * BigInt(digits);
    const value = Number(plain);
    return Number.isNaN(value) ? this.fail(at, `bad number syntax: ${quote(text)}`) : value;
  }
}

function tokenText({ kind, text }: Token): string {
  if (kind === 'keyword') return `<${text}>`;
  return quote(text.length > 10 ? text.slice(0, 10) : text) + (text.length > 10 ? '...' : '');
}

/** strconv.Unquote. */
function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text
    .slice(1, -1)
    .replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.)/gs, (_, code: string) => {
      if (/^[xuU]./.test(code)) return String.fromCodePoint(parseInt(code.slice(1), 16));
      if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(parseInt(code, 8));
      return simple.get(code) ?? code;
    });
}

const simple = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
]);
