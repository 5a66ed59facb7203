import { forEachChild, parse, type ParseError, type ParsedScript, type Statement, type SyntaxNode } from 'unbash';
import { check, type Found } from './check';
import type { FaultEffect } from './check/fault';
import { type Source } from './source';

/** Why a text is not a script, in bash's words; `line` is counted from the source's first. */
export interface SyntaxFault {
  readonly line: number;
  /** `syntax error near unexpected token `done'`; several where bash says several things, none where it is silent. */
  readonly messages: readonly string[];
  /** The offending line, which bash prints after the message. */
  readonly shown: string | undefined;
  /** The text may become right if more follows. */
  readonly unfinished: boolean;
  /** What dash says it would have expected. */
  readonly expecting?: string | undefined;
  /** It is the end of the text that is wrong. */
  readonly atEnd?: boolean;
  /**
   * What becomes of a shell that is not typed to, if it does not simply end with 2: a fault in `a=(…)` costs only its
   * line, one in `[[ ]]` leaves `$?` as it was, one in `$( )` ends `-c` with 127.
   */
  readonly effect?: FaultEffect | undefined;
  /** What comes behind the line with the fault; undefined if the fault is that the text ends. */
  readonly rest?: string | undefined;
}

/** Commands that bash reads together: what is on one (logical) line. */
export interface CommandLine {
  readonly statements: readonly Statement[];
  /** Here-documents that ran into the end of the text: `here-document at line 1 delimited by end-of-file (wanted `EOF')`. */
  readonly warnings: readonly { readonly line: number; readonly message: string }[];
}

export interface Parsed {
  readonly source: Source;
  readonly lines: readonly CommandLine[];
  /** Where the text stops being a script; the lines before it run. */
  readonly fault: SyntaxFault | undefined;
  /** Only the end of a here-document is missing, or what follows a backslash: a terminal asks for more. */
  readonly openEnded: boolean;
}

/** Parses a text into command lines, as far as it goes. `strict`: as bash without `extglob`; `plain`: as dash. */
export function parseSource(source: Source, strict = false, plain = false): Parsed {
  const { text } = source;
  const script = parse(text);
  const deep = findDeep(script, text);
  const found = check(text, !strict, plain);
  const fault = found === undefined ? firstFault(source, [...(script.errors ?? []), ...deep.errors]) : undefined;
  const lines =
    found === undefined
      ? group(script.commands, text, fault?.position ?? Infinity)
      : group(script.commands, text, Infinity).filter(([first]) => (first?.pos ?? 0) < found.lineStart);
  return {
    source,
    lines: lines.map((statements) => ({ statements, warnings: warningsOf(statements, deep.openHereDocs, source) })),
    fault: found === undefined ? fault?.fault : checkedFault(source, found),
    openEnded: deep.openHereDocs.length > 0 || endsInBackslash(text),
  };
}

function checkedFault(source: Source, { fault }: Found): SyntaxFault {
  const { text } = source;
  const { position, messages, options } = fault;
  const { atEnd = false, shown = false, unfinished = false, effect, expecting } = options;
  const line = atEnd
    ? source.lineAt(text.length) + (text.endsWith('\n') ? 0 : 1)
    : source.lineAt(Math.min(position, text.length));
  const newline = text.indexOf('\n', position);
  // undefined: the end of all text is what is wrong.
  const rest = text.slice(position).trim() === '' ? undefined : newline < 0 ? '' : text.slice(newline + 1);
  return {
    line,
    messages,
    shown: shown ? source.lineText(position) : undefined,
    unfinished,
    effect,
    rest,
    expecting,
    atEnd,
  };
}

const endsInBackslash = (text: string): boolean => {
  const [end] = /\\*\n?$/.exec(text) ?? [''];
  return end.replace('\n', '').length % 2 === 1;
};

type OpenHereDoc = Extract<SyntaxNode, { type: 'HereDoc' }>;

/** Errors inside `$( )` (bash parses those with the line) and here-documents without an end. */
function findDeep(script: ParsedScript, text: string): { errors: ParseError[]; openHereDocs: OpenHereDoc[] } {
  const errors: ParseError[] = [];
  const openHereDocs: OpenHereDoc[] = [];
  if (!text.includes('$(') && !text.includes('<<') && !text.includes('<(') && !text.includes('>(')) {
    return { errors, openHereDocs };
  }
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'HereDoc' && node.closing === undefined && node.delimiter !== undefined) openHereDocs.push(node);
    if (node.type === 'CommandExpansion' && node.text.startsWith('`')) return;
    if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') {
      errors.push(...(node.script?.errors ?? []).map((error) => atParenthesis(error, node.end)));
    }
    forEachChild(node, visit);
  };
  visit(script);
  return { errors, openHereDocs };
}

/** What ends early inside `$( )` ends at its parenthesis, not at the end of the text. */
const atParenthesis = (error: ParseError, end: number): ParseError =>
  error.message.startsWith('unterminated') ? error : { message: error.message, pos: Math.min(error.pos, end - 1) };

function firstFault(
  source: Source,
  errors: readonly ParseError[],
): { readonly fault: SyntaxFault; readonly position: number } | undefined {
  let first: ParseError | undefined;
  for (const error of errors) if (first === undefined || error.pos < first.pos) first = error;
  return first === undefined ? undefined : { fault: describe(source, first), position: first.pos };
}

const closers: Readonly<Record<string, string>> = {
  'double quote': '"',
  'single quote': "'",
  'ANSI-C quote': "'",
  backtick: '`',
  'parameter expansion': '}',
  'array subscript': ']',
};

function describe(source: Source, error: ParseError): SyntaxFault {
  const { message } = error;
  // An empty `{` or `(` is told at the bracket; what is wrong is what follows it.
  const pos = /^expected command in (brace group|subshell)$/.test(message) ? error.pos + 1 : error.pos;
  const [, what] = /^unterminated (.*)$/.exec(message) ?? [];
  if (what !== undefined) {
    return {
      line: source.lineAt(pos) + (what === 'command substitution' ? 1 : 0),
      messages: [`unexpected EOF while looking for matching \`${closers[what] ?? ')'}'`],
      shown: undefined,
      unfinished: true,
    };
  }
  const position = skipBlanks(source.text, pos);
  const token = tokenAt(source.text, position);
  if (token === undefined) {
    const { text } = source;
    const line = source.lineAt(text.length) + (text.endsWith('\n') ? 0 : 1);
    return { line, messages: ['syntax error: unexpected end of file'], shown: undefined, unfinished: true };
  }
  return {
    line: source.lineAt(position),
    messages: [`syntax error near unexpected token \`${token}'`],
    shown: source.lineText(position),
    unfinished: false,
  };
}

function skipBlanks(text: string, start: number): number {
  let index = start;
  for (;;) {
    while (/[ \t]/.test(text.charAt(index)) || text.startsWith('\\\n', index))
      index += text.charAt(index) === '\\' ? 2 : 1;
    if (text.charAt(index) !== '#') break;
    const end = text.indexOf('\n', index);
    index = end < 0 ? text.length : end;
  }
  // A newline alone at the very end is the end.
  return text.slice(index).trim() === '' ? text.length : index;
}

const operators = ['&>>', ';;&', '<<-', '<<<', '&&', '||', ';;', ';&', '<<', '<&', '>&', '>>', '>|', '<>', '&>', '|&'];

/** The token at a position as bash's messages name it; undefined at the end. */
function tokenAt(text: string, position: number): string | undefined {
  if (position >= text.length) return undefined;
  if (text.charAt(position) === '\n') return 'newline';
  const operator = operators.find((candidate) => text.startsWith(candidate, position));
  if (operator !== undefined) return operator;
  if ('()<>;&|'.includes(text.charAt(position))) return text.charAt(position);
  return /^(?:\\.|[^\s()<>;&|])+/s.exec(text.slice(position))?.[0] ?? text.charAt(position);
}

/** Statements by line, up to a fault. */
function group(statements: readonly Statement[], text: string, faultAt: number): Statement[][] {
  const lines: Statement[][] = [];
  let end = -1;
  for (const statement of statements) {
    const sameLine = end >= 0 && !text.slice(end, statement.pos).includes('\n');
    if (sameLine) lines.at(-1)?.push(statement);
    else lines.push([statement]);
    end = statement.end;
  }
  if (faultAt === Infinity) return lines;
  const before = lines.findIndex((line) => !endsBefore(line, text, faultAt));
  return before < 0 ? lines : lines.slice(0, before);
}

function endsBefore(line: readonly Statement[], text: string, position: number): boolean {
  const last = line.at(-1);
  if (last === undefined || last.end <= last.pos || last.end > position) return false;
  return text.slice(last.end, position).includes('\n');
}

function warningsOf(
  statements: readonly Statement[],
  openHereDocs: readonly OpenHereDoc[],
  source: Source,
): CommandLine['warnings'] {
  const first = statements[0];
  const last = statements.at(-1);
  if (first === undefined || last === undefined) return [];
  return openHereDocs
    .filter(({ pos }) => pos >= first.pos && pos < last.end)
    .map(({ pos, delimiter }) => ({
      line: source.lineAt(source.text.replace(/\n$/, '').length),
      message: `here-document at line ${source.lineAt(pos)} delimited by end-of-file (wanted \`${delimiter?.value ?? ''}')`,
    }));
}
