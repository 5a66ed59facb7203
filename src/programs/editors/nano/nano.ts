import type { Process, Program } from '../../../linux/process/types';
import { filesOf } from '../files';
import { paneSequence, type PaneRequest } from '../pane';
import { capture, Terminal } from '../terminal';
import { matchingBracket } from '../vi/brackets';
import { Display } from '../vi/display';
import { linesOf } from '../vi/files';
import { formatLines } from '../vi/format';
import { charClass, charLength, previous } from '../vi/text';
import { TerminalKeys } from '../vi/terminal-keys';
import { special, type Files } from '../vi/types';
import { bars, helpLines, type Bar } from './bars';
import { drawNano, type NanoView } from './draw';
import { NanoText, width } from './text';

const usage = `Usage: nano [OPTIONS] [[+LINE[,COLUMN]] FILE]...

To place the cursor on a specific line of a file, put the line number with
a '+' before the filename.  The column number can be added after a comma.
When a filename is '-', nano reads data from standard input.

 Option         Long option             Meaning
 -E             --tabstospaces          Convert typed tabs to spaces
 -T <number>    --tabsize=<number>      Make a tab this number of columns wide
 -V             --version               Print version information and exit
 -h             --help                  Show this help text and exit
 -i             --autoindent            Automatically indent new lines
 -l             --linenumbers           Show line numbers in front of the text
 -v             --view                  View mode (read-only)
 -w             --nowrap                Don't hard-wrap long lines [default]
`;

interface Choices {
  readonly file: string | undefined;
  readonly at: { readonly line: number; readonly col: number } | undefined;
  readonly numbers: boolean;
  readonly viewing: boolean;
  readonly spaces: boolean;
  readonly indent: boolean;
}

/** nano(1), as 7.2. */
export const nano: Program = async (process) => {
  const { args } = process;
  if (args.includes('-h') || args.includes('--help')) {
    await process.stdout.write(usage);
    return 0;
  }
  if (args.includes('-V') || args.includes('--version')) {
    await process.stdout.write(' GNU nano, version 7.2\n');
    return 0;
  }
  let at: Choices['at'];
  let flags = '';
  let file: string | undefined;
  const long: Readonly<Record<string, string>> = {
    tabstospaces: 'E',
    autoindent: 'i',
    linenumbers: 'l',
    view: 'v',
    nowrap: 'w',
    softwrap: 'S',
    mouse: 'm',
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const place = /^\+(\d*)(?:,(\d+))?$/.exec(arg);
    if (place) at = { line: Number(place[1] || 1) - 1, col: Number(place[2] ?? 1) - 1 };
    else if (/^-[TorYQsC]$/.test(arg)) index++;
    else if (arg.startsWith('--')) {
      const letter = long[arg.slice(2).split('=')[0] ?? ''];
      if (letter === undefined) {
        await process.stderr.write(
          `nano: unrecognized option '${arg}'\nType 'nano -h' for a list of available options.\n`,
        );
        return 1;
      }
      flags += letter;
    } else if (arg.startsWith('-') && arg !== '-') flags += arg.slice(1);
    else file ??= arg;
  }
  const terminal =
    process.fds.get(1)?.kind === 'tty' && process.fds.get(0)?.kind === 'tty' ? Terminal.open(process) : undefined;
  if (terminal === undefined) {
    await process.stderr.write('Standard input is not a terminal\n');
    return 1;
  }
  const choices = {
    file,
    at,
    numbers: flags.includes('l'),
    viewing: flags.includes('v'),
    spaces: flags.includes('E'),
    indent: flags.includes('i'),
  };
  return new Nano(process, terminal, choices).run();
};

class Nano {
  readonly #text = new NanoText();
  readonly #display = new Display();
  readonly #keys = new TerminalKeys();
  readonly #files: Files;
  #typed = '';
  #name: string;
  #top = 0;
  #numbers: boolean;
  #message: NanoView['message'];
  #prompt: NanoView['prompt'];
  #question: NanoView['question'];
  #ended = false;
  #needle = '';
  readonly #history: Record<string, string[]> = {};

  constructor(
    private readonly process: Process,
    private readonly terminal: Terminal,
    private readonly choices: Choices,
  ) {
    this.#files = filesOf(process);
    this.#name = choices.file ?? '';
    this.#numbers = choices.numbers;
  }

  async run(): Promise<number> {
    const { terminal, process } = this;
    if (this.#name !== '') this.#read(this.#name);
    if (this.choices.at !== undefined) this.#text.moveTo(this.choices.at);
    const release = process.signals.handle('SIGWINCH', () => this.#display.reset());
    await terminal.take();
    const pane = /^xterm/.test(process.env.get('TERM') ?? '');
    if (pane) await terminal.write(paneSequence('here', this.#name));
    this.#centre();
    while (!this.#ended) {
      const key = await this.#key();
      this.#message = undefined;
      await this.#do(key);
    }
    release();
    await terminal.write(`${pane ? paneSequence('gone') : ''}\x1b[${terminal.size.rows};1H\x1b[K`);
    await terminal.giveBack();
    return 0;
  }

  #read(name: string): void {
    const found = this.#files.read(name);
    if ('missing' in found) this.#say('New File');
    else if ('error' in found) {
      this.#say(
        found.error === 'is a directory' ? `${name} is a directory` : `Error reading ${name}: ${found.error}`,
        true,
      );
      this.#name = '';
    } else {
      const { lines } = linesOf(found.text);
      this.#text.load(found.text === '' ? [] : lines);
      const count = found.text === '' ? 0 : lines.length;
      const told = `Read ${count} line${count === 1 ? '' : 's'}`;
      if (found.readOnly) this.#say(`File '${name}' is unwritable`, true);
      else this.#say(told);
    }
  }

  #say(text: string, alert = false): void {
    this.#message = { text, alert };
  }

  #height(): number {
    return Math.max(1, this.terminal.size.rows - 4);
  }

  #centre(): void {
    const { line } = this.#text.cursor;
    if (line < this.#top || line >= this.#top + this.#height())
      this.#top = Math.max(0, line - Math.floor(this.#height() / 2));
  }

  async #draw(bar: Bar = bars.main): Promise<void> {
    const { line } = this.#text.cursor;
    if (line < this.#top) this.#top = line;
    if (line >= this.#top + this.#height()) this.#top = line - this.#height() + 1;
    const { rows, columns } = this.terminal.size;
    const view: NanoView = {
      text: this.#text,
      name: this.#name,
      rows,
      columns,
      top: this.#top,
      numbers: this.#numbers,
      viewing: this.choices.viewing,
      message: this.#message,
      prompt: this.#prompt,
      question: this.#question,
      bar,
    };
    await this.terminal.write(this.#display.update(drawNano(view)));
  }

  /** A key; with Alt or after Escape it is `M-x`. */
  async #key(): Promise<string> {
    const next = async (): Promise<string> => {
      // Closed from outside: whatever waits for keys is given up.
      if (this.#ended) return '\x03';
      while (this.#typed === '') {
        await this.#draw();
        const bytes = await this.terminal.read();
        if (bytes === undefined) {
          await this.terminal.giveBack();
          return this.process.exit(1);
        }
        if (bytes !== 'interrupted') this.#typed = this.#keys.decode(bytes);
      }
      const key = String.fromCodePoint(this.#typed.codePointAt(0) ?? 0);
      this.#typed = this.#typed.slice(key.length);
      if (key !== special.pane) return key;
      await this.#serve(this.#keys.requests.shift());
      return next();
    };
    const key = await next();
    return key === '\x1b' ? `M-${(await next()).toLowerCase()}` : key;
  }

  /** What the pane of the page asks for. */
  async #serve(request: PaneRequest | undefined): Promise<void> {
    const text = this.#text;
    if (request?.verb === 'show') {
      const shown = { path: this.#name, text: text.text, readOnly: this.choices.viewing };
      await this.terminal.write(paneSequence('text', JSON.stringify(shown)));
    } else if (request?.verb === 'save') {
      const { lines } = linesOf(request.text);
      text.mark = undefined;
      text.replaceLines(0, text.buffer.last, request.text === '' ? [''] : [...lines, ''], 'replacement');
      text.moveTo({ line: 0, col: 0 });
      const error = this.#name === '' ? 'no file name' : this.#save(this.#name);
      await this.terminal.write(
        paneSequence(error === undefined ? 'saved' : 'refused', this.#message?.text ?? error ?? ''),
      );
    } else if (request?.verb === 'close') this.#ended = true;
  }

  /** A line typed at the bottom; undefined if cancelled. Some keys answer at once. */
  async #ask(
    text: string,
    bar: Bar,
    initial = '',
    keys: readonly string[] = [],
  ): Promise<string | { readonly key: string; readonly typed: string } | undefined> {
    let typed = initial;
    let at = typed.length;
    const history = (this.#history[text.split(' ')[0] ?? ''] ??= []);
    let index = history.length;
    try {
      for (;;) {
        this.#prompt = { text, typed, bar, at };
        const key = await this.#key();
        if (keys.includes(key)) return { key, typed };
        if (key === '\r' || key === '\n') {
          if (typed !== '' && history.at(-1) !== typed) history.push(typed);
          return typed;
        }
        if (key === '\x03' || key === 'M-\x1b') {
          this.#say('Cancelled');
          return undefined;
        }
        if (key === '\x08' || key === '\x7f') {
          typed = typed.slice(0, Math.max(0, at - 1)) + typed.slice(at);
          at = Math.max(0, at - 1);
        } else if (key === special.left || key === '\x02') at = Math.max(0, at - 1);
        else if (key === special.right || key === '\x06') at = Math.min(typed.length, at + 1);
        else if (key === '\x01' || key === special.home) at = 0;
        else if (key === '\x05' || key === special.end) at = typed.length;
        else if (key === '\x0b' || key === '\x15') [typed, at] = ['', 0];
        else if (key === special.up || key === '\x10' || key === special.down || key === '\x0e') {
          index = Math.max(0, Math.min(history.length, index + (key === special.up || key === '\x10' ? -1 : 1)));
          typed = history[index] ?? '';
          at = typed.length;
        } else if (key === '\t') {
          const [found] = this.#files.complete(typed);
          if (found !== undefined && bar !== bars.search) [typed, at] = [found, found.length];
        } else if (key >= ' ' && key < '\ue000') {
          typed = typed.slice(0, at) + key + typed.slice(at);
          at += key.length;
        }
      }
    } finally {
      this.#prompt = undefined;
    }
  }

  async #askYesNo(text: string, all = false): Promise<'y' | 'n' | 'a' | undefined> {
    try {
      for (;;) {
        this.#question = { text, all };
        const key = (await this.#key()).toLowerCase();
        if (key === 'y' || key === 'n' || (all && key === 'a')) return key as 'y' | 'n' | 'a';
        if (key === '\x03') {
          this.#say('Cancelled');
          return undefined;
        }
      }
    } finally {
      this.#question = undefined;
    }
  }

  async #do(key: string): Promise<void> {
    const text = this.#text;
    const changes =
      '\x08\x7f\x04\x0b\x15\r\n\t\x0a'.includes(key) ||
      (key >= ' ' && key < '\ue000' && !key.startsWith('M-')) ||
      key === special.delete;
    if (changes && this.choices.viewing) return this.#say('Key is invalid in view mode', true);
    if (key.length === 1 && key >= ' ' && key < '\ue000' && key !== '\x7f') return text.insert(key);
    if (!'\x08\x7f\x04\x0b'.includes(key) && key !== special.delete) text.rest();
    switch (key) {
      case '\r':
        return text.insert(`\n${this.choices.indent ? (/^[ \t]*/.exec(text.line)?.[0] ?? '') : ''}`);
      case '\t':
        return text.insert(this.choices.spaces ? ' '.repeat(8 - (width(text.line, text.cursor.col) % 8)) : '\t');
      case '\x08':
      case '\x7f':
        return text.backspace();
      case '\x04':
      case special.delete:
        return text.delete();
      case '\x0b':
        return text.cut() ? undefined : this.#say('Nothing was cut');
      case 'M-6':
      case 'M-^':
        return text.copy();
      case '\x15':
        return text.cutBuffer === '' ? this.#say('Cutbuffer is empty', true) : text.insert(text.cutBuffer, 'paste');
      case special.pasteStart:
        return this.#paste();
      case special.left:
      case '\x02':
        return text.left();
      case special.right:
      case '\x06':
        return text.right();
      case special.up:
      case '\x10':
        return text.moveLines(-1);
      case special.down:
      case '\x0e':
        return text.moveLines(1);
      case '\x01':
      case special.home:
        return text.moveTo({ line: text.cursor.line, col: 0 });
      case '\x05':
      case special.end:
        return text.moveTo({ line: text.cursor.line, col: text.line.length });
      case '\x16':
      case special.pageDown:
      case '\x19':
      case special.pageUp: {
        const by = (key === '\x16' || key === special.pageDown ? 1 : -1) * Math.max(1, this.#height() - 2);
        this.#top = Math.max(0, Math.min(this.#top + by, text.buffer.last));
        return text.moveLines(by);
      }
      case 'M-\\':
        return text.moveTo({ line: 0, col: 0 });
      case 'M-/':
        return text.moveTo({ line: text.buffer.last, col: 0 });
      case 'M- ':
      case special.shiftLeft:
      case special.shiftRight:
        return this.#word(key !== special.shiftLeft);
      case 'M-a':
        text.mark = text.mark === undefined ? text.cursor : undefined;
        return this.#say(text.mark === undefined ? 'Mark Unset' : 'Mark Set');
      case 'M-u':
      case 'M-e': {
        const kind = key === 'M-u' ? text.undo() : text.redo();
        const word = key === 'M-u' ? 'undo' : 'redo';
        this.#centre();
        return this.#say(kind === undefined ? `Nothing to ${word}` : `${key === 'M-u' ? 'Undid' : 'Redid'} ${kind}`);
      }
      case 'M-n':
      case 'M-#':
        this.#numbers = !this.#numbers;
        return this.#say(`Line numbering ${this.#numbers ? 'enabled' : 'disabled'}`);
      case 'M-]': {
        const to = matchingBracket(text.buffer, text.cursor);
        return to === undefined ? this.#say('Not a bracket') : text.moveTo(to);
      }
      case '\x03':
        return this.#location();
      case '\x0c':
        return this.#display.reset();
      case '\x1a':
        await this.terminal.suspend();
        return this.#display.reset();
      case '\x07':
      case special.f1:
        return this.#help();
      case '\x0f':
        return void (await this.#write());
      case '\x13':
        if (this.#name === '') await this.#write();
        else this.#save(this.#name);
        return;
      case '\x18':
        return this.#exit();
      case '\x17':
        return this.#search();
      case 'M-w':
        return this.#needle === '' ? this.#say('No current search pattern') : this.#next();
      case '\x1c':
      case 'M-r':
        return this.#replace();
      case '\x1f':
      case 'M-g':
        return this.#goto();
      case '\x12':
        return this.#insertFile();
      case '\x14':
        return this.#execute();
      case '\n':
        return this.#justify();
      default:
        return this.#say(
          key.startsWith('M-') ? `Unbound key: ${key.length > 3 ? key : key.toUpperCase()}` : 'Unbound key',
          true,
        );
    }
  }

  #word(forward: boolean): void {
    const text = this.#text;
    let { col } = text.cursor;
    const { line } = text;
    const isWord = (at: number): boolean => charClass(line.charAt(at), false) > 1;
    if (forward) {
      while (col < line.length && isWord(col)) col += charLength(line, col);
      while (col < line.length && !isWord(col)) col += charLength(line, col);
      if (col >= line.length && text.cursor.col >= line.length) return text.right();
    } else {
      if (col === 0) return text.left();
      while (col > 0 && !isWord(previous(line, col))) col = previous(line, col);
      while (col > 0 && isWord(previous(line, col))) col = previous(line, col);
    }
    text.moveTo({ line: text.cursor.line, col });
  }

  async #paste(): Promise<void> {
    let pasted = '';
    for (let key = await this.#key(); key !== special.pasteEnd; key = await this.#key())
      pasted += key === '\r' ? '\n' : key.startsWith('M-') ? key.slice(2) : key;
    if (!this.choices.viewing) this.#text.insert(pasted, 'paste');
  }

  #location(): void {
    const { buffer, cursor, line } = this.#text;
    const lines = buffer.last + 1;
    const column = width(line, cursor.col) + 1;
    const columns = width(line, line.length) + 1;
    const chars =
      [...buffer.lines.slice(0, cursor.line).join('\n')].length +
      (cursor.line > 0 ? 1 : 0) +
      [...line.slice(0, cursor.col)].length;
    const total = [...buffer.lines.join('\n')].length;
    const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 100) / whole));
    const pad = (number: number, whole: number): string => String(number).padStart(String(whole).length);
    this.#say(
      `line ${pad(cursor.line + 1, lines).padStart(2)}/${lines} (${percent(cursor.line + 1, lines)}%), col ${String(column).padStart(2)}/${columns} (${String(percent(column, columns)).padStart(3)}%), char ${pad(chars, total)}/${total} (${String(percent(chars, total)).padStart(2)}%)`,
    );
  }

  async #help(): Promise<void> {
    const { rows, columns } = this.terminal.size;
    const lines = helpLines.slice(0, rows - 3);
    const head = (lines[0] ?? '').padStart(Math.floor((columns + (lines[0] ?? '').length) / 2));
    const shown = [head, ...lines.slice(1)];
    while (shown.length < rows - 2) shown.push('');
    this.#display.reset();
    await this.terminal.write(
      this.#display.update({
        rows: [...shown, '^L Refresh   ^P Prev Line ^Y Prev Page', '^X Close     ^N Next Line ^V Next Page'],
        cursor: { row: rows - 1, column: 0 },
      }),
    );
    const bytes = await this.terminal.read();
    if (bytes !== undefined && bytes !== 'interrupted') this.#keys.decode(bytes);
    this.#display.reset();
  }

  /** False if nothing was written. */
  async #write(): Promise<boolean> {
    const region = this.#text.region;
    const what = region === undefined ? 'File Name to Write' : 'Write Selection to File';
    const answer = await this.#ask(what, bars.write, region === undefined ? this.#name : '', ['M-a', 'M-p']);
    const append = typeof answer === 'object' && answer.key === 'M-a';
    const name =
      typeof answer === 'object'
        ? await this.#ask(append ? 'File Name to Append to' : 'File Name to Prepend to', bars.write, answer.typed)
        : answer;
    if (typeof name !== 'string' || name === '') {
      if (name === '') this.#say('Cancelled');
      return false;
    }
    if (name !== this.#name && !append && this.#files.exists(name)) {
      if ((await this.#askYesNo(`File "${name}" exists; OVERWRITE? `)) !== 'y') return false;
    }
    return this.#save(name, append) === undefined;
  }

  /** Writes; an error is told and given back. */
  #save(name: string, append = false): string | undefined {
    const text = this.#text;
    const { region } = text;
    const content = region === undefined ? text.text : text.textBetween(region);
    const error = this.#files.write(name, content, { append, force: false });
    if (error !== undefined) {
      this.#say(error === 'is a directory' ? `${name} is a directory` : `Error writing ${name}: ${error}`, true);
      return error;
    }
    const lines = content === '' ? 0 : content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
    if (region === undefined && !append) {
      this.#name = name;
      text.buffer.saved();
    }
    this.#say(`${append ? 'Appended' : 'Wrote'} ${lines} line${lines === 1 ? '' : 's'}`);
    return undefined;
  }

  async #exit(): Promise<void> {
    if (!this.#text.buffer.modified || this.choices.viewing) {
      this.#ended = true;
      return;
    }
    const answer = await this.#askYesNo('Save modified buffer? ');
    if (answer === 'n') this.#ended = true;
    if (answer === 'y') this.#ended = await this.#write();
  }

  #pattern(): RegExp {
    return new RegExp(this.#needle.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
  }

  async #search(): Promise<void> {
    const former = this.#needle === '' ? '' : ` [${this.#needle}]`;
    const answer = await this.#ask(`Search${former}`, bars.search, '', ['\x12', '\x14']);
    if (typeof answer === 'object') return answer.key === '\x12' ? this.#replace() : this.#goto();
    if (answer === undefined) return;
    if (answer === '' && this.#needle === '') return this.#say('Cancelled');
    if (answer !== '') this.#needle = answer;
    this.#next();
  }

  #next(): void {
    const found = this.#text.find(this.#pattern());
    if (found === undefined) return this.#say(`"${this.#needle}" not found`);
    const { line, col } = this.#text.cursor;
    this.#text.moveTo(found.at);
    this.#centre();
    if (found.at.line === line && found.at.col === col) this.#say('This is the only occurrence');
    else if (found.wrapped) this.#say('Search Wrapped');
  }

  async #replace(): Promise<void> {
    const text = this.#text;
    const former = this.#needle === '' ? '' : ` [${this.#needle}]`;
    const answer = await this.#ask(`Search (to replace)${former}`, bars.replace, '', ['\x12']);
    if (typeof answer !== 'string') return answer === undefined ? undefined : this.#search();
    if (answer === '' && this.#needle === '') return this.#say('Cancelled');
    if (answer !== '') this.#needle = answer;
    const made = await this.#ask('Replace with', bars.replaceWith);
    if (typeof made !== 'string') return;
    const begin = text.cursor;
    let [count, all, looked] = [0, false, false];
    let from = { line: begin.line, col: begin.col - 1 };
    let passed = false;
    for (;;) {
      const found = text.find(this.#pattern(), from);
      passed ||= found?.wrapped === true;
      if (
        found === undefined ||
        (passed && !(found.at.line < begin.line || (found.at.line === begin.line && found.at.col < begin.col)))
      )
        break;
      looked = true;
      if (!all) {
        text.moveTo(found.at);
        this.#centre();
        const choice = await this.#askYesNo('Replace this instance? ', true);
        if (choice === undefined) break;
        if (choice === 'n') {
          from = found.at;
          continue;
        }
        all = choice === 'a';
      }
      text.replaceAt(found.at, found.length, made);
      count++;
      from = { line: text.cursor.line, col: text.cursor.col - 1 };
    }
    text.rest();
    if (all || count === 0) text.moveTo(begin);
    if (!looked) this.#say(`"${this.#needle}" not found`);
    else this.#say(`Replaced ${count} occurrence${count === 1 ? '' : 's'}`);
  }

  async #goto(): Promise<void> {
    const answer = await this.#ask('Enter line number, column number', bars.goto, '', ['\x19', '\x16', '\x14']);
    if (answer === undefined) return;
    if (typeof answer === 'object') {
      if (answer.key === '\x14') return this.#search();
      this.#text.moveTo({ line: answer.key === '\x19' ? 0 : this.#text.buffer.last, col: 0 });
      return;
    }
    const found = /^\s*(-?\d*)\s*[,.: ]?\s*(\d*)\s*$/.exec(answer);
    if (found === null || answer === '')
      return this.#say(answer === '' ? 'Cancelled' : 'Invalid line or column number');
    const { buffer, cursor } = this.#text;
    const number = found[1] === '' ? cursor.line + 1 : Number(found[1]);
    const line = number < 0 ? buffer.last + 1 + number : number - 1;
    this.#text.moveTo({ line, col: found[2] === '' ? 0 : Number(found[2]) - 1 });
    this.#centre();
  }

  async #insertFile(): Promise<void> {
    const answer = await this.#ask('File to insert [from ./]', bars.read, '', ['\x18']);
    if (typeof answer === 'object') return this.#execute();
    if (answer === undefined || answer === '') return this.#say('Cancelled');
    const found = this.#files.read(answer);
    if (!('text' in found))
      return this.#say(
        'missing' in found ? `File "${answer}" not found` : `Error reading ${answer}: ${found.error}`,
        true,
      );
    this.#text.insert(found.text, 'insertion');
    const { length } = linesOf(found.text).lines;
    this.#say(`Inserted ${length} line${length === 1 ? '' : 's'}`);
  }

  async #execute(): Promise<void> {
    const answer = await this.#ask('Command to execute', bars.execute);
    if (typeof answer !== 'string' || answer === '') return this.#say('Cancelled');
    const { output } = await capture(this.process, answer, '');
    this.#text.insert(output, 'insertion');
  }

  #justify(): void {
    const text = this.#text;
    const { buffer, cursor } = text;
    let from = cursor.line;
    while (from < buffer.last && buffer.line(from).trim() === '') from++;
    while (from > 0 && buffer.line(from - 1).trim() !== '') from--;
    let to = from;
    while (to < buffer.last && buffer.line(to + 1).trim() !== '') to++;
    text.replaceLines(
      from,
      to,
      formatLines(buffer.lines.slice(from, to + 1), this.terminal.size.columns - 8),
      'justification',
    );
    this.#say('Justified paragraph');
  }
}
