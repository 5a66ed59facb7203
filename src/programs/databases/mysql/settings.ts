import type { Process } from '../../../linux/process/types';
import type { Flavour } from './types';

/** Which server or client it is: what the image says, or under which name it runs. */
export function flavourOf(process: Process): Flavour {
  const { env } = process;
  const maria = env.get('MARIADB_VERSION');
  const mysql = env.get('MYSQL_VERSION');
  const named = /mariadb/.test(process.argv[0] ?? '');
  if (maria !== undefined || (named && mysql === undefined)) {
    const [, version = '11.8.5', , suffix = 'ubu2404'] = /^(?:1:)?([\d.]+)(\+maria~(.*))?$/.exec(maria ?? '') ?? [];
    return {
      name: 'mariadb',
      product: 'MariaDB',
      version: `${version}-MariaDB-${suffix}`,
      comment: 'mariadb.org binary distribution',
      collation: version.startsWith('10.') ? 'utf8mb4_general_ci' : 'utf8mb4_uca1400_ai_ci',
    };
  }
  return {
    name: 'mysql',
    product: 'MySQL',
    version: /^[\d.]+/.exec(mysql ?? '')?.[0] ?? '8.4.7',
    comment: 'MySQL Community Server - GPL',
    collation: (mysql ?? '8').startsWith('5.') ? 'latin1_swedish_ci' : 'utf8mb4_0900_ai_ci',
  };
}

/** The sections of an option file that a program reads (my.cnf): names with dashes. */
export function optionFile(
  process: Process,
  path: string,
  sections: readonly string[],
  depth = 0,
): Map<string, string> {
  const found = new Map<string, string>();
  const read = process.fs.readText(path);
  if (!read.ok || depth > 4) return found;
  let section = '';
  for (const raw of read.value.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const include = /^!include(dir)?\s+(.*)$/.exec(line);
    if (include !== null) {
      const at = (include[2] ?? '').replace(/\/$/, '');
      const listed = include[1] === undefined ? undefined : process.fs.readdir(at);
      const names =
        listed === undefined
          ? [at]
          : listed.ok
            ? listed.value.flatMap(({ name }) => (name.endsWith('.cnf') ? [`${at}/${name}`] : [])).sort()
            : [];
      for (const name of names)
        for (const [key, value] of optionFile(process, name, sections, depth + 1)) found.set(key, value);
      continue;
    }
    const head = /^\[(.*)\]$/.exec(line);
    if (head !== null) {
      section = head[1] ?? '';
      continue;
    }
    if (!sections.includes(section)) continue;
    const [key = '', ...rest] = line.split('=');
    found.set(
      key.trim().replaceAll('_', '-'),
      rest
        .join('=')
        .trim()
        .replace(/^(['"])(.*)\1$/, '$2'),
    );
  }
  return found;
}

/** Where option files lie, in the order in which they are read. */
export const optionFiles = (process: Process): readonly string[] => [
  '/etc/my.cnf',
  '/etc/mysql/my.cnf',
  `${process.env.get('HOME') ?? ''}/.my.cnf`,
];
