import type { Change, Editor } from './editor';
import { executeLine } from './ex';
import { motion, type Motion } from './motions';
import { textObject } from './objects';
import { operate } from './operate';
import { regionOf, type Region } from './region';
import { doSearch, splitSearch } from './search';
import { simpleCommand } from './simple';
import { firstNonBlank, lastColumn } from './text';
import { Refused, same, type Position, type Step } from './types';
import { visualCommand } from './visual';

const escape = '\x1b';

/** Reads and does one command. What is refused leaves a message and ends macros. */
export function* normalCommand(editor: Editor): Step {
  editor.collected = '';
  editor.collecting = true;
  editor.repeatable = undefined;
  try {
    yield* command(editor);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.message !== '') editor.sayError(error.message);
    editor.dropKeys();
    editor.visual = editor.visual;
    editor.mode = 'normal';
    editor.commandLine = undefined;
    settle(editor);
  }
  editor.pending = '';
}

/** The cursor is inside the text, and on a character. */
export function settle(editor: Editor): void {
  const { line, col } = editor.inside(editor.cursor);
  const text = editor.buffer.line(line);
  const most = editor.visual === undefined ? lastColumn(text) : text.length;
  if (line !== editor.cursor.line || col !== editor.cursor.col || col > most)
    editor.cursor = { line, col: Math.min(col, most) };
}

interface Preset {
  readonly register: string;
  readonly count: number | undefined;
}

function* command(editor: Editor, preset?: Preset): Step {
  let register = preset?.register ?? '';
  let count = preset?.count;
  const isTyped = !editor.isStuffed;
  let key = yield* editor.key();
  if (isTyped && preset === undefined && !editor.insertPending) editor.buffer.sync();
  for (;;) {
    if (key === '"') {
      register = yield* editor.key();
      editor.pending += `"${register}`;
      if (!/^[a-zA-Z0-9"\-+*_.:%/#]$/.test(register)) throw new Refused();
      if (register === '"') register = '';
    } else if (/[1-9]/.test(key) || (key === '0' && count !== undefined)) {
      count = Math.min(99_999_999, (count ?? 0) * 10 + Number(key));
    } else break;
    if (key !== '"') editor.pending += key;
    key = yield* editor.key();
  }
  editor.collected = key;
  if (editor.visual !== undefined) yield* visualCommand(editor, key, count, register);
  else yield* plain(editor, key, count, register);
  const { repeatable } = editor;
  if (repeatable !== undefined) editor.lastChange = { ...repeatable, keys: editor.collected };
  editor.repeatable = undefined;
  if (editor.ended === undefined) settle(editor);
}

const operators = new Set(['d', 'c', 'y', '>', '<', '=', '!']);
const operatorsAfterG = new Set(['~', 'u', 'U', '?', 'q', 'w']);

function* plain(editor: Editor, key: string, count: number | undefined, register: string): Step {
  if (key === escape) return;
  if (key === '.') return yield* repeat(editor, count);
  if (operators.has(key) || (key === '~' && editor.options.bool('tildeop'))) {
    return yield* operatorPending(editor, key, count, register);
  }
  if (key === '/' || key === '?') {
    const found = yield* searchMotion(editor, key, count);
    return found === undefined ? undefined : moveBy(editor, found);
  }
  if (key === ':') {
    const range = count === undefined ? '' : count === 1 ? '.' : `.,.+${count - 1}`;
    editor.collecting = false;
    const line = yield* editor.readLine(':', ':');
    if (line !== undefined) yield* executeLine(editor, range + line, { typed: true });
    return;
  }
  if (key === 'g') {
    const found = yield* motion(editor, key, count, undefined);
    if (found !== undefined) return moveBy(editor, found);
    const after = editor.pending.at(-1) ?? '';
    if (operatorsAfterG.has(after)) return yield* operatorPending(editor, `g${after}`, count, register);
    if (!(yield* simpleCommand(editor, `g${after}`, count, register))) throw new Refused();
    return;
  }
  if (yield* simpleCommand(editor, key, count, register)) return;
  const found = yield* motion(editor, key, count, undefined);
  if (found === undefined) throw new Refused();
  moveBy(editor, found);
}

/** Moves the cursor as a motion says. */
export function moveBy(editor: Editor, { to, want, jump }: Motion): void {
  if (jump === true) editor.markJump();
  editor.moveTo(to, { keepWant: want !== undefined });
  if (typeof want === 'number') editor.want = want;
}

/** A pattern typed after / or ?. */
export function* searchMotion(editor: Editor, key: '/' | '?', count: number | undefined): Step<Motion | undefined> {
  const typed = yield* editor.readLine(key, key);
  if (typed === undefined) return undefined;
  const { source, rest } = splitSearch(typed, key);
  const wanted = source === '' ? editor.search?.source : source;
  if (wanted === undefined) throw new Refused('E35: No previous regular expression');
  const offset = rest ?? (source === '' ? (editor.search?.offset ?? '') : '');
  const [own = '', next] = offset.split(/;(?=[/?])/);
  editor.search = { source: wanted, forward: key === '/', offset: own };
  let { to, kind } = doSearch(editor, wanted, own, key === '/', count ?? 1);
  if (next !== undefined) {
    const second = splitSearch(next.slice(1), next[0] ?? '/');
    editor.search = { source: second.source, forward: next.startsWith('/'), offset: second.rest ?? '' };
    ({ to, kind } = doSearch(editor, second.source, second.rest ?? '', next.startsWith('/'), 1, to));
  }
  return { to, kind, jump: true, far: true };
}

/** An operator waits for what it shall work on. */
function* operatorPending(editor: Editor, operator: string, given: number | undefined, register: string): Step {
  editor.pending += operator;
  let count = given;
  let own: number | undefined;
  let force = '';
  const collected = editor.collected;
  let key = yield* editor.key();
  for (;;) {
    if (key === '"') register = yield* editor.key();
    else if (/[1-9]/.test(key) || (key === '0' && own !== undefined)) {
      own = (own ?? 0) * 10 + Number(key);
      editor.pending += key;
    } else if (key === 'v' || key === 'V' || key === '\x16') force = key;
    else break;
    key = yield* editor.key();
  }
  if (own !== undefined) count = own * (count ?? 1);
  editor.collected = collected + force + key;
  if (key === escape || key === '\x03') return;
  if (operator !== 'y') editor.repeatable = { register, count, visual: undefined };
  const last = operator.at(-1) ?? '';
  let doubled = key === last && operator !== 'gw';
  if (key === 'g' && operator.startsWith('g') && operator.length === 2) {
    const next = yield* editor.key();
    if (next === last) doubled = true;
    else {
      editor.stuff(next);
      editor.collected = editor.collected.slice(0, -1);
    }
  }
  if (doubled) {
    const { cursor, buffer } = editor;
    const wanted = cursor.line + (count ?? 1) - 1;
    if (wanted > buffer.last && cursor.line === buffer.last && (count ?? 1) > 1) throw new Refused();
    const end = { line: Math.min(wanted, buffer.last), col: cursor.col };
    const col = operator === 'y' || operator === 'd' ? cursor.col : firstNonBlank(editor.line);
    const start = { line: cursor.line, col };
    return yield* run(editor, operator, register, { shape: 'line', start, end, far: false }, undefined);
  }
  const found = yield* target(editor, key, count, operator.at(-1) === 'c' && operator === 'c' ? 'c' : operator);
  if (found === undefined) {
    editor.repeatable = undefined;
    return;
  }
  if (found.jump === true) editor.markJump();
  // cw on a blank, or with an object that is empty, may begin where it ends.
  const region = regionOf(editor, found, operator, force);
  if (operator !== 'c' && isNothing(region) && operator !== 'y') {
    if (found.from === undefined && editor.line !== '' && same(found.to, editor.cursor) && operator === '!')
      throw new Refused();
  }
  yield* run(editor, operator, register, region, found);
}

const isNothing = ({ shape, start, end }: Region): boolean => shape === 'char' && same(start, end);

function* run(editor: Editor, operator: string, register: string, region: Region, found: Motion | undefined): Step {
  if (operator !== 'c') editor.cursor = startOf(editor, region, found);
  yield* operate(editor, { operator, register, region });
  if (!('y' === operator && region.shape !== 'char') || found?.want !== 'keep') editor.setWant();
}

/** The cursor goes to the begin of the region first, and undo comes back to where it was. */
function startOf(editor: Editor, region: Region, found: Motion | undefined): Position {
  editor.buffer.begin(editor.cursor);
  if (region.shape === 'line' && found?.from !== undefined) return { line: region.start.line, col: 0 };
  return region.start;
}

/** The motion or text object of an operator. */
function* target(editor: Editor, key: string, count: number | undefined, operator: string): Step<Motion | undefined> {
  if (key === 'i' || key === 'a') {
    const object = yield* editor.key();
    if (object === escape) return undefined;
    return textObject(editor, key === 'a', object, count ?? 1);
  }
  if (key === '/' || key === '?') return yield* searchMotion(editor, key, count);
  if (key === 'g') {
    const found = yield* motion(editor, key, count, operator);
    if (found === undefined && editor.pending.endsWith('gn')) return nextMatch(editor);
    if (found === undefined) throw new Refused();
    return found;
  }
  const found = yield* motion(editor, key, count, operator);
  if (found === undefined) throw new Refused();
  return found;
}

/** `gn`: the match under or after the cursor. */
export function nextMatch(editor: Editor): Motion {
  const { search, cursor } = editor;
  if (search === undefined) throw new Refused('E35: No previous regular expression');
  const back = cursor.col > 0 ? { line: cursor.line, col: cursor.col - 1 } : { line: cursor.line, col: -1 };
  const { to: from } = doSearch(editor, search.source, '', true, 1, back);
  const { to } = doSearch(editor, search.source, 'e', true, 1, back);
  return { from, to, kind: 'inclusive' };
}

/** `.`: does the last change again. */
function* repeat(editor: Editor, count: number | undefined): Step {
  const change = editor.lastChange;
  if (change === undefined) throw new Refused();
  yield* again(editor, change, count);
}

function* again(editor: Editor, change: Change, count: number | undefined): Step {
  const wanted = count ?? change.count;
  const register = /[1-8]/.test(change.register) ? String(Number(change.register) + 1) : change.register;
  if (change.visual !== undefined) {
    const { mode, lines, columns } = change.visual;
    const { cursor, buffer } = editor;
    const line = Math.min(cursor.line + lines - 1, buffer.last);
    const isBlock = mode === '\x16' && columns !== Infinity;
    const dollar = columns === Infinity;
    editor.visual = { mode, start: cursor, dollar };
    const col = dollar ? buffer.line(line).length : mode === 'v' && lines > 1 ? columns - 1 : cursor.col + columns - 1;
    editor.cursor = { line, col: Math.max(0, dollar ? col : Math.min(col, lastColumn(buffer.line(line)))) };
    if (isBlock) {
      // The wide end is in the first line, which is long enough.
      editor.visual.start = {
        line: cursor.line,
        col: Math.min(cursor.col + columns - 1, lastColumn(buffer.line(cursor.line))),
      };
      editor.cursor = { line, col: Math.min(cursor.col, lastColumn(buffer.line(line))) };
    }
  }
  editor.buffer.begin(editor.cursor);
  editor.stuff(change.keys);
  editor.collecting = false;
  yield* command(editor, { register, count: wanted });
  editor.collecting = true;
  editor.repeatable = undefined;
  editor.lastChange = { ...change, count: wanted, register };
}

/** The main loop: commands until the editor ends. */
export function* mainLoop(editor: Editor): Step {
  while (editor.ended === undefined) yield* normalCommand(editor);
}
