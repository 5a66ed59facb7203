import { Editor } from '../vi/editor';
import { normalCommand, settle } from '../vi/normal';
import type { Files } from '../vi/types';

const noFiles: Files = {
  read: () => ({ missing: true }),
  write: () => undefined,
  exists: () => false,
  complete: () => [],
  expand: (path) => path,
};

const shells: Readonly<Record<string, (input: string) => string>> = {
  'tr a-z A-Z': (input) => input.toUpperCase(),
  sort: (input) => `${input.trimEnd().split('\n').sort().join('\n')}\n`,
  'sort -r': (input) => `${input.trimEnd().split('\n').sort().reverse().join('\n')}\n`,
  cat: (input) => input,
  'echo hi': () => 'hi\n',
  'printf "a\\nb\\n"': () => 'a\nb\n',
  'nl -ba': (input) =>
    `${input
      .trimEnd()
      .split('\n')
      .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
      .join('\n')}\n`,
};

/** An editor without a screen that holds a text. */
export function editorWith(text: string): Editor {
  const editor = new Editor(noFiles, { name: 'vim', version: '' });
  editor.buffer.loaded = true;
  editor.buffer.load(text.split('\n'));
  editor.setWant();
  return editor;
}

/** Does what keys say, as vim's feedkeys(…, 'xt') does: what is unfinished then is cancelled. */
export function typeKeys(editor: Editor, keys: string): void {
  const running = editor.withKeys(keys, () => normalCommand(editor), true);
  let answer: unknown;
  for (;;) {
    const step = running.next(answer);
    if (step.done === true) break;
    const ask = step.value;
    if (ask.kind === 'key') throw new Error('asks for more keys');
    answer = undefined;
    if (ask.kind === 'shell') {
      const run = shells[ask.command];
      answer = { output: run === undefined ? '' : run(ask.input ?? ''), status: run === undefined ? 127 : 0 };
    }
  }
  settle(editor);
}

export interface Outcome {
  readonly after: string;
  readonly line: number;
  readonly col: number;
}

/** What a text becomes under keys, and where the cursor is then. */
export function outcome(text: string, keys: string): Outcome {
  const editor = editorWith(text);
  typeKeys(editor, keys);
  return { after: editor.buffer.lines.join('\n'), line: editor.cursor.line, col: editor.cursor.col };
}
