import { primaryKey, type Catalogue, type Kind, type Table } from '../catalogue';
import { sqlError } from '../errors';
import type { Expression } from '../sql/ast';
import { kindOf, scaleOf, type Flavour } from '../types';

/** An expression in PostgreSQL's words. */
export interface Value {
  readonly sql: string;
  readonly kind: Kind;
  /** Digits after the point. */
  readonly scale: number;
  readonly nullable: boolean;
  /** The text of a literal. */
  readonly literal?: string;
}

export interface Visible {
  readonly name: string;
  readonly value: Value;
  /** Joined by USING with one that shows already. */
  hidden?: boolean;
}

/** A table of a FROM clause. */
export interface Bound {
  readonly alias: string;
  readonly table?: Table;
  readonly columns: Visible[];
}

/** What a statement knows of where it runs. */
export interface Context {
  readonly flavour: Flavour;
  readonly catalogue: Catalogue;
  readonly database: string | undefined;
  /** Milliseconds. */
  readonly now: number;
  readonly user: string;
  readonly account: string;
  readonly connection: number;
  readonly lastInsertId: string;
  readonly rowCount: number;
  readonly foundRows: number;
  readonly variables: Map<string, Value>;
  /** `@@name`; undefined where there is none. */
  system(name: string): string | undefined;
  uuid(): string;
  /** Throws where the user may not. */
  permit(privilege: string, database: string, table: string): void;
  /** Parses an expression that was kept as text. */
  expression(text: string): Expression;
  /** A table that PostgreSQL has not: information_schema, mysql.user. Rows of texts. */
  virtual(
    database: string,
    name: string,
  ): { readonly columns: readonly string[]; readonly rows: readonly Row[] } | undefined;
  /** ONLY_FULL_GROUP_BY. */
  readonly fullGroupBy: boolean;
}
export type Row = readonly (string | number | undefined)[];

/** The names that an expression may use. */
export interface Scope {
  readonly sources: readonly Bound[];
  readonly outer?: Scope | undefined;
  /** Aliases of the select list, where they may be used. */
  readonly aliases?: ReadonlyMap<string, Expression> | undefined;
  /** Where names are looked up, for errors: `field list`. */
  readonly clause: Clause;
  readonly grouping?: Grouping | undefined;
  /** EXCLUDED in ON DUPLICATE KEY UPDATE. */
  readonly excluded?: boolean;
}

export type Clause = 'fields' | 'where' | 'group' | 'having' | 'order' | 'on';

export interface Grouping {
  /** What the rows are grouped by, as PostgreSQL has it. */
  readonly by: ReadonlySet<string>;
  readonly plain: ReadonlySet<string>;
}

const clauses: Readonly<Record<Clause, readonly [string, string]>> = {
  fields: ['field list', 'SELECT'],
  where: ['where clause', 'WHERE'],
  group: ['group statement', 'GROUP BY'],
  having: ['having clause', 'HAVING'],
  order: ['order clause', 'ORDER BY'],
  on: ['on clause', 'ON'],
};

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string =>
  text.includes('\\')
    ? ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`;

/** Finds a column; an error of MySQL's if there is none or there are several. */
export function resolve(
  column: { readonly table?: string; readonly name: string },
  scope: Scope,
  flavour: Flavour,
): { readonly value: Value; readonly source: Bound; readonly outer: boolean } {
  const clause = clauses[scope.clause][flavour.name === 'mysql' ? 0 : 1];
  const shown = column.table === undefined ? column.name : `${column.table}.${column.name}`;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const found: { value: Value; source: Bound }[] = [];
    for (const source of at.sources) {
      if (column.table !== undefined && source.alias.toLowerCase() !== column.table.toLowerCase()) continue;
      for (const visible of source.columns)
        if (
          visible.name.toLowerCase() === column.name.toLowerCase() &&
          (column.table !== undefined || visible.hidden !== true)
        )
          found.push({ value: visible.value, source });
    }
    if (found.length > 1) throw sqlError(1052, `Column '${shown}' in ${clause} is ambiguous`);
    const [one] = found;
    if (one !== undefined) return { ...one, outer: at !== scope };
  }
  throw sqlError(1054, `Unknown column '${shown}' in '${clause}'`);
}

/** A table as a FROM clause sees it. */
export function bind(table: Table, alias: string, flavour: Flavour, nullable = false): Bound {
  return {
    alias,
    table,
    columns: table.columns.map((column) => ({
      name: column.name,
      value: {
        sql: `${quoteName(alias)}.${quoteName(column.name)}`,
        kind: kindOf(column, flavour),
        scale: scaleOf(column),
        nullable: nullable || column.nullable,
      },
    })),
  };
}

/** By what InnoDB keeps a table's rows in order. */
export function clustered({ table, alias }: Bound): readonly string[] {
  if (table === undefined || table.view !== undefined) return [];
  const key = primaryKey(table) ?? undefined;
  const names = key === undefined ? ['~'] : key.columns.map(({ name }) => name);
  return names.map((name) => `${quoteName(alias)}.${quoteName(name)}`);
}
