import type { Editor } from './editor';
import { autoIndent } from './indent';
import { normalCommand } from './normal';
import { charAt, charLength, lastColumn, previous, screenColumns } from './text';
import { same, special, type Step } from './types';
import { Typing, type InsertOptions } from './typing';
import { Walker } from './words';

/** Insert (or Replace) mode until Escape. */
export function* insertMode(editor: Editor, options: InsertOptions = {}): Step {
  yield* new Inserting(editor, options).run();
}

/** Opens a line and gives its indent. The cursor stands on it. */
export function openLine(editor: Editor, at: number, like: string): void {
  const { buffer } = editor;
  editor.needModifiable();
  const indent = autoIndent(editor, like);
  buffer.replace(at, 0, [indent], editor.cursor);
  editor.mode = 'insert';
  editor.cursor = { line: at, col: indent.length };
}

class Inserting extends Typing {
  *run(): Step {
    const { editor } = this;
    editor.needModifiable();
    editor.mode = this.replace ? 'replace' : 'insert';
    if (editor.message?.text.startsWith('W10') !== true) editor.message = undefined;
    editor.buffer.marks.set('[', editor.cursor);
    try {
      for (;;) {
        const key = yield* editor.key();
        if (key === '\x1b' || key === '\x03') break;
        yield* this.#key(key);
        if (editor.pasteOnly) {
          editor.pasteOnly = false;
          break;
        }
        if (editor.ended !== undefined) return;
      }
    } finally {
      this.#finish();
    }
  }

  #finish(): void {
    const { editor, options } = this;
    const typed = this.typed;
    if (!this.moved) {
      for (let left = (options.count ?? 1) - 1; left > 0; left--) {
        if (options.opens === true) {
          openLine(editor, editor.cursor.line + 1, editor.line);
          this.onlyIndent = editor.line !== '';
        }
        if (this.replace) this.overwritten = [];
        for (const char of typed) this.put(char);
      }
    }
    this.dropIndent();
    if (typed !== '') editor.lastInserted = typed;
    editor.mode = 'normal';
    const { line, col } = editor.cursor;
    editor.buffer.marks.set('^', editor.cursor);
    editor.buffer.marks.set(']', { line, col: Math.max(0, col - 1) });
    editor.moveTo({ line, col: previous(editor.line, col) });
  }

  *#key(key: string): Step {
    const { editor } = this;
    switch (key) {
      case '\r':
      case '\n':
        return this.put('\n');
      case '\t':
        return this.put('\t');
      case '\x08':
      case '\x7f':
        return this.backspace();
      case '\x17':
        return this.eraseWord();
      case '\x15':
        return this.eraseLine();
      case '\x14':
      case '\x04':
        return this.shift(key === '\x14' ? 1 : -1);
      case '\x16':
      case '\x11': {
        const literal = yield* this.#literal();
        return this.raw(literal);
      }
      case '\x12': {
        let name = yield* editor.key();
        if ('\x12\x0f\x10'.includes(name)) name = yield* editor.key();
        const text = editor.registers.get(name);
        if (text === undefined) return;
        for (const char of text.lines.join('\n') + (text.shape === 'line' ? '\n' : '')) this.put(char);
        return;
      }
      case '\x01':
        for (const char of editor.lastInserted) this.put(char);
        return;
      case '\x05':
      case '\x19': {
        const other = editor.buffer.line(editor.cursor.line + (key === '\x05' ? 1 : -1));
        const { start } = screenColumns(editor.line, editor.cursor.col, editor.tabStop);
        const char = charAt(other, columnFor(other, start, editor.tabStop));
        if (char !== '') this.raw(char);
        return;
      }
      case '\x0e':
      case '\x10':
        return yield* this.#complete(key === '\x0e');
      case '\x0f':
        return yield* this.#oneCommand();
      case special.pasteStart:
        return yield* this.#paste();
      case special.insert:
        this.replace = !this.replace;
        editor.mode = this.replace ? 'replace' : 'insert';
        return;
      case special.delete: {
        const { line, col } = editor.cursor;
        const text = editor.line;
        if (col < text.length)
          editor.buffer.setLine(line, text.slice(0, col) + text.slice(col + charLength(text, col)), editor.cursor);
        else if (line < editor.buffer.last)
          editor.buffer.replace(line, 2, [text + editor.buffer.line(line + 1)], editor.cursor);
        return;
      }
      default:
        if (key >= '\ue000' && key <= '\ue0ff') return this.#arrow(key);
        if (key < ' ' && key !== '\t') return;
        this.put(key);
    }
  }

  *#literal(): Step<string> {
    const { editor } = this;
    const first = yield* editor.key();
    if (first === 'u' || first === 'x' || first === 'U') {
      let digits = '';
      for (const most = first === 'x' ? 2 : 4; digits.length < most;) {
        const key = yield* editor.key();
        if (!/[0-9a-fA-F]/.test(key)) {
          editor.stuff(key);
          break;
        }
        digits += key;
      }
      return digits === '' ? first : String.fromCodePoint(parseInt(digits, 16));
    }
    if (/\d/.test(first)) {
      let digits = first;
      while (digits.length < 3) {
        const key = yield* editor.key();
        if (!/\d/.test(key)) {
          editor.stuff(key);
          break;
        }
        digits += key;
      }
      return String.fromCodePoint(Math.min(255, Number(digits)));
    }
    return first === '\n' ? '\r' : first;
  }

  /** CTRL-N and CTRL-P: words of all buffers that begin as the one before the cursor. */
  *#complete(forward: boolean): Step {
    const { editor } = this;
    const { cursor, buffer } = editor;
    const head = editor.line.slice(0, cursor.col);
    const prefix = /[\w\u00b5-\uffff]*$/.exec(head)?.[0] ?? '';
    const words = candidates(editor, prefix);
    const name = '-- Keyword completion (^N^P)';
    if (words.length === 0) {
      editor.sayError(`${name} Pattern not found`);
      return;
    }
    let index = forward ? 0 : words.length - 1;
    let shown = prefix;
    for (;;) {
      const next = index < 0 || index >= words.length ? prefix : (words[index] ?? prefix);
      const { line } = editor;
      const from = editor.cursor.col - shown.length;
      buffer.setLine(cursor.line, line.slice(0, from) + next + line.slice(editor.cursor.col), editor.cursor);
      editor.cursor = { line: cursor.line, col: from + next.length };
      this.typed = this.typed.slice(0, Math.max(0, this.typed.length - shown.length)) + next;
      shown = next;
      editor.say(
        next === prefix && (index < 0 || index >= words.length)
          ? `${name} Back at original`
          : words.length === 1
            ? `${name} The only match`
            : `${name} match ${index + 1} of ${words.length}`,
      );
      const key = yield* editor.key();
      const count = words.length + 1;
      if (key === '\x0e') index = index >= words.length ? 0 : index + 1;
      else if (key === '\x10')
        index = index < 0 || index >= words.length ? words.length - 1 : index === 0 ? count - 1 : index - 1;
      else {
        editor.message = undefined;
        if (key === '\x19') return;
        if (key === '\x1b' || key === '\x03') {
          editor.stuff(key);
          editor.collected = editor.collected.slice(0, -key.length);
          return;
        }
        return yield* this.#key(key);
      }
    }
  }

  /** CTRL-O: one command of normal mode. */
  *#oneCommand(): Step {
    const { editor } = this;
    const atEnd = editor.cursor.col >= editor.line.length;
    const { cursor } = editor;
    editor.mode = 'normal';
    if (atEnd && cursor.col > 0) editor.cursor = { line: cursor.line, col: lastColumn(editor.line) };
    const collected = editor.collected;
    const place = editor.cursor;
    editor.insertPending = true;
    try {
      yield* normalCommand(editor);
    } finally {
      editor.insertPending = false;
    }
    editor.collected = collected.slice(0, -1);
    editor.mode = this.replace ? 'replace' : 'insert';
    if (atEnd && same(editor.cursor, place)) editor.cursor = { line: place.line, col: editor.line.length };
    else if (editor.want === Infinity) editor.cursor = { line: editor.cursor.line, col: editor.line.length };
    this.start = editor.cursor;
    this.typed = '';
    this.moved = true;
  }

  *#paste(): Step {
    const { editor } = this;
    let text = '';
    for (;;) {
      const key = yield* editor.key();
      if (key === special.pasteEnd || (key === '\x1b' && editor.exhausted)) break;
      text += key === '\r' ? '\n' : key;
    }
    pasteText(editor, text);
    this.typed += text;
    this.onlyIndent = false;
  }

  /** Arrow keys: what comes then is a change of its own. */
  #arrow(key: string): void {
    const { editor } = this;
    this.dropIndent();
    const { cursor, buffer, line, view } = editor;
    const up = key === special.up || key === special.pageUp;
    switch (key) {
      case special.left:
        if (cursor.col > 0) editor.moveTo({ line: cursor.line, col: previous(line, cursor.col) });
        break;
      case special.right:
        if (cursor.col < line.length)
          editor.moveTo({ line: cursor.line, col: cursor.col + charLength(line, cursor.col) });
        break;
      case special.home:
        editor.moveTo({ line: cursor.line, col: 0 });
        break;
      case special.end:
        editor.moveTo({ line: cursor.line, col: line.length });
        editor.want = Infinity;
        break;
      case special.up:
      case special.down:
      case special.pageUp:
      case special.pageDown: {
        const by = key === special.up || key === special.down ? 1 : view.rows - 2;
        const to = Math.max(0, Math.min(cursor.line + (up ? -by : by), buffer.last));
        editor.moveTo({ line: to, col: editor.columnFor(to) }, { keepWant: true });
        break;
      }
      case special.shiftLeft:
      case special.shiftRight: {
        const walker = new Walker(buffer, cursor);
        if (key === special.shiftLeft) walker.backward(1);
        else walker.forward(1, false);
        editor.moveTo(walker.position);
        break;
      }
      default:
        return;
    }
    buffer.sync();
    if (this.typed !== '') editor.lastInserted = this.typed;
    this.typed = '';
    this.start = editor.cursor;
    this.moved = true;
    if (editor.repeatable !== undefined) {
      editor.repeatable = { register: '', count: undefined, visual: undefined };
      editor.collected = 'i';
    }
  }
}

/** Inserts a text with its line breaks at the cursor; the cursor goes behind it. */
export function pasteText(editor: Editor, text: string): void {
  const { cursor, line, buffer } = editor;
  const lines = text.split('\n');
  const last = lines.length - 1;
  const tail = line.slice(cursor.col);
  const made = lines.map(
    (each, index) => (index === 0 ? line.slice(0, cursor.col) : '') + each + (index === last ? tail : ''),
  );
  buffer.replace(cursor.line, 1, made, cursor);
  editor.cursor = { line: cursor.line + last, col: (made.at(-1) ?? '').length - tail.length };
  editor.setWant();
}

function columnFor(line: string, column: number, tabStop: number): number {
  for (let at = 0; at < line.length; at += charLength(line, at))
    if (screenColumns(line, at, tabStop).end >= column) return at;
  return line.length;
}

/** Words that begin with a prefix: from the cursor on, around, then the other buffers. */
function candidates(editor: Editor, prefix: string): readonly string[] {
  const { buffer, cursor } = editor;
  const after: string[] = [];
  const front: string[] = [];
  const words = (text: string): readonly RegExpExecArray[] => [...text.matchAll(/[\w\u00b5-\uffff]+/g)];
  for (const [number, text] of buffer.lines.entries()) {
    for (const { index, 0: word } of words(text)) {
      if (number === cursor.line && index <= cursor.col && index + word.length >= cursor.col) continue;
      const isBefore = number < cursor.line || (number === cursor.line && index < cursor.col);
      (isBefore ? front : after).push(word);
    }
  }
  const others = editor.buffers
    .filter((each) => each !== buffer)
    .flatMap(({ lines }) => lines.flatMap((text) => words(text).map(([word]) => word)));
  return [...new Set([...after, ...front, ...others])].filter((word) => word.startsWith(prefix) && word !== prefix);
}
