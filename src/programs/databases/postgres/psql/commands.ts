import { encode } from '../../../../linux/io/bytes';
import { describe } from './describe';
import { print } from './print';
import type { Shell } from './shell';

/** Runs the backslash command that a line begins with; what follows it on the line. */
export async function metaCommand(shell: Shell, line: string): Promise<string> {
  const name = /^\\(\?|!|[^\s\\]*)/.exec(line)?.[1] ?? '';
  let rest = line.slice(name.length + 1);
  const whole = ['!', 'copy', 'echo', 'qecho', 'warn', 'prompt', 'setenv'].includes(name);
  const next = whole ? -1 : rest.indexOf(' \\');
  const own = next < 0 ? rest : rest.slice(0, next);
  rest = next < 0 ? '' : rest.slice(next + 1);
  const args = words(shell, own);
  const [first, second, third, fourth] = args;
  const { format } = shell;
  const query = async (text: string): Promise<void> => {
    shell.buffer = '';
    await shell.send(text);
  };
  switch (name) {
    case 'q':
    case 'quit':
      shell.ended = true;
      return '';
    case 'c':
    case 'connect':
      if (first !== undefined && /[=/]/.test(first)) {
        const database = /dbname=(\S+)/.exec(own)?.[1] ?? /\/([^/?]+)(\?|$)/.exec(first)?.[1];
        await shell.reconnect(database, /user=(\S+)/.exec(own)?.[1]);
      } else await shell.reconnect(given(first), given(second), given(third), given(fourth));
      return rest;
    case 'x':
      await shell.set('expanded', first);
      return rest;
    case 'a':
      await shell.set('format', format.format === 'aligned' ? 'unaligned' : 'aligned');
      return rest;
    case 't':
      await shell.set('tuples_only', first);
      return rest;
    case 'f':
      await shell.set('fieldsep', first);
      return rest;
    case 'pset':
      if (first !== undefined) await shell.set(first, second);
      return rest;
    case 'timing':
      if (first === undefined) shell.timing = !shell.timing;
      else if (/^(on|off|true|false|yes|no|0|1)$/i.test(first)) shell.timing = /^(on|true|1|yes)$/i.test(first);
      else await shell.complain(`unrecognized value "${first}" for "\\timing": Boolean expected`);
      if (!shell.quiet) await shell.out(`Timing is ${shell.timing ? 'on' : 'off'}.\n`);
      return rest;
    case 'echo':
    case 'qecho':
      await shell.out(first === '-n' ? args.slice(1).join(' ') : `${args.join(' ')}\n`);
      return rest;
    case 'warn':
      await shell.err(`${args.join(' ')}\n`);
      return rest;
    case 'set':
      if (first === undefined) for (const [key, value] of shell.variables) await shell.out(`${key} = '${value}'\n`);
      else shell.variables.set(first, args.slice(1).join(''));
      return rest;
    case 'unset':
      shell.variables.delete(first ?? '');
      return rest;
    case 'i':
    case 'include':
    case 'ir':
      if (first === undefined) await shell.complain(`\\${name}: missing required argument`);
      else await shell.file(first);
      return rest;
    case 'o':
      shell.redirect(first);
      return rest;
    case 'r':
    case 'reset':
      shell.buffer = '';
      await shell.out('Query buffer reset (cleared).\n');
      return rest;
    case 'p':
      await shell.out(shell.buffer.trim() === '' ? `${shell.last}\n` : shell.buffer);
      return rest;
    case 'g':
    case 'gx':
    case 'gset': {
      const sql = shell.buffer.trim() === '' ? shell.last : shell.buffer.trim();
      if (name === 'gset') {
        shell.buffer = '';
        shell.last = sql;
        for (const outcome of (await shell.connection.query(sql)) ?? [])
          if (outcome.kind === 'rows')
            outcome.columns.forEach((column, index) =>
              shell.variables.set((first ?? '') + column.name, outcome.rows[0]?.[index] ?? ''),
            );
        return rest;
      }
      const before = format.expanded;
      if (name === 'gx') format.expanded = true;
      await query(sql);
      format.expanded = before;
      return rest;
    }
    case 'conninfo':
      await conninfo(shell);
      return rest;
    case '!': {
      const shellPath = shell.process.which('sh') ?? '/bin/sh';
      const child = shell.process.spawn({ file: shellPath, argv: ['sh', '-c', own.trim()] });
      if (child.ok) await child.value.wait();
      return '';
    }
    case 'copy':
      await copy(shell, own.trim());
      return rest;
    case 'encoding':
      await shell.out('UTF8\n');
      return rest;
    case '?':
      await shell.out(help);
      return rest;
    case 'h':
    case 'help':
      await shell.out('Available help:\n  see https://www.postgresql.org/docs/current/sql-commands.html\n');
      return rest;
    case 'cd':
      shell.process.cwd = first ?? shell.process.env.get('HOME') ?? '/';
      return rest;
    case 'restrict':
    case 'unrestrict':
    case 'password':
      return rest;
    default:
      if (await describe(shell, name, first)) return rest;
      await shell.complain(`invalid command \\${name}`);
      if (shell.process.fds.get(0)?.kind === 'tty') await shell.err('Try \\? for help.\n');
      return rest;
  }
}

const given = (word: string | undefined): string | undefined => (word === '-' || word === '' ? undefined : word);

/** Arguments as psql's scanner takes them: quotes, variables. */
function words(shell: Shell, text: string): string[] {
  const found: string[] = [];
  for (const [all] of text.matchAll(/(?:'(?:[^']|'')*'|"[^"]*"|[^\s'"])+/g)) {
    const variable = /^:(\w+)$/.exec(all)?.[1];
    const value = variable === undefined ? undefined : shell.variables.get(variable);
    found.push(
      value ??
        all.replace(/'((?:[^']|'')*)'/g, (_quoted, inner: string) =>
          inner.replaceAll("''", "'").replace(/\\n/g, '\n').replace(/\\t/g, '\t'),
        ),
    );
  }
  return found;
}

async function conninfo(shell: Shell): Promise<void> {
  const { host, port, user, database } = shell.connection.target;
  if (Number(shell.version.split('.')[0]) < 18) {
    const at =
      host === undefined || host.startsWith('/')
        ? `via socket in "${host ?? '/var/run/postgresql'}" at port "${port}"`
        : `on host "${host}"${/\((\S+)\)/.exec(shell.connection.where)?.[1] === undefined ? '' : ` (address "${/\((\S+)\)/.exec(shell.connection.where)?.[1] ?? ''}")`} at port "${port}"`;
    return shell.out(`You are connected to database "${database}" as user "${user}" ${at}.\n`);
  }
  const local = host === undefined || host.startsWith('/');
  const rows = [
    ['Database', database],
    ['Client User', user],
    ...(local ? [['Socket Directory', host ?? '/var/run/postgresql']] : [['Host', host]]),
    ['Server Port', String(port)],
    ['Options', ''],
    ['Protocol Version', '3.0'],
    ['Password Used', String(shell.connection.usedPassword)],
    ['GSSAPI Authenticated', 'false'],
    ['Backend PID', String(shell.connection.pid)],
    ['SSL Connection', 'false'],
    ['Superuser', shell.connection.parameters.get('is_superuser') ?? 'off'],
    ['Hot Standby', 'off'],
  ];
  await shell.out(
    print(
      {
        title: 'Connection Information',
        columns: [
          { name: 'Parameter', type: 25 },
          { name: 'Value', type: 25 },
        ],
        rows,
      },
      shell.format,
    ),
  );
}

/** \copy: COPY whose file is the client's. */
async function copy(shell: Shell, text: string): Promise<void> {
  const match = /^(.*?)\s+(from|to)\s+(?:'([^']+)'|(\S+))\s*(.*)$/is.exec(text);
  if (match === null) return shell.complain('\\copy: parse error at end of line');
  const [, what = '', direction = '', quoted, plain = '', more = ''] = match;
  const path = quoted ?? plain;
  const standard = quoted === undefined && /^(p?stdin|p?stdout)$/i.test(plain);
  const { process, connection } = shell;
  if (direction.toLowerCase() === 'from') {
    const read = standard
      ? { ok: true as const, value: encode(await process.stdin.text()) }
      : process.fs.readFile(path);
    if (!read.ok) return shell.complain(`${path}: ${read.error.message}`);
    const outcomes = await connection.query(`COPY ${what} FROM STDIN ${more}`.trimEnd(), async () => read.value);
    return shell.report(outcomes, text);
  }
  const outcomes = await connection.query(`COPY ${what} TO STDOUT ${more}`.trimEnd());
  const data = outcomes?.find((outcome) => outcome.kind === 'copied');
  if (data === undefined) return shell.report(outcomes, text);
  if (standard) await shell.out(new TextDecoder().decode(data.data));
  else {
    const written = process.fs.writeFile(path, data.data);
    if (!written.ok) return shell.complain(`${path}: ${written.error.message}`);
    await shell.out(`${data.tag}\n`);
  }
}

const help = `General
  \\copyright             show PostgreSQL usage and distribution terms
  \\g [(OPTIONS)] [FILE]  execute query (and send result to file or |pipe);
  \\gset [PREFIX]         execute query and store result in psql variables
  \\gx [(OPTIONS)] [FILE] as \\g, but forces expanded output mode
  \\q                     quit psql

Query Buffer
  \\p                     show the contents of the query buffer
  \\r                     reset (clear) the query buffer

Input/Output
  \\copy ...              perform SQL COPY with data stream to the client host
  \\echo [-n] [STRING]    write string to standard output (-n for no newline)
  \\i FILE                execute commands from file
  \\o [FILE]              send all query results to file or |pipe

Informational
  (options: S = show system objects, x = expanded mode, + = additional detail)
  \\d[Sx+]                list tables, views, and sequences
  \\d[S+]   NAME          describe table, view, sequence, or index
  \\df[anptw][Sx+] [FUNCPTRN [TYPEPTRN ...]]
                         list [only agg/normal/procedure/trigger/window] functions
  \\di[Sx+] [PATTERN]     list indexes
  \\dn[Sx+] [PATTERN]     list schemas
  \\ds[Sx+] [PATTERN]     list sequences
  \\dt[Sx+] [PATTERN]     list tables
  \\du[Sx+] [PATTERN]     list roles
  \\dv[Sx+] [PATTERN]     list views
  \\l[x+]   [PATTERN]     list databases

Formatting
  \\a                     toggle between unaligned and aligned output mode
  \\pset [NAME [VALUE]]   set table output option
  \\t [on|off]            show only rows (currently off)
  \\x [on|off|auto]       toggle expanded output (currently off)

Connection
  \\c[onnect] {[DBNAME|- USER|- HOST|- PORT|-] | conninfo}
                         connect to new database (currently "postgres")
  \\conninfo              display information about current connection

Operating System
  \\timing [on|off]       toggle timing of commands (currently off)
  \\! [COMMAND]           execute command in shell or start interactive shell

Variables
  \\set [NAME [VALUE]]    set internal variable, or list all if no parameters
  \\unset NAME            unset (delete) internal variable
`;
