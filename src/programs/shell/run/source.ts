import { expandAliases } from '../parse/aliases';
import { Source } from '../parse/source';
import { maskPlain } from '../parse/check';
import { parseSource, type CommandLine, type Parsed, type SyntaxFault } from '../parse/syntax';
import type { CommandOptions, Shell } from '../shell';
import { Exit, ShellError } from '../state/errors';
import { remember } from '../builtins/history';
import { errorText } from './io';
import { wording } from './plain-messages';

/** What was made of texts, up to so many letters of them: then it begins anew. */
class Memory<T> {
  readonly #known = new Map<string, T>();
  #letters = 0;

  get(text: string): T | undefined {
    return this.#known.get(text);
  }

  set(text: string, value: T): void {
    if (text.length > LONGEST) return;
    this.#letters += text.length;
    if (this.#letters > LETTERS) {
      this.#known.clear();
      this.#letters = text.length;
    }
    this.#known.set(text, value);
  }
}

/** Scripts that containers start with are read again in each of them. */
const LONGEST = 8_000;
const LETTERS = 200_000;
const parsed = new Memory<Parsed>();
const masked = new Memory<string>();

/** Parses a text; remembers it: traps, `eval`, PROMPT_COMMAND and entry points run the same over and over. */
function parseCached(source: Source, strict: boolean, plain: boolean): Parsed {
  const key = `${plain ? '-' : strict ? '' : '+'} ${source.text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const fresh = parseSource(source, strict, plain);
  if (fresh.fault === undefined && fresh.lines.every(({ warnings }) => warnings.length === 0)) {
    parsed.set(key, fresh);
  }
  return fresh;
}

function maskCached(text: string): string {
  const known = masked.get(text);
  if (known !== undefined) return known;
  const fresh = maskPlain(text);
  masked.set(text, fresh);
  return fresh;
}

/**
 * Runs a text in this shell line by line: a fault in a later line does not keep the earlier ones from running, and an
 * error abandons its line only. Aliases act on lines after the one that defines them.
 */
export async function runSource(shell: Shell, given: Source, options: CommandOptions = {}): Promise<number> {
  const source = shell.dialect === 'dash' ? given.withText(maskCached(given.text)) : given;
  const outer = shell.source;
  const position = shell.position;
  shell.source = source;
  try {
    const whole = parseCached(source, !shell.options.on('extglob'), shell.dialect === 'dash');
    if (whole.fault !== undefined && mayAlias(shell, source)) return await runByLine(shell, source);
    return await runParsed(shell, source, whole, options);
  } finally {
    shell.source = outer;
    shell.position = position;
  }
}

/** Aliases may make sense of what makes none by itself. */
const mayAlias = (shell: Shell, { text }: Source): boolean =>
  text.includes('\n') &&
  (text.includes('expand_aliases') || (shell.aliases.size > 0 && shell.options.on('expand_aliases')));

/** Line by line, as aliases want it that change how the following lines are read. */
async function runByLine(shell: Shell, source: Source): Promise<number> {
  const lines = source.text.replace(/\n$/, '').split('\n');
  let position = 0;
  for (let index = 0; index < lines.length;) {
    const number = source.lineAt(position);
    let text = '';
    do {
      const line = `${lines[index++] ?? ''}\n`;
      text += line;
      position += line.length;
    } while (index < lines.length && wantsMore(aliased(shell, text) ?? text));
    const chunk = new Source(text, source.name, source.kind, number, source.label);
    shell.source = chunk;
    const expanded = aliased(shell, text);
    const read = expanded === undefined ? chunk : new Source(expanded, source.name, source.kind, number, source.label);
    await runParsed(shell, read, parseSource(read, false, shell.dialect === 'dash'), {});
    if (shell.flow !== undefined) break;
  }
  return shell.status;
}

/** Whether a text is the beginning of a command. */
export function wantsMore(text: string): boolean {
  const { fault, openEnded } = parseSource(new Source(text, ''));
  return fault?.unfinished ?? openEnded;
}

async function runParsed(
  shell: Shell,
  source: Source,
  { lines, fault }: Parsed,
  options: CommandOptions,
): Promise<number> {
  if (lines.length === 0 && fault === undefined) shell.status = 0;
  for (const [index, line] of lines.entries()) {
    const last = options.last === true && index === lines.length - 1 && fault === undefined;
    await runLine(shell, source, line, last ? options : {});
    if (shell.flow !== undefined) return shell.status;
  }
  if (fault !== undefined) await reportFault(shell, source, fault);
  return shell.status;
}

async function runLine(shell: Shell, source: Source, line: CommandLine, options: CommandOptions): Promise<void> {
  if (shell.options.has('noexec')) return;
  for (const { line: at, message } of line.warnings) {
    const head = shell.typedTo ? `${shell.name}: ` : `${source.name}: line ${at}: `;
    if (shell.dialect === 'bash') await errorText(shell, `${head}warning: ${message}\n`);
  }
  const first = line.statements[0];
  const last = line.statements.at(-1);
  if (first === undefined || last === undefined) return;
  if (shell.options.has('verbose')) await errorText(shell, `${source.text.slice(first.pos, last.end)}\n`);
  if (source.kind !== 'eval') shell.commandNumber++;
  // `set -o history` in a script.
  if (shell.options.has('history') && !shell.interactive && source.kind !== 'eval')
    remember(shell, source.text.slice(first.pos, last.end));
  const expanded = aliased(shell, source.text.slice(first.pos, last.end));
  if (expanded === undefined) {
    await abandoning(shell, () => shell.interpreter.list(shell, line.statements, options));
    return;
  }
  const replaced = new Source(`${expanded}\n`, source.name, source.kind, source.lineAt(first.pos));
  shell.source = replaced;
  const again = parseSource(replaced, false, shell.dialect === 'dash');
  for (const each of again.lines) await abandoning(shell, () => shell.interpreter.list(shell, each.statements, {}));
  if (again.fault !== undefined) await reportFault(shell, replaced, again.fault);
  shell.source = source;
}

/** A text with aliases replaced; undefined if there are none in it. */
export function aliased(shell: Shell, text: string): string | undefined {
  if (shell.aliases.size === 0 || !shell.options.on('expand_aliases')) return undefined;
  const expanded = expandAliases(text, (name) => shell.aliases.get(name));
  return expanded === text ? undefined : expanded;
}

/** An error in a line of a script ends that line; `exits` ends a shell that is not interactive. */
async function abandoning(shell: Shell, run: () => Promise<number>): Promise<void> {
  const { tested, loopDepth, traceDepth } = shell;
  try {
    await run();
  } catch (error) {
    // At a prompt the whole typed line goes, so whoever reads lines looks at it.
    const { kind } = shell.source;
    const typed =
      kind === 'prompt' || (error instanceof ShellError && error.exits && shell.interactive && kind !== 'command');
    if (!(error instanceof ShellError) || typed || (error.discards && kind === 'eval')) throw error;
    if (error.message !== '')
      await errorText(shell, `${error.prefix ?? shell.ownPrefix}${wording(shell, error.message)}\n`);
    shell.running = undefined;
    shell.tested = tested;
    shell.loopDepth = loopDepth;
    shell.traceDepth = traceDepth;
    // bash leaves -c by another way than a script, with another status (EX_NOTFOUND).
    const fatal = error.exits && shell.source.kind === 'command' && shell.dialect === 'bash';
    const status = shell.dialect === 'bash' ? error.status : Math.max(2, error.status);
    shell.status = fatal && !shell.options.has('errexit') ? 127 : status;
    if (error.discards && kind === 'command') throw new Exit(error.status);
    if ((error.exits && !shell.interactive) || shell.options.has('errexit') || shell.dialect !== 'bash') {
      throw new Exit(shell.status);
    }
  }
}

/** Tells of a syntax error in bash's (or the plain shells') words; status 2. */
export async function reportFault(shell: Shell, source: Source, fault: SyntaxFault): Promise<void> {
  const { line, messages, shown, effect, rest } = fault;
  const before = shell.status;
  shell.status = 2;
  if (shell.dialect !== 'bash') {
    const where =
      shell.dialect === 'ash' ? (source.kind === 'file' ? `line ${line}: ` : '') : `${lineInDash(source, fault)}: `;
    const dash = shell.dialect === 'dash';
    const head = dash ? `${shell.name}: ${where}${shell.readIn(source)}` : `${source.name}: ${where}`;
    await errorText(shell, `${head}${plainFault(shell, fault)}\n`);
    throw new Exit(2);
  }
  const head = source.kind === 'eval' && effect !== undefined ? `${shell.name}: ` : faultHead(shell, source, line);
  for (const message of messages) await errorText(shell, `${head}${message}\n`);
  const typed = head === `${shell.name}: ` && source.kind !== 'eval';
  if (shown !== undefined && !typed) await errorText(shell, `${head}\`${shown}'\n`);
  if (effect === 'array') {
    shell.status = 1;
    if (rest !== undefined && rest !== '') await runSource(shell, new Source(rest, source.name, source.kind, line + 1));
    return;
  }
  const whole = source.kind === 'command' || source.kind === 'file' || source.kind === 'stdin';
  if (shell.interactive || !whole) return;
  if (effect === 'substitution') throw new Exit(source.kind === 'command' ? 127 : 2);
  if (shell.sourceDepth > 0) return;
  throw new Exit(effect === 'conditional' && rest !== undefined ? before : 2);
}

/** parser_error() of bash's error.c. */
function faultHead(shell: Shell, { name, kind, label }: Source, line: number): string {
  if (kind === 'prompt' || (kind === 'eval' && shell.typedTo)) return `${shell.name}: `;
  if (kind === 'eval') return `${name}: ${label ?? shell.running ?? 'eval'}: line ${line}: `;
  if (kind === 'command') return `${name}: -c: line ${line}: `;
  return shell.typedTo ? `${shell.name}: ${name}: line ${line}: ` : `${name}: line ${line}: `;
}

/** dash counts no line behind the last newline. */
const lineInDash = ({ text }: Source, { line, atEnd, messages }: SyntaxFault): number =>
  line - ((atEnd === true || /matching `\)'/.test(messages[0] ?? '')) && !text.endsWith('\n') && line > 1 ? 1 : 0);

/** dash: `Syntax error: "done" unexpected`, ash: `syntax error: unexpected "done"`. */
function plainFault(shell: Shell, { messages: [message = ''], expecting }: SyntaxFault): string {
  if (message.startsWith('Syntax error: ')) return shell.dialect === 'ash' ? message.replace('S', 's') : message;
  const wanted = expecting === undefined ? '' : ` (expecting "${expecting}")`;
  const [, token] = /unexpected token `(.*)'/s.exec(message) ?? [];
  const [, quote] = /matching `(.)'/.exec(message) ?? [];
  if (shell.dialect === 'ash') {
    if (quote !== undefined) return `syntax error: unterminated quoted string`;
    return `syntax error: unexpected ${token === undefined ? 'end of file' : `"${token}"`}`;
  }
  if (quote === '"' || quote === "'") return 'Syntax error: Unterminated quoted string';
  if (quote === '`') return 'Syntax error: EOF in backquote substitution';
  if (quote === '}') return "Syntax error: Missing '}'";
  if (quote === ')') return 'Syntax error: end of file unexpected (expecting ")")';
  return `Syntax error: ${tokenInDash(token, expecting)} unexpected${wanted}`;
}

const reserved = new Set('! { } case do done elif else esac fi for if in then until while'.split(' '));

/** tokname[] of dash: words and redirections are not quoted. */
function tokenInDash(token: string | undefined, expecting: string | undefined): string {
  if (token === undefined) return 'end of file';
  if (token === 'newline') return 'newline';
  if (/[<>]/.test(token)) return 'redirection';
  // Where a pattern or `()` is read, no word is reserved.
  if (/^[;&|()]+$/.test(token) || (reserved.has(token) && expecting !== ')')) return `"${token}"`;
  return 'word';
}
