/** What a piece of a line is, for its colour. */
export type Token = 'comment' | 'string' | 'key' | 'keyword' | 'number' | 'variable' | 'special';

export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly token: Token;
}

/** SGR of each, as vim's default colours on a terminal with 8 of them. */
export const colours: Readonly<Record<Token, string>> = {
  comment: '34',
  string: '31',
  key: '36',
  keyword: '33',
  number: '31',
  variable: '35',
  special: '35',
};

type Rule = readonly [RegExp, Token];

const yaml: readonly Rule[] = [
  [/(?:^|(?<=\s))#.*/y, 'comment'],
  [/^(?:---|\.\.\.)(?=\s|$)/y, 'special'],
  [/"(?:[^"\\]|\\.)*"?|(?<=[\s:,[{-]|^)'[^']*'?/y, 'string'],
  [/(?<=^\s*|^\s*(?:- +)+|[{,]\s*)[\w./$-]+(?=\s*:(?:\s|$))/y, 'key'],
  [/(?<=[\s:[,]|^)[&*][\w-]+/y, 'special'],
  [/(?<=:\s|-\s|[[,]\s?)(?:true|false|null|yes|no|on|off|~)(?=\s*(?:$|[,\]}#]))/y, 'keyword'],
  [/(?<=:\s|-\s|[[,]\s?)[-+]?\d+(?:\.\d+)?(?=\s*(?:$|[,\]}#]))/y, 'number'],
];

const shell: readonly Rule[] = [
  [/(?:^|(?<=\s))#.*/y, 'comment'],
  [/"(?:[^"\\]|\\.)*"?|'[^']*'?/y, 'string'],
  [/\$(?:\{[^}]*\}|\w+|[?!@*#$-])/y, 'variable'],
  [
    /\b(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|return|exit|break|continue|export|local|set|echo|read|cd)\b/y,
    'keyword',
  ],
  [/\b\d+\b/y, 'number'],
];

const dockerfile: readonly Rule[] = [
  [/^\s*#.*/y, 'comment'],
  [/"(?:[^"\\]|\\.)*"?|'[^']*'?/y, 'string'],
  [/\$(?:\{[^}]*\}|\w+)/y, 'variable'],
  [
    /^\s*(?:FROM|RUN|CMD|LABEL|MAINTAINER|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL)\b/iy,
    'keyword',
  ],
  [/\bAS\b/iy, 'keyword'],
];

const json: readonly Rule[] = [
  [/"(?:[^"\\]|\\.)*"(?=\s*:)/y, 'key'],
  [/"(?:[^"\\]|\\.)*"?/y, 'string'],
  [/\b(?:true|false|null)\b/y, 'keyword'],
  [/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y, 'number'],
];

const conf: readonly Rule[] = [
  [/^\s*[#;].*/y, 'comment'],
  [/"(?:[^"\\]|\\.)*"?/y, 'string'],
  [/^\[[^\]]*\]/y, 'special'],
];

const languages: Readonly<Record<string, readonly Rule[]>> = { yaml, sh: shell, dockerfile, json, conf };

/** The language of a file, by its name or its first line. */
export function languageOf(name: string, first: string): string {
  const base = name.split('/').at(-1) ?? '';
  if (/\.ya?ml$/.test(base)) return 'yaml';
  if (/\.json$/.test(base)) return 'json';
  if (/^(Dockerfile|Containerfile)/.test(base) || base.endsWith('.dockerfile')) return 'dockerfile';
  if (
    /\.(sh|bash)$/.test(base) ||
    /^\.?(bashrc|profile|bash_profile|bash_aliases)$/.test(base) ||
    /^#!.*\b(ba|da|a)?sh\b/.test(first)
  )
    return 'sh';
  if (/\.(conf|cfg|ini|service|toml)$/.test(base)) return 'conf';
  return '';
}

/** The coloured pieces of a line. */
export function highlight(line: string, language: string): readonly Piece[] {
  const rules = languages[language];
  if (rules === undefined || line.length > 2000) return [];
  const pieces: Piece[] = [];
  for (let at = 0; at < line.length;) {
    let length = 0;
    for (const [pattern, token] of rules) {
      pattern.lastIndex = at;
      length = pattern.exec(line)?.[0].length ?? 0;
      if (length > 0) {
        pieces.push({ from: at, to: at + length, token });
        break;
      }
    }
    at += Math.max(1, length);
  }
  return pieces;
}
