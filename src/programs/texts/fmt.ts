import { latin1, fromLatin1, readAll } from '../toolkit/latin1';
import { quote, quoteaf } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

interface Word {
  readonly text: string;
  readonly length: number;
  /** Blanks that follow. */
  space: number;
  /** Ends a sentence. */
  readonly final: boolean;
  readonly period: boolean;
  readonly punctuation: boolean;
  readonly paren: boolean;
}

interface Layout {
  readonly max: number;
  readonly goal: number;
}

// The costs of GNU fmt, in tenths of its unit: a line's shortness squared, and what one would rather not break at.
const LINE_COST = 70 * 70;
const WIDOW_COST = 15 * 15 * 100;
const ORPHAN_COST = 15 * 15 * 100;
const SENTENCE_BONUS = 50 * 50;
const NOBREAK_COST = 600 * 600;
const PAREN_BONUS = 40 * 40;
const PUNCT_BONUS = 40 * 40;

/** fmt(1). */
export const fmt = tool(
  {
    name: 'fmt',
    usage: '[-WIDTH] [OPTION]... [FILE]...',
    about:
      'Reformat each paragraph in the FILE(s), writing to standard output.\nThe option -WIDTH is an abbreviated form of --width=DIGITS.',
    short: 'cg:p:stuw:',
    long: {
      'crown-margin': 'c',
      'prefix:': 'p',
      'split-only': 's',
      'tagged-paragraph': 't',
      'uniform-spacing': 'u',
      'width:': 'w',
      'goal:': 'g',
    },
    digits: 'w',
  },
  async (tool) => {
    const { options } = tool;
    const given = options.value('w') ?? '75';
    const max = Number(given);
    if (!/^\d+$/.test(given) || max > 2500) {
      return tool.fail(`invalid width: ${quote(given)}${max > 2500 ? ': Numerical result out of range' : ''}`);
    }
    const layout = { max, goal: Number(options.value('g') ?? Math.floor((max * 187) / 200)) };
    for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
      const bytes = await readAll(tool, path, (name, why) =>
        tool.error(`cannot open ${quoteaf(name)} for reading: ${why}`),
      );
      if (bytes === undefined) continue;
      const lines = latin1(bytes).replace(/\n$/, '').split('\n');
      if (bytes.length === 0) continue;
      for (const paragraph of paragraphs(lines, options.last('s', 'c', 't'), options.value('p') ?? '')) {
        if (typeof paragraph === 'string') await tool.out.write(fromLatin1(`${paragraph}\n`));
        else {
          const { first, rest, words } = paragraph;
          if (options.has('u')) for (const word of words) word.space = word.final ? 2 : 1;
          await tool.out.write(fromLatin1(fill(words, first, rest, layout)));
        }
      }
    }
    return tool.status;
  },
);

interface Paragraph {
  readonly first: string;
  readonly rest: string;
  readonly words: Word[];
}

const indentOf = (line: string): number => {
  let column = 0;
  for (const char of /^[ \t]*/.exec(line)?.[0] ?? '') column = char === '\t' ? column + 8 - (column % 8) : column + 1;
  return column;
};
/** fmt writes indentation with tabs only if the input had one. */
const margin = (columns: number, tabs: boolean): string =>
  tabs ? '\t'.repeat(Math.floor(columns / 8)) + ' '.repeat(columns % 8) : ' '.repeat(columns);

function* paragraphs(
  lines: readonly string[],
  mode: string | undefined,
  prefix: string,
): Generator<string | Paragraph> {
  const tabs = lines.some((line) => line.includes('\t'));
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || !line.trimStart().startsWith(prefix)) {
      yield line.trim() === '' ? '' : line;
      at++;
      continue;
    }
    const strip = (text: string): string => (prefix === '' ? text : text.trimStart().slice(prefix.length));
    const first = indentOf(strip(line));
    const taken = [strip(line)];
    at++;
    let rest = first;
    const next = lines[at];
    const goesOn = (text: string | undefined): text is string =>
      text !== undefined && text.trim() !== '' && text.trimStart().startsWith(prefix) && strip(text).trim() !== '';
    if (mode !== 's' && goesOn(next)) {
      const second = indentOf(strip(next));
      if (mode === 'c' || (mode === 't' && second !== first)) rest = second;
      for (let more = lines[at]; goesOn(more) && indentOf(strip(more)) === rest; more = lines[++at])
        taken.push(strip(more));
    }
    const lead = prefix;
    yield { first: lead + margin(first, tabs), rest: lead + margin(rest, tabs), words: wordsOf(taken) };
  }
}

function wordsOf(lines: readonly string[]): Word[] {
  const words: Word[] = [];
  for (const line of lines) {
    const found = [...line.matchAll(/([^ \t]+)([ \t]*)/g)];
    for (const [index, [, text = '', blanks = '']] of found.entries()) {
      const period = /[.?!]["'\])}]*$/.test(text);
      const last = index === found.length - 1;
      const final = period && (last || blanks.length > 1);
      words.push({
        text,
        length: text.length,
        space: last ? (final ? 2 : 1) : columnsOf(blanks),
        final,
        period,
        punctuation: /[,;:.?!()\]}'"-]$/.test(text) && !/\w$/.test(text),
        paren: /^[('"`]/.test(text),
      });
    }
  }
  return words;
}

const columnsOf = (blanks: string): number => (blanks.includes('\t') ? Math.max(1, blanks.length) : blanks.length);

/** The breaks that cost least, from the end back, as Knuth and Plass do. */
function fill(words: readonly Word[], first: string, rest: string, { max, goal }: Layout): string {
  const count = words.length;
  const best = new Array<number>(count + 1).fill(0);
  const next = new Array<number>(count).fill(count);
  const lineLength = new Array<number>(count + 1).fill(0);
  for (let start = count - 1; start >= 0; start--) {
    let cheapest = Infinity;
    let length = (start === 0 ? first : rest).length + (words[start]?.length ?? 0);
    for (let end = start + 1; ;) {
      const cost = lineCost(end === count, length, goal, lineLength[end] ?? 0, next[end] === count) + (best[end] ?? 0);
      if (cost < cheapest) {
        cheapest = cost;
        next[start] = end;
        lineLength[start] = length;
      }
      const word = words[end];
      if (word === undefined) break;
      length += (words[end - 1]?.space ?? 1) + word.length;
      end++;
      if (length >= max) break;
    }
    best[start] = cheapest + baseCost(words, start);
  }
  let text = '';
  for (let start = 0; start < count;) {
    const end = next[start] ?? count;
    text += start === 0 ? first : rest;
    for (let at = start; at < end; at++) {
      text += (words[at]?.text ?? '') + (at === end - 1 ? '' : ' '.repeat(words[at]?.space ?? 1));
    }
    text += '\n';
    start = end;
  }
  return text;
}

function lineCost(last: boolean, length: number, goal: number, nextLength: number, nextIsLast: boolean): number {
  if (last) return 0;
  const short = (goal - length) * 10;
  let cost = short * short;
  if (!nextIsLast) {
    const ragged = (length - nextLength) * 10;
    cost += (ragged * ragged) / 2;
  }
  return cost;
}

function baseCost(words: readonly Word[], at: number): number {
  let cost = LINE_COST;
  const [word, before, earlier] = [words[at], words[at - 1], words[at - 2]];
  if (word === undefined) return cost;
  if (before !== undefined) {
    if (before.period) cost += before.final ? -SENTENCE_BONUS : NOBREAK_COST;
    else if (before.punctuation) cost -= PUNCT_BONUS;
    else if (earlier?.final === true) cost += WIDOW_COST / (before.length + 2);
  }
  if (word.paren) cost -= PAREN_BONUS;
  else if (word.final) cost += ORPHAN_COST / (word.length + 2);
  return cost;
}
