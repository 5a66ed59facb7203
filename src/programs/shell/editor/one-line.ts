/** What is still open at the end of a text. */
type Open = 'quote' | 'document' | undefined;

interface Scanned {
  readonly open: Open;
  /** The last tokens, newest last: words, operators. */
  readonly tokens: readonly string[];
  /** A comment ends the text. */
  readonly comment: boolean;
}

/** Reads a text as far as joining lines needs it. */
function scan(text: string): Scanned {
  const tokens: string[] = [];
  const documents: { readonly end: string; readonly tabs: boolean }[] = [];
  const openers: string[] = [];
  let word = '';
  let comment = false;
  const finish = (): void => {
    if (word !== '') tokens.push(word);
    word = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const opener = openers.at(-1);
    if (opener === "'") {
      if (char === "'") openers.pop();
    } else if (char === '\\') at++;
    else if (opener === '"' || opener === '`') {
      if (char === opener) openers.pop();
      else if (char === '$' && text.charAt(at + 1) === '(') openers.push(text.charAt(++at));
    } else if (/["'`]/.test(char)) {
      openers.push(char);
      word += char;
    } else if (char === '$' && /[({]/.test(text.charAt(at + 1))) {
      openers.push(text.charAt(++at));
      word += '$';
    } else if (opener !== undefined) {
      if (char === '(' || char === '{') openers.push(char);
      else if ((char === ')' && opener === '(') || (char === '}' && opener === '{')) openers.pop();
    } else if (char === '#' && word === '') {
      const end = text.indexOf('\n', at);
      comment = end < 0;
      if (end < 0) break;
      at = end - 1;
    } else if (char === '\n') {
      finish();
      for (const document of documents.splice(0)) {
        const end = endOfDocument(text, at + 1, document);
        if (end === undefined) return { open: 'document', tokens, comment };
        at = end;
      }
      tokens.push('\n');
    } else if (/\s/.test(char)) finish();
    else if (text.startsWith('<<<', at)) at += 2;
    else if (text.startsWith('<<', at)) {
      const [all = '<<', dash = '', quoted = ''] =
        /^<<(-?)\s*((?:\\.|'[^']*'|"[^"]*"|[^\s;|&<>()])+)/.exec(text.slice(at)) ?? [];
      documents.push({ end: quoted.replace(/["'\\]/g, ''), tabs: dash !== '' });
      finish();
      tokens.push('word');
      at += all.length - 1;
    } else if (/[;|&()<>]/.test(char)) {
      finish();
      const [operator = char] = /^(;;&|;;|;&|&&|\|\||.)/.exec(text.slice(at, at + 3)) ?? [];
      tokens.push(operator);
      at += operator.length - 1;
    } else word += char;
  }
  finish();
  const open = openers.length > 0 ? 'quote' : documents.length > 0 ? 'document' : undefined;
  return { open, tokens, comment };
}

/** Where the line that ends a here-document ends (its newline, or the end of the text). */
function endOfDocument(
  text: string,
  from: number,
  { end, tabs }: { readonly end: string; readonly tabs: boolean },
): number | undefined {
  for (let at = from; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const line = text.slice(at, newline < 0 ? text.length : newline);
    if ((tabs ? line.replace(/^\t+/, '') : line) === end) return newline < 0 ? text.length : newline;
    if (newline < 0) return undefined;
    at = newline + 1;
  }
  return undefined;
}

/** Tokens after which no semicolon comes (no_semi_successors of bash's parse.y). */
const noSemicolon = new Set([
  '\n',
  '{',
  '(',
  ')',
  ';',
  '&',
  '|',
  'case',
  'do',
  'else',
  'if',
  ';;',
  ';&',
  ';;&',
  'then',
  'until',
  'while',
  '&&',
  '||',
  'in',
  '!',
  'elif',
]);

/** What joins a line to those before it (history_delimiting_chars). */
function delimiter(before: string): string {
  const { open, tokens, comment } = scan(before);
  if (open !== undefined || comment) return '\n';
  const [third, second, last] = [tokens.at(-3), tokens.at(-2), tokens.at(-1) ?? '\n'];
  // An array's elements, or a function's `()`.
  const bracket = tokens.lastIndexOf('(');
  if (bracket > 0 && !tokens.slice(bracket).includes(')') && /^\w+\+?=$/.test(tokens[bracket - 1] ?? '')) return ' ';
  if (last === ')') return second === '(' || (tokens.includes('case') && !tokens.includes('esac')) ? ' ' : '; ';
  if (second === 'function') return ' ';
  if (third === 'case' && last === 'in') return ' ';
  return noSemicolon.has(last) ? ' ' : '; ';
}

/** A command of several lines as the history keeps it with `cmdhist`: on one line where that means the same. */
export function oneLine(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  let whole = first;
  let joined = first;
  for (const line of rest) {
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(whole) && scan(whole).open !== 'document') {
      joined = joined.slice(0, -1) + line;
      whole = whole.slice(0, -1) + line;
      continue;
    }
    const joint = delimiter(whole);
    const blank = line.trim() === '' && joint !== '\n';
    joined += blank ? '' : joint + (joint === '\n' ? line : line.trimStart());
    whole += `\n${line}`;
  }
  return text.includes('<<') && scan(`${text}\n`).tokens.at(-1) === '\n' && scan(first).open === 'document'
    ? `${joined}\n`
    : joined;
}
