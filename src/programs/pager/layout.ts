import { STRAY } from './text';

/** One place on the screen: what stands there, how wide it is, how it looks, and where in the line it comes from. */
export interface Cell {
  readonly char: string;
  readonly width: number;
  /** Parameters of SGR. */
  readonly style: string;
  /** Index in the plain text that searches look at. */
  readonly at: number;
  /** Index in the line as it was read. */
  readonly raw: number;
}

export interface Shaped {
  /** The text that searches look at. */
  readonly plain: string;
  readonly cells: readonly Cell[];
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const STANDOUT = '7';

/** A line as its cells: tabs, control characters as `^X`, overstrikes as bold and underlined, colours with -R. */
export function shape(line: string, { raw, tabs }: { readonly raw: '' | 'R' | 'r'; readonly tabs: number }): Shaped {
  const cells: Cell[] = [];
  let plain = '';
  let column = 0;
  let style = '';
  const put = (
    char: string,
    from: number,
    look: string,
    width = wide.test(char) ? 2 : /\p{Mn}/u.test(char) ? 0 : 1,
  ) => {
    cells.push({ char, width, style: look, at: plain.length, raw: from });
    column += width;
  };
  const spell = (text: string, from: number, source: string) => {
    for (const char of text) put(char, from, STANDOUT);
    plain += source;
  };
  // The newline of DOS is not shown.
  const end = line.endsWith('\r') ? line.length - 1 : line.length;
  for (let index = 0; index < end;) {
    const char = String.fromCodePoint(line.codePointAt(index) ?? 0);
    const code = char.codePointAt(0) ?? 0;
    const from = index;
    index += char.length;
    if (char === '\b' && cells.length > 0 && index < end) {
      const over = String.fromCodePoint(line.codePointAt(index) ?? 0);
      const under = cells.pop();
      if (under === undefined) continue;
      column -= under.width;
      plain = plain.slice(0, under.at);
      index += over.length;
      const [shown, look] =
        under.char === '_' && over !== '_' ? [over, '4'] : over === '_' ? [under.char, '4'] : [over, '1'];
      put(shown, under.raw, look);
      plain += shown;
    } else if (char === '\t') {
      for (let count = tabs - (column % tabs); count > 0; count--) put(' ', from, style);
      plain += char;
    } else if (raw !== '' && char === '\x1b') {
      const found = /^\x1b(?:\[([\d;:]*)m|\[[?\d;]*[A-Za-ln-z])/.exec(line.slice(from, from + 64));
      if (found?.[1] !== undefined) style = restyle(style, found[1]);
      else if (raw === 'r') put(found?.[0] ?? char, from, style, 0);
      else if (found === null) {
        const link = /^\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)/.exec(line.slice(from));
        if (link === null) {
          spell('ESC', from, char);
          continue;
        }
        index = from + link[0].length;
        continue;
      }
      if (found !== null) index = from + found[0].length;
    } else if (raw === 'r' && code < 32) {
      put(char, from, style, 0);
      plain += char;
    } else if (code === 27) spell('ESC', from, char);
    else if (code < 32 || code === 127) spell(`^${String.fromCharCode(code ^ 64)}`, from, char);
    else if (code >= STRAY + 128 && code < STRAY + 256)
      spell(`<${(code - STRAY).toString(16).toUpperCase()}>`, from, char);
    else if (code >= 128 && code < 160) spell(`<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`, from, char);
    else {
      put(char, from, style);
      plain += char;
    }
  }
  return { plain, cells };
}

function restyle(style: string, parameters: string): string {
  const reset = /^0*(?:;|$)/.exec(parameters);
  if (reset !== null) return parameters.slice(reset[0].length);
  return style === '' ? parameters : `${style};${parameters}`;
}

/** The cells in rows of so many columns. */
export function wrap(cells: readonly Cell[], columns: number): readonly (readonly Cell[])[] {
  if (cells.length <= columns && cells.every(({ width }) => width <= 1)) return [cells];
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let used = 0;
  for (const cell of cells) {
    if (used + cell.width > columns) {
      rows.push(row);
      row = [];
      used = 0;
    }
    row.push(cell);
    used += cell.width;
  }
  if (row.length > 0 || rows.length === 0) rows.push(row);
  return rows;
}

/** What of the cells is seen through a window that begins at a column; `>` where more follows. */
export function chopped(cells: readonly Cell[], shift: number, columns: number): readonly Cell[] {
  const seen: Cell[] = [];
  let column = 0;
  for (const cell of cells) {
    if (column + cell.width > shift + columns) {
      const last = seen.at(-1);
      if (last !== undefined) {
        if (last.width === 2) seen.push({ ...last, char: '>', width: 1, style: STANDOUT });
        else seen[seen.length - 1] = { ...last, char: '>', width: 1, style: STANDOUT };
      }
      break;
    }
    if (column >= shift) seen.push(cell);
    column += cell.width;
  }
  return seen;
}

/** A row as it is written, with what was found in standout. */
export function paint(row: readonly Cell[], found: readonly (readonly [number, number])[]): string {
  let text = '';
  let style = '';
  for (const cell of row) {
    const hit = found.some(([from, to]) => cell.at >= from && cell.at < to);
    const look = hit ? (cell.style === '' ? STANDOUT : `${cell.style};${STANDOUT}`) : cell.style;
    if (look !== style) {
      text += look === '' ? '\x1b[m' : `\x1b[0;${look}m`;
      style = look;
    }
    text += cell.char;
  }
  return style === '' ? text : `${text}\x1b[m`;
}
