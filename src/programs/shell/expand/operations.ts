import type { ParameterOperation } from 'unbash';
import type { Shell } from '../shell';
import { ShellError } from '../state/errors';
import { valueAttributes, declarationOf } from '../state/describe';
import { AssociativeArray, IndexedArray } from '../state/values';
import { normalizeBytes } from '../text';
import { emitParameter, joiner, refuseUnset, type Parameter, type ParameterReference } from './parameter';
import { escapePattern, finder, matches, prefixLength, suffixStart } from './pattern';
import { quoteIfNeeded, singleQuote, unescape } from './quote';
import { TextSink, type Sink } from './split';
import {
  expandArithmetic,
  expandPattern,
  expandQuoted,
  expandQuotedNow,
  expandWord,
  expandWordNow,
  isImmediate,
} from './word';
import { expandPrompt } from './prompt';

export interface Operand {
  readonly parameter: Parameter;
  readonly reference: ParameterReference;
  readonly operation: ParameterOperation;
  readonly sink: Sink;
  readonly quoted: boolean;
}

type Operation<T extends ParameterOperation['type']> = Extract<ParameterOperation, { type: T }>;

/** Operations whose operand runs no command: the most usual ones. */
export function isImmediateOperation(operation: ParameterOperation): boolean {
  if (operation.type === 'Default') return /[-+]$/.test(operation.operator) && isImmediate(operation.operand);
  return operation.type === 'Remove' && isImmediate(operation.operand);
}

/** `applyOperation` for these. */
export function applyOperationNow(shell: Shell, operand: Operand): void {
  const { operation, parameter, reference, sink, quoted } = operand;
  if (operation.type === 'Default') {
    const { operator } = operation;
    const absent = isAbsent(shell, operand, operator.startsWith(':'));
    if (absent === operator.endsWith('-')) {
      if (!quoted) expandWordNow(shell, operation.operand, new SplittingSink(sink), tildeIn(sink));
      else if (operation.operand.parts !== undefined) expandQuotedNow(shell, operation.operand.parts, sink);
      else sink.quoted(unescapeInQuotes(operation.operand.text));
    } else if (!absent) emitParameter(shell, parameter, sink, quoted);
    else if (quoted) sink.quoted('');
    return;
  }
  if (operation.type !== 'Remove') return;
  refuseUnset(shell, reference.text, parameter);
  const pattern = new TextSink(escapePattern);
  expandWordNow(shell, operation.operand, pattern, 'word');
  emitParameter(shell, each(parameter, removerOf(operation.operator, pattern.text)), sink, quoted);
}

/** What follows the name in `${name…}`. */
export async function applyOperation(shell: Shell, operand: Operand): Promise<void> {
  const { operation, parameter, reference } = operand;
  if (operation.type === 'Default') {
    await defaulted(shell, operand, operation);
    return;
  }
  refuseUnset(shell, reference.text, parameter);
  // dash has none of what bash added to POSIX.
  if (shell.dialect === 'dash' && operation.type !== 'Remove')
    throw new ShellError(`${reference.text}: bad substitution`);
  const result = await transform(shell, operand);
  emitParameter(shell, result, operand.sink, operand.quoted);
}

async function transform(shell: Shell, { operation, parameter, reference }: Operand): Promise<Parameter> {
  switch (operation.type) {
    case 'Remove':
      return each(parameter, await remover(shell, operation));
    case 'Replace':
      return each(parameter, await replacer(shell, operation));
    case 'CaseModification':
      return each(parameter, await caser(shell, operation));
    case 'Slice':
      return slice(shell, parameter, reference, operation);
    case 'Transform':
      return transformed(shell, parameter, reference, operation.operand.text);
    default:
      throw new ShellError(`${reference.text}: bad substitution`);
  }
}

function each(parameter: Parameter, change: (text: string) => string): Parameter {
  if (parameter.kind === 'list') return { ...parameter, values: parameter.values.map(change) };
  return { kind: 'scalar', value: parameter.value === undefined ? undefined : change(parameter.value) };
}

async function defaulted(shell: Shell, operand: Operand, operation: Operation<'Default'>): Promise<void> {
  const { parameter, sink, quoted, reference } = operand;
  const { operator } = operation;
  const absent = isAbsent(shell, operand, operator.startsWith(':'));
  if (operator.endsWith('+')) {
    if (!absent) await sendOperand(shell, operation, sink, quoted);
    else if (quoted) sink.quoted('');
    return;
  }
  if (!absent) {
    emitParameter(shell, parameter, sink, quoted);
    return;
  }
  if (operator.endsWith('-')) {
    await sendOperand(shell, operation, sink, quoted);
    return;
  }
  const text = await operandText(shell, operation, quoted);
  if (operator.endsWith('=')) {
    assignDefault(shell, reference, text);
    emitParameter(shell, { kind: 'scalar', value: text }, sink, quoted);
    return;
  }
  const complaint = operator === ':?' ? 'parameter null or not set' : 'parameter not set';
  throw new ShellError(`${reference.text}: ${operation.operand.text === '' ? complaint : text}`, { exits: true });
}

function isAbsent(shell: Shell, { parameter, reference, quoted }: Operand, orEmpty: boolean): boolean {
  if (parameter.kind === 'scalar') return parameter.value === undefined || (orEmpty && parameter.value === '');
  const { values, star } = parameter;
  if (values.length === 0) return true;
  return orEmpty && reference.indirect !== true && values.join(star && quoted ? joiner(shell) : ' ') === '';
}

/** The word after `:-`: inside double quotes it is quoted, outside it is split, but for what it quotes itself. */
async function sendOperand(
  shell: Shell,
  { operand }: Operation<'Default'>,
  sink: Sink,
  quoted: boolean,
): Promise<void> {
  if (quoted) {
    if (operand.parts !== undefined) await expandQuoted(shell, operand.parts, sink);
    else sink.quoted(unescapeInQuotes(operand.text));
    return;
  }
  await expandWord(shell, operand, new SplittingSink(sink), tildeIn(sink));
}

const tildeIn = (sink: Sink): 'assignment' | 'word' => (sink.assigns === true ? 'assignment' : 'word');

/** Literal text of an operand is split like what an expansion gave. */
class SplittingSink implements Sink {
  readonly joins: boolean;

  constructor(readonly sink: Sink) {
    this.joins = sink.joins;
  }

  quoted(text: string): void {
    this.sink.quoted(text);
  }

  element(text: string): void {
    this.sink.element(text);
  }

  plain(text: string): void {
    this.sink.split(text);
  }

  split(text: string): void {
    this.sink.split(text);
  }

  boundary(quoted: boolean): void {
    this.sink.boundary(quoted);
  }
}

const unescapeInQuotes = (text: string): string => text.replace(/\\([$`"\\}])/g, '$1').replace(/\\\n/g, '');

async function operandText(shell: Shell, operation: Operation<'Default'>, quoted: boolean): Promise<string> {
  const sink = new TextSink();
  await sendOperand(shell, operation, sink, quoted);
  return sink.text;
}

function assignDefault(shell: Shell, { name, subscript, text }: ParameterReference, value: string): void {
  if (!/^[A-Za-z_]/.test(name)) throw new ShellError(`$${text}: cannot assign in this way`);
  if (subscript === undefined) shell.set(name, value);
  else shell.variables.assignElement(name, subscript, value);
}

const remover = async (shell: Shell, { operator, operand }: Operation<'Remove'>): Promise<(text: string) => string> =>
  removerOf(operator, await expandPattern(shell, operand));

function removerOf(operator: string, pattern: string): (text: string) => string {
  const longest = operator.length === 2;
  if (operator.startsWith('#')) return (text) => text.slice(prefixLength(pattern, text, longest) ?? 0);
  return (text) => text.slice(0, suffixStart(pattern, text, longest) ?? text.length);
}

async function replacer(shell: Shell, operation: Operation<'Replace'>): Promise<(text: string) => string> {
  const { operator } = operation;
  const pattern = await expandPattern(shell, operation.pattern);
  const ampersand = shell.options.on('patsub_replacement');
  const sink = new TextSink(ampersand ? (text) => text.replace(/[&\\]/g, '\\$&') : undefined);
  await expandWord(shell, operation.replacement, sink, 'word');
  const template = ampersand ? templateOf(sink.text) : [sink.text];
  const where = operator === '/#' ? 'start' : operator === '/%' ? 'end' : 'any';
  if (pattern === '' && where === 'any') return (text) => text;
  const regex = finder(pattern, where, { ignoreCase: shell.options.on('nocasematch') });
  const fill = (found: string): string => template.map((piece) => piece ?? found).join('');
  return operator === '//' ? (text) => replaceAll(text, regex, fill) : (text) => text.replace(regex, fill);
}

/** Every match, one after the other; an empty one steps a character on. */
function replaceAll(text: string, regex: RegExp, fill: (found: string) => string): string {
  let out = '';
  let rest = text;
  while (rest !== '') {
    const match = regex.exec(rest);
    if (match === null) break;
    const end = match.index + match[0].length;
    if (match[0] === '') {
      out += rest.slice(0, match.index) + fill('') + rest.slice(end, end + 1);
      rest = rest.slice(end + 1);
      continue;
    }
    out += rest.slice(0, match.index) + fill(match[0]);
    rest = rest.slice(end);
  }
  return out + rest;
}

/** A replacement in pieces; undefined stands for the matched text (`&`). */
function templateOf(text: string): readonly (string | undefined)[] {
  const pieces: (string | undefined)[] = [];
  let plain = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    const next = text.charAt(index + 1);
    if (char === '\\' && (next === '&' || next === '\\')) {
      plain += next;
      index++;
    } else if (char === '&') {
      pieces.push(plain, undefined);
      plain = '';
    } else plain += char;
  }
  return [...pieces, plain];
}

async function caser(
  shell: Shell,
  { operator, operand }: Operation<'CaseModification'>,
): Promise<(text: string) => string> {
  const pattern = operand === undefined ? '?' : await expandPattern(shell, operand);
  const change = (char: string): string => {
    if (!matches(pattern, char)) return char;
    if (operator.startsWith('~')) return char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase();
    return operator.startsWith('^') ? upper(char) : char.toLowerCase();
  };
  if (operator.length === 2) return (text) => [...text].map(change).join('');
  return (text) => {
    const [first = '', ...rest] = text;
    return change(first) + rest.join('');
  };
}

/** toupper(3) makes one character of one. */
function upper(char: string): string {
  const large = char.toUpperCase();
  return [...large].length === 1 ? large : char;
}

async function number(shell: Shell, text: string): Promise<number> {
  return Number(shell.arithmetic(await expandArithmetic(shell, text)));
}

async function slice(
  shell: Shell,
  parameter: Parameter,
  reference: ParameterReference,
  operation: Operation<'Slice'>,
): Promise<Parameter> {
  const offset = await number(shell, operation.offset.text);
  const length = operation.length === undefined ? undefined : await number(shell, operation.length.text);
  const complain = (): never => {
    throw new ShellError(`${operation.length?.text.trim() ?? ''}: substring expression < 0`);
  };
  if (parameter.kind === 'list') {
    if (length !== undefined && length < 0) complain();
    return { ...parameter, values: sliceList(shell, parameter, reference, offset, length) };
  }
  const chars = [...(parameter.value ?? '')];
  const start = offset < 0 ? chars.length + offset : offset;
  if (start < 0 || start > chars.length) return { kind: 'scalar', value: '' };
  const end = length === undefined ? chars.length : length < 0 ? chars.length + length : start + length;
  if (end < start) complain();
  return { kind: 'scalar', value: chars.slice(start, end).join('') };
}

function sliceList(
  shell: Shell,
  parameter: Extract<Parameter, { kind: 'list' }>,
  { name, subscript }: ParameterReference,
  offset: number,
  length: number | undefined,
): readonly string[] {
  const take = (values: readonly string[], from: number): readonly string[] =>
    from < 0 ? [] : values.slice(from, length === undefined ? undefined : from + length);
  if (subscript === undefined) {
    const all = [shell.name, ...parameter.values];
    return take(all, offset < 0 ? all.length + offset : offset);
  }
  const value = shell.variables.get(name)?.value;
  if (value instanceof IndexedArray) {
    const from = offset < 0 ? value.last + 1 + offset : offset;
    if (from < 0) return [];
    const later = value.entries().flatMap(([index, text]) => (index >= from ? [text] : []));
    return take(later, 0);
  }
  if (value instanceof AssociativeArray) return take(parameter.values, offset <= 0 ? offset : offset - 1);
  return take(parameter.values, offset < 0 ? parameter.values.length + offset : offset);
}

/** `${name@Q}` and its like. */
async function transformed(
  shell: Shell,
  parameter: Parameter,
  { name, subscript }: ParameterReference,
  operator: string,
): Promise<Parameter> {
  switch (operator) {
    case 'Q':
      return each(parameter, singleQuote);
    case 'E':
      return each(parameter, (text) => normalizeBytes(unescape(text, 'ansi').text));
    case 'U':
      return each(parameter, (text) => [...text].map(upper).join(''));
    case 'u':
      return each(parameter, (text) => upper(text.charAt(0)) + text.slice(1));
    case 'L':
      return each(parameter, (text) => text.toLowerCase());
    case 'P':
      if (parameter.kind === 'scalar') {
        return {
          kind: 'scalar',
          value: parameter.value === undefined ? undefined : await promptText(shell, parameter.value),
        };
      }
      return parameter;
    case 'a': {
      const attributes = valueAttributes(shell.variables.get(name));
      if (parameter.kind === 'list') return { ...parameter, values: parameter.values.map(() => attributes) };
      return { kind: 'scalar', value: attributes };
    }
    case 'A': {
      const variable = shell.variables.get(name);
      if (variable?.value === undefined) return { kind: 'scalar', value: undefined };
      return {
        kind: 'scalar',
        value: declarationOf(shell.variables.resolve(name).name, variable, subscript === undefined),
      };
    }
    case 'K':
    case 'k':
      return keyed(shell, parameter, name, operator === 'k');
    default:
      if (parameter.kind === 'scalar' && parameter.value === undefined) return parameter;
      throw new ShellError(`\${${name}@${operator}}: bad substitution`, { exits: true });
  }
}

/** `${x@P}`: where no line is edited, nothing says what takes no room. */
async function promptText(shell: Shell, text: string): Promise<string> {
  const expanded = await expandPrompt(shell, text, shell.history.length);
  return shell.interactive ? expanded : expanded.replace(/[\x01\x02]/g, '');
}

function keyed(shell: Shell, parameter: Parameter, name: string, separate: boolean): Parameter {
  const value = shell.variables.get(name)?.value;
  if (parameter.kind === 'scalar' || value === undefined || typeof value === 'string')
    return each(parameter, singleQuote);
  const pairs = value.entries();
  if (separate) return { ...parameter, values: pairs.flatMap(([key, text]) => [String(key), text]) };
  const text = pairs
    .map(([key, item]) => `${quoteIfNeeded(String(key))} "${item.replace(/["$`\\]/g, '\\$&')}"`)
    .join(' ');
  // An associative array's list ends in a blank (assoc_to_kvpair of bash's assoc.c).
  if (value instanceof AssociativeArray) return { ...parameter, values: [`${text} `] };
  return { ...parameter, values: [text] };
}
