import { quoteText } from '../statements';
import { relation } from './relation';
import type { Table } from './print';
import type { Shell } from './shell';

const TEXT = 25;
const system = `n.nspname <> 'pg_catalog' and n.nspname !~ '^pg_toast' and n.nspname <> 'information_schema'`;
const kinds = { t: `'r','p'`, v: `'v'`, m: `'m'`, i: `'i','I'`, s: `'S'`, f: `'f'` } as const;

/** \d and its like; false where there is no such command. */
export async function describe(shell: Shell, name: string, pattern: string | undefined): Promise<boolean> {
  const match = /^(d[a-zA-Z]*?|l|z|sf)(S?)(x?)(\+?)(S?)$/.exec(name);
  if (match === null) return false;
  const [, command = '', showSystem, , plus] = match;
  const all = showSystem === 'S' || match[5] === 'S';
  const detail = plus === '+';
  if (command === 'd' && pattern !== undefined) {
    await relation(shell, pattern, detail);
    return true;
  }
  if (command === 'd') await relations(shell, 'tvms', pattern, all, detail);
  else if (/^d[tvmisE]+$/.test(command)) await relations(shell, command.slice(1), pattern, all, detail);
  else if (command === 'l') await databases(shell, pattern, detail);
  else if (command === 'du' || command === 'dg') await roles(shell, pattern, detail);
  else if (command === 'dn') await schemas(shell, pattern, detail);
  else if (/^df[anptw]?$/.test(command)) await functions(shell, pattern);
  else if (command === 'dx') await extensions(shell);
  else if (command === 'dp' || command === 'z') await privileges(shell, pattern);
  else return false;
  return true;
}

/** A pattern of psql (`*`, `?`, schema.name) as conditions. */
export function matching(pattern: string | undefined, name: string, schema?: string): string {
  if (pattern === undefined) return 'true';
  const parts = pattern.split('.');
  const regex = (part: string): string =>
    quoteText(
      `^(${part
        .replace(
          /"([^"]*)"|(.)/g,
          (_all, quoted: string | undefined, char: string | undefined) => quoted ?? (char ?? '').toLowerCase(),
        )
        .replace(/[$+]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')})$`,
    );
  const own = `${name} operator(pg_catalog.~) ${regex(parts.at(-1) ?? '')} collate pg_catalog.default`;
  const first = parts.length > 1 ? parts[0] : undefined;
  return first === undefined || schema === undefined
    ? own
    : `${own} and ${schema} operator(pg_catalog.~) ${regex(first)}`;
}

/** Runs a query of ours and prints its rows under these heads. */
async function show(shell: Shell, title: string, heads: readonly string[], sql: string, footer = true): Promise<void> {
  const rows = await shell.connection.rows(sql);
  const table: Table = { title, columns: heads.map((head) => ({ name: head, type: TEXT })), rows };
  await shell.table(footer ? table : { ...table, footers: [] });
}

async function relations(
  shell: Shell,
  letters: string,
  pattern: string | undefined,
  all: boolean,
  detail: boolean,
): Promise<void> {
  const wanted = [...letters].map((letter) => kinds[letter as keyof typeof kinds] ?? `'-'`).join(',');
  const index = letters.includes('i');
  const heads = ['Schema', 'Name', 'Type', 'Owner', ...(index ? ['Table'] : [])];
  let more = '';
  if (index) more += `, c2.relname`;
  if (detail) {
    heads.push('Persistence');
    if (letters !== 's' && letters !== 'v') heads.push('Access method');
    heads.push('Size', 'Description');
    more += `, case c.relpersistence when 'p' then 'permanent' when 't' then 'temporary' when 'u' then 'unlogged' end`;
    if (letters !== 's' && letters !== 'v') more += `, am.amname`;
    more += `, pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)), pg_catalog.obj_description(c.oid, 'pg_class')`;
  }
  const sql = `select n.nspname, c.relname,
    case c.relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'materialized view' when 'i' then 'index'
      when 'S' then 'sequence' when 't' then 'TOAST table' when 'f' then 'foreign table' when 'p' then 'partitioned table' when 'I' then 'partitioned index' end,
    pg_catalog.pg_get_userbyid(c.relowner)${more}
    from pg_catalog.pg_class c left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_am am on am.oid = c.relam
    ${index ? 'left join pg_catalog.pg_index i on i.indexrelid = c.oid left join pg_catalog.pg_class c2 on i.indrelid = c2.oid' : ''}
    where c.relkind in (${wanted}) ${all || pattern !== undefined ? `and n.nspname !~ '^pg_toast'` : `and ${system}`}
    and ${pattern?.includes('.') === true ? 'true' : 'pg_catalog.pg_table_is_visible(c.oid)'} and ${matching(pattern, 'c.relname', 'n.nspname')}
    order by 1, 2`;
  const rows = await shell.connection.rows(sql);
  const kind = {
    t: ['table', 'tables'],
    v: ['view', 'views'],
    m: ['materialized view', 'materialized views'],
    i: ['index', 'indexes'],
    s: ['sequence', 'sequences'],
    f: ['foreign table', 'foreign tables'],
  }[letters];
  const modern = Number(shell.version.split('.')[0]) >= 18;
  const many = kind?.[1] ?? 'relations';
  if (rows.length === 0) {
    if (pattern === undefined) await shell.err(`Did not find any ${modern ? many : 'relations'}.\n`);
    else await shell.err(`Did not find any ${modern ? many : 'relation'}${modern ? '' : ''} named "${pattern}".\n`);
    if (pattern !== undefined) shell.failed = true;
    return;
  }
  const title = modern && kind !== undefined ? `List of ${many}` : 'List of relations';
  await shell.table({ title, columns: heads.map((head) => ({ name: head, type: TEXT })), rows });
}

async function databases(shell: Shell, pattern: string | undefined, detail: boolean): Promise<void> {
  const major = Number(shell.version.split('.')[0]);
  const acl =
    major >= 18
      ? `case when pg_catalog.array_length(d.datacl, 1) = 0 then '(none)' else pg_catalog.array_to_string(d.datacl, E'\\n') end`
      : `pg_catalog.array_to_string(d.datacl, E'\\n')`;
  // The image's locale; PGlite's own is C.
  const locale = quoteText(shell.process.env.get('LANG') ?? 'en_US.utf8');
  const columns: [string, string][] = [
    ['Name', 'd.datname'],
    ['Owner', 'pg_catalog.pg_get_userbyid(d.datdba)'],
    ['Encoding', 'pg_catalog.pg_encoding_to_char(d.encoding)'],
  ];
  if (major >= 16) columns.push(['Locale Provider', `'libc'`]);
  columns.push(['Collate', locale], ['Ctype', locale]);
  if (major === 15) columns.push(['ICU Locale', 'null'], ['Locale Provider', `'libc'`]);
  if (major >= 17) columns.push(['Locale', 'null']);
  else if (major === 16) columns.push(['ICU Locale', 'null']);
  if (major >= 16) columns.push(['ICU Rules', 'null']);
  columns.push(['Access privileges', acl]);
  if (detail)
    columns.push(
      ['Size', 'pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(d.datname))'],
      ['Tablespace', `'pg_default'`],
      ['Description', `pg_catalog.shobj_description(d.oid, 'pg_database')`],
    );
  await show(
    shell,
    'List of databases',
    columns.map(([head]) => head),
    `select ${columns.map(([, expression]) => expression).join(', ')} from pg_catalog.pg_database d where ${matching(pattern, 'd.datname')} order by 1`,
  );
}

async function roles(shell: Shell, pattern: string | undefined, detail: boolean): Promise<void> {
  const major = Number(shell.version.split('.')[0]);
  const rows = await shell.connection.rows(
    `select r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolconnlimit, r.rolvaliduntil, r.rolreplication, r.rolbypassrls,
     pg_catalog.shobj_description(r.oid, 'pg_authid'),
     array(select b.rolname from pg_catalog.pg_auth_members m join pg_catalog.pg_roles b on m.roleid = b.oid where m.member = r.oid)
     from pg_catalog.pg_roles r where ${pattern === undefined ? `r.rolname !~ '^pg_'` : matching(pattern, 'r.rolname')} order by 1`,
  );
  const heads = ['Role name', 'Attributes', ...(major < 16 ? ['Member of'] : []), ...(detail ? ['Description'] : [])];
  await shell.table({
    title: 'List of roles',
    columns: heads.map((head) => ({ name: head, type: TEXT })),
    rows: rows.map((row) => {
      const is = (index: number): boolean => row[index] === 't';
      const attributes: string[] = [];
      if (is(1)) attributes.push('Superuser');
      if (!is(2)) attributes.push('No inheritance');
      if (is(3)) attributes.push('Create role');
      if (is(4)) attributes.push('Create DB');
      if (!is(5)) attributes.push('Cannot login');
      if (is(8)) attributes.push('Replication');
      if (is(9)) attributes.push('Bypass RLS');
      let text = attributes.join(', ');
      const limit = Number(row[6]);
      if (limit >= 0)
        text += `${text === '' ? '' : '\n'}${limit === 0 ? 'No connections' : limit === 1 ? '1 connection' : `${limit} connections`}`;
      if (row[7] !== undefined) text += `${text === '' ? '' : '\n'}Password valid until ${row[7]}`;
      return [row[0], text, ...(major < 16 ? [row[11]] : []), ...(detail ? [row[10]] : [])];
    }),
    footers: [],
  });
}

const schemas = (shell: Shell, pattern: string | undefined, detail: boolean): Promise<void> =>
  show(
    shell,
    'List of schemas',
    ['Name', 'Owner', ...(detail ? ['Access privileges', 'Description'] : [])],
    `select n.nspname, pg_catalog.pg_get_userbyid(n.nspowner)${detail ? `, pg_catalog.array_to_string(n.nspacl, E'\\n'), pg_catalog.obj_description(n.oid, 'pg_namespace')` : ''}
     from pg_catalog.pg_namespace n where ${pattern === undefined ? `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'` : matching(pattern, 'n.nspname')} order by 1`,
  );

const functions = (shell: Shell, pattern: string | undefined): Promise<void> =>
  show(
    shell,
    'List of functions',
    ['Schema', 'Name', 'Result data type', 'Argument data types', 'Type'],
    `select n.nspname, p.proname, pg_catalog.pg_get_function_result(p.oid), pg_catalog.pg_get_function_arguments(p.oid),
     case p.prokind when 'a' then 'agg' when 'w' then 'window' when 'p' then 'proc' else 'func' end
     from pg_catalog.pg_proc p left join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where pg_catalog.pg_function_is_visible(p.oid) and ${pattern === undefined ? `n.nspname not in ('pg_catalog', 'information_schema')` : matching(pattern, 'p.proname', 'n.nspname')} order by 1, 2, 4`,
  );

const extensions = (shell: Shell): Promise<void> => {
  const fresh = Number(shell.version.split('.')[0]) >= 18;
  return show(
    shell,
    'List of installed extensions',
    ['Name', 'Version', ...(fresh ? ['Default version'] : []), 'Schema', 'Description'],
    `select e.extname, e.extversion, ${fresh ? 'ae.default_version,' : ''} n.nspname, d.description from pg_catalog.pg_extension e
     left join pg_catalog.pg_namespace n on n.oid = e.extnamespace
     left join pg_catalog.pg_description d on d.objoid = e.oid and d.classoid = 'pg_catalog.pg_extension'::regclass
     left join pg_catalog.pg_available_extensions() ae(name, default_version, comment) on ae.name = e.extname order by 1`,
  );
};

const privileges = (shell: Shell, pattern: string | undefined): Promise<void> =>
  show(
    shell,
    'Access privileges',
    ['Schema', 'Name', 'Type', 'Access privileges', 'Column privileges', 'Policies'],
    `select n.nspname, c.relname, case c.relkind when 'r' then 'table' when 'v' then 'view' when 'S' then 'sequence' when 'm' then 'materialized view' when 'p' then 'partitioned table' end,
     pg_catalog.array_to_string(c.relacl, E'\\n'), '', ''
     from pg_catalog.pg_class c left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r','v','m','S','f','p') and ${pattern === undefined ? system : matching(pattern, 'c.relname', 'n.nspname')} and pg_catalog.pg_table_is_visible(c.oid) order by 1, 2`,
  );
