import { decode } from '../../linux/io/bytes';
import type { Process } from '../../linux/process/types';
import { textWidth } from './format';

/** What became of a line: typed, given up (^C), or the end of input (^D on an empty line, a hangup). */
export type Prompted = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'interrupt' | 'end' };

const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

/**
 * Lines typed at the prompt of a program that is no shell (psql, mysql, redis-cli): readline's most used emacs keys and a
 * history. Without a terminal it just reads lines.
 */
export class Prompt {
  readonly history: string[] = [];
  /** ^C is shown where it was typed. */
  shows = true;
  #typed: string[] = [];
  #text: string[] = [];
  #cursor = 0;
  #killed: string[] = [];
  #prompt = '';
  /** The row of the cursor, counted from the prompt's. */
  #row = 0;
  /** What came after the last Enter, in one packet with it. */
  #ahead: number[] = [];

  constructor(readonly process: Process) {}

  get #terminal(): boolean {
    return this.process.fds.get(0)?.kind === 'tty' && this.process.tty !== undefined;
  }

  async #write(text: string): Promise<void> {
    await this.process.stdout.write(text);
  }

  /** Shows the prompt and reads a line. */
  async read(prompt: string): Promise<Prompted> {
    const { tty } = this.process;
    if (!this.#terminal || tty === undefined) {
      const line = await this.process.stdin.readLine();
      return line === undefined ? { kind: 'end' } : { kind: 'line', text: line };
    }
    const { canonical, echo, signals, inputNewline } = tty.termios;
    Object.assign(tty.termios, { canonical: false, echo: false, signals: false, inputNewline: false });
    const restore = this.process.signals.handle('SIGWINCH', () => undefined);
    this.#prompt = prompt;
    this.#text = [];
    this.#cursor = 0;
    this.#row = 0;
    await this.#draw();
    try {
      return await this.#edit();
    } finally {
      restore();
      Object.assign(tty.termios, { canonical, echo, signals, inputNewline });
    }
  }

  /** A line that ^P will find. */
  remember(line: string): void {
    if (line.trim() !== '' && this.history.at(-1) !== line) this.history.push(line);
  }

  async #edit(): Promise<Prompted> {
    let at = this.history.length;
    this.#typed = [];
    for (;;) {
      const key = await this.#key();
      if (key === undefined) return { kind: 'end' };
      switch (key) {
        case '\r':
        case '\n': {
          await this.#finish();
          const text = this.#text.join('');
          return { kind: 'line', text };
        }
        case '\x03':
          await this.#finish(this.shows ? '^C' : '');
          return { kind: 'interrupt' };
        case '\x04':
          if (this.#text.length === 0) return { kind: 'end' };
          this.#text.splice(this.#cursor, 1);
          break;
        case '\x10':
        case '\x0e': {
          const to = at + (key === '\x10' ? -1 : 1);
          if (to < 0 || to > this.history.length) continue;
          if (at === this.history.length) this.#typed = this.#text;
          at = to;
          this.#text = at === this.history.length ? this.#typed : [...(this.history[at] ?? '')];
          this.#cursor = this.#text.length;
          break;
        }
        case '\x0c':
          await this.#write('\x1b[H\x1b[2J');
          this.#row = 0;
          break;
        default:
          if (key >= ' ' && key !== '\x7f' && !key.startsWith('\x1b')) {
            this.#text.splice(this.#cursor, 0, key);
            this.#cursor++;
            if (this.#cursor === this.#text.length && this.#columnOf(this.#cursor) > 1) {
              await this.#write(key);
              continue;
            }
          } else this.#change(key);
      }
      await this.#draw();
    }
  }

  /** Keys that move in the line or take from it. */
  #change(key: string): void {
    const text = this.#text;
    const wordLeft = (space: boolean): number => {
      let to = this.#cursor;
      const within = (char: string | undefined): boolean => (space ? char !== ' ' : isWord(char));
      while (to > 0 && !within(text[to - 1])) to--;
      while (to > 0 && within(text[to - 1])) to--;
      return to;
    };
    const wordRight = (): number => {
      let to = this.#cursor;
      while (to < text.length && !isWord(text[to])) to++;
      while (to < text.length && isWord(text[to])) to++;
      return to;
    };
    const kill = (from: number, to: number): void => {
      this.#killed = text.splice(from, to - from);
      this.#cursor = from;
    };
    switch (key) {
      case '\x7f':
      case '\b':
        if (this.#cursor > 0) text.splice(--this.#cursor, 1);
        return;
      case '\x01':
        this.#cursor = 0;
        return;
      case '\x05':
        this.#cursor = text.length;
        return;
      case '\x02':
        this.#cursor = Math.max(0, this.#cursor - 1);
        return;
      case '\x06':
        this.#cursor = Math.min(text.length, this.#cursor + 1);
        return;
      case '\x0b':
        return kill(this.#cursor, text.length);
      case '\x15':
        return kill(0, this.#cursor);
      case '\x17':
        return kill(wordLeft(true), this.#cursor);
      case '\x1b\x7f':
        return kill(wordLeft(false), this.#cursor);
      case '\x1bd':
        return kill(this.#cursor, wordRight());
      case '\x1bb':
        this.#cursor = wordLeft(false);
        return;
      case '\x1bf':
        this.#cursor = wordRight();
        return;
      case '\x19':
        text.splice(this.#cursor, 0, ...this.#killed);
        this.#cursor += this.#killed.length;
        return;
      case '\x14': {
        const to = Math.min(this.#cursor + 1, text.length);
        const [left, right] = text.slice(to - 2, to);
        if (to < 2 || left === undefined || right === undefined) return;
        text.splice(to - 2, 2, right, left);
        this.#cursor = to;
      }
    }
  }

  get #columns(): number {
    const columns = this.process.tty?.size.columns ?? 80;
    return columns === 0 ? 80 : columns;
  }

  /** Screen cells from the prompt's first to before the character. */
  #cellsTo(index: number): number {
    return textWidth(this.#prompt.replace(/\x1b\[[\d;]*m/g, '')) + textWidth(this.#text.slice(0, index).join(''));
  }

  #columnOf(index: number): number {
    return this.#cellsTo(index) % this.#columns;
  }

  /** Draws prompt and line anew and puts the cursor in its place. */
  async #draw(): Promise<void> {
    const up = this.#row > 0 ? `\x1b[${this.#row}A` : '';
    const end = this.#cellsTo(this.#text.length);
    const here = this.#cellsTo(this.#cursor);
    const [rows, row] = [Math.floor(end / this.#columns), Math.floor(here / this.#columns)];
    // At the right edge the cursor waits on the last cell: a space takes it to the next row.
    const wrapped = end > 0 && end % this.#columns === 0 ? ' \r' : '';
    const back =
      this.#cursor === this.#text.length
        ? ''
        : `\r${rows > row ? `\x1b[${rows - row}A` : ''}${here % this.#columns > 0 ? `\x1b[${here % this.#columns}C` : ''}`;
    this.#row = row;
    await this.#write(`${up}\r${this.#prompt}${this.#text.join('')}${wrapped}\x1b[J${back}`);
  }

  /** The cursor leaves the line downwards. */
  async #finish(mark = ''): Promise<void> {
    this.#row = Math.floor(this.#cellsTo(this.#cursor) / this.#columns);
    const down = Math.floor(this.#cellsTo(this.#text.length) / this.#columns) - this.#row;
    await this.#write(`${mark}${down > 0 ? `\x1b[${down}B` : ''}\r\n`);
  }

  /** A key: a character, or what an escape sequence stands for, by its control character. */
  async #key(): Promise<string | undefined> {
    const first = await this.#byte();
    if (first === undefined) return undefined;
    if (first >= 0x80) {
      const bytes = [first];
      for (let more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1; more > 0; more--)
        bytes.push((await this.#byte()) ?? 0);
      return decode(Uint8Array.from(bytes));
    }
    if (first !== 0x1b) return String.fromCharCode(first);
    const second = String.fromCharCode((await this.#byte()) ?? 0);
    if (second !== '[' && second !== 'O') return `\x1b${second}`;
    let sequence = '';
    do sequence += String.fromCharCode((await this.#byte()) ?? 0x7e);
    while (!/[@-~]$/.test(sequence));
    return sequences.get(sequence) ?? '\x1b';
  }

  async #byte(): Promise<number | undefined> {
    while (this.#ahead.length === 0) {
      const read = await this.process.fds.read(0, 4096);
      if (!read.ok && read.error.code === 'EINTR') continue;
      if (!read.ok || read.value.length === 0) return undefined;
      this.#ahead = [...read.value];
    }
    return this.#ahead.shift();
  }
}

/** What terminals send for the keys beside the letters. */
const sequences: ReadonlyMap<string, string> = new Map([
  ['A', '\x10'],
  ['B', '\x0e'],
  ['C', '\x06'],
  ['D', '\x02'],
  ['H', '\x01'],
  ['F', '\x05'],
  ['1~', '\x01'],
  ['4~', '\x05'],
  ['3~', '\x04'],
  ['1;5C', '\x1bf'],
  ['1;5D', '\x1bb'],
]);
