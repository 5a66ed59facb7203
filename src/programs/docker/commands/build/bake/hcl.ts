import { CommandError } from '../../../cli/command';

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'mark' | 'heredoc';
  readonly text: string;
  readonly line: number;
}

const token =
  /(\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|([A-Za-z_][\w-]*)|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|(==|!=|&&|\|\||[{}[\]=,:()?+.!<>])/y;

/** The part of HCL that bake files are made of: blocks, attributes, lists, maps, strings with `${…}`, conditions. */
export function parseHcl(
  name: string,
  text: string,
  env: ReadonlyMap<string, string>,
): Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Value>>>>>> {
  const parser = new Parser(name, tokens(name, text), env);
  return parser.file();
}

function tokens(name: string, text: string): readonly Token[] {
  const found: Token[] = [];
  token.lastIndex = 0;
  let line = 1;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null)
      throw new CommandError(`${name}:${line},1-2: Invalid character; This character is not used within the language.`);
    const [whole, blank, word, string, number, mark] = match;
    if (blank === undefined) {
      const kind =
        word !== undefined ? 'name' : string !== undefined ? 'string' : number !== undefined ? 'number' : 'mark';
      found.push({ kind, text: word ?? string ?? number ?? mark ?? '', line });
    }
    line += whole.split('\n').length - 1;
    if (token.lastIndex === at) break;
  }
  return found;
}

class Parser {
  #at = 0;
  readonly #variables = new Map<string, Value>();

  constructor(
    readonly name: string,
    readonly tokens: readonly Token[],
    readonly env: ReadonlyMap<string, string>,
  ) {}

  file(): Record<string, Record<string, Record<string, Value>>> {
    const blocks: { kind: string; label: string; from: number }[] = [];
    const attributes: { key: string; from: number }[] = [];
    while (this.#at < this.tokens.length) {
      const { text } = this.#take('name');
      if (this.#peek('=')) {
        this.#at++;
        attributes.push({ key: text, from: this.#at });
        this.#skipValue();
        continue;
      }
      const label = this.tokens[this.#at];
      if (label === undefined || (label.kind !== 'string' && label.kind !== 'name')) throw this.#wrong('block label');
      this.#at++;
      blocks.push({ kind: text, label: label.text, from: this.#at });
      this.#skipBlock();
    }
    const result: Record<string, Record<string, Record<string, Value>>> = {};
    // Variables come first: all else may name them, wherever they stand.
    for (const { key, from } of attributes)
      this.#variables.set(
        key,
        this.#from(from, () => this.#value()),
      );
    for (const { kind, label, from } of [...blocks].sort(
      (a, b) => Number(b.kind === 'variable') - Number(a.kind === 'variable'),
    )) {
      const body = this.#from(from, () => this.#body());
      (result[kind] ??= {})[label] = body;
      if (kind === 'variable') this.#variables.set(label, this.env.get(label) ?? body['default'] ?? '');
    }
    return result;
  }

  #from<T>(at: number, read: () => T): T {
    this.#at = at;
    return read();
  }

  #skipBlock(): void {
    let depth = 0;
    do {
      const next = this.tokens[this.#at++];
      if (next === undefined) throw this.#wrong('closing brace');
      if (next.kind !== 'mark') continue;
      if (next.text === '{') depth++;
      if (next.text === '}') depth--;
    } while (depth > 0);
  }

  #skipValue(): void {
    this.#value();
  }

  #body(): Record<string, Value> {
    const body: Record<string, Value> = {};
    this.#expect('{');
    while (!this.#peek('}')) {
      const { text, kind } = this.tokens[this.#at++] ?? { text: '', kind: 'mark' };
      if (kind !== 'name' && kind !== 'string') throw this.#wrong('argument name');
      if (this.#peek('{') || this.tokens[this.#at]?.kind === 'string') {
        // A nested block (`validation`, `matrix`): nothing that a build needs.
        while (!this.#peek('{')) this.#at++;
        this.#skipBlock();
        continue;
      }
      if (!this.#peek('=') && !this.#peek(':')) throw this.#wrong('equals sign');
      this.#at++;
      body[text] = this.#value();
      if (this.#peek(',')) this.#at++;
    }
    this.#expect('}');
    return body;
  }

  #value(): Value {
    const first = this.#operand();
    if (this.#peek('==') || this.#peek('!=')) {
      const equal = this.tokens[this.#at++]?.text === '==';
      return this.#choice((first === this.#operand()) === equal);
    }
    return this.#peek('?') ? this.#choice(first === true || first === 'true') : first;
  }

  #choice(condition: boolean): Value {
    if (!this.#peek('?')) return condition;
    this.#at++;
    const yes = this.#value();
    this.#expect(':');
    const no = this.#value();
    return condition ? yes : no;
  }

  #operand(): Value {
    const next = this.tokens[this.#at];
    if (next === undefined) throw this.#wrong('expression');
    if (next.kind === 'string') {
      this.#at++;
      return this.#template(next.text);
    }
    if (next.kind === 'number') {
      this.#at++;
      return Number(next.text);
    }
    if (next.text === '[') {
      this.#at++;
      const items: Value[] = [];
      while (!this.#peek(']')) {
        items.push(this.#value());
        if (this.#peek(',')) this.#at++;
      }
      this.#at++;
      return items;
    }
    if (next.text === '{') return this.#body();
    if (next.text === '(') {
      this.#at++;
      const inner = this.#value();
      this.#expect(')');
      return inner;
    }
    if (next.kind !== 'name') throw this.#wrong('expression');
    this.#at++;
    if (next.text === 'true' || next.text === 'false') return next.text === 'true';
    if (next.text === 'null') return null;
    if (this.#peek('('))
      throw new CommandError(`${this.name}:${next.line}: functions are not supported here: ${next.text}()`);
    const value = this.#variables.get(next.text);
    // While variables are being collected those that come later are not known yet.
    return value ?? this.env.get(next.text) ?? '';
  }

  #template(text: string): string {
    const expanded = text.replace(/\$\{\s*([\w-]+)\s*\}/g, (_, key: string) => {
      const value = this.#variables.get(key) ?? this.env.get(key) ?? '';
      return typeof value === 'string' ? value : JSON.stringify(value);
    });
    return expanded.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char));
  }

  #peek(text: string): boolean {
    const next = this.tokens[this.#at];
    return next?.kind === 'mark' && next.text === text;
  }

  #take(kind: Token['kind']): Token {
    const next = this.tokens[this.#at];
    if (next?.kind !== kind) throw this.#wrong('argument or block definition');
    this.#at++;
    return next;
  }

  #expect(text: string): void {
    if (!this.#peek(text)) throw this.#wrong(JSON.stringify(text));
    this.#at++;
  }

  #wrong(what: string): CommandError {
    const line = this.tokens[Math.min(this.#at, this.tokens.length - 1)]?.line ?? 1;
    return new CommandError(`${this.name}:${line}: Invalid expression; expected ${what}`);
  }
}
