import type { Editor } from './editor';
import { autoIndent, blanks, indented } from './indent';
import { cells, charAt, charClass, charLength, indentOf, lineWidth, previous } from './text';
import { before, same, type Position } from './types';
import { Walker } from './words';

export interface InsertOptions {
  readonly count?: number;
  readonly replace?: boolean;
  /** `o` and `O`: each repetition gets a line of its own. */
  readonly opens?: boolean;
}

/** What typed characters do to the text in Insert and Replace mode: indents, tabs, erasing. */
export class Typing {
  /** What was typed since the begin or the last arrow key: what is repeated. */
  protected typed = '';
  protected start: Position;
  /** The line holds only an indent that we made. */
  protected onlyIndent: boolean;
  protected overwritten: (string | undefined)[] = [];
  protected replace: boolean;
  protected moved = false;

  constructor(
    protected readonly editor: Editor,
    protected readonly options: InsertOptions,
  ) {
    this.start = editor.cursor;
    this.replace = options.replace === true;
    this.onlyIndent = options.opens === true && editor.line !== '';
  }

  /** An indent that nothing followed is taken away. */
  protected dropIndent(): void {
    const { editor } = this;
    if (
      this.onlyIndent &&
      editor.line !== '' &&
      editor.line.trim() === '' &&
      editor.cursor.col === editor.line.length
    ) {
      editor.buffer.setLine(editor.cursor.line, '', editor.cursor);
      editor.cursor = { line: editor.cursor.line, col: 0 };
    }
    this.onlyIndent = false;
  }

  /** A typed character, with all that options make of it. */
  protected put(char: string): void {
    const { editor } = this;
    if (char === '\n') return this.newline();
    if (char === '\t') return this.tab();
    if (editor.options.bool('smartindent') && char === '}' && editor.line.trim() === '') this.shift(-1);
    this.wrap(char);
    this.raw(char);
  }

  /** A character as it is. */
  protected raw(char: string): void {
    const { editor } = this;
    const { cursor, line } = editor;
    if (char === '\n') return this.newline();
    this.onlyIndent = false;
    this.typed += char;
    let taken = 0;
    if (this.replace) {
      taken = charLength(line, cursor.col);
      this.overwritten.push(taken === 0 ? undefined : line.slice(cursor.col, cursor.col + taken));
    }
    editor.buffer.setLine(cursor.line, line.slice(0, cursor.col) + char + line.slice(cursor.col + taken), cursor);
    editor.cursor = { line: cursor.line, col: cursor.col + char.length };
    editor.setWant();
  }

  protected newline(): void {
    const { editor } = this;
    const { cursor, line, buffer, options } = editor;
    this.typed += '\n';
    if (this.replace) {
      this.overwritten.push(undefined);
    }
    let head = line.slice(0, cursor.col);
    let tail = line.slice(cursor.col);
    let indent = '';
    if (options.bool('autoindent') || options.bool('smartindent')) {
      indent = indentOf(head);
      if (options.bool('smartindent') && /\{\s*$/.test(head)) indent = indented(editor, indent, 1);
      tail = tail.replace(/^[ \t]+/, '');
      if (this.onlyIndent && head.trim() === '') head = '';
    }
    buffer.replace(cursor.line, 1, [head, indent + tail], cursor);
    editor.cursor = { line: cursor.line + 1, col: indent.length };
    this.onlyIndent = indent !== '';
    editor.setWant();
  }

  protected tab(): void {
    const { editor } = this;
    const { options, tabStop } = editor;
    const stop = options.number('softtabstop') < 0 ? options.shiftWidth : options.number('softtabstop');
    const at = lineWidth(editor.line.slice(0, editor.cursor.col), tabStop);
    const inIndent = editor.line.slice(0, editor.cursor.col).trim() === '';
    const step = options.bool('smarttab') && inIndent ? options.shiftWidth : stop > 0 ? stop : tabStop;
    if (this.replace || (!options.bool('expandtab') && step === tabStop)) return this.raw('\t');
    const width = step - (at % step);
    if (options.bool('expandtab')) {
      for (let left = width; left > 0; left--) this.raw(' ');
      return;
    }
    // Blanks before and the new ones become tabs where they can.
    const { cursor, line } = editor;
    const head = line.slice(0, cursor.col);
    const former = /[ \t]*$/.exec(head)?.[0] ?? '';
    const begin = lineWidth(head.slice(0, head.length - former.length), tabStop);
    let gap = '';
    let column = begin;
    while (column - (column % tabStop) + tabStop <= at + width) {
      gap += '\t';
      column += tabStop - (column % tabStop);
    }
    gap += ' '.repeat(at + width - column);
    const next = head.slice(0, head.length - former.length) + gap;
    editor.buffer.setLine(cursor.line, next + line.slice(cursor.col), cursor);
    editor.cursor = { line: cursor.line, col: next.length };
    this.typed += '\t';
    this.onlyIndent = false;
  }

  /** 'textwidth': the last blank before it becomes a line break. */
  protected wrap(char: string): void {
    const { editor } = this;
    const width = editor.options.number('textwidth');
    if (width === 0 || char === ' ' || char === '\t' || this.replace) return;
    const { line, cursor } = editor;
    const head = line.slice(0, cursor.col);
    if (lineWidth(head, editor.tabStop) + cells(char, 0, 8) <= width) return;
    const breaks = [...head.matchAll(/[ \t]+/g)].filter(
      ({ index }) => head.slice(0, index).trim() !== '' && index <= width,
    );
    const at = breaks.at(-1);
    if (at === undefined) return;
    const rest = head.slice(at.index + at[0].length);
    const indent = autoIndent(editor, head);
    editor.buffer.replace(cursor.line, 1, [head.slice(0, at.index), indent + rest + line.slice(cursor.col)], cursor);
    editor.cursor = { line: cursor.line + 1, col: indent.length + rest.length };
  }

  protected backspace(): void {
    const { editor } = this;
    const { cursor, line, buffer, options } = editor;
    if (this.replace) return this.restore();
    if (cursor.col === 0) {
      if (cursor.line === 0) return;
      const former = buffer.line(cursor.line - 1);
      buffer.replace(cursor.line - 1, 2, [former + line], cursor);
      editor.cursor = { line: cursor.line - 1, col: former.length };
      this.typed = this.typed.slice(0, -1);
      return this.reached();
    }
    const head = line.slice(0, cursor.col);
    const stop = options.number('softtabstop') < 0 ? options.shiftWidth : options.number('softtabstop');
    const step = options.bool('smarttab') && head.trim() === '' ? options.shiftWidth : stop;
    let from = previous(line, cursor.col);
    if (step > 0 && /[ \t]$/.test(head)) {
      const width = lineWidth(head, editor.tabStop);
      const wanted = Math.floor((width - 1) / step) * step;
      while (from > 0 && /[ \t]/.test(line[from - 1] ?? '') && lineWidth(line.slice(0, from), editor.tabStop) > wanted)
        from--;
      const short = wanted - lineWidth(line.slice(0, from), editor.tabStop);
      if (short > 0) {
        this.erase(from);
        for (let left = short; left > 0; left--) this.raw(' ');
        return;
      }
    }
    this.erase(from);
  }

  /** Erases from a column of the line up to the cursor. */
  protected erase(from: number): void {
    const { editor } = this;
    const { cursor, line } = editor;
    this.typed = this.typed.slice(0, Math.max(0, this.typed.length - (cursor.col - from)));
    editor.buffer.setLine(cursor.line, line.slice(0, from) + line.slice(cursor.col), cursor);
    editor.cursor = { line: cursor.line, col: from };
    this.reached();
  }

  /** Once behind its begin, what is typed begins there. */
  protected reached(): void {
    if (before(this.editor.cursor, this.start)) this.start = this.editor.cursor;
    this.editor.setWant();
  }

  /** Backspace in Replace mode gives back what stood there. */
  protected restore(): void {
    const { editor } = this;
    const { cursor, line } = editor;
    if (same(cursor, this.start) || this.overwritten.length === 0) {
      if (cursor.col > 0) editor.cursor = { line: cursor.line, col: previous(line, cursor.col) };
      this.start = editor.cursor;
      return;
    }
    const former = this.overwritten.pop();
    if (cursor.col === 0) {
      const above = editor.buffer.line(cursor.line - 1);
      editor.buffer.replace(cursor.line - 1, 2, [above + line], cursor);
      editor.cursor = { line: cursor.line - 1, col: above.length };
    } else {
      const from = previous(line, cursor.col);
      editor.buffer.setLine(cursor.line, line.slice(0, from) + (former ?? '') + line.slice(cursor.col), cursor);
      editor.cursor = { line: cursor.line, col: from };
    }
    this.typed = this.typed.slice(0, -1);
  }

  protected eraseWord(): void {
    const { editor } = this;
    const { cursor, buffer } = editor;
    if (cursor.col === 0) return this.backspace();
    const walker = new Walker(buffer, cursor);
    const line = editor.line;
    let { col } = cursor;
    const char = (): string => charAt(line, previous(line, col));
    while (col > 0 && charClass(char(), false) === 0) col = previous(line, col);
    const cls = col === 0 ? 0 : charClass(char(), false);
    while (col > 0 && cls !== 0 && charClass(char(), false) === cls) col = previous(line, col);
    if (walker.line === this.start.line && col < this.start.col && this.start.col < cursor.col) col = this.start.col;
    this.erase(col);
  }

  protected eraseLine(): void {
    const { cursor, line } = this.editor;
    if (cursor.col === 0) return this.backspace();
    const indent = this.editor.options.bool('autoindent') ? indentOf(line).length : 0;
    let col = indent < cursor.col ? indent : 0;
    if (cursor.line === this.start.line && this.start.col < cursor.col) col = Math.max(col, this.start.col);
    this.erase(col);
  }

  protected shift(by: number): void {
    const { editor } = this;
    const { cursor, line, options } = editor;
    const indent = indentOf(line);
    const width = lineWidth(indent, editor.tabStop);
    const shift = options.shiftWidth;
    const next = by > 0 ? Math.floor(width / shift + 1) * shift : Math.max(0, Math.ceil(width / shift - 1) * shift);
    const made = blanks(editor, next);
    editor.buffer.setLine(cursor.line, made + line.slice(indent.length), cursor);
    editor.cursor = { line: cursor.line, col: Math.max(0, cursor.col + made.length - indent.length) };
    this.onlyIndent = false;
    if (this.start.line === cursor.line)
      this.start = { line: cursor.line, col: Math.min(this.start.col, editor.cursor.col) };
  }
}
