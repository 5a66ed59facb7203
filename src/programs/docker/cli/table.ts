import { dockerFunctions, goJson, GoStruct, parseTemplate, type GoFunction, type GoValue } from '../../gotemplate';
import { CommandError } from './command';

/** text/tabwriter with docker's settings: cells of at least ten columns, three apart, the last one as long as it is. */
export function tabulate(rows: readonly (readonly string[])[], least = 10): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? least, [...cell].length + 3);
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
  /** With it tables are only ids. */
  readonly quiet?: (item: T) => string;
  /** Methods with arguments: `{{.Label "x"}}`. */
  readonly methods?: (item: T) => Readonly<Record<string, GoValue>>;
  /** What `--format json` says in its own way. */
  readonly json?: (item: T) => Readonly<Record<string, GoValue>>;
  /** As errors name it: `*formatter.ContainerContext`. */
  readonly typeName?: string;
  /** The template that `--format raw` stands for. */
  readonly raw?: string;
}

/** What list commands print: a table, ids, JSON lines, or a template for each item (cli/command/formatter). */
export function renderList<T>(options: ListOptions<T>): string {
  const { items, columns, table, quiet, raw } = options;
  const format = options.format === 'raw' && raw !== undefined ? raw : options.format;
  if (quiet !== undefined && (format === '' || format === 'table'))
    return items.map((item) => `${quiet(item)}\n`).join('');
  if (format.trim() === '' || format === 'table') {
    const chosen = table
      .map((key) => columns.find((column) => column.key === key))
      .filter((column) => column !== undefined);
    return tabulate([chosen.map(({ header }) => header), ...items.map((item) => chosen.map(({ cell }) => cell(item)))]);
  }
  const isTable = format.startsWith('table');
  const source = unescaped(format === 'json' ? '{{json .}}' : isTable ? format.slice('table'.length) : format);
  const template = parse(source);
  const lines = items.map((item) => run(template, rowOf(options, item)));
  if (!isTable) return lines.map((line) => `${line}\n`).join('');
  const headers = Object.fromEntries(columns.map(({ key, header }): [string, GoValue] => [key, header]));
  // What goes wrong with the headers is not told.
  const head = parseTemplate(source, '', { ...dockerFunctions, ...headerFunctions });
  const titles = head.ok
    ? head.template.run(
        new GoStruct('formatter.SubHeaderContext', new Map(Object.entries({ ...headers, Label: labelHeader }))),
      ).output
    : '';
  return tabulate([titles, ...lines].flatMap((line) => line.split('\n').map((row) => row.split('\t'))));
}

/** What a template sees of one item: fields in the order of their names, and methods. */
export function rowOf<T>(
  { columns, json, methods, typeName = '*formatter.SubContext' }: Omit<ListOptions<T>, 'items'>,
  item: T,
): GoStruct {
  const values = Object.fromEntries(columns.map(({ key, cell }): [string, GoValue] => [key, cell(item)]));
  const sorted = Object.entries({ ...values, ...json?.(item) }).sort(([a], [b]) => (a < b ? -1 : 1));
  return new GoStruct(typeName, new Map([...sorted, ...Object.entries(methods?.(item) ?? {})]));
}

/** `--format` may say `\t` and `\n` in two characters. */
const unescaped = (format: string): string =>
  format
    .replace(/^ +| +$/g, '')
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n');

type Ready = ReturnType<typeof parseTemplate> & { ok: true };

function parse(source: string): Ready['template'] {
  const parsed = parseTemplate(source, '', functions);
  if (!parsed.ok) throw new CommandError(`template parsing error: ${parsed.error}`);
  return parsed.template;
}

function run(template: Ready['template'], data: GoValue): string {
  const result = template.run(data);
  if (!result.ok) throw new CommandError(`template parsing error: ${result.error}`);
  return result.output;
}

const functions: typeof dockerFunctions = {
  ...dockerFunctions,
  // Rows marshal themselves, and that escapes `<`, `>` and `&`.
  json: (value) => goJson(value, { escapeHtml: value instanceof GoStruct }),
};

const same: GoFunction = (value) => value;

/** Headers stay as they are (templates.HeaderFunctions). */
const headerFunctions: typeof dockerFunctions = { json: same, title: same, lower: same, upper: same, truncate: same };

/** The column of `{{.Label "com.example.some-thing"}}`: `some thing`. */
const labelHeader: GoFunction = (name) =>
  (typeof name === 'string' ? name : '').split('.').at(-1)?.replace(/[-_]/g, ' ');

/**
 * `--format` of inspect and its like for one value. As upstream it is tried with the API's types, then with plain maps,
 * where a missing key is an error.
 */
export function renderOne(format: string, value: GoValue, typed?: GoValue): string {
  if (format === 'json') return goJson(value);
  const parsed = parseTemplate(format, '', dockerFunctions);
  if (!parsed.ok) throw new CommandError(`template parsing error: ${parsed.error}`, 64);
  if (typed !== undefined) {
    const first = parsed.template.run(typed);
    if (first.ok) return first.output;
  }
  const result = parsed.template.run(value, { missingKey: 'error' });
  if (!result.ok) throw new CommandError(`template parsing error: ${result.error}`);
  return result.output;
}

/** Refuses what is no template. */
export function checkTemplate(format: string): void {
  const parsed = parseTemplate(format, '', dockerFunctions);
  if (!parsed.ok) throw new CommandError(`template parsing error: ${parsed.error}`, 64);
}
