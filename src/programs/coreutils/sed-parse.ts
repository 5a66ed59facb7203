import { compile } from '../toolkit/regex';
import { escapes, replacementOf, type Part } from './sed-replace';

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'regex'; readonly regex: RegExp | undefined }
  /** As a second address: so many more lines, or up to a multiple. */
  | { readonly kind: 'plus' | 'multiple'; readonly count: number };

export interface Command {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly negated: boolean;
  readonly name: string;
  /** a, i, c: the text. b, t, T, r, w: label or file. q, Q, l: number. */
  readonly text: string;
  readonly substitute: Substitute | undefined;
  readonly map: ReadonlyMap<string, string> | undefined;
  /** `{`: where its `}` is. `b`: where to go, the end if undefined. */
  target: number | undefined;
  /** Whether the range is open, and until which line. */
  active: boolean;
  until: number;
}

export interface Substitute {
  /** Undefined: the last one used. */
  readonly regex: RegExp | undefined;
  readonly replacement: readonly Part[];
  readonly global: boolean;
  readonly print: boolean;
  readonly nth: number;
  readonly file: string | undefined;
  readonly execute: boolean;
}

/** What is wrong with a script, and at which character. */
export class SedError extends Error {}

/** Reads a script; `where`: how messages call it (`-e expression #1`). */
export function parseScript(script: string, extended: boolean, where: string): Command[] {
  const parser = new Parser(script, extended, where);
  return parser.parse();
}

class Parser {
  #at = 0;
  readonly #commands: Command[] = [];

  constructor(
    readonly script: string,
    readonly extended: boolean,
    readonly where: string,
  ) {}

  parse(): Command[] {
    const blocks: number[] = [];
    for (;;) {
      this.#skip(/[\s;]/);
      if (this.#at >= this.script.length) break;
      if (this.#peek() === '#') {
        while (this.#at < this.script.length && this.#peek() !== '\n') this.#at++;
        continue;
      }
      const from = this.#address(false);
      let to: Address | undefined;
      this.#skip(/[ \t]/);
      if (from !== undefined && this.#peek() === ',') {
        this.#at++;
        this.#skip(/[ \t]/);
        to = this.#address(true);
        if (to === undefined) throw this.#wrong("unexpected `,'");
      }
      this.#skip(/[ \t]/);
      let negated = false;
      while (this.#peek() === '!') {
        negated = true;
        this.#at++;
        this.#skip(/[ \t]/);
      }
      const name = this.#next();
      const zero = from?.kind === 'line' && from.line === 0;
      if (zero && to?.kind !== 'regex') throw this.#wrong('invalid usage of line address 0');
      if (name === '') throw this.#wrong('missing command');
      const base = { from, to, negated, name, active: false, until: 0 };
      this.#command(base, blocks);
    }
    if (blocks.length > 0) throw new SedError(`${this.where}, char 0: unmatched \`{'`);
    this.#link();
    return this.#commands;
  }

  #command(base: Pick<Command, 'from' | 'to' | 'negated' | 'name' | 'active' | 'until'>, blocks: number[]): void {
    const { name, from } = base;
    const add = (more: Partial<Command> = {}) =>
      this.#commands.push({ ...base, text: '', substitute: undefined, map: undefined, target: undefined, ...more });
    switch (name) {
      case '{':
        blocks.push(this.#commands.length);
        add();
        return;
      case '}': {
        if (from !== undefined) throw this.#wrong("} doesn't want any addresses");
        const open = blocks.pop();
        const block = open === undefined ? undefined : this.#commands[open];
        if (block === undefined) throw this.#wrong("unexpected `}'");
        block.target = this.#commands.length;
        this.#end();
        return;
      }
      case 'a':
      case 'i':
      case 'c':
        add({ text: this.#text() });
        return;
      case ':':
        if (from !== undefined) throw this.#wrong(": doesn't want any addresses");
        add({ text: this.#word() });
        return;
      case 'b':
      case 't':
      case 'T':
        add({ text: this.#label() });
        return;
      case 'r':
      case 'R':
      case 'w':
      case 'W': {
        const file = this.#rest().trim();
        if (file === '') throw this.#wrong('missing filename in r/R/w/W commands');
        add({ text: file });
        return;
      }
      case 'q':
      case 'Q':
      case 'l':
      case 'L': {
        this.#skip(/[ \t]/);
        const number = /^\d*/.exec(this.script.slice(this.#at))?.[0] ?? '';
        this.#at += number.length;
        add({ text: number });
        this.#end();
        return;
      }
      case '=':
      case 'd':
      case 'D':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case 'z':
      case 'F':
        add();
        this.#end();
        return;
      case 'v':
        this.#label();
        return;
      case 'e':
        add({ text: this.#rest().trim() });
        return;
      case 's':
        add({ substitute: this.#substitute() });
        return;
      case 'y':
        add({ map: this.#transliteration() });
        this.#end();
        return;
      default:
        throw this.#wrong(`unknown command: \`${name}'`);
    }
  }

  #address(second: boolean): Address | undefined {
    const rest = this.script.slice(this.#at);
    const number = /^(\d+)(?:~(\d+))?/.exec(rest);
    if (number !== null) {
      this.#at += number[0].length;
      const line = Number(number[1]);
      if (number[2] !== undefined) return { kind: 'step', first: line, step: Number(number[2]) };
      return { kind: 'line', line };
    }
    const relative = second ? /^([+~])(\d+)/.exec(rest) : null;
    if (relative !== null) {
      this.#at += relative[0].length;
      return { kind: relative[1] === '+' ? 'plus' : 'multiple', count: Number(relative[2]) };
    }
    if (rest.startsWith('$')) {
      this.#at++;
      return { kind: 'last' };
    }
    const open = rest.startsWith('\\') ? 2 : rest.startsWith('/') ? 1 : 0;
    if (open === 0) return undefined;
    const delimiter = rest.charAt(open - 1);
    this.#at += open;
    const pattern = this.#delimited(delimiter, true);
    if (pattern === undefined) throw this.#wrong('unterminated address regex');
    let flags = '';
    while (/[IM]/.test(this.#peek())) flags += this.#next() === 'I' ? 'i' : 'm';
    return { kind: 'regex', regex: this.#regex(pattern, flags) };
  }

  #regex(pattern: string, flags: string): RegExp | undefined {
    if (pattern === '') return undefined;
    const compiled = compile(pattern, this.extended, `gs${flags}`);
    if (typeof compiled === 'string') throw this.#wrong(compiled);
    return compiled;
  }

  /** Up to an unescaped delimiter; undefined if there is none. Escaped delimiters lose their backslash. */
  #delimited(delimiter: string, regex: boolean): string | undefined {
    let text = '';
    let bracket = false;
    while (this.#at < this.script.length) {
      const char = this.#next();
      if (char === '\\' && bracket) {
        // GNU sed makes characters of \\t and its like before it looks at brackets.
        const made = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }[this.#peek()];
        if (made !== undefined) {
          this.#next();
          text += made;
          continue;
        }
      }
      if (char === '\\' && !bracket) {
        const next = this.#next();
        if (next === delimiter) text += /[.*[\]^$+?(){}|/]/.test(delimiter) && delimiter !== '/' ? `\\${next}` : next;
        else text += `\\${next}`;
        continue;
      }
      if (regex && char === '[' && !bracket) {
        bracket = true;
        text += char;
        if (this.#peek() === '^') text += this.#next();
        if (this.#peek() === ']') text += this.#next();
        continue;
      }
      if (char === ']') bracket = false;
      if (char === delimiter && !(bracket && this.#closes())) return text;
      if (char === '\n' && regex && !this.extended && delimiter === '\n') return undefined;
      text += char;
    }
    return undefined;
  }

  /** Whether a bracket that is open here is closed before the script ends. */
  #closes(): boolean {
    return this.script.slice(this.#at).includes(']');
  }

  #substitute(): Substitute {
    const delimiter = this.#next();
    if (delimiter === '\n' || delimiter === '\\' || delimiter === '') throw this.#wrong("unterminated `s' command");
    const pattern = this.#delimited(delimiter, true);
    const replacement = pattern === undefined ? undefined : this.#delimited(delimiter, false);
    if (pattern === undefined || replacement === undefined) throw this.#wrong("unterminated `s' command");
    let flags = '';
    let global = false;
    let print = false;
    let execute = false;
    let nth = 0;
    let file: string | undefined;
    for (;;) {
      const char = this.#peek();
      if (char === 'g') {
        if (global) throw this.#wrong("multiple `g' options to `s' command", 1);
        global = true;
      } else if (char === 'p') {
        if (print) throw this.#wrong("multiple `p' options to `s' command", 1);
        print = true;
      } else if (char === 'i' || char === 'I') flags += flags.includes('i') ? '' : 'i';
      else if (char === 'm' || char === 'M') flags += flags.includes('m') ? '' : 'm';
      else if (char === 'e') execute = true;
      else if (/\d/.test(char)) {
        const number = /^\d+/.exec(this.script.slice(this.#at))?.[0] ?? '';
        if (Number(number) === 0) throw this.#wrong("number option to `s' command may not be zero", 1);
        nth = Number(number);
        this.#at += number.length;
        continue;
      } else if (char === 'w') {
        this.#at++;
        file = this.#rest().trim();
        break;
      } else break;
      this.#at++;
    }
    if (file === undefined) this.#end("unknown option to `s'");
    const regex = this.#regex(pattern, flags);
    const parts = replacementOf(replacement);
    const groups = regex === undefined ? 9 : (new RegExp(`${regex.source}|`, regex.flags).exec('')?.length ?? 1);
    for (const part of parts) {
      if (typeof part === 'number' && regex !== undefined && part >= groups) {
        throw this.#wrong(`invalid reference \\${part} on \`s' command's RHS`);
      }
    }
    return { regex, replacement: parts, global, print, nth, file, execute };
  }

  #transliteration(): ReadonlyMap<string, string> {
    const delimiter = this.#next();
    const from = this.#delimited(delimiter, false);
    const to = from === undefined ? undefined : this.#delimited(delimiter, false);
    if (from === undefined || to === undefined) throw this.#wrong("unterminated `y' command");
    const chars = (text: string) => [...text.replace(/\\([\\nt])/g, (_, char: string) => escapes[char] ?? char)];
    const left = chars(from);
    const right = chars(to);
    if (left.length !== right.length) throw this.#wrong("strings for `y' command are different lengths");
    return new Map(left.map((char, index) => [char, right[index] ?? '']));
  }

  /** The text of a, i, c: GNU's one-line form, or lines after a backslash. */
  #text(): string {
    this.#skip(/[ \t]/);
    if (this.#at >= this.script.length) throw this.#wrong("expected \\ after `a', `c' or `i'");
    if (this.#peek() === '\\') {
      this.#at++;
      // White space after a backslash belongs to the text, unless the text begins on the next line.
      const gap = /^[ \t]*\n/.exec(this.script.slice(this.#at));
      if (gap !== null) this.#at += gap[0].length;
      if (this.#at >= this.script.length) return '';
    }
    let text = '';
    while (this.#at < this.script.length) {
      const char = this.#next();
      if (char === '\n') break;
      if (char === '\\') {
        const next = this.#next();
        text += next === '\n' || !(next in escapes) ? next : (escapes[next] ?? next);
      } else text += char;
    }
    return `${text}\n`;
  }

  #label(): string {
    this.#skip(/[ \t]/);
    const label = /^[^\s;}]*/.exec(this.script.slice(this.#at))?.[0] ?? '';
    this.#at += label.length;
    this.#end();
    return label;
  }

  #word(): string {
    this.#skip(/[ \t]/);
    const word = /^[^\s;]*/.exec(this.script.slice(this.#at))?.[0] ?? '';
    if (word === '') throw this.#wrong('":" lacks a label');
    this.#at += word.length;
    return word;
  }

  #rest(): string {
    const end = this.script.indexOf('\n', this.#at);
    const text = this.script.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.script.length : end + 1;
    return text;
  }

  #end(message = 'extra characters after command'): void {
    this.#skip(/[ \t]/);
    const char = this.#peek();
    if (char === '' || char === '\n' || char === ';' || char === '}' || char === '#') return;
    this.#at++;
    throw this.#wrong(message);
  }

  #link(): void {
    const labels = new Map<string, number>();
    this.#commands.forEach(({ name, text }, index) => {
      if (name === ':') labels.set(text, index);
    });
    for (const command of this.#commands) {
      if (!'btT'.includes(command.name) || command.text === '') continue;
      command.target = labels.get(command.text);
      if (command.target === undefined) throw new SedError(`can't find label for jump to \`${command.text}'`);
    }
  }

  #peek(): string {
    return this.script.charAt(this.#at);
  }
  #next(): string {
    return this.script.charAt(this.#at++);
  }
  #skip(chars: RegExp): void {
    while (this.#at < this.script.length && chars.test(this.#peek())) this.#at++;
  }

  #wrong(message: string, more = 0): SedError {
    const at = Math.min(this.#at + more, this.script.length);
    return new SedError(`${this.where}, char ${at}: ${message}`);
  }
}
