/** A name as it is shown, and how wide that is. */
export interface Cell {
  readonly text: string;
  readonly width: number;
}

/** -m. */
export function withCommas(cells: readonly Cell[], width: number): string {
  let text = '';
  let column = 0;
  cells.forEach((cell, index) => {
    const last = index === cells.length - 1;
    const length = cell.width + (last ? 0 : 2);
    if (index > 0 && column + length > width) {
      text = `${text.trimEnd()}\n`;
      column = 0;
    }
    text += cell.text + (last ? '' : ', ');
    column += length;
  });
  return `${text}\n`;
}

/** Spaces from one column to another; where a tab reaches further than a space, a tab (ls's indent). */
function indent(from: number, to: number, tabs: boolean): string {
  if (!tabs) return ' '.repeat(to - from);
  let text = '';
  for (let at = from; at < to;) {
    if (Math.floor(to / 8) > Math.floor((at + 1) / 8)) {
      text += '\t';
      at += 8 - (at % 8);
    } else {
      text += ' ';
      at++;
    }
  }
  return text;
}

/** As many columns as fit, filled downwards (or across). */
export function inColumns(cells: readonly Cell[], width: number, across: boolean, tabs = true): string {
  const count = cells.length;
  for (
    let columns = Math.min(count, Number.isFinite(width) ? Math.max(1, Math.floor(width / 3)) : count);
    columns >= 1;
    columns--
  ) {
    const rows = Math.ceil(count / columns);
    const used = across ? columns : Math.ceil(count / rows);
    const at = (row: number, column: number) => cells[across ? row * columns + column : column * rows + row];
    const widths = Array.from({ length: used }, (_, column) => {
      let widest = 0;
      for (let row = 0; row < rows; row++) widest = Math.max(widest, at(row, column)?.width ?? 0);
      return widest + (column < used - 1 ? 2 : 0);
    });
    if (columns > 1 && widths.reduce((sum, one) => sum + one, 0) > width - 0) continue;
    let text = '';
    for (let row = 0; row < rows; row++) {
      let line = '';
      let start = 0;
      for (let column = 0; column < used; column++) {
        const cell = at(row, column);
        if (cell === undefined) break;
        const isLast = at(row, column + 1) === undefined || column === used - 1;
        line += cell.text + (isLast ? '' : indent(start + cell.width, start + (widths[column] ?? 0), tabs));
        start += widths[column] ?? 0;
      }
      text += `${line}\n`;
    }
    return text;
  }
  return '';
}

/** BusyBox's columns: all as wide as the longest name and two spaces (coreutils/ls.c, display_files). */
export function inEqualColumns(cells: readonly Cell[], width: number, across: boolean): string {
  const wide = Math.max(0, ...cells.map((cell) => cell.width)) + 2;
  const columns = Number.isFinite(width) ? Math.max(1, Math.floor(width / wide)) : Math.max(1, cells.length);
  const rows = Math.ceil(cells.length / columns);
  let text = '';
  for (let row = 0; row < rows; row++) {
    const line = Array.from(
      { length: columns },
      (_, column) => cells[across ? row * columns + column : column * rows + row],
    );
    const here = line.filter((cell) => cell !== undefined);
    text += here
      .map((cell, index) => cell.text + (index === here.length - 1 ? '' : ' '.repeat(wide - cell.width)))
      .join('');
    text += '\n';
  }
  return text;
}
