// Records what the client `mariadb` and a MariaDB 10.11 of Debian say of the scripts below, into
// src/programs/databases/testing/mysql.json. They run one after another on one server.
// node scripts/record-mysql.mjs /path/of/the/socket
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const socket = process.argv[2] ?? '/run/mysqld/mysqld.sock';
const t = ['-t', 'shop'];
const f = ['-f', 'shop'];
const cases = [
  ['no database', [], 'select database();\nselect * from t;\n'],
  ['drop and create', [], 'drop database if exists shop;\ncreate database shop;\nshow databases like "sho%";\n'],
  ['exists', [], 'create database shop;\n'],
  ['exists, conditional', ['-vvv'], 'create database if not exists shop;\n'],
  ['use unknown', [], 'use nowhere;\n'],
  ['unknown database argument', ['nowhere'], 'select 1;\n'],
  [
    'create table',
    ['-vv', 'shop'],
    "create table users (id int unsigned not null auto_increment primary key, name varchar(50) not null, email varchar(100) unique, age tinyint, created date default '2025-01-02');\ncreate table posts (id int auto_increment, user_id int unsigned, title varchar(200) not null default '', body text, score decimal(6,2), ok bool default true, primary key (id), key user (user_id), constraint posts_user foreign key (user_id) references users (id) on delete cascade);\n",
  ],
  [
    'insert',
    ['-vv', 'shop'],
    "insert into users (name, email, age) values ('Ann','ann@x.org',30),('Bo','bo@x.org',null),('Célia','c@x.org',41);\ninsert into posts (user_id, title, score) values (1,'first',1.5);\ninsert into posts set user_id = 1, title = 'second', score = 22.25, body = 'two\\nlines';\ninsert into posts (user_id, title) values (3, 'third');\n",
  ],
  ['table of users', t, 'select * from users;\n'],
  ['batch of posts', ['shop'], 'select * from posts;\n'],
  ['raw', ['-r', 'shop'], 'select body from posts;\n'],
  ['vertical', t, 'select * from posts where id = 2\\G\n'],
  ['option vertical', ['-E', 'shop'], 'select id, name from users;\n'],
  ['no names', ['-N', 'shop'], 'select id, name from users;\n'],
  ['no names, table', ['-N', '-t', 'shop'], 'select id, name from users;\n'],
  ['silent', ['-s', 'shop'], 'select id, name from users;\n'],
  ['html', ['-H', 'shop'], 'select id, name from users where id = 1;\n'],
  ['xml', ['-X', 'shop', '-e', 'select id, email from users where id < 3'], ''],
  ['-e', ['shop', '-e', 'select count(*) from users; select 2'], ''],
  ['-e with an error', ['shop', '-e', 'select 1; select * from zip; select 2'], ''],
  ['force', f, 'select 1;\nselect * from zip;\nselect 2;\n'],
  ['describe', t, 'describe users;\ndesc posts;\nshow columns from users like "n%";\n'],
  ['show create', ['shop'], 'show create table users;\nshow create table posts\\G\n'],
  ['show create database', ['shop'], 'show create database shop;\n'],
  ['show tables', t, 'show tables;\nshow full tables;\nshow tables like "us%";\nshow tables from shop;\n'],
  ['show index', t, 'show index from posts;\n'],
  ['literals', t, "select 1, 'x' as b, null, true, 1.50 e, -3, 1e3, \"dq\", 'it''s';\n"],
  ['arithmetic', t, 'select 1/3, 7 div 2, 7 % 3, 7 mod 4, 2*3.5, 1/0, 5-7, -(-2), 0.1+0.2, 10/4;\n'],
  [
    'comparison',
    t,
    "select 1=1, 'a'='A', 'a'<'b', null=null, null<=>null, 2 between 1 and 3, 5 in (1,5), not 1, 1 and 0, 1 or 0, 1 xor 1;\n",
  ],
  ['strings to numbers', t, "select '5'+3, '3x'+1, 'abc'+0, 1+'1.5';\n"],
  [
    'like',
    t,
    "select name from users where name like 'a%';\nselect 'a_c' like 'a\\_c', 'abc' not like 'x%', 'abc' regexp '^a';\n",
  ],
  [
    'text functions',
    t,
    "select concat('a','b',1), upper('abc'), lower('ABC'), length('é'), char_length('é'), reverse('abc'), substring('abcdef',2,3), left('abc',2), right('abc',2);\nselect trim('  x '), lpad('5',3,'0'), replace('aXb','X','-'), repeat('ab',2), locate('c','abc'), instr('abc','b'), concat_ws('-','a',null,'b'), substring_index('a.b.c','.',2), field('b','a','b');\n",
  ],
  [
    'number functions',
    t,
    'select abs(-3), ceil(1.2), floor(1.8), round(1.256,2), round(1.5), truncate(1.999,1), greatest(1,5,3), least(4,2), mod(7,3), power(2,10), sign(-5);\n',
  ],
  [
    'control',
    t,
    "select if(1>2,'y','n'), ifnull(null,'d'), nullif(1,1), coalesce(null,null,3), case when 1 then 'a' else 'b' end, case 2 when 1 then 'x' when 2 then 'y' end;\n",
  ],
  [
    'dates',
    t,
    "select date('2024-05-06 07:08:09'), year('2024-05-06'), month('2024-05-06'), day('2024-05-06'), dayname('2024-05-06'), datediff('2024-05-10','2024-05-01'), date_add('2024-01-31', interval 1 month), date_sub('2024-01-01', interval 1 day);\nselect date_format('2024-05-06 07:08:09', '%Y-%m-%d %H:%i:%s'), date_format('2024-05-06','%W %M %e %Y'), timestampdiff(day,'2024-01-01','2024-03-01'), last_day('2024-02-01'), unix_timestamp('1970-01-02'), hour('10:11:12');\n",
  ],
  [
    'cast',
    t,
    "select cast('12' as signed), cast(3.7 as signed), cast('2024-01-02' as date), cast(5 as char), cast('1.239' as decimal(5,2)), convert('7', unsigned);\n",
  ],
  [
    'aggregates',
    t,
    'select count(*), count(age), sum(age), avg(age), min(name), max(age) from users;\nselect group_concat(name order by name separator "; ") from users;\nselect count(distinct user_id) from posts;\n',
  ],
  [
    'group',
    t,
    'select user_id, count(*) n, sum(score) s from posts group by user_id;\nselect user_id, count(*) n from posts group by user_id having n > 1;\nselect count(*) from users where id > 100;\nselect sum(age) from users where id > 100;\n',
  ],
  [
    'join',
    t,
    'select u.name, p.title from users u join posts p on p.user_id = u.id order by p.id;\nselect u.name, p.title from users u left join posts p on p.user_id = u.id order by u.id, p.id;\nselect u.name, count(p.id) from users u left join posts p on u.id = p.user_id group by u.id;\n',
  ],
  [
    'subqueries',
    t,
    'select name from users where id in (select user_id from posts);\nselect name, (select count(*) from posts where user_id = users.id) c from users;\nselect * from (select name n, age from users) q where q.age > 30;\nselect name from users u where exists (select 1 from posts where user_id = u.id);\n',
  ],
  ['union', t, "select 1 a union select 2 union select 1;\nselect 'x' v union all select 'y' order by v desc;\n"],
  [
    'order and limit',
    t,
    'select name from users order by age desc;\nselect name from users order by age, name limit 1,1;\nselect id from users order by 1 desc limit 2;\nselect name from users limit 1 offset 2;\nselect distinct user_id from posts order by user_id;\n',
  ],
  [
    'with',
    t,
    'with recursive n as (select 1 i union all select i+1 from n where i < 4) select * from n;\nwith o as (select * from users where age > 30) select name from o;\n',
  ],
  [
    'windows',
    t,
    'select name, row_number() over (order by id) r from users;\nselect id, sum(id) over (order by id) s from posts;\n',
  ],
  [
    'update',
    ['-vv', 'shop'],
    "update users set age = 31 where name = 'ann';\nupdate users set age = 31 where id = 1;\nupdate users set age = age + 1;\nupdate posts p join users u on u.id = p.user_id set p.title = concat(u.name, '!') where p.id = 1;\n",
  ],
  ['after the update', t, 'select * from users;\nselect id, title from posts;\n'],
  [
    'delete',
    ['-vv', 'shop'],
    "insert into users (name) values ('x'),('y'),('z');\ndelete from users where name = 'x';\ndelete from users where id > 3 order by id limit 1;\ndelete from users where name = 'nobody';\n",
  ],
  [
    'last_insert_id',
    t,
    "insert into users (name) values ('q');\nselect last_insert_id(), row_count();\ndelete from users where id = last_insert_id();\nselect row_count();\n",
  ],
  [
    'duplicate',
    f,
    "insert into users (name, email) values ('D','ann@x.org');\ninsert into users (id, name) values (1,'D');\n",
  ],
  [
    'on duplicate key',
    ['-vv', 'shop'],
    "create table kv (k varchar(10) primary key, v int not null default 0);\ninsert into kv values ('a',1),('b',2);\ninsert into kv values ('a',5) on duplicate key update v = v + 10;\ninsert into kv values ('c',3) on duplicate key update v = values(v);\ninsert ignore into kv values ('a',9),('d',4);\nreplace into kv values ('b',7);\nreplace into kv values ('e',8);\nselect * from kv;\n",
  ],
  [
    'constraints',
    f,
    "insert into users (name) values (null);\ninsert into users (email) values ('e@x.org');\ninsert into posts (user_id) values (77);\ndelete from users where id = 2;\ninsert into users (name, age) values ('x', 300);\ninsert into users (name) values ('012345678901234567890123456789012345678901234567890123456789');\ninsert into users (name, age) values ('x', 'abc');\ninsert into users (name, created) values ('x', '2024-02-31');\n",
  ],
  [
    'column errors',
    f,
    'select nope from users;\nselect * from users where nope = 1;\nselect * from users order by nope;\nselect x.id from users u;\ninsert into users (nope) values (1);\nupdate users set nope = 1;\ninsert into users values (1,2);\nselect id from users u join posts p on p.user_id = u.id;\n',
  ],
  [
    'syntax errors',
    f,
    'selec 1;\nselect from users;\nselect * form users;\ninsert into users values;\ncreate table;\nselect 1 +;\n',
  ],
  ['function errors', f, 'select nope(1);\nselect count(*) from users where count(*) > 1;\n'],
  [
    'table errors',
    f,
    'create table users (a int);\ndrop table zip;\ndrop table users;\nalter table users add column name int;\nalter table users drop column zip;\ncreate table z (a int, a int);\ncreate table z (a zip);\n',
  ],
  ['subquery errors', f, 'select (select id from users);\nselect (select 1, 2);\n'],
  ['if exists', ['-vv', 'shop'], 'drop table if exists zip;\nshow warnings;\ncreate table if not exists kv (a int);\n'],
  [
    'alter',
    ['-vv', 'shop'],
    "alter table kv add column note varchar(20) default 'n', add column first_ int first;\nalter table kv modify v bigint, change note remark text;\nalter table kv drop column first_;\nalter table kv add index (v);\nalter table kv rename to pairs;\ndescribe pairs;\nselect * from pairs;\ndrop table pairs;\n",
  ],
  [
    'check',
    f,
    'create table c (a int check (a > 0), b int, constraint b_small check (b < 10));\ninsert into c values (0, 1);\ninsert into c values (1, 10);\ninsert into c values (1, 1);\nselect * from c;\nshow create table c;\ndrop table c;\n',
  ],
  [
    'enum',
    f,
    "create table e (id int primary key, s enum('new','done') not null default 'new');\ninsert into e (id) values (1);\ninsert into e values (2,'DONE');\ninsert into e values (3,'zip');\nselect * from e;\nshow create table e;\ndrop table e;\n",
  ],
  [
    'types',
    t,
    "create table ty (a tinyint(1), b smallint unsigned, c mediumint, d bigint, e float, f double, g decimal(10,3), h char(3), i time, j year, k datetime, l longtext, m bit(4), n blob);\ndescribe ty;\ninsert into ty (a,b,c,d,e,f,g,h,i,j,k,l) values (true, 65535, -5, 9223372036854775807, 1.5, 2.25, 3.14159, 'abc', '10:20:30', 2024, '2024-01-02 03:04:05', 'long');\nselect a,b,c,d,e,f,g,h,i,j,k,l from ty;\ndrop table ty;\n",
  ],
  [
    'json',
    t,
    "create table js (id int, doc json);\ninsert into js values (1, '{\"a\": 1, \"b\": [1,2]}');\nselect doc from js;\nselect json_extract(doc, '$.a'), json_unquote(json_extract(doc, '$.b[1]')) from js;\ndrop table js;\n",
  ],
  [
    'transaction',
    t,
    "start transaction;\ninsert into users (name) values ('t');\nselect count(*) from users;\nrollback;\nselect count(*) from users;\nbegin;\nupdate users set age = 1 where id = 1;\ncommit;\nselect age from users where id = 1;\n",
  ],
  [
    'savepoint',
    t,
    'begin;\nupdate users set age = 2 where id = 1;\nsavepoint a;\nupdate users set age = 3 where id = 1;\nrollback to a;\ncommit;\nselect age from users where id = 1;\n',
  ],
  [
    'autocommit',
    t,
    'set autocommit = 0;\nupdate users set age = 50 where id = 1;\nrollback;\nselect age, @@autocommit from users where id = 1;\n',
  ],
  [
    'an error in a transaction',
    f,
    'begin;\nupdate users set age = 7 where id = 1;\nselect * from zip;\ncommit;\nselect age from users where id = 1;\n',
  ],
  [
    'variables',
    t,
    "set @a = 5, @b = 'text';\nselect @a, @b, @c, @a + 1;\nselect @@autocommit, @@port = 0, @@foreign_key_checks;\nset @a := @a * 2;\nselect @a;\nselect @@nope;\n",
  ],
  [
    'show variables',
    t,
    "show variables like 'autocommit';\nshow variables like 'character_set_server';\nshow variables where variable_name = 'max_connections';\n",
  ],
  [
    'prepare',
    t,
    "prepare s from 'select ? + ? as sum';\nset @x = 2, @y = 3;\nexecute s using @x, @y;\ndeallocate prepare s;\n",
  ],
  [
    'view',
    t,
    'create view old as select name, age from users where age > 10;\nselect * from old;\nshow full tables;\ndrop view old;\n',
  ],
  [
    'create as select',
    ['-vv', 'shop'],
    'create table copy as select id, name from users;\nselect * from copy;\ncreate table like_users like users;\ninsert into like_users select * from users;\nselect count(*) from like_users;\ntruncate table copy;\nselect * from copy;\ndrop table copy, like_users;\n',
  ],
  [
    'users',
    f,
    "create user 'bob'@'%' identified by 'pw';\ngrant select, insert on shop.* to 'bob'@'%';\nshow grants for 'bob'@'%';\ncreate user 'bob'@'%';\ngrant all privileges on shop.* to bob;\nshow grants for bob;\nrevoke all privileges on shop.* from bob;\nshow grants for bob;\nflush privileges;\ndrop user bob;\ndrop user bob;\nshow grants for bob;\n",
  ],
  ['current user', t, 'select user(), current_user(), database();\nshow grants;\n'],
  ['denied', ['-unobody', '-pxx'], 'select 1;\n'],
  ['denied without password', ['-unobody'], 'select 1;\n'],
  ['restricted user', [], "create user eve identified by 'pw';\ngrant select on shop.users to eve;\n"],
  [
    'restricted select',
    ['-ueve', '-ppw', '-f'],
    'show databases;\nselect count(*) from shop.users;\nselect * from shop.posts;\ndelete from shop.users;\nuse mysql;\ncreate database zip;\ncreate user zip;\n',
  ],
  ['restricted end', [], 'drop user eve;\n'],
  [
    'client commands',
    [],
    'delimiter //\nselect 1//\ndelimiter ;\nuse shop\nselect database();\n\\u mysql\nselect database();\nselect 3\\g\nselect 4\\G\n',
  ],
  [
    'comments',
    [],
    "-- a comment\nselect 1; # another\n/* and\n more */ select 2;\n/*!40101 select 3 */;\nselect 'a -- b';\n",
  ],
  ['several lines', [], 'select\n  1,\n  2\n;\nselect 3; select 4;\nselect\n nope\n;\n'],
  ['unfinished', [], 'select 1;\nselect 2'],
  ['verbose', ['-v', 'shop'], 'select 1;\nselect name from users where id = 1;\n'],
  [
    'two times verbose',
    ['-vv', 'shop'],
    'select 1;\nselect name from users where id = 99;\ndelete from users where id = 99;\n',
  ],
  ['source', ['shop'], 'source /nonexistent.sql\nselect 1;\n'],
  ['unknown command', [], '\\z\nselect 1;\n'],
  [
    'information_schema',
    ['shop'],
    "select table_name, table_type from information_schema.tables where table_schema = 'shop' order by 1;\nselect column_name, data_type, is_nullable from information_schema.columns where table_schema = 'shop' and table_name = 'users' order by ordinal_position;\nselect schema_name from information_schema.schemata where schema_name like 'sh%';\n",
  ],
  ['explain', t, 'explain select * from users where id = 1;\nexplain select * from users where name = "x";\n'],
  [
    'truncate',
    f,
    'truncate users;\ntruncate table posts;\nselect count(*) from posts;\ninsert into posts (title) values ("new");\nselect id from posts;\n',
  ],
  ['null text', t, "select null as 'a long heading', '' as empty_, 'null' x;\nselect 'tab\\there';\n"],
  ['wide letters', t, "select '日本' a, 'é' b, 'x' c;\n"],
  ['headings', t, 'select NAME, users.Age, count( * ) , 1+1 from users group by id limit 1;\n'],
  ['unknown option', ['--zip'], ''],
  ['no socket', ['-S', '/nonexistent.sock'], ''],
  ['refused', ['-h', '127.0.0.1', '-P', '9'], ''],
  ['unknown host', ['-h', 'nohost.invalid'], ''],
  ['drop', ['-vv'], 'drop database shop;\ndrop database shop;\n'],
];
const recorded = cases.map(([name, args, script]) => {
  const own = args.some((arg) => /^-(S|h|u)/.test(arg)) ? [] : ['-uroot'];
  const where = args.some((arg) => /^-(S|h)$/.test(arg)) ? [] : ['-S', socket];
  const { stdout, stderr, status } = spawnSync(
    'mariadb',
    [
      ...(args[0]?.startsWith('--') ? [] : ['--no-defaults', '--default-character-set=utf8mb4']),
      ...where,
      ...own,
      ...args,
    ],
    {
      input: script,
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', LC_ALL: 'C.UTF-8', TZ: 'UTC', USER: 'root' },
    },
  );
  // How long it took is chance.
  const timeless = stdout.replace(/\(\d+\.\d{3} sec\)/g, '(0.000 sec)');
  return { name, args: [...own, ...args], script, stdout: timeless, stderr, status };
});
writeFileSync(
  join(import.meta.dirname, '../src/programs/databases/testing/mysql.json'),
  `${JSON.stringify(recorded, undefined, 2)}\n`,
);
