import { textWidth } from '../../toolkit/format';
import type { Change } from './changes';

/** What diff paints: headers bold, hunks cyan, what goes red, what comes green. */
export interface Painter {
  (kind: 'header' | 'hunk' | 'gone' | 'new', text: string): string;
}

const codes = { header: '1', hunk: '36', gone: '31', new: '32' };
export const plain: Painter = (_, text) => text;
export const colored: Painter = (kind, text) => `\x1b[${codes[kind]}m${text}\x1b[0m`;

const noNewline = '\\ No newline at end of file';

/** A line after its mark; that it had no newline is said after it. */
function marked(mark: string, line: string, paint: (text: string) => string): string {
  const ended = line.endsWith('\n');
  return `${paint(mark + (ended ? line.slice(0, -1) : line))}\n${ended ? '' : `${noNewline}\n`}`;
}

export function normal(a: readonly string[], b: readonly string[], changes: readonly Change[], paint: Painter): string {
  const range = (from: number, to: number): string =>
    to - from === 1 ? String(from + 1) : to === from ? String(from) : `${from + 1},${to}`;
  let text = '';
  for (const { from, to, at, until } of changes) {
    const letter = from === to ? 'a' : at === until ? 'd' : 'c';
    text += `${paint('hunk', range(from, to) + letter + range(at, until))}\n`;
    for (const line of a.slice(from, to)) text += marked('< ', line, (one) => paint('gone', one));
    if (letter === 'c') text += '---\n';
    for (const line of b.slice(at, until)) text += marked('> ', line, (one) => paint('new', one));
  }
  return text;
}

/** -e: a script for ed(1), from the end back. */
export function edScript(b: readonly string[], changes: readonly Change[]): string {
  let text = '';
  for (const { from, to, at, until } of changes.toReversed()) {
    const range = to - from <= 1 ? String(from === to ? from : to) : `${from + 1},${to}`;
    text += range + (from === to ? 'a' : at === until ? 'd' : 'c') + '\n';
    if (at !== until) text += `${b.slice(at, until).join('')}.\n`;
  }
  return text;
}

/** Changes that share their context. */
export function* hunks(changes: readonly Change[], context: number): Generator<readonly [Change, ...Change[]]> {
  for (let index = 0; index < changes.length;) {
    let last = index;
    while (last + 1 < changes.length && (changes[last + 1]?.from ?? 0) - (changes[last]?.to ?? 0) <= context * 2)
      last++;
    const [first, ...rest] = changes.slice(index, last + 1);
    if (first !== undefined) yield [first, ...rest];
    index = last + 1;
  }
}

/** The line before a hunk that looks like the head of a function (-p, -F). */
export type FunctionLine = (before: number) => string;

export function unified(
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
  context: number,
  paint: Painter,
  heading: FunctionLine,
): string {
  const range = (from: number, count: number): string =>
    count === 1 ? String(from + 1) : `${count === 0 ? from : from + 1},${count}`;
  let text = '';
  for (const hunk of hunks(changes, context)) {
    const [head] = hunk;
    const tail = hunk.at(-1) ?? head;
    const before = Math.min(context, head.from);
    const after = Math.min(context, a.length - tail.to);
    const [from, at] = [head.from - before, head.at - before];
    const ranges = `@@ -${range(from, tail.to + after - from)} +${range(at, tail.until + after - at)} @@`;
    text += `${paint('hunk', ranges)}${heading(from)}\n`;
    let position = from;
    for (const change of hunk) {
      for (const line of a.slice(position, change.from)) text += marked(' ', line, (one) => one);
      for (const line of a.slice(change.from, change.to)) text += marked('-', line, (one) => paint('gone', one));
      for (const line of b.slice(change.at, change.until)) text += marked('+', line, (one) => paint('new', one));
      position = change.to;
    }
    for (const line of a.slice(position, tail.to + after)) text += marked(' ', line, (one) => one);
  }
  return text;
}

export function contextual(
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
  context: number,
  paint: Painter,
  heading: FunctionLine,
): string {
  const range = (from: number, to: number): string => (to - from <= 1 ? String(to) : `${from + 1},${to}`);
  let text = '';
  for (const hunk of hunks(changes, context)) {
    const [head] = hunk;
    const tail = hunk.at(-1) ?? head;
    const before = Math.min(context, head.from);
    const after = Math.min(context, a.length - tail.to);
    const side = (lines: readonly string[], old: boolean): string => {
      const [from, to] = old ? [head.from - before, tail.to + after] : [head.at - before, tail.until + after];
      let shown = old ? paint('hunk', `*** ${range(from, to)} ****`) : paint('hunk', `--- ${range(from, to)} ----`);
      shown += '\n';
      if (!hunk.some((change) => (old ? change.to > change.from : change.until > change.at))) return shown;
      let position = from;
      for (const change of hunk) {
        const [start, end] = old ? [change.from, change.to] : [change.at, change.until];
        for (const line of lines.slice(position, start)) shown += marked('  ', line, (one) => one);
        const both = change.to > change.from && change.until > change.at;
        const mark = both ? '! ' : old ? '- ' : '+ ';
        for (const line of lines.slice(start, end))
          shown += marked(mark, line, (one) => paint(old ? 'gone' : 'new', one));
        position = end;
      }
      for (const line of lines.slice(position, to)) shown += marked('  ', line, (one) => one);
      return shown;
    };
    text += `***************${heading(head.from - before)}\n${side(a, true)}${side(b, false)}`;
  }
  return text;
}

/** -y: both files beside each other. */
export function sideBySide(
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
  options: { readonly width: number; readonly common: boolean; readonly left: boolean; readonly expand: boolean },
): string {
  // As GNU's: the second column begins at a multiple of eight.
  const { width } = options;
  const unit = options.expand ? 1 : 8;
  const off = Math.floor((width + unit + 3) / (unit * 2)) * unit;
  const half = Math.max(0, Math.min(off - 3, width - off));
  const column = half > 0 ? off : width;
  const cut = (line: string): string => {
    let [text, used] = ['', 0];
    for (const char of line.replace(/\n$/, '')) {
      const wide = char === '\t' ? 8 - (used % 8) : textWidth(char);
      if (used + wide > half) break;
      text += char === '\t' && options.expand ? ' '.repeat(wide) : char;
      used += wide;
    }
    return text;
  };
  const widthOf = (text: string): number => {
    let used = 0;
    for (const char of text) used += char === '\t' ? 8 - (used % 8) : textWidth(char);
    return used;
  };
  const pad = (from: number, to: number): string => {
    let [text, at] = ['', from];
    while (!options.expand && Math.floor(at / 8) * 8 + 8 <= to) {
      text += '\t';
      at = Math.floor(at / 8) * 8 + 8;
    }
    return text + ' '.repeat(to - at);
  };
  let text = '';
  const row = (left: string | undefined, mark: string, right: string | undefined): void => {
    const shown = left === undefined ? '' : cut(left);
    let line = shown;
    let at = widthOf(shown);
    if (mark !== ' ') {
      const middle = Math.floor((half + column - 1) / 2);
      line += pad(at, middle) + mark;
      at = middle + 1;
    }
    if (right !== undefined && right !== '\n' && !(mark === '(')) line += pad(at, column) + cut(right);
    text += `${line}\n`;
  };
  let position = 0;
  let other = 0;
  const common = (to: number): void => {
    for (; position < to; position++, other++) {
      if (!options.common) row(a[position], options.left ? '(' : ' ', b[other]);
    }
  };
  for (const { from, to, at, until } of changes) {
    common(from);
    const pairs = Math.min(to - from, until - at);
    for (let index = 0; index < pairs; index++) row(a[from + index], '|', b[at + index]);
    for (let index = from + pairs; index < to; index++) row(a[index], '<', undefined);
    for (let index = at + pairs; index < until; index++) row(undefined, '>', b[index]);
    position = to;
    other = until;
  }
  common(a.length);
  return text;
}
