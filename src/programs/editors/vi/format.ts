import { indentOf } from './text';

/** Fills paragraphs to a width, as `gq` does: the first line's indent, then the second's. */
export function formatLines(lines: readonly string[], width: number): readonly string[] {
  const result: string[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) result.push(...fill(paragraph, width));
    paragraph = [];
  };
  for (const line of lines) {
    if (line.trim() === '') {
      flush();
      result.push(line);
    } else paragraph.push(line);
  }
  flush();
  return result;
}

function fill(lines: readonly string[], width: number): readonly string[] {
  const first = indentOf(lines[0] ?? '');
  const words = lines
    .join(' ')
    .trim()
    .split(/[ \t]+/);
  const filled: string[] = [];
  let current = first;
  let empty = true;
  for (const word of words) {
    if (!empty && current.length + 1 + word.length > width) {
      filled.push(current);
      current = indentOf(lines[1] ?? '') + word;
    } else current += empty ? word : ` ${word}`;
    empty = false;
  }
  filled.push(current);
  return filled;
}
