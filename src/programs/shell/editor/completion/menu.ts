import type { LineEditor } from '../line-editor';
import { insertOpen, insertWhole } from './insert';
import { describedRows, fitted, gridOf, textWidth, type Grid } from './list';
import type { Offer } from './offer';

const REVERSE = '\x1b[7m';
const PLAIN = '\x1b[0m';

/** A list below the line, in which Tab and the arrows choose. Any other key takes the choice and does what it does. */
export async function runMenu(editor: LineEditor, offer: Offer): Promise<void> {
  const { buffer } = editor;
  const before = { text: buffer.text, cursor: buffer.cursor };
  const menu = new Menu(offer, editor);
  try {
    for (;;) {
      editor.below = menu.rows();
      const key = await readKey(editor);
      if (key === undefined) return;
      const moved = menu.move(key);
      if (moved) {
        restore(editor, before);
        const chosen = menu.chosen;
        if (chosen !== undefined) insertOpen(buffer, offer, chosen);
        continue;
      }
      const { chosen } = menu;
      if (key === '\x07' || key === '\x1b') {
        restore(editor, before);
        return;
      }
      if ((key === '\r' || key === '\n') && chosen !== undefined) {
        restore(editor, before);
        insertWhole(buffer, offer, chosen);
        return;
      }
      editor.input.push(key);
      return;
    }
  } finally {
    editor.below = [];
  }
}

function restore({ buffer }: LineEditor, { text, cursor }: { readonly text: string; readonly cursor: number }): void {
  while (buffer.text !== text && buffer.undo());
  buffer.moveTo(cursor);
}

/** A character, or the whole sequence of an arrow key. */
async function readKey({ input }: LineEditor): Promise<string | undefined> {
  let key = await input.next();
  if (key !== '\x1b') return key;
  for (;;) {
    const next = await input.next({ timeout: 50 });
    if (next === undefined) return key;
    key += next;
    if (key.length > 2 ? /[@-~]/.test(next) : !/[[O]/.test(next)) return key;
  }
}

class Menu {
  #at = -1;
  #first = 0;
  readonly #grid: Grid;
  readonly #described: readonly string[] | undefined;

  constructor(
    readonly offer: Offer,
    readonly editor: LineEditor,
  ) {
    const { candidates } = offer;
    const described = candidates.some(({ description = '' }) => description !== '');
    this.#described = described ? describedRows(candidates, editor.columns) : undefined;
    this.#grid = described
      ? { rows: candidates.length, columns: 1, cell: editor.columns }
      : gridOf(candidates, editor.columns);
  }

  get chosen(): Offer['candidates'][number] | undefined {
    return this.offer.candidates[this.#at];
  }

  /** What a key does to the choice; false if it is no key of the menu. */
  move(key: string): boolean {
    const count = this.offer.candidates.length;
    const { rows } = this.#grid;
    const page = this.#height();
    const at = this.#at;
    const around = (to: number): number => (to + count) % count;
    const clamped = (to: number): number => Math.max(0, Math.min(count - 1, to));
    const targets: Readonly<Record<string, () => number>> = {
      '\t': () => around(at + 1),
      '\x1b[Z': () => around(at <= 0 ? count - 1 : at - 1),
      '\x1b[B': () => around(at + 1),
      '\x1b[A': () => around(at <= 0 ? count - 1 : at - 1),
      '\x1b[C': () => (at < 0 ? 0 : at + rows < count ? at + rows : at),
      '\x1b[D': () => (at < 0 ? count - 1 : at - rows >= 0 ? at - rows : at),
      '\x1b[6~': () => clamped(at + page),
      '\x1b[5~': () => clamped(at - page),
    };
    const target = Object.hasOwn(targets, key.replace('\x1bO', '\x1b['))
      ? targets[key.replace('\x1bO', '\x1b[')]
      : undefined;
    if (target === undefined) return false;
    // The first Tab chooses nothing yet elsewhere; here it goes to the first.
    this.#at = target();
    return true;
  }

  /** The rows on the screen: all, or a window on them with a note where it is. */
  rows(): readonly string[] {
    const { rows } = this.#grid;
    const height = this.#height();
    const all = Array.from({ length: rows }, (_, row) => this.#row(row));
    if (rows <= height) return all;
    const row = this.#at < 0 ? 0 : this.#at % rows;
    if (row < this.#first) this.#first = row;
    if (row >= this.#first + height - 1) this.#first = row - height + 2;
    const last = this.#first + height - 1;
    const note = fitted(`rows ${this.#first + 1} to ${Math.min(rows, last)} of ${rows}`, this.editor.columns - 1);
    return [...all.slice(this.#first, last), note];
  }

  #height(): number {
    return Math.max(2, this.editor.rows - this.editor.painter.rows);
  }

  #row(row: number): string {
    const { rows, columns, cell } = this.#grid;
    const described = this.#described?.[row];
    if (described !== undefined) return row === this.#at ? `${REVERSE}${described}${PLAIN}` : described;
    let line = '';
    for (let column = 0; column < columns; column++) {
      const index = row + column * rows;
      const shown = this.offer.candidates[index]?.shown;
      if (shown === undefined) break;
      const text = fitted(shown, this.editor.columns - 1);
      const last = column + 1 === columns || index + rows >= this.offer.candidates.length;
      line += index === this.#at ? `${REVERSE}${text}${PLAIN}` : text;
      if (!last) line += ' '.repeat(Math.max(0, cell - textWidth(text)));
    }
    return line;
  }
}
