import type { Command, CommandNode, Redirection, Statement, Subshell } from 'unbash';
import { Source } from '../parse/source';
import type { CommandOptions, Interpreter, Shell, ShellFunction } from '../shell';
import { Exit, ShellError } from '../state/errors';
import { withCommands } from '../expand/subscript';
import { expandArithmetic } from '../expand/word';
import { Job } from '../jobs/table';
import { checked, runArithmeticFor, runCase, runFor, runIf, runSelect, runWhile } from './compound';
import { runConditional } from './conditional';
import { runCoproc } from './coproc';
import { forkWaiting, tell } from './fork';
import { complain } from './io';
import { runBackground, runNode, sourceText } from './pipeline';
import { applyOverlay, closeSubstitutions, prepareRedirects, RedirectError, restore } from './redirect';
import { runSource } from './source';
import { runSimple, specials } from './simple';
import { substitute, substituteProcess } from './substitute';
import { handlePending, hasPending, hideTraps, runTrap, showTraps } from './traps';
import { waitForeground } from './wait';
import { trace } from './xtrace';

/** Virtual microseconds that a command of the shell itself takes. */
const COMMAND = 2;
/** Every so many nested functions the JavaScript stack is left behind. */
const BREATH = 20;
/** Awaiting anything resolved unwinds the stack. */
const breath = Promise.resolve();
const MAX_NESTING = 4_000;

async function list(shell: Shell, statements: readonly Statement[], options: CommandOptions = {}): Promise<number> {
  const last = statements.length - 1;
  for (let index = 0; index <= last; index++) {
    const statement = statements[index];
    if (statement === undefined || (index > 0 && shell.options.has('noexec') && !shell.interactive)) continue;
    if (statement.background === true) shell.status = await runBackground(shell, statement);
    else {
      const isLast = index === last && options.last === true;
      shell.status = await runNode(shell, statement.command, isLast ? options : {});
    }
    if (shell.flow !== undefined) break;
  }
  return shell.status;
}

/**
 * Where the line of a simple command is taken: bash's parser makes the command when it has seen the word behind its
 * name, or an assignment before it.
 */
function lineOf({ name, prefix, args, redirects, pos }: Command): number {
  const before = prefix[0];
  if (before !== undefined) return before.type === 'HereDoc' ? before.pos : Math.max(pos, before.end - 1);
  const word = args[0];
  const redirect = redirects[0];
  if (redirect !== undefined && (word === undefined || redirect.pos < word.pos)) return redirect.pos;
  return Math.max(pos, (word?.end ?? name?.end ?? pos) - 1);
}

/** One command; its status is also `$?` afterwards. */
async function command(shell: Shell, node: CommandNode, options: CommandOptions = {}): Promise<number> {
  if (hasPending(shell)) await handlePending(shell);
  const slice = shell.process.compute(COMMAND);
  if (slice !== undefined) await slice;
  if (node.type === 'Command') {
    shell.position = lineOf(node);
    if (shell.runningTraps.size === 0) {
      shell.command = node;
      shell.commandSource = shell.source;
    }
    if (shell.traps.has('DEBUG')) await runTrap(shell, 'DEBUG');
    shell.status = await runSimple(shell, node, options);
    if (shell.status !== 0 && shell.tested === 0) return checked(shell, shell.status);
    return shell.status;
  }
  shell.status = await compound(shell, node, options);
  return shell.status;
}

async function compound(
  shell: Shell,
  node: Exclude<CommandNode, { type: 'Command' }>,
  options: CommandOptions,
): Promise<number> {
  switch (node.type) {
    case 'If':
      return runIf(shell, node);
    case 'For':
      return runFor(shell, node);
    case 'While':
      return runWhile(shell, node);
    case 'ArithmeticFor':
      return runArithmeticFor(shell, node);
    case 'Case':
      return runCase(shell, node);
    case 'Select':
      return runSelect(shell, node);
    case 'BraceGroup':
      return list(shell, node.body.commands, options);
    case 'Subshell':
      return runSubshell(shell, node, options);
    case 'Redirected':
      return redirected(shell, node.command, node.redirects);
    case 'TestCommand':
      shell.position = node.pos;
      if (shell.dialect === 'dash') {
        await complain(shell, '[[: not found');
        return checked(shell, 127);
      }
      return guarded(shell, async () => {
        if (shell.traps.has('DEBUG')) await runTrap(shell, 'DEBUG');
        return runConditional(shell, node.expression);
      });
    case 'ArithmeticCommand':
      shell.position = node.pos;
      return guarded(shell, async () => {
        if (shell.traps.has('DEBUG')) await runTrap(shell, 'DEBUG');
        if (shell.options.has('xtrace')) await trace(shell, `(( ${node.body} ))`);
        const expression = await expandArithmetic(shell, node.body);
        return Number(await withCommands(shell, () => shell.arithmetic(expression, '((: '))) === 0 ? 1 : 0;
      });
    case 'Function':
      return defineFunction(shell, node);
    case 'Coproc':
      return runCoproc(shell, node);
  }
}

/** `[[ ]]` and `(( ))`: what is wrong with an expression is a message and status 1, and the line goes on. */
async function guarded(shell: Shell, run: () => Promise<number>): Promise<number> {
  let status: number;
  try {
    status = await run();
  } catch (error) {
    if (!(error instanceof ShellError) || error.exits || !/^(\[\[|\(\(): |: readonly variable$/.test(error.message))
      throw error;
    await complain(shell, error.message);
    status = 1;
  }
  shell.pipeStatuses = undefined;
  return checked(shell, status);
}

async function defineFunction(shell: Shell, node: Extract<CommandNode, { type: 'Function' }>): Promise<number> {
  const { body } = node;
  if (body.type === 'CompoundList') return 1;
  const name = node.name.value;
  if (specials.has(name) && shell.options.has('posix')) {
    await complain(shell, `\`${name}': is a special builtin`);
    throw new Exit(2);
  }
  if (/[$`]/.test(node.name.text) && shell.dialect === 'bash') {
    await complain(shell, `\`${node.name.text}': not a valid identifier`);
    return 1;
  }
  shell.functions.set(name, { name, body, source: definedIn(shell.source), line: shell.source.lineAt(node.pos) });
  return 0;
}

const environments = new WeakMap<Source, Source>();

/** Functions that `-c` defines come from the `environment`, as bash calls it. */
function definedIn(source: Source): Source {
  if (source.kind !== 'command') return source;
  let environment = environments.get(source);
  if (environment === undefined) {
    environment = new Source(source.text, 'environment', 'command');
    environments.set(source, environment);
  }
  return environment;
}

/** `( … )`: a forked copy of the shell. */
async function runSubshell(shell: Shell, node: Subshell, { last = false }: CommandOptions): Promise<number> {
  const body = (sub: Shell): Promise<number> => sub.interpreter.list(sub, node.body.commands, { last: true });
  // A fork that only runs a subshell is that subshell already.
  if (last && shell.subshellDepth > 0 && shell.traps.size === 0) {
    shell.subshellDepth++;
    return body(shell);
  }
  const child = await forkWaiting(shell, body, shell.jobControl ? { group: 0, foreground: true } : {});
  const text = sourceText(shell, node).replace(/^\(\s*(.*?)\s*\)$/s, '( $1 )');
  const job = new Job(shell.jobControl ? child.pid : undefined, text, false);
  job.processes.push({ pid: child.pid, text: job.text, status: undefined });
  return checked(shell, await waitForeground(shell, job));
}

async function redirected(shell: Shell, node: CommandNode, redirects: readonly Redirection[]): Promise<number> {
  const opened = shell.substitutions.length;
  shell.position = node.pos;
  let saved;
  try {
    saved = applyOverlay(shell, await prepareRedirects(shell, redirects));
  } catch (error) {
    if (!(error instanceof RedirectError)) throw error;
    await complain(shell, error.message);
    return checked(shell, 1);
  }
  // The substitutions live as long as the command, not as the first simple command in it.
  const mine = shell.substitutions.splice(opened);
  try {
    return await command(shell, node);
  } catch (error) {
    // It is told where the command's messages go.
    if (error instanceof ShellError) await tell(shell, error);
    throw error;
  } finally {
    restore(shell, saved);
    shell.substitutions.push(...mine);
    closeSubstitutions(shell, opened);
  }
}

async function callFunction(shell: Shell, called: ShellFunction, args: readonly string[]): Promise<number> {
  const depth = shell.calls.length;
  if (depth >= MAX_NESTING) {
    throw new ShellError(`${called.name}: maximum function nesting level exceeded (${MAX_NESTING})`);
  }
  if (depth % BREATH === BREATH - 1) await breath;
  const { positional, source, position, calls, loopDepth, running } = shell;
  const { line } = shell;
  shell.positional = args;
  shell.source = called.source;
  shell.calls = [{ name: called.name, source: called.source.name, calledAt: line }, ...calls];
  shell.loopDepth = 0;
  shell.running = undefined;
  const outerTraps = hideTraps(shell);
  shell.variables.enter('function');
  try {
    await command(shell, called.body);
    if (shell.flow?.kind === 'return') shell.flow = undefined;
    if (shell.traps.has('RETURN')) await runTrap(shell, 'RETURN');
    return shell.status;
  } catch (error) {
    if (error instanceof ShellError) error.prefix ??= shell.prefix;
    throw error;
  } finally {
    showTraps(shell, outerTraps);
    shell.variables.leave();
    const { options } = shell.calls[0] ?? {};
    if (options !== undefined) shell.options.restoreSet(options);
    shell.positional = positional;
    shell.source = source;
    shell.position = position;
    shell.calls = calls;
    shell.loopDepth = loopDepth;
    shell.running = running;
  }
}

/** The one interpreter; all state is in the shell. */
export const interpreter: Interpreter = {
  list,
  command,
  callFunction,
  substitute,
  substituteProcess,
  source: (shell: Shell, source: Source, options?: CommandOptions) => runSource(shell, source, options),
};
