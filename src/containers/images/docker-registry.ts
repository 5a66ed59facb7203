import { alpine } from './base/alpine';
import { program, text, type Entries } from './entries';
import { repository } from './registry';
import { build, cmd, copy, entrypoint, env, expose, once, run, volume } from './steps';

/** cmd/registry/config-dev.yml as the image has it (distribution-library-image). */
const config = `version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`;

const start = `#!/bin/sh

set -e

case "$1" in
    *.yaml|*.yml) set -- registry serve "$@" ;;
    serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac

exec "$@"
`;

const image = (created: string, version: string, configFile: string) =>
  once(() => {
    const files: Entries = {
      '/bin/registry': program('registry', 25_100_000),
      '/etc/registry-version': text(`${version}\n`),
    };
    return build(created, alpine(), [
      run('set -eux; apk add --no-cache ca-certificates; tar -xvf registry.tar.gz -C /bin/ registry', files),
      copy('./config-example.yml', configFile, { [configFile]: text(config) }),
      ...(version.startsWith('3') ? [env('OTEL_TRACES_EXPORTER', 'none')] : []),
      volume('/var/lib/registry'),
      expose('5000/tcp'),
      copy('docker-entrypoint.sh', '/entrypoint.sh', { '/entrypoint.sh': text(start, { mode: 0o755 }) }),
      entrypoint('/entrypoint.sh'),
      cmd(configFile),
    ]);
  });

const second = image('2023-10-02T18:42:24Z', '2.8.3', '/etc/docker/registry/config.yml');
const third = image('2025-04-03T16:02:31Z', '3.0.0', '/etc/distribution/config.yml');

/** Distribution's registry. */
export const dockerRegistry = repository('docker.io/library/registry', [
  [['2', '2.8', '2.8.3', '2.8.2', '2.7', '2.7.1'], second],
  [['latest', '3', '3.0', '3.0.0'], third],
]);
