import { alpine } from './base/alpine';
import { debian } from './base/debian';
import { bulk, directories, program, programs, symlink, symlinks, text, type Entries } from './entries';
import { repository } from './registry';
import { build, cmd, copy, entrypoint, env, expose, run, stopSignal, volume } from './steps';
import { postgresEntrypoint } from './scripts/postgres';

const clients = 'psql pg_dump pg_isready createdb dropdb createuser dropuser';

function files(major: number, accounts: Entries): Entries {
  const bin = `/usr/lib/postgresql/${major}/bin`;
  return {
    ...accounts,
    ...directories(`/var/lib/postgresql ${data(major)}`, { uid: 999, gid: 999, mode: 0o1777 }),
    ...directories('/var/run/postgresql', { uid: 999, gid: 999, mode: 0o3777 }),
    ...directories('/docker-entrypoint-initdb.d'),
    [`${bin}/postgres`]: program('postgres', 9_874_000),
    ...programs(bin, `initdb pg_ctl ${clients}`),
    ...symlinks('/usr/bin', `${bin}/psql`, ''),
    ...Object.fromEntries(clients.split(' ').map((name) => [`/usr/bin/${name}`, symlink(`${bin}/${name}`)])),
    '/usr/local/bin/gosu': program('gosu', 2_429_000),
    [`/usr/lib/postgresql/${major}/lib/libs`]: bulk(`libraries of postgres ${major}`, 290_000_000),
  };
}

const passwd = (base: 'alpine' | 'debian'): Entries => ({
  '/etc/passwd': text(
    `root:x:0:0:root:/root:${base === 'alpine' ? '/bin/sh' : '/bin/bash'}\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\npostgres:x:999:999::/var/lib/postgresql:${base === 'alpine' ? '/bin/sh' : '/bin/bash'}\n`,
  ),
  '/etc/group': text(
    'root:x:0:\ndaemon:x:1:\nbin:x:2:\nadm:x:4:\ntty:x:5:\nwww-data:x:33:\nssl-cert:x:101:postgres\nusers:x:100:\npostgres:x:999:\nnogroup:x:65534:\n',
  ),
});

const data = (major: number): string =>
  major >= 18 ? `/var/lib/postgresql/${major}/docker` : '/var/lib/postgresql/data';

const steps = (version: string, base: 'alpine' | 'debian') => {
  const major = Number(version.split('.')[0]);
  return [
    env('GOSU_VERSION', '1.19'),
    env('LANG', base === 'alpine' ? 'en_US.utf8' : 'en_US.utf8'),
    env('PG_MAJOR', String(major)),
    env('PG_VERSION', base === 'alpine' ? version : `${version}-1.pgdg13+1`),
    run(`set -ex; apt-get install -y postgresql-${major}`, files(major, passwd(base))),
    env('PATH', `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/${major}/bin`),
    env('PGDATA', data(major)),
    volume(major >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data'),
    copy('docker-entrypoint.sh docker-ensure-initdb.sh', '/usr/local/bin/', {
      '/usr/local/bin/docker-entrypoint.sh': text(postgresEntrypoint, { mode: 0o755 }),
    }),
    entrypoint('docker-entrypoint.sh'),
    stopSignal('SIGINT'),
    expose('5432/tcp'),
    cmd('postgres'),
  ];
};

const published = '2025-11-18T05:09:22Z';
const on = (version: string) => () => build(published, debian(), steps(version, 'debian'));
const onAlpine = (version: string) => () => build(published, alpine(), steps(version, 'alpine'));

export const postgres = repository('docker.io/library/postgres', [
  [['latest', '18', '18.1', 'trixie', '18-trixie', '18-bookworm', 'bookworm'], on('18.1')],
  [['17', '17.7', '17-trixie', '17-bookworm'], on('17.7')],
  [['16', '16.11', '16-trixie', '16-bookworm'], on('16.11')],
  [['15', '15.15', '15-bookworm'], on('15.15')],
  [['14', '14.20', '14-bookworm'], on('14.20')],
  [['13', '13.23', '13-bookworm'], on('13.23')],
  [['alpine', '18-alpine', '18.1-alpine', '18-alpine3.22'], onAlpine('18.1')],
  [['17-alpine', '17.7-alpine', '17-alpine3.22'], onAlpine('17.7')],
  [['16-alpine', '16.11-alpine', '16-alpine3.22'], onAlpine('16.11')],
  [['15-alpine', '15.15-alpine'], onAlpine('15.15')],
  [['14-alpine', '14.20-alpine'], onAlpine('14.20')],
  [['13-alpine', '13.23-alpine'], onAlpine('13.23')],
]);
