import type { Stat } from '../../linux/fs/types';
import { joinPath } from './copy';
import { strftime } from '../toolkit/date-format';
import { quotef } from '../toolkit/quote';
import { tool, type Tool } from '../toolkit/tool';

/** diff(1): normal and unified output, directories with -r. */
export const diff = tool(
  {
    name: 'diff',
    usage: '[OPTION]... FILES',
    about: 'Compare FILES line by line.',
    package: 'GNU diffutils 3.10',
    short: 'abBcC:eEiNqrsuU:wy',
    long: {
      brief: 'q',
      'report-identical-files': 's',
      unified: 'u',
      recursive: 'r',
      'new-file': 'N',
      'ignore-case': 'i',
      'ignore-all-space': 'w',
      'ignore-space-change': 'b',
      'ignore-blank-lines': 'B',
      'color::': 'color',
      'label:': 'label',
      text: 'a',
    },
    trouble: 2,
  },
  async (tool) => {
    const [first, second, extra] = tool.operands;
    if (second === undefined || first === undefined) {
      return tool.fail(
        `missing operand after '${first ?? tool.name}'\n${tool.name}: Try '${tool.name} --help' for more information.`,
      );
    }
    if (extra !== undefined) return tool.usageError(`extra operand '${extra}'`);
    return compare(tool, first, second, true);
  },
);

const missing: Stat = {
  dev: 0,
  ino: -1,
  type: 'file',
  mode: 0,
  nlink: 0,
  uid: 0,
  gid: 0,
  size: 0,
  atime: 0,
  mtime: 0,
  ctime: 0,
};

async function compare(tool: Tool, first: string, second: string, top: boolean): Promise<number> {
  const { fs, options } = tool;
  const look = (path: string) =>
    path === '-' ? ({ ok: true, value: { ...missing, mtime: tool.process.clock.now } } as const) : fs.stat(path);
  const [one, other] = [look(first), look(second)];
  const absent = options.has('N');
  let trouble = false;
  for (const [path, found] of [
    [first, one],
    [second, other],
  ] as const) {
    if (found.ok || (absent && (one.ok || other.ok))) continue;
    await tool.error(`${quotef(path)}: ${found.error.message}`, 2);
    trouble = true;
  }
  if (trouble) return 2;
  const left = one.ok ? one.value : missing;
  const right = other.ok ? other.value : missing;
  if (one.ok && other.ok && left.ino === right.ino && left.dev === right.dev && left.ino >= 0) return 0;
  if (left.type === 'directory' && right.type === 'directory') return directories(tool, first, second, top);
  if (top && left.type === 'directory')
    return compare(tool, joinPath(first, second.split('/').at(-1) ?? second), second, false);
  if (top && right.type === 'directory')
    return compare(tool, first, joinPath(second, first.split('/').at(-1) ?? first), false);
  if (left.type === 'directory' || right.type === 'directory') {
    const kind = (stat: Stat) => (stat.type === 'directory' ? 'a directory' : 'a regular file');
    await tool.out.line(`File ${first} is ${kind(left)} while file ${second} is ${kind(right)}`);
    return 1;
  }
  const texts: string[] = [];
  for (const [path, stat] of [
    [first, left],
    [second, right],
  ] as const) {
    const text = stat === missing ? '' : path === '-' ? await tool.process.stdin.text() : fs.readText(path);
    if (typeof text === 'string') texts.push(text);
    else if (text.ok) texts.push(text.value);
    else return tool.fail(`${quotef(path)}: ${text.error.message}`, 2);
  }
  const [a = '', b = ''] = texts;
  if (a === b) {
    if (options.has('s')) await tool.out.line(`Files ${first} and ${second} are identical`);
    return 0;
  }
  if (!options.has('a') && (a.includes('\0') || b.includes('\0'))) {
    await tool.out.line(`Binary files ${first} and ${second} differ`);
    return 2;
  }
  const from = linesOf(a);
  const to = linesOf(b);
  const changes = changesOf(
    from.map((line) => shape(tool, line)),
    to.map((line) => shape(tool, line)),
  );
  if (changes.length === 0) return 0;
  if (options.has('q')) {
    await tool.out.line(`Files ${first} and ${second} differ`);
    return 1;
  }
  if (!top) {
    const given = tool.options.given.map(({ name, value }) => `-${name}${value ?? ''}`).join(' ');
    if (options.has('r')) await tool.out.line(`diff ${given} ${first} ${second}`);
  }
  const context = options.value('U') ?? (options.has('u') ? '3' : undefined);
  if (context === undefined) await normal(tool, from, to, changes);
  else {
    const labels = options.values('label');
    const time = (stat: Stat) => strftime('%Y-%m-%d %H:%M:%S.%N %z', stat.mtime);
    await tool.out.line(`--- ${labels[0] ?? `${first}\t${time(left)}`}`);
    await tool.out.line(`+++ ${labels[1] ?? `${second}\t${time(right)}`}`);
    await unified(tool, from, to, changes, Number(context));
  }
  return 1;
}

async function directories(tool: Tool, first: string, second: string, top: boolean): Promise<number> {
  const { fs, options } = tool;
  const names = (path: string) => {
    const list = fs.readdir(path);
    return list.ok ? list.value.map(({ name }) => name) : [];
  };
  const [left, right] = [new Set(names(first)), new Set(names(second))];
  let status = 0;
  for (const name of [...new Set([...left, ...right])].sort()) {
    const [one, other] = [joinPath(first, name), joinPath(second, name)];
    if (!options.has('N') && !(left.has(name) && right.has(name))) {
      await tool.out.line(`Only in ${left.has(name) ? first : second}: ${name}`);
      status = Math.max(status, 1);
      continue;
    }
    const [a, b] = [fs.stat(one), fs.stat(other)];
    const both = a.ok && b.ok && a.value.type === 'directory' && b.value.type === 'directory';
    if (both && !options.has('r')) {
      await tool.out.line(`Common subdirectories: ${one} and ${other}`);
      continue;
    }
    status = Math.max(status, await compare(tool, one, other, false));
  }
  void top;
  return status;
}

function shape({ options }: Tool, line: string): string {
  let shaped = line;
  if (options.has('w')) shaped = shaped.replace(/\s+/g, '');
  else if (options.has('b')) shaped = shaped.replace(/\s+/g, ' ').trimEnd();
  return options.has('i') ? shaped.toLowerCase() : shaped;
}

/** Lines with their newlines: the last may have none. */
const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.split(/(?<=\n)/));

/** Lines from..to of the old file became lines at..until of the new one. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly until: number;
}

/** The shortest edit (E. Myers, "An O(ND) Difference Algorithm"). */
function changesOf(a: readonly string[], b: readonly string[]): readonly Change[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const n = endA - start;
  const m = endB - start;
  const max = n + m;
  let v = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  search: for (let d = 0; d <= max; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      let x =
        k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1))
          ? (v.get(k + 1) ?? 0)
          : (v.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < n && y < m && a[start + x] === b[start + y]) {
        x++;
        y++;
      }
      v.set(k, x);
      if (x >= n && y >= m) break search;
    }
  }
  const removed = new Set<number>();
  const added = new Set<number>();
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d > 0; d--) {
    v = trace[d] ?? v;
    const k = x - y;
    const before = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? k + 1 : k - 1;
    const fromX = v.get(before) ?? 0;
    const fromY = fromX - before;
    while (x > fromX && y > fromY) {
      x--;
      y--;
    }
    if (x === fromX) added.add(start + --y);
    else removed.add(start + --x);
  }
  const changes: Change[] = [];
  for (let i = start, j = start; i < endA || j < endB;) {
    if (!removed.has(i) && !added.has(j)) {
      i++;
      j++;
      continue;
    }
    const [from, at] = [i, j];
    while (removed.has(i)) i++;
    while (added.has(j)) j++;
    changes.push({ from, to: i, at, until: j });
  }
  return changes;
}

const noNewline = '\\ No newline at end of file\n';
const marked = (mark: string, line: string): string =>
  line.endsWith('\n') ? mark + line : `${mark}${line}\n${noNewline}`;

async function normal(
  { out }: Tool,
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
): Promise<void> {
  const range = (from: number, to: number) =>
    to - from === 1 ? String(from + 1) : to === from ? String(from) : `${from + 1},${to}`;
  for (const { from, to, at, until } of changes) {
    const letter = from === to ? 'a' : at === until ? 'd' : 'c';
    await out.line(range(from, to) + letter + range(at, until));
    for (const line of a.slice(from, to)) await out.write(marked('< ', line));
    if (letter === 'c') await out.line('---');
    for (const line of b.slice(at, until)) await out.write(marked('> ', line));
  }
}

async function unified(
  { out }: Tool,
  a: readonly string[],
  b: readonly string[],
  changes: readonly Change[],
  context: number,
): Promise<void> {
  const range = (from: number, count: number) =>
    count === 1 ? String(from + 1) : `${count === 0 ? from : from + 1},${count}`;
  for (let index = 0; index < changes.length;) {
    let last = index;
    while (last + 1 < changes.length && (changes[last + 1]?.from ?? 0) - (changes[last]?.to ?? 0) <= context * 2)
      last++;
    const hunk = changes.slice(index, last + 1);
    index = last + 1;
    const [head, tail] = [hunk[0], hunk.at(-1)];
    if (head === undefined || tail === undefined) return;
    const before = Math.min(context, head.from);
    const after = Math.min(context, a.length - tail.to);
    const [from, at] = [head.from - before, head.at - before];
    const [countA, countB] = [tail.to + after - from, tail.until + after - at];
    await out.line(`@@ -${range(from, countA)} +${range(at, countB)} @@`);
    let position = from;
    for (const change of hunk) {
      for (const line of a.slice(position, change.from)) await out.write(marked(' ', line));
      for (const line of a.slice(change.from, change.to)) await out.write(marked('-', line));
      for (const line of b.slice(change.at, change.until)) await out.write(marked('+', line));
      position = change.to;
    }
    for (const line of a.slice(position, tail.to + after)) await out.write(marked(' ', line));
  }
}

/** cmp(1). */
export const cmp = tool(
  {
    name: 'cmp',
    usage: '[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]',
    about: 'Compare two files byte by byte.',
    package: 'GNU diffutils 3.10',
    short: 'bils',
    long: { silent: 's', quiet: 's', verbose: 'l' },
    trouble: 2,
  },
  async (tool) => {
    const [first, second = '-'] = tool.operands;
    if (first === undefined) return tool.usageError(`missing operand after '${tool.name}'`);
    const contents: Uint8Array[] = [];
    for (const path of [first, second]) {
      const bytes = tool.fs.readFile(path === '-' ? '/dev/stdin' : path);
      if (!bytes.ok) return tool.fail(`${quotef(path)}: ${bytes.error.message}`, 2);
      contents.push(bytes.value);
    }
    const [a = new Uint8Array(0), b = new Uint8Array(0)] = contents;
    let line = 1;
    for (let index = 0; index < Math.min(a.length, b.length); index++) {
      if (a[index] !== b[index]) {
        if (!tool.options.has('s')) await tool.out.line(`${first} ${second} differ: byte ${index + 1}, line ${line}`);
        return 1;
      }
      if (a[index] === 10) line++;
    }
    if (a.length === b.length) return 0;
    const shorter = a.length < b.length ? first : second;
    if (!tool.options.has('s'))
      await tool.error(
        `EOF on ${quotef(shorter)} after byte ${Math.min(a.length, b.length)}, ${a.length === 0 || b.length === 0 ? 'which is empty' : `line ${line - 1}`}`,
      );
    return 1;
  },
);
