import { globToRegExp } from '../../toolkit/glob';
import { compile } from '../../toolkit/regex';
import type { Options } from '../../toolkit/options';

/** Which members a list of patterns means. */
export interface Matcher {
  readonly pattern: string;
  used: boolean;
  readonly matches: (name: string) => boolean;
}

/** A pattern of `--exclude` or, on extraction, an operand. */
export function matcher(
  pattern: string,
  how: {
    readonly wildcards: boolean;
    readonly anchored: boolean;
    readonly slash: boolean;
    readonly ignoreCase: boolean;
  },
): Matcher {
  const plain = pattern.replace(/(.)\/+$/, '$1');
  const fold = (name: string): string => (how.ignoreCase ? name.toLowerCase() : name);
  const regex = how.wildcards ? globToRegExp(fold(plain)) : undefined;
  const same = (name: string): boolean => (regex === undefined ? name === fold(plain) : regex.test(name));
  /** The name itself or a directory above it. */
  const leading = (name: string): boolean => {
    for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1))
      if (same(name.slice(0, end))) return true;
    return false;
  };
  return {
    pattern,
    used: false,
    matches(name) {
      const path = fold(name.replace(/\/+$/, ''));
      if (leading(path)) return true;
      if (how.anchored) return false;
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
        if (leading(path.slice(at + 1))) return true;
      return false;
    },
  };
}

/** What `--exclude` and `-X` (its text) leave out. */
export function excluder(options: Options, lists: readonly string[]): (name: string) => boolean {
  const patterns = [
    ...options.values('exclude'),
    ...lists.flatMap((text) => text.split('\n').filter((line) => line !== '')),
  ];
  if (options.has('exclude-vcs'))
    patterns.push('.git', '.gitignore', '.gitattributes', '.gitmodules', '.svn', '.hg', 'CVS');
  const all = patterns.map((pattern) =>
    matcher(pattern, {
      wildcards: options.last('wildcards', 'no-wildcards') !== 'no-wildcards',
      anchored: options.last('anchored', 'no-anchored') === 'anchored',
      slash: options.last('wildcards-match-slash', 'no-wildcards-match-slash') !== 'no-wildcards-match-slash',
      ignoreCase: options.has('ignore-case'),
    }),
  );
  return (name) => all.some(({ matches }) => matches(name));
}

/** `--strip-components`: undefined where nothing is left. */
export function strip(name: string, count: number): string | undefined {
  if (count === 0) return name;
  let rest = name;
  for (let left = count; left > 0; left--) {
    const slash = /^\/*[^/]+\/+/.exec(rest);
    if (slash === null) return undefined;
    rest = rest.slice(slash[0].length);
  }
  return rest === '' ? undefined : rest;
}

/** `--transform`: sed's `s` commands over names; a text is what is wrong. */
export function transformer(expressions: readonly string[]): ((name: string) => string) | string {
  const steps: ((name: string) => string)[] = [];
  for (const expression of expressions) {
    let rest = expression;
    while (rest !== '') {
      const separator = rest.charAt(1);
      if (!rest.startsWith('s') || separator === '') return 'Invalid transform expression';
      const parts: string[] = [''];
      let at = 2;
      for (; at < rest.length && parts.length < 3; at++) {
        const char = rest.charAt(at);
        if (char === '\\' && at + 1 < rest.length) {
          const next = rest.charAt(++at);
          parts[parts.length - 1] += next === separator ? next : `\\${next}`;
        } else if (char === separator) parts.push('');
        else parts[parts.length - 1] += char;
      }
      const [pattern = '', replacement = ''] = parts;
      if (parts.length < 3) return 'Invalid transform expression';
      const flags = /^[a-zA-Z0-9]*/.exec(rest.slice(at))?.[0] ?? '';
      rest = rest.slice(at + flags.length).replace(/^;/, '');
      const regex = compile(
        pattern,
        flags.includes('x'),
        `${flags.includes('g') ? 'g' : ''}${flags.includes('i') ? 'i' : ''}`,
      );
      if (typeof regex === 'string') return `Invalid transform expression: ${regex}`;
      steps.push((name) =>
        name.replace(regex, (...match: readonly (string | number | undefined)[]) =>
          replacement.replace(/\\(.)|&/g, (token, char: string | undefined) => {
            if (token === '&') return String(match[0]);
            if (char !== undefined && /\d/.test(char)) return String(match[Number(char)] ?? '');
            return char === 'n' ? '\n' : (char ?? '');
          }),
        ),
      );
    }
  }
  return (name) => steps.reduce((current, step) => step(current), name);
}
