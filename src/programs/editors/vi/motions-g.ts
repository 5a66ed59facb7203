import type { Editor } from './editor';
import { exclusive, far, inclusive, stay, star, toMark, type Motion } from './motions';
import { columnAt, firstNonBlank, lastColumn, screenColumns } from './text';
import { Refused, same, special, type Step } from './types';
import { Walker } from './words';

/** Motions of two keys that begin with g. */
export function* afterG(
  editor: Editor,
  given: number | undefined,
  operator: string | undefined,
): Step<Motion | undefined> {
  const count = given ?? 1;
  const { cursor, buffer, line, view } = editor;
  const key = yield* editor.key();
  switch (key) {
    case 'g':
      return far(editor, Math.min(count - 1, buffer.last));
    case 'e':
    case 'E': {
      const walker = new Walker(buffer, cursor, key === 'E');
      if (!walker.endBackward(count) && same(walker.position, cursor)) stay();
      return inclusive(walker.position);
    }
    case '_': {
      const at = Math.min(cursor.line + count - 1, buffer.last);
      const text = buffer.line(at).replace(/[ \t]+$/, '');
      return inclusive({ line: at, col: lastColumn(text) });
    }
    case 'o': {
      let left = count - 1;
      for (const [number, text] of buffer.lines.entries()) {
        if (left <= text.length) return exclusive({ line: number, col: left }, { jump: true });
        left -= text.length + 1;
      }
      return exclusive({ line: buffer.last, col: lastColumn(buffer.line(buffer.last)) }, { jump: true });
    }
    case 'j':
    case 'k':
    case special.down:
    case special.up:
      return byScreenLine(editor, key === 'j' || key === special.down ? count : -count, operator);
    case '0':
    case '^':
    case special.home: {
      const row = Math.floor(editor.screenColumn() / view.columns) * view.columns;
      const col = columnAt(line, row, editor.tabStop);
      return exclusive({ line: cursor.line, col: key === '^' ? Math.max(col, firstNonBlank(line)) : col });
    }
    case '$':
    case special.end: {
      const row = Math.floor(editor.screenColumn() / view.columns) * view.columns;
      const col = Math.min(columnAt(line, row + view.columns - 1, editor.tabStop), lastColumn(line));
      return inclusive({ line: cursor.line, col }, row + view.columns >= line.length ? { want: Infinity } : {});
    }
    case 'm':
      return exclusive({
        line: cursor.line,
        col: Math.min(columnAt(line, Math.floor(view.columns / 2), editor.tabStop), lastColumn(line)),
      });
    case 'M':
      return exclusive({
        line: cursor.line,
        col: Math.min(Math.floor((line.length * (given ?? 50)) / 100), lastColumn(line)),
      });
    case '*':
    case '#':
      return star(editor, key === '*', count, false);
    case ',':
    case ';': {
      const next = editor.changeAt + (key === ';' ? -count : count);
      const place = buffer.changes[buffer.changes.length + Math.min(next, -1)];
      if (place === undefined || next > -1)
        throw new Refused(key === ';' ? 'E662: At start of changelist' : 'E663: At end of changelist');
      editor.changeAt = next;
      return exclusive(editor.inside(place));
    }
    case "'":
    case '`': {
      const { to, kind } = toMark(editor, key, yield* editor.key());
      return { to, kind };
    }
    default:
      editor.pending = `g${key}`;
      return undefined;
  }
}

/** gj and gk: rows of wrapped lines. */
function byScreenLine(editor: Editor, by: number, operator: string | undefined): Motion {
  const { buffer, view, tabStop } = editor;
  const width = view.columns;
  let { line } = editor.cursor;
  let column = screenColumns(editor.line, editor.cursor.col, tabStop).start;
  if (editor.want !== Infinity && editor.want % width !== column % width && editor.want >= width) column = editor.want;
  const rows = (number: number): number =>
    Math.max(1, Math.ceil(screenColumns(buffer.line(number), buffer.line(number).length, tabStop).start / width));
  for (let left = Math.abs(by); left > 0; left--) {
    if (by > 0) {
      if (Math.floor(column / width) < rows(line) - 1) column += width;
      else if (line < buffer.last) [line, column] = [line + 1, column % width];
      else stay();
    } else if (column >= width) column -= width;
    else if (line > 0) {
      line--;
      column += (rows(line) - 1) * width;
    } else stay();
  }
  const col = editor.columnFor(
    line,
    Math.max(column, editor.want === Infinity ? column : (editor.want % width) + column - (column % width)),
  );
  return { to: { line, col }, kind: 'exclusive', want: operator === undefined ? 'keep' : 'keep' };
}
