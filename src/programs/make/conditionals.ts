import { expand } from './expand';
import { complain, fatal, type Make, type Place } from './state';

/** The `ifeq` … `endif` that are open, innermost last. */
export class Conditionals {
  readonly #open: { state: 'taken' | 'waiting' | 'over'; hadElse: boolean }[] = [];

  constructor(private readonly make: Make) {}

  get ignoring(): boolean {
    return this.#open.some(({ state }) => state !== 'taken');
  }
  get depth(): number {
    return this.#open.length;
  }

  /** Whether the line is one of these directives, and then does it. */
  async take(line: string, place: Place): Promise<boolean> {
    const [, word = '', rest = ''] = /^\s*(ifdef|ifndef|ifeq|ifneq|else|endif)(?=[\s(]|$)([^]*)$/.exec(line) ?? [];
    if (word === '') return false;
    if (word === 'endif') {
      if (this.#open.pop() === undefined) fatal(this.make, place, "extraneous 'endif'");
      await this.#extraneous(word, rest, place);
    } else if (word === 'else') await this.#else(rest, place);
    else if (this.ignoring) this.#open.push({ state: 'over', hadElse: false });
    else this.#open.push({ state: (await this.#holds(word, rest, place)) ? 'taken' : 'waiting', hadElse: false });
    return true;
  }

  async #else(rest: string, place: Place): Promise<void> {
    const innermost = this.#open.at(-1);
    if (innermost === undefined) fatal(this.make, place, "extraneous 'else'");
    if (innermost.hadElse) fatal(this.make, place, "only one 'else' per conditional");
    const [, word = '', test = ''] = /^\s*(ifdef|ifndef|ifeq|ifneq)(?=[\s(]|$)([^]*)$/.exec(rest) ?? [];
    if (word === '') {
      innermost.hadElse = true;
      await this.#extraneous('else', rest, place);
    }
    if (innermost.state !== 'waiting') innermost.state = 'over';
    else if (word === '') innermost.state = 'taken';
    else if (!this.#open.slice(0, -1).some(({ state }) => state !== 'taken'))
      innermost.state = (await this.#holds(word, test, place)) ? 'taken' : 'waiting';
  }

  async #extraneous(word: string, rest: string, place: Place): Promise<void> {
    if (rest.trim() !== '') await complain(this.make, `extraneous text after '${word}' directive`, place);
  }

  async #holds(word: string, text: string, place: Place): Promise<boolean> {
    const { make } = this;
    const yes = word === 'ifdef' || word === 'ifeq';
    if (word === 'ifdef' || word === 'ifndef') {
      const name = (await expand(make, text, make.globals)).trim();
      if (name === '' || /\s/.test(name)) fatal(make, place, 'invalid syntax in conditional');
      return ((make.globals.get(name)?.value ?? '') !== '') === yes;
    }
    const sides = comparands(text.trim());
    if (sides === undefined) fatal(make, place, 'invalid syntax in conditional');
    const [left, right] = [await expand(make, sides[0], make.globals), await expand(make, sides[1], make.globals)];
    return (left === right) === yes;
  }
}

/** `(a,b)`, `"a" "b"`, `'a' 'b'` */
function comparands(text: string): readonly [string, string] | undefined {
  if (!text.startsWith('(')) {
    const [, , first, , second] = /^(["'])(.*?)\1\s*(["'])(.*?)\3$/.exec(text) ?? [];
    return first === undefined || second === undefined ? undefined : [first, second];
  }
  let depth = 0;
  let comma = -1;
  for (let at = 1; at < text.length; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ',' && depth === 0 && comma < 0) comma = at;
    else if (char === ')' && depth-- === 0)
      return comma < 0 ? undefined : [text.slice(1, comma).trimEnd(), text.slice(comma + 1, at).trimStart()];
  }
  return undefined;
}
