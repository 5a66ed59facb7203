/** What `index.ts` has programs for: known without loading them. */
export const names: readonly string[] = (
  'postgres initdb pg_ctl gosu psql pg_dump pg_isready createdb dropdb createuser dropuser ' +
  'mysqld mysql mysqladmin mysqldump mariadb-install-db'
).split(' ');
