import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import recorded from './testing/psql.json';
import { bench } from './testing/bench';

/** Sessions that psql 15.18 and a PostgreSQL 15.18 of Debian had; ours is 18's engine behind 15's client. */
const world = bench(() => turn(), { PG_VERSION: '15.18', PGDATA: '/var/lib/data/pg', LANG: 'C.UTF-8' });

beforeAll(async () => {
  await world.run(['initdb', '--username=postgres']);
  world.spawn(['postgres']);
  await world.clock.advance(1000);
  // The first query waits for PGlite's initdb.
  await world.run(['psql', '-XU', 'postgres', '-c', 'select 1']);
}, 120_000);

test.each(recorded)('$name', async ({ args, script, stdout, stderr, status }) => {
  const ran = await world.run(['psql', '-X', '-U', 'postgres', ...args], { input: script });
  expect(ran).toEqual({ stdout, stderr, status });
});
