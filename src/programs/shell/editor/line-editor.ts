import type { Shell } from '../shell';
import { readFrom, writeTo } from '../run/io';
import { handlePending } from '../run/traps';
import { KillRing, LineBuffer } from './buffer';
import { columnsOf } from './columns';
import { completeLine, type Completion } from './complete';
import { Display } from './display';
import { KeyDecoder, type Key } from './keys';
import { HistorySearch } from './search';

/** What became of a line: typed, given up (^C), or the end (^D on an empty line, a hangup). */
export type Outcome = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'interrupt' | 'end' };

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l\r';

/** The emacs mode of readline(3) on the shell's terminal. */
export class LineEditor {
  readonly #kills = new KillRing();
  readonly #shell: Shell;
  readonly #display: Display;
  #buffer = new LineBuffer();
  #decoder = new KeyDecoder();
  #history: string[] = [];
  #historyAt = 0;
  #search: HistorySearch | undefined;
  #prompt = '';
  /** What was pasted so far; it is inserted as a whole when the paste ends (rl_bracketed_paste_begin). */
  #pasted: string[] | undefined;
  #quoted = false;
  #last = '';
  #yanked: number | undefined;
  #argumentAt = 0;
  #outcome: Outcome | undefined;
  #output = '';

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#display = new Display(
      (text) => {
        this.#output += text;
      },
      () => shell.process.tty?.size.columns ?? 80,
    );
  }

  /** Reads a line behind a prompt. */
  async read(prompt: string): Promise<Outcome> {
    const { process } = this.#shell;
    const { tty } = process;
    const before = tty === undefined ? undefined : { ...tty.termios };
    if (tty !== undefined) Object.assign(tty.termios, { canonical: false, echo: false, signals: false });
    let resized = false;
    const undo = process.signals.handle('SIGWINCH', () => {
      resized = true;
    });
    this.#begin(prompt);
    await this.#flush();
    try {
      while (this.#outcome === undefined) {
        const chunk = await readFrom(this.#shell, 0, 1);
        if (chunk === 'interrupted') await this.#interrupted(resized);
        else if (chunk === 'error' || chunk.length === 0) this.#outcome = { kind: 'end' };
        else await this.#byte(chunk[0] ?? 0);
        resized = false;
        await this.#flush();
      }
      return this.#outcome;
    } finally {
      undo();
      if (tty !== undefined && before !== undefined) Object.assign(tty.termios, before);
      await writeTo(this.#shell, 2, PASTE_OFF);
    }
  }

  #begin(prompt: string): void {
    this.#prompt = prompt;
    this.#buffer = new LineBuffer();
    this.#decoder = new KeyDecoder();
    this.#history = [...this.#shell.history, ''];
    this.#historyAt = this.#history.length - 1;
    this.#search = undefined;
    this.#outcome = undefined;
    this.#last = '';
    this.#output = PASTE_ON;
    this.#display.start(prompt);
  }

  async #flush(): Promise<void> {
    const text = this.#output;
    this.#output = '';
    await writeTo(this.#shell, 2, text);
  }

  /** A signal came while waiting for a key. */
  async #interrupted(resized: boolean): Promise<void> {
    if (resized) this.#display.refresh(this.#buffer.text, this.#buffer.cursor);
    if (this.#shell.interrupted) {
      this.#shell.interrupted = false;
      this.#giveUp();
    } else if (this.#shell.terminating !== undefined) this.#outcome = { kind: 'end' };
    else await handlePending(this.#shell);
  }

  async #byte(byte: number): Promise<void> {
    if (this.#quoted) {
      this.#quoted = false;
      this.#insert(String.fromCharCode(byte));
      return;
    }
    const key = this.#decoder.push(byte);
    if (key === undefined) return;
    if (this.#pasted !== undefined) this.#paste(key, this.#pasted);
    else if (this.#search !== undefined) await this.#searchKey(key, this.#search);
    else await this.#key(key);
    if (this.#outcome === undefined && this.#search === undefined && this.#pasted === undefined) {
      this.#display.update(this.#buffer.text, this.#buffer.cursor);
    }
  }

  #paste(key: Key, pasted: string[]): void {
    if (key.kind === 'text') pasted.push(key.text);
    else if (key.name === 'enter') pasted.push('\n');
    else if (key.name === 'tab') pasted.push('\t');
    else if (key.name === 'paste-end') {
      this.#pasted = undefined;
      this.#buffer.insert(pasted.join(''));
    }
  }

  #insert(text: string): void {
    // A run of letters is undone as one.
    if (this.#last !== 'insert') this.#buffer.remember();
    this.#buffer.insert(text);
    this.#last = 'insert';
  }

  async #key(key: Key): Promise<void> {
    if (key.kind === 'text') {
      this.#insert(key.text);
      return;
    }
    const { name } = key;
    if (name === 'tab') await this.#complete();
    else this.#command(name);
    this.#last = name;
  }

  #command(name: string): void {
    const buffer = this.#buffer;
    switch (name) {
      case 'enter':
      case 'C-o':
        this.#accept();
        return;
      case 'C-c':
        this.#giveUp();
        return;
      case 'C-d':
        if (buffer.text === '') this.#outcome = { kind: 'end' };
        else this.#delete(buffer.cursor, buffer.next);
        return;
      case 'delete':
        this.#delete(buffer.cursor, buffer.next);
        return;
      case 'backspace':
        this.#delete(buffer.previous, buffer.cursor);
        return;
      case 'C-a':
      case 'home':
        buffer.moveTo(0);
        return;
      case 'C-e':
      case 'end':
        buffer.moveTo(buffer.text.length);
        return;
      case 'C-b':
      case 'left':
        buffer.moveTo(buffer.previous);
        return;
      case 'C-f':
      case 'right':
        buffer.moveTo(buffer.next);
        return;
      case 'M-b':
      case 'C-left':
      case 'M-left':
        buffer.moveTo(buffer.wordStart);
        return;
      case 'M-f':
      case 'C-right':
      case 'M-right':
        buffer.moveTo(buffer.wordEnd);
        return;
      case 'C-p':
      case 'up':
        this.#recall(this.#historyAt - 1);
        return;
      case 'C-n':
      case 'down':
        this.#recall(this.#historyAt + 1);
        return;
      case 'M-<':
        this.#recall(0);
        return;
      case 'M->':
        this.#recall(this.#history.length - 1);
        return;
      case 'C-k':
        this.#kill(buffer.cursor, buffer.text.length, false);
        return;
      case 'C-u':
        this.#kill(0, buffer.cursor, true);
        return;
      case 'C-w':
        this.#kill(buffer.blankStart, buffer.cursor, true);
        return;
      case 'M-backspace':
        this.#kill(buffer.wordStart, buffer.cursor, true);
        return;
      case 'M-d':
        this.#kill(buffer.cursor, buffer.wordEnd, false);
        return;
      case 'C-y':
        this.#yank();
        return;
      case 'M-y':
        this.#yankPop();
        return;
      case 'M-.':
      case 'M-_':
        this.#lastArgument();
        return;
      case 'C-l':
        this.#display.refresh(buffer.text, buffer.cursor, { clear: true });
        return;
      case 'C-r':
        this.#search = new HistorySearch(this.#history, this.#historyAt);
        this.#showSearch();
        return;
      case 'C-t':
        if (!buffer.transpose()) this.#bell();
        return;
      case 'C-_':
        if (!buffer.undo()) this.#bell();
        return;
      case 'C-v':
      case 'C-q':
        this.#quoted = true;
        return;
      case 'M-u':
      case 'M-l':
      case 'M-c':
        buffer.changeCase(name.charAt(2));
        return;
      case 'M-#':
        buffer.set(`#${buffer.text}`);
        this.#accept();
        return;
      case 'M-?':
        return;
      case 'paste-begin':
        buffer.remember();
        this.#pasted = [];
        return;
      default:
    }
  }

  #bell(): void {
    this.#output += '\x07';
  }

  #accept(): void {
    this.#display.update(this.#buffer.text, this.#buffer.text.length);
    this.#display.finish();
    this.#outcome = { kind: 'line', text: this.#buffer.text };
  }

  #giveUp(): void {
    this.#search = undefined;
    this.#display.update(this.#buffer.text, this.#buffer.text.length);
    this.#output += '^C\n';
    this.#outcome = { kind: 'interrupt' };
  }

  #delete(from: number, to: number): void {
    if (from === to) {
      this.#bell();
      return;
    }
    this.#buffer.remember();
    this.#buffer.cut(from, to);
  }

  #kill(from: number, to: number, before: boolean): void {
    if (from === to) return;
    this.#buffer.remember();
    const joins = /^(C-[kuw]|M-(d|backspace))$/.test(this.#last);
    this.#kills.add(this.#buffer.cut(from, to), before, joins);
  }

  #yank(): void {
    const text = this.#kills.current;
    this.#buffer.remember();
    this.#yanked = this.#buffer.cursor;
    this.#buffer.insert(text);
  }

  #yankPop(): void {
    if ((this.#last !== 'C-y' && this.#last !== 'M-y') || this.#yanked === undefined) {
      this.#bell();
      return;
    }
    this.#buffer.cut(this.#yanked, this.#buffer.cursor);
    this.#kills.rotate();
    this.#buffer.insert(this.#kills.current);
  }

  /** Inserts the last word of the line before; pressed again, of those before that. */
  #lastArgument(): void {
    const again = this.#last === 'M-.' || this.#last === 'M-_';
    if (again && this.#yanked !== undefined) this.#buffer.cut(this.#yanked, this.#buffer.cursor);
    this.#argumentAt = (again ? this.#argumentAt : this.#history.length - 1) - 1;
    const line = this.#history[this.#argumentAt];
    if (line === undefined) {
      this.#bell();
      this.#argumentAt++;
      return;
    }
    this.#yanked = this.#buffer.cursor;
    this.#buffer.insert(/(?:"[^"]*"|'[^']*'|\\.|\S)+$/.exec(line.trimEnd())?.[0] ?? '');
  }

  #recall(at: number): void {
    if (this.#history[at] === undefined) {
      this.#bell();
      return;
    }
    this.#history[this.#historyAt] = this.#buffer.text;
    this.#historyAt = at;
    this.#buffer.set(this.#history[at] ?? '');
    this.#buffer.forget();
  }

  // --- Ctrl-R ---

  #showSearch(): void {
    const search = this.#search;
    if (search === undefined) return;
    this.#display.setPrompt(search.prompt);
    this.#display.refresh(search.line, search.cursor);
  }

  async #searchKey(key: Key, search: HistorySearch): Promise<void> {
    const name = key.kind === 'key' ? key.name : '';
    if (key.kind === 'text') search.type(key.text);
    else if (name === 'backspace') search.erase();
    else if (name === 'C-r') search.again();
    else if (name === 'C-s') search.again(true);
    else {
      this.#search = undefined;
      if (name === 'C-g') this.#buffer.set(this.#history[this.#historyAt] ?? '');
      else if (name !== 'C-c' && search.found !== undefined) {
        this.#history[this.#historyAt] = this.#buffer.text;
        this.#historyAt = search.found;
        this.#buffer.set(search.line, search.cursor);
      }
      this.#display.setPrompt(lastLine(this.#prompt));
      this.#display.refresh(this.#buffer.text, this.#buffer.cursor);
      if (name !== 'C-g' && name !== 'M-C-[') await this.#key(key);
      return;
    }
    if (search.failed) this.#bell();
    this.#showSearch();
  }

  // --- Tab ---

  async #complete(): Promise<void> {
    const completion = await completeLine(this.#shell, this.#buffer.text, this.#buffer.cursor);
    const { insert, choices } = completion;
    if (insert !== '') {
      this.#buffer.remember();
      this.#replaceWord(completion);
      if (choices.length > 1) this.#last = '';
      return;
    }
    if (choices.length === 0 || this.#last !== 'tab') {
      this.#bell();
      return;
    }
    this.#display.finish();
    this.#output += columnsOf(choices, this.#shell.process.tty?.size.columns ?? 80);
    this.#display.restart(this.#buffer.text, this.#buffer.cursor);
  }

  #replaceWord({ start, insert }: Completion): void {
    const { text, cursor } = this.#buffer;
    this.#buffer.set(text.slice(0, start) + insert + text.slice(cursor), start + insert.length);
  }
}

const lastLine = (prompt: string): string => prompt.slice(prompt.lastIndexOf('\n') + 1);
