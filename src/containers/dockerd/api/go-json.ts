import type { Result } from '../../../sim/result';
import { err, ok } from '../../../sim/result';

class Malformed extends Error {}

/** One JSON document as encoding/json's decoder takes it; what is wrong is said in its words. */
export function parseGoJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    // Read letter by letter: to say what is wrong, or because more follows the document.
  }
  if (/^[ \t\r\n]*$/.test(text)) return err('got EOF while reading request body');
  const scanner = new Scanner(text);
  try {
    scanner.value('looking for beginning of value');
  } catch (thrown) {
    if (thrown instanceof Malformed) return err(thrown.message);
    throw thrown;
  }
  return ok(JSON.parse(text.slice(0, scanner.at)) as unknown);
}

const literals: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** The states of encoding/json/scanner.go, as far as a mistake shows them. */
class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  value(context: string): void {
    this.#space();
    const char = this.#peek();
    if (char === '{') this.#members();
    else if (char === '[') this.#elements();
    else if (char === '"') this.#string();
    else if (char === '-' || /\d/.test(char)) this.#number();
    else if (literals[char] !== undefined) this.#literal(literals[char]);
    else this.#fail(context);
  }

  #members(): void {
    this.at++;
    this.#space();
    if (this.#peek() === '}') {
      this.at++;
      return;
    }
    for (;;) {
      this.#space();
      if (this.#peek() !== '"') this.#fail('looking for beginning of object key string');
      this.#string();
      this.#space();
      if (this.#peek() !== ':') this.#fail('after object key');
      this.at++;
      this.value('looking for beginning of value');
      this.#space();
      const char = this.#peek();
      if (char !== ',' && char !== '}') this.#fail('after object key:value pair');
      this.at++;
      if (char === '}') return;
    }
  }

  #elements(): void {
    this.at++;
    this.#space();
    if (this.#peek() === ']') {
      this.at++;
      return;
    }
    for (;;) {
      this.value('looking for beginning of value');
      this.#space();
      const char = this.#peek();
      if (char !== ',' && char !== ']') this.#fail('after array element');
      this.at++;
      if (char === ']') return;
    }
  }

  #string(): void {
    this.at++;
    for (;;) {
      const char = this.#peek();
      if (char < ' ') this.#fail('in string literal');
      this.at++;
      if (char === '"') return;
      if (char !== '\\') continue;
      const escaped = this.#peek();
      if (!'"\\/bfnrtu'.includes(escaped)) this.#fail('in string escape code');
      this.at++;
      for (let count = 0; escaped === 'u' && count < 4; count++, this.at++)
        if (!/[0-9a-f]/i.test(this.#peek())) this.#fail('in \\u hexadecimal character escape');
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.at++;
    if (!/\d/.test(this.#peek())) this.#fail('in numeric literal');
    if (this.#peek() === '0') this.at++;
    else this.#digits();
    if (this.text.charAt(this.at) === '.') {
      this.at++;
      if (!/\d/.test(this.#peek())) this.#fail('after decimal point in numeric literal');
      this.#digits();
    }
    if (!/[eE]/.test(this.text.charAt(this.at))) return;
    this.at++;
    if (/[+-]/.test(this.#peek())) this.at++;
    if (!/\d/.test(this.#peek())) this.#fail('in exponent of numeric literal');
    this.#digits();
  }

  #digits(): void {
    while (/^\d$/.test(this.text.charAt(this.at))) this.at++;
  }

  #literal(word: string): void {
    for (let index = 0; index < word.length; index++, this.at++)
      if (this.#peek() !== word.charAt(index)) this.#fail(`in literal ${word} (expecting '${word.charAt(index)}')`);
  }

  #space(): void {
    while (/^[ \t\r\n]$/.test(this.text.charAt(this.at))) this.at++;
  }

  #peek(): string {
    const char = this.text.charAt(this.at);
    if (char === '') throw new Malformed('unexpected EOF');
    return char;
  }

  #fail(context: string): never {
    const char = this.#peek();
    const shown = char === "'" ? `'\\''` : char === '"' ? `'"'` : `'${JSON.stringify(char).slice(1, -1)}'`;
    throw new Malformed(`invalid character ${shown} ${context}`);
  }
}
