import type { Program } from '../../../../linux/process/types';
import type { Cells, Field } from '../wire';
import { Connection } from './connection';
import { start, versionText } from './options';

const name = (text: string): string => `\`${text.replaceAll('`', '``')}\``;
const quoted = (text: string): string =>
  `'${text.replace(/[\\'\0\n\r\u001a"]/g, (char) => ({ '\0': '\\0', '\n': '\\n', '\r': '\\r', '\u001a': '\\Z' })[char] ?? `\\${char}`)}'`;
const isNumber = ({ type }: Field): boolean => (type <= 9 && type !== 7) || type === 13 || type === 246;

/** mysqldump(1), mariadb-dump(1): databases and tables as SQL. */
export const mysqldump: Program = async (process) => {
  const started = await start(
    process,
    {
      short: 'ABdntr:eQqKcRETlaxFkNw:',
      long: {
        'all-databases': 'A',
        databases: 'B',
        'no-data': 'd',
        'no-create-db': 'n',
        'no-create-info': 't',
        'result-file:': 'r',
        'extended-insert': 'e',
        'skip-extended-insert': 'one',
        'complete-insert': 'c',
        'single-transaction': 'single',
        'skip-comments': 'quiet',
        'skip-dump-date': 'undated',
        'skip-add-drop-table': 'keep',
        'skip-add-locks': 'unlocked',
        'skip-lock-tables': 'unlocked',
        'add-drop-database': 'drop',
        'no-tablespaces': 'y',
        'ignore-table:': 'ignore',
        compact: 'compact',
        routines: 'R',
        events: 'E',
        triggers: 'T',
        quick: 'q',
        opt: 'opt',
        'column-statistics:': 'statistics',
        'set-gtid-purged:': 'gtid',
        'where:': 'w',
        'lock-tables': 'l',
      },
    },
    ['mysqldump', 'mariadb-dump'],
  );
  if (typeof started === 'number') return started;
  const { options, flavour, target } = started;
  const mysql = flavour.name === 'mysql';
  const called = started.name;
  if (options.has('V')) {
    await process.stdout.write(`${versionText(called, flavour)}\n`);
    return 0;
  }
  const usage = `Usage: ${called} [OPTIONS] database [tables]\nOR     ${called} [OPTIONS] --databases [OPTIONS] DB1 [DB2 DB3...]\nOR     ${called} [OPTIONS] --all-databases [OPTIONS]\nFor more options, use ${called} --help\n`;
  if (options.has('help', '?')) {
    await process.stdout.write(usage);
    return 0;
  }
  if (options.operands.length === 0 && !options.has('A')) {
    await process.stderr.write(usage);
    return 1;
  }
  const connection = await Connection.open(process, target, !mysql);
  if ('number' in connection) {
    await process.stderr.write(
      `${called}: Got error: ${connection.number}: ${mysql ? '' : '"'}${connection.message}${mysql ? '' : '"'} when trying to connect\n`,
    );
    return 2;
  }
  const chunks: string[] = [];
  const say = (text: string): void => void chunks.push(text);
  const ask = async (sql: string): Promise<readonly Cells[]> => {
    const outcome = await connection.query(sql);
    if (outcome?.kind === 'error') throw new DumpError(outcome.number, outcome.message);
    return outcome?.kind === 'rows' ? outcome.rows : [];
  };
  const comments = !options.has('quiet', 'compact');
  const compact = options.has('compact');
  const several = options.has('A', 'B');
  const finish = async (status: number): Promise<number> => {
    const text = chunks.join('');
    const file = options.value('r');
    if (file === undefined) await process.stdout.write(text);
    else process.fs.writeFile(file, text);
    await connection.close();
    return status;
  };
  try {
    const databases = options.has('A')
      ? (await ask('show databases'))
          .map(([one = '']) => one)
          .filter((one) => !/^(information_schema|performance_schema|sys|mysql)$/.test(one))
      : several
        ? options.operands
        : options.operands.slice(0, 1);
    if (!mysql) say('/*M!999999\\- enable the sandbox mode */ \n');
    if (comments) {
      const number = flavour.version.replace(/-MariaDB.*/, '');
      const title = mysql
        ? `-- MySQL dump 10.13  Distrib ${number}, for Linux (x86_64)`
        : `-- MariaDB dump 10.19  Distrib ${number}-MariaDB, for debian-linux-gnu (x86_64)`;
      say(
        `${title}\n--\n-- Host: ${target.host ?? 'localhost'}    Database: ${several ? '' : (databases[0] ?? '')}\n-- ------------------------------------------------------\n-- Server version\t${connection.version}\n\n`,
      );
    }
    if (!compact) say(head(mysql));
    for (const database of databases) {
      const used = await connection.use(database);
      if (used?.kind === 'error') {
        await finish(0);
        await process.stderr.write(
          `${called}: Got error: ${used.number}: ${mysql ? '' : '"'}${used.message}${mysql ? '' : '"'} when selecting the database\n`,
        );
        return 2;
      }
      if (several) {
        if (comments) say(`--\n-- Current Database: ${name(database)}\n--\n\n`);
        if (options.has('drop')) say(`/*!40000 DROP DATABASE IF EXISTS ${name(database)}*/;\n\n`);
        const [created] = await ask(`show create database ${name(database)}`);
        if (!options.has('n'))
          say(`${(created?.[1] ?? '').replace('CREATE DATABASE', 'CREATE DATABASE /*!32312 IF NOT EXISTS*/')};\n\n`);
        say(`USE ${name(database)};\n\n`.replace(/\n\n$/, '\n\n'));
      }
      const wanted = several ? [] : options.operands.slice(1);
      const tables = await ask('show full tables');
      for (const one of wanted)
        if (!tables.some(([table]) => table === one)) {
          await finish(0);
          await process.stderr.write(`${called}: Couldn't find table: "${one}"\n`);
          return 6;
        }
      const ignored = options.values('ignore');
      const chosen = tables.filter(
        ([table = '']) => (wanted.length === 0 || wanted.includes(table)) && !ignored.includes(`${database}.${table}`),
      );
      for (const [table = '', kind] of chosen) if (kind === 'BASE TABLE') await dumpTable(table);
      for (const [table = '', kind] of chosen) if (kind === 'VIEW') await dumpView(table);
    }
    if (!compact) say(tail);
    if (comments)
      say(
        `-- Dump completed${options.has('undated') ? '' : ` on ${new Date(process.clock.now).toISOString().slice(0, 19).replace('T', ' ').replace(' 0', '  ')}`}\n`,
      );
    return await finish(0);
  } catch (error) {
    if (!(error instanceof DumpError)) throw error;
    await finish(0);
    await process.stderr.write(`${called}: Couldn't execute: ${error.message} (${error.number})\n`);
    return 2;
  }

  async function dumpView(view: string): Promise<void> {
    const [created] = await ask(`show create view ${name(view)}`);
    if (comments) say(`--\n-- Final view structure for view ${name(view)}\n--\n\n`);
    say(`/*!50001 DROP VIEW IF EXISTS ${name(view)}*/;\n${created?.[1] ?? ''};\n\n`);
  }

  async function dumpTable(table: string): Promise<void> {
    if (!options.has('t')) {
      const [created] = await ask(`show create table ${name(table)}`);
      if (comments) say(`--\n-- Table structure for table ${name(table)}\n--\n\n`);
      if (!options.has('keep') && !compact) say(`DROP TABLE IF EXISTS ${name(table)};\n`);
      const charset = mysql
        ? '/*!50503 SET character_set_client = utf8mb4 */;'
        : '/*!40101 SET character_set_client = utf8mb4 */;';
      say(
        compact
          ? `/*!40101 SET @saved_cs_client     = @@character_set_client */;\n${charset}\n`
          : `/*!40101 SET @saved_cs_client     = @@character_set_client */;\n${charset}\n`,
      );
      say(`${created?.[1] ?? ''};\n/*!40101 SET character_set_client = @saved_cs_client */;\n${compact ? '' : '\n'}`);
    }
    if (options.has('d')) return;
    const where = options.value('w');
    const outcome = await connection_().query(
      `select * from ${name(table)}${where === undefined ? '' : ` where ${where}`}`,
    );
    if (outcome?.kind === 'error') throw new DumpError(outcome.number, outcome.message);
    if (outcome?.kind !== 'rows') return;
    if (comments) say(`--\n-- Dumping data for table ${name(table)}\n--\n\n`);
    const locked = !options.has('unlocked') && !compact;
    if (locked) say(`LOCK TABLES ${name(table)} WRITE;\n`);
    if (!compact) say(`/*!40000 ALTER TABLE ${name(table)} DISABLE KEYS */;\n`);
    const { fields, rows } = outcome;
    const values = rows.map(
      (row) =>
        `(${row.map((cell, index) => (cell === undefined ? 'NULL' : isNumber(fields[index] as Field) ? cell : quoted(cell))).join(',')})`,
    );
    const into = `INSERT INTO ${name(table)}${options.has('c') ? ` (${fields.map((field) => name(field.name)).join(mysql ? ', ' : ', ')})` : ''} VALUES`;
    if (values.length > 0)
      say(
        options.has('one')
          ? values.map((row) => `${into} ${row};\n`).join('')
          : mysql
            ? `${into} ${values.join(',')};\n`
            : `${into}\n${values.join(',\n')};\n`,
      );
    if (!compact) say(`/*!40000 ALTER TABLE ${name(table)} ENABLE KEYS */;\n`);
    if (locked) say('UNLOCK TABLES;\n');
    if (mysql && !compact) say('\n');
  }

  function connection_(): Connection {
    return connection as Connection;
  }
};

class DumpError extends Error {
  constructor(
    readonly number: number,
    message: string,
  ) {
    super(message);
  }
}

const head = (mysql: boolean): string => `/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
${mysql ? '/*!50503 SET NAMES utf8mb4 */;' : '/*!40101 SET NAMES utf8mb4 */;'}
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

`;

const tail = `/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

`;
