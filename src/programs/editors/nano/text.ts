import { Buffer } from '../vi/buffer';
import { cells, charLength, previous } from '../vi/text';
import { before, same, type Position } from '../vi/types';

export const tabStop = 8;

/** A text in nano's hands: the cursor, the mark, the cutbuffer, what each undo step was. */
export class NanoText {
  readonly buffer = new Buffer(1, '');
  cursor: Position = { line: 0, col: 0 };
  mark: Position | undefined;
  cutBuffer = '';
  /** The kind of change that goes on: more of it is one undo step. */
  #going = '';
  readonly #kinds: string[] = [];
  readonly #undone: string[] = [];
  /** The column that up and down keep to. */
  want = 0;

  get line(): string {
    return this.buffer.line(this.cursor.line);
  }

  load(lines: readonly string[]): void {
    this.buffer.load(lines);
    // What comes after the last newline is an empty line in nano, too.
    if (!this.buffer.isEmpty) this.buffer.load([...lines, '']);
  }

  /** Anything but more of the same change ends an undo step. */
  rest(): void {
    this.#going = '';
  }

  #change(kind: string, joins = false): void {
    if (!(joins && this.#going === kind)) {
      this.buffer.sync();
      this.#kinds.push(kind);
      this.#undone.length = 0;
      this.buffer.begin(this.cursor);
    }
    this.#going = joins ? kind : '';
  }

  #replace(from: Position, to: Position, text: string): void {
    const { buffer } = this;
    const head = buffer.line(from.line).slice(0, from.col);
    const tail = buffer.line(to.line).slice(to.col);
    const lines = (head + text + tail).split('\n');
    buffer.replace(from.line, to.line - from.line + 1, lines, this.cursor);
    const added = text.split('\n');
    const last = added.at(-1) ?? '';
    this.cursor = {
      line: from.line + added.length - 1,
      col: added.length === 1 ? from.col + last.length : last.length,
    };
    // The last line is always an empty one.
    if (buffer.line(buffer.last) !== '') buffer.replace(buffer.last + 1, 0, [''], this.cursor);
    this.setWant();
  }

  insert(text: string, kind = 'addition'): void {
    this.#change(text === '\n' ? 'line break' : kind, kind === 'addition' && text !== '\n');
    this.#replace(this.cursor, this.cursor, text);
  }

  backspace(): void {
    const { cursor, line, buffer } = this;
    if (this.mark !== undefined) return this.deleteRegion();
    if (cursor.col === 0 && cursor.line === 0) return;
    const joins = cursor.col === 0;
    this.#change(joins ? 'line join' : 'deletion', !joins);
    const from = joins
      ? { line: cursor.line - 1, col: buffer.line(cursor.line - 1).length }
      : { line: cursor.line, col: previous(line, cursor.col) };
    this.#replace(from, cursor, '');
  }

  delete(): void {
    const { cursor, line, buffer } = this;
    if (this.mark !== undefined) return this.deleteRegion();
    if (cursor.col >= line.length && cursor.line >= buffer.last) return;
    const joins = cursor.col >= line.length;
    this.#change(joins ? 'line join' : 'deletion', !joins);
    const to = joins
      ? { line: cursor.line + 1, col: 0 }
      : { line: cursor.line, col: cursor.col + charLength(line, cursor.col) };
    this.#replace(cursor, to, '');
  }

  get region(): readonly [Position, Position] | undefined {
    if (this.mark === undefined) return undefined;
    return before(this.mark, this.cursor) ? [this.mark, this.cursor] : [this.cursor, this.mark];
  }

  textBetween([from, to]: readonly [Position, Position]): string {
    const { buffer } = this;
    if (from.line === to.line) return buffer.line(from.line).slice(from.col, to.col);
    return [
      buffer.line(from.line).slice(from.col),
      ...buffer.lines.slice(from.line + 1, to.line),
      buffer.line(to.line).slice(0, to.col),
    ].join('\n');
  }

  deleteRegion(): void {
    const { region } = this;
    this.mark = undefined;
    if (region === undefined || same(...region)) return;
    this.#change('deletion');
    this.#replace(...region, '');
  }

  /** ^K: the marked text, or the whole line. More lines one after the other are cut together. */
  cut(): boolean {
    const { region, cursor, buffer } = this;
    const whole: readonly [Position, Position] = [
      { line: cursor.line, col: 0 },
      cursor.line < buffer.last ? { line: cursor.line + 1, col: 0 } : { line: cursor.line, col: this.line.length },
    ];
    const taken = region ?? whole;
    if (same(...taken)) return false;
    const text = this.textBetween(taken);
    const joins = region === undefined && this.#going === 'cut';
    this.cutBuffer = joins ? this.cutBuffer + text : text;
    this.#change('cut', region === undefined);
    this.mark = undefined;
    this.#replace(...taken, '');
    return true;
  }

  copy(): void {
    const { region, cursor, buffer } = this;
    this.cutBuffer = region === undefined ? `${this.line}\n` : this.textBetween(region);
    this.mark = undefined;
    if (region === undefined && cursor.line < buffer.last) this.moveTo({ line: cursor.line + 1, col: 0 });
  }

  replaceAt(from: Position, length: number, text: string): void {
    this.#change('replacement', true);
    this.#replace(from, { line: from.line, col: from.col + length }, text);
  }

  replaceLines(from: number, to: number, lines: readonly string[], kind: string): void {
    this.#change(kind);
    this.buffer.replace(from, to - from + 1, lines, this.cursor);
    this.moveTo({ line: from + lines.length, col: 0 });
  }

  /** What was undone; undefined if there is nothing. */
  undo(): string | undefined {
    this.rest();
    const kind = this.#kinds.pop();
    const undone = this.buffer.undo();
    if (kind === undefined || undone === undefined) return undefined;
    this.#undone.push(kind);
    this.moveTo(undone.cursor === 'first non-blank' ? { line: undone.line, col: 0 } : undone.cursor);
    return kind;
  }

  redo(): string | undefined {
    this.rest();
    const kind = this.#undone.pop();
    const redone = this.buffer.redo();
    if (kind === undefined || redone === undefined) return undefined;
    this.#kinds.push(kind);
    this.moveTo(redone.cursor === 'first non-blank' ? { line: redone.line, col: 0 } : redone.cursor);
    return kind;
  }

  moveTo({ line, col }: Position, keepWant = false): void {
    const at = Math.max(0, Math.min(line, this.buffer.last));
    this.cursor = { line: at, col: Math.max(0, Math.min(col, this.buffer.line(at).length)) };
    if (!keepWant) this.setWant();
  }

  setWant(): void {
    this.want = width(this.line, this.cursor.col);
  }

  moveLines(by: number): void {
    const line = Math.max(0, Math.min(this.cursor.line + by, this.buffer.last));
    const text = this.buffer.line(line);
    let col = 0;
    while (col < text.length && width(text, col + charLength(text, col)) <= this.want) col += charLength(text, col);
    this.moveTo({ line, col }, true);
  }

  left(): void {
    const { cursor, line, buffer } = this;
    if (cursor.col > 0) this.moveTo({ line: cursor.line, col: previous(line, cursor.col) });
    else if (cursor.line > 0) this.moveTo({ line: cursor.line - 1, col: buffer.line(cursor.line - 1).length });
  }

  right(): void {
    const { cursor, line, buffer } = this;
    if (cursor.col < line.length) this.moveTo({ line: cursor.line, col: cursor.col + charLength(line, cursor.col) });
    else if (cursor.line < buffer.last) this.moveTo({ line: cursor.line + 1, col: 0 });
  }

  /** The next match behind the cursor, around the end. */
  find(
    pattern: RegExp,
    from: Position = this.cursor,
  ): { readonly at: Position; readonly length: number; readonly wrapped: boolean } | undefined {
    const total = this.buffer.last + 1;
    for (let offset = 0; offset <= total; offset++) {
      const line = (from.line + offset) % total;
      for (const found of this.buffer.line(line).matchAll(pattern)) {
        if (offset === 0 && found.index <= from.col) continue;
        if (offset === total && found.index > from.col) break;
        const wrapped = line < from.line || offset === total;
        return { at: { line, col: found.index }, length: found[0].length, wrapped };
      }
    }
    return undefined;
  }

  /** The file's text. */
  get text(): string {
    const { lines } = this.buffer;
    return lines.at(-1) === '' ? lines.join('\n') : `${lines.join('\n')}\n`;
  }
}

/** Cells of a line up to a column. */
export function width(line: string, col: number): number {
  let at = 0;
  for (let index = 0; index < col && index < line.length;) {
    const length = charLength(line, index);
    at += cells(line.substring(index, index + length), at, tabStop);
    index += length;
  }
  return at;
}
