import { errorText, writeTo } from '../run/io';
import { cooked } from '../run/wait';
import type { Shell } from '../shell';
import { commands } from './commands';
import { runShellBinding } from './commands/shell-binding';
import type { Call } from './commands/types';
import { HistoryView } from './history-view';
import { GivenUp, InputEnded, KeyInput } from './key-input';
import type { MapName } from './keymap/defaults';
import type { Binding } from './keymap/keymap';
import { KillRing } from './kill-ring';
import { LineBuffer } from './line-buffer';
import { Painter, type Frame } from './painter';
import { readlineOf, type Readline } from './readline';
import { suggestion } from './suggestion';
import { stand } from './vi/modes';
import { ViState } from './vi/state';

/** What became of a line: typed, given up (^C), or the end (^D on an empty line, a hangup). */
export type Outcome = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'interrupt' | 'end' };

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l\r';

/** A line editor with readline's keys on the shell's terminal. Commands (`commands/`, `vi/`) work on it. */
export class LineEditor {
  readonly shell: Shell;
  readonly readline: Readline;
  readonly kills = new KillRing();
  readonly painter: Painter;
  readonly input: KeyInput;
  readonly vi = new ViState();
  readonly buffer = new LineBuffer();
  history: HistoryView;
  map: MapName = 'emacs';
  overwrite = false;
  /** The name of the command before this one. */
  last = '';
  /** The name of the command that runs. */
  running = '';
  /** Rows below the line: a menu. */
  below: readonly string[] = [];
  /** What stands in place of the prompt: `(arg: 3) `. */
  message: string | undefined;
  /** What stands in place of the line while a search shows what it found. */
  shown: Frame | undefined;
  /** The history line to begin the next line with (operate-and-get-next). */
  resumeAt: number | undefined;
  outcome: Outcome | undefined;
  #prompt = '';
  #ghost = '';
  #output = '';
  #columns = 80;
  /** A list and its questions are on the screen in place of the line. */
  #covered = false;

  constructor(shell: Shell) {
    this.shell = shell;
    this.readline = readlineOf(shell);
    this.history = new HistoryView(shell.history);
    this.painter = new Painter(
      (text) => {
        this.#output += text;
      },
      () => this.#columns,
    );
    this.input = new KeyInput(shell, {
      flush: () => this.flush(),
      resized: () => this.#resized(),
      idle: () => this.#suggest(),
      typed: (key) => this.vi.note(key),
    });
  }

  /** Reads a line behind a prompt. */
  async read(prompt: string): Promise<Outcome> {
    const { tty } = this.shell.process;
    const before = tty === undefined ? undefined : { ...tty.termios };
    if (tty !== undefined) Object.assign(tty.termios, raw);
    const unwatch = this.input.watchSize();
    this.#begin(prompt);
    try {
      while (this.outcome === undefined) await this.#command();
    } catch (reason) {
      if (reason instanceof GivenUp) this.#giveUp();
      else if (reason instanceof InputEnded) this.outcome = { kind: 'end' };
      else throw reason;
    } finally {
      unwatch();
      if (tty !== undefined && before !== undefined) Object.assign(tty.termios, before);
      await this.#write(this.paste ? PASTE_OFF : '');
    }
    return this.outcome ?? { kind: 'end' };
  }

  /** Columns of the terminal. */
  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.shell.process.tty?.size.rows ?? 24;
  }

  get paste(): boolean {
    // BusyBox's own editor knows nothing of it.
    return this.shell.dialect === 'bash' && this.readline.variables.on('enable-bracketed-paste');
  }

  /** The suggestion that is greyed behind the line; empty if none is. */
  get ghost(): string {
    return this.#ghost;
  }

  #begin(prompt: string): void {
    this.readline.initialize();
    this.#columns = this.shell.process.tty?.size.columns ?? 80;
    this.#prompt = prompt;
    this.map = this.shell.options.has('vi') ? 'vi-insert' : 'emacs';
    this.vi.begin();
    this.buffer.load('');
    this.history = new HistoryView([...this.shell.history]);
    this.below = [];
    this.message = undefined;
    this.shown = undefined;
    this.outcome = undefined;
    this.overwrite = false;
    this.last = '';
    this.#ghost = '';
    this.#output += this.paste ? PASTE_ON : '';
    this.painter.start(this.#shownPrompt());
    if (this.resumeAt !== undefined) this.history.goTo(this.resumeAt, this.buffer);
    this.resumeAt = undefined;
  }

  // --- what is seen ---

  #shownPrompt(): string {
    if (this.message !== undefined) return this.message;
    const { variables } = this.readline;
    if (!variables.on('show-mode-in-prompt')) return this.#prompt;
    const newline = this.#prompt.lastIndexOf('\n') + 1;
    const kind = this.map === 'emacs' ? 'emacs-mode' : this.map === 'vi-insert' ? 'vi-ins-mode' : 'vi-cmd-mode';
    return this.#prompt.slice(0, newline) + variables.text(`${kind}-string`) + this.#prompt.slice(newline);
  }

  #frame(): Frame {
    const { text, cursor } = this.buffer;
    return this.shown ?? { text, cursor, ghost: this.#ghost, below: this.below };
  }

  /** Brings the screen up to date. */
  async flush(): Promise<void> {
    if (this.#covered) return this.#write();
    if (this.#ghost !== '') this.#ghost = this.#suggestion();
    this.painter.changePrompt(this.#shownPrompt());
    this.painter.update(this.#frame());
    await this.#write();
  }

  /** Draws all anew. */
  redraw({ clear = false } = {}): void {
    this.painter.refresh(this.#frame(), { clear });
  }

  async #write(more = ''): Promise<void> {
    const text = this.#output + more;
    this.#output = '';
    if (text !== '') await writeTo(this.shell, 2, text);
  }

  #resized(): void {
    const before = this.#columns;
    this.#columns = this.shell.process.tty?.size.columns ?? 80;
    this.below = [];
    this.painter.resized(before);
  }

  /** Prints below the line; the prompt then begins anew. */
  async printBelow(text: string): Promise<void> {
    this.painter.finish();
    this.#output += text;
    this.painter.restart(this.#frame());
    await this.#write();
  }

  /** Leaves the place of the line to something else, such as a shell command. */
  async leave(run: () => Promise<void>): Promise<void> {
    this.painter.erase();
    await this.#meanwhile(run);
    this.painter.restart(this.#frame());
  }

  /** The same for what takes the place of the line: below it, and it is not drawn again. */
  async leaveFor<T>(run: () => Promise<T>): Promise<T> {
    this.#ghost = '';
    this.painter.finish();
    return this.#meanwhile(run);
  }

  async #meanwhile<T>(run: () => Promise<T>): Promise<T> {
    const { tty } = this.shell.process;
    await this.#write();
    if (tty !== undefined) Object.assign(tty.termios, cooked);
    try {
      return await run();
    } finally {
      if (tty !== undefined) Object.assign(tty.termios, raw);
    }
  }

  /** A line that was written elsewhere is accepted, and shown as it is run. */
  acceptEdited(text: string): void {
    if (text !== '') this.#output += `${text}\n`;
    this.outcome = { kind: 'line', text };
  }

  /** Writes something outside the line, which has to be drawn anew afterwards. */
  print(text: string): void {
    this.#output += text;
  }

  /** A key while something else than the line is on the screen. */
  async nextRaw(): Promise<string | undefined> {
    this.#covered = true;
    try {
      await this.#write();
      return await this.input.next();
    } finally {
      this.#covered = false;
    }
  }

  bell(): void {
    if (this.readline.variables.text('bell-style') !== 'none') this.#output += '\x07';
  }

  // --- suggestions ---

  #suggestion(): string {
    const { text, cursor } = this.buffer;
    const wanted =
      this.readline.variables.on('suggestions') &&
      this.shell.interactive &&
      cursor === text.length &&
      this.history.at === this.history.length &&
      this.message === undefined &&
      this.shown === undefined &&
      this.below.length === 0;
    return wanted ? suggestion(text, this.shell.history) : '';
  }

  #suggest(): void {
    const ghost = this.outcome === undefined && !this.#covered ? this.#suggestion() : '';
    if (ghost === this.#ghost) return;
    this.#ghost = ghost;
    this.painter.update(this.#frame());
    // Drawn from a timer, where nothing may be waited for; on a terminal that takes nothing it is left out.
    void this.#write();
  }

  // --- keys ---

  /** One command: the keys that call it, and what it does. */
  async #command(): Promise<void> {
    if (this.map === 'vi-command') this.vi.start();
    const first = await this.input.next();
    if (first !== undefined) await this.press(first);
    if (this.map !== 'vi-command') return;
    stand(this);
    this.vi.finish();
  }

  /** Finds what keys beginning with `first` call, and calls it. */
  async press(first: string, call?: Pick<Call, 'count' | 'explicit'>): Promise<void> {
    const map = this.readline.map(this.map);
    let keys = first;
    let found = map.get(keys);
    let length = found === undefined ? 0 : keys.length;
    while (map.isPrefix(keys)) {
      const alone = this.map === 'vi-command' && keys === '\x1b';
      const ambiguous = alone || (length > 0 && keys.length === length);
      if (ambiguous && this.input.atMacroEnd) break;
      const timeout = ambiguous ? this.readline.variables.number('keyseq-timeout') : undefined;
      const next = await this.input.next(timeout === undefined ? {} : { timeout });
      if (next === undefined) break;
      keys += next;
      const binding = map.get(keys) ?? lowercase(map.get(keys.slice(0, -1) + next.toLowerCase()), keys);
      if (binding === undefined) continue;
      found = binding;
      length = keys.length;
    }
    // A shorter sequence was meant: the rest is typed after it.
    if (length > 0 && length < keys.length) this.input.push(keys.slice(length));
    await this.#run(found, found === undefined ? keys : keys.slice(0, length), call);
  }

  async #run(binding: Binding | undefined, keys: string, call: Pick<Call, 'count' | 'explicit'> = one): Promise<void> {
    if (binding === undefined) return this.#unbound(keys, call);
    if (binding.kind === 'macro') {
      this.input.push(binding.text.repeat(Math.max(1, call.count)));
      return;
    }
    if (binding.kind === 'shell') {
      await runShellBinding(this, binding.command, call);
      this.last = '';
      return;
    }
    await this.run(binding.name, { ...call, keys });
  }

  /** Runs a command by its name. */
  async run(name: string, call: Call): Promise<void> {
    const command = commands(name);
    this.running = name;
    if (command === undefined) this.bell();
    else await command(this, call);
    if (!transparent.has(name)) this.last = name;
  }

  /** Keys that nothing is bound to: characters insert themselves, sequences of function keys are dropped whole. */
  async #unbound(keys: string, call: Pick<Call, 'count' | 'explicit'>): Promise<void> {
    const printable = keys.length <= 2 && (keys > '~' || (keys >= ' ' && keys < '\x7f'));
    if (printable && this.map !== 'vi-command') return this.run('self-insert', { ...call, keys });
    if (/^\x1b[[O]/.test(keys)) {
      let last = keys.slice(2);
      while (/^[\d;?]*$/.test(last)) {
        const next = await this.input.next({ timeout: this.readline.variables.number('keyseq-timeout') });
        if (next === undefined) break;
        last += next;
      }
      return;
    }
    if (this.map === 'vi-command' && keys.startsWith('\x1b')) this.input.push(keys.slice(1));
    // ^Z and ^\ make signals where a terminal is not being edited on; an interactive shell ignores them.
    if (keys !== '\x1a' && keys !== '\x1c') this.bell();
    this.last = '';
  }

  // --- the end of a line ---

  accept(): void {
    this.message = undefined;
    this.shown = undefined;
    this.below = [];
    this.#ghost = '';
    const { text } = this.buffer;
    this.painter.changePrompt(this.#shownPrompt());
    this.painter.update({ text, cursor: text.length });
    this.painter.finish();
    // Readline lets edits of other lines be; shell.history has grown by nothing since this line began.
    for (const [at, changed] of this.history.changed()) this.shell.history[at] = changed;
    this.outcome = { kind: 'line', text };
  }

  end(): void {
    this.#ghost = '';
    this.painter.update({ text: this.buffer.text, cursor: this.buffer.cursor });
    this.outcome = { kind: 'end' };
  }

  #giveUp(): void {
    this.input.forget();
    this.message = undefined;
    this.#ghost = '';
    const { text } = this.buffer;
    this.painter.changePrompt(this.#shownPrompt());
    this.painter.update({ text, cursor: text.length });
    this.#output += '^C\n';
    this.outcome = { kind: 'interrupt' };
  }

  /** A message of something that ran meanwhile. */
  tell(text: string): Promise<void> {
    return errorText(this.shell, text);
  }
}

/** What rl_prep_terminal sets; ^S too is a key then. */
const raw = { canonical: false, echo: false, signals: false, inputNewline: false, flowControl: false };

const one = { count: 1, explicit: false };

/** Commands that the next one does not see: those around them join. */
const transparent = new Set(['digit-argument', 'universal-argument', 'vi-arg-digit', 'do-lowercase-version']);

/** An uppercase letter after a prefix stands for the lowercase one (do-lowercase-version). */
const lowercase = (binding: Binding | undefined, keys: string): Binding | undefined =>
  keys.startsWith('\x1b[') || keys.startsWith('\x1bO') ? undefined : binding;
