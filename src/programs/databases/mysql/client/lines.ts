/** What came of feeding a line to the statement that is being read. */
export interface Scanned {
  /** Statements that are whole, with what ended each. */
  readonly statements: readonly { readonly text: string; readonly vertical: boolean }[];
  /** A short command, as `\u name`, with the rest of its line. */
  readonly command?: { readonly letter: string; readonly rest: string };
  readonly rest: string;
  /** What is open: a quote, or a comment. */
  readonly inside: string;
}

/** Takes text apart at the delimiter and at backslash commands, as the client does before anything is sent. */
export function scan(text: string, delimiter: string): Scanned {
  const statements: { text: string; vertical: boolean }[] = [];
  let from = 0;
  let inside = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (inside === '*') {
      if (text.startsWith('*/', at)) {
        inside = '';
        at++;
      }
      continue;
    }
    if (inside !== '') {
      if (char === '\\' && inside !== '`') at++;
      else if (char === inside) inside = '';
      continue;
    }
    if (text.startsWith(delimiter, at)) {
      statements.push({ text: text.slice(from, at), vertical: false });
      at += delimiter.length - 1;
      from = at + 1;
      continue;
    }
    if (char === "'" || char === '"' || char === '`') inside = char;
    else if (text.startsWith('/*', at) && !/^\/\*M?!/.test(text.slice(at, at + 4))) {
      inside = '*';
      at++;
    } else if (char === '#' || /^--(\s|$)/.test(text.slice(at, at + 3))) {
      const end = text.indexOf('\n', at);
      const stop = end < 0 ? text.length : end;
      text = text.slice(0, at) + text.slice(stop);
      at--;
    } else if (char === '\\') {
      const letter = text[at + 1] ?? '';
      if (letter === 'g' || letter === 'G') {
        statements.push({ text: text.slice(from, at), vertical: letter === 'G' });
        at++;
        from = at + 1;
        continue;
      }
      const end = text.indexOf('\n', at);
      const stop = end < 0 ? text.length : end;
      return {
        statements,
        command: { letter, rest: text.slice(at + 2, stop) },
        rest: text.slice(from, at) + text.slice(stop),
        inside,
      };
    }
  }
  return { statements, rest: text.slice(from), inside };
}
