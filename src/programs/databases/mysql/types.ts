import type { Column, Kind } from './catalogue';

export interface Flavour {
  readonly name: 'mysql' | 'mariadb';
  /** As errors name it. */
  readonly product: 'MySQL' | 'MariaDB';
  /** `8.4.7`, `11.8.5-MariaDB-ubu2404`. */
  readonly version: string;
  readonly comment: string;
  readonly collation: string;
}

const integers: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 };

/** What a column's values are. */
export function kindOf(column: Pick<Column, 'type' | 'kind'>, { name }: Flavour): Kind {
  if (column.kind !== undefined) return column.kind;
  const { type } = column;
  if (integers[type] !== undefined || type === 'bit') return 'int';
  switch (type) {
    case 'decimal':
    case 'double':
    case 'float':
    case 'date':
    case 'time':
    case 'year':
      return type;
    case 'datetime':
    case 'timestamp':
      return 'datetime';
    case 'json':
      return name === 'mysql' ? 'json' : 'text';
  }
  return /blob|binary/.test(type) ? 'blob' : 'text';
}

export const isNumeric = (kind: Kind): boolean => /^(int|decimal|double|float|year|bool)$/.test(kind);
export const isTemporal = (kind: Kind): boolean => /^(date|datetime|time)$/.test(kind);

/** Digits after the point. */
export function scaleOf({ type, parameters, scale }: Column): number {
  if (scale !== undefined) return scale;
  if (type === 'decimal') return Number(parameters[1] ?? 0);
  if (/^(datetime|timestamp|time)$/.test(type)) return Number(parameters[0] ?? 0);
  return 0;
}

/** The type in PostgreSQL. */
export function postgresType(column: Column, flavour: Flavour, bare = false): string {
  const { type, parameters, unsigned } = column;
  switch (type) {
    case 'tinyint':
      return 'smallint';
    case 'smallint':
      return unsigned ? 'integer' : 'smallint';
    case 'mediumint':
      return 'integer';
    case 'int':
      return unsigned ? 'bigint' : 'integer';
    case 'bigint':
      return unsigned && !column.increment ? 'numeric(20)' : 'bigint';
    case 'bit':
      return 'bigint';
    case 'decimal':
      return `numeric(${parameters[0] ?? '10'},${parameters[1] ?? '0'})`;
    case 'float':
      return parameters.length === 2 ? `numeric(${parameters.join(',')})` : 'real';
    case 'double':
      return parameters.length === 2 ? `numeric(${parameters.join(',')})` : 'double precision';
    case 'date':
      return 'date';
    case 'datetime':
    case 'timestamp':
      return `timestamp(${parameters[0] ?? '0'})`;
    case 'time':
      return `time(${parameters[0] ?? '0'})`;
    case 'year':
      return 'smallint';
    case 'json':
      return flavour.name === 'mysql' ? 'jsonb' : 'text';
    case 'char':
    case 'varchar':
      return bare ? 'varchar' : `varchar(${parameters[0] ?? '1'})`;
  }
  return 'text';
}

/** The least and the greatest value of an integer column. */
export function rangeOf({ type, unsigned }: Column): readonly [bigint, bigint] | undefined {
  const bits = integers[type];
  if (bits === undefined) return undefined;
  const whole = 1n << BigInt(bits);
  return unsigned ? [0n, whole - 1n] : [-whole / 2n, whole / 2n - 1n];
}

/** How many characters a text column holds. */
export function lengthOf({ type, parameters }: Pick<Column, 'type' | 'parameters'>): number | undefined {
  if (type === 'char' || type === 'binary') return Number(parameters[0] ?? 1);
  if (type === 'varchar' || type === 'varbinary') return Number(parameters[0] ?? 0);
  if (type === 'tinytext' || type === 'tinyblob') return 255;
  return type === 'text' || type === 'blob' ? 65535 : undefined;
}

const widths: Readonly<Record<string, readonly [number, number]>> = {
  tinyint: [4, 3],
  smallint: [6, 5],
  mediumint: [9, 8],
  int: [11, 10],
  bigint: [20, 20],
};

/** The type as DESCRIBE and SHOW CREATE TABLE write it. MariaDB still shows widths of integers. */
export function typeText(column: Column, flavour: Flavour): string {
  const { type, parameters, unsigned, zerofill } = column;
  const sign = `${unsigned ? ' unsigned' : ''}${zerofill ? ' zerofill' : ''}`;
  const width = widths[type];
  if (width !== undefined) {
    const shown =
      flavour.name === 'mariadb' || zerofill || (type === 'tinyint' && parameters[0] === '1')
        ? `(${parameters[0] ?? String(width[unsigned ? 1 : 0])})`
        : '';
    return `${type}${shown}${sign}`;
  }
  switch (type) {
    case 'decimal':
      return `decimal(${parameters[0] ?? '10'},${parameters[1] ?? '0'})${sign}`;
    case 'float':
    case 'double':
      return `${type}${parameters.length === 0 ? '' : `(${parameters.join(',')})`}${sign}`;
    case 'bit':
    case 'char':
    case 'binary':
      return `${type}(${parameters[0] ?? '1'})`;
    case 'year':
      return flavour.name === 'mariadb' ? 'year(4)' : 'year';
    case 'json':
      return flavour.name === 'mariadb' ? 'longtext' : 'json';
    case 'enum':
    case 'set':
      return `${type}(${parameters.map((value) => `'${value.replaceAll("'", "''")}'`).join(',')})`;
  }
  return parameters.length > 0 && !/text|blob/.test(type) ? `${type}(${parameters.join(',')})` : type;
}

/** The number that the wire has for it (enum_field_types). */
export function fieldType(kind: Kind, flavour: Flavour): number {
  const types: Readonly<Record<Kind, number>> = {
    int: 8,
    bool: 8,
    decimal: 246,
    double: 5,
    float: 4,
    text: 253,
    blob: 252,
    date: 10,
    datetime: 12,
    time: 11,
    year: 13,
    json: flavour.name === 'mysql' ? 245 : 252,
    null: 6,
  };
  return types[kind];
}
