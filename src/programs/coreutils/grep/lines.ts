import { concat } from '../../../linux/io/bytes';
import { latin1 } from '../../toolkit/latin1';
import type { ByteReader } from '../../../linux/process/types';
import type { Matcher } from './matcher';

const decoder = new TextDecoder();

/** Whole lines as they come: as text, or as bytes where they are none. */
export interface Block {
  readonly text: string;
  /** `text` has a character a byte, for the bytes are no UTF-8. */
  readonly bytes: boolean;
  readonly nul: boolean;
  /** The last line had no end. */
  readonly unterminated: boolean;
}

/** Reads blocks of whole lines. */
export async function* blocks(reader: ByteReader, end: number): AsyncGenerator<Block> {
  let rest: Uint8Array[] = [];
  let nul = false;
  for (;;) {
    const chunk = await reader.read(262_144);
    const cut = chunk === undefined ? -1 : chunk.lastIndexOf(end);
    if (chunk !== undefined && cut < 0) {
      rest.push(chunk.slice());
      continue;
    }
    const whole =
      chunk === undefined
        ? concat(rest)
        : rest.length === 0
          ? chunk.subarray(0, cut + 1)
          : concat([...rest, chunk.subarray(0, cut + 1)]);
    if (whole.length > 0) {
      nul ||= end !== 0 && whole.includes(0);
      const text = decoder.decode(whole);
      const bytes = text.includes('\ufffd');
      yield { text: bytes ? latin1(whole) : text, bytes, nul, unterminated: chunk === undefined };
    }
    if (chunk === undefined) return;
    rest = cut + 1 < chunk.length ? [chunk.slice(cut + 1)] : [];
  }
}

/** A line of a block that matches (or, inverted, does not). */
export interface Hit {
  readonly start: number;
  /** Where its newline is, or the end. */
  readonly end: number;
}

/** The lines of a block that match, in their order, without looking at the others one by one if that can be. */
export function* hits(text: string, matcher: Matcher | undefined, invert: boolean, end: string): Generator<Hit> {
  const endOf = (at: number): number => {
    const found = text.indexOf(end, at);
    return found < 0 ? text.length : found;
  };
  const test = (from: number, to: number): boolean => {
    if (matcher === undefined) return false;
    matcher.line.lastIndex = 0;
    return matcher.line.test(text.slice(from, to));
  };
  const scan = matcher?.scan;
  let at = 0;
  while (at < text.length) {
    if (scan !== undefined) {
      scan.lastIndex = at;
      const found = scan.exec(text);
      const line =
        found === null || found.index >= text.length ? text.length : text.lastIndexOf(end, found.index - 1) + 1;
      const start = Math.max(at, found?.index === 0 ? 0 : line);
      if (invert)
        for (let from = at; from < start;) {
          const to = endOf(from);
          yield { start: from, end: to };
          from = to + 1;
        }
      if (start >= text.length) return;
      const to = endOf(start);
      if (test(start, to) !== invert) yield { start, end: to };
      at = to + 1;
      continue;
    }
    const to = endOf(at);
    if (test(at, to) !== invert) yield { start: at, end: to };
    at = to + 1;
  }
}
