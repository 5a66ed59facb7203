import type { KeyDefinition } from './sql/ast';

/** What kind of value an expression has: what it compares with and how the client shows it. */
export type Kind =
  | 'int'
  | 'decimal'
  | 'double'
  | 'float'
  | 'text'
  | 'blob'
  | 'date'
  | 'datetime'
  | 'time'
  | 'year'
  | 'json'
  | 'bool'
  | 'null';

export interface Column {
  readonly name: string;
  /** MySQL's name of the type, `tinyint`. */
  readonly type: string;
  readonly parameters: readonly string[];
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  readonly nullable: boolean;
  readonly increment: boolean;
  /** The default as SHOW CREATE TABLE writes it, without DEFAULT. */
  readonly initial?: string;
  /** It is an expression, not a literal. */
  readonly computed?: boolean;
  readonly onUpdate: boolean;
  readonly comment?: string;
  readonly collation?: string;
  readonly charset?: string;
  readonly generated?: { readonly text: string; readonly stored: boolean };
  /** What a view's or a derived table's column is. */
  readonly kind?: Kind;
  readonly scale?: number;
}

export interface Key extends KeyDefinition {
  readonly name: string;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly database: string;
  readonly table: string;
  readonly references: readonly string[];
  readonly onDelete?: string;
  readonly onUpdate?: string;
}

export interface Check {
  readonly name: string;
  /** The condition as SHOW CREATE TABLE writes it. */
  readonly text: string;
  /** It belongs to this column (MariaDB writes it there). */
  readonly column?: string;
}

export interface Table {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly foreign: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly options: ReadonlyMap<string, string>;
  readonly created: number;
  /** The query behind a view. */
  readonly view?: string;
}

export interface Database {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
  readonly tables: Map<string, Table>;
}

/** Databases that a server has of its own. */
export const systemDatabases = ['information_schema', 'mysql', 'performance_schema', 'sys'];

/** All databases and tables as MySQL sees them; PostgreSQL has them as schemas and tables of the same names. */
export class Catalogue {
  readonly databases = new Map<string, Database>();

  constructor() {
    for (const name of systemDatabases) this.databases.set(name, { name, options: new Map(), tables: new Map() });
  }

  find(database: string, name: string): Table | undefined {
    return this.databases.get(database)?.tables.get(name);
  }

  put(table: Table): void {
    this.databases.get(table.database)?.tables.set(table.name, table);
  }

  remove(table: Table): void {
    this.databases.get(table.database)?.tables.delete(table.name);
  }

  *tables(): Generator<Table> {
    for (const database of this.databases.values()) yield* database.tables.values();
  }

  /** Foreign keys that point to a table, with where they stand. */
  referencing(table: Table): readonly { readonly table: Table; readonly key: ForeignKey }[] {
    return [...this.tables()].flatMap((other) =>
      other.foreign.flatMap((key) =>
        key.database === table.database && key.table === table.name ? [{ table: other, key }] : [],
      ),
    );
  }
}

export const primaryKey = (table: Table): Key | undefined => table.keys.find(({ kind }) => kind === 'primary');

/** Keys that hold values apart, the primary one first. */
export const uniqueKeys = (table: Table): readonly Key[] => [
  ...table.keys.filter(({ kind }) => kind === 'primary'),
  ...table.keys.filter(({ kind }) => kind === 'unique'),
];
