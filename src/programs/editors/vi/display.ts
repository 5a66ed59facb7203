import type { Frame } from './screen';

/** What the terminal shows, so that only what changed is written. */
export class Display {
  #rows: readonly string[] = [];

  /** Forgets: the next frame is drawn whole. */
  reset(): void {
    this.#rows = [];
  }

  /** Bytes that bring the terminal from the last frame to this one. */
  update({ rows, cursor }: Frame): string {
    let out = '';
    if (this.#rows.length !== rows.length) out += '\x1b[H\x1b[2J';
    const former = this.#rows.length === rows.length ? this.#rows : [];
    for (const [index, row] of rows.entries())
      if (row !== (former[index] ?? '')) out += `\x1b[${index + 1};1H\x1b[K${row}`;
    this.#rows = rows;
    return `\x1b[?25l${out}\x1b[${cursor.row + 1};${cursor.column + 1}H\x1b[?25h`;
  }
}
