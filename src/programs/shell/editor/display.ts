import { advance, shown, type Position } from './width';

/** What stands between \x01 and \x02, and escape sequences, takes no room. */

const invisible = /\x01[^\x02]*\x02|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g;

const zero: Position = { row: 0, column: 0 };

/**
 * Keeps a prompt and the line behind it on the screen, over as many rows as they need. It knows on which row of them
 * the cursor stands and draws anew what changed.
 */
export class Display {
  #prompt = '';
  #promptEnd: Position = zero;
  #cursor: Position = zero;
  #end: Position = zero;
  #drawn = '';

  constructor(
    readonly write: (text: string) => void,
    readonly columns: () => number,
  ) {}

  /** Shows a prompt on the present row; of one with several lines only the last is drawn again. */
  start(prompt: string): void {
    const newline = prompt.lastIndexOf('\n');
    if (newline >= 0) this.write(strip(prompt.slice(0, newline + 1)));
    this.setPrompt(prompt.slice(newline + 1));
    this.write(strip(this.#prompt));
    this.#cursor = this.#promptEnd;
    this.#end = this.#promptEnd;
    this.#drawn = '';
  }

  setPrompt(prompt: string): void {
    this.#prompt = prompt;
    this.#promptEnd = advance(zero, prompt.replace(invisible, ''), this.columns());
  }

  /** Shows a line with the cursor at `cursor`. */
  update(text: string, cursor: number): void {
    const columns = this.columns();
    const visible = show(text);
    const appended = visible.startsWith(this.#drawn) ? visible.slice(this.#drawn.length) : undefined;
    const atEnd = same(this.#cursor, this.#end);
    if (cursor === text.length && atEnd && appended !== undefined && !appended.includes('\n')) {
      // The usual case: a character more at the end.
      this.#end = advance(this.#end, appended, columns);
      this.write(appended + (appended !== '' && this.#end.column === 0 ? '\n' : ''));
      this.#cursor = this.#end;
      this.#drawn = visible;
      return;
    }
    if (visible !== this.#drawn) {
      this.#redraw(visible);
      this.#cursor = this.#end;
    }
    this.#moveTo(advance(this.#promptEnd, show(text.slice(0, cursor)), columns));
  }

  /** Draws everything anew from the row where the prompt begins (after ^L or a resize, which moved it). */
  refresh(text: string, cursor: number, { clear = false }: { readonly clear?: boolean } = {}): void {
    if (clear) {
      this.write('\x1b[H\x1b[2J');
      this.#cursor = zero;
    }
    this.setPrompt(this.#prompt);
    this.#redraw(show(text), true);
    this.#cursor = this.#end;
    this.#moveTo(advance(this.#promptEnd, show(text.slice(0, cursor)), this.columns()));
  }

  /** Leaves the line: the cursor goes to the row below it. */
  finish(): void {
    this.#moveTo(this.#end);
    if (this.#end.column !== 0 || this.#end.row === 0 || !this.#drawn.endsWith('\n')) {
      // At column 0 of a new row already if the line just filled the one before.
      if (this.#end.column !== 0 || same(this.#end, this.#promptEnd)) this.write('\n');
    }
  }

  /** Something else was printed below: the prompt begins on a fresh row. */
  restart(text: string, cursor: number): void {
    this.#cursor = zero;
    this.#redraw(show(text), true);
    this.#cursor = this.#end;
    this.#moveTo(advance(this.#promptEnd, show(text.slice(0, cursor)), this.columns()));
  }

  #redraw(visible: string, withPrompt = false): void {
    const columns = this.columns();
    this.#end = advance(this.#promptEnd, visible, columns);
    const wraps = this.#end.column === 0 && visible !== '' && !visible.endsWith('\n') ? '\n' : '';
    const common = withPrompt ? 0 : commonLength(this.#drawn, visible);
    if (withPrompt) {
      this.#moveTo(zero);
      this.write(`\r\x1b[J${strip(this.#prompt)}${visible}${wraps}`);
    } else {
      this.#moveTo(advance(this.#promptEnd, visible.slice(0, common), columns));
      this.write(`${visible.slice(common)}${wraps}\x1b[J`);
    }
    this.#drawn = visible;
  }

  #moveTo(target: Position): void {
    const rows = target.row - this.#cursor.row;
    let out = '';
    if (rows < 0) out += `\x1b[${-rows}A`;
    if (rows > 0) out += `\x1b[${rows}B`;
    if (target.column !== this.#cursor.column) {
      const distance = target.column - this.#cursor.column;
      if (target.column === 0) out += '\r';
      else if (distance < 0 && distance >= -3) out += '\b'.repeat(-distance);
      else out += distance < 0 ? `\x1b[${-distance}D` : `\x1b[${distance}C`;
    }
    this.#cursor = target;
    if (out !== '') this.write(out);
  }
}

const strip = (prompt: string): string => prompt.replace(/[\x01\x02]/g, '');
const same = (a: Position, b: Position): boolean => a.row === b.row && a.column === b.column;

function show(text: string): string {
  let out = '';
  for (const char of text) out += char === '\n' ? char : shown(char);
  return out;
}

/** How much of the beginning is the same, in whole characters. */
function commonLength(a: string, b: string): number {
  let index = 0;
  while (index < a.length && index < b.length && a.charAt(index) === b.charAt(index)) index++;
  // Not between a character and what combines with it.
  while (index > 0 && /^[\p{Mn}\p{Me}\ufe0f\udc00-\udfff]/u.test(b.slice(index))) index--;
  return index;
}
