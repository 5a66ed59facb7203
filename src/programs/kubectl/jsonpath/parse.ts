/**
 * kubectl's JSONPath, as client-go reads it (util/jsonpath/parser.go): text with actions in braces. It is a language of
 * its own, with `range … end`, unions, slices and filters of one comparison.
 */
export type Node =
  | { readonly kind: 'list'; readonly nodes: Node[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'array'; readonly params: readonly [Param, Param, Param] }
  | { readonly kind: 'filter'; readonly left: ListNode; readonly right: ListNode; readonly operator: string }
  | { readonly kind: 'number'; readonly value: number; readonly float: boolean }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'union'; readonly nodes: readonly ListNode[] }
  | { readonly kind: 'identifier'; readonly name: string };

export type ListNode = Extract<Node, { kind: 'list' }>;

/** One of `[start:end:step]`. `derived`: the end of a plain index, made from its start. */
export interface Param {
  readonly value: number;
  readonly known: boolean;
  readonly derived?: boolean;
}

/** What is wrong with a template, in client-go's words. */
export class JsonPathError extends Error {}

/** Reads a template. Throws `JsonPathError`. */
export function parse(template: string): ListNode {
  return new Parser(template).parse();
}

const dictKey = /^'([^']*)'$/;
const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const comparison = /^([^!<>=]+)([!<>=]+)(.+?)$/s;
const END = '';

class Parser {
  readonly #input: readonly string[];
  readonly #root: ListNode = { kind: 'list', nodes: [] };
  #at = 0;
  #start = 0;

  constructor(template: string) {
    this.#input = [...template];
  }

  parse(): ListNode {
    this.#text();
    return this.#root;
  }

  #next(): string {
    const character = this.#input[this.#at] ?? END;
    this.#at++;
    return character;
  }

  #peek(): string {
    return this.#input[this.#at] ?? END;
  }

  #taken(): string {
    const text = this.#input.slice(this.#start, this.#at).join('');
    this.#start = this.#at;
    return text;
  }

  #startsWith(prefix: string): boolean {
    return this.#input.slice(this.#at, this.#at + prefix.length).join('') === prefix;
  }

  #text(): void {
    for (;;) {
      while (this.#peek() !== '{' && this.#peek() !== END) this.#at++;
      if (this.#at > this.#start) this.#root.nodes.push({ kind: 'text', text: this.#taken() });
      if (this.#peek() === END) return;
      this.#at++;
      this.#taken();
      const action: ListNode = { kind: 'list', nodes: [] };
      this.#root.nodes.push(action);
      this.#action(action);
    }
  }

  #action(list: ListNode): void {
    for (;;) {
      if (this.#startsWith('}')) {
        this.#at++;
        this.#taken();
        return;
      }
      if (this.#startsWith('[?(')) this.#filter(list);
      else if (this.#startsWith('..')) this.#recursive(list);
      else this.#element(list);
    }
  }

  #element(list: ListNode): void {
    const character = this.#next();
    if (character === END || character === '\n' || character === '\r') throw new JsonPathError('unclosed action');
    if (character === ' ' || character === '@' || character === '$') this.#taken();
    else if (character === '[') this.#array(list);
    else if (character === '"' || character === "'") this.#quote(list, character);
    else if (character === '.') this.#field(list);
    else if (/[-+\d]/.test(character)) {
      this.#at--;
      this.#number(list);
    } else if (isAlphaNumeric(character)) {
      this.#at--;
      this.#identifier(list);
    } else throw new JsonPathError(`unrecognized character in action: ${goRune(character)}`);
  }

  #identifier(list: ListNode): void {
    while (!isTerminator(this.#peek())) this.#at++;
    const name = this.#taken();
    if (name === 'true' || name === 'false') list.nodes.push({ kind: 'bool', value: name === 'true' });
    else list.nodes.push({ kind: 'identifier', name });
  }

  #recursive(list: ListNode): void {
    if (list.nodes.at(-1)?.kind === 'recursive') throw new JsonPathError('invalid multiple recursive descent');
    this.#at += 2;
    this.#taken();
    list.nodes.push({ kind: 'recursive' });
    if (isAlphaNumeric(this.#peek())) this.#field(list);
  }

  #number(list: ListNode): void {
    if (/[-+]/.test(this.#peek())) this.#at++;
    while (/[.\d]/.test(this.#peek())) this.#at++;
    const text = this.#taken();
    if (/^[-+]?\d+$/.test(text)) list.nodes.push({ kind: 'number', value: Number(text), float: false });
    else if (/^[-+]?(\d+\.\d*|\.\d+)$/.test(text))
      list.nodes.push({ kind: 'number', value: Number(text), float: true });
    else throw new JsonPathError(`cannot parse number ${text}`);
  }

  #array(list: ListNode): void {
    for (let character = this.#next(); character !== ']'; character = this.#next()) {
      if (character === END || character === '\n') throw new JsonPathError('unterminated array');
    }
    const whole = this.#taken().slice(1, -1);
    const text = whole === '*' ? ':' : whole;
    const parts = text.split(',');
    if (parts.length > 1) {
      list.nodes.push({ kind: 'union', nodes: parts.map((part) => action(`[${part.replace(/^ +| +$/g, '')}]`)) });
      return;
    }
    const key = dictKey.exec(text);
    if (key) {
      list.nodes.push(...action(`.${key[1] ?? ''}`).nodes);
      return;
    }
    const indexes = slice.exec(text);
    if (!indexes) throw new JsonPathError(`invalid array index ${text}`);
    list.nodes.push({ kind: 'array', params: sliceParams(indexes[1], indexes[2], indexes[3]) });
  }

  #filter(list: ListNode): void {
    this.#at += 3;
    this.#taken();
    let [begun, ended, quote] = [false, false, ''];
    for (;;) {
      const character = this.#next();
      if (character === END || character === '\n') throw new JsonPathError('unterminated filter');
      if (character === '"' || character === "'") {
        if (!begun) [begun, quote] = [true, character];
        else if (this.#input[this.#at - 2] !== '\\' && character === quote) ended = true;
      } else if (character === ')' && begun === ended) break;
    }
    if (this.#next() !== ']') throw new JsonPathError('unclosed array expect ]');
    const text = this.#taken().slice(0, -2);
    const parts = comparison.exec(text);
    if (!parts) {
      list.nodes.push({ kind: 'filter', left: action(text), right: { kind: 'list', nodes: [] }, operator: 'exists' });
      return;
    }
    list.nodes.push({
      kind: 'filter',
      left: action(parts[1] ?? ''),
      right: action(parts[3] ?? ''),
      operator: parts[2] ?? '',
    });
  }

  #quote(list: ListNode, quote: string): void {
    for (;;) {
      const character = this.#next();
      if (character === END || character === '\n') throw new JsonPathError('unterminated quoted string');
      if (character === quote && this.#input[this.#at - 2] !== '\\') break;
    }
    const value = this.#taken();
    const text = unquote(value);
    if (text === undefined) throw new JsonPathError(`unquote string ${value} error invalid syntax`);
    list.nodes.push({ kind: 'text', text });
  }

  #field(list: ListNode): void {
    this.#taken();
    while (!isTerminator(this.#peek())) this.#at += this.#peek() === '\\' ? 2 : 1;
    const value = this.#taken();
    if (value === '*') list.nodes.push({ kind: 'wildcard' });
    else list.nodes.push({ kind: 'field', name: value.replaceAll('\\', '') });
  }
}

/** The first action of `{text}`, for what stands inside brackets. */
function action(text: string): ListNode {
  const first = parse(`{${text}}`).nodes[0];
  return first?.kind === 'list' ? first : { kind: 'list', nodes: [] };
}

function sliceParams(start = '', end = '', step = ''): readonly [Param, Param, Param] {
  const known = (text: string): Param =>
    text === '' ? { value: 0, known: false } : { value: Number(text), known: true };
  const first = known(start);
  return [
    first,
    end === '' ? { value: first.value + 1, known: true, derived: true } : known(end.slice(1)),
    known(step.slice(1)),
  ];
}

const isAlphaNumeric = (character: string): boolean => /^[_\p{L}\p{Nd}]$/u.test(character);
const isTerminator = (character: string): boolean => character === END || /[\s.,[\]$@{}]/.test(character);

/** Go's %#U: `U+007E '~'`. */
function goRune(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} '${character}'`;
}

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** strconv.Unquote, with single quotes for strings too (third_party/forked/golang/template). */
function unquote(quoted: string): string | undefined {
  let wrong = false;
  const text = quoted
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs,
      (_all, x, u, long, octal, one) => {
        const hex: string | undefined = x ?? u ?? long;
        if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
        if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
        const known = simple[one];
        if (known === undefined) wrong = true;
        return known ?? '';
      },
    );
  return wrong ? undefined : text;
}
