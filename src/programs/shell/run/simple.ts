import type { Assignment, Command, Redirection, Word } from 'unbash';
import { builtins, declarations, type Invocation } from '../builtins';
import { expandFields, expandFieldsNow, expandText, expandTextNow, isImmediate } from '../expand/word';
import type { CommandOptions, Shell, ShellFunction } from '../shell';
import { ShellError } from '../state/errors';
import { Flag } from '../state/variables';
import { assign, arrayElements, assignmentText, prepareAssignment, type ArrayElement, type Prepared } from './assign';
import { complain } from './io';
import {
  applyForGood,
  applyOverlay,
  closeSubstitutions,
  prepareRedirects,
  RedirectError,
  restore,
  type Overlay,
} from './redirect';
import { runExternal } from './external';
import { tell } from './fork';
import { subscriptText } from '../expand/parameter';
import { withCommands } from '../expand/subscript';
import { trace, traceWords } from './xtrace';

const isAssignment = (item: Assignment | Redirection | Word): item is Assignment => item.type === 'Assignment';

const noRedirects: Overlay = new Map();

/** POSIX, Special Built-In Utilities: assignments before them stay, and no function goes before them. */
export const specials: ReadonlySet<string> = new Set(
  ': . break continue eval exec exit export readonly return set shift source times trap unset'.split(' '),
);

/** What a command's words came to. */
interface Words {
  readonly words: string[];
  readonly arrays: Map<number, readonly ArrayElement[]> | undefined;
}

/** A simple command: expansions, redirections, then assignments, a function, a builtin or a program. */
export async function runSimple(shell: Shell, node: Command, options: CommandOptions): Promise<number> {
  shell.substitutionStatus = undefined;
  const opened = shell.substitutions.length;
  try {
    const expanded = isImmediateCommand(node) ? expandCommandNow(shell, node) : await expandCommand(shell, node);
    const { words, arrays } = expanded;
    const redirects = node.redirects;
    const bare = words.length === 0;
    let overlay = redirects.length === 0 || bare ? noRedirects : await redirectsOf(shell, words, redirects);
    const assignments: Prepared[] = [];
    for (const item of node.prefix) {
      if (!isAssignment(item)) continue;
      const prepared = await prepareAmong(shell, item, words.length === 0 ? [] : assignments);
      if (shell.options.has('xtrace')) {
        // A list is shown as it was written.
        const list = item.value.type === 'ArrayValue';
        await trace(shell, list ? shell.source.text.slice(item.pos, item.end) : assignmentText(prepared));
      }
      // Alone on the line each one sees those before it.
      if (bare && prepared.subscript === undefined) assignAlone(shell, prepared);
      else if (bare) await withCommands(shell, () => assignAlone(shell, prepared));
      assignments.push(prepared);
    }
    if (bare && redirects.length > 0) overlay = await prepareRedirects(shell, redirects);
    const running = bare
      ? assignmentsOnly(shell, overlay)
      : runWords(shell, { node, words, arrays, assignments, overlay, options });
    const status = typeof running === 'number' ? running : await running;
    const last = words.at(-1);
    if (last !== undefined)
      shell.lastArgument = arrays?.has(words.length - 1) === true ? last.replace(/\+?=$/, '') : last;
    shell.pipeStatuses = undefined;
    return status;
  } catch (error) {
    if (!(error instanceof RedirectError)) throw error;
    await complain(shell, error.message);
    if (node.name === undefined)
      for (const item of node.prefix) if (isAssignment(item)) assign(shell, await prepareAssignment(shell, item));
    if (shell.dialect !== 'bash' && node.name !== undefined && ['exec', ':', 'eval', '.'].includes(node.name.text)) {
      throw new ShellError('', { status: 2, exits: true });
    }
    return shell.dialect === 'dash' ? 2 : error.status;
  } finally {
    if (shell.substitutions.length > opened) closeSubstitutions(shell, opened);
  }
}

/** With `set -o posix` a readonly variable ends the shell (POSIX, Consequences of Shell Errors). */
function assignAlone(shell: Shell, prepared: Prepared): void {
  try {
    assign(shell, prepared);
  } catch (error) {
    if (!(error instanceof ShellError) || !shell.options.has('posix')) throw error;
    throw new ShellError(error.message, { exits: true });
  }
}

/** Before a command, too, each assignment sees those before it. */
async function prepareAmong(shell: Shell, item: Assignment, before: readonly Prepared[]): Promise<Prepared> {
  if (item.value.type === 'ArrayValue' && before.length > 0) return textOfList(shell, item);
  if (before.length === 0) return prepareAssignment(shell, item);
  shell.variables.enter('command');
  try {
    for (const each of before) {
      if (((shell.variables.raw(each.name)?.flags ?? 0) & Flag.readonly) !== 0) continue;
      shell.variables.makeLocal(each.name, 'command');
      assign(shell, each);
    }
    return await prepareAssignment(shell, item);
  } finally {
    shell.variables.leave();
  }
}

/** A list before a command is no list, but its text. */
const textOfList = (shell: Shell, { name, value: { pos, end }, append }: Assignment): Prepared => ({
  name,
  subscript: undefined,
  append: append === true,
  value: shell.source.text.slice(pos, end),
});

/**
 * A program's redirections are expanded where it will run, in the child (bash's execute_disk_command): what they assign
 * is not seen here, and what is wrong with them costs only that command.
 */
async function redirectsOf(
  shell: Shell,
  words: readonly string[],
  redirects: readonly Redirection[],
): Promise<Overlay> {
  const [name] = words;
  const own = name === undefined || shell.functions.has(name) || builtins(shell)[name] !== undefined;
  if (own || shell.dialect !== 'bash') return prepareRedirects(shell, redirects);
  const { variables } = shell;
  if (!redirects.every(assignsNothing)) shell.borrowVariables();
  try {
    return await prepareRedirects(shell, redirects);
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    throw new RedirectError(error.message, error.exits ? 127 : error.status);
  } finally {
    shell.variables = variables;
  }
}

/** `>file`: a word in which nothing is expanded that could set a variable. */
const assignsNothing = (redirect: Redirection): boolean =>
  redirect.type === 'Redirect' &&
  redirect.descriptor?.type !== 'FileDescriptorVariable' &&
  (redirect.target === undefined || !/[$`]/.test(redirect.target.text));

function assignmentsOnly(shell: Shell, overlay: Overlay): number {
  // Opened (and so created or truncated), then closed again.
  for (const file of overlay.values()) {
    file?.retain();
    file?.release();
  }
  shell.lastArgument = '';
  return shell.substitutionStatus ?? 0;
}

/** Nothing among its words runs a command, and none is an assignment. */
const isImmediateCommand = ({ name, args }: Command): boolean =>
  name === undefined ||
  (isImmediate(name) && args.every((argument) => argument.type === 'Word' && isImmediate(argument)));

/** `expandCommand` for these: nobody waits for anything. */
function expandCommandNow(shell: Shell, { name, args }: Command): Words {
  if (name === undefined) return { words: [], arrays: undefined };
  const words = expandFieldsNow(shell, [name]);
  const first = words[0];
  const declares = first !== undefined && isDeclaration(name, first);
  for (const argument of args) {
    if (argument.type !== 'Word') continue;
    if (declares && assignmentLike.test(argument.text)) words.push(expandTextNow(shell, argument, 'assignment'));
    else for (const field of expandFieldsNow(shell, [argument])) words.push(field);
  }
  return { words, arrays: undefined };
}

async function expandCommand(shell: Shell, node: Command): Promise<Words> {
  if (node.name === undefined) return { words: [], arrays: undefined };
  const words = await expandFields(shell, [node.name]);
  const { args } = node;
  if (args.length === 0) return { words, arrays: undefined };
  const first = words[0];
  let arrays: Words['arrays'];
  const declares = first !== undefined && isDeclaration(node.name, first);
  for (const argument of args) {
    if (argument.type === 'Word') {
      if (declares && assignmentLike.test(argument.text)) words.push(await expandText(shell, argument, 'assignment'));
      else words.push(...(await expandFields(shell, [argument])));
      continue;
    }
    const { name, value, append, index } = argument;
    if (value.type === 'ArrayValue') {
      arrays ??= new Map();
      const associative = words.some((word) => /^-[A-Za-z]*A/.test(word)) || undefined;
      arrays.set(words.length, await arrayElements(shell, name, value, associative));
      words.push(`${name}${append === true ? '+' : ''}=`);
      continue;
    }
    const subscript = index === undefined ? '' : `[${await subscriptText(shell, name, index)}]`;
    const text = await expandText(shell, value, 'assignment');
    words.push(`${name}${subscript}${append === true ? '+' : ''}=${text}`);
  }
  return { words, arrays };
}

const assignmentLike = /^[A-Za-z_]\w*\+?=/;

/** `declare`, `export` and so on take assignments, but only where they are written as such. */
const isDeclaration = (name: Word, first: string): boolean => declarations.has(first) && name.text === first;

interface Call {
  readonly node: Command;
  readonly words: string[];
  readonly arrays: Words['arrays'];
  readonly assignments: readonly Prepared[];
  readonly overlay: Overlay;
  readonly options: CommandOptions;
}

/** `exec` with redirections only. */
const isBareExec = ([first, second, third]: readonly string[]): boolean =>
  first === 'exec' && (second === undefined || (second === '--' && third === undefined));

/** A plain status where nothing had to be waited for. */
function runWords(shell: Shell, call: Call): Promise<number> | number {
  const { words, assignments } = call;
  if (assignments.length > 0 || shell.options.has('xtrace') || isBareExec(words)) return runPrepared(shell, call);
  return dispatch(shell, call);
}

/** `set -x` shows lists given to `declare` as assignments before it. */
async function traceCall(shell: Shell, { words, arrays }: Call): Promise<void> {
  if (arrays === undefined) {
    await trace(shell, shell.dialect === 'dash' ? words.join(' ') : traceWords(words));
    return;
  }
  const shown = [...words];
  for (const [index, elements] of arrays) {
    const items = elements.map(
      ({ subscript, value }) => `${subscript === undefined ? '' : `[${subscript}]=`}'${value}'`,
    );
    await trace(shell, `${words[index] ?? ''}(${items.join(' ')})`);
    shown[index] = (words[index] ?? '').replace(/\+?=$/, '');
  }
  await trace(shell, traceWords(shown));
}

async function runPrepared(shell: Shell, call: Call): Promise<number> {
  const { words, assignments, overlay } = call;
  const [name = ''] = words;
  if (shell.options.has('xtrace')) await traceCall(shell, call);
  if (isBareExec(words)) {
    applyForGood(shell, overlay);
    if (shell.dialect !== 'bash' || shell.options.has('posix')) for (const each of assignments) assign(shell, each);
    return 0;
  }
  if (assignments.length === 0) return dispatch(shell, call);
  const stays = specials.has(name) && (shell.dialect !== 'bash' || shell.options.has('posix'));
  const frame = shell.functions.has(name) ? 'call' : 'command';
  shell.variables.enter(frame);
  try {
    for (const each of assignments) {
      if (each.subscript !== undefined) {
        await complain(shell, `\`${each.name}[${each.subscript}]': not a valid identifier`);
        continue;
      }
      const before = each.append ? shell.get(each.name) : undefined;
      if (((shell.variables.raw(each.name)?.flags ?? 0) & Flag.readonly) !== 0) {
        await complain(shell, `${each.name}: readonly variable`);
        continue;
      }
      shell.variables.makeLocal(each.name, frame);
      if (before !== undefined) shell.variables.assign(each.name, before);
      assign(shell, each);
      shell.variables.mark(each.name, Flag.exported);
    }
    return await dispatch(shell, call);
  } finally {
    if (stays) shell.variables.leaveKeeping();
    else shell.variables.leave();
    if (assignments.some((each) => each.name === 'PATH')) shell.hashed.clear();
  }
}

function dispatch(shell: Shell, call: Call): Promise<number> | number {
  const { node, words, overlay, options } = call;
  const [name = ''] = words;
  const own = specials.has(name) && shell.options.has('posix');
  const called = own ? undefined : shell.functions.get(name);
  const builtin = called === undefined && !shell.disabled.has(name) ? builtins(shell)[name] : undefined;
  if (called === undefined && builtin === undefined) {
    const text = shell.source.text.slice(node.pos, node.end);
    return runExternal(shell, words, overlay, text === '' ? words.join(' ') : text, options);
  }
  if (overlay.size > 0) return runRedirected(shell, call, called, builtin);
  return runOwn(shell, call, called, builtin);
}

/** A function or a builtin. */
function runOwn(
  shell: Shell,
  { words, arrays, options }: Call,
  called: ShellFunction | undefined,
  builtin: BuiltinRun | undefined,
): Promise<number> | number {
  if (called !== undefined) return shell.interpreter.callFunction(shell, called, words.slice(1));
  if (builtin === undefined) return 127;
  return runBuiltin(shell, words[0] ?? '', builtin, { args: words.slice(1), arrays, options });
}

async function runRedirected(
  shell: Shell,
  call: Call,
  called: ShellFunction | undefined,
  builtin: BuiltinRun | undefined,
): Promise<number> {
  const saved = applyOverlay(shell, call.overlay);
  try {
    return await runOwn(shell, call, called, builtin);
  } catch (error) {
    // It is told where the function's messages go.
    if (called !== undefined && error instanceof ShellError) await tell(shell, error);
    throw error;
  } finally {
    // `exec` with redirections keeps them.
    restore(shell, saved);
  }
}

type BuiltinRun = NonNullable<ReturnType<typeof builtins>[string]>;

/** Runs a builtin under its name, which its messages carry. A plain status where it waited for nothing. */
export function runBuiltin(
  shell: Shell,
  name: string,
  builtin: BuiltinRun,
  invocation: Invocation,
): Promise<number> | number {
  const outer = shell.running;
  shell.running = name;
  let waiting: Promise<number> | undefined;
  try {
    const status = builtin(shell, invocation.args, invocation);
    if (typeof status === 'number') return status;
    waiting = status;
  } catch (error) {
    return builtinFailed(shell, name, error, outer);
  } finally {
    if (waiting === undefined) shell.running = outer;
  }
  return finishBuiltin(shell, name, waiting, outer);
}

async function finishBuiltin(
  shell: Shell,
  name: string,
  running: Promise<number>,
  outer: string | undefined,
): Promise<number> {
  try {
    return await running;
  } catch (error) {
    return await builtinFailed(shell, name, error, outer);
  } finally {
    shell.running = outer;
  }
}

/** A readonly variable: costs a line that assigns it, but only fails what assigns it in passing. */
const isRefusal = (error: ShellError): boolean => error.message.endsWith(': readonly variable');

/** A builtin that meets a readonly variable and the like fails; the line goes on. */
async function builtinFailed(shell: Shell, name: string, error: unknown, outer: string | undefined): Promise<number> {
  if (!(error instanceof ShellError) || error.exits || error.discards) throw error;
  shell.running = outer;
  if (isRefusal(error) && !['declare', 'typeset', 'local', 'eval', '.', 'source'].includes(name)) {
    await complain(shell, error.message);
    return 1;
  }
  if (!declarations.has(name)) throw error;
  await complain(shell, `${name}: ${error.message}`);
  return error.status;
}
