import type { Program } from '../../../../linux/process/types';
import { Connection } from './connection';
import { start, versionText } from './options';
import { Shell } from './shell';

/** mysql(1), mariadb(1). */
export const mysql: Program = async (process) => {
  const started = await start(
    process,
    {
      short: 'D:e:tBNErXHAnbqIwG',
      long: {
        'database:': 'D',
        'execute:': 'e',
        table: 't',
        batch: 'B',
        'skip-column-names': 'N',
        'column-names': 'names',
        vertical: 'E',
        raw: 'r',
        xml: 'X',
        html: 'H',
        'no-auto-rehash': 'A',
        'skip-auto-rehash': 'A',
        unbuffered: 'n',
        'no-beep': 'b',
        quick: 'q',
        comments: 'comments',
        'show-warnings': 'show-warnings',
        wait: 'w',
        'prompt:': 'prompt',
        'delimiter:': 'delimiter',
        'init-command:': 'init',
        'local-infile::': 'local',
        abort: 'abort',
        'safe-updates': 'safe',
        'line-numbers': 'lines',
      },
    },
    ['mysql', 'mariadb', 'mariadb-client', 'client-mariadb'],
  );
  if (typeof started === 'number') return started;
  const { options, flavour, name } = started;
  if (options.has('V')) {
    await process.stdout.write(`${versionText(name, flavour)}\n`);
    return 0;
  }
  if (options.has('help', '?', 'I')) {
    await process.stdout.write(
      `${versionText(name, flavour)}\n${flavour.name === 'mysql' ? 'Copyright (c) 2000, 2025, Oracle and/or its affiliates.\n' : 'Copyright (c) 2000, 2018, Oracle, MariaDB Corporation Ab and others.\n'}\nUsage: ${name} [OPTIONS] [database]\n`,
    );
    return 0;
  }
  const target = { ...started.target, database: started.target.database ?? options.operands[0] };
  const script = options.value('e');
  const terminal = process.fds.get(0)?.kind === 'tty' && process.fds.get(1)?.kind === 'tty' && !options.has('B');
  const interactive = script === undefined && terminal;
  const connection = await Connection.open(process, target, flavour.name === 'mariadb');
  if ('number' in connection) {
    await process.stderr.write(`ERROR ${connection.number} (${connection.state}): ${connection.message}\n`);
    return 1;
  }
  const shell = new Shell(process, connection, { ...started, target }, interactive, terminal);
  shell.prompt = options.value('prompt') ?? process.env.get('MYSQL_PS1');
  shell.delimiter = options.value('delimiter') ?? ';';
  if (options.value('init') !== undefined) await connection.query(options.value('init') ?? '');
  if (script !== undefined) await shell.execute(script);
  else {
    if (interactive && target.database !== undefined && !options.has('A')) {
      const tables = await connection.query('show tables');
      if (tables?.kind === 'rows' && tables.rows.length > 0)
        await shell.say(
          'Reading table information for completion of table and column names\nYou can turn off this feature to get a quicker startup with -A\n\n',
        );
    }
    await shell.say(shell.greeting());
    await shell.interact();
  }
  if (!interactive && options.given.filter(({ name: given }) => given === 'v').length >= 2)
    await process.stdout.write('Bye\n');
  await shell.connection.close();
  return shell.failed ? 1 : 0;
};
