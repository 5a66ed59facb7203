/** A column of a table: its heading, where its text stands, and whether the tree is drawn in it. */
export interface Column<Row> {
  readonly name: string;
  readonly right?: boolean;
  readonly tree?: boolean;
  readonly text: (row: Row) => string;
}

interface TableOptions<Row> {
  readonly headings: boolean;
  /** Single blanks, and blanks in cells escaped. */
  readonly raw: boolean;
  /** Which row it hangs on. */
  readonly parent?: (row: Row) => Row | undefined;
}

/** A table as libsmartcols prints it. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions<Row>): string {
  const { headings, raw, parent } = options;
  const drawn = parent !== undefined && columns.some((column) => column.tree === true);
  const order = drawn ? tree(rows, parent) : rows.map((row) => [row, ''] as const);
  const cells = order.map(([row, prefix]) =>
    columns.map((column) => `${column.tree === true ? prefix : ''}${column.text(row)}`),
  );
  if (raw) {
    const lines = cells.map((line) => line.map((cell) => cell.replace(/ /g, '\\x20')).join(' '));
    if (headings) lines.unshift(columns.map(({ name }) => name).join(' '));
    return lines.map((line) => `${line}\n`).join('');
  }
  if (headings) cells.unshift(columns.map(({ name }) => name));
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? '').length)));
  return cells
    .map((line) => {
      const padded = line.map((cell, index) => {
        const width = widths[index] ?? 0;
        if (columns[index]?.right === true) return cell.padStart(width);
        return index === columns.length - 1 ? cell : cell.padEnd(width);
      });
      return `${padded.join(' ')}\n`;
    })
    .join('');
}

/** Each row with what is drawn before it: children follow who they hang on. */
function tree<Row>(rows: readonly Row[], parent: (row: Row) => Row | undefined): readonly (readonly [Row, string])[] {
  const children = new Map<Row | undefined, Row[]>();
  for (const row of rows) {
    const above = parent(row);
    const known = children.get(above);
    if (known === undefined) children.set(above, [row]);
    else known.push(row);
  }
  const found: (readonly [Row, string])[] = [];
  const visit = (above: Row | undefined, indent: string): void => {
    const below = children.get(above) ?? [];
    below.forEach((row, index) => {
      const last = index === below.length - 1;
      found.push([row, above === undefined ? '' : `${indent}${last ? '└─' : '├─'}`]);
      visit(row, above === undefined ? '' : `${indent}${last ? '  ' : '│ '}`);
    });
  };
  visit(undefined, '');
  return found;
}
