import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { elf } from '../../linux/process/executable';
import recorded from './testing/mysql.json';
import { bench } from './testing/bench';

/** Sessions that Debian's mariadb 10.11.19 had with its own server (scripts/record-mysql.mjs). */
const world = bench(() => turn(), { MARIADB_VERSION: '1:10.11.19+maria~deb12' });

/** What differs, and why. */
const expectedFailures = new Map<string, string>([
  ['prepare', 'what EXECUTE USING gives is put into the text as literals, which are never NULL: a narrower column'],
  ['explain', 'how many rows the optimiser of InnoDB guesses'],
]);

beforeAll(async () => {
  const { fs } = world.host;
  for (const path of ['/run/mysqld', '/var/lib/mysql']) {
    fs.mkdirAll(path);
    fs.chmod(path, 0o1777);
  }
  fs.writeFile('/usr/bin/mariadb', elf('mysql'), 0o755);
  await world.run(['mariadb-install-db', '--datadir=/var/lib/mysql']);
  world.spawn(['mysqld']);
  await world.clock.advance(3000);
  // The first query waits for PGlite's initdb.
  await world.run(['mariadb', '-uroot', '-e', 'select now()']);
}, 120_000);

test.each(recorded)('$name', async ({ name, args, script, stdout, stderr, status }) => {
  const ran = await world.run(['mariadb', ...args], { input: script });
  if (expectedFailures.has(name)) expect(ran).not.toEqual({ stdout, stderr, status });
  else expect(ran).toEqual({ stdout, stderr, status });
});
