/** What functions and rules do with lists of words. */
export const words = (text: string): string[] => text.split(/[ \t\n\r\f\v]+/).filter((word) => word !== '');

/** A pattern around its first unescaped `%`; `\%` is a plain one. Undefined without `%`. */
export function splitPattern(pattern: string): readonly [string, string] | undefined {
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\' && pattern[at + 1] === '%') at++;
    else if (pattern[at] === '%') return [plain(pattern.slice(0, at)), pattern.slice(at + 1)];
  }
  return undefined;
}

const plain = (text: string): string => text.replaceAll('\\%', '%');

/** The stem, where the word matches; a pattern without `%` matches itself with an empty stem. */
export function stemOf(pattern: string, word: string): string | undefined {
  const parts = splitPattern(pattern);
  if (parts === undefined) return plain(pattern) === word ? '' : undefined;
  const [head, tail] = parts;
  if (word.length < head.length + tail.length || !word.startsWith(head) || !word.endsWith(tail)) return undefined;
  return word.slice(head.length, word.length - tail.length);
}

/** The pattern with the stem in place of its `%`. */
export function withStem(pattern: string, stem: string): string {
  const parts = splitPattern(pattern);
  return parts === undefined ? plain(pattern) : parts[0] + stem + parts[1];
}

/** $(patsubst from,to,text) */
export function patsubst(from: string, to: string, text: string): string {
  const one = (word: string): string => {
    const stem = stemOf(from, word);
    if (stem === undefined) return word;
    return splitPattern(from) === undefined ? plain(to) : withStem(to, stem);
  };
  return words(text).map(one).join(' ');
}

/** `dir/` of a name; `./` where it has none. */
export const directoryOf = (name: string): string =>
  name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : './';
export const fileOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Where the suffix begins: the last dot after the last slash. */
export function suffixStart(name: string): number {
  const dot = name.lastIndexOf('.');
  return dot >= 0 && dot > name.lastIndexOf('/') ? dot : name.length;
}

/** Where the bracket that opens at `open` is closed again, counting its own kind only; -1 if nowhere. */
export function closing(text: string, open: number): number {
  const [left, right] = text[open] === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === left) depth++;
    else if (text[at] === right && --depth === 0) return at;
  }
  return -1;
}

/** Finds one of `chars` outside of variable references; -1 if there is none. */
export function findOutside(text: string, chars: string, from = 0): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '$' && (text[at + 1] === '(' || text[at + 1] === '{')) {
      const end = closing(text, at + 1);
      if (end < 0) return -1;
      at = end;
    } else if (char === '$') at++;
    else if (char === '\\' && chars.includes(text.charAt(at + 1)) && at + 1 < text.length) at++;
    else if (chars.includes(char)) return at;
  }
  return -1;
}
