/** The function that an object literal is written as before it is parsed: its type, then names and values in turn. */
export const objectCall = '__object__';

/** Writes `Object.spec{replicas: 3}` and `JSONPatch{op: "add"}`, which the parser does not know, as calls. */
export function withoutLiterals(source: string): string {
  return /\b(?:Object|JSONPatch)\b[\w.\s]*\{/.test(source) ? new Rewriter(source).expression('') : source;
}

const path = /(?:Object(?:\.[A-Za-z_]\w*)*|JSONPatch)(?=\s*\{)/y;
const word = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;
const field = /\s*(?:(`)([^`]*)`|([A-Za-z_]\w*))\s*:/y;
const text = /[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')|\/\/[^\n]*/y;
const closes: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const deepest = 100;

class Rewriter {
  #at = 0;
  #depth = 0;

  constructor(readonly source: string) {}

  /** Until one of `ends` that is not within brackets. */
  expression(ends: string): string {
    let out = '';
    while (this.#at < this.source.length) {
      const char = this.source[this.#at] ?? '';
      if (ends.includes(char)) return out;
      const close = closes[char];
      const quoted = this.#match(text);
      if (quoted !== undefined) out += quoted;
      else if (close !== undefined && this.#depth < deepest) {
        this.#at++;
        this.#depth++;
        out += char + this.expression(close) + (this.source[this.#at] ?? '');
        this.#depth--;
        this.#at++;
      } else {
        const type = this.#match(path);
        if (type !== undefined && this.#depth < deepest) out += this.#literal(type);
        else if (type !== undefined) out += type;
        else out += this.#match(word) ?? this.#take();
      }
    }
    return out;
  }

  #literal(type: string): string {
    this.#at = this.source.indexOf('{', this.#at) + 1;
    const parts = [JSON.stringify(type)];
    this.#depth++;
    for (;;) {
      field.lastIndex = this.#at;
      const found = field.exec(this.source);
      if (found === null) break;
      this.#at = field.lastIndex;
      parts.push(JSON.stringify(found[2] ?? found[3] ?? ''), this.expression(',}').trim());
      if (this.source[this.#at] !== ',') break;
      this.#at++;
    }
    this.#depth--;
    // What stands there besides is for the parser to complain about.
    const rest = this.expression('}');
    this.#at++;
    return `${objectCall}(${parts.join(', ')}${rest.trim()})`;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.source)?.[0];
    if (found === undefined || found === '') return undefined;
    this.#at += found.length;
    return found;
  }

  #take(): string {
    return this.source[this.#at++] ?? '';
  }
}
