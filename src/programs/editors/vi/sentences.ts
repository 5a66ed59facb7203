import type { Buffer } from './buffer';
import { firstNonBlank } from './text';
import type { Position } from './types';

const isBlank = (text: string): boolean => text === '';

/** `}` and `{`: the next empty line. Undefined if the cursor cannot move at all. */
export function paragraph(buffer: Buffer, line: number, count: number, forward: boolean): Position | undefined {
  const step = forward ? 1 : -1;
  let at = line;
  for (let left = count; left > 0; left--) {
    let skipped = false;
    for (let first = true; ; first = false) {
      if (!isBlank(buffer.line(at))) skipped = true;
      if (!first && skipped && isBlank(buffer.line(at))) break;
      if (at + step < 0 || at + step > buffer.last) {
        if (left > 1) return undefined;
        return forward ? { line: buffer.last, col: buffer.line(buffer.last).length } : { line: 0, col: 0 };
      }
      at += step;
    }
  }
  return { line: at, col: 0 };
}

/** Where sentences begin: after `.`, `!` or `?` with blanks, and at empty lines and what follows them. */
export function sentenceStarts(buffer: Buffer, from: number, to: number): readonly Position[] {
  const starts: Position[] = [];
  for (let line = from; line <= to; line++) {
    const text = buffer.line(line);
    if (isBlank(text)) {
      if (line === 0 || !isBlank(buffer.line(line - 1))) starts.push({ line, col: 0 });
      continue;
    }
    const former = line === 0 ? '' : buffer.line(line - 1);
    if (line === 0 || isBlank(former) || /[.!?][)\]"']*[ \t]*$/.test(former))
      starts.push({ line, col: firstNonBlank(text) });
    for (const { index, 0: found } of text.matchAll(/[.!?][)\]"']*[ \t]+(?=\S)/g))
      starts.push({ line, col: index + found.length });
  }
  return starts;
}

/** `)` and `(`. */
export function sentence(buffer: Buffer, from: Position, count: number, forward: boolean): Position | undefined {
  const starts = sentenceStarts(buffer, 0, buffer.last);
  const behind = (a: Position): boolean => a.line > from.line || (a.line === from.line && a.col > from.col);
  const ahead = (a: Position): boolean => a.line < from.line || (a.line === from.line && a.col < from.col);
  if (forward) {
    const next = starts.filter(behind);
    const found = next[count - 1];
    if (found !== undefined) return found;
    const end = { line: buffer.last, col: buffer.line(buffer.last).length };
    return behind(end) ? end : undefined;
  }
  return starts.filter(ahead).at(-count);
}
