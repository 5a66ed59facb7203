import { dockerFunctions, goJson, parseTemplate, type GoValue } from '../../gotemplate';
import { CommandError } from './command';

/** text/tabwriter with docker's settings: cells of at least ten columns, three apart, the last one as long as it is. */
export function tabulate(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 10, [...cell].length + 3);
    });
  }
  return rows
    .map(
      (row) =>
        row.map((cell, index) => (index === row.length - 1 ? cell : pad(cell, widths[index] ?? 0))).join('') + '\n',
    )
    .join('');
}

const pad = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - [...cell].length));

/** A column: the key of `--format`, its header, and its cell. */
export interface Column<T> {
  readonly key: string;
  readonly header: string;
  readonly cell: (item: T) => string;
}

export interface ListOptions<T> {
  readonly items: readonly T[];
  /** Everything that `--format` may name. */
  readonly columns: readonly Column<T>[];
  /** Keys of the default table. */
  readonly table: readonly string[];
  /** `--format`. */
  readonly format: string;
  readonly quiet?: (item: T) => string;
  /** Methods with arguments: `{{.Label "x"}}`. */
  readonly methods?: (item: T) => Readonly<Record<string, GoValue>>;
  /** What `--format json` says in its own way. */
  readonly json?: (item: T) => Readonly<Record<string, GoValue>>;
}

/** What list commands print: a table, ids, JSON lines, or a template for each item (cli/command/formatter). */
export function renderList<T>(options: ListOptions<T>): string {
  const { items, columns, table, quiet } = options;
  const format = options.format.trim();
  if (quiet !== undefined && (format === '' || format === 'table'))
    return items.map((item) => `${quiet(item)}\n`).join('');
  if (format === '' || format === 'table') {
    const chosen = table
      .map((key) => columns.find((column) => column.key === key))
      .filter((column) => column !== undefined);
    return tabulate([chosen.map(({ header }) => header), ...items.map((item) => chosen.map(({ cell }) => cell(item)))]);
  }
  const valuesOf = (item: T): Record<string, GoValue> =>
    Object.fromEntries(columns.map(({ key, cell }) => [key, cell(item)]));
  if (format === 'json') return items.map((item) => `${goJson((options.json ?? valuesOf)(item))}\n`).join('');
  const isTable = /^table\s/.test(format);
  const source = (isTable ? format.slice(5).trim() : format).replace(/\\t/g, '\t').replace(/\\n/g, '\n');
  const parsed = parseTemplate(source, '', dockerFunctions);
  if (!parsed.ok) throw new CommandError(`template parsing error: ${parsed.error}`, 64);
  const render = (data: GoValue): string => {
    const result = parsed.template.run(data, { missingKey: 'error' });
    if (!result.ok) throw new CommandError(result.error);
    return result.output;
  };
  const lines = items.map((item) => render({ ...valuesOf(item), ...options.methods?.(item) }));
  if (!isTable) return lines.map((line) => `${line}\n`).join('');
  const headers = Object.fromEntries(columns.map(({ key, header }): [string, GoValue] => [key, header]));
  const head = render({ ...headers, Label: (name) => name });
  return tabulate([head, ...lines].map((line) => line.split('\t')));
}

/** `--format` of inspect and its like for one value; undefined where it is to be printed as JSON. */
export function renderOne(format: string, value: GoValue): string {
  if (format === 'json') return goJson(value);
  const parsed = parseTemplate(format, '', dockerFunctions);
  if (!parsed.ok) throw new CommandError(`template parsing error: ${parsed.error}`, 64);
  const result = parsed.template.run(value, { missingKey: 'error' });
  if (!result.ok) throw new CommandError(`template parsing error: ${result.error}`);
  return result.output;
}
