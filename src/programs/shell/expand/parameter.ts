import type { ParameterExpansionPart, Word } from 'unbash';
import type { Shell } from '../shell';
import { ShellError } from '../state/errors';
import { Flag } from '../state/variables';
import { AssociativeArray, IndexedArray } from '../state/values';
import { applyOperation, applyOperationNow, isImmediateOperation } from './operations';
import type { Sink } from './split';
import { subscriptOf, withCommands } from './subscript';
import { expandArithmetic, expandText, ifsOf } from './word';

/** What a parameter holds: one text (or nothing), or a list as `$@` and `${a[*]}`. */
export type Parameter =
  | { readonly kind: 'scalar'; readonly value: string | undefined }
  | { readonly kind: 'list'; readonly values: readonly string[]; readonly star: boolean };

const scalar = (value: string | undefined): Parameter => ({ kind: 'scalar', value });

/** `$name`, `$1`, `$@`. */
export function simpleParameter(shell: Shell, text: string): Parameter {
  const name = text.slice(1);
  const parameter = lookup(shell, name);
  refuseUnset(shell, name, parameter);
  return parameter;
}

/** `set -u`: an unset parameter is an error, but for `$@` and `$*`. */
export function refuseUnset(shell: Shell, name: string, parameter: Parameter): void {
  if (parameter.kind === 'scalar' && parameter.value === undefined && shell.options.has('nounset')) {
    throw new ShellError(`${/^\d$/.test(name) ? `$${name}` : name}: unbound variable`, { exits: true });
  }
}

/** A parameter by its name: a variable, a digit, one of `@*#?-$!_`. */
export function lookup(shell: Shell, name: string): Parameter {
  switch (name) {
    case '@':
    case '*':
      return { kind: 'list', values: shell.positional, star: name === '*' && !shell.inHereDocument };
    case '#':
      return scalar(String(shell.positional.length));
    case '?':
      return scalar(String(shell.status));
    case '$':
      return scalar(String(shell.mainPid));
    case '!':
      return scalar(shell.lastBackground === undefined ? undefined : String(shell.lastBackground));
    case '-':
      return scalar(flagLetters(shell));
    case '_':
      return scalar(shell.lastArgument);
    case '0':
      return scalar(shell.name);
    default:
      if (/^\d+$/.test(name)) return scalar(shell.positional[Number(name) - 1]);
      return named(shell, name);
  }
}

/** A variable; a name reference may lead to all elements of an array. */
function named(shell: Shell, name: string): Parameter {
  const { variables } = shell;
  if (((variables.raw(name)?.flags ?? 0) & Flag.nameref) !== 0) {
    const target = variables.resolve(name);
    if (target.subscript === '@' || target.subscript === '*')
      return { kind: 'list', values: valuesOf(shell, target.name), star: target.subscript === '*' };
  }
  return scalar(shell.get(name));
}

function flagLetters(shell: Shell): string {
  const started = shell.source.kind === 'command' ? 'c' : shell.source.kind === 'stdin' ? 's' : '';
  return shell.options.letters(shell.interactive ? 'i' : '') + started;
}

/** Sends a parameter to a sink: quoted, or to be split. */
export function emitParameter(shell: Shell, parameter: Parameter, sink: Sink, quoted: boolean): void {
  if (parameter.kind === 'scalar') {
    const value = parameter.value ?? '';
    if (quoted) sink.quoted(value);
    else sink.split(value);
    return;
  }
  const { values, star } = parameter;
  if (star && (quoted || sink.joins)) {
    const joined = values.join(joiner(shell));
    if (quoted) sink.quoted(joined);
    else sink.split(joined);
    return;
  }
  const separator = joiner(shell);
  if (!quoted && !sink.joins && separator !== '' && !/[ \t\n]/.test(separator)) {
    // Splitting at such a character keeps what is empty.
    sink.split(values.join(separator));
    return;
  }
  values.forEach((value, index) => {
    if (index > 0) sink.boundary(quoted);
    if (quoted) sink.element(value);
    else sink.split(value);
  });
}

/** `${!name*}` and `${!name[*]}`: without IFS they are one text even unquoted. */
function emitNames(
  shell: Shell,
  values: readonly string[],
  star: boolean,
  between: string,
  sink: Sink,
  quoted: boolean,
): void {
  if (star && !quoted && ifsOf(shell) === '') sink.split(values.join(between));
  else emitParameter(shell, { kind: 'list', values, star }, sink, quoted);
}

/** What `"$*"` puts between parameters. */
export const joiner = (shell: Shell): string => ifsOf(shell).slice(0, 1);

/** `${…}` in all its forms. */
export async function expandParameter(
  shell: Shell,
  part: ParameterExpansionPart,
  sink: Sink,
  quoted: boolean,
): Promise<void> {
  const { operation, prefix } = part;
  if (part.parameter === '' && prefix === '!' && operation !== undefined) {
    // `${!:-x}`: the parameter is `!` itself.
    await expandParameter(shell, { ...part, parameter: '!', prefix: undefined }, sink, quoted);
    return;
  }
  if (part.parameter === '' || /^\$\{[!#]?\w+\[\]/.test(part.text)) throw badSubstitution(part);
  if (operation?.type === 'Unknown') {
    const [, operator] = /(~~?)\}$/.exec(part.text) ?? [];
    if (operator === undefined) throw badSubstitution(part);
    const toggle = {
      type: 'CaseModification',
      operator: operator as '^',
      operand: undefined,
      operatorEnd: part.end,
      pos: part.pos,
      end: part.end,
    } as const;
    await expandParameter(shell, { ...part, operation: toggle }, sink, quoted);
    return;
  }
  if (prefix === '#') {
    const length = String(await lengthOfParameter(shell, part));
    if (quoted) sink.quoted(length);
    else sink.split(length);
    return;
  }
  if (prefix === '!' && operation?.type === 'Names') {
    const names = shell.variables.names().filter((name) => name.startsWith(part.parameter) && isSet(shell, name));
    emitNames(shell, names, operation.operator === '*', '', sink, quoted);
    return;
  }
  const reference = await referenceOf(shell, part);
  if (reference.keys !== undefined) {
    const { keys } = reference;
    if (keys.kind === 'list') emitNames(shell, keys.values, keys.star, ' ', sink, quoted);
    else emitParameter(shell, keys, sink, quoted);
    return;
  }
  if (
    operation?.type === 'Slice' &&
    operation.offset.text === '' &&
    operation.length === undefined &&
    part.text.endsWith(':}')
  )
    throw badSubstitution(part);
  const parameter = await withCommands(shell, () => fetch(shell, reference));
  if (operation === undefined) {
    refuseUnset(shell, reference.text, parameter);
    emitParameter(shell, parameter, sink, quoted);
    return;
  }
  await applyOperation(shell, { parameter, reference, operation, sink, quoted });
}

/** Only a name, perhaps with an operation whose operand runs no command. */
export const isImmediateParameter = ({ parameter, prefix, index, operation }: ParameterExpansionPart): boolean =>
  prefix === undefined &&
  index === undefined &&
  parameter !== '' &&
  (operation === undefined || isImmediateOperation(operation));

/** `${…}` of the kinds that `isImmediateParameter` lets through. */
export function expandParameterNow(shell: Shell, part: ParameterExpansionPart, sink: Sink, quoted: boolean): void {
  const { parameter: name, operation } = part;
  const parameter = lookup(shell, name);
  if (operation !== undefined) {
    applyOperationNow(shell, {
      parameter,
      reference: { name, subscript: undefined, text: name },
      operation,
      sink,
      quoted,
    });
    return;
  }
  refuseUnset(shell, name, parameter);
  emitParameter(shell, parameter, sink, quoted);
}

/** What an expansion is about: a parameter, perhaps an element of an array. */
export interface ParameterReference {
  readonly name: string;
  /** `@` and `*` stand for all. */
  readonly subscript: string | undefined;
  /** As messages name it: `a[1]`. */
  readonly text: string;
  readonly keys?: Parameter;
  /** Found by `${!name}`. */
  readonly indirect?: boolean;
}

/** A bad substitution, as bash words it. */
export const badSubstitution = (part: ParameterExpansionPart): ShellError =>
  new ShellError(`${part.text}: bad substitution`);

const isSet = (shell: Shell, name: string): boolean => shell.variables.raw(name)?.value !== undefined;

async function referenceOf(shell: Shell, part: ParameterExpansionPart): Promise<ParameterReference> {
  const { parameter, prefix } = part;
  // Neither arrays nor references are dash's.
  if (shell.dialect === 'dash' && (part.index !== undefined || prefix === '!'))
    throw new ShellError(`${parameter}: bad substitution`);
  const subscript = part.index === undefined ? undefined : await subscriptText(shell, parameter, part.index);
  if (prefix !== '!')
    return {
      name: parameter,
      subscript,
      text: subscript === undefined ? parameter : `${parameter}[${part.index?.text ?? ''}]`,
    };
  if ((subscript === '@' || subscript === '*') && part.operation === undefined) {
    const keys: Parameter = { kind: 'list', values: keysOf(shell, parameter), star: subscript === '*' };
    return { name: parameter, subscript, text: parameter, keys };
  }
  return await indirect(shell, part, subscript);
}

/** `${!name}`: the parameter whose name is the value of `name`. Of a name reference, the name it refers to. */
async function indirect(
  shell: Shell,
  part: ParameterExpansionPart,
  subscript: string | undefined,
): Promise<ParameterReference> {
  const { parameter } = part;
  const raw = shell.variables.raw(parameter);
  if (raw !== undefined && (raw.flags & Flag.nameref) !== 0 && subscript === undefined) {
    const value = typeof raw.value === 'string' ? raw.value : '';
    return { name: parameter, subscript, text: parameter, keys: scalar(value) };
  }
  const pointer = fetch(shell, { name: parameter, subscript, text: parameter });
  const target = pointer.kind === 'scalar' ? pointer.value : pointer.values.join(' ');
  if (pointer.kind === 'list' && subscript !== undefined && raw?.value === undefined)
    throw new ShellError(`${parameter}[${subscript}]: invalid indirect expansion`);
  if (target === undefined) {
    if (raw?.value !== undefined && typeof raw.value !== 'string')
      return { name: '', subscript: undefined, text: parameter };
    throw new ShellError(`${parameter}: invalid indirect expansion`);
  }
  const [, name, index] = /^([A-Za-z_]\w*|\d+|[@*#?$!_-])(?:\[(.*)\])?$/s.exec(target) ?? [];
  if (name === undefined) {
    throw new ShellError(`${target}: invalid variable name`);
  }
  const all = index === undefined || index === '@' || index === '*';
  return { name, subscript: all ? index : await subscriptOf(shell, name, index), text: target, indirect: true };
}

/** The subscript of `${a[…]}`: `@`, `*`, a key, or an expression. */
export async function subscriptText(shell: Shell, name: string, index: Word): Promise<string> {
  if (index.text === '@' || index.text === '*') return index.text;
  const target = shell.variables.resolve(name).name;
  if (shell.variables.raw(target)?.value instanceof AssociativeArray) return expandText(shell, index, 'none');
  return expandArithmetic(shell, index.text);
}

/** The keys of an array, `0` of a plain variable that is set. */
export function keysOf(shell: Shell, name: string): readonly string[] {
  const value = shell.variables.get(name)?.value;
  if (value === undefined) return [];
  return typeof value === 'string' ? ['0'] : value.keys();
}

/** All values of an array, or the one of a plain variable. */
export function valuesOf(shell: Shell, name: string): readonly string[] {
  const value = shell.variables.get(name)?.value;
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value.values();
}

export function fetch(shell: Shell, { name, subscript }: ParameterReference): Parameter {
  if (name === '') return scalar(undefined);
  if (subscript === undefined) return lookup(shell, name);
  if (
    shell.variables.resolve(name).subscript !== undefined &&
    ((shell.variables.raw(name)?.flags ?? 0) & Flag.nameref) !== 0
  )
    return scalar(undefined);
  if (subscript === '@' || subscript === '*')
    return { kind: 'list', values: valuesOf(shell, name), star: subscript === '*' };
  return scalar(shell.variables.element(name, subscript));
}

async function lengthOfParameter(shell: Shell, part: ParameterExpansionPart): Promise<number> {
  const { parameter, index, operation } = part;
  if (operation !== undefined) throw badSubstitution(part);
  if (parameter === '@' || parameter === '*') return shell.positional.length;
  if (index !== undefined && (index.text === '@' || index.text === '*')) {
    const value = shell.variables.get(parameter)?.value;
    if (value instanceof IndexedArray || value instanceof AssociativeArray) return value.size;
    return value === undefined ? 0 : 1;
  }
  const reference = await referenceOf(shell, part);
  const value = fetch(shell, reference);
  refuseUnset(shell, reference.text, value);
  return value.kind === 'scalar' ? characters(value.value ?? '') : value.values.length;
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
