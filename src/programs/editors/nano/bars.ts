/** The two lines of keys at the bottom: which they are in each state. */
export type Bar = readonly (readonly [key: string, label: string])[];

const cancel = ['^C', 'Cancel'] as const;
const help = ['^G', 'Help'] as const;

export const bars = {
  main: [
    help,
    ['^X', 'Exit'],
    ['^O', 'Write Out'],
    ['^R', 'Read File'],
    ['^W', 'Where Is'],
    ['^\\', 'Replace'],
    ['^K', 'Cut'],
    ['^U', 'Paste'],
    ['^T', 'Execute'],
    ['^J', 'Justify'],
    ['^C', 'Location'],
    ['^/', 'Go To Line'],
  ],
  write: [
    help,
    cancel,
    ['M-D', 'DOS Format'],
    ['M-M', 'Mac Format'],
    ['M-A', 'Append'],
    ['M-P', 'Prepend'],
    ['M-B', 'Backup File'],
    ['^T', 'Browse'],
  ],
  search: [
    help,
    cancel,
    ['M-C', 'Case Sens'],
    ['M-R', 'Reg.exp.'],
    ['M-B', 'Backwards'],
    ['^R', 'Replace'],
    ['^P', 'Older'],
    ['^N', 'Newer'],
    ['^T', 'Go To Line'],
  ],
  replace: [
    help,
    cancel,
    ['M-C', 'Case Sens'],
    ['M-R', 'Reg.exp.'],
    ['M-B', 'Backwards'],
    ['^R', 'No Replace'],
    ['^P', 'Older'],
    ['^N', 'Newer'],
  ],
  replaceWith: [help, cancel, ['', ''], ['', ''], ['^P', 'Older'], ['^N', 'Newer'], ['', ''], ['', '']],
  goto: [
    help,
    cancel,
    ['^W', 'Begin of Paragr.'],
    ['^O', 'End of Paragraph'],
    ['^Y', 'First Line'],
    ['^V', 'Last Line'],
    ['^T', 'Go To Text'],
  ],
  read: [help, cancel, ['M-F', 'New Buffer'], ['M-N', 'No Conversion'], ['^X', 'Execute Command'], ['^T', 'Browse']],
  execute: [help, cancel, ['^X', 'Read File'], ['M-\\', 'Pipe Text']],
} satisfies Record<string, Bar>;

/** The bar as two rows of a width. */
export function barRows(bar: Bar, columns: number): readonly [string, string] {
  const shown = bar === bars.main ? bar.slice(0, columns >= 78 ? 12 : Math.max(2, Math.floor(columns / 13) * 2)) : bar;
  const width = Math.floor(columns / Math.max(1, Math.ceil(shown.length / 2)));
  const rows: [string, string] = ['', ''];
  for (const [index, [key, label]] of shown.entries()) {
    const row = index % 2;
    if (key === '') continue;
    const text = `${key} ${label}`.slice(0, Math.max(0, columns - Math.floor(index / 2) * width));
    rows[row] = (rows[row] ?? '').padEnd(Math.floor(index / 2) * width) + text;
  }
  return rows;
}

/** The answers to a question, a column of 16 each. */
export const questionRows = (all: boolean): readonly [string, string] => [
  ` Y Yes${all ? '           A All' : ''}`,
  ' N No           ^C Cancel',
];

export const helpLines = `Main nano help text

 nano is an editor without modes: what is typed is inserted at the cursor.
 The top line shows the name of the file, and a * once it is changed; the
 third line from the bottom shows messages; the last two show keys.
 ^ is the Ctrl key, M- is Alt (or Esc, pressed before).

^G        Display this help text
^X        Close the current buffer / Exit from nano
^O        Write the current buffer (or the marked region) to disk
^R        Insert another file into current buffer
^W        Search forward for a string
M-W       Find the next occurrence
^\\        Replace a string
^K        Cut current line (or marked region) and store it in cutbuffer
M-6       Copy current line (or marked region) into cutbuffer
^U        Paste the contents of cutbuffer
M-A       Mark text starting from the cursor position
M-U       Undo the last operation
M-E       Redo the last undone operation
^C        Report cursor position
^/        Go to line and column number
^A  ^E    Go to beginning, to end of current line
^Y  ^V    Go one screenful up, down
M-\\  M-/  Go to the first, to the last line
M-N       Line numbers
M-]       Go to the matching bracket
^J        Justify the current paragraph
^T        Execute a command`.split('\n');
