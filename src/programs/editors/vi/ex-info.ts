import type { Editor } from './editor';
import type { ExCommand } from './ex';
import { Refused, type Step } from './types';
import { ago } from './undo';
import { shown } from './text';

/** `:p`, `:#`, `:l`: lines as text. */
function print(editor: Editor, from: number, to: number, kind: 'p' | '#' | 'l'): void {
  const lines = editor.buffer.lines.slice(from, to + 1).map((line, index) => {
    const text = kind === 'l' ? `${[...line].map((char) => shown(char)).join('')}$` : line;
    return kind === '#' ? `${String(from + index + 1).padStart(3)} ${text}` : text;
  });
  editor.toFirstNonBlank(to);
  editor.show(lines);
}

const counted = (args: string, from: number, to: number, last: number): readonly [number, number] =>
  /^\d+$/.test(args.trim()) ? [to, Math.min(to + Number(args) - 1, last)] : [from, to];

const printing = (min: string, kind: 'p' | '#' | 'l'): ExCommand => ({
  min,
  run: (editor, { args, from, to }) => print(editor, ...counted(args, from, to, editor.buffer.last), kind),
});

const helpText = `VIM - main help file

      Move around:  Use the cursor keys, or "h" to go left,            h   l
                    "j" to go down, "k" to go up, "l" to go right.       j k
Close this window:  Use ":q<Enter>".
   Get out of Vim:  Use ":qa!<Enter>" (careful, all changes are lost!).

  i  a  o      insert before, behind the cursor, in a new line; Esc ends it
  x  dd  D     delete a character, a line, to the end of the line
  u  CTRL-R    undo, redo
  yy  p        copy a line, put it below
  w  b  gg  G  a word on, back; the first line, the last
  /text  n     search, search again
  :%s/a/b/g    replace all
  :w  :q  :wq  write, quit, both;  :q! quits without writing
  v  V         select characters, lines; then d, y, c, >
  .            do the last change again
  :set nu      line numbers;  :set paste  what is pasted stays as it is`;

/** Commands that tell or set something. */
export const infoCommands: Readonly<Record<string, ExCommand>> = {
  print: printing('p', 'p'),
  Print: printing('P', 'p'),
  number: printing('nu', '#'),
  '#': printing('#', '#'),
  list: printing('l', 'l'),
  set: { min: 'se', run: (editor, { args }) => setOptions(editor, args) },
  setlocal: { min: 'setl', run: (editor, { args }) => setOptions(editor, args) },
  setglobal: { min: 'setg', run: (editor, { args }) => setOptions(editor, args) },
  nohlsearch: { min: 'noh', run: (editor) => void (editor.highlightOff = true) },
  syntax: {
    min: 'sy',
    run: (editor, { args }) => {
      if (args === 'on' || args === 'enable' || args === '') editor.syntaxOn = true;
      else if (args === 'off' || args === 'clear') editor.syntaxOn = false;
      else if (!/^(reset|sync|match|region|keyword|manual|case|include|cluster)/.test(args))
        throw new Refused(`E410: Invalid :syntax subcommand: ${args}`);
    },
  },
  registers: {
    min: 'reg',
    run: (editor, { args }) => editor.show(['Type Name Content', ...editor.registers.list(args.trim())]),
  },
  display: {
    min: 'di',
    run: (editor, { args }) => editor.show(['Type Name Content', ...editor.registers.list(args.trim())]),
  },
  marks: {
    min: 'marks',
    run: (editor) => {
      const { marks, lines } = editor.buffer;
      const rows = [...marks]
        .filter(([name]) => name !== '')
        .sort(([a], [b]) => ("'".includes(a) ? -1 : "'".includes(b) ? 1 : a < b ? -1 : 1))
        .map(
          ([name, { line, col }]) =>
            ` ${name} ${String(line + 1).padStart(6)} ${String(col).padStart(4)} ${(lines[line] ?? '').trim()}`,
        );
      editor.show(['mark line  col file/text', ...rows]);
    },
  },
  delmarks: {
    min: 'delm',
    run: (editor, { args, bang }) => {
      for (const name of editor.buffer.marks.keys())
        if (bang ? /[a-z]/.test(name) : args.includes(name)) editor.buffer.marks.delete(name);
    },
  },
  undolist: {
    min: 'undol',
    run: (editor) => {
      const { steps } = editor.buffer.history;
      const last = steps.at(-1);
      if (last === undefined) return editor.say('Nothing to undo');
      editor.show([
        'number changes  when               saved',
        `${String(last.number).padStart(6)} ${String(steps.length).padStart(7)}  ${ago(editor.now(), last.time)}`,
      ]);
    },
  },
  history: {
    min: 'his',
    run: (editor) => {
      const { command } = editor.history;
      editor.show([
        '      #  cmd history',
        ...command.map(
          (line, index) => `${index === command.length - 1 ? '>' : ' '}${String(index + 1).padStart(6)}  ${line}`,
        ),
      ]);
    },
  },
  jumps: {
    min: 'ju',
    run: (editor) => {
      const { jumps, jumpAt } = editor;
      const rows = jumps.map(
        ({ line, col }, index) =>
          `${index === jumpAt ? '>' : ' '}${String(Math.abs(jumpAt - index)).padStart(3)} ${String(line + 1).padStart(5)} ${String(col).padStart(4)} ${editor.buffer.line(line).trim()}`,
      );
      editor.show([' jump line  col file/text', ...rows, ...(jumpAt >= jumps.length ? ['>'] : [])]);
    },
  },
  help: { min: 'h', run: (editor) => editor.show(helpText.split('\n')) },
  version: { min: 've', run: (editor) => editor.show([editor.flavour.version, 'Huge version without GUI.']) },
  shell: { min: 'sh', run: shell },
  stop: { min: 'st', run: suspend },
  suspend: { min: 'sus', run: suspend },
  pwd: { min: 'pw', run: (editor) => editor.say(editor.files.expand('.')) },
  messages: { min: 'mes', run: () => undefined },
  digraphs: { min: 'dig', run: () => undefined },
  split: { min: 'sp', run: noWindows },
  vsplit: { min: 'vs', run: noWindows },
  new: { min: 'new', run: noWindows },
  vnew: { min: 'vne', run: noWindows },
  tabnew: { min: 'tabnew', run: noWindows },
  only: { min: 'on', run: () => undefined },
};

function noWindows(): never {
  throw new Refused('E36: Not enough room');
}

function* shell(editor: Editor): Step {
  yield { kind: 'shell', command: '', capture: false };
  editor.redraw = true;
}

function* suspend(): Step {
  yield { kind: 'suspend' };
}

function setOptions(editor: Editor, args: string): void {
  const { options, buffer } = editor;
  options.put('readonly', buffer.readOnly);
  options.put('modified', buffer.modified);
  const lines = options.set(args.replace(/(^|\s)".*$/, ''));
  buffer.readOnly = options.bool('readonly');
  if (/\b(no)?mod(ified)?\b/.test(args)) buffer.modified = options.bool('modified');
  if (/\b(hls|hlsearch)\b/.test(args)) editor.highlightOff = false;
  const language = /\b(?:ft|filetype|syn|syntax)=(\w*)/.exec(args)?.[1];
  if (language !== undefined) buffer.syntax = language;
  if (lines.length > 0) editor.show(lines);
}
