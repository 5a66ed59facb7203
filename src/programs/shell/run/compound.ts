import type { ArithmeticFor, Case, CommandNode, CompoundList, For, If, Select, While, Word } from 'unbash';
import { matches } from '../expand/pattern';
import { expandArithmetic, expandFields, expandPattern, expandText } from '../expand/word';
import type { CommandOptions, Shell } from '../shell';
import { ShellError } from '../state/errors';
import { afterFailure, runTrap } from './traps';
import { errorText, writeTo } from './io';
import { readLine } from './read-line';
import { trace } from './xtrace';

/** Virtual microseconds that a turn of a loop takes. */
const TURN = 3;

const body = (shell: Shell, list: CompoundList, options?: CommandOptions): Promise<number> =>
  shell.interpreter.list(shell, list.commands, options);

/** A list whose failure is looked at, so that it does not end a shell with `set -e`. */
async function tested(shell: Shell, list: CompoundList): Promise<number> {
  shell.tested++;
  try {
    return await body(shell, list);
  } finally {
    shell.tested--;
  }
}

export async function runIf(shell: Shell, node: If): Promise<number> {
  for (const { clause, then } of [node, ...node.elif]) {
    const status = await tested(shell, clause);
    if (shell.flow !== undefined) return status;
    if (status === 0) return body(shell, then);
  }
  return node.else === undefined ? 0 : body(shell, node.else);
}

/** What `break`, `continue` and `return` mean for the loop that just ran its body: true if it ends. */
function leaves(shell: Shell): boolean {
  const { flow } = shell;
  if (flow === undefined) return false;
  if (flow.kind === 'return') return true;
  if (flow.levels > 1) {
    shell.flow = { kind: flow.kind, levels: flow.levels - 1 };
    return true;
  }
  shell.flow = undefined;
  return flow.kind === 'break';
}

/** A DEBUG trap runs before the parts of compound commands that are commands themselves. */
async function debugged(shell: Shell, node: CommandNode): Promise<void> {
  shell.position = node.pos;
  if (!shell.traps.has('DEBUG')) return;
  if (shell.runningTraps.size === 0) {
    shell.command = node;
    shell.commandSource = shell.source;
  }
  await runTrap(shell, 'DEBUG');
}

/** Runs a loop; `turn` gives false when it is over. */
async function loop(shell: Shell, turn: () => Promise<boolean>): Promise<void> {
  shell.loopDepth++;
  try {
    for (;;) {
      const slice = shell.process.compute(TURN);
      if (slice !== undefined) await slice;
      if (!(await turn())) return;
    }
  } finally {
    shell.loopDepth--;
  }
}

export async function runWhile(shell: Shell, node: While): Promise<number> {
  let status = 0;
  await loop(shell, async () => {
    const condition = await tested(shell, node.clause);
    if (shell.flow !== undefined) return !leaves(shell);
    if ((condition === 0) !== (node.kind === 'while')) return false;
    status = await body(shell, node.body);
    return !leaves(shell);
  });
  return status;
}

export async function runFor(shell: Shell, node: For): Promise<number> {
  const name = node.name.text;
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    await errorText(shell, `${shell.prefix}\`${name}': not a valid identifier\n`);
    return 1;
  }
  shell.position = node.pos;
  const values = await listOf(shell, node.wordlist);
  let status = 0;
  let index = 0;
  await loop(shell, async () => {
    const value = values[index++];
    if (value === undefined) return false;
    if (shell.options.has('xtrace') && shell.dialect === 'bash') {
      await trace(shell, `for ${name} in ${(node.wordlist ?? []).map(({ text }) => text).join(' ')}`);
    }
    await debugged(shell, node);
    try {
      shell.set(name, value);
    } catch (error) {
      if (!(error instanceof ShellError) || error.exits) throw error;
      await errorText(shell, `${shell.prefix}${error.message}\n`);
      status = 1;
      return false;
    }
    status = await body(shell, node.body);
    return !leaves(shell);
  });
  return status;
}

const listOf = async (shell: Shell, words: readonly Word[] | undefined): Promise<readonly string[]> =>
  words === undefined ? shell.positional : expandFields(shell, words);

export async function runArithmeticFor(shell: Shell, node: ArithmeticFor): Promise<number> {
  const [initialize = '', test = '', update = ''] = arithmeticForParts(shell, node);
  const evaluate = async (text: string): Promise<boolean> => {
    await debugged(shell, node);
    return Number(shell.arithmetic(await expandArithmetic(shell, text), '((: ')) !== 0;
  };
  shell.position = node.pos;
  let status = 0;
  let first = true;
  try {
    if (initialize.trim() !== '') await evaluate(initialize);
    await loop(shell, async () => {
      if (!first && update.trim() !== '') await evaluate(update);
      first = false;
      if (test.trim() !== '' && !(await evaluate(test))) return false;
      status = await body(shell, node.body);
      return !leaves(shell);
    });
  } catch (error) {
    if (!(error instanceof ShellError) || !error.message.startsWith('((: ')) throw error;
    await errorText(shell, `${shell.prefix}${error.message}\n`);
    return 1;
  }
  return status;
}

/** The three texts between `((` and `))`: the tree has lost how they were written. */
function arithmeticForParts(shell: Shell, node: ArithmeticFor): string[] {
  const { text } = shell.source;
  const open = text.indexOf('((', node.pos) + 2;
  let depth = 0;
  let end = open;
  const parts: string[] = [];
  let start = open;
  for (; end < text.length; end++) {
    const char = text.charAt(end);
    if (char === '(') depth++;
    else if (char === ')') {
      if (depth === 0) break;
      depth--;
    } else if (char === ';' && depth === 0) {
      parts.push(text.slice(start, end));
      start = end + 1;
    } else if (char === "'" || char === '"') {
      const close = text.indexOf(char, end + 1);
      if (close > 0) end = close;
    }
  }
  parts.push(text.slice(start, end));
  return parts;
}

export async function runCase(shell: Shell, node: Case): Promise<number> {
  await debugged(shell, node);
  const word = await expandText(shell, node.word, 'word');
  if (shell.options.has('xtrace'))
    await trace(shell, `case ${shell.source.text.slice(node.word.pos, node.word.end)} in`);
  const ignoreCase = shell.options.on('nocasematch');
  let status = 0;
  let falls = false;
  for (const item of node.items) {
    let hit = falls;
    if (!hit) {
      for (const pattern of item.pattern) {
        hit = matches(await expandPattern(shell, pattern), word, { ignoreCase });
        if (hit) break;
      }
    }
    if (!hit) continue;
    status = await body(shell, item.body);
    if (shell.flow !== undefined || item.terminator === ';;' || item.terminator === undefined) return status;
    falls = item.terminator === ';&';
  }
  return status;
}

export async function runSelect(shell: Shell, node: Select): Promise<number> {
  const choices = await listOf(shell, node.wordlist);
  if (choices.length === 0) return 0;
  let status = 0;
  let show = true;
  await loop(shell, async () => {
    if (show) await errorText(shell, menu(choices, Number(shell.get('COLUMNS') ?? 80) || 80));
    await errorText(shell, shell.get('PS3') ?? '#? ');
    const line = await readLine(shell, 0);
    if (line === undefined) {
      await writeTo(shell, 1, '\n');
      status = 1;
      return false;
    }
    shell.set('REPLY', line);
    show = line.trim() === '';
    if (show) return true;
    const number = /^\d+$/.test(line.trim()) ? Number(line.trim()) : 0;
    shell.set(node.name.text, choices[number - 1] ?? '');
    status = await body(shell, node.body);
    show = shell.get('REPLY') === '';
    return !leaves(shell);
  });
  return status;
}

/** The numbered list of `select`, in columns (print_select_list of execute_cmd.c). */
function menu(choices: readonly string[], width: number): string {
  const digits = String(choices.length).length;
  const longest = Math.max(...choices.map(({ length }) => length)) + digits + 2 + 2;
  let columns = Math.max(1, Math.floor(width / longest));
  let rows = Math.ceil(choices.length / columns);
  if (rows === 1) rows = choices.length;
  columns = Math.ceil(choices.length / rows);
  let text = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const index = column * rows + row;
      const choice = choices[index];
      if (choice === undefined) break;
      const cell = `${String(index + 1).padStart(digits)}) ${choice}`;
      text += (column + 1) * rows + row < choices.length ? cell.padEnd(longest) : cell;
    }
    text += '\n';
  }
  return text;
}

/** A function's or group's last command may have failed by itself; `( )` and `(( ))` have not been looked at. */
export async function checked(shell: Shell, status: number): Promise<number> {
  shell.status = status;
  if (status !== 0) await afterFailure(shell);
  return status;
}
