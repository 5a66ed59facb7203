import type { Process } from '../../linux/process/types';
import { tool } from '../toolkit/tool';

/** test(1) and [(1). */
const make = (name: string) =>
  tool(
    { name, usage: 'EXPRESSION', about: 'Exit with the status determined by EXPRESSION.', raw: true, trouble: 2 },
    async (tool) => {
      let args = tool.operands;
      if (name === '[') {
        if (args.at(-1) !== ']') return tool.fail('missing ‘]’', 2);
        args = args.slice(0, -1);
      }
      const result = new Evaluation(tool.process, args).result();
      return typeof result === 'string' ? tool.fail(result, 2) : result ? 0 : 1;
    },
  );

export const test = make('test');
export const bracket = make('[');

class Wrong extends Error {}

class Evaluation {
  #at = 0;

  constructor(
    readonly process: Process,
    readonly args: readonly string[],
  ) {}

  /** A text says what is wrong with the expression. */
  result(): boolean | string {
    try {
      return this.#evaluate();
    } catch (error) {
      if (error instanceof Wrong) return error.message;
      throw error;
    }
  }

  /** Up to four arguments POSIX says what they mean; beyond, operators have precedence. */
  #evaluate(): boolean {
    const { args } = this;
    const [one = '', two = '', three = ''] = args;
    if (args.length === 0) return false;
    if (args.length === 1) return one !== '';
    if (args.length === 2 && one === '!') return two === '';
    if (args.length === 2 && !one.startsWith('-')) throw new Wrong(`missing argument after ‘${two}’`);
    if (args.length === 3 && isBinary(two)) return this.#binary(one, two, three);
    if (args.length === 3 && one === '(' && three === ')') return two !== '';
    const value = this.#or();
    const left = args[this.#at];
    if (left !== undefined) throw new Wrong(`extra argument ‘${left}’`);
    return value;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#take('-o')) {
      const right = this.#and();
      value = value || right;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#term();
    while (this.#take('-a')) {
      const right = this.#term();
      value = value && right;
    }
    return value;
  }

  #term(): boolean {
    if (this.#take('!')) return !this.#term();
    const word = this.args[this.#at];
    if (word === undefined) throw new Wrong(`missing argument after ‘${this.args[this.#at - 1] ?? ''}’`);
    const operator = this.args[this.#at + 1];
    if (operator !== undefined && isBinary(operator) && this.#at + 2 < this.args.length) {
      this.#at += 3;
      return this.#binary(word, operator, this.args[this.#at - 1] ?? '');
    }
    if (word === '(') {
      this.#at++;
      const value = this.#or();
      if (!this.#take(')')) throw new Wrong(`‘)’ expected`);
      return value;
    }
    if (/^-[a-zA-Z]$/.test(word) && operator !== undefined) {
      this.#at += 2;
      return this.#unary(word, operator);
    }
    if (operator !== undefined && operator !== '-a' && operator !== '-o' && operator !== ')') {
      if (/^-/.test(word)) throw new Wrong(`‘${word}’: unary operator expected`);
      throw new Wrong(
        this.args.length === 2 ? `‘${word}’: unary operator expected` : `‘${operator}’: binary operator expected`,
      );
    }
    this.#at++;
    return word !== '';
  }

  #take(word: string): boolean {
    if (this.args[this.#at] !== word) return false;
    this.#at++;
    return true;
  }

  #unary(operator: string, word: string): boolean {
    const { fs, credentials, fds } = this.process;
    const stat = () => {
      const found = fs.stat(word);
      return found.ok ? found.value : undefined;
    };
    switch (operator) {
      case '-n':
        return word !== '';
      case '-z':
        return word === '';
      case '-e':
      case '-a':
        return stat() !== undefined;
      case '-f':
        return stat()?.type === 'file';
      case '-d':
        return stat()?.type === 'directory';
      case '-b':
        return stat()?.type === 'block';
      case '-c':
        return stat()?.type === 'char';
      case '-p':
        return stat()?.type === 'fifo';
      case '-S':
        return stat()?.type === 'socket';
      case '-h':
      case '-L': {
        const found = fs.lstat(word);
        return found.ok && found.value.type === 'symlink';
      }
      case '-s':
        return (stat()?.size ?? 0) > 0;
      case '-r':
        return fs.access(word, { read: true }).ok;
      case '-w':
        return fs.access(word, { write: true }).ok;
      case '-x':
        return fs.access(word, { execute: true }).ok;
      case '-u':
        return ((stat()?.mode ?? 0) & 0o4000) !== 0;
      case '-g':
        return ((stat()?.mode ?? 0) & 0o2000) !== 0;
      case '-k':
        return ((stat()?.mode ?? 0) & 0o1000) !== 0;
      case '-O':
        return stat()?.uid === credentials.uid;
      case '-G':
        return stat()?.gid === credentials.gid;
      case '-N': {
        const found = stat();
        return found !== undefined && found.mtime > found.atime;
      }
      case '-t':
        return fds.get(Number(word))?.kind === 'tty';
      default:
        throw new Wrong(`‘${operator}’: unary operator expected`);
    }
  }

  #binary(left: string, operator: string, right: string): boolean {
    const number = (text: string): number => {
      if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
      throw new Wrong(`invalid integer ‘${text}’`);
    };
    const { fs } = this.process;
    switch (operator) {
      case '=':
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      case '-eq':
        return number(left) === number(right);
      case '-ne':
        return number(left) !== number(right);
      case '-lt':
        return number(left) < number(right);
      case '-le':
        return number(left) <= number(right);
      case '-gt':
        return number(left) > number(right);
      case '-ge':
        return number(left) >= number(right);
      case '-a':
        return left !== '' && right !== '';
      case '-o':
        return left !== '' || right !== '';
      default: {
        const [one, other] = [fs.stat(left), fs.stat(right)];
        if (operator === '-ef')
          return one.ok && other.ok && one.value.ino === other.value.ino && one.value.dev === other.value.dev;
        const [first, second] = operator === '-nt' ? [one, other] : [other, one];
        return first.ok && (!second.ok || first.value.mtime > second.value.mtime);
      }
    }
  }
}

const isBinary = (word: string): boolean => /^(=|==|!=|-(eq|ne|lt|le|gt|ge|ef|nt|ot|a|o))$/.test(word);
