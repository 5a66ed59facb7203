import { charEnd, charsFrom, charStart, isBlank } from '../words';
import type { CharSearch } from './state';

/** Where a motion leads; inclusive ones take the character there with them when something is deleted. */
export interface Reach {
  readonly to: number;
  readonly inclusive: boolean;
}

type Kind = 'blank' | 'word' | 'other';

function kindOf(char: string, big: boolean): Kind {
  if (isBlank(char)) return 'blank';
  return big || /[\p{L}\p{N}\p{M}_\ud800-\udfff]/u.test(char) ? 'word' : 'other';
}

function nextWord(text: string, position: number, big: boolean): number {
  let at = position;
  const kind = kindOf(text.charAt(at), big);
  if (kind !== 'blank') while (at < text.length && kindOf(text.charAt(at), big) === kind) at++;
  while (at < text.length && isBlank(text.charAt(at))) at++;
  return at;
}

function endOfWord(text: string, position: number, big: boolean): number {
  let at = charEnd(text, position);
  while (at < text.length && isBlank(text.charAt(at))) at++;
  const kind = kindOf(text.charAt(at), big);
  while (at < text.length && kindOf(text.charAt(at), big) === kind) at++;
  return charStart(text, Math.max(0, Math.max(position, at - 1)));
}

function previousWord(text: string, position: number, big: boolean): number {
  let at = position;
  while (at > 0 && isBlank(text.charAt(at - 1))) at--;
  const kind = kindOf(text.charAt(at - 1), big);
  while (at > 0 && kindOf(text.charAt(at - 1), big) === kind) at--;
  return at;
}

function times(count: number, position: number, step: (at: number) => number): number {
  let at = position;
  for (let left = count; left > 0; left--) at = step(at);
  return at;
}

/** `f`, `F`, `t`, `T`: the count-th place of a character. */
export function charTarget(
  text: string,
  position: number,
  { how, char }: CharSearch,
  count: number,
): number | undefined {
  const forward = how === 'f' || how === 't';
  let at = position;
  for (let left = count; left > 0; left--) {
    at = forward ? text.indexOf(char, at + 1) : at === 0 ? -1 : text.lastIndexOf(char, at - 1);
    if (at < 0) return undefined;
  }
  if (how === 't') return charStart(text, at - 1);
  return how === 'T' ? charEnd(text, at) : at;
}

const pairs = '()[]{}';

/** The bracket that belongs to the next one at or after the cursor. */
function matching(text: string, position: number): number | undefined {
  let start = position;
  while (start < text.length && !pairs.includes(text.charAt(start))) start++;
  const which = pairs.indexOf(text.charAt(start));
  if (start >= text.length || which < 0) return undefined;
  const step = which % 2 === 0 ? 1 : -1;
  const [own, other] = [pairs.charAt(which), pairs.charAt(which + step)];
  let depth = 0;
  for (let at = start; at >= 0 && at < text.length; at += step) {
    if (text.charAt(at) === own) depth++;
    else if (text.charAt(at) === other && --depth === 0) return at;
  }
  return undefined;
}

/** Motions that need no further key. Undefined: the key is none of them, or there is nowhere to go. */
export function motion(
  text: string,
  position: number,
  key: string,
  count: number,
  explicit: boolean,
): Reach | undefined {
  const exclusive = (to: number): Reach => ({ to, inclusive: false });
  const inclusive = (to: number): Reach => ({ to, inclusive: true });
  switch (key) {
    case 'h':
    case '\b':
    case '\x7f':
      return position === 0 ? undefined : exclusive(charsFrom(text, position, -count));
    case 'l':
    case ' ':
      return position >= text.length ? undefined : exclusive(charsFrom(text, position, count));
    case 'w':
    case 'W':
      return exclusive(times(count, position, (at) => nextWord(text, at, key === 'W')));
    case 'b':
    case 'B':
      return position === 0
        ? undefined
        : exclusive(times(count, position, (at) => previousWord(text, at, key === 'B')));
    case 'e':
    case 'E':
      return inclusive(times(count, position, (at) => endOfWord(text, at, key === 'E')));
    case '0':
      return exclusive(0);
    case '^':
      return exclusive(/^\s*/.exec(text)?.[0].length ?? 0);
    case '$':
      return exclusive(text.length);
    case '|':
      return exclusive(charsFrom(text, 0, explicit ? count - 1 : 0));
    case '%': {
      const to = matching(text, position);
      return to === undefined ? undefined : { to, inclusive: true };
    }
    default:
      return undefined;
  }
}
