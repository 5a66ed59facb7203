import { decode } from '../../../linux/io/bytes';
import type { Program } from '../../../linux/process/types';
import type { Connection } from './client';
import { versionOf } from './configuration';
import { connect, connectionOptions, optionsOf, targetOf } from './libpq';
import { quoteText } from './statements';

const spec = {
  short: `${connectionOptions.short}aCcf:F:n:Ost:xvE:`,
  long: {
    ...connectionOptions.long,
    'data-only': 'a',
    'schema-only': 's',
    create: 'C',
    clean: 'c',
    'if-exists': 'if-exists',
    'file:': 'f',
    'format:': 'F',
    'table:': 't',
    'schema:': 'n',
    'no-owner': 'O',
    'no-privileges': 'x',
    'no-acl': 'x',
    inserts: 'inserts',
    'column-inserts': 'column-inserts',
    verbose: 'v',
  },
};

/** Each object with the comment above it. */
const piece = (name: string, type: string, schema: string, owner: string, sql: string, data = false): string =>
  `--\n-- ${data ? 'Data for ' : ''}Name: ${name}; Type: ${type}; Schema: ${schema}; Owner: ${owner}\n--\n\n${sql}\n`;

/** pg_dump(1) in plain format: sequences, tables, views, functions, data, constraints, indexes, triggers. */
export const pgDump: Program = async (process) => {
  const version = versionOf(process);
  const options = await optionsOf(
    process,
    'pg_dump',
    spec,
    `${version} (Debian ${version}-1.pgdg13+1)`,
    'pg_dump exports a PostgreSQL database as an SQL script or to other formats.\n\nUsage:\n  pg_dump [OPTION]... [DBNAME]\n',
  );
  if (typeof options === 'number') return options;
  const format = options.value('F') ?? 'p';
  if (!/^p(lain)?$/.test(format)) {
    await process.stderr.write(`pg_dump: error: invalid output format "${format}" specified\n`);
    return 1;
  }
  const target = targetOf(process, options, options.value('d') ?? options.operands[0], 'pg_dump');
  const connection = await connect(process, target, options);
  if (typeof connection === 'string') {
    await process.stderr.write(`pg_dump: error: ${connection}\n`);
    return 1;
  }
  // As pg_dump: every name comes with its schema.
  await connection.query("select pg_catalog.set_config('search_path', '', false)");
  const wanted = options.values('t');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const key = Array.from({ length: 63 }, () => letters.charAt(process.random.uint31() % letters.length)).join('');
  const text = await dump(connection, {
    key,
    version,
    database: target.database,
    create: options.has('C'),
    clean: options.has('c'),
    ifExists: options.has('if-exists'),
    schema: !options.has('a'),
    data: !options.has('s'),
    owners: !options.has('O'),
    inserts: options.has('inserts') || options.has('column-inserts'),
    columns: options.has('column-inserts'),
    tables: wanted.map((name) => name.replace(/^public\./, '')),
  });
  await connection.close();
  if (text === undefined) {
    await process.stderr.write('pg_dump: error: no matching tables were found\n');
    return 1;
  }
  const file = options.value('f');
  if (file === undefined) await process.stdout.write(text);
  else {
    const written = process.fs.writeFile(file, text);
    if (!written.ok) {
      await process.stderr.write(`pg_dump: error: could not open output file "${file}": ${written.error.message}\n`);
      return 1;
    }
  }
  return 0;
};

interface Wishes {
  /** What \restrict and \unrestrict agree on. */
  readonly key: string;
  readonly version: string;
  readonly database: string;
  readonly create: boolean;
  readonly clean: boolean;
  readonly ifExists: boolean;
  readonly schema: boolean;
  readonly data: boolean;
  readonly owners: boolean;
  readonly inserts: boolean;
  readonly columns: boolean;
  readonly tables: readonly string[];
}

const user = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'`;

async function dump(connection: Connection, wishes: Wishes): Promise<string | undefined> {
  const chosen = wishes.tables.length === 0 ? 'true' : `c.relname in (${wishes.tables.map(quoteText).join(',')})`;
  const relations = await connection.rows(
    `select c.oid, n.nspname, c.relname, c.relkind, pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r','v') and ${user} and ${chosen} order by 2, 3`,
  );
  if (wishes.tables.length > 0 && relations.length === 0) return undefined;
  const tables = relations.filter(([, , , kind]) => kind === 'r');
  const out: string[] = [
    head(wishes.key, wishes.version, connection.parameters.get('server_version') ?? wishes.version),
  ];
  // Views and sequences are altered as tables before 16.
  const kindOf = (what: string): string =>
    Number(wishes.version.split('.')[0]) < 16 ? what.replace(/^(VIEW|SEQUENCE) /, 'TABLE ') : what;
  const owned = (sql: string, what: string, owner: string): string =>
    wishes.owners ? `${sql}\n\nALTER ${kindOf(what)} OWNER TO ${owner};` : `${sql}\n`;
  const schema: string[] = [];
  const late: string[] = [];
  const after: string[] = [];
  const drops: string[] = [];
  if (wishes.tables.length === 0) {
    for (const [name = '', owner = ''] of await connection.rows(
      `select pg_catalog.quote_ident(nspname), pg_catalog.pg_get_userbyid(nspowner) from pg_catalog.pg_namespace n where ${user} and nspname <> 'public' order by 1`,
    ))
      schema.push(piece(name, 'SCHEMA', '-', owner, owned(`CREATE SCHEMA ${name};`, `SCHEMA ${name}`, owner)));
    for (const [space = '', name = '', owner = '', labels = ''] of await connection.rows(
      `select n.nspname, t.typname, pg_catalog.pg_get_userbyid(t.typowner), (select pg_catalog.string_agg('    ' || pg_catalog.quote_literal(enumlabel), E',\\n' order by enumsortorder) from pg_catalog.pg_enum where enumtypid = t.oid)
       from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace where typtype = 'e' and ${user} order by 1, 2`,
    ))
      schema.push(
        piece(
          name,
          'TYPE',
          space,
          owner,
          owned(`CREATE TYPE ${space}.${name} AS ENUM (\n${labels}\n);\n`, `TYPE ${space}.${name}`, owner),
        ),
      );
    for (const [space = '', name = '', args = '', owner = '', text = ''] of await connection.rows(
      `select n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), pg_catalog.pg_get_userbyid(p.proowner), pg_catalog.pg_get_functiondef(p.oid)
       from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where p.prokind in ('f','p') and ${user} order by 1, 2`,
    ))
      schema.push(
        piece(
          `${name}(${args})`,
          'FUNCTION',
          space,
          owner,
          owned(
            `${text.trimEnd().replace('CREATE OR REPLACE', 'CREATE')};\n`,
            `FUNCTION ${space}.${name}(${args})`,
            owner,
          ),
        ),
      );
  }
  for (const [oid = '', space = '', name = '', kind = '', owner = '', full = ''] of relations) {
    if (kind === 'v') {
      const [[text = ''] = []] = await connection.rows(`select pg_catalog.pg_get_viewdef(${oid}::pg_catalog.oid)`);
      drops.unshift(`DROP VIEW ${wishes.ifExists ? 'IF EXISTS ' : ''}${full};`);
      schema.push(piece(name, 'VIEW', space, owner, owned(`CREATE VIEW ${full} AS\n${text}\n`, `VIEW ${full}`, owner)));
      continue;
    }
    drops.unshift(`DROP TABLE ${wishes.ifExists ? 'IF EXISTS ' : ''}${full};`);
    schema.push(await tableSql(connection, { oid, space, name, owner, full }, owned, late));
  }
  const ids = tables.map(([oid]) => oid ?? '0').join(',') || '0';
  const references: string[] = [];
  for (const [space = '', table = '', name = '', full = '', text = '', type, owner = ''] of await connection.rows(
    `select n.nspname, c.relname, o.conname, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), pg_catalog.pg_get_constraintdef(o.oid), o.contype, pg_catalog.pg_get_userbyid(c.relowner)
     from pg_catalog.pg_constraint o join pg_catalog.pg_class c on c.oid = o.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where o.contype in ('p','u','x','f') and c.oid in (${ids}) order by o.contype = 'f', 1, 2, 3`,
  ))
    (type === 'f' ? references : after).push(
      piece(
        `${table} ${name}`,
        type === 'f' ? 'FK CONSTRAINT' : 'CONSTRAINT',
        space,
        owner,
        `ALTER TABLE ONLY ${full}\n    ADD CONSTRAINT ${name} ${text};\n`,
      ),
    );
  for (const [space = '', name = '', text = '', owner = ''] of await connection.rows(
    `select n.nspname, i.relname, pg_catalog.pg_get_indexdef(i.oid), pg_catalog.pg_get_userbyid(i.relowner) from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid join pg_catalog.pg_namespace n on n.oid = i.relnamespace
     where x.indrelid in (${ids}) and not exists (select from pg_catalog.pg_constraint where conindid = i.oid and contype in ('p','u','x')) order by 1, 2`,
  ))
    after.push(piece(name, 'INDEX', space, owner, `${text};\n`));
  for (const [space = '', table = '', name = '', text = '', owner = ''] of await connection.rows(
    `select n.nspname, c.relname, t.tgname, pg_catalog.pg_get_triggerdef(t.oid), pg_catalog.pg_get_userbyid(c.relowner) from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where not t.tgisinternal and c.oid in (${ids}) order by 1, 2, 3`,
  ))
    after.push(piece(`${table} ${name}`, 'TRIGGER', space, owner, `${text};\n`));
  after.push(...references);

  const { database } = wishes;
  if (wishes.create)
    out.push(`CREATE DATABASE ${database} WITH TEMPLATE = template0 ENCODING = 'UTF8';\n\n\\connect ${database}\n`);
  if (wishes.schema) {
    if (wishes.clean) out.push(`${drops.join('\n')}\n`);
    out.push(...schema, ...late);
  }
  if (wishes.data) {
    const counters: string[] = [];
    for (const table of tables) out.push(await dataOf(connection, table, wishes, counters));
    out.push(...counters);
  }
  if (wishes.schema) out.push(...after);
  out.push(`--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict ${wishes.key}\n\n`);
  return out.join('\n');
}

interface TableName {
  readonly oid: string;
  readonly space: string;
  readonly name: string;
  readonly owner: string;
  readonly full: string;
}

async function tableSql(
  connection: Connection,
  { oid, space, name, owner, full }: TableName,
  owned: (sql: string, what: string, owner: string) => string,
  late: string[],
): Promise<string> {
  const columns = await connection.rows(
    `select pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated
     from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on a.attrelid = d.adrelid and a.attnum = d.adnum where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  );
  const checks = await connection.rows(
    `select pg_catalog.quote_ident(conname), pg_catalog.pg_get_constraintdef(oid) from pg_catalog.pg_constraint where conrelid = ${oid} and contype = 'c' order by 1`,
  );
  const sequences = await connection.rows(
    `select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(s.relname), a.attname, d.deptype, pg_catalog.format_type(q.seqtypid, null), q.seqstart, q.seqincrement, a.attidentity, s.relname
     from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = s.relnamespace
     join pg_catalog.pg_sequence q on q.seqrelid = s.oid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where d.refobjid = ${oid} and d.deptype in ('a', 'i') order by 1`,
  );
  // A default that counts a sequence up is set once both are there.
  const lines = columns.map(([column = '', type = '', notNull, value, , generated]) => {
    const own = sequences.find(([, at, kind]) => at === column.replace(/^"|"$/g, '') && kind === 'a');
    if (own !== undefined && value !== undefined)
      late.push(
        piece(
          `${name} ${column}`,
          'DEFAULT',
          space,
          owner,
          `ALTER TABLE ONLY ${full} ALTER COLUMN ${column} SET DEFAULT ${value.replace(/nextval\('(?!.*\.)/, `nextval('${space}.`)};\n`,
        ),
      );
    const set =
      value === undefined || own !== undefined
        ? ''
        : generated === 's'
          ? ` GENERATED ALWAYS AS (${value}) STORED`
          : ` DEFAULT ${value}`;
    return `    ${column} ${type}${set}${notNull === 't' ? ' NOT NULL' : ''}`;
  });
  lines.push(...checks.map(([check = '', text = '']) => `    CONSTRAINT ${check} ${text}`));
  const parts = [
    piece(
      name,
      'TABLE',
      space,
      owner,
      owned(`CREATE TABLE ${full} (\n${lines.join(',\n')}\n);\n`, `TABLE ${full}`, owner),
    ),
  ];
  for (const [
    sequence = '',
    column = '',
    kind,
    type = '',
    start = '1',
    step = '1',
    identity,
    plain = '',
  ] of sequences) {
    const shape = `    START WITH ${start}\n    INCREMENT BY ${step}\n    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1`;
    if (kind === 'i') {
      const always = identity === 'a' ? 'ALWAYS' : 'BY DEFAULT';
      parts.push(
        piece(
          plain,
          'SEQUENCE',
          space,
          owner,
          `ALTER TABLE ${full} ALTER COLUMN ${column} ADD GENERATED ${always} AS IDENTITY (\n    SEQUENCE NAME ${sequence}\n${shape}\n);\n`,
        ),
      );
      continue;
    }
    const as = type === 'bigint' ? '' : `    AS ${type}\n`;
    parts.push(
      piece(
        plain,
        'SEQUENCE',
        space,
        owner,
        owned(`CREATE SEQUENCE ${sequence}\n${as}${shape};\n`, `SEQUENCE ${sequence}`, owner),
      ),
      piece(plain, 'SEQUENCE OWNED BY', space, owner, `ALTER SEQUENCE ${sequence} OWNED BY ${full}.${column};\n`),
    );
  }
  return parts.join('\n');
}

async function dataOf(
  connection: Connection,
  [oid = '', space = '', name = '', , owner = '', full = '']: readonly (string | undefined)[],
  wishes: Wishes,
  counters: string[],
): Promise<string> {
  const columns = (
    await connection.rows(
      `select pg_catalog.quote_ident(attname) from pg_catalog.pg_attribute where attrelid = ${oid} and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    )
  ).map(([column = '']) => column);
  const list = columns.join(', ');
  const parts: string[] = [];
  if (wishes.inserts) {
    const rows = await connection.rows(
      `select ${columns.map((column) => `pg_catalog.quote_nullable(${column})`).join(', ')} from only ${full}`,
    );
    const head = `INSERT INTO ${full}${wishes.columns ? ` (${list})` : ''} VALUES`;
    const plain = (value = 'NULL'): string => value.replace(/^'(-?\d+(?:\.\d+)?)'$/, '$1');
    parts.push(
      piece(
        name,
        'TABLE DATA',
        space,
        owner,
        rows.map((row) => `${head} (${row.map(plain).join(', ')});\n`).join('') + '\n',
        true,
      ),
    );
  } else {
    const copied = (await connection.query(`COPY ${full} (${list}) TO STDOUT`))?.find(({ kind }) => kind === 'copied');
    const data = copied?.kind === 'copied' ? decode(copied.data) : '';
    parts.push(piece(name, 'TABLE DATA', space, owner, `COPY ${full} (${list}) FROM stdin;\n${data}\\.\n`, true));
  }
  for (const [sequence = '', plain = ''] of await connection.rows(
    `select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(s.relname), s.relname from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = s.relnamespace where d.refobjid = ${oid} and d.deptype in ('a', 'i')`,
  )) {
    const [[last = '1', called] = []] = await connection.rows(`select last_value, is_called from ${sequence}`);
    counters.push(
      piece(
        plain,
        'SEQUENCE SET',
        space,
        owner,
        `SELECT pg_catalog.setval(${quoteText(sequence)}, ${last}, ${called === 't'});\n`,
      ),
    );
  }
  return parts.join('\n');
}

const head = (key: string, version: string, server: string): string => `--
-- PostgreSQL database dump
--

\\restrict ${key}

-- Dumped from database version ${server}
-- Dumped by pg_dump version ${version} (Debian ${version}-1.pgdg13+1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
${Number(version.split('.')[0]) >= 17 ? 'SET transaction_timeout = 0;\n' : ''}SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;
`;
