/** One command of a line: how it hangs on the one before, its text, where its output goes. */
export interface Piece {
  readonly after: '&' | '&&' | '||';
  readonly text: string;
  readonly output?: { readonly path: string; readonly append: boolean; readonly fd: 1 | 2 };
}

/** Takes a line of cmd apart: `&`, `&&` and `||` between commands, `>` and `>>` behind one. Quotes protect, `^` escapes. */
export function pieces(line: string): readonly Piece[] {
  const found: { after: Piece['after']; text: string }[] = [{ after: '&', text: '' }];
  let quoted = false;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    const last = found.at(-1);
    if (last === undefined) break;
    if (character === '"') quoted = !quoted;
    const pair = line.slice(index, index + 2);
    if (quoted || (character !== '&' && pair !== '||')) {
      if (character === '^' && !quoted) last.text += line.charAt(++index);
      else last.text += character;
      continue;
    }
    const after = pair === '&&' || pair === '||' ? pair : '&';
    index += after.length - 1;
    found.push({ after, text: '' });
  }
  return found.map(({ after, text }) => redirected(after, text));
}

function redirected(after: Piece['after'], text: string): Piece {
  const match = /^(.*?)\s*([12]?)(>>?)\s*("[^"]*"|\S+)\s*$/.exec(text);
  if (match === null) return { after, text: text.trim() };
  const [, command = '', fd = '', arrow = '', path = ''] = match;
  return { after, text: command.trim(), output: { path, append: arrow === '>>', fd: fd === '2' ? 2 : 1 } };
}

/** Words of a command, without their quotes. */
export const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:"[^"]*"|\S)+/g)].map(([word]) => word.replaceAll('"', ''));
