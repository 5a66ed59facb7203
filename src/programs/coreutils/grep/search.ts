import { decode, encode } from '../../../linux/io/bytes';
import { joinPath } from '../copy';
import { globToRegExp } from '../../toolkit/glob';
import { fromLatin1 } from '../../toolkit/latin1';
import type { Options } from '../../toolkit/options';
import type { Input, Tool } from '../../toolkit/tool';
import { blocks, hits, type Block } from './lines';
import type { Matcher } from './matcher';

/** What grep colours: matches, file names, numbers, separators (GREP_COLORS' defaults). */
const paint = (code: string, text: string): string => `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K`;

export class Search {
  readonly #options: Options;
  readonly #colored: boolean;
  readonly #after: number;
  readonly #before: number;
  readonly #max: number;
  #names = false;
  #matched = false;
  /** Something was printed: the next group of context is set off by `--`. */
  #printed = false;
  #bytes: Matcher | undefined;
  readonly #utf8: boolean;
  readonly #only: boolean;
  readonly #numbers: boolean;
  readonly #offsets: boolean;
  readonly #tabbed: boolean;
  readonly #inverted: boolean;

  constructor(
    readonly tool: Tool,
    private readonly text: Matcher | undefined,
    private readonly makeBytes: () => Matcher | undefined,
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
    this.#only = options.has('o');
    this.#numbers = options.has('n');
    this.#offsets = options.has('b');
    this.#tabbed = options.has('T');
    this.#inverted = options.has('v');
    const locale = process.env.get('LC_ALL') || process.env.get('LC_CTYPE') || process.env.get('LANG') || 'C';
    this.#utf8 = /utf-?8/i.test(locale);
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
    // BusyBox reads a directory as an empty file.
    if (this.tool.dialect !== undefined && message === 'Is a directory') return;
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

  /** How a file that is no text is taken. */
  get #binaryFiles(): string {
    const last = this.#options.last('a', 'I', 'binary-files');
    return last === 'a' ? 'text' : last === 'I' ? 'without-match' : (this.#options.value('binary-files') ?? 'binary');
  }

  async #lines(name: string, input: Input): Promise<void> {
    const options = this.#options;
    const { out } = this.tool;
    const end = options.has('z') ? '\0' : '\n';
    const invert = this.#inverted;
    const quiet = options.has('q', 'l', 'L', 'c');
    const state: Place = { name, end, number: 1, at: 0, after: 0, printed: 0, shown: '', base: 0, before: [] };
    const numbered = options.has('n') || this.#contextual;
    let count = 0;
    let binary = false;
    const binaryFiles = this.#binaryFiles;
    reading: for await (const block of blocks(input.reader, options.has('z') ? 0 : 10)) {
      const { text } = block;
      if (block.nul && binaryFiles === 'without-match') return this.#summary(name, 0);
      const matcher = block.bytes ? (this.#bytes ??= this.makeBytes()) : this.text;
      state.at = 0;
      for (const hit of hits(text, matcher, invert, end)) {
        if (count >= this.#max) break;
        count++;
        this.#matched = true;
        if (options.has('q')) return;
        if (options.has('l', 'L')) break reading;
        if (quiet) continue;
        const unreadable = block.nul || (block.bytes && this.#utf8 && !isText(text.slice(hit.start, hit.end)));
        if (unreadable && binaryFiles === 'binary' && !options.has('z')) {
          await this.#write(state, block.bytes);
          binary = true;
          break reading;
        }
        if (numbered) this.#between(state, block, matcher, hit.start);
        if (this.#contextual && this.#printed && (state.before[0]?.number ?? state.number) > state.printed + 1)
          this.#separator(state);
        for (const held of state.before.splice(0)) this.#print(state, held, '-', block.bytes, matcher);
        const line = { number: state.number, text: text.slice(hit.start, hit.end), offset: hit.start };
        this.#print(state, { ...line, offset: this.#offset(state, block, hit.start) }, ':', block.bytes, matcher);
        state.printed = state.number;
        state.number++;
        state.at = hit.end + 1;
        state.after = this.#after;
      }
      if (numbered && !quiet) this.#between(state, block, matcher, text.length);
      await this.#write(state, block.bytes);
      if (options.has('b')) state.base += block.bytes ? text.length : encode(text).length;
      if (count >= this.#max && state.after <= 0) break;
      const pending = this.tool.process.compute(text.length / 2000);
      if (pending !== undefined) await pending;
    }
    await this.#summary(name, count);
    if (binary) {
      await out.flush();
      await this.tool.error(`${name}: binary file matches`, 0);
    }
  }

  #write(state: Place, bytes: boolean): Promise<void> | undefined {
    const { shown } = state;
    if (shown === '') return undefined;
    state.shown = '';
    return this.tool.out.write(bytes ? fromLatin1(shown) : shown);
  }

  get #contextual(): boolean {
    return this.#options.has('A', 'B', 'C');
  }

  #offset({ base }: Place, { text, bytes }: Block, at: number): number {
    if (!this.#options.has('b')) return 0;
    return base + (bytes ? at : encode(text.slice(0, at)).length);
  }

  /** Goes over the lines before a match: counts them, prints what is context, keeps what may become it. */
  #between(state: Place, block: Block, matcher: Matcher | undefined, to: number): void {
    const { text } = block;
    while (state.at < to) {
      const found = text.indexOf(state.end, state.at);
      const end = found < 0 ? text.length : found;
      if (state.after > 0) {
        state.after--;
        const line = {
          number: state.number,
          text: text.slice(state.at, end),
          offset: this.#offset(state, block, state.at),
        };
        this.#print(state, line, '-', block.bytes, matcher);
        state.printed = state.number;
      } else if (this.#before > 0) {
        state.before.push({
          number: state.number,
          text: text.slice(state.at, end),
          offset: this.#offset(state, block, state.at),
        });
        if (state.before.length > this.#before) state.before.shift();
      }
      state.number++;
      state.at = end + 1;
    }
  }

  async #summary(name: string, count: number): Promise<void> {
    const options = this.#options;
    const { out } = this.tool;
    const titled = this.#colored ? paint('35', name) : name;
    const nul = options.has('Z');
    if (options.last('l', 'L') === 'l' && count > 0) await out.write(titled + (nul ? '\0' : '\n'));
    else if (options.last('l', 'L') === 'L') {
      if (count === 0) await out.write(titled + (nul ? '\0' : '\n'));
    } else if (options.has('c') && !options.has('l', 'q')) {
      const colon = this.#colored ? paint('36', ':') : ':';
      await out.write(`${this.#names ? titled + (nul ? '\0' : colon) : ''}${count}\n`);
    }
  }

  #separator(state: Place): void {
    if (this.#options.has('no-group-separator')) return;
    const text = this.#options.value('group-separator') ?? '--';
    state.shown += this.#colored
      ? `${paint('36', text)}
`
      : `${text}
`;
  }

  /** Adds a line to what is printed of its block. */
  #print(state: Place, line: Line, mark: ':' | '-', bytes: boolean, matcher: Matcher | undefined): void {
    const options = this.#options;
    const { name, end } = state;
    this.#printed = true;
    const separator = this.#colored ? paint('36', mark) : mark;
    const numbers = this.#tabbed ? 4 : 0;
    const named = this.#names ? (this.#colored ? paint('35', name) : name) + (options.has('Z') ? '\0' : separator) : '';
    const field = (value: number): string => {
      const text = String(value).padStart(numbers);
      return (this.#colored ? paint('32', text) : text) + separator;
    };
    const head = (offset: number): string => {
      const text = named + (this.#numbers ? field(line.number) : '') + (this.#offsets ? field(offset) : '');
      return this.#tabbed && text !== '' ? `${text}\t` : text;
    };
    if (this.#only) {
      if (mark === '-' || this.#inverted || matcher === undefined) return;
      matcher.line.lastIndex = 0;
      for (const match of line.text.matchAll(matcher.line)) {
        if (match[0] === '') continue;
        const before = !this.#offsets ? 0 : bytes ? match.index : encode(line.text.slice(0, match.index)).length;
        const offset = line.offset + before;
        state.shown += head(offset) + (this.#colored ? paint('01;31', match[0]) : match[0]) + end;
      }
      return;
    }
    const colored = this.#colored && (mark === ':') !== this.#inverted && matcher !== undefined;
    const shown = colored
      ? line.text.replace(matcher.line, (match: string) => (match === '' ? '' : paint('01;31', match)))
      : line.text;
    state.shown += head(line.offset) + shown + end;
  }
}

/** A line that is printed or may be. */
interface Line {
  readonly number: number;
  readonly text: string;
  readonly offset: number;
}

/** How far a file has been gone through. */
interface Place {
  readonly name: string;
  readonly end: string;
  /** The number of the line at `at`. */
  number: number;
  at: number;
  /** Lines of context still to print. */
  after: number;
  /** The last line printed. */
  printed: number;
  /** What is printed of this block. */
  shown: string;
  /** Bytes before this block. */
  base: number;
  readonly before: Line[];
}

/** Whether bytes are UTF-8. */
const isText = (text: string): boolean => !decode(fromLatin1(text)).includes('\ufffd');
