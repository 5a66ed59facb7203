import { ArithmeticError } from '../expand/arithmetic';
import { compare } from '../run/conditional';
import { binaryOperators, binaryTest, unaryOperators, unaryTest } from '../run/file-tests';
import { warn } from '../run/io';
import type { Shell } from '../shell';
import type { Builtin } from './types';

/** What is wrong with a test; status 2. */
class TestError extends Error {}

/** `test` and `[`. */
export const test: Builtin = (shell, args) => {
  let words = args;
  if (shell.running === '[') {
    if (args.at(-1) !== ']') return refuse(shell, shell.dialect === 'bash' ? "missing `]'" : 'missing ]');
    words = args.slice(0, -1);
  }
  try {
    return new Test(shell, words).run() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError) && !(error instanceof ArithmeticError)) throw error;
    return refuse(shell, error.message);
  }
};

async function refuse(shell: Shell, message: string): Promise<number> {
  await warn(shell, message);
  return 2;
}

/** POSIX decides by the number of arguments up to four; beyond, and for -a and -o, precedence does. */
class Test {
  #at = 0;

  constructor(
    readonly shell: Shell,
    readonly words: readonly string[],
  ) {}

  run(): boolean {
    const { words } = this;
    switch (words.length) {
      case 0:
        return false;
      case 1:
        return words[0] !== '';
      case 2:
        return this.shell.dialect === 'dash' ? this.#whole() : this.#two(words);
      case 3:
        return this.#three(words);
      case 4:
        if (words[0] === '!') return !this.#three(words.slice(1));
        if (words[0] === '(' && words[3] === ')') return this.#two(words.slice(1, 3));
        return this.#whole();
      default:
        return this.#whole();
    }
  }

  #two([first = '', second = '']: readonly string[]): boolean {
    if (first === '!') return second === '';
    if (unaryOperators.has(first)) return unaryTest(this.shell, first, second);
    throw new TestError(
      this.shell.dialect === 'bash' ? `${first}: unary operator expected` : `${first}: unknown operand`,
    );
  }

  #three([first = '', second = '', third = '']: readonly string[]): boolean {
    if (this.#isBinary(second)) return this.#binary(first, second, third);
    if (this.shell.dialect === 'dash') return this.#whole();
    if (second === '-a') return first !== '' && third !== '';
    if (second === '-o') return first !== '' || third !== '';
    if (first === '!') return !this.#two([second, third]);
    if (first === '(' && third === ')') return second !== '';
    throw new TestError(
      this.shell.dialect === 'bash' ? `${second}: binary operator expected` : `${first}: unexpected operator`,
    );
  }

  #whole(): boolean {
    const value = this.#or();
    if (this.#at < this.words.length) {
      // dash names the last word that made sense.
      const last = this.words[this.#at - 1] ?? '';
      if (this.shell.dialect === 'dash')
        throw new TestError(last === '' ? 'unexpected operator' : `${last}: unexpected operator`);
      throw new TestError(
        this.shell.dialect === 'bash' ? 'too many arguments' : `${this.words[this.#at] ?? ''}: unexpected operator`,
      );
    }
    return value;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.words[this.#at] === '-o') {
      this.#at++;
      const other = this.#and();
      value = value || other;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#not();
    while (this.words[this.#at] === '-a') {
      this.#at++;
      const other = this.#not();
      value = value && other;
    }
    return value;
  }

  #not(): boolean {
    if (this.words[this.#at] === '!') {
      this.#at++;
      return !this.#not();
    }
    return this.#term();
  }

  #term(): boolean {
    const { words } = this;
    const word = words[this.#at];
    if (word === undefined) throw new TestError('argument expected');
    if (word === '(') {
      this.#at++;
      const value = this.#or();
      if (words[this.#at] !== ')') throw new TestError("`)' expected");
      this.#at++;
      return value;
    }
    const operator = words[this.#at + 1] ?? '';
    if (this.shell.dialect === 'dash' && this.#isBinary(operator) && words.length === this.#at + 2)
      throw new TestError(`${operator}: argument expected`);
    if (this.#isBinary(operator) && words[this.#at + 2] !== undefined) {
      this.#at += 3;
      return this.#binary(word, operator, words[this.#at - 1] ?? '');
    }
    if (unaryOperators.has(word) && words[this.#at + 1] !== undefined) {
      this.#at += 2;
      return unaryTest(this.shell, word, words[this.#at - 1] ?? '');
    }
    this.#at++;
    return word !== '';
  }

  /** dash has no `==`. */
  #isBinary(operator: string): boolean {
    return binaryOperators.has(operator) && !(this.shell.dialect === 'dash' && operator === '==');
  }

  #binary(left: string, operator: string, right: string): boolean {
    if (!/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) return binaryTest(this.shell, left, operator, right);
    return compare(operator, this.#integer(left), this.#integer(right));
  }

  #integer(text: string): number {
    if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
    const { dialect } = this.shell;
    if (dialect === 'dash') throw new TestError(`Illegal number: ${text}`);
    throw new TestError(dialect === 'ash' ? `${text}: bad number` : `${text}: integer expression expected`);
  }
}
