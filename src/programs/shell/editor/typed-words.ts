/** A word of an unfinished line. */
export interface TypedWord {
  readonly start: number;
  /** Without its quotes and backslashes. */
  readonly text: string;
  /** As it was typed. */
  readonly raw: string;
  /** The quote that is still open, or empty. */
  readonly quote: string;
}

const beforeCommand = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'time', 'sudo', 'exec']);

/** The words of the command that a line ends in, the last one being the one at the cursor (maybe empty). */
export function wordsBefore(line: string): readonly TypedWord[] {
  let words: TypedWord[] = [];
  let start = -1;
  let text = '';
  let quote = '';
  const finish = (end: number): void => {
    if (start >= 0) words.push({ start, text, raw: line.slice(start, end), quote });
    start = -1;
    text = '';
  };
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && index + 1 < line.length) text += line.charAt(++index);
      else text += char;
      continue;
    }
    if (/[ \t\n]/.test(char)) {
      finish(index);
      if (words.length === 1 && beforeCommand.has(words[0]?.text ?? '')) words = [];
      if (words.length === 1 && /^[A-Za-z_]\w*=/.test(words[0]?.raw ?? '')) words = [];
      if (char === '\n') words = [];
      continue;
    }
    if (/[;|&(]/.test(char) || (char === '`' && start < 0)) {
      finish(index);
      words = [];
      continue;
    }
    if (/[<>]/.test(char)) {
      finish(index);
      // A redirection's word is a file, whatever the command.
      words = [...words.slice(0, 1), { start: index, text: '>', raw: char, quote: '' }];
      continue;
    }
    if (start < 0) start = index;
    if (char === '"' || char === "'") quote = char;
    else if (char === '\\' && index + 1 < line.length) text += line.charAt(++index);
    else text += char;
  }
  if (start >= 0) words.push({ start, text, raw: line.slice(start), quote });
  else words.push({ start: line.length, text: '', raw: '', quote: '' });
  return words;
}
