import { joinPath } from './copy';
import { globToRegExp } from '../toolkit/glob';
import { Lines } from '../toolkit/lines';
import type { Options } from '../toolkit/options';
import { literal, translate } from '../toolkit/regex';
import { tool, type Input, type Tool } from '../toolkit/tool';

const spec = {
  name: 'grep',
  usage: '[OPTION]... PATTERNS [FILE]...',
  about: 'Search for PATTERNS in each FILE.',
  package: 'GNU grep 3.11',
  short: 'A:abB:cC:d:D:e:Ef:FGHhIilLm:nNoPqrRsTuUvVwxyZz',
  long: {
    'after-context:': 'A',
    text: 'a',
    'byte-offset': 'b',
    'before-context:': 'B',
    count: 'c',
    'color::': 'color',
    'colour::': 'color',
    'context:': 'C',
    'directories:': 'd',
    'regexp:': 'e',
    'extended-regexp': 'E',
    'file:': 'f',
    'fixed-strings': 'F',
    'basic-regexp': 'G',
    'with-filename': 'H',
    'no-filename': 'h',
    'ignore-case': 'i',
    'no-ignore-case': 'no-ignore-case',
    'files-with-matches': 'l',
    'files-without-match': 'L',
    'max-count:': 'm',
    'line-number': 'n',
    'only-matching': 'o',
    'perl-regexp': 'P',
    quiet: 'q',
    silent: 'q',
    recursive: 'r',
    'dereference-recursive': 'R',
    'no-messages': 's',
    'initial-tab': 'T',
    'invert-match': 'v',
    'word-regexp': 'w',
    'line-regexp': 'x',
    null: 'Z',
    'null-data': 'z',
    'line-buffered': 'line-buffered',
    'include:': 'include',
    'exclude:': 'exclude',
    'exclude-dir:': 'exclude-dir',
    'label:': 'label',
    'binary-files:': 'binary-files',
  },
  trouble: 2,
  digits: 'C',
};

const make = (name: string, forced: 'E' | 'F' | undefined) =>
  tool({ ...spec, name }, async (tool) => {
    const { options } = tool;
    const patterns = options.values('e').flatMap((pattern) => pattern.split('\n'));
    for (const file of options.values('f')) {
      const input = tool.open(file);
      if (!input.ok) return tool.fail(`${file}: ${input.error.message}`);
      patterns.push(...(await new Lines(input.value.reader).all()));
      input.value.close();
    }
    let files = tool.operands;
    if (!options.has('e', 'f')) {
      const [first, ...rest] = files;
      if (first === undefined) {
        await tool.process.stderr.write(
          `Usage: ${tool.name} [OPTION]... PATTERNS [FILE]...\nTry '${tool.name} --help' for more information.\n`,
        );
        return 2;
      }
      patterns.push(...first.split('\n'));
      files = rest;
    }
    for (const name of ['A', 'B', 'C', 'm'] as const) {
      const given = options.value(name);
      if (given === undefined || /^-?\d+$/.test(given)) continue;
      return tool.fail(name === 'm' ? 'invalid max count' : `${given}: invalid context length argument`);
    }
    const matcher = matcherOf(patterns, options, forced);
    if (typeof matcher === 'string') return tool.fail(matcher);
    return new Search(tool, matcher).run(files);
  });

export const grep = make('grep', undefined);
export const egrep = make('egrep', 'E');
export const fgrep = make('fgrep', 'F');

/** One expression for all patterns; matches anywhere in a line. */
function matcherOf(
  patterns: readonly string[],
  options: Options,
  forced: 'E' | 'F' | undefined,
): RegExp | undefined | string {
  const kind = options.last('E', 'F', 'G', 'P') ?? forced ?? 'G';
  const sources: string[] = [];
  for (const pattern of patterns) {
    if (kind === 'F') sources.push([...pattern].map(literal).join(''));
    else if (kind === 'P') sources.push(pattern);
    else {
      const translated = translate(pattern, kind === 'E');
      if (!translated.ok) return translated.error;
      sources.push(translated.source);
    }
  }
  // No pattern at all (an empty file) matches nothing.
  if (sources.length === 0) return undefined;
  let source = sources.length === 1 ? (sources[0] ?? '') : sources.map((one) => `(?:${one})`).join('|');
  if (options.has('x')) source = `^(?:${source})$`;
  else if (options.has('w')) source = `(?<![\\p{L}\\p{Nd}_])(?:${source})(?![\\p{L}\\p{Nd}_])`;
  const ignoreCase = options.last('i', 'y', 'no-ignore-case');
  try {
    return new RegExp(source, `gus${ignoreCase === 'i' || ignoreCase === 'y' ? 'i' : ''}`);
  } catch {
    return kind === 'P' ? 'invalid pattern' : 'Invalid regular expression';
  }
}

/** What grep colours: matches, file names, numbers, separators (GREP_COLORS' defaults). */
const paint = (code: string, text: string): string => `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K`;

class Search {
  readonly #options: Options;
  readonly #colored: boolean;
  readonly #after: number;
  readonly #before: number;
  readonly #max: number;
  #names = false;
  #matched = false;
  /** Something was printed: the next group of context is set off by `--`. */
  #printed = false;

  constructor(
    readonly tool: Tool,
    readonly matcher: RegExp | undefined,
  ) {
    const { options, process } = tool;
    this.#options = options;
    const terminal = process.fds.get(1)?.kind === 'tty';
    const color = options.given.findLast(({ name }) => name === 'color');
    const when = color === undefined ? 'never' : (color.value ?? 'auto');
    this.#colored = when === 'always' || (when === 'auto' && terminal && process.env.get('TERM') !== 'dumb');
    const context = Number(options.value('C') ?? 0);
    this.#after = Number(options.value('A') ?? context);
    this.#before = Number(options.value('B') ?? context);
    const max = options.value('m');
    this.#max = max === undefined || Number(max) < 0 ? Infinity : Number(max);
    if (options.has('line-buffered')) tool.out.byLine = true;
  }

  async run(operands: readonly string[]): Promise<number> {
    const options = this.#options;
    const recursive = options.has('r', 'R') || options.value('d') === 'recurse';
    const files = operands.length > 0 ? operands : recursive ? ['.'] : ['-'];
    this.#names = options.last('h', 'H') === 'H' || (!options.has('h') && (files.length > 1 || recursive));
    for (const path of files) {
      if (this.#matched && options.has('q')) break;
      const stat = path === '-' ? undefined : this.tool.fs.stat(path);
      if (recursive && stat?.ok === true && stat.value.type === 'directory') {
        await this.#directory(path, operands.length === 0);
      } else {
        // A single file named on the command line needs no name, unless -r came with directories.
        await this.#file(path);
      }
    }
    await this.tool.out.flush();
    if (this.#matched && options.has('q')) return 0;
    return this.tool.status > 0 ? this.tool.status : this.#matched ? 0 : 1;
  }

  async #directory(path: string, bare: boolean): Promise<void> {
    const options = this.#options;
    const list = this.tool.fs.readdir(path);
    if (!list.ok) return this.#complain(path, list.error.message);
    const names = list.value.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, type } of names) {
      const below = bare && path === '.' ? name : joinPath(path, name);
      if (type === 'symlink' && !options.has('R')) continue;
      const stat = this.tool.fs.stat(below);
      if (!stat.ok) {
        await this.#complain(below, stat.error.message);
        continue;
      }
      if (stat.value.type === 'directory') {
        if (!options.values('exclude-dir').some((glob) => globToRegExp(glob.replace(/\/$/, '')).test(name))) {
          await this.#directory(below, false);
        }
      } else if (stat.value.type === 'file') {
        const include = options.values('include');
        if (include.length > 0 && !include.some((glob) => globToRegExp(glob).test(name))) continue;
        if (options.values('exclude').some((glob) => globToRegExp(glob).test(name))) continue;
        await this.#file(below);
        if (this.#matched && options.has('q')) return;
      }
    }
  }

  async #complain(path: string, message: string): Promise<void> {
    this.tool.status = 2;
    if (!this.#options.has('s')) await this.tool.error(`${path}: ${message}`, 2);
  }

  async #file(path: string): Promise<void> {
    const input = this.tool.open(path);
    if (!input.ok) {
      if (input.error.code === 'EISDIR' && this.#options.value('d') === 'skip') return;
      return this.#complain(path, input.error.message);
    }
    const name = path === '-' ? (this.#options.value('label') ?? '(standard input)') : path;
    await this.#lines(name, input.value);
    input.value.close();
  }

  async #lines(name: string, input: Input): Promise<void> {
    const options = this.#options;
    const { out } = this.tool;
    const end = options.has('z') ? '\0' : '\n';
    const invert = options.has('v');
    const quiet = options.has('q', 'l', 'L', 'c');
    const before: { number: number; text: string }[] = [];
    let number = 0;
    let count = 0;
    let after = 0;
    let lastPrinted = 0;
    let binary = false;
    const context = options.has('A', 'B', 'C');
    const lines = new Lines(input.reader, options.has('z') ? 0 : 10);
    reading: for (let batch = await lines.next(); batch !== undefined; batch = await lines.next()) {
      for (const line of batch) {
        number++;
        if (count >= this.#max && after <= 0) break reading;
        const matches = count < this.#max && this.#test(line) !== invert;
        if (matches) {
          count++;
          this.#matched = true;
          if (options.has('q')) return;
          if (options.has('l', 'L')) break reading;
          if (quiet) continue;
          if (!options.has('a') && (line.includes('\0') || line.includes('\ufffd')) && !options.has('z')) {
            binary = true;
            break reading;
          }
          if (context && this.#printed && (before[0]?.number ?? number) > lastPrinted + 1) await this.#separator();
          for (const held of before.splice(0)) await this.#print(name, held.number, held.text, '-', end);
          await this.#print(name, number, line, ':', end);
          lastPrinted = number;
          after = this.#after;
        } else if (after > 0 && !quiet) {
          after--;
          await this.#print(name, number, line, '-', end);
          lastPrinted = number;
        } else if (this.#before > 0 && !quiet) {
          before.push({ number, text: line });
          if (before.length > this.#before) before.shift();
        }
      }
    }
    if (binary) return out.write(`${this.tool.name}: ${name}: binary file matches\n`);
    const titled = this.#colored ? paint('35', name) : name;
    const nul = options.has('Z');
    if (options.last('l', 'L') === 'l' && count > 0) await out.write(titled + (nul ? '\0' : '\n'));
    else if (options.last('l', 'L') === 'L') {
      if (count === 0) await out.write(titled + (nul ? '\0' : '\n'));
    } else if (options.has('c') && !options.has('l')) {
      const colon = this.#colored ? paint('36', ':') : ':';
      await out.write(`${this.#names ? titled + (nul ? '\0' : colon) : ''}${count}\n`);
    }
  }

  #test(line: string): boolean {
    const { matcher } = this;
    if (matcher === undefined) return false;
    matcher.lastIndex = 0;
    return matcher.test(line);
  }

  #separator(): Promise<void> | undefined {
    return this.tool.out.write(this.#colored ? `${paint('36', '--')}\n` : '--\n');
  }

  async #print(name: string, number: number, line: string, mark: ':' | '-', end: string): Promise<void> {
    const options = this.#options;
    const { out } = this.tool;
    this.#printed = true;
    const separator = this.#colored ? paint('36', mark) : mark;
    let head = '';
    if (this.#names) head += (this.#colored ? paint('35', name) : name) + (options.has('Z') ? '\0' : separator);
    if (options.has('n')) head += (this.#colored ? paint('32', String(number)) : String(number)) + separator;
    if (options.has('o')) {
      if (mark === '-' || options.has('v')) return;
      if (this.matcher !== undefined) this.matcher.lastIndex = 0;
      for (const match of line.matchAll(this.matcher ?? /$^/g)) {
        if (match[0] === '') continue;
        await out.write(head + (this.#colored ? paint('01;31', match[0]) : match[0]) + end);
      }
      return;
    }
    const colored = this.#colored && (mark === ':') !== options.has('v');
    const shown =
      colored && this.matcher !== undefined
        ? line.replace(this.matcher, (match: string) => (match === '' ? '' : paint('01;31', match)))
        : line;
    await out.write(head + shown + end);
  }
}
