import { err, ok, type Result } from '../../sim/result';
import { BadRegex, isWord, Parser, type Assertion, type Node, type Test } from './re2-parser';

/**
 * Regular expressions as RE2 has them, matched by simulating all ways at once (Pike's machine): time is the product of
 * pattern and text, whatever the pattern. Patterns are first made a small program.
 */
export interface Regex {
  /** The leftmost match from an offset on: its start, end and groups' texts. */
  find(text: string, from: number): Match | undefined;
}

export interface Match {
  readonly start: number;
  readonly end: number;
}

type Instruction =
  | { readonly op: 'char'; readonly test: Test }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'assert'; readonly kind: Assertion }
  | { readonly op: 'match' };
const mostInstructions = 20_000;
export function compileRegex(pattern: string): Result<Regex, string> {
  try {
    const program: Instruction[] = [];
    emit(new Parser(pattern).parse(), program);
    program.push({ op: 'match' });
    return ok(new Machine(program));
  } catch (thrown) {
    if (thrown instanceof BadRegex) return err(thrown.message);
    throw thrown;
  }
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > mostInstructions) throw new BadRegex('expression too large');
  switch (node.kind) {
    case 'char':
      program.push({ op: 'char', test: node.test });
      return;
    case 'assert':
      program.push({ op: 'assert', kind: node.what });
      return;
    case 'all':
      for (const each of node.of) emit(each, program);
      return;
    case 'any': {
      const ends: number[] = [];
      for (const [index, each] of node.of.entries()) {
        const last = index === node.of.length - 1;
        const split = program.length;
        if (!last) program.push({ op: 'jump', to: 0 });
        emit(each, program);
        if (last) break;
        ends.push(program.length);
        program.push({ op: 'jump', to: 0 });
        program[split] = { op: 'split', first: split + 1, second: program.length };
      }
      for (const end of ends) program[end] = { op: 'jump', to: program.length };
      return;
    }
    case 'repeat': {
      const { of, min, max, lazy } = node;
      for (let count = 0; count < min; count++) emit(of, program);
      const split = (at: number, inside: number, after: number): void => {
        program[at] = lazy
          ? { op: 'split', first: after, second: inside }
          : { op: 'split', first: inside, second: after };
      };
      if (max === Infinity) {
        const at = program.length;
        program.push({ op: 'jump', to: 0 });
        emit(of, program);
        program.push({ op: 'jump', to: at });
        split(at, at + 1, program.length);
        return;
      }
      const splits: number[] = [];
      for (let count = min; count < max; count++) {
        splits.push(program.length);
        program.push({ op: 'jump', to: 0 });
        emit(of, program);
      }
      for (const at of splits) split(at, at + 1, program.length);
    }
  }
}

class Machine implements Regex {
  constructor(readonly program: readonly Instruction[]) {}

  find(text: string, from: number): Match | undefined {
    const { program } = this;
    let threads: [pc: number, start: number][] = [];
    let seen = new Uint32Array(program.length);
    let generation = 0;
    let best: Match | undefined;
    const add = (list: [number, number][], pc: number, start: number, at: number): void => {
      // A list of what is still to follow instead of recursion: patterns can be long.
      const pending = [pc];
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        if (seen[next] === generation) continue;
        seen[next] = generation;
        const instruction = program[next] as Instruction;
        if (instruction.op === 'jump') pending.push(instruction.to);
        else if (instruction.op === 'split') pending.push(instruction.second, instruction.first);
        else if (instruction.op === 'assert') {
          if (holds(instruction.kind, text, at)) pending.push(next + 1);
        } else list.push([next, start]);
      }
    };
    for (let at = from; ;) {
      generation++;
      const current: [number, number][] = [];
      for (const [pc, start] of threads) add(current, pc, start, at);
      if (best === undefined) add(current, 0, at, at);
      if (current.length === 0) break;
      const code = text.codePointAt(at);
      const char = code === undefined ? undefined : String.fromCodePoint(code);
      threads = [];
      for (const [pc, start] of current) {
        const instruction = program[pc] as Instruction;
        if (instruction.op === 'match') {
          best = { start, end: at };
          break;
        }
        if (instruction.op === 'char' && char !== undefined && instruction.test(char)) threads.push([pc + 1, start]);
      }
      if (char === undefined) break;
      at += char.length;
      if (generation > 4_000_000_000) {
        seen = new Uint32Array(program.length);
        generation = 0;
      }
    }
    return best;
  }
}

function holds(kind: Assertion, text: string, at: number): boolean {
  switch (kind) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text[at - 1] === '\n';
    case 'lineEnd':
      return at === text.length || text[at] === '\n';
    default: {
      const before = at > 0 && isWord(text[at - 1] ?? '');
      const after = at < text.length && isWord(text[at] ?? '');
      return (before !== after) === (kind === 'word');
    }
  }
}
