/** One column of the Table that the server makes of objects for `kubectl get`. */
export interface Column<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format: string;
  readonly description: string;
  /** 1: only with `-o wide`. */
  readonly priority: number;
  /** Has cells, but no definition: some printers of upstream forgot it. */
  readonly unlisted?: boolean;
  cell(object: T, now: number): Cell;
  /** Whether the cell of an object changes as time passes; absent: never. */
  ages?(object: T): boolean;
}

export type Cell = string | number | boolean | null;
