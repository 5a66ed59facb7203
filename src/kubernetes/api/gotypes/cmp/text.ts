/** What a line says of its place: it stands in both values (or in neither), was taken away, was put in. */
export type Mode = '' | '-' | '+' | '=';

/** A tree of text that becomes one line or many: textNode of report_text.go. */
export type TextNode =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'wrap'; readonly prefix: string; readonly value: TextNode; readonly suffix: string }
  | { readonly kind: 'list'; readonly records: readonly TextRecord[] };

export interface TextRecord {
  readonly mode?: '-' | '+';
  readonly key: string;
  readonly value: TextNode;
  readonly noComma?: boolean;
  readonly stats?: Stats | undefined;
}

export const line = (text: string): TextNode => ({ kind: 'line', text });
export const wrap = (prefix: string, value: TextNode, suffix = ''): TextNode => ({
  kind: 'wrap',
  prefix,
  value,
  suffix,
});
export const nil = line('nil');
const ellipsis = line('...');

/** How many records of each sort stand together: diffStats. */
export interface Stats {
  readonly name: string;
  readonly identical: number;
  readonly removed: number;
  readonly inserted: number;
  readonly modified: number;
}
export const noStats = (name: string): Stats => ({ name, identical: 0, removed: 0, inserted: 0, modified: 0 });
export const differing = ({ removed, inserted, modified }: Stats): number => removed + inserted + modified;
export const addStats = (one: Stats, other: Stats): Stats => ({
  name: one.name,
  identical: one.identical + other.identical,
  removed: one.removed + other.removed,
  inserted: one.inserted + other.inserted,
  modified: one.modified + other.modified,
});

function statsText(stats: Stats): string {
  const parts: string[] = [];
  for (const label of ['identical', 'removed', 'inserted', 'modified'] as const)
    if (stats[label] > 0) parts.push(`${stats[label]} ${label}`);
  const sum = stats.identical + differing(stats);
  const name = sum > 1 ? `${stats.name}s`.replace(/ys$/, 'ies') : stats.name;
  if (parts.length <= 2) return `${parts.join(' and ')} ${name}`;
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1) ?? ''} ${name}`;
}

/** Records that are not told; those that follow each other are one. */
export function appendEllipsis(list: TextRecord[], stats?: Stats): void {
  const last = list.at(-1);
  if (last?.value !== ellipsis) list.push({ key: '', value: ellipsis, noComma: true, stats });
  else if (stats !== undefined && last.stats !== undefined)
    list[list.length - 1] = { ...last, stats: addStats(last.stats, stats) };
}

export function length(node: TextNode): number {
  if (node.kind === 'line') return node.text.length;
  if (node.kind === 'wrap') return node.prefix.length + length(node.value) + node.suffix.length;
  return node.records.reduce(
    (sum, { key, value }, index) =>
      sum + (key === '' ? 0 : key.length + 2) + length(value) + (index < node.records.length - 1 ? 2 : 0),
    0,
  );
}

export function equalNodes(one: TextNode, other: TextNode): boolean {
  if (one.kind === 'line') return other.kind === 'line' && one.text === other.text;
  if (one.kind === 'wrap')
    return (
      other.kind === 'wrap' &&
      one.prefix === other.prefix &&
      one.suffix === other.suffix &&
      equalNodes(one.value, other.value)
    );
  return (
    other.kind === 'list' &&
    one.records.length === other.records.length &&
    one.records.every((record, index) => {
      const like = other.records[index];
      return (
        like !== undefined &&
        record.mode === like.mode &&
        record.key === like.key &&
        record.stats === like.stats &&
        equalNodes(record.value, like.value)
      );
    })
  );
}

const MAX_COLUMNS = 80;
type Diff = '' | '-' | '+';

/** formatCompactTo: what fits on one line becomes one. The text is what it would be on one. */
function compact(node: TextNode, mode: Diff): [string, TextNode] {
  if (node.kind === 'line') return [node.text, node];
  if (node.kind === 'wrap') {
    const [text, value] = compact(node.value, mode);
    const all = node.prefix + text + node.suffix;
    return [all, value.kind === 'line' ? line(all) : { ...node, value }];
  }
  let many = false;
  let all = '';
  const records = node.records.map((record, index) => {
    const [text, value] = compact(record.value, record.mode ?? mode);
    if (record.mode !== undefined || value.kind !== 'line' || record.stats !== undefined) many = true;
    all += (record.key === '' ? '' : `${record.key}: `) + text + (index < node.records.length - 1 ? ', ' : '');
    return { ...record, value: record.value === ellipsis ? ellipsis : value };
  });
  if (mode !== '' && utf8Length(all) > MAX_COLUMNS) many = true;
  return [all, many ? { kind: 'list', records } : line(all)];
}
const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

const indent = (mode: Diff, depth: number): string => `${mode === '' ? ' ' : mode} ${'\t'.repeat(depth)}`;

/** formatExpandedTo. */
function expand(node: TextNode, mode: Diff, depth: number): string {
  if (node.kind === 'line') return node.text;
  if (node.kind === 'wrap') return node.prefix + expand(node.value, mode, depth) + node.suffix;
  const { records } = node;
  const simple = records.every(
    ({ mode: own, key, value, stats }) =>
      own === undefined && key === '' && value.kind === 'line' && stats === undefined,
  );
  if (simple && records.length > 0) return batches(records, mode, depth);
  const keys = aligned(records, ({ key, value }) =>
    key === '' || value.kind !== 'line' ? undefined : [...key].length,
  );
  const values = aligned(records, ({ value, stats }) =>
    value.kind !== 'line' || value === ellipsis || stats === undefined ? undefined : [...value.text].length,
  );
  let text = '';
  records.forEach(({ mode: own, key, value, noComma, stats }, index) => {
    const at = own ?? mode;
    text += `\n${indent(at, depth + 1)}${key === '' ? '' : `${key}: `}${' '.repeat(keys[index] ?? 0)}`;
    text += expand(value, at, depth + 1) + (noComma === true ? '' : ',') + ' '.repeat(values[index] ?? 0);
    if (stats !== undefined) text += ` // ${statsText(stats)}`;
  });
  return `${text}\n${indent(mode, depth)}`;
}

/** Simple things stand as many on a line as there is room for. */
function batches(records: readonly TextRecord[], mode: Diff, depth: number): string {
  let text = '';
  let batch = '';
  const emit = (): void => {
    if (batch !== '') text += `\n${indent(mode, depth + 1)}${batch.replace(/ +$/, '')}`;
    batch = '';
  };
  for (const { value } of records) {
    const item = value.kind === 'line' ? value.text : '';
    if (utf8Length(batch) + utf8Length(item) + 2 > MAX_COLUMNS) emit();
    batch += `${item}, `;
  }
  emit();
  return `${text}\n${indent(mode, depth)}`;
}

/** How many blanks make neighbours of one width; undefined ends a neighbourhood. */
function aligned(records: readonly TextRecord[], width: (record: TextRecord) => number | undefined): readonly number[] {
  const result = records.map(() => 0);
  let group: [number, number][] = [];
  const close = (): void => {
    const widest = Math.max(0, ...group.map(([, own]) => own));
    for (const [index, own] of group) result[index] = widest - own;
    group = [];
  };
  records.forEach((record, index) => {
    const own = width(record);
    if (own === undefined) close();
    else group.push([index, own]);
  });
  close();
  return result;
}

/** The whole text, with an end of line. */
export function textOf(node: TextNode): string {
  const [, small] = compact(node, '');
  return `${indent('', 0)}${expand(small, '', 0)}\n`;
}
