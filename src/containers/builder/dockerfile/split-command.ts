const isSpace = (char: string): boolean => /\s/.test(char);

export interface Split {
  readonly command: string;
  /** `--from=x`, in front of the arguments. */
  readonly flags: readonly string[];
  readonly rest: string;
}

/** An instruction's name, its flags, and what follows (parser/split_command.go). */
export function splitCommand(line: string, escape: string): Split {
  const trimmed = line.trim();
  const match = /[\t\v\f\r ]+/.exec(trimmed);
  if (match === null) return { command: trimmed, flags: [], rest: '' };
  const command = trimmed.slice(0, match.index);
  const { flags, rest } = extractFlags(trimmed.slice(match.index + match[0].length), escape);
  return { command, flags, rest: rest.trim() };
}

function extractFlags(line: string, escape: string): { readonly flags: readonly string[]; readonly rest: string } {
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isSpace(line.charAt(at))) at++;
    if (at >= line.length) return { flags, rest: '' };
    if (!line.startsWith('--', at)) return { flags, rest: line.slice(at) };
    const { word, next, quoted } = readWord(line, at, escape);
    at = next;
    if (word === '--') return { flags, rest: line.slice(at) };
    if (quoted || word !== '') flags.push(word);
  }
}

/** One word from `start`, without its quotes and escapes. */
function readWord(line: string, start: number, escape: string): { word: string; next: number; quoted: boolean } {
  let word = '';
  let quote = '';
  let quoted = false;
  let at = start;
  for (; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote === '' && isSpace(char)) break;
    if (quote === '' ? char === "'" || char === '"' : char === quote) {
      quote = quote === '' ? char : '';
      quoted = true;
    } else if (char === escape) {
      at++;
      word += line.charAt(at);
    } else word += char;
  }
  return { word, next: Math.min(at, line.length), quoted };
}
