import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bench } from './testing/bench';

test('what was committed is there again when another server runs the log', async () => {
  const world = bench(() => turn(), { MYSQL_VERSION: '8.4.7-1.el9' });
  const { fs } = world.host;
  for (const path of ['/var/run/mysqld', '/var/lib/mysql']) {
    fs.mkdirAll(path);
    fs.chmod(path, 0o1777);
  }
  const mysql = async (sql: string) => world.run(['mysql', '-uroot', '-N', '-e', sql]);
  expect(await world.run(['mysqld', '--initialize-insecure'])).toMatchObject({ status: 0 });
  world.spawn(['mysqld']);
  await world.clock.advance(3000);
  await mysql('create database shop; create table shop.t (id int primary key auto_increment, name varchar(9))');
  await mysql("insert into shop.t (name) values ('a'), ('b'); update shop.t set name = 'c' where id = 1");
  await mysql("begin; insert into shop.t (name) values ('lost'); rollback; create user eve identified by 'x'");
  const before = await mysql('select * from shop.t; show create table shop.t; select user from mysql.user');
  expect(before.stdout.split('\n').slice(0, 2)).toEqual(['1\tc', '2\tb']);
  expect(await world.run(['mysqladmin', '-uroot', 'shutdown'])).toEqual({ stdout: '', stderr: '', status: 0 });
  expect(await mysql('select 1')).toEqual({
    stdout: '',
    stderr: `ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)\n`,
    status: 1,
  });

  // A line more: not the log of the engine that rests.
  fs.appendFile('/var/lib/mysql/ibdata1', '\n');
  world.spawn(['mysqld']);
  await world.clock.advance(3000);
  expect(await mysql('select * from shop.t; show create table shop.t; select user from mysql.user')).toEqual(before);
  expect((await world.run(['mysql', '-ueve', '-px', '-N', '-e', 'select current_user()'])).stdout).toBe('eve@%\n');

  const dumped = await world.run(['mysqldump', '-uroot', 'shop']);
  await mysql('create database copy');
  expect(await world.run(['mysql', '-uroot', 'copy'], { input: dumped.stdout })).toEqual({
    stdout: '',
    stderr: '',
    status: 0,
  });
  expect((await mysql('select * from copy.t')).stdout).toBe('1\tc\n2\tb\n');
}, 120_000);
