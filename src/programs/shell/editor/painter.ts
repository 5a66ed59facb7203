import { advance, bare, movement, promptEnd, same, zero, type Position } from './screen';
import { charStart } from './words';

/** What is to be seen: a line behind its prompt, and what comes after and below it. */
export interface Frame {
  readonly text: string;
  readonly cursor: number;
  /** Greyed behind the text: a line of the history that goes on so. */
  readonly ghost?: string;
  /** Rows below the line, each no wider than the terminal; they may hold escape sequences. */
  readonly below?: readonly string[];
}

const GREY = '\x1b[90m';
const PLAIN = '\x1b[0m';

/**
 * Keeps a prompt and the line behind it on the screen, over as many rows as they need. It knows on which row of them
 * the cursor stands and draws anew only what changed.
 */
export class Painter {
  #prompt = '';
  #promptEnd: Position = zero;
  /** Where the cursor stands and where the text ends, from the row on which the prompt begins. */
  #cursor: Position = zero;
  #end: Position = zero;
  #drawn: Frame = { text: '', cursor: 0 };

  constructor(
    readonly write: (text: string) => void,
    readonly columns: () => number,
  ) {}

  /** Rows that prompt and line take. */
  get rows(): number {
    return this.#end.row + 1;
  }

  /** Shows a prompt on the present row; of one with several lines only the last is drawn again. */
  start(prompt: string): void {
    const newline = prompt.lastIndexOf('\n');
    if (newline >= 0) this.write(bare(prompt.slice(0, newline + 1)));
    this.#fresh(prompt.slice(newline + 1));
  }

  /** Another prompt in place of this one: that of a search, or a mode. */
  changePrompt(prompt: string): void {
    const last = prompt.slice(prompt.lastIndexOf('\n') + 1);
    if (last === this.#prompt) return;
    this.write(`${movement(this.#cursor, zero)}\r\x1b[J`);
    this.#fresh(last);
  }

  /** Shows a frame, writing no more than what changed. */
  update(frame: Frame): void {
    const columns = this.columns();
    const { text, ghost = '', below = [] } = frame;
    const old = this.#drawn;
    const tail = (old.ghost ?? '') !== '' || (old.below ?? []).length > 0;
    const unchanged = text === old.text && ghost === (old.ghost ?? '') && sameRows(below, old.below ?? []);
    // A suggestion that goes on as typed stays where it is.
    const goesOn = text.startsWith(old.text) && text + ghost === old.text + (old.ghost ?? '');
    const bottom = below.length + (old.below ?? []).length > 0;
    if (!unchanged) {
      const common = commonLength(old.text, text);
      const from = advance(this.#promptEnd, text.slice(0, common), columns).position;
      const { output, position } = advance(from, text.slice(common), columns);
      const typedInto = goesOn && !bottom && position.column !== 0;
      const clears = !typedInto && (tail || !text.startsWith(old.text));
      this.write(`${movement(this.#cursor, from)}${clears ? '\x1b[J' : ''}${output}`);
      this.#cursor = position;
      this.#end = position;
      if (!typedInto) this.#paintTail(ghost, below);
    }
    this.#drawn = frame;
    this.#moveTo(advance(this.#promptEnd, text.slice(0, frame.cursor), columns).position);
  }

  /** Draws everything anew from the row where the prompt begins. */
  refresh(frame: Frame = this.#drawn, { clear = false }: { readonly clear?: boolean } = {}): void {
    if (clear) this.write('\x1b[H\x1b[2J');
    else this.write(`${movement(this.#cursor, zero)}\r\x1b[J`);
    this.#fresh(this.#prompt);
    this.update(frame);
  }

  /** The terminal has another width: what it did to the rows above the cursor is foreseen, then all is drawn anew. */
  resized(before: number): void {
    const { text, cursor } = this.#drawn;
    // Terminals leave the row of the cursor (and those it wraps with) alone and wrap the lines above anew.
    const start = text.lastIndexOf('\n', cursor - 1) + 1;
    const own = start === 0 ? zero : advance(this.#promptEnd, text.slice(0, start), before).position;
    const above = start === 0 ? 0 : this.#rowsOf(text.slice(0, start - 1));
    this.#cursor = { row: above + this.#cursor.row - own.row, column: this.#cursor.column };
    this.refresh();
  }

  /** Leaves the line: the cursor goes to the row below it. */
  finish(): void {
    const { text } = this.#drawn;
    this.update({ text, cursor: text.length });
    // At column 0 of a new row already if the line just filled the one before.
    if (this.#end.column !== 0 || same(this.#end, this.#promptEnd) || text.endsWith('\n')) this.write('\n');
  }

  /** Something else was printed below: the prompt begins on a fresh row. */
  restart(frame: Frame = this.#drawn): void {
    this.#fresh(this.#prompt);
    this.update(frame);
  }

  /** Takes the line off the screen; what follows begins where the prompt began. */
  erase(): void {
    this.write(`${movement(this.#cursor, zero)}\r\x1b[J`);
    this.#cursor = zero;
  }

  #fresh(prompt: string): void {
    this.#prompt = prompt;
    this.#promptEnd = promptEnd(prompt, this.columns());
    // A prompt that fills its row is made to wrap at once.
    const full = this.#promptEnd.column === 0 && this.#promptEnd.row > 0;
    this.write(full ? `${bare(prompt)} \r` : bare(prompt));
    this.#cursor = this.#promptEnd;
    this.#end = this.#promptEnd;
    this.#drawn = { text: '', cursor: 0 };
  }

  #paintTail(ghost: string, below: readonly string[]): void {
    if (ghost !== '') {
      const { output, position } = advance(this.#cursor, ghost, this.columns());
      this.write(`${GREY}${output}${PLAIN}`);
      this.#cursor = position;
    }
    if (below.length > 0) {
      this.write(`\r\n${below.join('\r\n')}`);
      this.#cursor = { row: this.#cursor.row + below.length, column: this.columns() };
      this.write('\r');
      this.#cursor = { row: this.#cursor.row, column: 0 };
    }
  }

  #rowsOf(text: string): number {
    return advance(promptEnd(this.#prompt, this.columns()), text, this.columns()).position.row + 1;
  }

  #moveTo(target: Position): void {
    const out = movement(this.#cursor, target);
    this.#cursor = target;
    if (out !== '') this.write(out);
  }
}

const sameRows = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((row, index) => row === b[index]);

/** How much of the beginning is the same, in whole characters; a tab's width depends on what is before it. */
function commonLength(a: string, b: string): number {
  let index = 0;
  while (index < a.length && index < b.length && a.charAt(index) === b.charAt(index)) index++;
  if (index === b.length && index === a.length) return index;
  // Not between a character and what combines with it, in either of them.
  return Math.min(charStart(a, index), charStart(b, index));
}
