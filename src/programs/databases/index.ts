import type { Program } from '../../linux/process/types';
import { mysqladmin } from './mysql/client/admin';
import { mysqldump } from './mysql/client/dump';
import { mysql } from './mysql/client/mysql';
import { installDb } from './mysql/server/initialize';
import { mysqld } from './mysql/server/server';
import { gosu, pgCtl } from './postgres/control';
import { initdb } from './postgres/initdb';
import { psql } from './postgres/psql/psql';
import { postgres } from './postgres/server';
import { pgDump } from './postgres/dump';
import { createdb, createuser, dropdb, dropuser, pgIsReady } from './postgres/tools';

/** By the names that the images' executables give. */
export const programs: Readonly<Record<string, Program>> = {
  postgres,
  initdb,
  pg_ctl: pgCtl,
  gosu,
  psql,
  pg_dump: pgDump,
  pg_isready: pgIsReady,
  createdb,
  dropdb,
  createuser,
  dropuser,
  mysqld,
  mysql,
  mysqladmin,
  mysqldump,
  'mariadb-install-db': installDb,
};
