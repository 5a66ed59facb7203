import type { Rule, TableName } from './rule';
import { SpecReader, type Problem } from './spec';

export interface ParsedRule {
  readonly rules: readonly Rule[];
  readonly counters: { readonly packets: number; readonly bytes: number } | undefined;
  readonly input: boolean;
  readonly output: boolean;
}

/** Splits a line into words as iptables-restore does: blanks part, `"` groups, `\` takes the next character. */
export function splitWords(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(/\s+/).filter((word) => word !== '');
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    if (quoted) {
      if (char === '\\') word = (word ?? '') + line.charAt(++index);
      else if (char === '"') quoted = false;
      else word = (word ?? '') + char;
    } else if (char === '"') {
      quoted = true;
      word ??= '';
    } else if (char === ' ' || char === '\t' || char === '\n') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}

// Rules are values: a text read once is that rule for every namespace. kube-proxy restores the same thousands again and
// again, on every node. Two generations bound the memory: what was not asked for during one generation is forgotten.
const GENERATION = 60_000;
let young = new Map<string, ParsedRule>();
let old = new Map<string, ParsedRule>();

/** A rule by what follows `-A CHAIN ` in the text of iptables-restore. */
export function parseRule(text: string, table: TableName): ParsedRule | Problem {
  const key = `${table} ${text}`;
  const known = young.get(key) ?? old.get(key);
  if (known !== undefined) {
    young.set(key, known);
    return known;
  }
  const words = splitWords(text);
  const reader = new SpecReader(table);
  for (let at = 0; at < words.length;) {
    const next = reader.take(words, at);
    if (typeof next !== 'number') return next;
    at = next;
  }
  const rules = reader.finish();
  if (!('length' in rules)) return rules;
  const parsed: ParsedRule = { rules, counters: reader.counters, input: reader.input, output: reader.output };
  if (young.size >= GENERATION) {
    old = young;
    young = new Map();
  }
  young.set(key, parsed);
  return parsed;
}
