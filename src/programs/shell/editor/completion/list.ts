import { widthOf } from '../width';
import type { Candidate } from './offer';

export const textWidth = (text: string): number => [...text].reduce((sum, char) => sum + widthOf(char), 0);

/** A text cut to a width. */
export function fitted(text: string, width: number): string {
  let taken = 0;
  let out = '';
  for (const char of text) {
    taken += widthOf(char);
    if (taken > width) return `${out.slice(0, -1)}…`;
    out += char;
  }
  return out;
}

/** How a list stands on the screen: so many rows, down then across. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Width of a cell with the blanks behind it. */
  readonly cell: number;
}

/** Readline's arrangement of choices (display_matches of its complete.c). */
export function gridOf(candidates: readonly Candidate[], width: number): Grid {
  // The slash behind a directory is not counted.
  const cell = Math.max(...candidates.map(({ shown }) => textWidth(shown.replace(/(.)\/$/, '$1')))) + 2;
  let columns = Math.floor(width / cell);
  if (columns !== 1 && columns * cell === width) columns--;
  columns = Math.max(1, columns);
  return { rows: Math.ceil(candidates.length / columns), columns, cell };
}

/** The rows of a list: names in columns, or each with its description. */
export function listRows(candidates: readonly Candidate[], width: number): readonly string[] {
  if (candidates.some(({ description }) => description !== undefined && description !== ''))
    return describedRows(candidates, width);
  const choices = candidates.map(({ shown }) => shown);
  const { rows, columns, cell } = gridOf(candidates, width);
  return Array.from({ length: rows }, (_, row) => {
    let line = '';
    for (let column = 0; column < columns; column++) {
      const choice = choices[row + column * rows];
      if (choice === undefined) break;
      line += column + 1 < columns ? choice + ' '.repeat(Math.max(0, cell - textWidth(choice))) : choice;
    }
    return line;
  });
}

/** `name  (what it is)`, as cobra's bash completion lists. */
export function describedRows(candidates: readonly Candidate[], width: number): readonly string[] {
  const longest = Math.max(...candidates.map(({ shown }) => textWidth(shown)));
  return candidates.map(({ shown, description = '' }) => {
    if (description === '') return fitted(shown, width - 1);
    return fitted(`${shown}${' '.repeat(longest - textWidth(shown))}  (${description})`, width - 1);
  });
}
