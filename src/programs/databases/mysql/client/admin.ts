import type { Program } from '../../../../linux/process/types';
import { Connection } from './connection';
import { start, versionText } from './options';
import { print } from './print';
import { uptimeText } from './shell';

/** mysqladmin(1), mariadb-admin(1). */
export const mysqladmin: Program = async (process) => {
  const started = await start(
    process,
    { short: 'i:c:w::rE', long: { 'sleep:': 'i', 'count:': 'c', 'wait::': 'w', vertical: 'E' } },
    ['mysqladmin', 'mariadb-admin'],
  );
  if (typeof started === 'number') return started;
  const { options, flavour, name, target } = started;
  const mysql = flavour.name === 'mysql';
  if (options.has('V')) {
    await process.stdout.write(`${adminVersion(name, mysql, versionText(name, flavour), flavour.version)}\n`);
    return 0;
  }
  const commands = [...options.operands];
  if (commands.length === 0 || options.has('help', '?')) {
    await process.stdout.write(
      `${adminVersion(name, mysql, versionText(name, flavour), flavour.version)}\n\nUsage: ${name} [OPTIONS] command command....\n`,
    );
    return commands.length === 0 ? 1 : 0;
  }
  let connection = await Connection.open(process, target, !mysql);
  for (let tries = 0; 'number' in connection && options.has('w') && tries < Number(options.value('w') ?? 60); tries++) {
    await process.sleep(1000);
    connection = await Connection.open(process, target, !mysql);
  }
  if ('number' in connection) {
    // A server that sends somebody away is alive.
    const denied = connection.number === 1045;
    if (commands[0] === 'ping' && denied && mysql) {
      await process.stderr.write(
        `${name}: connect to server at '${target.host ?? 'localhost'}' failed\nerror: '${connection.message}'\n`,
      );
      return 0;
    }
    await process.stderr.write(
      `\u0007${name}: connect to server at '${target.host ?? 'localhost'}' failed\nerror: '${connection.message}'\n`.replace(
        '\u0007',
        '',
      ),
    );
    if (connection.number === 2002 && !mysql && target.host === undefined)
      await process.stderr.write(`Check that mariadbd is running and that the socket: '${target.socket}' exists!\n`);
    if (connection.number === 2002 && mysql)
      await process.stderr.write(`Check that mysqld is running and that the socket: '${target.socket}' exists!\n`);
    if (connection.number === 2003)
      await process.stderr.write(
        `Check that mysqld is running on ${target.host ?? ''} and that the port is ${target.port}.\nYou can check this by doing 'telnet ${target.host ?? ''} ${target.port}'\n`,
      );
    return commands[0] === 'ping' && denied ? 0 : 1;
  }
  const fail = async (command: string, message: string): Promise<number> => {
    await process.stderr.write(`${name}: ${command} failed; error: '${message}'\n`);
    return 1;
  };
  for (;;) {
    const command = commands.shift();
    if (command === undefined) break;
    const run = async (sql: string, what = sql): Promise<number> => {
      const outcome = await (connection as Connection).query(sql);
      if (outcome?.kind === 'error') return fail(what, outcome.message);
      if (outcome?.kind === 'rows') await process.stdout.write(print(outcome, 'table'));
      return 0;
    };
    let status = 0;
    switch (command) {
      case 'ping':
        await process.stdout.write((await connection.ping()) ? 'mysqld is alive\n' : 'mysqld is dead\n');
        break;
      case 'status':
        await process.stdout.write(`${await connection.statistics()}\n`);
        break;
      case 'version': {
        const statistics = await connection.statistics();
        const seconds = Number(/Uptime: (\d+)/.exec(statistics)?.[1] ?? 0);
        const owner = mysql
          ? 'Copyright (c) 2000, 2025, Oracle and/or its affiliates.\n\nOracle is a registered trademark of Oracle Corporation and/or its\naffiliates. Other names may be trademarks of their respective\nowners.\n'
          : 'Copyright (c) 2000, 2018, Oracle, MariaDB Corporation Ab and others.\n';
        const local = connection.way.startsWith('Localhost');
        await process.stdout.write(
          `${adminVersion(name, mysql, versionText(name, flavour), flavour.version)}\n${owner}\nServer version\t\t${connection.version}\nProtocol version\t10\nConnection\t\t${connection.way}\n${local ? `UNIX socket\t\t${target.socket}` : `TCP port\t\t${target.port}`}\nUptime:\t\t\t${uptimeText(seconds)}\n\n${statistics.replace(/^Uptime: \d+ +/, '')}\n`,
        );
        break;
      }
      case 'shutdown':
        status = await run('shutdown');
        // It waits until the server has gone.
        for (let tries = 0; status === 0 && tries < 600 && process.fs.stat(`${target.socket}.lock`).ok; tries++)
          await process.sleep(50);
        break;
      case 'create':
        status = await run(`create database \`${commands.shift() ?? ''}\``, 'CREATE DATABASE');
        break;
      case 'drop': {
        const database = commands.shift() ?? '';
        status = await run(`drop database \`${database}\``, 'DROP DATABASE');
        if (status === 0) await process.stdout.write(`Database "${database}" dropped\n`);
        break;
      }
      case 'processlist':
        status = await run(options.has('v') ? 'show full processlist' : 'show processlist');
        break;
      case 'variables':
        status = await run('show variables');
        break;
      case 'extended-status':
        status = await run('show status');
        break;
      case 'flush-privileges':
      case 'reload':
      case 'refresh':
      case 'flush-tables':
      case 'flush-logs':
      case 'flush-hosts':
        status = await run('flush privileges');
        break;
      case 'password':
        status = await run(
          `alter user current_user() identified by '${(commands.shift() ?? '').replaceAll("'", "''")}'`,
        );
        break;
      case 'kill':
        for (const id of (commands.shift() ?? '').split(',')) status = await run(`kill ${id}`, 'kill');
        break;
      default:
        await process.stderr.write(`${name}: Unknown command: '${command}'\n`);
        status = 1;
    }
    if (status !== 0) return status;
  }
  connection.socket.close();
  return 0;
};

const adminVersion = (name: string, mysql: boolean, text: string, version: string): string =>
  mysql
    ? text
    : `${name}  Ver 10.0 Distrib ${version.replace(/-MariaDB.*/, '')}-MariaDB, for debian-linux-gnu on x86_64`;
