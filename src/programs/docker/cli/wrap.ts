/** The next line of a text, and what is left of it (pflag's wrapN): at most `width`, a bit more if that ends the text. */
function next(text: string, width: number): readonly [line: string, rest: string] {
  if (width + slop > text.length) return [text, ''];
  const head = text.slice(0, width);
  const at = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\t'), head.lastIndexOf('\n'));
  if (at <= 0) return [text, ''];
  const line = head.lastIndexOf('\n');
  const end = line > 0 && line < at ? line : at;
  return [text.slice(0, end), text.slice(end + 1)];
}

/** How much longer the last line may be, so that no single word stands alone. */
const slop = 5;

/** A flag's description, wrapped as spf13/pflag does it: lines after the first are indented. */
export function wrap(text: string, indent: number, width: number): string {
  let column = indent;
  let lead = '';
  if (width - column < 24) {
    column = 16;
    lead = `\n${' '.repeat(column)}`;
  }
  const room = width - column;
  if (room < 24) return text.replaceAll('\n', lead);
  const margin = `\n${' '.repeat(column)}`;
  const lines: string[] = [];
  let rest = text;
  do {
    const [line, left] = next(rest, room - slop);
    lines.push(line.replaceAll('\n', margin));
    rest = left;
  } while (rest !== '');
  return lead + lines.join(margin);
}
