export interface Hunk {
  readonly start: number;
  readonly newStart: number;
  /** What is there now, and what comes instead, context included; with newlines. */
  readonly old: readonly string[];
  readonly fresh: readonly string[];
  /** Lines of context at the shorter end. */
  readonly context: number;
  readonly text: string;
}

export interface FilePatch {
  readonly oldName: string | undefined;
  readonly newName: string | undefined;
  /** Its time says that it did not exist: the epoch. */
  readonly oldAbsent: boolean;
  readonly newAbsent: boolean;
  readonly hunks: readonly Hunk[];
  /** The line of the input after the head. */
  readonly line: number;
  readonly head: readonly string[];
}

const nameOf = (text: string): string => (text.split('\t')[0] ?? '').trimEnd();

const absent = (head: string): boolean => /\t1970-01-01 00:00:00/.test(head);

/** Takes a file of differences apart: unified ones, and diff's normal ones. */
export function parsePatch(text: string): FilePatch[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const files: FilePatch[] = [];
  let head: string[] = [];
  let oldName: string | undefined;
  let newName: string | undefined;
  let [oldHead, newHead] = ['', ''];
  let hunks: Hunk[] = [];
  let line = 0;
  const close = (): void => {
    if (hunks.length > 0)
      files.push({ oldName, newName, oldAbsent: absent(oldHead), newAbsent: absent(newHead), hunks, line, head });
    hunks = [];
  };
  for (let at = 0; at < lines.length;) {
    const one = lines[at] ?? '';
    if (one.startsWith('--- ') && (lines[at + 1] ?? '').startsWith('+++ ')) {
      close();
      head = [...head, one, lines[at + 1] ?? ''];
      oldHead = one;
      newHead = lines[at + 1] ?? '';
      oldName = nameOf(one.slice(4));
      newName = nameOf((lines[at + 1] ?? '').slice(4));
      at += 2;
      line = at + 1;
      continue;
    }
    const unified = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(one);
    const normal = /^(\d+)(?:,(\d+))?([acd])(\d+)(?:,(\d+))?$/.exec(one);
    const read =
      unified !== null ? unifiedHunk(lines, at, unified) : normal !== null ? normalHunk(lines, at, normal) : undefined;
    if (read === undefined) {
      if (hunks.length > 0) {
        close();
        head = [];
        oldName = undefined;
        newName = undefined;
      }
      head.push(one);
      at++;
      continue;
    }
    hunks.push(read.hunk);
    at = read.next;
  }
  close();
  return files;
}

interface Read {
  readonly hunk: Hunk;
  readonly next: number;
}

function unifiedHunk(lines: readonly string[], from: number, match: RegExpExecArray): Read {
  let [left, right] = [Number(match[2] ?? 1), Number(match[4] ?? 1)];
  const old: string[] = [];
  const fresh: string[] = [];
  let at = from + 1;
  let [leading, trailing] = [0, 0];
  let changed = false;
  let last: ('old' | 'fresh' | 'both') | undefined;
  for (; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (text.startsWith('\\')) {
      if (last !== 'fresh') old.push((old.pop() ?? '').replace(/\n$/, ''));
      if (last !== 'old') fresh.push((fresh.pop() ?? '').replace(/\n$/, ''));
      continue;
    }
    if (left <= 0 && right <= 0) break;
    const mark = text.charAt(0);
    const body = `${text.slice(1)}\n`;
    if (mark === '-') {
      old.push(body);
      left--;
      last = 'old';
    } else if (mark === '+') {
      fresh.push(body);
      right--;
      last = 'fresh';
    } else if (mark === ' ' || text === '') {
      old.push(body);
      fresh.push(body);
      left--;
      right--;
      last = 'both';
    } else break;
    if (last === 'both') {
      if (changed) trailing++;
      else leading++;
    } else {
      changed = true;
      trailing = 0;
    }
  }
  const text = `${lines.slice(from, at).join('\n')}\n`;
  const context = Math.min(leading, trailing);
  return { hunk: { start: Number(match[1]), newStart: Number(match[3]), old, fresh, context, text }, next: at };
}

function normalHunk(lines: readonly string[], from: number, match: RegExpExecArray): Read {
  const old: string[] = [];
  const fresh: string[] = [];
  let at = from + 1;
  for (; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (text.startsWith('< ')) old.push(`${text.slice(2)}\n`);
    else if (text.startsWith('> ')) fresh.push(`${text.slice(2)}\n`);
    else if (text.startsWith('\\')) {
      const list = fresh.length > 0 ? fresh : old;
      list.push((list.pop() ?? '').replace(/\n$/, ''));
    } else if (text !== '---') break;
  }
  const text = `${lines.slice(from, at).join('\n')}\n`;
  return { hunk: { start: Number(match[1]), newStart: Number(match[4]), old, fresh, context: 0, text }, next: at };
}
