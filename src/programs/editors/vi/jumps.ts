import type { Editor } from './editor';
import { same, Refused } from './types';

/** CTRL-O and CTRL-I: back and forth among the places where the cursor jumped away. */
export function listJumps(editor: Editor, by: number): void {
  const { jumps } = editor;
  const to = editor.jumpAt + by;
  if (to < 0 || (editor.jumpAt >= jumps.length && by > 0) || to >= jumps.length) throw new Refused();
  if (editor.jumpAt === jumps.length) {
    const known = jumps.length;
    editor.markJump();
    const shrunk = editor.jumps.length <= known ? 1 : 0;
    editor.jumpAt = known - shrunk;
  }
  const target = editor.jumpAt + by;
  const place = jumps[target];
  if (place === undefined) throw new Refused();
  editor.jumpAt = target;
  const at = editor.inside(place);
  if (!same(at, editor.cursor)) editor.moveTo(at);
}
