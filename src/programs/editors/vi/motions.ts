import { enclosing, matchingBracket } from './brackets';
import type { Editor } from './editor';
import { afterG } from './motions-g';
import { doSearch } from './search';
import { paragraph, sentence } from './sentences';
import { charAt, charClass, charLength, firstNonBlank, lastColumn, previous } from './text';
import { Refused, same, special, type Position, type Step } from './types';
import { Walker } from './words';

/** Where a motion leads, and what an operator makes of the way. */
export interface Motion {
  readonly to: Position;
  readonly kind: 'exclusive' | 'inclusive' | 'linewise';
  /** Not where the cursor is: text objects. */
  readonly from?: Position;
  readonly want?: number | 'keep';
  readonly jump?: boolean;
  /** Deletes into "1 however little it is. */
  readonly far?: boolean;
  /** An exclusive end in column 0 stays there (CA_NO_ADJ_OP_END). */
  readonly exact?: boolean;
}

export const exclusive = (to: Position, more: Partial<Motion> = {}): Motion => ({ to, kind: 'exclusive', ...more });
export const inclusive = (to: Position, more: Partial<Motion> = {}): Motion => ({ to, kind: 'inclusive', ...more });
const linewise = (to: Position, more: Partial<Motion> = {}): Motion => ({ to, kind: 'linewise', ...more });

export const stay = (): never => {
  throw new Refused();
};

/** The motion of a key; undefined if the key is none. `operator`: the operator that waits for it. */
export function* motion(
  editor: Editor,
  key: string,
  given: number | undefined,
  operator: string | undefined,
): Step<Motion | undefined> {
  const count = given ?? 1;
  const { cursor, buffer, line } = editor;
  const at = (col: number): Position => ({ line: cursor.line, col });
  switch (key) {
    case 'h':
    case special.left:
    case '\x08':
    case '\x7f':
      return left(editor, count, operator, key !== 'h' && key !== special.left);
    case 'l':
    case special.right:
    case ' ':
      return right(editor, count, operator, key === ' ');
    case 'j':
    case special.down:
    case '\x0e':
    case '\n':
      return vertical(editor, count);
    case 'k':
    case special.up:
    case '\x10':
      return vertical(editor, -count);
    case '+':
    case '\r':
      return toLine(editor, cursor.line + count, true);
    case '-':
      return toLine(editor, cursor.line - count, true);
    case '_':
      return toLine(editor, cursor.line + count - 1, true);
    case '0':
    case special.home:
      return exclusive(at(0));
    case '^':
      return exclusive(at(firstNonBlank(line)));
    case '$':
    case special.end:
      return toEnd(editor, count, operator !== undefined);
    case '|':
      return exclusive(at(editor.columnFor(cursor.line, count - 1)), { want: count - 1 });
    case 'w':
    case 'W':
    case special.shiftRight:
      return word(editor, key === 'W', count, operator);
    case 'b':
    case 'B':
    case special.shiftLeft: {
      const walker = new Walker(buffer, cursor, key === 'B');
      if (!walker.backward(count) && same(walker.position, cursor)) stay();
      return exclusive(walker.position);
    }
    case 'e':
    case 'E': {
      const walker = new Walker(buffer, cursor, key === 'E');
      if (!walker.end(count, false, false) && operator === undefined && same(walker.position, cursor)) stay();
      return inclusive(walker.position);
    }
    case 'G':
      return far(editor, given === undefined ? buffer.last : Math.min(given - 1, buffer.last));
    case '{':
    case '}': {
      const to = paragraph(buffer, cursor.line, count, key === '}') ?? stay();
      if (same(to, cursor)) stay();
      return exclusive(
        operator === undefined ? { ...to, col: Math.min(to.col, lastColumn(buffer.line(to.line))) } : to,
        {
          jump: true,
          far: true,
        },
      );
    }
    case '(':
    case ')':
      return exclusive(sentence(buffer, cursor, count, key === ')') ?? stay(), { jump: true, far: true });
    case '%':
      return percent(editor, given);
    case 'f':
    case 'F':
    case 't':
    case 'T': {
      let char = yield* editor.key();
      if (char === '\x1b') stay();
      if (char === '\x16') char = yield* editor.key();
      editor.find = { char: char === '\r' ? '\n' : char, key };
      return findChar(editor, editor.find, count, false);
    }
    case ';':
    case ',': {
      const { find } = editor;
      if (find === undefined) return stay();
      const { char } = find;
      const other = { f: 'F', F: 'f', t: 'T', T: 't' } as const;
      return findChar(editor, { char, key: key === ';' ? find.key : other[find.key] }, count, true);
    }
    case 'H':
    case 'L':
    case 'M':
      return screenLine(editor, key, count);
    case 'n':
    case 'N': {
      const { search } = editor;
      if (search === undefined) throw new Refused('E35: No previous regular expression');
      const forward = (key === 'n') === search.forward;
      const { to, kind } = doSearch(editor, search.source, search.offset, forward, count);
      return { to, kind, jump: true, far: true };
    }
    case '*':
    case '#':
      return star(editor, key === '*', count, true);
    case '`':
    case "'":
      return toMark(editor, key, yield* editor.key());
    case 'g':
      return yield* afterG(editor, given, operator);
    case '[':
    case ']':
      return bracketed(editor, key, yield* editor.key(), count);
    default:
      return undefined;
  }
}

function left(editor: Editor, count: number, operator: string | undefined, wrap: boolean): Motion {
  let { line, col } = editor.cursor;
  for (let step = 0; step < count; step++) {
    if (col > 0) col = previous(editor.buffer.line(line), col);
    else if (wrap && line > 0) {
      line--;
      const text = editor.buffer.line(line);
      col = lastColumn(text);
    } else if (step === 0 && operator === undefined) stay();
    else break;
  }
  return exclusive({ line, col });
}

function right(editor: Editor, count: number, operator: string | undefined, wrap: boolean): Motion {
  let { line, col } = editor.cursor;
  const { visual, buffer } = editor;
  for (let step = 0; step < count; step++) {
    const text = buffer.line(line);
    const next = col + charLength(text, col);
    const atEnd = visual === undefined ? next >= text.length : col >= text.length;
    if (!atEnd) col = next;
    else if (wrap && line < buffer.last && (operator === undefined || step < count - 1 || col >= text.length)) {
      line++;
      col = 0;
    } else if (operator !== undefined) {
      col = next;
      break;
    } else if (step === 0 && visual === undefined) stay();
    else break;
  }
  return exclusive({ line, col }, { exact: true });
}

function vertical(editor: Editor, by: number): Motion {
  const { cursor, buffer } = editor;
  if (by > 0 && cursor.line >= buffer.last) stay();
  if (by < 0 && cursor.line === 0) stay();
  const line = Math.max(0, Math.min(cursor.line + by, buffer.last));
  return linewise({ line, col: editor.columnFor(line) }, { want: 'keep' });
}

function toLine(editor: Editor, line: number, firstBlank: boolean): Motion {
  const { buffer, cursor } = editor;
  if (
    line !== cursor.line &&
    ((line > cursor.line && cursor.line === buffer.last) || (line < cursor.line && cursor.line === 0))
  )
    stay();
  const at = Math.max(0, Math.min(line, buffer.last));
  return linewise({ line: at, col: firstBlank ? firstNonBlank(buffer.line(at)) : editor.columnFor(at) });
}

/** G, gg and the like: the column stays with 'nostartofline'. */
export function far(editor: Editor, line: number): Motion {
  if (editor.options.bool('startofline'))
    return linewise({ line, col: firstNonBlank(editor.buffer.line(line)) }, { jump: true });
  return linewise({ line, col: editor.columnFor(line) }, { jump: true, want: 'keep' });
}

function toEnd(editor: Editor, count: number, operator: boolean): Motion {
  const { cursor, buffer } = editor;
  if (count > 1 && cursor.line === buffer.last) stay();
  const line = Math.min(cursor.line + count - 1, buffer.last);
  const text = buffer.line(line);
  // In visual mode the line break belongs to it.
  const col = editor.visual === undefined || operator ? lastColumn(text) : text.length;
  return inclusive({ line, col }, { want: Infinity });
}

function word(editor: Editor, big: boolean, count: number, operator: string | undefined): Motion {
  const { cursor, buffer, line } = editor;
  const walker = new Walker(buffer, cursor, big);
  if (operator === 'c' && line !== '' && charClass(charAt(line, cursor.col), big) !== 0) {
    // cw on a word changes to its end, as vi did.
    walker.end(count, true, false);
    return inclusive(walker.position);
  }
  const moved = walker.forward(count, operator !== undefined);
  if (operator === undefined) {
    const to = { line: walker.line, col: Math.min(walker.col, lastColumn(walker.text)) };
    if (!moved && same(to, cursor)) stay();
    return exclusive(to);
  }
  return exclusive(walker.position);
}

function percent(editor: Editor, given: number | undefined): Motion {
  const { cursor, buffer } = editor;
  if (given !== undefined) {
    if (given > 100) stay();
    const line = Math.floor(((buffer.last + 1) * given + 99) / 100) - 1;
    return far(editor, Math.max(0, Math.min(line, buffer.last)));
  }
  const to = matchingBracket(buffer, cursor) ?? stay();
  return inclusive(to, { jump: true, far: true });
}

function findChar(editor: Editor, { char, key }: NonNullable<Editor['find']>, count: number, again: boolean): Motion {
  const { line, cursor } = editor;
  const forward = key === 'f' || key === 't';
  const till = key === 't' || key === 'T';
  let { col } = cursor;
  for (let step = 0; step < count; step++) {
    const next = (from: number): number =>
      forward ? line.indexOf(char, from + 1) : from === 0 ? -1 : line.lastIndexOf(char, from - 1);
    let found = next(col);
    // `;` after t goes on behind the character that it stands before.
    if (again && till && step === 0 && found >= 0 && count === 1) {
      const near = forward ? col + charLength(line, col) : previous(line, col);
      if (found === near) found = next(found);
    }
    if (found < 0) stay();
    col = found;
  }
  if (till) col = forward ? previous(line, col) : col + charLength(line, col);
  const to = { line: cursor.line, col };
  return forward ? inclusive(to) : exclusive(to);
}

function screenLine(editor: Editor, key: 'H' | 'M' | 'L', count: number): Motion {
  const { top, buffer, view } = editor;
  const bottom = Math.min(top + view.rows - 1, buffer.last);
  const line =
    key === 'H'
      ? Math.min(top + count - 1, bottom)
      : key === 'L'
        ? Math.max(bottom - count + 1, top)
        : Math.floor((top + bottom) / 2);
  return far(editor, line);
}

/** `*` and `#`: the word under the cursor (or after it) becomes the pattern. */
export function star(editor: Editor, forward: boolean, count: number, whole: boolean): Motion {
  const { line, cursor } = editor;
  const found = wordAt(line, cursor.col);
  if (found === undefined) throw new Refused('E348: No string under cursor');
  const escaped = found.text.replace(/[\\/.*$^~[\]]/g, '\\$&');
  const isWord = /^[\w\u00b5-\uffff]/.test(found.text);
  const source = whole && isWord ? `\\<${escaped}\\>` : escaped;
  editor.search = { source, forward, offset: '' };
  editor.history.search.push(source);
  const { to } = doSearch(editor, source, '', forward, count, { line: cursor.line, col: found.start });
  return exclusive(to, { jump: true, far: true });
}

/** The keyword at or after a column, else what is not blank. */
export function wordAt(line: string, col: number): { readonly text: string; readonly start: number } | undefined {
  for (const pattern of [/[\w\u00b5\u00c0-\uffff]+/g, /[^\w\s]+/g])
    for (const { index, 0: text } of line.matchAll(pattern))
      if (index + text.length > col) return { text, start: index };
  return undefined;
}

export function toMark(editor: Editor, key: '`' | "'", name: string): Motion {
  const to = editor.mark(name);
  const jump = !/[<>[\]".^]/.test(name) || true;
  if (key === "'") return linewise({ line: to.line, col: firstNonBlank(editor.buffer.line(to.line)) }, { jump });
  return exclusive(to, { jump, far: true });
}

function bracketed(editor: Editor, key: '[' | ']', bracket: string, count: number): Motion | undefined {
  const { buffer, cursor } = editor;
  const back = key === '[';
  if ((back && '({'.includes(bracket)) || (!back && ')}'.includes(bracket))) {
    let at = cursor;
    for (let left = count; left > 0; left--) at = enclosing(buffer, at, bracket, back) ?? stay();
    return exclusive(at, { jump: true });
  }
  if (bracket === '[' || bracket === ']') {
    const open = key === bracket ? '{' : '}';
    let { line } = cursor;
    for (let left = count; left > 0; left--) {
      do line += back ? -1 : 1;
      while (line > 0 && line < buffer.last && !buffer.line(line).startsWith(open));
    }
    line = Math.max(0, Math.min(line, buffer.last));
    return linewise({ line, col: 0 }, { jump: true });
  }
  return stay();
}
