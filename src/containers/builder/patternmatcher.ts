import { err, ok, type Result } from '../../sim/result';

/** What moby/patternmatcher says of a malformed pattern (Go's path.ErrBadPattern). */
const badPattern = 'syntax error in pattern';

interface Pattern {
  readonly text: string;
  /** `!pattern`: an exception from what was excluded before. */
  readonly exclusion: boolean;
  readonly match: (path: string) => boolean;
}

/** Patterns of a .dockerignore (moby/patternmatcher): the last one that matches a path or one of its parents decides. */
export class PatternMatcher {
  readonly #patterns: readonly Pattern[];
  /** Whether any pattern makes an exception. */
  readonly exclusions: boolean;
  /** Every exception begins with plain text, so that directories it cannot reach need not be read. */
  readonly #plainExceptions: boolean;

  private constructor(patterns: readonly Pattern[]) {
    this.#patterns = patterns;
    const exceptions = patterns.filter(({ exclusion }) => exclusion);
    this.exclusions = exceptions.length > 0;
    this.#plainExceptions = exceptions.every(({ text }) => !/[*?[^\\]/.test(withoutTrailingGlob(text)));
  }

  static create(patterns: readonly string[]): Result<PatternMatcher, string> {
    const compiled: Pattern[] = [];
    for (const given of patterns) {
      const trimmed = given.trim();
      if (trimmed === '') continue;
      const cleaned = cleanPath(trimmed);
      const exclusion = cleaned.startsWith('!');
      if (cleaned === '!') return err('illegal exclusion pattern: "!"');
      const text = exclusion ? cleaned.slice(1) : cleaned;
      if (!wellFormed(text)) return err(badPattern);
      compiled.push({ text, exclusion, match: compile(text) });
    }
    return ok(new PatternMatcher(compiled));
  }

  /** Whether a path, relative to the context, or one of its parents is excluded (MatchesOrParentMatches). */
  matches(path: string): boolean {
    const names = path.split('/');
    const prefixes = names.map((_, index) => names.slice(0, index + 1).join('/')).reverse();
    let matched = false;
    for (const { exclusion, match } of this.#patterns) {
      if (exclusion !== matched) continue;
      if (prefixes.some(match)) matched = !exclusion;
    }
    return matched;
  }

  /** Whether something below an excluded directory may be taken in again by an exception. */
  mayKeepBelow(directory: string): boolean {
    if (!this.exclusions) return false;
    if (!this.#plainExceptions) return true;
    return this.#patterns.some(
      ({ text, exclusion }) => exclusion && `${withoutTrailingGlob(text)}/`.startsWith(`${directory}/`),
    );
  }
}

/** The patterns of a .dockerignore's text (moby/patternmatcher/ignorefile.ReadAll). */
export function readIgnoreFile(text: string): readonly string[] {
  const patterns: string[] = [];
  for (const raw of text.replace(/^\uFEFF/, '').split('\n')) {
    if (raw.startsWith('#')) continue;
    const line = raw.trim();
    if (line === '') continue;
    const invert = line.startsWith('!');
    let pattern = invert ? line.slice(1).trim() : line;
    if (pattern !== '') {
      pattern = cleanPath(pattern);
      if (pattern.length > 1 && pattern.startsWith('/')) pattern = pattern.slice(1);
    }
    patterns.push(invert ? `!${pattern}` : pattern);
  }
  return patterns;
}

/** Go's filepath.Clean. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.length > 0 && names.at(-1) !== '..') names.pop();
    else if (!rooted) names.push('..');
  }
  const joined = names.join('/');
  return rooted ? `/${joined}` : joined === '' ? '.' : joined;
}

const withoutTrailingGlob = (text: string): string => text.replace(/\/\*\*$/, '').replace(/\/\*$/, '');

/** What path.Match accepts: closed, non-empty character classes and nothing escaped by the very end. */
function wellFormed(pattern: string): boolean {
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '\\' && ++index >= pattern.length) return false;
    if (char !== '[') continue;
    index++;
    if (pattern.charAt(index) === '^') index++;
    let ranges = 0;
    for (;;) {
      if (index >= pattern.length) return false;
      if (pattern.charAt(index) === ']' && ranges > 0) break;
      for (let side = 0; side < 2; side++) {
        const at = pattern.charAt(index);
        if (at === '' || at === '-' || at === ']') return false;
        if (at === '\\') index++;
        index++;
        if (index >= pattern.length) return false;
        if (side > 0 || pattern.charAt(index) !== '-') break;
        index++;
      }
      ranges++;
    }
  }
  return true;
}

/** A pattern as the regular expression that upstream makes of it; `**` crosses directories. */
function compile(pattern: string): (path: string) => boolean {
  if (!/[*?[\]\\]/.test(pattern)) return (path) => path === pattern;
  if (pattern.startsWith('**') && !/[*?[\]\\]/.test(pattern.slice(2))) {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    const next = pattern.charAt(index + 1);
    if (char === '*' && next === '*') {
      index++;
      if (pattern.charAt(index + 1) === '/') index++;
      source += index + 1 >= pattern.length ? '.*' : '(.*/)?';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if ('.+()|{}$'.includes(char)) source += `\\${char}`;
    else if (char === '\\') {
      source += next === '' ? '\\\\' : /[A-Za-z0-9]/.test(next) ? next : `\\${next}`;
      index++;
    } else source += char === '/' ? '/' : char;
  }
  const expression = new RegExp(`^${source}$`, 's');
  return (path) => expression.test(path);
}
