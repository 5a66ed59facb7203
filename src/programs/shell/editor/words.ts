/** Where characters and words begin and end, as readline's commands understand them. Positions are indices of the text. */

const joins = /^[\p{Mn}\p{Me}\ufe0f\u200d\udc00-\udfff]/u;
const low = /[\udc00-\udfff]/;
const high = /[\ud800-\udbff]/;

/** Start of the character that `position` is in: a base with what combines with it. */
export function charStart(text: string, position: number): number {
  let at = Math.max(0, Math.min(position, text.length));
  while (at > 0 && continues(text, at)) at--;
  return at;
}

/** End of the character that begins at `position`. */
export function charEnd(text: string, position: number): number {
  let at = Math.min(position + 1, text.length);
  while (at < text.length && continues(text, at)) at++;
  return at;
}

/** Whether what stands at an index belongs to the character before it. */
function continues(text: string, at: number): boolean {
  if (text.charCodeAt(at) < 0x300) return false;
  if (low.test(text.charAt(at))) return high.test(text.charAt(at - 1));
  return joins.test(text.slice(at, at + 2)) || text.charAt(at - 1) === '\u200d';
}

/** `count` characters on (or back). */
export function charsFrom(text: string, position: number, count: number): number {
  let at = position;
  for (let left = count; left > 0 && at < text.length; left--) at = charEnd(text, at);
  for (let left = count; left < 0 && at > 0; left++) at = charStart(text, at - 1);
  return at;
}

type Test = (char: string) => boolean;

/** Letters and digits: what emacs' word commands move over. */
export const isWord: Test = (char) => /[\p{L}\p{N}\p{M}\ud800-\udfff]/u.test(char);
export const isBlank: Test = (char) => char === ' ' || char === '\t' || char === '\n';

/** End of the next word: past what is none, then past what is. */
export function wordEnd(text: string, position: number, inWord: Test = isWord): number {
  let at = position;
  while (at < text.length && !inWord(text.charAt(at))) at++;
  while (at < text.length && inWord(text.charAt(at))) at++;
  return at;
}

/** Start of the word before. */
export function wordStart(text: string, position: number, inWord: Test = isWord): number {
  let at = position;
  while (at > 0 && !inWord(text.charAt(at - 1))) at--;
  while (at > 0 && inWord(text.charAt(at - 1))) at--;
  return at;
}

/** Start of what stands before up to a blank (unix-word-rubout). */
export const blankStart = (text: string, position: number): number =>
  wordStart(text, position, (char) => !isBlank(char));

/** Start and end of the shell's words: quotes hold blanks together (bash's shell-forward-word). */
export function shellWords(text: string): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  const pattern = /(?:\\[^]|"(?:\\[^]|[^"\\])*"?|'[^']*'?|[^\s;|&()<>'"\\]|\\)+/g;
  for (const match of text.matchAll(pattern)) found.push([match.index, match.index + match[0].length]);
  return found;
}
