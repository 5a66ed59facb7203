import type { Process } from '../../../linux/process/types';
import { filesOf } from '../files';
import type { PaneRequest } from '../pane';
import type { Terminal } from '../terminal';
import { Display } from '../vi/display';
import { TerminalKeys } from '../vi/terminal-keys';
import { special, type Files } from '../vi/types';
import type { Choices } from './arguments';
import { bars, type Bar } from './bars';
import { drawNano, type NanoView } from './draw';
import { NanoText } from './text';

/** nano's window: what it shows, the keys, the questions at the bottom. */
export abstract class NanoScreen {
  protected readonly text = new NanoText();
  protected readonly display = new Display();
  protected readonly keys = new TerminalKeys();
  protected readonly files: Files;
  protected typed = '';
  protected name: string;
  protected top = 0;
  protected numbers: boolean;
  protected message: NanoView['message'];
  protected prompt: NanoView['prompt'];
  protected question: NanoView['question'];
  protected ended = false;
  protected needle = '';
  protected readonly history: Record<string, string[]> = {};

  constructor(
    protected readonly process: Process,
    protected readonly terminal: Terminal,
    protected readonly choices: Choices,
  ) {
    this.files = filesOf(process);
    this.name = choices.file ?? '';
    this.numbers = choices.numbers;
  }

  protected abstract serve(request: PaneRequest | undefined): Promise<void>;

  protected say(text: string, alert = false): void {
    this.message = { text, alert };
  }

  protected height(): number {
    return Math.max(1, this.terminal.size.rows - 4);
  }

  protected centre(): void {
    const { line } = this.text.cursor;
    if (line < this.top || line >= this.top + this.height())
      this.top = Math.max(0, line - Math.floor(this.height() / 2));
  }

  protected async draw(bar: Bar = bars.main): Promise<void> {
    const { line } = this.text.cursor;
    if (line < this.top) this.top = line;
    if (line >= this.top + this.height()) this.top = line - this.height() + 1;
    const { rows, columns } = this.terminal.size;
    const view: NanoView = {
      text: this.text,
      name: this.name,
      rows,
      columns,
      top: this.top,
      numbers: this.numbers,
      viewing: this.choices.viewing,
      message: this.message,
      prompt: this.prompt,
      question: this.question,
      bar,
    };
    await this.terminal.write(this.display.update(drawNano(view)));
  }

  /** A key; with Alt or after Escape it is `M-x`. */
  protected async key(): Promise<string> {
    const next = async (): Promise<string> => {
      // Closed from outside: whatever waits for keys is given up.
      if (this.ended) return '\x03';
      while (this.typed === '') {
        await this.draw();
        const bytes = await this.terminal.read();
        if (bytes === undefined) {
          await this.terminal.giveBack();
          return this.process.exit(1);
        }
        if (bytes !== 'interrupted') this.typed = this.keys.decode(bytes);
      }
      const key = String.fromCodePoint(this.typed.codePointAt(0) ?? 0);
      this.typed = this.typed.slice(key.length);
      if (key !== special.pane) return key;
      await this.serve(this.keys.requests.shift());
      return next();
    };
    const key = await next();
    return key === '\x1b' ? `M-${(await next()).toLowerCase()}` : key;
  }

  /** A line typed at the bottom; undefined if cancelled. Some keys answer at once. */
  protected async ask(
    text: string,
    bar: Bar,
    initial = '',
    keys: readonly string[] = [],
  ): Promise<string | { readonly key: string; readonly typed: string } | undefined> {
    let typed = initial;
    let at = typed.length;
    const history = (this.history[text.split(' ')[0] ?? ''] ??= []);
    let index = history.length;
    try {
      for (;;) {
        this.prompt = { text, typed, bar, at };
        const key = await this.key();
        if (keys.includes(key)) return { key, typed };
        if (key === '\r' || key === '\n') {
          if (typed !== '' && history.at(-1) !== typed) history.push(typed);
          return typed;
        }
        if (key === '\x03' || key === 'M-\x1b') {
          this.say('Cancelled');
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
          const [found] = this.files.complete(typed);
          if (found !== undefined && bar !== bars.search) [typed, at] = [found, found.length];
        } else if (key >= ' ' && key < '\ue000') {
          typed = typed.slice(0, at) + key + typed.slice(at);
          at += key.length;
        }
      }
    } finally {
      this.prompt = undefined;
    }
  }

  protected async askYesNo(text: string, all = false): Promise<'y' | 'n' | 'a' | undefined> {
    try {
      for (;;) {
        this.question = { text, all };
        const key = (await this.key()).toLowerCase();
        if (key === 'y' || key === 'n' || (all && key === 'a')) return key as 'y' | 'n' | 'a';
        if (key === '\x03') {
          this.say('Cancelled');
          return undefined;
        }
      }
    } finally {
      this.question = undefined;
    }
  }
}
