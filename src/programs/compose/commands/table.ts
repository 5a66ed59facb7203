import { dockerFunctions, goJson, parseTemplate, type GoValue } from '../../gotemplate';
import { ComposeError } from '../cli/error';

/** text/tabwriter: cells of at least `least` columns and a gap, the last one as long as it is. */
export function tabulate(rows: readonly (readonly string[])[], least: number, gap = 3): string {
  const widths: number[] = [];
  for (const row of rows)
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? least, [...cell].length + gap);
    });
  const pad = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - [...cell].length));
  return rows
    .map(
      (row) =>
        row.map((cell, index) => (index === row.length - 1 ? cell : pad(cell, widths[index] ?? 0))).join('') + '\n',
    )
    .join('');
}

/** A column: its key in templates, its header, and its cell. */
export interface Column<T> {
  readonly key: string;
  readonly header: string;
  readonly cell: (item: T) => string;
}

/** `--format TEMPLATE` and `--format "table TEMPLATE"`. */
export function templated<T>(
  format: string,
  items: readonly T[],
  columns: readonly Column<T>[],
  methods: (item: T) => Readonly<Record<string, GoValue>> = () => ({}),
): string {
  const isTable = /^table\s/.test(format);
  const source = (isTable ? format.slice(5).trim() : format).replace(/\\t/g, '\t').replace(/\\n/g, '\n');
  const parsed = parseTemplate(source, '', dockerFunctions);
  if (!parsed.ok) throw new ComposeError(`template parsing error: ${parsed.error}`, 64);
  const render = (data: GoValue): string => {
    const result = parsed.template.run(data, { missingKey: 'error' });
    if (!result.ok) throw new ComposeError(result.error);
    return result.output;
  };
  const valuesOf = (item: T): Record<string, GoValue> => ({
    ...Object.fromEntries(columns.map(({ key, cell }) => [key, cell(item)])),
    ...methods(item),
  });
  const lines = items.map((item) => render(valuesOf(item)));
  if (!isTable) return lines.map((line) => `${line}\n`).join('');
  const headers = Object.fromEntries(columns.map(({ key, header }): [string, GoValue] => [key, header]));
  return tabulate(
    [render(headers), ...lines].map((line) => line.split('\t')),
    10,
  );
}

export { goJson };
