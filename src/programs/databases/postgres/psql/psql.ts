import type { Program } from '../../../../linux/process/types';
import { versionOf } from '../configuration';
import { connect, connectionOptions, optionsOf, targetOf } from '../libpq';
import { Shell } from './shell';

const spec = {
  short: `${connectionOptions.short}c:f:lv:tAF:R:qxXP:aeEbnoL:S1sHz0T:`.replace('o', 'o:'),
  long: {
    ...connectionOptions.long,
    'command:': 'c',
    'file:': 'f',
    list: 'l',
    'set:': 'v',
    'variable:': 'v',
    'tuples-only': 't',
    'no-align': 'A',
    'field-separator:': 'F',
    'record-separator:': 'R',
    quiet: 'q',
    expanded: 'x',
    'no-psqlrc': 'X',
    'pset:': 'P',
    'echo-all': 'a',
    'echo-queries': 'e',
    'echo-errors': 'b',
    'echo-hidden': 'E',
    'output:': 'o',
    'no-readline': 'n',
    csv: 'csv',
    'single-transaction': '1',
  },
};

/** psql(1). */
export const psql: Program = async (process) => {
  const version = versionOf(process);
  const options = await optionsOf(process, 'psql', spec, `${version} (Debian ${version}-1.pgdg13+1)`, usage);
  if (typeof options === 'number') return options;
  const [database, user, ...more] = options.operands;
  for (const extra of more)
    await process.stderr.write(`psql: warning: extra command-line argument "${extra}" ignored\n`);
  const listing = options.has('l');
  const wanted = targetOf(
    process,
    options,
    options.value('d') ?? database ?? (listing ? 'postgres' : undefined),
    'psql',
  );
  const target = user !== undefined && options.value('U') === undefined ? { ...wanted, user } : wanted;
  const connection = await connect(process, target, options);
  if (typeof connection === 'string') {
    await process.stderr.write(`psql: error: ${connection}\n`);
    return 2;
  }
  const interactive = process.fds.get(0)?.kind === 'tty';
  const shell = new Shell(process, connection, version, options);
  for (const setting of options.values('v')) {
    const equals = setting.indexOf('=');
    shell.variables.set(equals < 0 ? setting : setting.slice(0, equals), equals < 0 ? '' : setting.slice(equals + 1));
  }
  const { format } = shell;
  if (options.has('t')) format.tuplesOnly = true;
  if (options.has('A')) format.format = 'unaligned';
  if (options.has('csv')) format.format = 'csv';
  if (options.has('x')) format.expanded = true;
  if (options.has('q')) shell.variables.set('QUIET', 'on');
  const separator = options.value('F');
  if (separator !== undefined) format.separator = separator;
  const records = options.value('R');
  if (records !== undefined) format.recordSeparator = records;
  for (const setting of options.values('P')) {
    const [name = '', ...value] = setting.split('=');
    await shell.set(name, value.length === 0 ? undefined : value.join('='), true);
  }
  const output = options.value('o');
  if (output !== undefined) shell.redirect(output);
  let status = 0;
  if (listing) {
    await shell.line('\\l');
    status = shell.failed ? 1 : 0;
  } else if (options.has('c') || options.has('f')) {
    const single = options.has('1');
    if (single) await shell.send('BEGIN', true);
    for (const { name, value = '' } of options.given) {
      if (name === 'c') status = await shell.command(value);
      else if (name === 'f') status = await shell.file(value);
      if (status !== 0) break;
    }
    if (single) await shell.send(status === 0 ? 'COMMIT' : 'ROLLBACK', true);
  } else status = await shell.interact(interactive);
  await connection.close();
  return status;
};

const usage = `psql is the PostgreSQL interactive terminal.

Usage:
  psql [OPTION]... [DBNAME [USERNAME]]

General options:
  -c, --command=COMMAND    run only single command (SQL or internal) and exit
  -d, --dbname=DBNAME      database name to connect to
  -f, --file=FILENAME      execute commands from file, then exit
  -l, --list               list available databases, then exit
  -v, --set=, --variable=NAME=VALUE
                           set psql variable NAME to VALUE
                           (e.g., -v ON_ERROR_STOP=1)
  -V, --version            output version information, then exit
  -X, --no-psqlrc          do not read startup file (~/.psqlrc)
  -1 ("one"), --single-transaction
                           execute as a single transaction (if non-interactive)
  -?, --help[=options]     show this help, then exit

Output format options:
  -A, --no-align           unaligned table output mode
      --csv                CSV (Comma-Separated Values) table output mode
  -F, --field-separator=STRING
                           field separator for unaligned output (default: "|")
  -P, --pset=VAR[=ARG]     set printing option VAR to ARG (see \\pset command)
  -t, --tuples-only        print rows only
  -x, --expanded           turn on expanded table output

Connection options:
  -h, --host=HOSTNAME      database server host or socket directory
  -p, --port=PORT          database server port (default: "5432")
  -U, --username=USERNAME  database user name
  -w, --no-password        never prompt for password
  -W, --password           force password prompt (should happen automatically)

For more information, type "\\?" (for internal commands) or "\\help" (for SQL
commands) from within psql, or consult the psql section in the PostgreSQL
documentation.
`;
