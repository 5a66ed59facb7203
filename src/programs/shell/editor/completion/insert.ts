import { backslashQuote } from '../../expand/quote';
import type { LineBuffer } from '../line-buffer';
import type { Candidate, Offer } from './offer';

/** A candidate, or the beginning of some, as it must be typed. */
function written({ prefix, quote, quotes }: Offer, text: string): string {
  if (!quotes || text === '') return prefix + text;
  if (quote === '"') return prefix + text.replace(/["$`\\]/g, '\\$&');
  if (quote === "'") return prefix + text.replaceAll("'", "'\\''");
  return prefix + backslashQuote(text);
}

/** What all candidates begin with. */
export function common(candidates: readonly Candidate[], ignoreCase = false): string {
  const [first, ...rest] = candidates.map(({ text }) => text);
  if (first === undefined) return '';
  const same = (a: string, b: string): boolean => a === b || (ignoreCase && a.toLowerCase() === b.toLowerCase());
  let length = first.length;
  for (const each of rest) {
    let at = 0;
    while (at < length && at < each.length && same(first.charAt(at), each.charAt(at))) at++;
    length = at;
  }
  // Not half of a character.
  return first.slice(0, /[\ud800-\udbff]/.test(first.charAt(length - 1)) ? length - 1 : length);
}

/** Puts a text in place of the completed word; false if it stands there already. */
export function insertCommon(buffer: LineBuffer, offer: Offer, text: string): boolean {
  const whole = written(offer, text);
  if (text === '' || whole === buffer.text.slice(offer.start, buffer.cursor)) return false;
  buffer.replace(offer.start, buffer.cursor, whole);
  return true;
}

/** Puts a candidate in place, closed as the only one is: its quote, then a blank or a slash. */
export function insertWhole(buffer: LineBuffer, offer: Offer, { text, suffix }: Candidate): void {
  const next = buffer.text.charAt(buffer.cursor);
  const quote = suffix === '/' || suffix === '' ? '' : offer.quote;
  const repeats = suffix === '/' && (next === '/' || text.endsWith('/'));
  const ends = repeats || (suffix === ' ' && next !== '') ? '' : suffix;
  buffer.replace(offer.start, buffer.cursor, written(offer, text) + quote);
  // What ends the word is undone by itself.
  buffer.insert(ends);
}

/** Puts a candidate in place while a menu goes through them. */
export function insertOpen(buffer: LineBuffer, offer: Offer, { text, suffix }: Candidate): void {
  buffer.replace(offer.start, buffer.cursor, written(offer, text) + (suffix === '/' && !text.endsWith('/') ? '/' : ''));
}
