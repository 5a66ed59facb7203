import { encode } from '../../../../linux/io/bytes';
import type { Cells, Field, Outcome } from '../wire';

type Rows = Extract<Outcome, { kind: 'rows' }>;

/** How a result is printed. */
export type Style = 'table' | 'batch' | 'vertical' | 'html' | 'xml';

const numeric = ({ type }: Field): boolean => (type <= 9 && type !== 7) || type === 13 || type === 246;

/** Columns that a terminal needs for a text. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x300 && code < 0x370) continue;
    width +=
      (code >= 0x1100 && code < 0x1160) ||
      (code >= 0x2e80 && code < 0xa4d0) ||
      (code >= 0xac00 && code < 0xd7a4) ||
      (code >= 0xf900 && code < 0xfb00) ||
      (code >= 0xff00 && code < 0xff61) ||
      code >= 0x1f300
        ? 2
        : 1;
  }
  return width;
}

const bytesOf = (text: string): number => encode(text).length;

export function print(rows: Rows, style: Style, { names = true, raw = false, statement = '' } = {}): string {
  switch (style) {
    case 'table':
      return table(rows, names);
    case 'vertical':
      return vertical(rows, names);
    case 'batch':
      return batch(rows, names, raw);
    case 'html':
      return html(rows, names);
    case 'xml':
      return xml(rows, statement);
  }
}

function table({ fields, rows }: Rows, names: boolean): string {
  const widths = fields.map((field, index) => {
    // The client counts bytes here, and the columns of a terminal only where it fills up.
    let width = names ? bytesOf(field.name) : 0;
    for (const row of rows) width = Math.max(width, bytesOf(row[index] ?? ''));
    return field.nullable ? Math.max(width, 4) : width;
  });
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const cell = (text: string, width: number, right: boolean): string => {
    const space = ' '.repeat(Math.max(0, width - widthOf(text)));
    return ` ${right ? space + text : text + space} `;
  };
  const body = rows.map(
    (row) =>
      `|${fields.map((field, index) => cell(row[index]?.replaceAll('\0', ' ') ?? 'NULL', widths[index] ?? 0, numeric(field))).join('|')}|\n`,
  );
  const head = names
    ? `|${fields.map(({ name }, index) => cell(name, widths[index] ?? 0, false)).join('|')}|\n${line}`
    : '';
  return `${line}${head}${body.join('')}${line}`;
}

function vertical({ fields, rows }: Rows, names: boolean): string {
  const width = Math.max(0, ...fields.map(({ name }) => widthOf(name)));
  return rows
    .map((row, index) => {
      const cells = fields.map(
        ({ name }, at) => `${names ? `${' '.repeat(width - widthOf(name))}${name}: ` : ''}${row[at] ?? 'NULL'}\n`,
      );
      return `*************************** ${index + 1}. row ***************************\n${cells.join('')}`;
    })
    .join('');
}

const escaped = (text: string): string =>
  text.replace(/[\0\t\n\\]/g, (char) => ({ '\0': '\\0', '\t': '\\t', '\n': '\\n' })[char] ?? '\\\\');

function batch({ fields, rows }: Rows, names: boolean, raw: boolean): string {
  const one = (cells: Cells): string =>
    `${cells.map((cell) => (cell === undefined ? 'NULL' : raw ? cell : escaped(cell))).join('\t')}\n`;
  return (names ? one(fields.map(({ name }) => name)) : '') + rows.map(one).join('');
}

const marked = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');

function html({ fields, rows }: Rows, names: boolean): string {
  const head = names ? `<TR>${fields.map(({ name }) => `<TH>${marked(name)}</TH>`).join('')}</TR>` : '';
  const body = rows.map(
    (row) => `<TR>${row.map((cell) => `<TD>${cell === undefined ? 'NULL' : marked(cell)}</TD>`).join('')}</TR>`,
  );
  return `<TABLE BORDER=1>${head}${body.join('')}</TABLE>`;
}

function xml({ fields, rows }: Rows, statement: string): string {
  const body = rows.map((row) => {
    const cells = fields.map(({ name }, index) =>
      row[index] === undefined
        ? `\t<field name="${marked(name)}" xsi:nil="true" />\n`
        : `\t<field name="${marked(name)}">${marked(row[index] ?? '')}</field>\n`,
    );
    return `\n  <row>\n${cells.join('')}  </row>\n`;
  });
  return `<?xml version="1.0"?>\n\n<resultset statement="${marked(statement)}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${body.join('')}</resultset>\n`;
}
