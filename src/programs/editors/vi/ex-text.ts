import type { Editor } from './editor';
import type { ExCall, ExCommand } from './ex';
import { executeLine } from './ex';
import { address } from './ex-range';
import { insertMode } from './insert';
import { reindent } from './indent';
import { normalCommand } from './normal';
import { filter, join, remove, shift, expandBang, yank, format } from './operators';
import { putText } from './put';
import { matchIn, splitSearch } from './search';
import { Refused, type Step } from './types';
import { redo, undo } from './undo';
import { endVisual } from './visual';

/** A register and a count after :d, :y, :pu. */
function registerAndCount(call: ExCall): { readonly register: string; readonly from: number; readonly to: number } {
  const found = /^([a-zA-Z"_\-+*0-9](?!\d))?\s*(\d*)$/.exec(call.args.trim());
  if (found === null) throw new Refused(`E488: Trailing characters: ${call.args}`);
  let [, register = '', count = ''] = found;
  if (/\d/.test(register)) [register, count] = ['', register + count];
  if (count === '') return { register: register === '"' ? '' : register, from: call.from, to: call.to };
  if (Number(count) < 1) throw new Refused('E939: Positive count required');
  return { register, from: call.to, to: call.to + Number(count) - 1 };
}

const lineRegion = (editor: Editor, from: number, to: number) => ({
  shape: 'line' as const,
  start: { line: from, col: 0 },
  end: { line: Math.min(to, editor.buffer.last), col: 0 },
  far: false,
});

/** The line that :m and :t go to, from 0 for "before all". */
function target(editor: Editor, args: string): number {
  const found = address(editor, args.trim(), editor.cursor);
  if (found === undefined) throw new Refused(args.trim() === '' ? 'E14: Invalid address' : `E14: Invalid address`);
  if (found.line < 0 || found.line > editor.buffer.last + 1) throw new Refused('E16: Invalid range');
  return found.line;
}

function shiftCommand(operator: '<' | '>'): ExCommand {
  return {
    min: operator,
    run: (editor, { args, from, to }) => {
      const more = new RegExp(`^[${operator} ]*`).exec(args)?.[0].replaceAll(' ', '').length ?? 0;
      const count = /\d+$/.exec(args.trim())?.[0];
      const [first, last] =
        count === undefined ? [from, to] : [to, Math.min(to + Number(count) - 1, editor.buffer.last)];
      shift(editor, first, last, operator, more + 1);
      editor.toFirstNonBlank(last);
    },
  };
}

/** Lines typed after :a, :i and :c, up to a single dot. */
function* typedLines(editor: Editor): Step<readonly string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = yield* editor.readLine('', '!');
    if (line === undefined || line === '.') return lines;
    lines.push(line);
  }
}

/** Commands that change the text. */
export const textCommands: Readonly<Record<string, ExCommand>> = {
  delete: {
    min: 'd',
    run: (editor, call) => {
      const { register, from, to } = registerAndCount(call);
      remove(editor, register, lineRegion(editor, from, to));
      editor.toFirstNonBlank(Math.min(from, editor.buffer.last));
    },
  },
  yank: {
    min: 'y',
    run: (editor, call) => {
      const { register, from, to } = registerAndCount(call);
      yank(editor, register, lineRegion(editor, from, to));
    },
  },
  put: {
    min: 'pu',
    zero: true,
    run: (editor, call) => {
      const { register } = registerAndCount(call);
      const text = editor.registers.get(register);
      if (text === undefined) throw new Refused(`E353: Nothing in register ${register === '' ? '"' : register}`);
      const below = !call.bang && call.to >= 0;
      editor.cursor = { line: Math.max(0, call.to), col: 0 };
      putText(editor, { shape: 'line', lines: text.lines }, { after: below, count: 1 });
      editor.toFirstNonBlank((below ? Math.max(0, call.to) + 1 : Math.max(0, call.to)) + text.lines.length - 1);
    },
  },
  move: {
    min: 'm',
    run: (editor, { args, from, to }) => {
      const { buffer } = editor;
      const dest = target(editor, args);
      if (dest > from && dest <= to) throw new Refused('E134: Cannot move a range of lines into itself');
      editor.needModifiable();
      const lines = buffer.lines.slice(from, to + 1);
      const count = lines.length;
      const into = dest > to ? dest - count : dest;
      if (dest !== from && dest !== to + 1) {
        if (dest > to) {
          buffer.replace(dest, 0, lines, editor.cursor);
          buffer.replace(from, count, [], editor.cursor);
        } else {
          buffer.replace(from, count, [], editor.cursor);
          buffer.replace(into, 0, lines, editor.cursor);
        }
      }
      editor.toFirstNonBlank(into + count - 1);
      if (count > 2) editor.say(`${count} lines moved`);
    },
  },
  copy: {
    min: 'co',
    run: (editor, { args, from, to }) => copyLines(editor, args, from, to),
  },
  t: {
    min: 't',
    run: (editor, { args, from, to }) => copyLines(editor, args, from, to),
  },
  join: {
    min: 'j',
    run: (editor, { args, bang, from, to, given }) => {
      const count = /^\d+$/.test(args.trim()) ? Number(args) : undefined;
      const [first, lines] = count !== undefined ? [to, count] : given < 2 ? [from, 2] : [from, to - from + 1];
      join(editor, first, lines, !bang);
      editor.toFirstNonBlank(first);
    },
  },
  '>': shiftCommand('>'),
  '<': shiftCommand('<'),
  '=': {
    min: '=',
    run: (editor, { given, to }) => editor.say(String(given === 0 ? editor.buffer.last + 1 : to + 1)),
  },
  k: {
    min: 'k',
    run: (editor, { args, to }) => void editor.buffer.marks.set(args.trim(), { line: to, col: 0 }),
  },
  mark: {
    min: 'ma',
    run: (editor, { args, to }) => void editor.buffer.marks.set(args.trim(), { line: to, col: 0 }),
  },
  normal: {
    min: 'norm',
    whole: true,
    *run(editor, { args, from, to, given }) {
      if (args === '') throw new Refused('E471: Argument required');
      for (let line = from; line <= (given === 0 ? from : to); line++) {
        if (given > 0) {
          if (line > editor.buffer.last) break;
          editor.cursor = { line, col: 0 };
        }
        const collected = editor.collected;
        yield* editor.withKeys(args, () => normalCommand(editor));
        editor.collected = collected;
        if (editor.visual !== undefined) endVisual(editor);
      }
    },
  },
  global: { min: 'g', whole: true, all: true, run: (editor, call) => global(editor, call, call.bang) },
  vglobal: { min: 'v', whole: true, all: true, run: (editor, call) => global(editor, call, true) },
  '!': {
    min: '!',
    whole: true,
    *run(editor, { args, from, to, given }) {
      if (args === '') throw new Refused('E471: Argument required');
      if (given > 0) return yield* filter(editor, from, to, args);
      const name = editor.buffer.name;
      const command = expandBang(
        editor,
        args.replace(/(^|[^\\])%/g, (_, head: string) => head + name),
      );
      yield { kind: 'shell', command, capture: false };
      return undefined;
    },
  },
  undo: { min: 'u', noRange: false, run: (editor, { args }) => undo(editor, args === '' ? 1 : Number(args)) },
  redo: { min: 'red', run: (editor) => redo(editor, 1) },
  append: {
    min: 'a',
    zero: true,
    *run(editor, { to }) {
      const lines = yield* typedLines(editor);
      if (lines.length > 0) editor.buffer.replace(to + 1, 0, lines, editor.cursor);
      editor.toFirstNonBlank(to + lines.length);
    },
  },
  insert: {
    min: 'i',
    *run(editor, { to }) {
      const lines = yield* typedLines(editor);
      if (lines.length > 0) editor.buffer.replace(to, 0, lines, editor.cursor);
      editor.toFirstNonBlank(to + lines.length - 1);
    },
  },
  change: {
    min: 'c',
    *run(editor, { from, to }) {
      const lines = yield* typedLines(editor);
      editor.buffer.replace(from, to - from + 1, lines, editor.cursor);
      editor.toFirstNonBlank(Math.max(0, from + lines.length - 1));
    },
  },
  startinsert: {
    min: 'star',
    *run(editor, { bang }) {
      if (bang) editor.cursor = { line: editor.cursor.line, col: editor.line.length };
      yield* insertMode(editor);
    },
  },
  sort: {
    min: 'sor',
    all: true,
    run: sortLines,
  },
  retab: {
    min: 'ret',
    all: true,
    run: (editor, { from, to, args }) => {
      const { buffer, options } = editor;
      editor.needModifiable();
      for (let line = from; line <= to; line++) {
        const text = buffer.line(line);
        let column = 0;
        let made = '';
        for (const char of text) {
          const width = char === '\t' ? editor.tabStop - (column % editor.tabStop) : 1;
          made += char === '\t' && options.bool('expandtab') ? ' '.repeat(width) : char;
          column += width;
        }
        buffer.setLine(line, made, editor.cursor);
      }
      if (args !== '') options.set(`ts=${args}`);
    },
  },
  left: { min: 'le', run: (editor, { from, to, args }) => alignLeft(editor, from, to, Number(args || '0')) },
  formatlines: { min: 'formatlines', run: (editor, { from, to }) => void format(editor, from, to) },
  reindent: { min: 'reindent', run: (editor, { from, to }) => reindent(editor, from, to) },
};

function alignLeft(editor: Editor, from: number, to: number, indent: number): void {
  for (let line = from; line <= to; line++)
    editor.buffer.setLine(line, ' '.repeat(indent) + editor.buffer.line(line).trimStart(), editor.cursor);
  editor.toFirstNonBlank(editor.cursor.line);
}

function copyLines(editor: Editor, args: string, from: number, to: number): void {
  const dest = target(editor, args);
  editor.needModifiable();
  const lines = editor.buffer.lines.slice(from, to + 1);
  editor.buffer.replace(dest, 0, lines, editor.cursor);
  editor.toFirstNonBlank(dest + lines.length - 1);
  if (lines.length > 2) editor.say(`${lines.length} more lines`);
}

/** `:g`: marks the lines that match, then runs the command on each that is still there. */
function* global(editor: Editor, { args, from, to, name }: ExCall, inverted: boolean): Step {
  if (editor.quiet > 0) throw new Refused('E147: Cannot do :global recursive with a range');
  const delimiter = args[0];
  if (delimiter === undefined) throw new Refused(`E148: Regular expression missing from :global`);
  const { source: typed, rest = '' } = splitSearch(args.slice(1), delimiter);
  const source = typed === '' ? editor.search?.source : typed;
  if (source === undefined) throw new Refused('E35: No previous regular expression');
  editor.search = { source, forward: true, offset: '' };
  const pattern = editor.pattern(source);
  const { buffer } = editor;
  const lines: number[] = [];
  for (let line = from; line <= to; line++)
    if ((matchIn(editor, pattern, line, 0) !== undefined) !== inverted) lines.push(line);
  if (lines.length === 0) {
    throw new Refused(
      inverted && name === 'vglobal'
        ? `E538: Pattern found in every line: ${source}`
        : `E486: Pattern not found: ${source}`,
    );
  }
  const former = buffer.lines.length;
  buffer.tracked = lines;
  editor.quiet++;
  const printed: string[] = [];
  editor.printed = printed;
  try {
    for (let line = buffer.tracked.shift(); line !== undefined; line = buffer.tracked.shift()) {
      editor.cursor = { line, col: 0 };
      yield* executeLine(editor, rest === '' ? 'p' : rest, {});
    }
  } finally {
    editor.quiet--;
    buffer.tracked = [];
    editor.printed = undefined;
  }
  const by = buffer.lines.length - former;
  if (printed.length > 0) editor.show(printed);
  if (by < -2) editor.say(`${-by} fewer lines`);
  else if (by > 2) editor.say(`${by} more lines`);
}

/** `:sort`, with `n`, `r`, `u`, `i`. */
function sortLines(editor: Editor, { from, to, args, bang }: ExCall): void {
  editor.needModifiable();
  const flags = args.replace(/\/.*\//, '');
  const key = (line: string): string => (flags.includes('i') ? line.toLowerCase() : line);
  const number = (line: string): number => Number(/-?\d+/.exec(line)?.[0] ?? NaN);
  let lines = editor.buffer.lines.slice(from, to + 1);
  lines.sort((a, b) => {
    if (flags.includes('n')) {
      const [x, y] = [number(a), number(b)];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
      return x - y;
    }
    return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
  });
  if (bang) lines.reverse();
  if (flags.includes('u'))
    lines = lines.filter((line, index) => index === 0 || key(line) !== key(lines[index - 1] ?? ''));
  editor.buffer.replace(from, to - from + 1, lines, editor.cursor);
  editor.moveTo({ line: from, col: 0 });
}
