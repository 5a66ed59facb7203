import { writtenKeys } from '../keymap/notation';
import type { Commands } from './types';

/** Keyboard macros: keys recorded and typed again. */
export const macros: Commands = {
  'start-kbd-macro': (editor) => {
    if (editor.input.recording) editor.bell();
    else editor.input.record();
  },
  'end-kbd-macro': (editor, { keys }) => {
    if (editor.input.recording) editor.input.stopRecording([...keys].length);
    else editor.bell();
  },
  'call-last-kbd-macro': (editor, { count }) => {
    if (editor.input.recording || editor.input.macro.length === 0) editor.bell();
    else editor.input.push(editor.input.macro.join('').repeat(Math.max(1, count)));
  },
  'print-last-kbd-macro': (editor) => editor.printBelow(`"${writtenKeys(editor.input.macro.join(''))}"\n`),
};
