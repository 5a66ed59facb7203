import type { Process, Program } from '../../../../linux/process/types';
import { flavourOf } from '../settings';
import type { Flavour } from '../types';
import type { StoredAccount } from './accounts';
import { log } from './log';

const locked = (user: string): StoredAccount => ({
  user,
  host: 'localhost',
  native: 'ffffffffffffffffffffffffffffffffffffffff',
  sha2: '',
  grants: [{ database: '*', table: '*', privileges: ['USAGE'], option: false }],
});

/** A data directory as a server finds it that starts for the first time. */
export function initialize(process: Process, directory: string, flavour: Flavour): void {
  const { fs } = process;
  fs.mkdirAll(directory);
  for (const name of ['mysql', 'performance_schema', 'sys']) fs.mkdir(`${directory}/${name}`, 0o750);
  const root: StoredAccount = {
    user: 'root',
    host: 'localhost',
    native: '',
    sha2: '',
    grants: [{ database: '*', table: '*', privileges: ['ALL'], option: true }],
  };
  const others = flavour.name === 'mysql' ? ['mysql.infoschema', 'mysql.session', 'mysql.sys'] : ['mariadb.sys'];
  fs.writeFile(`${directory}/mysql/global_priv.json`, JSON.stringify([...others.map(locked), root]), 0o640);
  fs.writeFile(`${directory}/ibdata1`, '', 0o640);
  const files =
    flavour.name === 'mysql'
      ? 'auto.cnf ca-key.pem ca.pem client-cert.pem client-key.pem ib_buffer_pool mysql.ibd private_key.pem public_key.pem server-cert.pem server-key.pem undo_001 undo_002'
      : 'aria_log.00000001 aria_log_control ib_buffer_pool ib_logfile0 undo001 undo002 undo003';
  for (const name of files.split(' '))
    fs.writeFile(
      `${directory}/${name}`,
      name === 'auto.cnf' ? `[auto]\nserver-uuid=${process.random.uuid()}\n` : '',
      0o640,
    );
}

/** mysqld --initialize-insecure. */
export async function initializeMysql(process: Process, directory: string, flavour: Flavour): Promise<number> {
  const { version } = flavour;
  const there = process.fs.readdir(directory);
  await log(process, flavour, 'System', 15017, 'MySQL Server Initialization - start.');
  await log(
    process,
    flavour,
    'System',
    13169,
    `/usr/sbin/mysqld (mysqld ${version}) initializing of server in progress as process ${process.pid}`,
  );
  if (there.ok && there.value.length > 0) {
    await log(
      process,
      flavour,
      'ERROR',
      10457,
      '--initialize specified but the data directory has files in it. Aborting.',
    );
    await log(
      process,
      flavour,
      'ERROR',
      13236,
      `The designated data directory ${directory}/ is unusable. You can remove all files that the server added to it.`,
    );
    await log(process, flavour, 'ERROR', 10119, 'Aborting');
    await log(process, flavour, 'System', 15018, 'MySQL Server Initialization - end.');
    return 1;
  }
  await log(process, flavour, 'System', 13576, 'InnoDB initialization has started.', 'InnoDB', 1);
  await process.sleep(900);
  await log(process, flavour, 'System', 13577, 'InnoDB initialization has ended.', 'InnoDB', 1);
  await process.sleep(1100);
  initialize(process, directory, flavour);
  await log(
    process,
    flavour,
    'Warning',
    10453,
    'root@localhost is created with an empty password ! Please consider switching off the --initialize-insecure option.',
    'Server',
    6,
  );
  await process.sleep(1500);
  await log(process, flavour, 'System', 15018, 'MySQL Server Initialization - end.');
  return 0;
}

/** mariadb-install-db. */
export const installDb: Program = async (process) => {
  const directory = process.args.find((arg) => arg.startsWith('--datadir='))?.slice(10) ?? '/var/lib/mysql';
  await process.sleep(1200);
  initialize(process, directory.replace(/\/$/, ''), flavourOf(process));
  await process.stdout.write(`

PLEASE REMEMBER TO SET A PASSWORD FOR THE MariaDB root USER !
To do so, start the server, then issue the following command:

'/usr/bin/mariadb-secure-installation'

which will also give you the option of removing the test
databases and anonymous user created by default.  This is
strongly recommended for production servers.

See the MariaDB Knowledgebase at https://mariadb.com/kb

Please report any problems at https://mariadb.org/jira

The latest information about MariaDB is available at https://mariadb.org/.

Consider joining MariaDB's strong and vibrant community:
https://mariadb.org/get-involved/

`);
  return 0;
};
