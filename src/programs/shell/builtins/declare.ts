import type { ArrayElement } from '../run/assign';
import { closingBracket } from '../expand/arithmetic';
import { functionText } from '../parse/print';
import type { Shell, ShellFunction } from '../shell';
import { complain, out, usage, warn } from '../run/io';
import { trace } from '../run/xtrace';
import { assignmentLine, declarationLine } from '../state/describe';
import { Exit, ShellError } from '../state/errors';
import { Flag } from '../state/variables';
import { AssociativeArray, IndexedArray } from '../state/values';
import { isName } from './options';
import type { Builtin, Invocation } from './types';

const flagOfLetter: Readonly<Record<string, number>> = {
  x: Flag.exported,
  r: Flag.readonly,
  i: Flag.integer,
  l: Flag.lower,
  u: Flag.upper,
  n: Flag.nameref,
  c: Flag.capitalize,
};

interface Request {
  readonly add: number;
  readonly remove: number;
  readonly array: 'indexed' | 'associative' | undefined;
  readonly print: boolean;
  readonly functions: boolean;
  readonly functionNames: boolean;
  readonly global: boolean;
  readonly inherit: boolean;
  readonly names: readonly string[];
  /** How many words stood before the names. */
  readonly skipped: number;
}

const synopsisOf = (name: string): string =>
  `${name} [-aAfFgiIlnrtux] ${name === 'typeset' ? 'name[=value] ...' : '[name[=value] ...]'} or ${name} -p [-aAfFilnrtux] [name ...]`;

async function read(
  shell: Shell,
  args: readonly string[],
  letters: string,
  synopsis: string,
): Promise<Request | undefined> {
  let [add, remove] = [0, 0];
  let array: Request['array'];
  const on = new Set<string>();
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '--') {
      index++;
      break;
    }
    if (!/^[-+]./.test(argument)) break;
    for (const letter of argument.slice(1)) {
      if (!letters.includes(letter)) {
        await usage(shell, `${argument.charAt(0)}${letter}: invalid option`, synopsis);
        return undefined;
      }
      const flag = flagOfLetter[letter];
      if (argument.startsWith('+')) remove |= flag ?? 0;
      else if (flag !== undefined) add |= flag;
      else if (letter === 'a') array = 'indexed';
      else if (letter === 'A') array = 'associative';
      else on.add(letter);
    }
  }
  if ((add & Flag.lower) !== 0) remove |= Flag.upper;
  if ((add & Flag.upper) !== 0) remove |= Flag.lower;
  return {
    add,
    remove: remove & ~add,
    array,
    print: on.has('p'),
    functions: on.has('f'),
    functionNames: on.has('F'),
    global: on.has('g'),
    inherit: on.has('I'),
    names: args.slice(index),
    skipped: index,
  };
}

/** `declare` and `typeset`. */
export const declare: Builtin = async (shell, args, invocation) => {
  const request = await read(shell, args, 'aAfFgiIlnprtuxc', synopsisOf(shell.running ?? 'declare'));
  if (request === undefined) return 2;
  if (request.functions || request.functionNames) return functions(shell, request);
  if (request.names.length === 0) return listVariables(shell, request);
  if (request.print) return printNames(shell, request.names);
  return declareAll(shell, request, invocation, shell.variables.inFunction && !request.global);
};

/** `local`. */
export const local: Builtin = async (shell, args, invocation) => {
  if (!shell.variables.inFunction) {
    await warn(shell, shell.dialect === 'bash' ? 'can only be used in a function' : 'not in a function');
    if (shell.dialect !== 'bash') throw new Exit(2);
    return 1;
  }
  if (args.length === 1 && args[0] === '-') {
    const [call] = shell.calls;
    if (call !== undefined) call.options ??= shell.options.fork();
    return 0;
  }
  const request = await read(shell, args, 'aAfFgiIlnprtuxc', 'local [option] name[=value] ...');
  if (request === undefined) return 2;
  if (request.names.length === 0) {
    const lines = shell.variables.localNames().flatMap((name) => {
      const variable = shell.variables.raw(name) ?? { value: undefined, flags: 0 };
      return [`${declarationLine(name, variable)}\n`];
    });
    return out(shell, lines.join(''));
  }
  if (request.print) return printNames(shell, request.names);
  return declareAll(shell, request, invocation, true);
};

/** `export` and `readonly`. */
const marking =
  (flag: number, synopsis: string): Builtin =>
  async (shell, args, invocation) => {
    const letters = flag === Flag.exported ? 'fnp' : 'aAfp';
    const removing = flag === Flag.exported && args.some((argument) => /^-[a-z]*n/.test(argument));
    const strange = shell.dialect === 'dash' ? /^-[^p-]/.exec(args[0] ?? '')?.[0] : undefined;
    if (strange !== undefined) {
      await warn(shell, `Illegal option ${strange}`);
      throw new Exit(2);
    }
    const request = await read(shell, args, letters, synopsis);
    if (request === undefined) return 2;
    if (request.functions) return markFunctions(shell, request.names, flag, removing);
    if (request.names.length === 0) return listMarked(shell, flag);
    // Without a value nothing becomes an array.
    const array = request.names.some((name) => name.includes('=')) ? request.array : undefined;
    const change = removing ? { ...request, add: 0, remove: flag } : { ...request, array, add: flag };
    if (flag === Flag.readonly && shell.options.has('xtrace'))
      for (const name of request.names) if (name.includes('=')) await trace(shell, name);
    return declareAll(shell, change, invocation, false);
  };

export const exportBuiltin = marking(Flag.exported, 'export [-fn] [name[=value] ...] or export -p');
export const readonlyBuiltin = marking(Flag.readonly, 'readonly [-aAf] [name[=value] ...] or readonly -p');

async function markFunctions(shell: Shell, names: readonly string[], flag: number, removing: boolean): Promise<number> {
  let status = 0;
  for (const name of names) {
    const found = shell.functions.get(name);
    if (found !== undefined) {
      if (flag === Flag.exported) shell.functions.set(name, { ...found, exported: !removing });
      continue;
    }
    await warn(shell, `${name}: not a function`);
    status = 1;
  }
  return status;
}

async function listMarked(shell: Shell, flag: number): Promise<number> {
  const lines = shell.variables.names().flatMap((name) => {
    const variable = shell.variables.raw(name);
    if (variable === undefined || (variable.flags & flag) === 0) return [];
    if (shell.dialect === 'bash') return [`${declarationLine(name, variable)}\n`];
    const word = flag === Flag.exported ? 'export' : 'readonly';
    const { value } = variable;
    return [typeof value === 'string' ? `${word} ${name}='${value.replaceAll("'", "'\\''")}'\n` : `${word} ${name}\n`];
  });
  return out(shell, lines.join(''));
}

async function declareAll(shell: Shell, request: Request, { arrays }: Invocation, asLocal: boolean): Promise<number> {
  let status = 0;
  for (const [index, word] of request.names.entries()) {
    // Words are counted with the builtin's own name.
    const elements = arrays?.get(index + request.skipped + 1);
    try {
      if (!(await declareOne(shell, request, word, elements, asLocal))) status = 1;
    } catch (error) {
      if (!(error instanceof ShellError) || error.exits) throw error;
      await (shell.running === 'local' || shell.running === 'declare' || shell.running === 'typeset'
        ? warn(shell, error.message)
        : complain(shell, error.message));
      // What is wrong with an expression ends all of a `-c`.
      if (/: (?:syntax error|division by 0|expression recursion)/.test(error.message))
        throw new ShellError('', { discards: true });
      status = 1;
    }
  }
  return status;
}

/** `name[subscript]+=value`; the subscript may hold brackets itself. */
function takeApart(word: string): {
  readonly name: string | undefined;
  readonly subscript: string | undefined;
  readonly operator: string | undefined;
  readonly value: string | undefined;
} {
  const [name] = /^[^=[+]+/.exec(word) ?? [];
  const open = name?.length ?? 0;
  const close = word.charAt(open) === '[' ? closingBracket(word, open) : -1;
  const [all, operator, value] = /^(?:(\+?=)(.*))?$/s.exec(word.slice(close < 0 ? open : close + 1)) ?? [];
  if (all === undefined) return { name: undefined, subscript: undefined, operator, value };
  return { name, subscript: close < 0 ? undefined : word.slice(open + 1, close), operator, value };
}

async function declareOne(
  shell: Shell,
  request: Request,
  word: string,
  elements: readonly ArrayElement[] | undefined,
  asLocal: boolean,
): Promise<boolean> {
  const { name, subscript, operator, value } = takeApart(word);
  if (name === undefined || !isName(name)) {
    if (shell.dialect !== 'bash') {
      await warn(shell, `${word.split('=')[0] ?? ''}: bad variable name`);
      throw new Exit(2);
    }
    await warn(shell, `\`${word}': not a valid identifier`);
    return false;
  }
  const { variables } = shell;
  if (subscript !== undefined && (shell.running === 'export' || shell.running === 'readonly')) {
    await warn(shell, `\`${word.replace(/[+]?=.*/s, '')}': not a valid identifier`);
    return false;
  }
  const act = (): void => {
    if (asLocal) {
      const before = request.inherit ? variables.raw(name) : undefined;
      const outer = shell.dialect === 'dash' ? variables.raw(name) : undefined;
      const fresh = variables.makeLocal(name);
      // dash's local variables begin with the value outside.
      if (fresh && typeof outer?.value === 'string') variables.assign(name, outer.value);
      if (fresh && typeof before?.value === 'string') variables.assign(name, before.value);
    }
    change(shell, request, name, subscript, operator, value, elements);
  };
  if (request.global) variables.global(name, act);
  else act();
  return true;
}

function change(
  shell: Shell,
  request: Request,
  name: string,
  subscript: string | undefined,
  operator: string | undefined,
  value: string | undefined,
  elements: readonly ArrayElement[] | undefined,
): void {
  const { variables } = shell;
  const { add, remove, array } = request;
  const flags = variables.raw(name)?.flags ?? 0;
  if ((remove & Flag.readonly & flags) !== 0) throw new ShellError(`${name}: readonly variable`);
  if ((add & Flag.nameref) !== 0) {
    if (value === name) throw new ShellError(`${name}: nameref variable self references not allowed`);
    if (value !== undefined && !/^[A-Za-z_]\w*(?:\[.*\])?$/s.test(value)) {
      throw new ShellError(`\`${value}': invalid variable name for name reference`);
    }
    if (value !== undefined) variables.define(name, value, flags | add);
    else refer(shell, name, add, remove);
    return;
  }
  if (array !== undefined) variables.makeArray(name, array);
  else if (elements !== undefined || (subscript !== undefined && subscript !== '')) variables.makeArrayIfPlain(name);
  // What changes how values are stored must come first, what forbids storing last.
  variables.mark(name, add & ~Flag.readonly, remove);
  const append = operator === '+=';
  if (elements !== undefined) variables.assignArray(name, elements, append);
  else if (value !== undefined && subscript !== undefined) {
    variables.assignElement(name, shell.key(name, subscript), value, append);
  } else if (value !== undefined) {
    if (array !== undefined && /^\(.*\)$/s.test(value)) variables.assignArray(name, plainElements(value), append);
    else variables.assign(name, value, append);
  }
  if ((add & Flag.readonly) !== 0) variables.mark(name, Flag.readonly);
  if (shell.options.has('allexport')) variables.mark(name, Flag.exported);
}

/** `declare -n` of a variable that has a value already: that must be a name. */
function refer({ variables }: Shell, name: string, add: number, remove: number): void {
  const target = variables.raw(name)?.value;
  if (typeof target === 'string' && target !== '' && !/^[A-Za-z_]\w*(?:\[.*\])?$/s.test(target))
    throw new ShellError(`\`${target}': invalid variable name for name reference`);
  variables.mark(name, add, remove);
}

/** `declare -a "x=(1 2)"`: a text that was quoted is still taken as a list. */
const plainElements = (text: string): ArrayElement[] =>
  text
    .slice(1, -1)
    .split(/\s+/)
    .filter((value) => value !== '')
    .map((value) => ({ subscript: undefined, value, append: false }));

async function printNames(shell: Shell, names: readonly string[]): Promise<number> {
  let status = 0;
  for (const name of names) {
    const raw = shell.variables.raw(name);
    const variable = raw !== undefined && (raw.flags & Flag.dynamic) !== 0 ? shell.variables.get(name) : raw;
    if (variable === undefined) {
      await warn(shell, `${name}: not found`);
      status = 1;
    } else await out(shell, `${declarationLine(name, variable)}\n`);
  }
  return status;
}

async function listVariables(shell: Shell, { add, array, print }: Request): Promise<number> {
  const lines: string[] = [];
  for (const name of shell.variables.names()) {
    const variable = shell.variables.raw(name);
    if (variable === undefined || (variable.flags & add) !== add) continue;
    const { value } = variable;
    const kind =
      value instanceof IndexedArray ? 'indexed' : value instanceof AssociativeArray ? 'associative' : undefined;
    if (array !== undefined && kind !== array) continue;
    if (print || add !== 0 || array !== undefined) lines.push(`${declarationLine(name, variable)}\n`);
    else if (value !== undefined) lines.push(`${assignmentLine(name, value)}\n`);
  }
  if (!print && add === 0 && array === undefined) {
    for (const name of [...shell.functions.keys()].sort()) {
      const found = shell.functions.get(name);
      if (found !== undefined) lines.push(`${functionText(found)}\n`);
    }
  }
  return out(shell, lines.join(''));
}

/** `shopt -s extdebug`: where a function was defined. */
function named(shell: Shell, { name, line, source: { name: file, kind } }: ShellFunction): string {
  return shell.options.on('extdebug') ? `${name} ${line} ${kind === 'file' ? file : 'main'}\n` : `${name}\n`;
}

async function functions(shell: Shell, { names, functionNames, add }: Request): Promise<number> {
  let status = 0;
  const wanted = names.length > 0 ? names : [...shell.functions.keys()].sort();
  for (const name of wanted) {
    const found = shell.functions.get(name);
    if (found === undefined) status = 1;
    else if ((add & Flag.exported) !== 0 && names.length > 0) shell.functions.set(name, { ...found, exported: true });
    else if (functionNames) await out(shell, names.length > 0 ? named(shell, found) : `declare -f ${name}\n`);
    else await out(shell, `${functionText(found)}\n`);
  }
  return status;
}
