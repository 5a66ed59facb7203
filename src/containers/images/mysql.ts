import { debian } from './base/debian';
import { bulk, directories, program, symlink, symlinks, text, type Entries } from './entries';
import { repository } from './registry';
import { mariadbEntrypoint, mariadbHealthcheck } from './scripts/mariadb';
import { mysqlEntrypoint } from './scripts/mysql';
import { build, cmd, copy, entrypoint, env, expose, once, run, volume } from './steps';

const accounts = (shell: string): Entries => ({
  '/etc/passwd': text(
    `root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\nmysql:x:999:999::/var/lib/mysql:${shell}\n`,
  ),
  '/etc/group': text('root:x:0:\nbin:x:1:\ndaemon:x:2:\nadm:x:4:\nusers:x:100:\nmysql:x:999:\nnogroup:x:65534:\n'),
});

const owned = { uid: 999, gid: 999, mode: 0o1777 };

const mysqlConfiguration = `# For advice on how to change settings please see
# http://dev.mysql.com/doc/refman/8.4/en/server-configuration-defaults.html

[mysqld]
host-cache-size=0
skip-name-resolve
datadir=/var/lib/mysql
socket=/var/run/mysqld/mysqld.sock
secure-file-priv=/var/lib/mysql-files
user=mysql

pid-file=/var/run/mysqld/mysqld.pid
[client]
socket=/var/run/mysqld/mysqld.sock

!includedir /etc/mysql/conf.d/
`;

const mysqlFiles: Entries = {
  ...accounts('/bin/bash'),
  ...directories('/var/lib/mysql /var/lib/mysql-files /var/run/mysqld', owned),
  ...directories('/docker-entrypoint-initdb.d /etc/mysql/conf.d'),
  '/etc/my.cnf': text(mysqlConfiguration),
  '/usr/sbin/mysqld': program('mysqld', 68_321_000),
  '/usr/bin/mysql': program('mysql', 7_801_000),
  '/usr/bin/mysqladmin': program('mysqladmin', 7_410_000),
  '/usr/bin/mysqldump': program('mysqldump', 7_510_000),
  '/usr/local/bin/gosu': program('gosu', 2_429_000),
  '/usr/lib64/mysql/libs': bulk('libraries of mysql', 480_000_000),
};

/** One layer for all versions: they differ in what they say of themselves. */
const mysqlServer = once(() =>
  run('set -eux; microdnf install -y "mysql-community-server-minimal-$MYSQL_VERSION"', mysqlFiles),
);

const mysqlSteps = (version: string) => [
  run('set -eux; groupadd --system --gid 999 mysql; useradd --system --uid 999 --gid 999 mysql', {}),
  env('GOSU_VERSION', '1.19'),
  env(
    'MYSQL_MAJOR',
    version.startsWith('8.0')
      ? '8.0'
      : version.startsWith('9')
        ? 'innovation'
        : version.split('.').slice(0, 2).join('.'),
  ),
  env('MYSQL_VERSION', `${version}-1.el${version.startsWith('5.7') ? '7' : '9'}`),
  mysqlServer(),
  volume('/var/lib/mysql'),
  env('MYSQL_SHELL_VERSION', `${version}-1.el9`),
  copy('docker-entrypoint.sh', '/usr/local/bin/', {
    '/usr/local/bin/docker-entrypoint.sh': text(mysqlEntrypoint, { mode: 0o755 }),
    '/entrypoint.sh': symlink('usr/local/bin/docker-entrypoint.sh'),
  }),
  entrypoint('docker-entrypoint.sh'),
  expose('3306/tcp', '33060/tcp'),
  cmd('mysqld'),
];

const mariadbFiles: Entries = {
  ...accounts('/bin/sh'),
  ...directories('/var/lib/mysql /run/mysqld', owned),
  '/var/run': symlink('/run'),
  ...directories('/docker-entrypoint-initdb.d /etc/mysql/conf.d /etc/mysql/mariadb.conf.d'),
  '/etc/mysql/mariadb.cnf': text(
    '[client-server]\nsocket = /run/mysqld/mysqld.sock\n\n!includedir /etc/mysql/mariadb.conf.d/\n!includedir /etc/mysql/conf.d/\n',
  ),
  ...symlinks('/etc/mysql', 'mariadb.cnf', 'my.cnf'),
  '/etc/mysql/mariadb.conf.d/05-skipcache.cnf': text('[mariadb]\nhost-cache-size=0\nskip-name-resolve\n'),
  '/usr/sbin/mariadbd': program('mysqld', 26_310_000),
  '/usr/bin/mariadb': program('mysql', 4_210_000),
  '/usr/bin/mariadb-admin': program('mysqladmin', 4_020_000),
  '/usr/bin/mariadb-dump': program('mysqldump', 4_110_000),
  '/usr/bin/mariadb-install-db': program('mariadb-install-db', 24_000),
  '/usr/local/bin/gosu': program('gosu', 2_429_000),
  '/usr/lib/mysql/libs': bulk('libraries of mariadb', 240_000_000),
};
/** Until 10.11 the old names are there too. */
const oldNames: Entries = {
  '/usr/sbin/mysqld': symlink('mariadbd'),
  '/usr/bin/mysql': symlink('mariadb'),
  '/usr/bin/mysqladmin': symlink('mariadb-admin'),
  '/usr/bin/mysqldump': symlink('mariadb-dump'),
};

const mariadbServer = once(() =>
  run('set -ex; apt-get install -y mariadb-server="$MARIADB_VERSION" mariadb-backup socat', mariadbFiles),
);
const oldNamesOfMariadb = once(() => run('set -ex; apt-get install -y mariadb-server-compat', oldNames));

const mariadbSteps = (version: string, base: string) => [
  env('GOSU_VERSION', '1.19'),
  env('LANG', 'C.UTF-8'),
  env('MARIADB_VERSION', `1:${version}+maria~${base}`),
  mariadbServer(),
  ...(version.startsWith('10.') ? [oldNamesOfMariadb()] : []),
  volume('/var/lib/mysql'),
  copy('healthcheck.sh docker-entrypoint.sh', '/usr/local/bin/', {
    '/usr/local/bin/docker-entrypoint.sh': text(mariadbEntrypoint, { mode: 0o755 }),
    '/usr/local/bin/healthcheck.sh': text(mariadbHealthcheck, { mode: 0o755 }),
  }),
  entrypoint('docker-entrypoint.sh'),
  expose('3306/tcp'),
  cmd('mariadbd'),
];

const published = '2025-11-05T18:13:40Z';
const mysqlOf = (version: string) => () => build(published, debian(), mysqlSteps(version));
const mariadbOf = (version: string, base: string) => () => build(published, debian(), mariadbSteps(version, base));

export const mysql = repository('docker.io/library/mysql', [
  [['latest', '9', '9.5', '9.5.0', 'innovation', 'oraclelinux9'], mysqlOf('9.5.0')],
  [['8', '8.4', '8.4.7', 'lts', '8-oraclelinux9', '8.4-oraclelinux9'], mysqlOf('8.4.7')],
  [['8.0', '8.0.44', '8.0-oraclelinux9', '8.0-debian', '8.0-bookworm'], mysqlOf('8.0.44')],
  [['5.7', '5', '5.7.44', '5.7-oracle'], mysqlOf('5.7.44')],
]);

export const mariadb = repository('docker.io/library/mariadb', [
  [['latest', '12', '12.0', '12.0.2', 'noble', '12-noble'], mariadbOf('12.0.2', 'ubu2404')],
  [['11', '11.8', '11.8.5', 'lts', '11-noble', '11.8-noble', 'lts-noble'], mariadbOf('11.8.5', 'ubu2404')],
  [['11.4', '11.4.9', '11.4-noble'], mariadbOf('11.4.9', 'ubu2404')],
  [['10', '10.11', '10.11.15', '10.11-jammy', '10-jammy'], mariadbOf('10.11.15', 'ubu2204')],
  [['10.6', '10.6.24', '10.5', '10.4', '10.3'], mariadbOf('10.6.24', 'ubu2204')],
]);
