import { ubuntu } from './base/debian';
import { bulk, directories, program, text, type Entries } from './entries';
import { repository } from './registry';
import { mongoEntrypoint } from './scripts/mongo';
import { build, cmd, copy, entrypoint, env, expose, run, volume } from './steps';

/** Before 6.0 the shell was called mongo. */
const files = (version: string): Entries => ({
  '/etc/passwd': text(
    'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nmongodb:x:999:999::/home/mongodb:/bin/sh\n',
  ),
  '/etc/group': text(
    'root:x:0:\ndaemon:x:1:\nbin:x:2:\nadm:x:4:\ntty:x:5:\nwww-data:x:33:\nusers:x:100:\nmongodb:x:999:\nnogroup:x:65534:\n',
  ),
  ...directories('/data/db /data/configdb /home/mongodb', { uid: 999, gid: 999 }),
  ...directories('/docker-entrypoint-initdb.d'),
  '/usr/bin/mongod': program('mongod', 220_000_000),
  '/usr/bin/mongosh': program('mongosh', 130_000_000),
  ...(Number(version.split('.')[0]) < 6 ? { '/usr/bin/mongo': program('mongo', 60_000_000) } : {}),
  '/usr/bin/mongos': bulk(`mongos ${version}`, 150_000_000),
  '/usr/local/bin/gosu': program('gosu', 2_429_000),
  '/usr/share/mongodb-version': text(`${version}\n`),
  '/etc/mongod.conf.orig': text(
    'storage:\n  dbPath: /var/lib/mongodb\nsystemLog:\n  destination: file\n  logAppend: true\n  path: /var/log/mongodb/mongod.log\nnet:\n  port: 27017\n  bindIp: 127.0.0.1\n',
  ),
});

const steps = (version: string) => [
  env('GOSU_VERSION', '1.19'),
  env('JSYAML_VERSION', '3.13.1'),
  env('JSYAML_CHECKSUM', '662e32319bdd378e91f67578e56a34954b0a2e33aca11d70ab9f4826af24b941'),
  env('MONGO_PACKAGE', 'mongodb-org'),
  env('MONGO_REPO', 'repo.mongodb.org'),
  env('MONGO_MAJOR', version.split('.').slice(0, 2).join('.')),
  env('MONGO_VERSION', version),
  run('set -x; apt-get install -y mongodb-org', files(version)),
  volume('/data/db', '/data/configdb'),
  env('HOME', '/data/db'),
  copy('docker-entrypoint.sh', '/usr/local/bin/', {
    '/usr/local/bin/docker-entrypoint.sh': text(mongoEntrypoint, { mode: 0o755 }),
  }),
  entrypoint('docker-entrypoint.sh'),
  expose('27017/tcp'),
  cmd('mongod'),
];

const on = (version: string) => () => build('2025-11-12T23:02:11Z', ubuntu(), steps(version));

export const mongo = repository('docker.io/library/mongo', [
  [['latest', '8', '8.2', '8.2.2', 'noble', '8-noble'], on('8.2.2')],
  [['8.0', '8.0.16'], on('8.0.16')],
  [['7', '7.0', '7.0.26', '7-jammy', '7.0-jammy', 'jammy'], on('7.0.26')],
  [['6', '6.0', '6.0.27'], on('6.0.27')],
  [['5', '5.0', '5.0.32'], on('5.0.32')],
  [['4.4', '4', '4.4.30'], on('4.4.30')],
]);
