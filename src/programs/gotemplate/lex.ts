/** What the lexer of text/template tells apart. */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'string'
  | 'number'
  | 'char'
  | 'bool'
  | 'nil'
  | 'dot'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'leftParen'
  | 'rightParen'
  | 'space'
  | 'eof';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

/** A template that does not parse; the message is the one of Go. */
export class ParseError extends Error {}

const keywords = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue']);

/** Tokens inside an action, tried in order. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['comma', /,/y],
  ['leftParen', /\(/y],
  ['rightParen', /\)/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\.)+'/y],
  ['number', /[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y],
  ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ['dot', /\./y],
  ['identifier', /[\p{L}_][\p{L}\p{N}_]*/uy],
];

/** Splits a template into text and the tokens of its actions; trim markers and comments are already dealt with. */
export function lex(source: string, fail: (at: number, message: string) => never): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    const until = open === -1 ? source.length : open;
    const trims = open !== -1 && /^\{\{-\s/.test(source.slice(open, open + 4));
    pushText(source.slice(at, until), at);
    if (open === -1) break;
    at = open + (trims ? 3 : 2);
    const comment = /\s*\/\*[\s\S]*?\*\//y;
    comment.lastIndex = at;
    const found = comment.exec(source);
    if (found !== null) {
      const end = /(\s-)?\}\}/y;
      end.lastIndex = comment.lastIndex;
      const closing = end.exec(source);
      if (closing === null) fail(open, 'comment ends before closing delimiter');
      else {
        trimNext = closing[1] !== undefined;
        at = end.lastIndex;
      }
      continue;
    }
    tokens.push({ kind: 'open', text: '{{', at: open });
    at = action(at);
  }
  tokens.push({ kind: 'eof', text: '', at: source.length });
  return tokens;

  function pushText(raw: string, from: number): void {
    let text = raw;
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, '');
    trimNext = false;
    const end = from + raw.length;
    if (/^\{\{-\s/.test(source.slice(end, end + 4))) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') tokens.push({ kind: 'text', text, at: from });
  }

  function action(start: number): number {
    let at = start;
    let depth = 0;
    for (;;) {
      const close = /(\s-)?\}\}/y;
      close.lastIndex = at;
      const closing = close.exec(source);
      if (closing !== null) {
        if (depth > 0) fail(at, 'unclosed left paren');
        trimNext = closing[1] !== undefined;
        tokens.push({ kind: 'close', text: '}}', at });
        return close.lastIndex;
      }
      if (at >= source.length) fail(start, 'unclosed action');
      const token = one(at);
      if (token.kind === 'leftParen') depth++;
      if (token.kind === 'rightParen' && --depth < 0) fail(at, 'unexpected right paren');
      tokens.push(token);
      at += token.text.length;
    }
  }

  function one(at: number): Token {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const text = pattern.exec(source)?.[0];
      if (text === undefined || text === '') continue;
      return { kind: kind === 'identifier' ? wordKind(text) : kind, text, at };
    }
    const char = source.charAt(at);
    if (char === '"') fail(at, 'unterminated quoted string');
    if (char === '`') fail(at, 'unterminated raw quoted string');
    if (char === "'") fail(at, 'unterminated character constant');
    const code = (source.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return fail(at, `unrecognized character in action: U+${code} '${char}'`);
  }
}

function wordKind(word: string): TokenKind {
  if (keywords.has(word)) return 'keyword';
  if (word === 'true' || word === 'false') return 'bool';
  return word === 'nil' ? 'nil' : 'identifier';
}
