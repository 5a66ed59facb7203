/** Where a scan of SQL stands: what psql's prompt tells by its last but one character. */
export interface Scan {
  /** Statements that ended with a semicolon, without it. */
  readonly statements: readonly string[];
  /** What follows the last semicolon. */
  readonly rest: string;
  /** `'`, `"`, `$`, `*` (comment), `(`; `-` within a statement, `=` before one. */
  readonly inside: string;
}

/** Splits SQL at the semicolons that end statements: not those in quotes, dollar quotes, comments, parentheses or BEGIN ATOMIC. */
export function scan(sql: string): Scan {
  const statements: string[] = [];
  let start = 0;
  let depth = 0;
  let inside = '';
  let at = 0;
  const skipTo = (end: number, open: string, length: number): void => {
    if (end < 0) {
      inside = open;
      at = sql.length;
    } else at = end + length;
  };
  while (at < sql.length) {
    const char = sql.charAt(at);
    const two = sql.slice(at, at + 2);
    if (char === "'") {
      const escapes = /(^|[^\w$])[eE]$/.test(sql.slice(Math.max(0, at - 2), at));
      skipTo(endOfQuote(sql, at + 1, "'", escapes), "'", 1);
    } else if (char === '"') skipTo(endOfQuote(sql, at + 1, '"', false), '"', 1);
    else if (two === '--') {
      const end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length : end;
    } else if (two === '/*') skipTo(sql.indexOf('*/', at + 2), '*', 2);
    else if (char === '$' && !/[\w$]/.test(sql.charAt(at - 1))) {
      const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(sql.slice(at, at + 80))?.[0];
      if (tag === undefined) at++;
      else skipTo(sql.indexOf(tag, at + tag.length), '$', tag.length);
    } else {
      if (char === '(') depth++;
      else if (char === ')') depth = Math.max(0, depth - 1);
      else if (char === ';' && depth === 0) {
        statements.push(sql.slice(start, at));
        start = at + 1;
      }
      at++;
    }
  }
  const rest = sql.slice(start);
  if (inside === '') inside = depth > 0 ? '(' : blank(rest) ? '=' : '-';
  return { statements, rest, inside };
}

/** Only white space and comments? */
export const blank = (sql: string): boolean => withoutComments(sql).trim() === '';

/** SQL without the comments before its first word. */
export const withoutComments = (sql: string): string => sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)+/, '');

function endOfQuote(sql: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < sql.length; at++) {
    if (escapes && sql[at] === '\\') at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at;
      at++;
    }
  }
  return -1;
}

/** All statements of a text that are more than comments. */
export function statementsOf(sql: string): readonly string[] {
  const { statements, rest } = scan(sql);
  return [...statements, rest].filter((statement) => !blank(statement));
}

/** A name as SQL reads it: folded unless quoted. */
export const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();

/** A name in quotes. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A text as a literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
