import { debian } from './base/debian';
import { alpine } from './base/alpine';
import { bulk, directories, program, symlink, text, type Entries } from './entries';
import { repository } from './registry';
import { build, cmd, copy, entrypoint, env, expose, run, volume, workdir } from './steps';

const files = (version: string): Entries => ({
  ...directories('/data', { uid: 999, gid: 999 }),
  '/usr/local/bin/redis-server': program('redis-server', 16_780_304),
  '/usr/local/bin/redis-cli': program('redis-cli', 7_513_776),
  '/usr/local/bin/redis-benchmark': bulk(`benchmark of redis ${version}`, 6_830_000),
  '/usr/local/bin/redis-sentinel': symlink('redis-server'),
  '/etc/redis-version': text(`${version}\n`),
});

const steps = (version: string) => [
  env('REDIS_VERSION', version),
  run('set -eux; make install', files(version)),
  volume('/data'),
  workdir('/data'),
  copy('docker-entrypoint.sh', '/usr/local/bin/', {
    '/usr/local/bin/docker-entrypoint.sh': text(
      '#!/bin/sh\nset -e\n\n# first arg is `-f` or `--some-option` or `something.conf`\ncase "$1" in\n    -*|*.conf) set -- redis-server "$@" ;;\nesac\n\nexec "$@"\n',
      { mode: 0o755 },
    ),
  }),
  entrypoint('docker-entrypoint.sh'),
  expose('6379/tcp'),
  cmd('redis-server'),
];

export const redis = repository('docker.io/library/redis', [
  [['latest', '8', '8.2', '8.2.3', 'trixie'], () => build('2025-11-03T17:01:20Z', debian(), steps('8.2.3'))],
  [['7', '7.4', '7.4.7'], () => build('2025-11-03T17:02:49Z', debian(), steps('7.4.7'))],
  [['6', '6.2'], () => build('2025-10-03T19:34:09Z', debian(), steps('6.2.20'))],
  [['alpine', '8-alpine'], () => build('2025-11-03T17:01:44Z', alpine(), steps('8.2.3'))],
  [['7-alpine'], () => build('2025-11-03T17:03:01Z', alpine(), steps('7.4.7'))],
]);
