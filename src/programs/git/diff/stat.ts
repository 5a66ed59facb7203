import { decode } from '../../../linux/io/bytes';
import { changesOf, changedLines, splitLines } from './xdiff';
import { isBinary, quotePath } from './patch';
import { pathOf, type FileChange } from './tree-diff';

export interface Counted {
  readonly change: FileChange;
  readonly added: number;
  readonly deleted: number;
  /** Sizes before and after, of binary files. */
  readonly binary: readonly [number, number] | undefined;
}

export function count(change: FileChange): Counted {
  const before = change.before?.bytes() ?? new Uint8Array(0);
  const after = change.after?.bytes() ?? new Uint8Array(0);
  if (isBinary(before) || isBinary(after)) {
    const same = before.length === after.length && before.every((byte, index) => byte === after[index]);
    return { change, added: 0, deleted: 0, binary: same ? [0, 0] : [before.length, after.length] };
  }
  const changes = changesOf(changedLines(splitLines(decode(before)), splitLines(decode(after))));
  return {
    change,
    added: changes.reduce((sum, each) => sum + each.after, 0),
    deleted: changes.reduce((sum, each) => sum + each.before, 0),
    binary: undefined,
  };
}

/** `dir/{old => new}/file` (pprint_rename). */
export function renamed(from: string, to: string): string {
  if (/["\\\n\t]/.test(from + to)) return `${quotePath(from)} => ${quotePath(to)}`;
  let prefix = 0;
  for (let at = 0; at < from.length && at < to.length && from[at] === to[at]; at++)
    if (from[at] === '/') prefix = at + 1;
  let suffix = 0;
  const least = prefix === 0 ? 0 : prefix - 1;
  for (let back = 0; ; back++) {
    const [i, j] = [from.length - back, to.length - back];
    if (i < least || j < least || (back > 0 && from[i] !== to[j])) break;
    if (back > 0 && from[i] === '/') suffix = back;
    if (i === 0 || j === 0) break;
  }
  const middle = (text: string): string => text.slice(prefix, Math.max(prefix, text.length - suffix));
  if (prefix + suffix === 0) return `${from} => ${to}`;
  return `${from.slice(0, prefix)}{${middle(from)} => ${middle(to)}}${from.slice(from.length - suffix)}`;
}

const nameOf = (change: FileChange): string =>
  change.status === 'R' || change.status === 'C'
    ? renamed(change.before?.path ?? '', change.after?.path ?? '')
    : quotePath(pathOf(change));

/** ` 2 files changed, 3 insertions(+), 1 deletion(-)` */
export function shortStat(counted: readonly Counted[]): string {
  const files = counted.length;
  const added = counted.reduce((sum, each) => sum + each.added, 0);
  const deleted = counted.reduce((sum, each) => sum + each.deleted, 0);
  const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  return (
    ` ${plural(files, 'file')} changed` +
    (added > 0 || deleted === 0 ? `, ${plural(added, 'insertion')}(+)` : '') +
    (deleted > 0 || added === 0 ? `, ${plural(deleted, 'deletion')}(-)` : '') +
    '\n'
  );
}

/** `--stat`: a line a file, as wide as `width` (show_stats). */
export function statLines(
  counted: readonly Counted[],
  { width = 80, color = false }: { readonly width?: number; readonly color?: boolean } = {},
): string {
  if (counted.length === 0) return '';
  const names = counted.map(({ change }) => nameOf(change));
  const longest = Math.max(...names.map((name) => name.length));
  const most = Math.max(...counted.map(({ added, deleted }) => added + deleted));
  const binaries = counted.filter(({ binary }) => binary !== undefined);
  const numberOf = (value: number): number => String(value).length;
  let numberWidth = numberOf(most);
  if (binaries.length > 0 && numberWidth < 3) numberWidth = 3;
  const binaryWidth = Math.max(
    0,
    ...binaries.map(({ binary }) => 14 + numberOf(binary?.[0] ?? 0) + numberOf(binary?.[1] ?? 0)),
  );
  const room = Math.max(width, 16 + 6 + numberWidth);
  let graphWidth = most + 4 > binaryWidth ? most : binaryWidth - 4;
  let nameWidth = longest;
  if (nameWidth + numberWidth + 6 + graphWidth > room) {
    if (graphWidth > Math.floor((room * 3) / 8) - numberWidth - 6) {
      graphWidth = Math.floor((room * 3) / 8) - numberWidth - 6;
      if (graphWidth < 6) graphWidth = 6;
    }
    if (nameWidth > room - numberWidth - 6 - graphWidth) nameWidth = room - numberWidth - 6 - graphWidth;
    else graphWidth = room - numberWidth - 6 - nameWidth;
  }
  const scale = (value: number): number => (value === 0 ? 0 : 1 + Math.floor((value * (graphWidth - 1)) / most));
  const paint = (code: string, text: string): string =>
    color && text !== '' ? `\u001b[${code}m${text}\u001b[m` : text;
  let text = '';
  counted.forEach((each, index) => {
    let name = names[index] ?? '';
    let lead = '';
    if (name.length > nameWidth) {
      const cut = name.slice(name.length - (nameWidth - 3));
      const slash = cut.indexOf('/');
      lead = '...';
      name = slash >= 0 ? cut.slice(slash) : cut;
    }
    const label = `${lead}${name}`.padEnd(nameWidth);
    if (each.binary !== undefined) {
      const [from, to] = each.binary;
      const sizes = from === 0 && to === 0 ? '' : ` ${paint('31', String(from))} -> ${paint('32', String(to))} bytes`;
      text += ` ${label} | ${'Bin'.padStart(numberWidth)}${sizes}\n`;
      return;
    }
    let [plus, minus] = [each.added, each.deleted];
    const total = plus + minus;
    if (graphWidth <= most) {
      let all = scale(total);
      if (all < 2 && plus > 0 && minus > 0) all = 2;
      if (plus < minus) {
        plus = scale(plus);
        minus = all - plus;
      } else {
        minus = scale(minus);
        plus = all - minus;
      }
    }
    const graph = `${paint('32', '+'.repeat(plus))}${paint('31', '-'.repeat(minus))}`;
    text += ` ${label} | ${String(total).padStart(numberWidth)}${graph === '' ? '' : ` ${graph}`}\n`;
  });
  return text + shortStat(counted);
}

/** `--numstat`. */
export const numStat = (counted: readonly Counted[]): string =>
  counted
    .map(
      ({ change, added, deleted, binary }) =>
        `${binary === undefined ? added : '-'}\t${binary === undefined ? deleted : '-'}\t${nameOf(change)}\n`,
    )
    .join('');

/** What `--summary` and `git commit` say of files that came, went, were renamed or changed their modes. */
export function summary(changes: readonly FileChange[]): string {
  const octal = (mode: number | undefined): string => (mode ?? 0).toString(8).padStart(6, '0');
  return changes
    .map((change) => {
      const { status, before, after } = change;
      if (status === 'A') return ` create mode ${octal(after?.mode)} ${quotePath(pathOf(change))}\n`;
      if (status === 'D') return ` delete mode ${octal(before?.mode)} ${quotePath(pathOf(change))}\n`;
      const mode =
        before !== undefined && after !== undefined && before.mode !== after.mode
          ? ` mode change ${octal(before.mode)} => ${octal(after.mode)}`
          : '';
      if (status === 'R' || status === 'C') {
        const line = ` ${status === 'R' ? 'rename' : 'copy'} ${nameOf(change)} (${change.similarity}%)\n`;
        return mode === '' ? line : `${line}${mode}\n`;
      }
      return mode === '' ? '' : `${mode} ${quotePath(pathOf(change))}\n`;
    })
    .join('');
}
