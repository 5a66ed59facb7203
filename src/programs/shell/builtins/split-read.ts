interface Char {
  readonly text: string;
  /** A backslash stood before it: it does not separate. */
  readonly safe: boolean;
}

function characters(text: string, raw: boolean): Char[] {
  const out: Char[] = [];
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (raw || char !== '\\') out.push({ text: char, safe: false });
    else if (index + 1 < text.length) out.push({ text: text.charAt(++index), safe: true });
  }
  return out;
}

/**
 * Splits a line for `read` into at most `count` fields; the last one takes the rest of the line, without the blanks
 * around it, and without a single separator at its end (POSIX, read).
 */
export function splitRead(text: string, ifs: string, raw: boolean, count: number): string[] {
  const chars = characters(text, raw);
  const blank = (char: Char | undefined): boolean =>
    char !== undefined && !char.safe && /[ \t\n]/.test(char.text) && ifs.includes(char.text);
  const other = (char: Char | undefined): boolean =>
    char !== undefined && !char.safe && !/[ \t\n]/.test(char.text) && ifs.includes(char.text);
  const textOf = (list: readonly Char[]): string => list.map((char) => char.text).join('');
  let [start, end] = [0, chars.length];
  while (blank(chars[start])) start++;
  while (end > start && blank(chars[end - 1])) end--;
  const fields: string[] = [];
  let at = start;
  while (at < end) {
    if (fields.length === count - 1) {
      fields.push(textOf(withoutTail(chars.slice(at, end), blank, other)));
      return fields;
    }
    const from = at;
    while (at < end && !blank(chars[at]) && !other(chars[at])) at++;
    fields.push(textOf(chars.slice(from, at)));
    while (at < end && blank(chars[at])) at++;
    if (at < end && other(chars[at])) {
      at++;
      while (at < end && blank(chars[at])) at++;
    }
  }
  return fields;
}

/** One separator at the very end, and what blanks stand before it, is dropped if no other one is in the rest. */
function withoutTail(
  rest: readonly Char[],
  blank: (char: Char) => boolean,
  other: (char: Char) => boolean,
): readonly Char[] {
  const last = rest.at(-1);
  if (last === undefined || !other(last)) return rest;
  let end = rest.length - 1;
  while (end > 0 && blank(rest[end - 1] ?? last)) end--;
  const before = rest.slice(0, end);
  return before.some((char) => blank(char) || other(char)) ? rest : before;
}
