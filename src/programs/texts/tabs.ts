import { latin1, fromLatin1, readAll } from '../toolkit/latin1';
import { quote } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

/** Where tabs stop: the next stop after a column; undefined beyond the last of a list. */
type Stops = (column: number) => number | undefined;

/** A list as `-t` takes it: one number repeats, several are the stops themselves, `/N` and `+N` go on after them. */
function parseStops(lists: readonly string[]): Stops | string {
  const stops: number[] = [];
  let every: { by: number; from: number } | undefined;
  for (const part of lists.join(',').split(/[, ]+/).filter(Boolean)) {
    const match = /^([/+]?)(\d+)$/.exec(part);
    if (match === null) return `tab size contains invalid character(s): ${quote(part.replace(/^\d+/, ''))}`;
    const number = Number(match[2]);
    if (number === 0) return 'tab size cannot be 0';
    if (match[1] !== '') every = { by: number, from: match[1] === '+' ? (stops.at(-1) ?? 0) : 0 };
    else if (number <= (stops.at(-1) ?? 0)) return 'tab sizes must be ascending';
    else stops.push(number);
  }
  const [only] = stops;
  if (stops.length === 0 && every === undefined) every = { by: 8, from: 0 };
  if (stops.length === 1 && only !== undefined && every === undefined) every = { by: only, from: 0 };
  return (column) => {
    const stop = stops.find((one) => one > column);
    if (stop !== undefined || every === undefined) return stop;
    return every.from + (Math.floor((column - every.from) / every.by) + 1) * every.by;
  };
}

/** `-4,8` as `-t 4,8`. */
const digitsAsList = (args: readonly string[]): readonly string[] =>
  args.map((arg) => (/^-\d[\d,]*$/.test(arg) ? `--tabs=${arg.slice(1)}` : arg));

async function eachLine(tool: Tool, act: (line: string) => string): Promise<number> {
  for (const path of tool.operands.length === 0 ? ['-'] : tool.operands) {
    const bytes = await readAll(tool, path);
    if (bytes === undefined) continue;
    for (const line of latin1(bytes).split(/(?<=\n)/)) await tool.out.write(fromLatin1(act(line)));
  }
  return tool.status;
}

/** expand(1). */
export const expand = tool(
  {
    name: 'expand',
    usage: '[OPTION]... [FILE]...',
    about: 'Convert tabs in each FILE to spaces, writing to standard output.',
    short: 'it:',
    long: { initial: 'i', 'tabs:': 't' },
    rewrite: digitsAsList,
  },
  async (tool) => {
    const stops = parseStops(tool.options.values('t'));
    if (typeof stops === 'string') return tool.fail(stops);
    return eachLine(tool, (line) => {
      let text = '';
      let column = 0;
      let initial = true;
      for (const char of line) {
        if (char === '\t' && (initial || !tool.options.has('i'))) {
          const next = stops(column) ?? column + 1;
          text += ' '.repeat(next - column);
          column = next;
          continue;
        }
        if (char !== ' ' && char !== '\t') initial = false;
        column = char === '\b' ? Math.max(0, column - 1) : column + 1;
        text += char;
      }
      return text;
    });
  },
);

/** unexpand(1). */
export const unexpand = tool(
  {
    name: 'unexpand',
    usage: '[OPTION]... [FILE]...',
    about: 'Convert blanks in each FILE to tabs, writing to standard output.',
    short: 'at:',
    long: { all: 'a', 'first-only': 'f', 'tabs:': 't' },
    rewrite: digitsAsList,
  },
  async (tool) => {
    const stops = parseStops(tool.options.values('t'));
    if (typeof stops === 'string') return tool.fail(stops);
    const all = tool.options.has('a', 't') && !tool.options.has('f');
    return eachLine(tool, (line) => {
      let text = '';
      let column = 0;
      let converting = true;
      /** Blanks not written yet: those that reach a stop become a tab. */
      let blanks = '';
      for (const char of line) {
        if (converting && (char === ' ' || char === '\t')) {
          const next = stops(column);
          if (next === undefined) {
            converting = false;
            text += blanks + char;
            blanks = '';
            continue;
          }
          column = char === '\t' ? next : column + 1;
          if (char === '\t') {
            blanks = /\t/.test(blanks) || blanks !== '' ? '\t' : '\t';
            text += blanks;
            blanks = '';
          } else if (column === next) {
            // A single blank before a stop stays one, unless more blanks follow.
            if (blanks === '') blanks = '\v';
            else {
              text += '\t';
              blanks = '';
            }
          } else {
            if (blanks === '\v') {
              text += '\t';
              blanks = '';
            }
            blanks += ' ';
          }
          continue;
        }
        text += blanks === '\v' ? ' ' : blanks;
        blanks = '';
        column++;
        if (!all && char !== '\n') converting = false;
        text += char;
      }
      return text + (blanks === '\v' ? ' ' : blanks);
    });
  },
);
