import { literal } from './regex';

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** A Perl expression as JavaScript's (flag `u`), with the flags that stood in it. `\K` becomes a look behind. */
export function translatePerl(pattern: string): { readonly source: string; readonly flags: string } {
  let flags = '';
  let source = '';
  /** Where what `\K` keeps out begins: the start of the alternative at the outermost level. */
  let start = 0;
  let depth = 0;
  let index = 0;
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  if (inline !== null) {
    flags = (inline[1] ?? '').replace('x', '');
    index = inline[0].length;
  }
  while (index < pattern.length) {
    const rest = pattern.slice(index);
    const quoted = /^\\Q(.*?)(?:\\E|$)/s.exec(rest);
    if (quoted !== null) {
      source += [...(quoted[1] ?? '')].map(literal).join('');
      index += quoted[0].length;
      continue;
    }
    const char = rest.charAt(0);
    if (char === '\\') {
      const next = rest.charAt(1);
      if (next === 'K') source = `${source.slice(0, start)}(?<=${source.slice(start)})`;
      else source += escaped(next, rest);
      index += next === 'x' && rest.charAt(2) === '{' ? rest.indexOf('}') + 1 : 2;
      continue;
    }
    if (char === '[') {
      const bracket = bracketOf(rest);
      source += bracket.source;
      index += bracket.length;
      continue;
    }
    if (char === '(') {
      depth++;
      const named = /^\(\?P</.exec(rest);
      const atomic = /^\(\?>/.exec(rest);
      const comment = /^\(\?#[^)]*\)/.exec(rest);
      if (comment !== null) {
        depth--;
        index += comment[0].length;
        continue;
      }
      source += named !== null ? '(?<' : atomic !== null ? '(?:' : '(';
      index += named !== null ? 4 : atomic !== null ? 3 : 1;
      if (named === null && atomic === null && rest.charAt(1) === '?') {
        const kind = /^\(\?(<?[=!:]|<\w+>)/.exec(rest)?.[1] ?? '';
        source += kind === '' ? '' : `?${kind}`;
        index += kind === '' ? 0 : kind.length + 1;
      }
      continue;
    }
    if (char === ')') depth--;
    source +=
      char === '{' && !/^\{\d*,?\d*\}/.test(rest) ? '\\{' : char === '}' && !/\{\d*,?\d*$/.test(source) ? '\\}' : char;
    index++;
    // A possessive quantifier gives nothing back; for what people write it makes no difference.
    if (/[*+?}]/.test(char) && pattern.charAt(index) === '+') index++;
    if (char === '|' && depth === 0) start = source.length;
  }
  return { source, flags };
}

function escaped(next: string, rest: string): string {
  switch (next) {
    case 'h':
      return '[ \\t]';
    case 'H':
      return '[^ \\t]';
    case 'R':
      return '(?:\\r\\n|[\\n\\v\\f\\r])';
    case 'A':
    case 'G':
      return '^';
    case 'z':
    case 'Z':
      return '$';
    case 'N':
      return '[^\\n]';
    case 'e':
      return '\\x1b';
    case 'a':
      return '\\x07';
    case 'x':
      return rest.charAt(2) === '{' ? `\\u${rest.slice(2, rest.indexOf('}') + 1)}` : '\\x';
    default:
      return /[a-zA-Z0-9]/.test(next) ? `\\${next}` : literal(next);
  }
}

/** `[…]` with POSIX classes, its special characters escaped for the flag u. */
function bracketOf(rest: string): { readonly source: string; readonly length: number } {
  let source = '[';
  let at = 1;
  if (rest.charAt(at) === '^') {
    source += '^';
    at++;
  }
  const first = at;
  for (; at < rest.length; at++) {
    const char = rest.charAt(at);
    if (char === ']' && at > first) return { source: `${source}]`, length: at + 1 };
    const named = /^\[:(\^?)(\w+):\]/.exec(rest.slice(at));
    if (named !== null) {
      source += classes[named[2] ?? ''] ?? '';
      at += named[0].length - 1;
    } else if (char === '\\') {
      const next = rest.charAt(++at);
      source +=
        next === 'h'
          ? ' \\t'
          : /[a-zA-Z0-9]/.test(next)
            ? `\\${next}`
            : `\\${next}`.replace(/^\\([^\\\]^[\-&(){}|/$*+?.])$/, '$1');
    } else source += /[[\]&~!#%,:;<=>@`(){}|/]/.test(char) && /[[\](){}|/]/.test(char) ? `\\${char}` : char;
  }
  return { source, length: at };
}
