import type { Editor } from './editor';
import { searchFrom, splitSearch } from './search';
import { special, type Step } from './types';

export type LineKind = ':' | '/' | '?' | '!';

/** Reads the line at the bottom of the screen. Undefined if it was given up. */
export function* readLine(editor: Editor, prompt: string, kind: LineKind): Step<string | undefined> {
  const history = kind === '/' || kind === '?' ? editor.history.search : editor.history.command;
  const line = { prompt, text: '', at: 0 };
  const former = editor.mode;
  const { cursor, top } = editor;
  let index = history.length;
  let typed = '';
  editor.commandLine = line;
  editor.mode = 'command';
  const insert = (text: string): void => {
    line.text = line.text.slice(0, line.at) + text + line.text.slice(line.at);
    line.at += text.length;
  };
  const erase = (from: number): void => {
    line.text = line.text.slice(0, from) + line.text.slice(line.at);
    line.at = from;
  };
  try {
    for (;;) {
      const key = yield* editor.key();
      switch (key) {
        case '\r':
        case '\n':
          if (line.text !== '' && kind !== '!') remember(history, line.text);
          return line.text;
        case '\x1b':
        case '\x03':
          return undefined;
        case '\x08':
        case '\x7f':
          if (line.text === '') return undefined;
          if (line.at > 0) erase(line.at - 1);
          break;
        case '\x17': {
          const head = line.text
            .slice(0, line.at)
            .replace(/(\w+|[^\w\s]+)?\s*$/, (all) => (all.trim() === '' ? '' : ''));
          erase(head.length);
          break;
        }
        case '\x15':
          erase(0);
          break;
        case '\x16':
          insert(yield* editor.key());
          break;
        case '\x12': {
          const name = yield* editor.key();
          if (name === '\x17') {
            const word = /[\w\u00b5-\uffff]*$/.exec(editor.buffer.line(cursor.line).slice(0, cursor.col))?.[0] ?? '';
            const rest = /^[\w\u00b5-\uffff]*/.exec(editor.buffer.line(cursor.line).slice(cursor.col))?.[0] ?? '';
            insert(word + rest);
          } else insert((editor.registers.get(name)?.lines ?? []).join('\r'));
          break;
        }
        case '\x02':
        case special.home:
          line.at = 0;
          break;
        case '\x05':
        case special.end:
          line.at = line.text.length;
          break;
        case special.left:
          line.at = Math.max(0, line.at - 1);
          break;
        case special.right:
          line.at = Math.min(line.text.length, line.at + 1);
          break;
        case special.delete:
          line.text = line.text.slice(0, line.at) + line.text.slice(line.at + 1);
          break;
        case special.up:
        case special.down:
        case '\x10':
        case '\x0e': {
          if (index === history.length) typed = line.text;
          const prefix = key === special.up || key === special.down ? typed : '';
          const step = key === special.up || key === '\x10' ? -1 : 1;
          let next = index + step;
          while (next >= 0 && next < history.length && !(history[next] ?? '').startsWith(prefix)) next += step;
          if (next < 0 || next > history.length) break;
          index = next;
          line.text = next === history.length ? typed : (history[next] ?? '');
          line.at = line.text.length;
          break;
        }
        case '\t':
          if (kind === ':') complete(editor, line);
          else insert('\t');
          break;
        case special.pasteStart:
        case special.pasteEnd:
          break;
        default:
          if (key >= '\ue000' && key <= '\ue0ff') break;
          if (key >= ' ' || key === '\t') insert(key);
      }
      if (kind === '/' || kind === '?') preview(editor, line.text, kind === '/');
    }
  } finally {
    editor.commandLine = undefined;
    editor.mode = former;
    editor.preview = undefined;
    editor.top = top;
  }
}

function remember(history: string[], text: string): void {
  const known = history.indexOf(text);
  if (known >= 0) history.splice(known, 1);
  history.push(text);
}

/** 'incsearch': shows where the pattern so far would lead. */
function preview(editor: Editor, typed: string, forward: boolean): void {
  editor.preview = undefined;
  if (!editor.options.bool('incsearch') || typed === '') return;
  try {
    const { source } = splitSearch(typed, forward ? '/' : '?');
    const found = searchFrom(editor, editor.pattern(source), editor.cursor, forward);
    editor.preview = found?.start;
  } catch {
    // The pattern is not whole yet.
  }
}

/** Tab: names of files and commands. */
function complete(editor: Editor, line: { text: string; at: number }): void {
  const head = line.text.slice(0, line.at);
  const word = /\S*$/.exec(head)?.[0] ?? '';
  if (!/\s/.test(head.trimStart()) && !head.includes('!')) return;
  const names = editor.files.complete(word);
  const [first] = names;
  if (first === undefined) return;
  let common = first;
  for (const name of names) while (!name.startsWith(common)) common = common.slice(0, -1);
  const chosen = common.length > word.length ? common : names.length === 1 ? first : word;
  line.text = head.slice(0, head.length - word.length) + chosen + line.text.slice(line.at);
  line.at = head.length - word.length + chosen.length;
}
