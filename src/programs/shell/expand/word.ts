import type { Word, WordPart } from 'unbash';
import type { Shell } from '../shell';
import { ShellError } from '../state/errors';
import { glob, ignorePatterns } from './glob';
import { bracedWords, embeddedParts } from './literal';
import { emitParameter, expandParameter, expandParameterNow, isImmediateParameter, simpleParameter } from './parameter';
import { escapePattern, escapeRegex, isPattern } from './pattern';
import { unescape } from './quote';
import { FieldSink, TextSink, type Field, type Sink } from './split';
import { normalizeBytes } from '../text';
import { withCommands } from './subscript';
import { sendLiteral, type Tilde } from './tilde-literal';

const DEFAULT_IFS = ' \t\n';

export const ifsOf = (shell: Shell): string => shell.get('IFS') ?? DEFAULT_IFS;

/** All words of a command line as fields: braces, tildes, parameters, commands, arithmetic, splitting, globbing. */
export async function expandFields(shell: Shell, words: readonly Word[]): Promise<string[]> {
  if (words.every(isImmediate)) return expandFieldsNow(shell, words);
  const fields: string[] = [];
  for (const word of words) {
    if (isPlain(word)) fields.push(word.text);
    else
      for (const each of (shell.options.has('braceexpand') ? bracedWords(word) : undefined) ?? [word])
        await expandOne(shell, each, fields);
  }
  return fields;
}

/** The same for words that are `isImmediate`. */
export function expandFieldsNow(shell: Shell, words: readonly Word[]): string[] {
  const fields: string[] = [];
  for (const word of words) {
    if (isPlain(word)) fields.push(word.text);
    else {
      const sink = new FieldSink(ifsOf(shell));
      expandWordNow(shell, word, sink, 'word');
      for (const field of sink.fields()) addField(shell, field, fields);
    }
  }
  return fields;
}

/** A word that is nothing but its text: most are. */
const isPlain = ({ parts, text, value }: Word): boolean => parts === undefined && text === value && !/^~|=~/.test(text);

async function expandOne(shell: Shell, word: Word, fields: string[]): Promise<void> {
  if (isPlain(word)) {
    fields.push(word.text);
    return;
  }
  const sink = new FieldSink(ifsOf(shell));
  await expandWord(shell, word, sink, 'word');
  for (const field of sink.fields()) addField(shell, field, fields);
}

const globbing = /[*?[\\]|[+@!]\(/;

function addField(shell: Shell, field: Field, fields: string[]): void {
  let text = '';
  let mayGlob = false;
  for (const segment of field) {
    text += segment.text;
    mayGlob ||= !segment.quoted && globbing.test(segment.text);
  }
  if (mayGlob && !shell.options.has('noglob')) {
    const pattern = field.map((segment) => (segment.quoted ? escapePattern(segment.text) : segment.text)).join('');
    if (isPattern(pattern)) {
      const found = globPaths(shell, pattern);
      if (found.length > 0) fields.push(...found);
      else if (shell.options.on('failglob')) throw new ShellError(`no match: ${text}`);
      else if (!shell.options.on('nullglob')) fields.push(text);
      return;
    }
  }
  fields.push(text);
}

/** Paths that match, as `shopt` wants them. */
export function globPaths(shell: Shell, pattern: string): string[] {
  const { options, process } = shell;
  const ignored = ignorePatterns(shell.get('GLOBIGNORE') ?? '');
  return glob(process.fs, pattern, {
    dotglob: options.on('dotglob') || ignored.length > 0,
    dots: !options.on('globskipdots'),
    ignored,
    globstar: options.on('globstar'),
    ignoreCase: options.on('nocaseglob'),
  });
}

/** A word as one text: assignments, here-strings, `case` words. */
export async function expandText(shell: Shell, word: Word, tilde: Tilde = 'word'): Promise<string> {
  if (isImmediate(word)) return expandTextNow(shell, word, tilde);
  const sink = new TextSink(undefined, tilde === 'assignment');
  await expandWord(shell, word, sink, tilde);
  return sink.text;
}

/** The same for a word that `isImmediate`. */
export function expandTextNow(shell: Shell, word: Word, tilde: Tilde): string {
  if (isPlain(word) && (tilde !== 'assignment' || !word.text.includes('~'))) return word.text;
  const sink = new TextSink(undefined, tilde === 'assignment');
  expandWordNow(shell, word, sink, tilde);
  return sink.text;
}

/** A word as a pattern: what was quoted is protected by backslashes. */
export async function expandPattern(shell: Shell, word: Word): Promise<string> {
  const sink = new TextSink(escapePattern);
  if (isImmediate(word)) expandWordNow(shell, word, sink, 'word');
  else await expandWord(shell, word, sink, 'word');
  return sink.text;
}

/** A word as the right side of `=~`: what was quoted is protected. */
export async function expandRegex(shell: Shell, word: Word): Promise<string> {
  const sink = new TextSink(escapeRegex);
  await expandWord(shell, word, sink, 'word', true);
  return sink.text;
}

/** A text with expansions that is read like the inside of double quotes (arithmetic, prompts, here-documents). */
export async function expandEmbedded(shell: Shell, text: string): Promise<string> {
  const parts = embeddedParts(text);
  if (parts === undefined) return text;
  const sink = new TextSink();
  await expandQuoted(shell, parts, sink);
  return sink.text;
}

/** The text between `((` and `))` after its expansions. */
export async function expandArithmetic(shell: Shell, text: string): Promise<string> {
  const expanded = await expandEmbedded(shell, text);
  return expanded.includes('"') ? expanded.replaceAll('"', '') : expanded;
}

/** Nothing in it runs a command, so that `expandWordNow` can do it: nearly all words. */
export const isImmediate = ({ parts }: Word): boolean => parts === undefined || parts.every(isImmediatePart);

/** The same for a part of a word. */
export function isImmediatePart(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'AnsiCQuoted':
    case 'SingleQuoted':
    case 'SimpleExpansion':
      return true;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.every(isImmediatePart);
    case 'ParameterExpansion':
      return isImmediateParameter(part);
    case 'Glob':
      return part.parts === undefined || !part.parts.some(isExpansion);
    default:
      return false;
  }
}

/** Sends the pieces of a word that `isImmediate` to a sink. */
export function expandWordNow(shell: Shell, word: Word, sink: Sink, tilde: Tilde, regex = false): void {
  const { parts } = word;
  if (parts === undefined) {
    sendLiteral(shell, word.text, sink, tilde, true, regex);
    return;
  }
  let first = true;
  for (const part of parts) {
    const here = first ? tilde : tilde === 'assignment' ? 'assignment' : 'none';
    expandPartNow(shell, part, sink, here, first, regex);
    first = false;
  }
}

/** `$'…'`: characters that no Unicode has are bytes, too; a NUL ends it. */
const ansiText = (text: string): string =>
  normalizeBytes(unescape(text.slice(2, -1), 'ansi').text.replace(/\0[^]*$/, ''));

/** What needs no command to run; false where it is something else. */
function expandPartNow(
  shell: Shell,
  part: WordPart,
  sink: Sink,
  tilde: Tilde,
  first: boolean,
  regex: boolean,
): boolean {
  switch (part.type) {
    case 'Literal':
      sendLiteral(shell, part.text, sink, tilde, first, regex);
      return true;
    case 'AnsiCQuoted':
      // dash knows no $'…': a dollar and quotes.
      if (shell.dialect === 'dash') sink.quoted(`$${part.text.slice(2, -1)}`);
      else sink.quoted(ansiText(part.text));
      return true;
    case 'SingleQuoted':
      sink.quoted(part.value);
      return true;
    case 'DoubleQuoted':
    case 'LocaleString':
      if (part.parts.length === 0) sink.quoted('');
      else if (part.parts.every(isImmediatePart)) expandQuotedNow(shell, part.parts, sink);
      else return false;
      return true;
    case 'SimpleExpansion':
      emitParameter(shell, simpleParameter(shell, part.text), sink, false);
      return true;
    case 'ParameterExpansion':
      if (!isImmediateParameter(part)) return false;
      expandParameterNow(shell, part, sink, false);
      return true;
    case 'Glob':
      if (part.parts?.some(isExpansion) === true) return false;
      sendLiteral(shell, part.text, sink, 'none', false, regex);
      return true;
    default:
      return false;
  }
}

/** Sends a word's pieces to a sink. */
export async function expandWord(shell: Shell, word: Word, sink: Sink, tilde: Tilde, regex = false): Promise<void> {
  const { parts } = word;
  if (parts === undefined) sendLiteral(shell, word.text, sink, tilde, true, regex);
  else await expandParts(shell, parts, sink, tilde, regex);
}

async function expandParts(
  shell: Shell,
  parts: readonly WordPart[],
  sink: Sink,
  tilde: Tilde,
  regex = false,
): Promise<void> {
  let first = true;
  for (const part of parts) {
    const here = first ? tilde : tilde === 'assignment' ? 'assignment' : 'none';
    if (!expandPartNow(shell, part, sink, here, first, regex)) await expandPart(shell, part, sink, regex);
    first = false;
  }
}

/** What `expandPartNow` leaves. */
async function expandPart(shell: Shell, part: WordPart, sink: Sink, regex: boolean): Promise<void> {
  switch (part.type) {
    case 'DoubleQuoted':
    case 'LocaleString':
      await expandQuoted(shell, part.parts, sink);
      return;
    case 'ParameterExpansion':
      await expandParameter(shell, part, sink, false);
      return;
    case 'CommandExpansion':
      if (part.script !== undefined) sink.split(await shell.interpreter.substitute(shell, part.script, part.text));
      return;
    case 'ArithmeticExpansion':
      sink.split(await arithmeticText(shell, part.text));
      return;
    case 'ProcessSubstitution':
      if (part.script !== undefined) {
        sink.quoted(await shell.interpreter.substituteProcess(shell, part.script, part.operator));
      }
      return;
    case 'Glob':
      sink.plain('[');
      await expandParts(shell, part.parts ?? [], sink, 'none');
      sink.plain(']');
      return;
    case 'ExtendedGlob':
      sink.plain(`${part.operator}(`);
      if (part.parts === undefined) sendLiteral(shell, part.pattern, sink, 'none', false, regex);
      else await expandParts(shell, part.parts, sink, 'none');
      sink.plain(')');
      return;
    case 'BraceExpansion':
      if (part.parts === undefined) sendLiteral(shell, part.text, sink, 'none', false, regex);
      else {
        sink.plain('{');
        await expandParts(shell, part.parts, sink, 'none');
        sink.plain('}');
      }
      return;
    case 'Literal':
    case 'AnsiCQuoted':
    case 'SingleQuoted':
    case 'SimpleExpansion':
      return;
  }
}

const isExpansion = ({ type }: WordPart): boolean => type !== 'Literal';

/** The inside of double quotes. `"$@"` without parameters makes no field, if nothing else is there. */
export async function expandQuoted(shell: Shell, parts: readonly WordPart[], sink: Sink): Promise<void> {
  const pending = emptyAware(sink, parts);
  for (const part of parts) {
    if (quotedPartNow(shell, part, pending)) continue;
    switch (part.type) {
      case 'ParameterExpansion':
        await expandParameter(shell, part, pending, true);
        break;
      case 'CommandExpansion':
        if (part.script !== undefined)
          pending.quoted(await shell.interpreter.substitute(shell, part.script, part.text));
        break;
      case 'ArithmeticExpansion':
        pending.quoted(await arithmeticText(shell, part.text));
        break;
      default:
        await expandPart(shell, part, pending, false);
    }
  }
}

/** The same where all parts are immediate. */
export function expandQuotedNow(shell: Shell, parts: readonly WordPart[], sink: Sink): void {
  const pending = emptyAware(sink, parts);
  for (const part of parts) quotedPartNow(shell, part, pending);
}

/** One part inside double quotes; false where a command must run. */
function quotedPartNow(shell: Shell, part: WordPart, sink: Sink): boolean {
  switch (part.type) {
    case 'Literal':
      sink.quoted(part.value);
      return true;
    case 'SimpleExpansion':
      emitParameter(shell, simpleParameter(shell, part.text), sink, true);
      return true;
    case 'ParameterExpansion':
      if (!isImmediateParameter(part)) return false;
      expandParameterNow(shell, part, sink, true);
      return true;
    default:
      return expandPartNow(shell, part, sink, 'none', false, false);
  }
}

const emptyAware = (sink: Sink, parts: readonly WordPart[]): Sink => (parts.some(isList) ? new EmptyAware(sink) : sink);

/** Swallows empty quoted pieces where an `@` stands among the parts, so that no parameters make no field. */
class EmptyAware implements Sink {
  readonly joins: boolean;

  constructor(readonly sink: Sink) {
    this.joins = sink.joins;
  }

  quoted(text: string): void {
    if (text !== '') this.sink.quoted(text);
  }

  plain(text: string): void {
    this.sink.plain(text);
  }

  split(text: string): void {
    this.sink.split(text);
  }

  boundary(quoted: boolean): void {
    this.sink.boundary(quoted);
  }

  element(text: string): void {
    this.sink.quoted(text);
  }
}

function isList(part: WordPart): boolean {
  if (part.type === 'SimpleExpansion') return part.text === '$@';
  if (part.type === 'ParameterExpansion' && part.prefix === '!' && part.operation !== undefined) return false;
  return (
    part.type === 'ParameterExpansion' && (part.parameter === '@' || part.index?.text === '@') && part.prefix !== '#'
  );
}

async function arithmeticText(shell: Shell, text: string): Promise<string> {
  const body = text.startsWith('$[') ? text.slice(2, -1) : text.replace(/^\$(?:\\\n)*\(\(/, '').slice(0, -2);
  const expression = await expandArithmetic(shell, body);
  return String(await withCommands(shell, () => shell.arithmetic(expression)));
}
