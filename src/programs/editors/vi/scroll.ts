import type { Editor } from './editor';
import { firstNonBlank } from './text';
import { Refused, special, type Step } from './types';
import { executeLine } from './ex';
import { listJumps } from './jumps';

/** Commands that scroll or tell something. True if the key was one. */
export function* scrollCommand(editor: Editor, key: string, given: number | undefined): Step<boolean> {
  const count = given ?? 1;
  const { view, buffer, cursor } = editor;
  switch (key) {
    case '\x06':
    case special.pageDown:
      if (editor.top >= buffer.last) throw new Refused();
      page(editor, count, 1);
      return true;
    case '\x02':
    case special.pageUp:
      if (editor.top === 0) throw new Refused();
      page(editor, count, -1);
      return true;
    case '\x04':
    case '\x15': {
      if (given !== undefined) editor.options.put('scroll', Math.min(given, view.rows));
      const amount = editor.options.number('scroll') || Math.max(1, Math.floor(view.rows / 2));
      half(editor, key === '\x04' ? amount : -amount);
      return true;
    }
    case '\x05':
    case '\x19': {
      const down = key === '\x05';
      editor.top = Math.max(0, Math.min(editor.top + (down ? count : -count), buffer.last));
      keepInside(editor);
      return true;
    }
    case 'z':
      yield* afterZ(editor, given);
      return true;
    case '\x07': {
      const { name, modified, isNew, readOnly } = buffer;
      const flags = `${modified ? ' [Modified]' : ''}${isNew ? '[New]' : ''}${readOnly ? '[readonly]' : ''}`;
      const lines = buffer.last + 1;
      const percent = Math.floor(((cursor.line + 1) * 100) / lines);
      const shown = name === '' ? '[No Name]' : name;
      if (buffer.isEmpty) editor.say(`"${shown}"${flags}${flags === '' ? ' ' : ' '}--No lines in buffer--`);
      else editor.say(`"${shown}"${flags} ${lines} line${lines === 1 ? '' : 's'} --${percent}%--`);
      return true;
    }
    case '\x0c':
      editor.redraw = true;
      return true;
    case '\x0f':
    case '\t':
      listJumps(editor, key === '\x0f' ? -count : count);
      return true;
    case '\x1e':
      yield* executeLine(editor, 'e #', {});
      return true;
    case '\x17':
      yield* windowCommand(editor);
      return true;
    case 'ga': {
      const char = editor.line.slice(cursor.col, cursor.col + 1);
      const code = char.charCodeAt(0);
      editor.say(
        char === ''
          ? 'NUL'
          : `<${char}>  ${code},  Hex ${code.toString(16).padStart(2, '0')},  Oct ${code.toString(8).padStart(3, '0')}`,
      );
      return true;
    }
    case 'gf': {
      const name = fileAt(editor.line, cursor.col);
      if (name === '') throw new Refused('E446: No file name under cursor');
      if (!editor.files.exists(name)) throw new Refused(`E447: Can't find file "${name}" in path`);
      yield* executeLine(editor, `e ${name}`, {});
      return true;
    }
    case special.f1:
      yield* executeLine(editor, 'help', {});
      return true;
    default:
      return false;
  }
}

const fileAt = (line: string, col: number): string => {
  for (const { index, 0: name } of line.matchAll(/[-\w/.+,#$%~=]+/g))
    if (index + name.length > col) return name.replace(/[.,]$/, '');
  return '';
};

function* windowCommand(editor: Editor): Step {
  const key = yield* editor.key();
  if (key === 'q' || key === 'c') yield* executeLine(editor, 'q', {});
  else if (!'wWjkhlpto\x17'.includes(key)) throw new Refused();
}

function page(editor: Editor, count: number, direction: 1 | -1): void {
  const { view, buffer } = editor;
  const by = Math.max(1, view.rows - 2) * count;
  if (direction > 0) {
    editor.top = Math.min(editor.top + by, buffer.last);
    const line = Math.max(editor.cursor.line, editor.top);
    land(editor, line);
  } else {
    editor.top = Math.max(0, editor.top - by);
    land(editor, Math.min(editor.cursor.line, editor.top + view.rows - 1));
  }
  keepInside(editor, true);
}

function half(editor: Editor, by: number): void {
  const { view, buffer, cursor } = editor;
  if (by > 0 ? cursor.line === buffer.last : cursor.line === 0) throw new Refused();
  const most = Math.max(0, buffer.last - view.rows + 1);
  const top = Math.max(0, Math.min(editor.top + by, Math.max(most, editor.top)));
  editor.top = top;
  land(editor, Math.max(0, Math.min(cursor.line + by, buffer.last)));
  keepInside(editor, true);
}

/** The cursor lands in a line, at its first character with 'startofline'. */
function land(editor: Editor, line: number): void {
  if (editor.options.bool('startofline')) editor.moveTo({ line, col: firstNonBlank(editor.buffer.line(line)) });
  else editor.moveTo({ line, col: editor.columnFor(line) }, { keepWant: true });
}

/** The cursor stays on the screen, 'scrolloff' lines from its edges. */
function keepInside(editor: Editor, landing = false): void {
  const { view, buffer, cursor, top } = editor;
  const off = Math.min(editor.options.number('scrolloff'), Math.floor((view.rows - 1) / 2));
  const first = top === 0 ? 0 : top + off;
  const bottom = top + view.rows - 1;
  const last = bottom >= buffer.last ? buffer.last : bottom - off;
  const line = Math.max(Math.min(first, buffer.last), Math.min(cursor.line, last));
  if (line === cursor.line) return;
  if (landing) land(editor, line);
  else editor.moveTo({ line, col: editor.columnFor(line) }, { keepWant: true });
}

function* afterZ(editor: Editor, given: number | undefined): Step {
  const key = yield* editor.key();
  const { view, buffer } = editor;
  if (given !== undefined) editor.moveTo({ line: given - 1, col: editor.cursor.col });
  const { line } = editor.cursor;
  switch (key) {
    case 't':
    case '\r':
      editor.top = Math.max(0, line - Math.min(editor.options.number('scrolloff'), Math.floor((view.rows - 1) / 2)));
      break;
    case 'z':
    case '.':
      editor.top = Math.max(0, line - Math.floor((view.rows - 1) / 2));
      break;
    case 'b':
    case '-':
      editor.top = Math.max(
        0,
        line -
          view.rows +
          1 +
          (line + 5 > buffer.last ? 0 : Math.min(editor.options.number('scrolloff'), Math.floor((view.rows - 1) / 2))),
      );
      break;
    case 'Z':
    case 'Q':
      throw new Refused();
    default:
      if (!'acoRMnNvE'.includes(key)) throw new Refused();
      if (key === 'o' || key === 'c' || key === 'a') throw new Refused('E490: No fold found');
      return;
  }
  if (key === '\r' || key === '.' || key === '-') editor.toFirstNonBlank(line);
}
