import type { Shell } from '../../shell';

/** The word that is completed. */
export interface TypedWord {
  /** Where it begins in the line, an open quote included. */
  readonly start: number;
  /** As it was typed. */
  readonly raw: string;
  /** Without its quotes and backslashes. */
  readonly text: string;
  /** The quote that is open at the cursor, or empty. */
  readonly quote: string;
}

/** A line with the cursor in it, as completion sees it. */
export interface TypedLine {
  readonly line: string;
  readonly cursor: number;
  /** Where the command begins that the cursor is in; assignments and words such as `sudo` or `!` are before it. */
  readonly commandStart: number;
  /** The command's words up to the cursor without their quotes; the last one is at the cursor (maybe empty). */
  readonly arguments: readonly TypedWord[];
  /** From the last word break (COMP_WORDBREAKS) on. */
  readonly word: TypedWord;
  /** Whether the word is the target of a redirection: a file, whatever the command. */
  readonly redirected: boolean;
}

const before = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'time']);
/** Programs that run the command behind them: what follows is completed as a command of its own. */
const runners = new Set(['sudo', 'exec', 'command', 'nohup', 'env', 'xargs', 'nice', 'watch', 'builtin', 'eval']);

export const defaultBreaks = ' \t\n"\'@><=;|&(:';

interface Scan {
  /** Where the command begins. */
  command: number;
  words: TypedWord[];
  redirected: boolean;
}

/** Reads a line up to the cursor as far as completion needs it. */
export function readTyped(shell: Shell, line: string, cursor: number): TypedLine {
  const { command, words, redirected } = scan(line, cursor, 0);
  const last = words.at(-1) ?? { start: cursor, raw: '', text: '', quote: '' };
  const word = lastPart(last, shell.get('COMP_WORDBREAKS') ?? defaultBreaks);
  return { line, cursor, commandStart: command, arguments: words, word, redirected };
}

function scan(line: string, cursor: number, from: number): Scan {
  let state: Scan = { command: from, words: [], redirected: false };
  let start = -1;
  let text = '';
  let quote = '';
  let next = false;
  // Behind `sudo` or `watch`, whose own flags are passed over.
  let runner = false;
  const fresh = (at: number, behindRunner = false): void => {
    runner = behindRunner;
    state = { command: at, words: [], redirected: false };
    next = false;
  };
  const finish = (end: number): void => {
    if (start < 0) return;
    if (state.words.length === 0) state.command = start;
    if (!next) state.words.push({ start, raw: line.slice(start, end), text, quote: '' });
    next = false;
    start = -1;
    text = '';
    const [first] = state.words;
    if (state.words.length !== 1 || first === undefined) return;
    if (leads(first.raw)) fresh(end, runners.has(first.raw));
    else if (runner && /^(-|\d)/.test(first.raw)) fresh(end, true);
    else runner = false;
  };
  for (let at = from; at < cursor; at++) {
    const char = line.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = '';
      else text += char;
    } else if (char === '\\' && at + 1 < cursor) {
      if (start < 0) start = at;
      text += escaped(quote, line.charAt(++at));
    } else if (char === '\\' && quote !== "'") {
      // The line ends with it: it quotes nothing yet.
      if (start < 0) start = at;
    } else if (/["']/.test(char) && (quote === '' || char === quote)) {
      if (start < 0) start = at;
      quote = quote === '' ? char : '';
    } else if (char === '$' && line.charAt(at + 1) === '(') {
      // What a substitution holds is a line of its own; a finished one is a part of the word.
      const end = closing(line, at + 2, cursor);
      if (end < 0) return scan(line, cursor, at + 2);
      if (start < 0) start = at;
      text += line.slice(at, end + 1);
      at = end;
    } else if (quote !== '') text += char;
    else if (/[ \t]/.test(char)) finish(at);
    else if (/[;|&(\n`)]/.test(char)) {
      finish(at);
      fresh(at + 1);
    } else if (/[<>]/.test(char)) {
      if (!/^\d+$/.test(text)) finish(at);
      start = -1;
      text = '';
      next = true;
    } else {
      if (start < 0) start = at;
      text += char;
    }
  }
  if (start < 0) start = cursor;
  if (state.words.length === 0) state.command = start;
  state.words.push({ start, raw: line.slice(start, cursor), text, quote });
  state.redirected = next;
  return state;
}

/** Whether a command still follows a word: a keyword, an assignment, a program that runs others. */
const leads = (word: string): boolean => before.has(word) || runners.has(word) || /^[A-Za-z_]\w*\+?=/.test(word);

/** What a backslash and a character stand for. */
function escaped(quote: string, char: string): string {
  return quote === '"' && !/[$`"\\\n]/.test(char) ? `\\${char}` : char;
}

function closing(line: string, from: number, to: number): number {
  let depth = 1;
  for (let at = from; at < to; at++) {
    if (line.charAt(at) === '(') depth++;
    else if (line.charAt(at) === ')' && --depth === 0) return at;
  }
  return -1;
}

/** The part of a word behind its last break. */
function lastPart(word: TypedWord, breaks: string): TypedWord {
  const { raw, start } = word;
  let open = '';
  let from = 0;
  for (let at = 0; at < raw.length; at++) {
    const char = raw.charAt(at);
    if (char === '\\' && open !== "'") at++;
    else if (open !== '') {
      if (char === open) open = '';
    } else if (/["']/.test(char)) {
      open = char;
    } else if (breaks.includes(char)) from = at + 1;
  }
  if (from === 0) return word;
  const rest = raw.slice(from);
  return { start: start + from, raw: rest, text: unquoted(rest), quote: open };
}

/** A word without its quotes and backslashes. */
export function unquoted(raw: string): string {
  let text = '';
  let quote = '';
  for (let at = 0; at < raw.length; at++) {
    const char = raw.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = '';
      else text += char;
    } else if (char === '\\') {
      if (at + 1 < raw.length) text += escaped(quote, raw.charAt(++at));
    } else if (/["']/.test(char) && (quote === '' || char === quote)) quote = quote === '' ? char : '';
    else text += char;
  }
  return text;
}

/** Words of a command as COMP_WORDS has them, with their quotes, and the index of the one at the cursor. */
export function completionWords(
  shell: Shell,
  { line, cursor, commandStart }: TypedLine,
): { readonly words: readonly string[]; readonly index: number } {
  const breaks = shell.get('COMP_WORDBREAKS') ?? defaultBreaks;
  const words: string[] = [];
  let index = -1;
  let at = commandStart;
  const push = (from: number, to: number): void => {
    if (from < cursor && cursor <= to && index < 0) index = words.length;
    words.push(line.slice(from, to));
  };
  while (at < line.length) {
    if (/[ \t\n]/.test(line.charAt(at))) {
      // Between two words at the cursor there is an empty one.
      if (at === cursor && index < 0) {
        index = words.length;
        words.push('');
      }
      at++;
      continue;
    }
    const char = line.charAt(at);
    if (/[;|&]/.test(char)) break;
    let end = at;
    const isBreak = (each: string): boolean => breaks.includes(each) && !/["' \t\n]/.test(each);
    if (isBreak(char)) while (end < line.length && isBreak(line.charAt(end))) end++;
    else end = wordEndAt(line, at, isBreak);
    push(at, end);
    at = end;
  }
  if (index < 0) {
    index = words.length;
    words.push('');
  }
  return { words, index };
}

function wordEndAt(line: string, from: number, isBreak: (char: string) => boolean): number {
  let quote = '';
  let at = from;
  for (; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '\\' && quote !== "'") at++;
    else if (quote !== '') {
      if (char === quote) quote = '';
    } else if (/["']/.test(char)) quote = char;
    else if (/[ \t\n;|&]/.test(char) || isBreak(char)) break;
  }
  return Math.min(at, line.length);
}
