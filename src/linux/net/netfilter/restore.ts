import type { Change, RuleSet } from './chain';
import { readCommandLine } from './command-line';
import { Edit } from './edit';
import { execute } from './execute';
import { parseRule, splitWords } from './parse';
import { isTableName, tableHooks, type TableName } from './rule';
import { VERSION } from './save';
import type { Problem } from './spec';

export interface RestoreOptions {
  readonly noflush?: boolean;
  readonly counters?: boolean;
  /** `--test`: reads everything and changes nothing. */
  readonly test?: boolean;
}

export interface RestoreFailure {
  readonly ok: false;
  /** What iptables-restore prints to stderr. */
  readonly message: string;
  readonly line: number;
  readonly code: number;
}

/** Where a restore finds tables and leaves changed ones: each table is one transaction. */
export interface RestoreTarget {
  ruleSet(table: TableName): RuleSet | undefined;
  commit(table: TableName, change: Change): void;
}

// The same text on the same rules gives the same change: hosts that do the same (kube-proxy on every node) share it.
const changes = new WeakMap<RuleSet, Map<string, Change>>();
const first: RuleSet = { name: 'filter', chains: new Map(), needsConntrack: false };
const KEPT = 32;

/** iptables-restore: sections `*table … COMMIT`, applied one by one; the first error ends it. */
export function restore(
  text: string,
  options: RestoreOptions,
  target: RestoreTarget,
): { readonly ok: true } | RestoreFailure {
  let lineNumber = 0;
  let at = 0;
  while (at < text.length) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    lineNumber++;
    at = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith('*')) {
      return { ok: false, code: 1, line: lineNumber, message: `iptables-restore: line ${lineNumber} failed` };
    }
    const name = line.slice(1).trim();
    if (!isTableName(name)) {
      return failure(
        { code: 2, text: `iptables-restore: line ${lineNumber} table name '${name}' invalid` },
        lineNumber,
      );
    }
    const commit = findCommit(text, at);
    if (commit === undefined) {
      const lines = lineNumber + text.slice(at).split('\n').length - (text.endsWith('\n') ? 1 : 0);
      const problem = read(text.slice(at), name, target.ruleSet(name), options, lineNumber);
      if ('ok' in problem) return problem;
      const line = lines + 1;
      return { ok: false, code: 1, line, message: `iptables-restore: COMMIT expected at line ${line}` };
    }
    const section = text.slice(at, commit.start);
    const base = target.ruleSet(name);
    const key = `${options.test === true ? 't' : ''}${options.noflush === true ? 'n' : ''}${options.counters === true ? 'c' : ''}*${name}\n${section}`;
    let known = changes.get(base ?? first);
    let change = known?.get(key);
    if (change === undefined) {
      const result = read(section, name, base, options, lineNumber);
      if ('ok' in result) return result;
      change = result;
      if (known === undefined) changes.set(base ?? first, (known = new Map()));
      if (known.size >= KEPT) known.clear();
      known.set(key, change);
    }
    if (options.test !== true) target.commit(name, change);
    lineNumber += countLines(section) + 1;
    at = commit.end + 1;
  }
  return { ok: true };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function findCommit(text: string, from: number): { readonly start: number; readonly end: number } | undefined {
  const start = text.startsWith('COMMIT', from) ? from : text.indexOf('\nCOMMIT', from) + 1;
  if (start <= 0 && !text.startsWith('COMMIT', from)) return undefined;
  const end = lineEnd(text, start);
  return text.slice(start, end).trim() === 'COMMIT' ? { start, end } : undefined;
}

function countLines(section: string): number {
  let count = 0;
  for (let at = section.indexOf('\n'); at >= 0; at = section.indexOf('\n', at + 1)) count++;
  return count;
}

function read(
  section: string,
  table: TableName,
  base: RuleSet | undefined,
  { noflush = false, counters = false, test = false }: RestoreOptions,
  firstLine: number,
): Change | RestoreFailure {
  const edit = new Edit(table, base, { flush: !noflush });
  let lineNumber = firstLine;
  for (let at = 0; at < section.length;) {
    const end = lineEnd(section, at);
    const line = section.slice(at, end);
    lineNumber++;
    at = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    const problem = line.startsWith(':')
      ? declare(edit, line, counters, lineNumber)
      : change(edit, line, table, counters, lineNumber);
    if (problem !== undefined) return failure(problem, lineNumber);
  }
  const problem = test ? undefined : edit.check();
  if (problem === undefined) return edit.finish();
  return failure(problem, problem.line !== undefined && problem.line > 0 ? problem.line : lineNumber + 1);
}

function declare(edit: Edit, line: string, withCounters: boolean, lineNumber: number): Problem | undefined {
  const [name = '', policy, counts] = line.slice(1).split(/\s+/);
  if (name === '') return { code: 2, text: `iptables-restore: line ${lineNumber} chain name invalid` };
  if (policy === undefined || policy === '') {
    return { code: 2, text: `iptables-restore: line ${lineNumber} policy invalid` };
  }
  const parsed = withCounters ? parseCounters(counts ?? '') : undefined;
  return edit.declare(name, policy, parsed);
}

function parseCounters(text: string): { readonly packets: number; readonly bytes: number } | undefined {
  const found = /^\[(\d+):(\d+)\]$/.exec(text);
  return found === null ? undefined : { packets: Number(found[1]), bytes: Number(found[2]) };
}

function change(
  edit: Edit,
  whole: string,
  table: TableName,
  withCounters: boolean,
  lineNumber: number,
): Problem | undefined {
  let line = whole;
  let counted: { readonly packets: number; readonly bytes: number } | undefined;
  if (line.startsWith('[')) {
    const close = line.indexOf(']') + 1;
    if (withCounters) counted = parseCounters(line.slice(0, close));
    line = line.slice(close).trimStart();
  }
  if (line.startsWith('-A ')) {
    const blank = line.indexOf(' ', 3);
    const chain = blank < 0 ? line.slice(3) : line.slice(3, blank);
    if (!chain.startsWith('"') && chain !== '') {
      const parsed = parseRule(blank < 0 ? '' : line.slice(blank + 1), table);
      if (!('rules' in parsed)) return explained(parsed, line, table);
      const hook = tableHooks[table].find((name) => name === chain);
      if (parsed.input && (hook === 'OUTPUT' || hook === 'POSTROUTING')) {
        return { code: 2, text: `Can't use -i with ${chain}\n` };
      }
      if (parsed.output && (hook === 'INPUT' || hook === 'PREROUTING')) {
        return { code: 2, text: `Can't use -o with ${chain}\n` };
      }
      return edit.add(chain, parsed.rules, 'end', parsed.counters ?? counted);
    }
  }
  const command = readCommandLine(splitWords(line), table);
  if (command === 'help' || command === 'version') return undefined;
  if ('code' in command) return command;
  // Listing inside a restore prints and changes nothing.
  return command.verb === 'L' || command.verb === 'S' ? undefined : execute(edit, command, lineNumber);
}

// What is no rule may be another option of the command, with an error of its own.
function explained(problem: Problem, line: string, table: TableName): Problem {
  const command = readCommandLine(splitWords(line), table);
  return typeof command === 'object' && 'code' in command ? command : problem;
}

function failure({ code, text }: Problem, line: number): RestoreFailure {
  const help = "Try `iptables-restore -h' or 'iptables-restore --help' for more information.";
  const message =
    code === 1
      ? `iptables-restore: line ${line} failed: ${text}`
      : code === 4
        ? `iptables-restore ${VERSION}: \nline ${line}: ${text}`
        : text.startsWith('Bad argument')
          ? `${text}\nError occurred at line: ${line}\n${help}`
          : `iptables-restore ${VERSION}: ${text}\nError occurred at line: ${line}\n${help}`;
  return { ok: false, code, line, message };
}
