import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LOG } from './postgres/cluster';
import { bench } from './testing/bench';

test('what was committed is there again when another server runs the log', async () => {
  const world = bench(() => turn(), { PG_VERSION: '18.1', PGDATA: '/var/lib/data/pg' });
  await world.run(['initdb', '--username=bob']);
  const psql = async (database: string, sql: string) =>
    (await world.run(['psql', '-XAtU', 'bob', database, '-c', sql])).stdout;
  world.spawn(['postgres']);
  await world.clock.advance(1000);
  await psql('postgres', 'create database shop');
  await psql('shop', 'create table t(a int, at timestamptz default now(), r float default random())');
  await psql('shop', 'insert into t values (1), (2)');
  await world.run(['psql', '-XU', 'bob', 'shop'], { input: 'begin;\ninsert into t values (3);\nrollback;\n' });
  await world.run(['psql', '-XU', 'bob', 'shop'], { input: 'copy t(a) from stdin;\n7\n8\n\\.\n' });
  await psql('postgres', "create role eve login password 'x'");
  const before = await psql('shop', 'select a, at from t order by a');
  expect(before.split('\n').map((line) => line.split('|')[0])).toEqual(['1', '2', '7', '8', '']);
  const stopped = await world.run(['pg_ctl', 'stop']);
  expect(stopped.stdout).toBe('waiting for server to shut down.... done\nserver stopped\n');

  // A line more: not the log that the resting cluster wrote.
  world.host.fs.appendFile(`/var/lib/data/pg/${LOG}`, '\n');
  world.spawn(['postgres']);
  await world.clock.advance(1000);
  expect(await psql('shop', 'select a, at from t order by a')).toBe(before);
  expect(await psql('shop', "select rolname from pg_roles where rolname = 'eve'")).toBe('eve\n');
  expect(await psql('postgres', 'select datname from pg_database order by 1')).toBe(
    'postgres\nshop\ntemplate0\ntemplate1\n',
  );

  const dumped = await world.run(['pg_dump', '-U', 'bob', 'shop']);
  expect(dumped).toMatchObject({ stderr: '', status: 0 });
  await world.run(['createdb', '-U', 'bob', 'copy']);
  await world.run(['psql', '-XU', 'bob', 'copy'], { input: dumped.stdout });
  expect(await psql('copy', 'select a, at from t order by a')).toBe(before);
  expect((await world.run(['pg_isready'])).stdout).toBe('/var/run/postgresql:5432 - accepting connections\n');
}, 120_000);
