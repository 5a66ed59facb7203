import { compile } from '../toolkit/regex';
import type { Settings } from './settings';

/** A pattern as it was typed, ready to look with. */
export interface Pattern {
  readonly source: string;
  readonly inverse: boolean;
  readonly regex: RegExp;
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Compiles what was typed; undefined where it is no pattern. */
export function pattern(
  source: string,
  settings: Pick<Settings, 'ignoreCase'>,
  { inverse = false, literal = false } = {},
): Pattern | undefined {
  const fold = settings.ignoreCase === 'all' || (settings.ignoreCase === 'lower' && !/\p{Lu}/u.test(source));
  const regex = compile(literal ? literally(source) : source, true, fold ? 'gi' : 'g');
  return typeof regex === 'string' ? undefined : { source, inverse, regex };
}

/** Whether a line is one that was looked for. */
export function matches({ regex, inverse }: Pattern, plain: string): boolean {
  regex.lastIndex = 0;
  return regex.test(plain) !== inverse;
}

/** Where in a line the pattern stands. */
export function places({ regex, inverse }: Pattern, plain: string): readonly (readonly [number, number])[] {
  if (inverse) return [];
  return Array.from(plain.matchAll(regex), ({ index, 0: { length } }) => [index, index + length] as const);
}
