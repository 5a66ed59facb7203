import { decode } from '../../../linux/io/bytes';
import type { Git } from '../git';
import { oidOf, zeroOid, type Oid } from '../objects/object';
import { changesOf, changedLines, splitLines, type Change } from './xdiff';
import { pathOf, type FileChange, type Side } from './tree-diff';

export interface PatchOptions {
  readonly context: number;
  readonly color: boolean;
  /** `a/` and `b/`. */
  readonly prefixes: readonly [string, string];
  readonly fullIndex: boolean;
  /** -w, -b */
  readonly ignoreSpace: 'none' | 'all' | 'change';
  readonly binary: boolean;
}

export const plainPatch: PatchOptions = {
  context: 3,
  color: false,
  prefixes: ['a/', 'b/'],
  fullIndex: false,
  ignoreSpace: 'none',
  binary: false,
};

/** A path as git prints it: quoted where it holds anything but printable ASCII. */
export function quotePath(path: string): string {
  if (!/[^\u0020-\u007e]|["\\]/.test(path)) return path;
  const named: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '"': '\\"', '\\': '\\\\', '\r': '\\r' };
  const bytes = new TextEncoder().encode(path);
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text += named[character] ?? (byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, '0')}` : character);
  }
  return `"${text}"`;
}

export const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8000).includes(0);

const keys = {
  none: (line: string): string => line,
  all: (line: string): string => line.replace(/\s+/g, ''),
  change: (line: string): string => line.replace(/\s+/g, ' ').replace(/\s+$/, ''),
} as const;

const bold = '\u001b[1m';
const cyan = '\u001b[36m';
const red = '\u001b[31m';
const green = '\u001b[32m';
const reset = '\u001b[m';

/** The line of the function that a hunk is in: the nearest one before that begins with a letter, `_` or `$`. */
function functionAt(lines: readonly string[], before: number): string {
  for (let line = before; line >= 0; line--) {
    const text = lines[line] ?? '';
    if (/^[A-Za-z_$]/.test(text)) return ` ${text.replace(/\s+$/, '').slice(0, 80).replace(/\s+$/, '')}`;
  }
  return '';
}

const range = (start: number, count: number): string =>
  `${count === 0 ? start : start + 1}${count === 1 ? '' : `,${count}`}`;

/** The hunks of a unified diff. */
export function hunks(
  before: readonly string[],
  after: readonly string[],
  changes: readonly Change[],
  { context, color }: Pick<PatchOptions, 'context' | 'color'>,
): string {
  const paint = (code: string, text: string): string => (color ? `${code}${text}${reset}` : text);
  let text = '';
  const line = (sign: string, content: string): string => {
    const whole = content.endsWith('\n');
    const body = sign + (whole ? content.slice(0, -1) : content);
    const shown = sign === '+' ? paintAdded(body, paint) : sign === '-' ? paint(red, body) : body;
    return `${shown}\n${whole ? '' : '\\ No newline at end of file\n'}`;
  };
  let functionLine = '';
  let searchedFrom = -1;
  for (let index = 0; index < changes.length;) {
    let last = index;
    const first = changes[index];
    if (first === undefined) break;
    for (;;) {
      const [current, next] = [changes[last], changes[last + 1]];
      if (current === undefined || next === undefined || next.from - (current.from + current.before) > 2 * context)
        break;
      last++;
    }
    const final = changes[last] ?? first;
    const start = Math.max(0, first.from - context);
    const startAfter = Math.max(0, first.to - context);
    const end = Math.min(before.length, final.from + final.before + context);
    const endAfter = Math.min(after.length, final.to + final.after + context);
    // Each hunk looks back no further than where the one before it looked from (xdl_emit_diff).
    for (let at = start - 1; at > searchedFrom; at--) {
      const found = functionAt(before.slice(at, at + 1), 0);
      if (found !== '') {
        functionLine = found;
        break;
      }
    }
    searchedFrom = Math.max(searchedFrom, start - 1);
    const head = `@@ -${range(start, end - start)} +${range(startAfter, endAfter - startAfter)} @@`;
    text += `${paint(cyan, head)}${functionLine}\n`;
    let at = start;
    for (const change of changes.slice(index, last + 1)) {
      for (; at < change.from; at++) text += line(' ', before[at] ?? '');
      for (; at < change.from + change.before; at++) text += line('-', before[at] ?? '');
      for (let added = change.to; added < change.to + change.after; added++) text += line('+', after[added] ?? '');
    }
    for (; at < end; at++) text += line(' ', before[at] ?? '');
    index = last + 1;
  }
  return text;
}

/** Added lines show white space at their ends (`core.whitespace`). */
function paintAdded(body: string, paint: (code: string, text: string) => string): string {
  if (paint(green, '') === '') return body;
  return `${paint(green, '+')}${body.length > 1 ? paint(green, body.slice(1)) : ''}`;
}

/** The patch of one file. */
export function patch(git: Git, change: FileChange, options: PatchOptions): string {
  const { before, after, status } = change;
  if (status === 'T' && before !== undefined && after !== undefined) {
    return (
      patch(git, { status: 'D', before, after: undefined, similarity: 0 }, options) +
      patch(git, { status: 'A', before: undefined, after, similarity: 0 }, options)
    );
  }
  if (status === 'U') return `* Unmerged path ${pathOf(change)}\n`;
  const { objects } = git.repository;
  const [a, b] = options.prefixes;
  const meta: string[] = [];
  const oldPath = before?.path ?? after?.path ?? '';
  const newPath = after?.path ?? before?.path ?? '';
  meta.push(`diff --git ${quotePath(a + oldPath)} ${quotePath(b + newPath)}`);
  const octal = (side: Side): string => side.mode.toString(8).padStart(6, '0');
  if (before === undefined && after !== undefined) meta.push(`new file mode ${octal(after)}`);
  else if (after === undefined && before !== undefined) meta.push(`deleted file mode ${octal(before)}`);
  else if (before !== undefined && after !== undefined && before.mode !== after.mode) {
    meta.push(`old mode ${octal(before)}`, `new mode ${octal(after)}`);
  }
  if (status === 'R' || status === 'C') {
    const verb = status === 'R' ? 'rename' : 'copy';
    meta.push(
      `similarity index ${change.similarity}%`,
      `${verb} from ${quotePath(oldPath)}`,
      `${verb} to ${quotePath(newPath)}`,
    );
  }
  const oldBytes = before?.bytes() ?? new Uint8Array(0);
  const newBytes = after?.bytes() ?? new Uint8Array(0);
  const name = (side: Side | undefined): Oid =>
    side === undefined ? zeroOid : side.oid === zeroOid ? oidOf({ type: 'blob', bytes: side.bytes() }) : side.oid;
  const [oldOid, newOid] = [name(before), name(after)];
  const paint = (lines: readonly string[]): string =>
    lines.map((line) => (options.color ? `${bold}${line}${reset}\n` : `${line}\n`)).join('');
  if (oldOid === newOid) return before?.mode === after?.mode && status === 'M' ? '' : paint(meta);
  const short = (oid: Oid): string =>
    options.fullIndex ? oid : oid === zeroOid ? oid.slice(0, 7) : objects.abbreviate(oid);
  const sameMode = before !== undefined && after !== undefined && before.mode === after.mode;
  meta.push(`index ${short(oldOid)}..${short(newOid)}${sameMode ? ` ${octal(before)}` : ''}`);
  const label = (side: Side | undefined, prefix: string): string =>
    side === undefined ? '/dev/null' : quotePath(prefix + side.path);
  if (isBinary(oldBytes) || isBinary(newBytes)) {
    return `${paint(meta)}Binary files ${label(before, a)} and ${label(after, b)} differ\n`;
  }
  const [old, young] = [splitLines(decode(oldBytes)), splitLines(decode(newBytes))];
  const changes = changesOf(changedLines(old, young, keys[options.ignoreSpace]));
  if (changes.length === 0) return options.ignoreSpace !== 'none' && status === 'M' ? '' : paint(meta);
  // A tab ends a name with a space in it, so that patch(1) sees where it ends.
  const tab = (text: string): string => (/\s/.test(text) && !text.startsWith('"') ? `${text}\t` : text);
  meta.push(`--- ${tab(label(before, a))}`, `+++ ${tab(label(after, b))}`);
  return paint(meta) + hunks(old, young, changes, options);
}
