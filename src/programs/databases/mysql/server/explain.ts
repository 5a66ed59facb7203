import { primaryKey, type Table } from '../catalogue';
import type { Expression, Query, Select, Source, Statement } from '../sql/ast';
import type { Row } from '../translate/scope';
import type { Listing } from './show';
import type { Session } from './session';

/** EXPLAIN: by which index a table would be read. */
export function explain(statement: Statement, session: Session): Listing {
  const mysql = session.flavour.name === 'mysql';
  const rows: Row[] = [];
  const one = (source: Source | undefined, where: Expression | undefined, type: string): void => {
    const tables = source === undefined ? [] : tablesIn(source);
    if (tables.length === 0) rows.push(line(mysql, type, undefined, undefined, undefined, 'No tables used'));
    for (const { database, name, alias } of tables) {
      const table = session.store.catalogue.find(database ?? session.database ?? '', name);
      rows.push(line(mysql, type, alias ?? name, table, where, '', table === undefined ? 0 : session.countNow(table)));
    }
  };
  const select = (query: Query): void => {
    const type = query.parts.length > 1 ? 'UNION' : 'SIMPLE';
    for (const { select: part } of query.parts)
      if ('kind' in part) one(part.source, (part satisfies Select).where, type);
  };
  if (statement.kind === 'query') select(statement.query);
  else if (statement.kind === 'update' || statement.kind === 'delete')
    one(statement.source, statement.where, mysql ? statement.kind.toUpperCase() : 'SIMPLE');
  else
    rows.push(
      line(
        mysql,
        mysql ? 'INSERT' : 'INSERT',
        statement.kind === 'insert' ? statement.table.name : undefined,
        undefined,
        undefined,
        '',
      ),
    );
  const columns = mysql
    ? 'id select_type table partitions type possible_keys key key_len ref rows filtered Extra'
    : 'id select_type table type possible_keys key key_len ref rows Extra';
  return { columns: columns.split(' '), rows };
}

function line(
  mysql: boolean,
  type: string,
  name: string | undefined,
  table: Table | undefined,
  where: Expression | undefined,
  extra: string,
  count = 0,
): Row {
  const column = where === undefined ? undefined : equated(where);
  const key =
    column === undefined || table === undefined
      ? undefined
      : table.keys.find(({ columns }) => columns[0]?.name === column);
  const unique =
    key !== undefined && (key === (table === undefined ? undefined : primaryKey(table)) || key.kind === 'unique');
  const access =
    name === undefined || table === undefined
      ? name === undefined
        ? undefined
        : 'ALL'
      : key === undefined
        ? 'ALL'
        : unique
          ? 'const'
          : 'ref';
  const rows = name === undefined ? undefined : unique ? 1 : count;
  const found = table?.columns.find((one) => one.name === column);
  const length =
    key === undefined
      ? undefined
      : ({ tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8, date: 3 }[found?.type ?? ''] ??
        Number(found?.parameters[0] ?? 0) * 4 + 2);
  const size = length === undefined ? undefined : String(length + (found?.nullable === true ? 1 : 0));
  const how =
    extra !== '' ? extra : where !== undefined && !unique && key === undefined ? 'Using where' : mysql ? undefined : '';
  const head: Row = [1, type, name];
  const rest: Row = [access, key?.name, key?.name, size, key === undefined ? undefined : 'const', rows];
  return mysql
    ? [...head, undefined, ...rest, name === undefined ? undefined : '100.00', how]
    : [...head, ...rest, how];
}

/** The column that is compared with a value. */
function equated(where: Expression): string | undefined {
  if (where.kind !== 'binary') return undefined;
  if (where.operator === 'AND') return equated(where.left) ?? equated(where.right);
  if (where.operator !== '=') return undefined;
  return where.left.kind === 'column' ? where.left.name : where.right.kind === 'column' ? where.right.name : undefined;
}

function tablesIn(source: Source): readonly (Source & { kind: 'table' })[] {
  if (source.kind === 'join') return [...tablesIn(source.left), ...tablesIn(source.right)];
  return source.kind === 'table' ? [source] : [];
}
