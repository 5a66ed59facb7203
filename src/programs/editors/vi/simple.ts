import type { Editor } from './editor';
import { executeLine } from './ex';
import { insertMode } from './insert';
import { open, operate } from './operate';
import { caseChanges, join, mapText } from './operators';
import { put } from './put';
import { asKeys } from './registers';
import { regionOf, type Region } from './region';
import { charLength, firstNonBlank, lastColumn } from './text';
import { Refused, special, type Position, type Step } from './types';
import { undo, redo, undoLine } from './undo';
import { scrollCommand } from './scroll';

/** Commands of normal mode that are neither motion nor operator. True if the key was one. */
export function* simpleCommand(
  editor: Editor,
  key: string,
  given: number | undefined,
  register: string,
): Step<boolean> {
  const count = given ?? 1;
  const { cursor, line, buffer } = editor;
  const change = (): void => {
    editor.repeatable = { register, count: given, visual: undefined };
    editor.needModifiable();
  };
  const here = (col: number): Position => ({ line: cursor.line, col });
  const insertAt = function* (col: number): Step {
    change();
    editor.cursor = here(col);
    yield* insertMode(editor, { count });
  };
  switch (key) {
    case 'i':
    case special.insert:
      yield* insertAt(cursor.col);
      return true;
    case 'a':
      yield* insertAt(line === '' ? 0 : cursor.col + charLength(line, cursor.col));
      return true;
    case 'I':
      yield* insertAt(line.trim() === '' ? line.length : firstNonBlank(line));
      return true;
    case 'A':
      yield* insertAt(line.length);
      return true;
    case 'gI':
      yield* insertAt(0);
      return true;
    case 'gi': {
      const mark = buffer.marks.get('^');
      change();
      if (mark !== undefined) editor.cursor = editor.inside(mark);
      yield* insertMode(editor, { count });
      return true;
    }
    case 'o':
    case 'O':
      change();
      yield* open(editor, key === 'o', count);
      return true;
    case 'R':
      change();
      yield* insertMode(editor, { count, replace: true });
      return true;
    case 'x':
    case special.delete:
    case 'X':
    case 's': {
      change();
      if (line === '' && key !== 's') throw new Refused();
      let [from, to] = [cursor.col, cursor.col];
      for (let left = count; left > 0; left--) {
        if (key === 'X') from = from === 0 ? 0 : regionLeft(line, from);
        else to += charLength(line, to);
      }
      if (key === 'X' && from === to) throw new Refused();
      const region: Region = { shape: 'char', start: here(from), end: here(Math.min(to, line.length)), far: false };
      yield* operate(editor, { operator: key === 's' ? 'c' : 'd', register, region });
      return true;
    }
    case 'S':
      change();
      yield* operate(editor, { operator: 'c', register, region: lines(editor, count) });
      return true;
    case 'D':
    case 'C': {
      change();
      const end = Math.min(cursor.line + count - 1, buffer.last);
      const to = { line: end, col: lastColumn(buffer.line(end)) };
      const motion = { to, kind: 'inclusive' as const };
      const operator = key === 'D' ? 'd' : 'c';
      yield* operate(editor, { operator, register, region: regionOf(editor, motion, operator) });
      return true;
    }
    case 'Y':
      yield* operate(editor, { operator: 'y', register, region: lines(editor, count) });
      return true;
    case 'p':
    case 'P':
    case 'gp':
    case 'gP':
      change();
      put(editor, register, { after: key.endsWith('p'), count, behind: key.startsWith('g') });
      return true;
    case ']':
    case '[': {
      const next = yield* editor.key();
      if (next !== 'p' && next !== 'P') {
        editor.stuff(next);
        editor.collected = editor.collected.slice(0, -1);
        return false;
      }
      change();
      put(editor, register, { after: key === ']' && next === 'p', count, indent: true });
      return true;
    }
    case 'J':
    case 'gJ':
      change();
      if (cursor.line + Math.max(count, 2) - 1 > buffer.last && cursor.line === buffer.last) throw new Refused();
      join(editor, cursor.line, Math.max(count, 2), key === 'J');
      editor.moveTo(editor.cursor);
      return true;
    case 'r':
      change();
      yield* replaceChars(editor, count);
      return true;
    case '~': {
      change();
      if (line === '') throw new Refused();
      let to = cursor.col;
      for (let left = count; left > 0; left--) to += charLength(line, to);
      const region: Region = { shape: 'char', start: cursor, end: here(Math.min(to, line.length)), far: false };
      mapText(editor, region, caseChanges['~'] ?? String);
      editor.moveTo(here(Math.min(to, line.length)));
      return true;
    }
    case 'u':
      undo(editor, count);
      return true;
    case '\x12':
      redo(editor, count);
      return true;
    case 'U':
      undoLine(editor);
      return true;
    case '\x01':
    case '\x18':
      change();
      addTo(editor, key === '\x01' ? count : -count);
      return true;
    case 'q':
      yield* recordKeys(editor);
      return true;
    case '@':
      yield* playKeys(editor, count);
      return true;
    case 'm': {
      const name = yield* editor.key();
      if (!/[a-zA-Z'`<>[\]]/.test(name)) throw new Refused();
      buffer.marks.set(name === '`' ? "'" : name, cursor);
      return true;
    }
    case 'v':
    case 'V':
    case '\x16':
      editor.visual = { mode: key, start: cursor, dollar: false };
      editor.message = undefined;
      return true;
    case 'gv': {
      const { lastVisual } = editor;
      if (lastVisual === undefined) throw new Refused();
      editor.visual = { mode: lastVisual.mode, start: editor.inside(lastVisual.start), dollar: lastVisual.dollar };
      editor.moveTo(lastVisual.end);
      return true;
    }
    case '&':
    case 'g&':
      yield* executeLine(editor, key === '&' ? 's' : '%s//~/&', {});
      return true;
    case 'Z': {
      const next = yield* editor.key();
      if (next === 'Z') yield* executeLine(editor, 'x', {});
      else if (next === 'Q') yield* executeLine(editor, 'q!', {});
      else throw new Refused();
      return true;
    }
    case '\x1a':
      yield { kind: 'suspend' };
      return true;
    case '\x03':
      if (!editor.hasKeys)
        editor.say(
          editor.buffer.modified
            ? 'Type  :qa!  and press <Enter> to abandon all changes and exit Vim'
            : 'Type  :qa  and press <Enter> to exit Vim',
        );
      return true;
    case special.pasteStart: {
      editor.stuff(special.pasteStart);
      change();
      editor.cursor = here(line === '' ? 0 : cursor.col + charLength(line, cursor.col));
      const paste = function* (): Step {
        yield* insertMode(editor);
      };
      // What is pasted is inserted, then normal mode goes on.
      editor.pasteOnly = true;
      yield* paste();
      return true;
    }
    default:
      return yield* scrollCommand(editor, key, given);
  }
}

const regionLeft = (line: string, col: number): number => {
  let at = col - 1;
  while (at > 0 && charLength(line, at) + at < col) at--;
  return at;
};

function lines(editor: Editor, count: number): Region {
  const { cursor, buffer } = editor;
  const last = Math.min(cursor.line + count - 1, buffer.last);
  return { shape: 'line', start: cursor, end: { line: last, col: 0 }, far: false };
}

/** `r`: so many characters become this one. */
function* replaceChars(editor: Editor, count: number): Step {
  const { cursor, line, buffer } = editor;
  let char = yield* editor.key();
  if (char === '\x1b') {
    editor.repeatable = undefined;
    return;
  }
  let literal = false;
  if (char === '\x16') {
    char = yield* editor.key();
    literal = true;
  }
  let to = cursor.col;
  for (let left = count; left > 0; left--) {
    if (to >= line.length) throw new Refused();
    to += charLength(line, to);
  }
  if ((char === '\r' || char === '\n') && !literal) {
    const indent = editor.options.bool('autoindent') ? (/^[ \t]*/.exec(line)?.[0] ?? '') : '';
    const tail = line.slice(to);
    buffer.replace(
      cursor.line,
      1,
      [line.slice(0, cursor.col), indent + (indent === '' ? tail : tail.trimStart())],
      cursor,
    );
    editor.moveTo({ line: cursor.line + 1, col: Math.max(0, indent.length - 1) });
    return;
  }
  buffer.setLine(cursor.line, line.slice(0, cursor.col) + char.repeat(count) + line.slice(to), cursor);
  editor.moveTo({ line: cursor.line, col: cursor.col + char.length * (count - 1) });
}

/** CTRL-A and CTRL-X: the number at or after the cursor. */
export function addTo(editor: Editor, by: number): void {
  const { cursor, line, buffer } = editor;
  for (const { index, 0: found } of line.matchAll(/0[xX][0-9a-fA-F]+|0[bB][01]+|-?\d+/g)) {
    if (index + found.length <= cursor.col) continue;
    const at = index;
    let made: string;
    if (/^0[xX]/.test(found)) {
      const digits = found.slice(2);
      const value = BigInt.asUintN(64, BigInt(found) + BigInt(by)).toString(16);
      made = found.slice(0, 2) + (/[A-F]/.test(digits) ? value.toUpperCase() : value).padStart(digits.length, '0');
    } else if (/^0[bB]/.test(found)) {
      made =
        found.slice(0, 2) +
        BigInt.asUintN(64, BigInt(found.toLowerCase()) + BigInt(by))
          .toString(2)
          .padStart(found.length - 2, '0');
    } else if (/^0[0-7]+$/.test(found)) {
      made = BigInt.asUintN(64, BigInt(`0o${found}`) + BigInt(by))
        .toString(8)
        .padStart(found.length, '0');
      if (!made.startsWith('0')) made = `0${made}`;
    } else made = (BigInt(found) + BigInt(by)).toString();
    buffer.setLine(cursor.line, line.slice(0, at) + made + line.slice(index + found.length), cursor);
    editor.moveTo({ line: cursor.line, col: at + made.length - 1 });
    return;
  }
  throw new Refused();
}

function* recordKeys(editor: Editor): Step {
  if (editor.recording !== '') return editor.stopRecording();
  const register = yield* editor.key();
  if (!/[0-9a-zA-Z"]/.test(register)) throw new Refused();
  editor.startRecording(register);
}

function* playKeys(editor: Editor, count: number): Step {
  let register = yield* editor.key();
  if (register === '@') {
    if (editor.lastMacro === '') throw new Refused('E748: No previously used register');
    register = editor.lastMacro;
  }
  if (register === ':') {
    for (let left = count; left > 0; left--) yield* executeLine(editor, editor.lastCommand, {});
    return;
  }
  const text = editor.registers.get(register);
  if (text === undefined) throw new Refused();
  editor.lastMacro = register;
  editor.stuff(asKeys(text).repeat(count));
}
