/** yq's expression language (github.com/mikefarah/yq, pkg/yqlib/lexer_participle.go and expression_postfix.go). */
export type Expression =
  | { readonly kind: 'self' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'literal'; readonly tag: string; readonly text: string }
  | { readonly kind: 'interpolated'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'path'; readonly of: Expression; readonly name: Expression; readonly optional: boolean }
  | { readonly kind: 'each'; readonly of: Expression; readonly optional: boolean }
  | {
      readonly kind: 'slice';
      readonly of: Expression;
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
    }
  | { readonly kind: 'descend'; readonly of: Expression; readonly keys: boolean }
  | { readonly kind: 'sequence'; readonly inner: Expression | undefined }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly place: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'as'; readonly of: Expression; readonly name: string }
  | {
      readonly kind: 'reduce';
      readonly over: Expression;
      readonly name: string;
      readonly start: Expression;
      readonly step: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly flags: string;
      readonly left: Expression;
      readonly right: Expression;
    };

export class ExpressionError extends Error {}

interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'path' | 'operator' | 'variable';
  readonly text: string;
  readonly parts?: readonly (string | Expression)[];
  /** Where it begins, `1:13: `. */
  readonly place: string;
  /** Nothing stands between it and the token before. */
  readonly joined: boolean;
}

/** How tightly operators bind: more is tighter. */
const precedence: Readonly<Record<string, number>> = {
  ',': 10,
  or: 20,
  and: 20,
  '|': 30,
  '=': 40,
  '|=': 40,
  '+=': 40,
  '-=': 40,
  '*=': 40,
  '//=': 40,
  '==': 40,
  '!=': 40,
  '<': 40,
  '>': 40,
  '<=': 40,
  '>=': 40,
  '+': 42,
  '-': 42,
  '*': 42,
  '/': 42,
  '%': 42,
  '//': 42,
};

function lex(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let end = 0;
  const push = (kind: Token['kind'], length: number, value: string, parts?: Token['parts']): void => {
    tokens.push({
      kind,
      text: value,
      joined: end === at,
      place: `1:${at + 1}: `,
      ...(parts === undefined ? {} : { parts }),
    });
    at += length;
    end = at;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^(\s+|#[^\n]*)/.exec(rest);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const name = /^\.([A-Za-z_\u00a0-\uffff][\w\u00a0-\uffff-]*)/.exec(rest);
    const word = /^@?[A-Za-z_][\w]*/.exec(rest);
    const number = /^-?\d+(\.\d+)?([eE][-+]?\d+)?/.exec(rest);
    const operator =
      /^(\/\/=|\|=|\+=|-=|\*=[+?ndc]*|==|!=|<=|>=|\/\/|\.\.\.|\.\.|\*[+?ndc]+(?=[\s.(])|[|,=+\-*/%<>()[\]{}:;.?])/.exec(
        rest,
      );
    const variable = /^\$([A-Za-z_]\w*)/.exec(rest);
    const previous = tokens.at(-1);
    const valueBefore = previous !== undefined && (previous.kind !== 'operator' || /^[)\]}]$/.test(previous.text));
    if (rest.startsWith('"')) {
      const { length, parts } = quoted(rest);
      push('string', length, parts.every((part) => typeof part === 'string') ? parts.join('') : '', parts);
    } else if (rest.startsWith('."')) {
      const { length, parts } = quoted(rest.slice(1));
      push('path', length + 1, parts.join(''));
    } else if (name !== null) push('path', name[0].length, name[1] ?? '');
    else if (number !== null && !(rest.startsWith('-') && valueBefore)) push('number', number[0].length, number[0]);
    else if (variable !== null) push('variable', variable[0].length, variable[1] ?? '');
    else if (operator !== null) push('operator', operator[0].length, operator[0]);
    else if (word !== null) push('name', word[0].length, word[0]);
    else throw new ExpressionError(`invalid input text "${rest.slice(0, 20)}"`);
  }
  return tokens;
}

/** A string in double quotes, with `\(expressions)` in it. */
function quoted(text: string): { readonly length: number; readonly parts: readonly (string | Expression)[] } {
  const parts: (string | Expression)[] = [];
  let current = '';
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };
  for (let at = 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      parts.push(current);
      return { length: at + 1, parts };
    }
    if (character !== '\\') {
      current += character;
      continue;
    }
    const next = text.charAt(++at);
    if (next !== '(') {
      current += escapes[next] ?? `\\${next}`;
      continue;
    }
    let depth = 1;
    const start = at + 1;
    while (depth > 0 && ++at < text.length) depth += text.charAt(at) === '(' ? 1 : text.charAt(at) === ')' ? -1 : 0;
    parts.push(current, parse(text.slice(start, at)));
    current = '';
  }
  throw new ExpressionError('invalid input text "\\""');
}

/** What a node is adorned with: `line_comment = "x"`. */
const adornments: ReadonlySet<string> = new Set([
  'line_comment',
  'head_comment',
  'foot_comment',
  'style',
  'tag',
  'anchor',
]);

/** Functions whose arguments are split by `;`. */
class Parser {
  #at = 0;

  constructor(readonly tokens: readonly Token[]) {}

  #peek(text?: string): Token | undefined {
    const token = this.tokens[this.#at];
    return text === undefined || (token?.kind === 'operator' && token.text === text) ? token : undefined;
  }

  #take(text: string): void {
    if (this.#peek(text) === undefined) {
      const open = text === ']' ? 'could not find matching `]`' : `could not find matching \`${text}\``;
      throw new ExpressionError(`bad expression, ${open}`);
    }
    this.#at++;
  }

  all(): Expression {
    if (this.tokens.length === 0) return { kind: 'self' };
    const whole = this.#binary(0);
    const rest = this.#peek();
    if (rest !== undefined) throw new ExpressionError(`bad expression, please check expression syntax`);
    return whole;
  }

  #binary(least: number): Expression {
    let left = this.#postfix();
    for (;;) {
      const token = this.#peek();
      if (
        token === undefined ||
        (token.kind !== 'operator' && !/^(and|or|as)$/.test(token.text) && !adornments.has(token.text))
      )
        return left;
      const set = this.tokens[this.#at + 1];
      if (adornments.has(token.text) && set?.kind === 'operator' && set.text === '=') {
        this.#at += 2;
        left = { kind: 'binary', operator: 'set', flags: token.text, left, right: this.#binary(41) };
        continue;
      }
      if (token.kind === 'name' && token.text === 'as') {
        this.#at++;
        const name = this.#peek()?.text ?? '';
        this.#at++;
        left = { kind: 'as', of: left, name };
        continue;
      }
      const [, base = '', flags = ''] = /^(\*=?|[^*]+)([+?ndc]*)$/.exec(token.text) ?? [];
      const binding = precedence[base];
      if (binding === undefined || binding < least) return left;
      this.#at++;
      const right = this.#binary(binding + 1);
      left = { kind: 'binary', operator: base, flags, left, right };
    }
  }

  #postfix(): Expression {
    let value = this.#primary();
    for (;;) {
      const token = this.#peek();
      if (token === undefined) return value;
      const optional = (): boolean => {
        if (this.#peek('?') === undefined) return false;
        this.#at++;
        return true;
      };
      if (token.kind === 'path') {
        this.#at++;
        value = {
          kind: 'path',
          of: value,
          name: { kind: 'literal', tag: '!!str', text: token.text },
          optional: optional(),
        };
      } else if (
        token.kind === 'operator' &&
        token.text === '[' &&
        (token.joined || this.tokens[this.#at - 1]?.text === '.')
      ) {
        this.#at++;
        value = this.#brackets(value, optional);
      } else if (token.kind === 'operator' && token.text === '.' && this.tokens[this.#at + 1]?.text === '[') this.#at++;
      else if (token.kind === 'operator' && token.text === '?') this.#at++;
      else return value;
    }
  }

  #brackets(of: Expression, optional: () => boolean): Expression {
    if (this.#peek(']') !== undefined) {
      this.#at++;
      return { kind: 'each', of, optional: optional() };
    }
    const from = this.#peek(':') === undefined ? this.#binary(0) : undefined;
    if (this.#peek(':') !== undefined) {
      this.#at++;
      const to = this.#peek(']') === undefined ? this.#binary(0) : undefined;
      this.#take(']');
      return { kind: 'slice', of, from, to };
    }
    this.#take(']');
    return { kind: 'path', of, name: from ?? { kind: 'empty' }, optional: optional() };
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token === undefined) {
      const open = this.tokens.findLast(({ kind, text }) => kind === 'operator' && /^[[({]$/.test(text))?.text;
      const close = open === '[' ? ']' : open === '(' ? ')' : '}';
      throw new ExpressionError(
        open === undefined
          ? 'bad expression, please check expression syntax'
          : `bad expression, could not find matching \`${close}\``,
      );
    }
    this.#at++;
    switch (token.kind) {
      case 'path': {
        const optional = this.#peek('?') !== undefined;
        if (optional) this.#at++;
        return {
          kind: 'path',
          of: { kind: 'self' },
          name: { kind: 'literal', tag: '!!str', text: token.text },
          optional,
        };
      }
      case 'string':
        return token.parts?.some((part) => typeof part !== 'string') === true
          ? { kind: 'interpolated', parts: token.parts }
          : { kind: 'literal', tag: '!!str', text: token.text };
      case 'number':
        return { kind: 'literal', tag: /[.eE]/.test(token.text) ? '!!float' : '!!int', text: token.text };
      case 'variable':
        return { kind: 'variable', name: token.text };
      case 'name':
        return this.#named(token.text, token.place);
      default:
        return this.#symbol(token.text);
    }
  }

  #named(name: string, place: string): Expression {
    if (name === 'true' || name === 'false') return { kind: 'literal', tag: '!!bool', text: name };
    if (name === 'null') return { kind: 'literal', tag: '!!null', text: 'null' };
    if (name === 'reduce' || name === 'ireduce') return this.#reduce();
    const args: Expression[] = [];
    if (this.#peek('(') !== undefined && this.#peek()?.joined === true) {
      this.#at++;
      if (this.#peek(')') === undefined) {
        args.push(this.#binary(0));
        while (this.#peek(';') !== undefined) {
          this.#at++;
          args.push(this.#binary(0));
        }
      }
      this.#take(')');
    }
    return { kind: 'call', name, args, place };
  }

  #reduce(): Expression {
    throw new ExpressionError('reduce is written `.[] as $item ireduce (start; step)`');
  }

  #symbol(text: string): Expression {
    switch (text) {
      case '.':
        return { kind: 'self' };
      case '..':
        return { kind: 'descend', of: { kind: 'self' }, keys: false };
      case '...':
        return { kind: 'descend', of: { kind: 'self' }, keys: true };
      case '(': {
        const inner = this.#binary(0);
        this.#take(')');
        return inner;
      }
      case '[': {
        if (this.#peek(']') !== undefined) {
          this.#at++;
          return { kind: 'sequence', inner: undefined };
        }
        const inner = this.#binary(0);
        this.#take(']');
        return { kind: 'sequence', inner };
      }
      case '{':
        return this.#object();
      case '-':
        return {
          kind: 'binary',
          operator: '-',
          flags: '',
          left: { kind: 'literal', tag: '!!int', text: '0' },
          right: this.#postfix(),
        };
      default:
        throw new ExpressionError(`bad expression, please check expression syntax`);
    }
  }

  #object(): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    while (this.#peek('}') === undefined) {
      const token = this.#peek();
      let key: Expression;
      if (token?.kind === 'name') {
        this.#at++;
        key = { kind: 'literal', tag: '!!str', text: token.text };
      } else key = this.#postfix();
      if (this.#peek(':') !== undefined) {
        this.#at++;
        entries.push([key, this.#binary(11)]);
      } else if (token?.kind === 'name' || token?.kind === 'string')
        entries.push([key, { kind: 'path', of: { kind: 'self' }, name: key, optional: false }]);
      if (this.#peek(',') === undefined) break;
      this.#at++;
    }
    this.#take('}');
    return { kind: 'object', entries };
  }
}

/** The tree of an expression. Throws an ExpressionError. */
export function parse(text: string): Expression {
  // `EXPR as $name ireduce (START; STEP)` is taken apart first: it is the only form with a tail of its own.
  const reduce = /^([\s\S]*?)\bas\s+\$(\w+)\s+i?reduce\s*\(([\s\S]*)\)\s*$/.exec(text);
  if (reduce !== null) {
    const [, over = '', name = '', inside = ''] = reduce;
    const semicolon = splitAt(inside);
    return {
      kind: 'reduce',
      over: parse(over),
      name,
      start: parse(inside.slice(0, semicolon)),
      step: parse(inside.slice(semicolon + 1)),
    };
  }
  return new Parser(lex(text)).all();
}

/** The first `;` that stands in no brackets. */
function splitAt(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === ';' && depth === 0) return at;
  }
  return text.length;
}
