import { at, isObject, list, number, text, texts, type JsonObject } from '../json';
import type { TabWriter } from '../../toolkit/tabwriter';

export interface TableOptions {
  readonly noHeaders?: boolean;
  readonly withNamespace?: boolean;
  readonly wide?: boolean;
  readonly showLabels?: boolean;
  readonly columnLabels?: readonly string[];
  /** `deployment.apps`: names are printed with it. */
  readonly withKind?: string | undefined;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly priority: number;
}

interface Row {
  readonly cells: readonly unknown[];
  readonly object: unknown;
}

const plain = (name: string): Column => ({ name, type: 'string', format: '', priority: 0 });

const eventWords: Readonly<Record<string, string>> = {
  ADDED: 'ADDED   ',
  MODIFIED: 'MODIFIED',
  DELETED: 'DELETED ',
  ERROR: 'ERROR   ',
};

/**
 * Prints tables that the server made, one after another; the header comes again only when the columns change.
 * Source: cli-runtime pkg/printers/tableprinter.go.
 */
export class TablePrinter {
  #columns: readonly Column[] = [];
  #columnsKey = '';
  #printedHeaders = false;

  constructor(readonly options: TableOptions) {}

  /** `event`: the type of the watch event that carries the table, where it is to be shown. */
  print(table: JsonObject, writer: TabWriter, event?: string): void {
    const definitions = list(table, 'columnDefinitions');
    const key = JSON.stringify(definitions);
    const sameColumns = definitions.length === 0 || key === this.#columnsKey;
    const withoutHeaders = this.options.noHeaders || (this.#printedHeaders && sameColumns);
    if (definitions.length > 0 && !sameColumns) {
      this.#columns = definitions.map((column) => ({
        name: text(column, 'name'),
        type: text(column, 'type'),
        format: text(column, 'format'),
        priority: number(column, 'priority'),
      }));
      this.#columnsKey = key;
      this.#printedHeaders = false;
    }
    const rows = list(table, 'rows').map((row): Row => ({ cells: list(row, 'cells'), object: at(row, 'object') }));
    if (rows.length > 0) this.#printedHeaders = true;
    const decorated = decorate(this.#columns, rows, this.options);
    const shown = event === undefined ? decorated : withEvent(decorated, eventWords[event] ?? event);
    print(shown, writer, withoutHeaders, this.options.wide ?? false);
  }
}

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

const withEvent = ({ columns, rows }: Table, event: string): Table => ({
  columns: [plain('Event'), ...columns],
  rows: rows.map(({ cells, object: of }) => ({ cells: [event, ...cells], object: of })),
});

function decorate(columns: readonly Column[], rows: readonly Row[], options: TableOptions): Table {
  const { withNamespace = false, showLabels = false, columnLabels = [], withKind } = options;
  const nameColumn =
    withKind === undefined ? -1 : columns.findIndex(({ format, type }) => format === 'name' && type === 'string');
  const all = [
    ...(withNamespace ? [plain('Namespace')] : []),
    ...columns,
    ...columnLabels.map((label) => plain(label.slice(label.lastIndexOf('/') + 1).toUpperCase())),
    ...(showLabels ? [plain('Labels')] : []),
  ];
  const decorated = rows.map(({ cells, object: of }): Row => {
    const named = cells.map((cell, index) => (index === nameColumn ? `${withKind ?? ''}/${String(cell)}` : cell));
    const labels = texts(of, 'metadata', 'labels');
    return {
      object: of,
      cells: [
        ...(withNamespace ? [text(of, 'metadata', 'namespace')] : []),
        ...named,
        ...columnLabels.map((label) => labels[label] ?? ''),
        ...(showLabels ? [formatLabels(labels)] : []),
      ],
    };
  });
  return { columns: all, rows: decorated };
}

/** labels.FormatLabels. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels[key] ?? ''}`).join(',');
}

function print({ columns, rows }: Table, writer: TabWriter, withoutHeaders: boolean, wide: boolean): void {
  const shown = columns.map(({ priority }) => wide || priority === 0);
  if (!withoutHeaders) {
    if (rows.length === 0) return;
    const names = columns.filter((_, index) => shown[index]).map(({ name }) => name.toUpperCase());
    writer.write(`${names.join('\t')}\n`);
  }
  for (const { cells } of rows) {
    const texts_ = cells.slice(0, columns.length).filter((_, index) => shown[index]);
    writer.write(`${texts_.map(cellText).join('\t')}\n`);
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return isObject(cell) ? JSON.stringify(cell) : String(cell);
  const end = cell.search(/[\f\n\r]/);
  return end < 0 ? escapeTerminal(cell) : `${escapeTerminal(cell.slice(0, end))}...`;
}

/** Escape sequences of the data do not reach the terminal (printers.EscapeTerminal). */
export const escapeTerminal = (value: string): string => value.replaceAll('\x1b', '^[').replaceAll('\r', '\\r');
