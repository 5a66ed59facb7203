import type { FileType } from '../../linux/fs/types';
import { parseDate } from '../toolkit/date-parse';
import { parseMode } from '../toolkit/mode';
import { zoneOf } from '../toolkit/zone';
import { quote } from '../toolkit/quote';
import { compile } from '../toolkit/regex';
import type { Expression, FindPlan } from './find-plan';
import type { Tool } from '../toolkit/tool';
import { groups, users } from '../toolkit/users';

class Wrong extends Error {}

/** Takes find's command line apart; a text says what is wrong. */
export function parseFind(args: readonly string[], tool: Tool): FindPlan | string {
  try {
    return new Parser(args, tool).parse();
  } catch (error) {
    if (error instanceof Wrong) return error.message;
    throw error;
  }
}

const types: Readonly<Record<string, FileType>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'char',
  b: 'block',
};
const day = 86_400_000;
const units: Readonly<Record<string, number>> = { c: 1, w: 2, b: 512, k: 1024, M: 2 ** 20, G: 2 ** 30 };

class Parser {
  #at = 0;
  #acts = false;
  #minDepth = 0;
  #maxDepth = Infinity;
  #depthFirst = false;
  #sameDevice = false;
  /** -regextype */
  #extended = false;

  constructor(
    readonly args: readonly string[],
    readonly tool: Tool,
  ) {}

  parse(): FindPlan {
    const { args } = this;
    let follow: 'P' | 'L' | 'H' = 'P';
    while (/^-[PLH]$|^-O\d$/.test(args[this.#at] ?? '')) {
      const letter = args[this.#at++]?.charAt(1);
      if (letter === 'L' || letter === 'H' || letter === 'P') follow = letter;
    }
    const paths: string[] = [];
    while (this.#at < args.length && !/^-.|^[(!]$/.test(args[this.#at] ?? '')) paths.push(args[this.#at++] ?? '');
    let expression: Expression = { kind: 'constant', value: true };
    if (this.#at < args.length) {
      expression = this.#comma();
      const left = args[this.#at];
      if (left === ')') throw new Wrong("you have too many ')'");
      if (left !== undefined) {
        throw new Wrong(`paths must precede expression: \`${left}'`);
      }
    }
    if (!this.#acts) expression = { kind: 'and', all: [expression, { kind: 'print', end: '\n' }] };
    return {
      paths: paths.length === 0 ? ['.'] : paths,
      follow,
      expression,
      minDepth: this.#minDepth,
      maxDepth: this.#maxDepth,
      depthFirst: this.#depthFirst,
      sameDevice: this.#sameDevice,
    };
  }

  #list(kind: 'and' | 'or' | 'comma', next: () => Expression, more: () => boolean): Expression {
    const first = next();
    const all = [first];
    while (more()) all.push(next());
    return all.length === 1 ? first : { kind, all };
  }

  #comma(): Expression {
    return this.#list(
      'comma',
      () => this.#or(),
      () => this.#take(','),
    );
  }

  #or(): Expression {
    return this.#list(
      'or',
      () => this.#and(),
      () => this.#take('-o') || this.#take('-or'),
    );
  }

  #and(): Expression {
    return this.#list(
      'and',
      () => this.#unary(),
      () => {
        if (this.#take('-a') || this.#take('-and')) return true;
        const next = this.args[this.#at];
        return next !== undefined && !['-o', '-or', ',', ')'].includes(next) && /^-.|^[(!]$/.test(next);
      },
    );
  }

  #unary(): Expression {
    if (this.#take('!') || this.#take('-not')) return { kind: 'not', one: this.#unary() };
    if (this.#take('(')) {
      const inside = this.#comma();
      if (!this.#take(')'))
        throw new Wrong("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      return inside;
    }
    const word = this.args[this.#at++];
    if (word === undefined) throw new Wrong('invalid expression; expected to find an expression after an operator');
    return this.#primary(word);
  }

  #take(word: string): boolean {
    if (this.args[this.#at] !== word) return false;
    this.#at++;
    return true;
  }

  #argument(name: string): string {
    const value = this.args[this.#at++];
    if (value === undefined) throw new Wrong(`missing argument to \`${name}'`);
    return value;
  }

  #primary(name: string): Expression {
    const always: Expression = { kind: 'constant', value: true };
    switch (name) {
      case '-true':
        return always;
      case '-false':
        return { kind: 'constant', value: false };
      case '-name':
      case '-iname':
        return { kind: 'name', glob: this.#argument(name), ignoreCase: name === '-iname' };
      case '-path':
      case '-ipath':
      case '-wholename':
      case '-iwholename':
        return { kind: 'path', glob: this.#argument(name), ignoreCase: name.startsWith('-i') };
      case '-lname':
      case '-ilname':
        return { kind: 'lname', glob: this.#argument(name), ignoreCase: name === '-ilname' };
      case '-regex':
      case '-iregex': {
        const pattern = this.#argument(name);
        const regex = compile(
          this.#extended ? `^(${pattern})$` : `^\\(${pattern}\\)$`,
          this.#extended,
          name === '-iregex' ? 'si' : 's',
        );
        if (typeof regex === 'string') throw new Wrong(`failed to compile regular expression: ${regex}`);
        return { kind: 'regex', regex };
      }
      case '-regextype':
        this.#extended = /extended|egrep|awk/.test(this.#argument(name));
        return always;
      case '-type':
      case '-xtype': {
        const wanted = this.#argument(name).split(',');
        const found = wanted.map((letter) => {
          const type = types[letter];
          if (type === undefined) {
            if (letter.length > 1) throw new Wrong(`Must separate multiple arguments to ${name} using: ','`);
            throw new Wrong(`Unknown argument to ${name}: ${letter}`);
          }
          return type;
        });
        return { kind: 'type', types: found, follow: name === '-xtype' };
      }
      case '-maxdepth':
      case '-mindepth': {
        const value = this.#argument(name);
        if (!/^\d+$/.test(value)) {
          throw new Wrong(`Expected a positive decimal integer argument to ${name}, but got ${quote(value)}`);
        }
        if (name === '-maxdepth') this.#maxDepth = Number(value);
        else this.#minDepth = Number(value);
        return always;
      }
      case '-depth':
      case '-d':
        this.#depthFirst = true;
        return always;
      case '-xdev':
      case '-mount':
        this.#sameDevice = true;
        return always;
      case '-noleaf':
      case '-daystart':
      case '-ignore_readdir_race':
      case '-noignore_readdir_race':
      case '-warn':
      case '-nowarn':
        return always;
      case '-size': {
        const value = this.#argument(name);
        const match = /^([-+]?\d+)([cwbkMG]?)$/.exec(value);
        if (match === null) throw new Wrong(`invalid -size type \`${value.slice(-1)}'`);
        return this.#number('size', match[1] ?? '', units[match[2] === '' ? 'b' : (match[2] ?? 'b')] ?? 512, name);
      }
      case '-mtime':
      case '-ctime':
      case '-atime':
        return this.#number(name.slice(1), this.#argument(name), day, name);
      case '-mmin':
      case '-cmin':
      case '-amin':
        return this.#number(`${name.charAt(1)}time`, this.#argument(name), 60_000, name);
      case '-links':
      case '-inum':
      case '-uid':
      case '-gid':
        return this.#number(name.slice(1), this.#argument(name), 1, name);
      case '-empty':
        return { kind: 'empty' };
      case '-newer':
      case '-anewer':
      case '-cnewer': {
        const path = this.#argument(name);
        const what = name === '-anewer' ? 'atime' : name === '-cnewer' ? 'ctime' : 'mtime';
        const stat = this.tool.fs.stat(path);
        if (!stat.ok) throw new Wrong(`${quote(path)}: ${stat.error.message}`);
        return { kind: 'newer', what, than: stat.value.mtime };
      }
      case '-samefile': {
        const path = this.#argument(name);
        const stat = this.tool.fs.stat(path);
        if (!stat.ok) throw new Wrong(`${quote(path)}: ${stat.error.message}`);
        return { kind: 'same', ino: stat.value.ino, dev: stat.value.dev };
      }
      case '-perm': {
        const value = this.#argument(name);
        const how = value.startsWith('-') ? 'all' : value.startsWith('/') ? 'any' : 'exact';
        const change = parseMode(value.replace(/^[-/]/, ''), 0);
        if (change === 'invalid') throw new Wrong(`invalid mode ${quote(value)}`);
        return { kind: 'perm', mode: change(0, false), how };
      }
      case '-user':
      case '-group': {
        const value = this.#argument(name);
        const what = name === '-user' ? 'uid' : 'gid';
        const id =
          what === 'uid'
            ? users(this.tool.fs).find((user) => user.name === value)?.uid
            : groups(this.tool.fs).find((group) => group.name === value)?.gid;
        if (id === undefined && !/^\d+$/.test(value)) {
          throw new Wrong(`${quote(value)} is not the name of a known ${what === 'uid' ? 'user' : 'group'}`);
        }
        return { kind: 'owner', what, id: id ?? Number(value) };
      }
      case '-nouser':
        return { kind: 'nobody', what: 'uid' };
      case '-nogroup':
        return { kind: 'nobody', what: 'gid' };
      case '-readable':
        return { kind: 'access', mode: 'read' };
      case '-writable':
        return { kind: 'access', mode: 'write' };
      case '-executable':
        return { kind: 'access', mode: 'execute' };
      case '-prune':
        return { kind: 'prune' };
      case '-quit':
      case '-ls':
        this.#acts = true;
        return { kind: name === '-quit' ? 'quit' : 'ls' };
      case '-print':
      case '-print0':
        this.#acts = true;
        return { kind: 'print', end: name === '-print0' ? '\0' : '\n' };
      case '-printf':
        this.#acts = true;
        return { kind: 'printf', format: this.#argument(name) };
      case '-fprint':
      case '-fprint0':
        this.#acts = true;
        return { kind: 'print', end: name === '-fprint0' ? '\0' : '\n', file: this.#output(name) };
      case '-fprintf': {
        this.#acts = true;
        const file = this.#output(name);
        return { kind: 'printf', format: this.#argument(name), file };
      }
      case '-delete':
        this.#acts = true;
        this.#depthFirst = true;
        return { kind: 'delete' };
      case '-exec':
      case '-execdir':
      case '-ok':
      case '-okdir':
        this.#acts = true;
        return this.#exec(name);
      default:
        if (/^-newer[aBcm][aBcmt]$/.test(name)) return this.#newer(name);
        if (/^(-o|-or|-a|-and|,)$/.test(name)) {
          const what = `you have used a binary operator '${name}' with nothing before it.`;
          throw new Wrong(`invalid expression; ${what}`);
        }
        if (name.startsWith('-')) throw new Wrong(`unknown predicate \`${name}'`);
        throw new Wrong(`paths must precede expression: \`${name}'`);
    }
  }

  /** -newerXY: X of the file against Y of another one, or against a date (`t`). */
  #newer(name: string): Expression {
    const times: Readonly<Record<string, 'atime' | 'ctime' | 'mtime'>> = {
      a: 'atime',
      B: 'ctime',
      c: 'ctime',
      m: 'mtime',
    };
    const what = times[name.charAt(6)] ?? 'mtime';
    const given = this.#argument(name);
    if (name.endsWith('t')) {
      const than = parseDate(given, this.tool.process.clock.now, zoneOf(this.tool.process.env.get('TZ')));
      if (Number.isNaN(than)) throw new Wrong(`I cannot figure out how to interpret ${quote(given)} as a date or time`);
      return { kind: 'newer', what, than };
    }
    const stat = this.tool.fs.stat(given);
    if (!stat.ok) throw new Wrong(`${quote(given)}: ${stat.error.message}`);
    return { kind: 'newer', what, than: stat.value[times[name.charAt(7)] ?? 'mtime'] };
  }

  /** A file to print to, emptied now. */
  #output(name: string): string {
    const path = this.#argument(name);
    const made = this.tool.fs.writeFile(path, '');
    if (!made.ok) throw new Wrong(`${quote(path)}: ${made.error.message}`);
    return path;
  }

  #exec(name: string): Expression {
    const argv: string[] = [];
    for (;;) {
      const arg = this.args[this.#at++];
      if (arg === undefined) throw new Wrong(`missing argument to \`${name}'`);
      if (arg === ';') break;
      if (arg === '+' && argv.at(-1) === '{}') {
        return { kind: 'exec', argv, many: true, inDirectory: name.endsWith('dir'), ask: false };
      }
      argv.push(arg);
    }
    if (argv.length === 0) throw new Wrong(`invalid argument \`;' to \`${name}'`);
    return { kind: 'exec', argv, many: false, inDirectory: name.endsWith('dir'), ask: name.startsWith('-ok') };
  }

  #number(what: string, text: string, unit: number, name: string): Expression {
    const match = /^([-+]?)(\d+)$/.exec(text);
    if (match === null) throw new Wrong(`invalid argument \`${text}' to \`${name}'`);
    const wanted = Number(match[2]);
    const compare =
      match[1] === '+'
        ? (value: number) => value > wanted
        : match[1] === '-'
          ? (value: number) => value < wanted
          : (value: number) => value === wanted;
    return { kind: 'number', what, unit, compare };
  }
}
