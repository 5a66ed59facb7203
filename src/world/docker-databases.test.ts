import { expect, test } from 'vitest';
import { Typist } from './testing/typist';

test('mysql: the prompt of its client in the container, and over a network with a password asked for', async () => {
  const person = await Typist.sit({ topology: 'docker' });
  const password = async (text: string): Promise<string> => {
    await person.until((rows) => rows.includes('Enter password:'));
    await person.type(`${text}\r`, 1_000);
    const rows = await person.see();
    return rows.slice(rows.indexOf('Enter password'));
  };
  await person.type('docker network create n\r', 1_000);
  await person.type('docker run -d --name db --network n -e MYSQL_ROOT_PASSWORD=secret mysql:8.4\r', 30_000);
  await person.type('docker exec -it db mysql -uroot -p\r', 1_000);
  expect(await password('secret')).toBe(
    [
      'Enter password: ',
      'Welcome to the MySQL monitor.  Commands end with ; or \\g.',
      'Your MySQL connection id is 8',
      'Server version: 8.4.7 MySQL Community Server - GPL',
      '',
      'Copyright (c) 2000, 2025, Oracle and/or its affiliates.',
      '',
      'Oracle is a registered trademark of Oracle Corporation and/or its',
      'affiliates. Other names may be trademarks of their respective',
      'owners.',
      '',
      "Type 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.",
      '',
      'mysql>',
    ].join('\n'),
  );
  await person.line('create database shop; create table shop.t (id int primary key auto_increment, name text);', 300);
  expect(await person.line('use shop', 300)).toBe(
    `mysql> use shop
Reading table information for completion of table and column names
You can turn off this feature to get a quicker startup with -A

Database changed
mysql>`,
  );
  await person.type('insert into t (name) values\r', 300);
  expect(await person.line("('it''s');", 300)).toBe("    -> ('it''s');\nQuery OK, 1 row affected (0.00 sec)\n\nmysql>");
  // The statement of two lines is one in the history.
  await person.type('\x1b[A\x01explain \x01\x0b', 100);
  expect(await person.line("select 'x", 300)).toBe("mysql> select 'x\n    '>");
  expect(await person.line('\x03\x1b[A\x1b[A', 300)).toBe(
    "    '> ^C\nmysql> insert into t (name) values ('it''s');\nQuery OK, 1 row affected (0.00 sec)\n\nmysql>",
  );
  expect(await person.line('select * frmo t;\x1b[D\x1b[D\x1bb\x1bdfrom\x05', 300)).toBe(
    `mysql> select * from t;
+----+------+
| id | name |
+----+------+
|  1 | it's |
|  2 | it's |
+----+------+
2 rows in set (0.00 sec)

mysql>`,
  );
  await person.type('\x04', 300);
  expect(await person.see()).toBe('mysql> ^DBye\nworkstation:~#');

  await person.type('docker run -it --rm --network n mysql:8.4 mysql -hdb -uroot -p shop\r', 1_000);
  expect(await password('wrong')).toBe(
    "Enter password: \nERROR 1045 (28000): Access denied for user 'root'@'172.18.0.3' (using password: YES)\nworkstation:~#",
  );
  await person.type('docker run -it --rm --network n mysql:8.4 mysql -hdb -uroot -p shop\r', 1_000);
  await password('secret');
  expect(await person.line('select count(*), user() from t\\G', 500)).toBe(
    `mysql> select count(*), user() from t\\G
*************************** 1. row ***************************
count(*): 2
  user(): root@172.18.0.3
1 row in set (0.00 sec)

mysql>`,
  );
}, 120_000);

test('psql and redis-cli: ^C gives up what was typed, or leaves', async () => {
  const person = await Typist.sit({ topology: 'docker' });
  await person.type('docker run -d --name pg -e POSTGRES_PASSWORD=x postgres:17\r', 20_000);
  await person.type('clear; docker exec -it pg psql -U postgres\r', 2_000);
  await person.see();
  expect(await person.line('select (1,\x03\x1b[A\x10select 2 as two;\x01\x05', 500)).toBe(
    `postgres=# select (1,^C
postgres=# select 2 as two;
 two 
-----
   2
(1 row)

postgres=#`,
  );
  await person.type('\x04', 300);
  expect(await person.see()).toBe('postgres=# \\q\nworkstation:~#');

  await person.type('clear; docker run -d --name cache redis\r', 5_000);
  await person.type('clear; docker exec -it cache redis-cli\r', 1_000);
  await person.see();
  expect(await person.line('incr n', 300)).toBe('127.0.0.1:6379> incr n\n(integer) 1\n127.0.0.1:6379>');
  expect(await person.line('\x1b[A', 300)).toBe('127.0.0.1:6379> incr n\n(integer) 2\n127.0.0.1:6379>');
  await person.type('\x03', 300);
  expect(await person.see()).toBe('127.0.0.1:6379> \nworkstation:~#');
}, 120_000);

test('mariadb: its health check, secrets, files of its first start, and a volume that outlives it', async () => {
  const person = await Typist.sit({ topology: 'docker' });
  await person.type('mkdir init; echo "create table t (a int); insert into t values (1);" > init/1.sql\r', 300);
  await person.type('echo \'process_sql <<< "insert into t values (2)"\' > init/2.sh; echo s3cret > word\r', 300);
  await person.type(
    'docker run -d --name db -v data:/var/lib/mysql -v $PWD/init:/docker-entrypoint-initdb.d -v $PWD/word:/run/word ' +
      '-e MARIADB_ROOT_PASSWORD_FILE=/run/word -e MARIADB_DATABASE=app ' +
      "--health-cmd 'healthcheck.sh --connect --innodb_initialized' --health-interval 2s mariadb:11\r",
    30_000,
  );
  await person.line('clear', 100);
  expect(await person.line("docker inspect -f '{{.State.Health.Status}}' db", 500)).toContain('\nhealthy\n');
  await person.line('docker rm -f db; docker run -d --name db -v data:/var/lib/mysql mariadb:11; clear', 15_000);
  expect(await person.line("docker exec db mariadb -ps3cret app -e 'select * from t'", 500)).toContain('\na\n1\n2\n');
  await person.line('docker rm -fv db; clear', 5_000);
  await person.line('docker run -d --name db -e MYSQL_RANDOM_ROOT_PASSWORD=1 mariadb:11; clear', 15_000);
  await person.line("p=$(docker logs db 2>&1 | sed -n 's/.*GENERATED ROOT PASSWORD: //p'); clear", 500);
  expect(await person.line("docker exec db mariadb -p$p -N -e 'select current_user()'", 500)).toContain(
    '\nroot@localhost\n',
  );
}, 120_000);

test('a node program with mysql2 from npm: a pool, values in statements, errors by their code', async () => {
  const person = await Typist.sit({ topology: 'docker' });
  const program = `const mysql = require("mysql2/promise");
(async () => {
  const pool = mysql.createPool({ host: "db", user: "root", password: "secret", database: "todos" });
  await pool.query("create table items (id int primary key auto_increment, name varchar(255), done boolean)");
  const [made] = await pool.execute("insert into items (name, done) values (?, ?)", ["it\\u0027s", true]);
  console.log(made.insertId, (await pool.query("select * from items where name = ?", ["it\\u0027s"]))[0]);
  await pool.query("select * from ??", ["nope"]).catch((error) => console.log(error.code, error.message));
  await pool.end();
})();`;
  await person.type('docker network create n; docker pull -q mysql:8.4; docker pull -q node:22-alpine\r', 60_000);
  const first = 'docker run -d --name db --network n -e MYSQL_ROOT_PASSWORD=secret -e MYSQL_DATABASE=todos mysql:8.4';
  await person.type(`${first}\r`, 30_000);
  await person.line(`cat > a.js <<'E'\r${program.replaceAll('\n', '\r')}\rE`, 300);
  const rows = await person.line(
    "docker run --rm --network n -v $PWD:/w -w /w node:22-alpine sh -c 'npm install mysql2; node a.js'",
    10_000,
  );
  expect(rows.slice(rows.indexOf('found 0'))).toBe(
    `found 0 vulnerabilities
1 [ { id: 1, name: "it's", done: 1 } ]
ER_NO_SUCH_TABLE Table 'todos.nope' doesn't exist
workstation:~#`,
  );
}, 120_000);
