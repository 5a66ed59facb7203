import { encode } from '../../../linux/io/bytes';
import { latin1 } from '../../toolkit/latin1';
import type { Options } from '../../toolkit/options';
import { translatePerl } from '../../toolkit/pcre';
import { literal, translate } from '../../toolkit/regex';

/** What is looked for, for lines of text and for lines of bytes. */
export interface Matcher {
  /** Finds it within one line. */
  readonly line: RegExp;
  /**
   * Finds the next place in many lines at which a line that matches may be: never later than the first of them.
   * Undefined where only line by line will do.
   */
  readonly scan: RegExp | undefined;
}

export type Kind = 'E' | 'F' | 'G' | 'P';

/** Makes a matcher; a text is the message of what is wrong; undefined: there is no pattern, which matches nothing. */
export function matcherOf(
  patterns: readonly string[],
  kind: Kind,
  options: Options,
  bytes: boolean,
): Matcher | undefined | string {
  if (patterns.length === 0) return undefined;
  const sources: string[] = [];
  let flags = '';
  for (const given of patterns) {
    const pattern = bytes ? latin1(encode(given)) : given;
    if (kind === 'F') sources.push([...pattern].map(literal).join(''));
    else if (kind === 'P') {
      const perl = translatePerl(pattern);
      flags += perl.flags;
      sources.push(perl.source);
    } else {
      const translated = translate(kind === 'E' ? pattern.replace(/^[*+?]+/, '') : pattern, kind === 'E');
      if (!translated.ok) return translated.error;
      sources.push(translated.source);
    }
  }
  let source = sources.length === 1 ? (sources[0] ?? '') : sources.map((one) => `(?:${one})`).join('|');
  if (options.has('x')) source = `^(?:${source})$`;
  else if (options.has('w')) source = `(?<![\\p{L}\\p{Nd}_])(?:${source})(?![\\p{L}\\p{Nd}_])`;
  const ignoreCase = options.last('i', 'y', 'no-ignore-case');
  const fold = ignoreCase === 'i' || ignoreCase === 'y' || flags.includes('i') ? 'i' : '';
  // What looks around itself for what is not there, or for the ends of the text, sees other things in many lines.
  const alone = options.has('z') || /\(\?<?!|\(\?<|\\[1-9]/.test(options.has('w') ? sources.join('') : source);
  try {
    return {
      line: new RegExp(source, `gus${fold}`),
      scan: alone ? undefined : new RegExp(source, `gum${fold}`),
    };
  } catch {
    return kind === 'P' ? 'invalid pattern' : 'Invalid regular expression';
  }
}
