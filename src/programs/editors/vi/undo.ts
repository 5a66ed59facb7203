import type { Undone } from './buffer';
import type { Editor } from './editor';
import { Refused } from './types';

/** `u`. */
export function undo(editor: Editor, count: number): void {
  let last: Undone | undefined;
  for (let left = count; left > 0; left--) {
    const undone = editor.buffer.undo();
    if (undone === undefined) break;
    last = undone;
    place(editor, undone);
  }
  if (last === undefined) return editor.say('Already at oldest change');
  tell(editor, last, 'before');
}

/** CTRL-R. */
export function redo(editor: Editor, count: number): void {
  let last: Undone | undefined;
  for (let left = count; left > 0; left--) {
    const redone = editor.buffer.redo();
    if (redone === undefined) break;
    last = redone;
    place(editor, redone);
  }
  if (last === undefined) return editor.say('Already at newest change');
  tell(editor, last, 'after');
}

function place(editor: Editor, { cursor, line }: Undone): void {
  if (cursor === 'first non-blank') editor.toFirstNonBlank(line);
  else editor.moveTo(cursor);
}

function tell(editor: Editor, { grown, changed, number, time }: Undone, side: 'before' | 'after'): void {
  const what =
    grown === 1
      ? '1 more line'
      : grown > 1
        ? `${grown} more lines`
        : grown === -1
          ? '1 line less'
          : grown < -1
            ? `${-grown} fewer lines`
            : changed === 1
              ? '1 change'
              : `${changed} changes`;
  editor.say(`${what}; ${side} #${number}  ${ago(editor.now(), time)}`);
}

/** `3 seconds ago`, and the time of day after a while. */
export function ago(now: number, time: number): string {
  const seconds = Math.floor((now - time) / 1000);
  if (seconds < 100) return seconds === 1 ? '1 second ago' : `${seconds} seconds ago`;
  return new Date(time).toISOString().slice(11, 19);
}

/** `U`: the line as it was before the newest changes in it; a change itself. */
export function undoLine(editor: Editor): void {
  const { buffer } = editor;
  const former = buffer.lineBefore;
  if (former === undefined || former.line > buffer.last) throw new Refused();
  const now = buffer.line(former.line);
  const first = [...now].findIndex((char, index) => char !== former.text[index]);
  buffer.replace(former.line, 1, [former.text], editor.cursor);
  buffer.lineBefore = { line: former.line, text: now };
  editor.moveTo({ line: former.line, col: Math.max(0, first) === 0 ? 0 : 0 });
}
