/** `-n`: so many pieces of a text, by bytes, by whole lines (`l`), or with the lines dealt out in turn (`r`). */
export function chunks(text: string, mode: string | undefined, count: number, separator: string): string[] {
  if (mode === 'r') {
    const pieces = new Array<string>(count).fill('');
    linesOf(text, separator).forEach((line, index) => (pieces[index % count] += line));
    return pieces;
  }
  const size = Math.floor(text.length / count);
  if (mode === undefined) {
    // What is left over goes to the last one.
    return Array.from({ length: count }, (_, index) =>
      text.slice(index * size, index === count - 1 ? text.length : (index + 1) * size),
    );
  }
  const pieces: string[] = [];
  let at = 0;
  const most = Math.max(1, size);
  for (let index = 1; index <= count; index++) {
    const border = index === count ? text.length : index * most;
    let end = at;
    if (at < border) {
      const newline = text.indexOf(separator, border - 1);
      end = newline < 0 || index === count ? text.length : newline + 1;
    }
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** The K-th of them. */
export const chunk = (pieces: readonly string[], number: number): string | undefined => pieces[number - 1];

/** `-C`: as many whole lines as fit; longer ones are cut. */
export function linesUpTo(text: string, size: number, separator: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + size);
    if (end < text.length) {
      const newline = text.lastIndexOf(separator, end - 1);
      if (newline >= at) end = newline + 1;
    }
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

function linesOf(text: string, separator: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length;) {
    const next = text.indexOf(separator, at);
    const end = next < 0 ? text.length : next + 1;
    lines.push(text.slice(at, end));
    at = end;
  }
  return lines;
}
