import type { Column, Row } from '../client';

/** \pset's options that matter here. */
export interface Format {
  format: 'aligned' | 'unaligned' | 'csv';
  border: number;
  expanded: boolean | 'auto';
  tuplesOnly: boolean;
  footer: boolean;
  separator: string;
  recordSeparator: string;
  null: string;
  pager: boolean;
}

export const defaults = (): Format => ({
  format: 'aligned',
  border: 1,
  expanded: false,
  tuplesOnly: false,
  footer: true,
  separator: '|',
  recordSeparator: '\n',
  null: '',
  pager: true,
});

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly title?: string;
  /** Lines below instead of the number of rows. */
  readonly footers?: readonly string[];
  /** Never expanded. */
  readonly asTable?: boolean;
}

/** Types that are set right: integers, floats, numeric, money, oid, xid, cid. */
const rightSet = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069]);

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if ((code >= 0x300 && code < 0x370) || code === 0x200d || (code >= 0xfe00 && code < 0xfe10)) continue;
    const wide =
      (code >= 0x1100 && code < 0x1160) ||
      (code >= 0x2e80 && code < 0xa4d0) ||
      (code >= 0xac00 && code < 0xd7a4) ||
      (code >= 0xf900 && code < 0xfb00) ||
      (code >= 0xfe30 && code < 0xfe70) ||
      (code >= 0xff00 && code < 0xff61) ||
      (code >= 0x1f300 && code < 0x1f650) ||
      (code >= 0x1f900 && code < 0x1fa00);
    width += wide ? 2 : 1;
  }
  return width;
}

const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;
const cells = (row: Row, format: Format): readonly string[] => row.map((cell) => cell ?? format.null);
const count = (rows: number): string => (rows === 1 ? '(1 row)' : `(${rows} rows)`);

/** A result as psql prints it. */
export function print(table: Table, format: Format): string {
  if (format.format === 'csv') return csv(table, format);
  if (format.expanded === true && table.asTable !== true) {
    return format.format === 'aligned' ? expandedAligned(table, format) : expandedUnaligned(table, format);
  }
  return format.format === 'aligned' ? aligned(table, format) : unaligned(table, format);
}

function footersOf({ rows, footers }: Table, format: Format): readonly string[] {
  if (format.tuplesOnly || !format.footer) return [];
  return footers ?? [count(rows.length)];
}

function aligned(table: Table, format: Format): string {
  if (table.columns.length === 0) return `${['--', ...footersOf(table, format)].join('\n')}\n\n`;
  const { columns, title } = table;
  const { border } = format;
  const rows = table.rows.map((row) => cells(row, format).map((cell) => visible(cell).split('\n')));
  const heads = columns.map(({ name }) => name.split('\n'));
  const widths = columns.map((_, index) =>
    Math.max(...(heads[index] ?? []).map(widthOf), ...rows.flatMap((row) => (row[index] ?? []).map(widthOf)), 0),
  );
  const total = widths.reduce((sum, width) => sum + width, 0);
  const wholeWidth =
    border === 0
      ? total + Math.max(0, columns.length - 1)
      : border === 1
        ? total + columns.length * 3 - (columns.length > 0 ? 1 : 0)
        : total + columns.length * 3 + 1;
  const lines: string[] = [];
  const rule = (): string => {
    if (border === 0) return widths.map((width) => '-'.repeat(width)).join(' ');
    if (border === 1) return widths.map((width) => '-'.repeat(width + 2)).join('+');
    return `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  };
  if (!format.tuplesOnly) {
    if (title !== undefined) {
      const width = widthOf(title);
      lines.push(width >= wholeWidth ? title : ' '.repeat(Math.floor((wholeWidth - width) / 2)) + title);
    }
    if (border === 2) lines.push(rule());
    const height = Math.max(1, ...heads.map((head) => head.length));
    for (let at = 0; at < height; at++) {
      const parts = columns.map((_, index) => {
        const text = heads[index]?.[at] ?? '';
        const space = (widths[index] ?? 0) - widthOf(text);
        const centred = ' '.repeat(Math.floor(space / 2)) + text + ' '.repeat(Math.ceil(space / 2));
        const more = at < (heads[index]?.length ?? 1) - 1 ? '+' : ' ';
        return border === 0 ? centred + more : ` ${centred}${more}`;
      });
      lines.push(border === 0 ? parts.join('') : border === 1 ? parts.join('|') : `|${parts.join('|')}|`);
    }
    lines.push(rule());
  }
  for (const row of rows) {
    const height = Math.max(1, ...row.map((cell) => cell.length));
    for (let at = 0; at < height; at++) {
      const parts = row.map((cell, index) => {
        const text = cell[at] ?? '';
        const width = widths[index] ?? 0;
        const last = index === row.length - 1 && border !== 2;
        const more = at < cell.length - 1;
        const set = rightSet.has(columns[index]?.type ?? 0)
          ? padStart(text, width)
          : last && !more
            ? text
            : padEnd(text, width);
        const tail = more ? '+' : last ? '' : ' ';
        return border === 0 ? set + tail : ` ${set}${tail}`;
      });
      lines.push(border === 0 ? parts.join('') : border === 1 ? parts.join('|') : `|${parts.join('|')}|`);
    }
  }
  if (border === 2 && !format.tuplesOnly) lines.push(rule());
  lines.push(...footersOf(table, format));
  return `${lines.join('\n')}${lines.length > 0 ? '\n' : ''}${'\n'}`;
}

/** Control characters as psql shows them. */
const visible = (text: string): string =>
  text
    .replace(/\r\n/g, '\\r\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, (_tab, at: number, all: string) => {
      const line = all.slice(all.lastIndexOf('\n', at) + 1, at);
      return ' '.repeat(8 - (widthOf(line) % 8));
    });

function unaligned(table: Table, format: Format): string {
  const lines: string[] = [];
  if (!format.tuplesOnly) {
    if (table.title !== undefined) lines.push(table.title);
    lines.push(table.columns.map(({ name }) => name).join(format.separator));
  }
  for (const row of table.rows) lines.push(cells(row, format).join(format.separator));
  lines.push(...footersOf(table, format));
  return lines.length === 0 ? '' : `${lines.join(format.recordSeparator)}\n`;
}

function csv({ columns, rows }: Table, format: Format): string {
  const quoted = (text: string): string =>
    /[",\n\r]/.test(text) || text === '\\.' ? `"${text.replaceAll('"', '""')}"` : text;
  if (format.expanded === true)
    return rows
      .map((row) =>
        cells(row, format)
          .map((cell, index) => `${quoted(columns[index]?.name ?? '')},${quoted(cell)}\n`)
          .join(''),
      )
      .join('');
  const lines = rows.map((row) => cells(row, format).map(quoted).join(','));
  if (!format.tuplesOnly) lines.unshift(columns.map(({ name }) => quoted(name)).join(','));
  return lines.map((line) => `${line}\n`).join('');
}

function expandedUnaligned(table: Table, format: Format): string {
  const { columns, rows } = table;
  const records = rows.map((row) =>
    cells(row, format)
      .map((cell, index) => `${columns[index]?.name ?? ''}${format.separator}${cell}\n`)
      .join(''),
  );
  const head = table.title !== undefined && !format.tuplesOnly ? `${table.title}\n` : '';
  const footers = table.footers === undefined ? [] : footersOf(table, format);
  return head + records.join('\n') + footers.map((line) => `\n${line}\n`).join('');
}

function expandedAligned(table: Table, format: Format): string {
  const { columns, rows, title } = table;
  const { border } = format;
  if (rows.length === 0 && !format.tuplesOnly) return `${title === undefined ? '' : `${title}\n`}(0 rows)\n\n`;
  const split = rows.map((row) => cells(row, format).map((cell) => visible(cell).split('\n')));
  const names = Math.max(...columns.map(({ name }) => widthOf(name)), 0);
  const values = Math.max(0, ...split.flatMap((row) => row.flatMap((cell) => cell.map(widthOf))));
  const lines: string[] = [];
  if (title !== undefined && !format.tuplesOnly) lines.push(title);
  split.forEach((row, record) => {
    if (!format.tuplesOnly) lines.push(recordLine(record + 1, names, values, border));
    else if (record > 0 && border > 0)
      lines.push(
        border === 2
          ? `+${'-'.repeat(names + 2)}+${'-'.repeat(values + 2)}+`
          : `${'-'.repeat(names + 1)}+${'-'.repeat(values + 1)}`,
      );
    row.forEach((cell, index) => {
      cell.forEach((text, at) => {
        const name = padEnd(at === 0 ? (columns[index]?.name ?? '') : '', names);
        const more = at < cell.length - 1;
        const value = more ? `${padEnd(text, values)}+` : text;
        if (border === 0) lines.push(`${name} ${value}`);
        else if (border === 1) lines.push(`${name} | ${value}`.replace(/^$/, ''));
        else lines.push(`| ${name} | ${padEnd(text, values)}${more ? '+' : ' '}|`);
      });
    });
  });
  if (border === 2) lines.push(`+${'-'.repeat(names + 2)}+${'-'.repeat(values + 2)}+`);
  if (table.footers !== undefined) lines.push(...footersOf(table, format));
  return `${lines.join('\n')}\n\n`;
}

function recordLine(record: number, names: number, values: number, border: number): string {
  if (border === 0) return `* Record ${record}`;
  const label = border === 2 ? `+-[ RECORD ${record} ]` : `-[ RECORD ${record} ]`;
  const left = border === 2 ? names + 3 : names + 1;
  const right = border === 2 ? values + 2 : values + 1;
  const end = border === 2 ? '+' : '';
  if (label.length <= left) return `${label}${'-'.repeat(left - label.length)}+${'-'.repeat(right)}${end}`;
  return `${label}${'-'.repeat(Math.max(0, left + 1 + right - label.length))}${end}`;
}
