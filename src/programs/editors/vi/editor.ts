import { Buffer } from './buffer';
import { readLine, type LineKind } from './command-line';
import { Options } from './options';
import { compilePattern, type Pattern } from './pattern';
import { Registers } from './registers';
import { charLength, columnAt, firstNonBlank, lastColumn, screenColumns } from './text';
import { Refused, type Ask, type Files, type Position, type Step } from './types';

export type VisualMode = 'v' | 'V' | '\x16';
export type Mode = 'normal' | 'insert' | 'replace' | 'command';

export interface Change {
  readonly register: string;
  readonly count: number | undefined;
  readonly keys: string;
  /** How much was selected, for a change made in visual mode. */
  readonly visual: { readonly mode: VisualMode; readonly lines: number; readonly columns: number } | undefined;
}

export interface LastSearch {
  readonly source: string;
  readonly forward: boolean;
  readonly offset: string;
}

export interface Flavour {
  /** As messages call it, and whether it colours. */
  readonly name: 'vi' | 'vim' | 'view' | 'busybox';
  readonly version: string;
}

const escape = '\x1b';

/** Everything that an editor has in its head. It knows no screen and no file system; what it needs of them it asks for. */
export class Editor {
  readonly options = new Options();
  readonly registers = new Registers();
  buffers: Buffer[] = [];
  buffer: Buffer;
  alternate: Buffer | undefined;
  /** The files of the command line. */
  arguments: string[] = [];
  argument = 0;
  cursor: Position = { line: 0, col: 0 };
  /** The screen column that j and k keep to; Infinity after `$`. */
  want = 0;
  mode: Mode = 'normal';
  visual: { mode: VisualMode; start: Position; dollar: boolean } | undefined;
  lastVisual: { mode: VisualMode; start: Position; end: Position; dollar: boolean } | undefined;
  /** What is shown in the last line while one is typed. */
  commandLine: { readonly prompt: string; text: string; at: number } | undefined;
  message: { readonly text: string; readonly error: boolean } | undefined;
  pending = '';
  view = { rows: 23, columns: 80, left: 0 };
  top = 0;
  readonly jumps: Position[] = [];
  jumpAt = 0;
  changeAt = 0;
  search: LastSearch | undefined;
  /** `:nohlsearch` until the next search. */
  highlightOff = false;
  /** What 'incsearch' shows while a pattern is typed. */
  preview: Position | undefined;
  find: { readonly char: string; readonly key: 'f' | 'F' | 't' | 'T' } | undefined;
  lastSubstitute: { pattern: string; replacement: string; flags: string } | undefined;
  lastCommand = '';
  lastShell = '';
  lastInserted = '';
  lastChange: Change | undefined;
  lastMacro = '';
  readonly history: { command: string[]; search: string[] } = { command: [], search: [] };
  ended: number | undefined;
  /** CTRL-O: a command of normal mode in the middle of insert mode. */
  insertPending = false;
  /** Insert mode was entered for a paste only. */
  pasteOnly = false;
  /** Lines that commands print while `:g` runs. */
  printed: string[] | undefined;
  /** Lines below the screen, shown until a key is pressed. */
  output: readonly string[] | undefined;
  /** The match that :s asks about. */
  confirming: { readonly start: Position; readonly end: Position } | undefined;
  /** `:q` said that there are more files; the next one quits. */
  warnedOfMore = false;
  /** Draw the whole screen anew. */
  redraw = false;
  syntaxOn = false;
  /** True while `:g` runs, when messages wait. */
  quiet = 0;
  /** Keys of the command at work, for `.`. */
  collected = '';
  collecting = true;
  /** The command at work can be repeated. */
  repeatable: { register: string; count: number | undefined; visual: Change['visual'] } | undefined;
  /** Text typed while recording. */
  #recording: { readonly register: string; keys: string } | undefined;
  #stuffed = '';
  #typed = '';
  #sealed = false;
  #exhausted = false;

  constructor(
    readonly files: Files,
    readonly flavour: Flavour,
    readonly now: () => number = () => 0,
  ) {
    this.buffer = this.newBuffer('');
    this.registers.computed
      .set('.', () => this.lastInserted)
      .set(':', () => this.lastCommand)
      .set('%', () => this.buffer.name)
      .set('#', () => this.alternate?.name ?? '')
      .set('/', () => this.search?.source ?? '');
  }

  newBuffer(name: string): Buffer {
    const buffer = new Buffer((this.buffers.at(-1)?.number ?? 0) + 1, name, this.now);
    this.buffers.push(buffer);
    return buffer;
  }

  // Keys

  /** The next key: of a macro, else what somebody types. */
  *key(): Step<string> {
    const key = yield* this.#take();
    if (this.collecting) this.collected += key;
    return key;
  }

  *#take(): Step<string> {
    const stuffed = firstOf(this.#stuffed);
    if (stuffed !== undefined) {
      this.#stuffed = this.#stuffed.slice(stuffed.length);
      return stuffed;
    }
    let key = firstOf(this.#typed);
    if (key !== undefined) this.#typed = this.#typed.slice(key.length);
    else if (this.#sealed) {
      this.#exhausted = true;
      return escape;
    } else key = (yield { kind: 'key' } satisfies Ask) as string;
    if (this.#recording) this.#recording.keys += key;
    return key;
  }

  /** Reads a line at the bottom of the screen. */
  readLine(prompt: string, kind: LineKind): Step<string | undefined> {
    return readLine(this, prompt, kind);
  }

  get hasKeys(): boolean {
    return this.#stuffed !== '' || this.#typed !== '';
  }
  /** Nobody types these keys: they come from a macro or a repeated command. */
  get isStuffed(): boolean {
    return this.#stuffed !== '';
  }
  stuff(keys: string): void {
    this.#stuffed = keys + this.#stuffed;
  }
  dropKeys(): void {
    this.#stuffed = '';
  }

  /** Runs with exactly these keys; what is unfinished then is cancelled. `typed`: each command is an undo step. */
  *withKeys(keys: string, run: () => Step, typed = false): Step {
    const former = [this.#stuffed, this.#typed, this.#sealed, this.#exhausted] as const;
    [this.#stuffed, this.#typed] = typed ? ['', keys] : [keys, ''];
    this.#sealed = true;
    this.#exhausted = false;
    try {
      while (this.hasKeys && this.ended === undefined) yield* run();
    } finally {
      [this.#stuffed, this.#typed, this.#sealed, this.#exhausted] = former;
    }
  }
  get exhausted(): boolean {
    return this.#exhausted;
  }

  get recording(): string {
    return this.#recording?.register ?? '';
  }
  startRecording(register: string): void {
    this.#recording = { register, keys: '' };
    this.message = undefined;
  }
  stopRecording(): void {
    const recording = this.#recording;
    this.#recording = undefined;
    if (recording === undefined) return;
    this.registers.set(recording.register, { shape: 'char', lines: recording.keys.slice(0, -1).split('\n') });
  }

  // The text

  get line(): string {
    return this.buffer.line(this.cursor.line);
  }
  get tabStop(): number {
    return this.options.tabStop;
  }

  /** Puts the cursor somewhere; it never leaves the text. */
  moveTo(to: Position, options: { readonly keepWant?: boolean; readonly pastEnd?: boolean } = {}): void {
    const line = Math.max(0, Math.min(to.line, this.buffer.last));
    const text = this.buffer.line(line);
    const past = options.pastEnd === true || this.mode !== 'normal' || this.visual !== undefined;
    this.cursor = { line, col: Math.max(0, Math.min(to.col, past ? text.length : lastColumn(text))) };
    if (options.keepWant !== true) this.setWant();
  }

  /** j and k aim at the column where the cursor is now. */
  setWant(): void {
    this.want = this.screenColumn();
  }

  /** The screen column of the cursor, from 0: the last cell of a tab, unless text is typed. */
  screenColumn(): number {
    const { start, end } = screenColumns(this.line, this.cursor.col, this.tabStop);
    const tab = this.line[this.cursor.col] === '\t';
    return tab && this.mode === 'normal' && !this.options.bool('list') ? end : start;
  }

  /** The column of a line for the column that is kept. */
  columnFor(line: number, want = this.want): number {
    const text = this.buffer.line(line);
    const most = this.mode === 'normal' && this.visual === undefined ? lastColumn(text) : text.length;
    if (want === Infinity) return most;
    return Math.min(columnAt(text, want, this.tabStop), most);
  }

  toFirstNonBlank(line: number): void {
    const at = Math.max(0, Math.min(line, this.buffer.last));
    this.moveTo({ line: at, col: firstNonBlank(this.buffer.line(at)) });
  }

  /** Remembers where the cursor was before it jumped. */
  markJump(from: Position = this.cursor): void {
    this.buffer.marks.set("'", from);
    const known = this.jumps.findIndex(({ line }) => line === from.line);
    if (known >= 0) this.jumps.splice(known, 1);
    this.jumps.push(from);
    this.jumpAt = this.jumps.length;
  }

  mark(name: string): Position {
    const key = name === '`' ? "'" : name;
    if (key === '<' || key === '>') {
      const { lastVisual } = this;
      if (lastVisual === undefined) throw new Refused('E20: Mark not set');
      const at = this.buffer.marks.get(key);
      if (at !== undefined) return this.inside(at);
    }
    const found = this.buffer.marks.get(key);
    if (found !== undefined) return this.inside(found);
    if (key === "'") return { line: 0, col: 0 };
    if (!/[a-zA-Z0-9'"^.<>[\]]/.test(key)) throw new Refused('E78: Unknown mark');
    throw new Refused('E20: Mark not set');
  }

  /** A position that the text has. */
  inside({ line, col }: Position): Position {
    const at = Math.max(0, Math.min(line, this.buffer.last));
    return { line: at, col: Math.max(0, Math.min(col, this.buffer.line(at).length)) };
  }

  // Messages

  say(text: string): void {
    if (this.quiet === 0) this.message = { text, error: false };
  }
  sayError(text: string): void {
    this.message = { text, error: true };
  }

  /** Lines that do not fit into the last row. */
  show(lines: readonly string[]): void {
    if (this.printed !== undefined) this.printed.push(...lines);
    else if (lines.length === 1) this.say(lines[0] ?? '');
    else this.output = lines;
  }

  /** `more than 'report' lines changed`. */
  report(text: string, count: number): void {
    if (count > 2) this.say(text);
  }

  pattern(source: string, ignoreSmart = false): Pattern {
    const { options } = this;
    return compilePattern(source, {
      ignoreCase: options.bool('ignorecase'),
      smartCase: options.bool('smartcase') && !ignoreSmart,
      magic: options.bool('magic'),
      ...(this.lastSubstitute === undefined ? {} : { lastReplacement: this.lastSubstitute.replacement }),
    });
  }

  /** A change may be made: the text is not closed for it. */
  needModifiable(): void {
    if (!this.options.bool('modifiable')) throw new Refused("E21: Cannot make changes, 'modifiable' is off");
    this.buffer.begin(this.cursor);
    if (
      this.buffer.readOnly &&
      !this.buffer.modified &&
      this.flavour.name !== 'busybox' &&
      !this.#warned.has(this.buffer)
    ) {
      this.#warned.add(this.buffer);
      this.sayError('W10: Warning: Changing a readonly file');
    }
  }
  readonly #warned = new Set<Buffer>();

  /** Length of the character under the cursor. */
  get charLength(): number {
    return charLength(this.line, this.cursor.col);
  }
}

function firstOf(keys: string): string | undefined {
  const code = keys.codePointAt(0);
  return code === undefined ? undefined : String.fromCodePoint(code);
}
