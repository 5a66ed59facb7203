import { alpine } from './base/alpine';
import { debian } from './base/debian';
import { bulk, directories, program, symlink, symlinks, text, type Entries } from './entries';
import type { Image } from './image';
import { repository } from './registry';
import { build, cmd, copy, entrypoint, env, run } from './steps';

const yarnVersion = '1.22.22';

/** docker-library/node's own script: what is no command is an argument of node. */
const script = `#!/bin/sh
set -e

# Run command with node if the first argument contains a "-" or is not a system command. The last
# part inside the "{}" is a workaround for the following bug in ash/dash:
# https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=874264
if [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ] || { [ -f "\${1}" ] && ! [ -x "\${1}" ]; }; then
  set -- node "$@"
fi

exec "$@"
`;

const nodeFiles = (version: string, npm: string, home: string): Entries => ({
  ...directories(home, { uid: 1000, gid: 1000 }),
  '/usr/local/bin/node': program('node', 118_000_000),
  '/usr/local/bin/nodejs': symlink('node'),
  '/usr/local/lib/node_modules/npm/bin/npm-cli.js': program('npm', 54),
  '/usr/local/lib/node_modules/npm/bin/npx-cli.js': program('npx', 2900),
  '/usr/local/lib/node_modules/npm/package.json': text(
    `${JSON.stringify({ name: 'npm', version: npm }, undefined, 2)}\n`,
  ),
  '/usr/local/bin/npm': symlink('../lib/node_modules/npm/bin/npm-cli.js'),
  '/usr/local/bin/npx': symlink('../lib/node_modules/npm/bin/npx-cli.js'),
  '/usr/local/include/node/version': text(`${version}\n`),
  '/usr/local/lib/node_modules/npm/lib.bin': bulk(`npm ${npm}`, 12_000_000),
});
const yarnFiles: Entries = {
  [`/opt/yarn-v${yarnVersion}/bin/yarn`]: program('yarn', 1025),
  ...symlinks('/usr/local/bin', `/opt/yarn-v${yarnVersion}/bin/yarn`, 'yarn yarnpkg'),
};

const steps = (version: string, npm: string, user: string, base: Image, more: Entries = {}) => [
  run(user, {
    '/etc/passwd': text(
      `${textOf(base, '/etc/passwd')}node:x:1000:1000:${base === alpine() ? 'Linux User,,,' : ''}:/home/node:${base === alpine() ? '/bin/sh' : '/bin/bash'}\n`,
    ),
    '/etc/group': text(`${textOf(base, '/etc/group')}node:x:1000:${base === alpine() ? 'node' : ''}\n`),
    ...more,
  }),
  env('NODE_VERSION', version),
  run(
    'set -ex; curl -fsSLO --compressed "https://nodejs.org/dist/v$NODE_VERSION/node-v$NODE_VERSION-linux-x64.tar.xz"',
    nodeFiles(version, npm, '/home/node'),
  ),
  env('YARN_VERSION', yarnVersion),
  run(
    'set -ex; curl -fsSLO --compressed "https://yarnpkg.com/downloads/$YARN_VERSION/yarn-v$YARN_VERSION.tar.gz"',
    yarnFiles,
  ),
  copy('docker-entrypoint.sh', '/usr/local/bin/', {
    '/usr/local/bin/docker-entrypoint.sh': text(script, { mode: 0o755 }),
  }),
  entrypoint('docker-entrypoint.sh'),
  cmd('node'),
];

/** A file of the base, as the last layer has it. */
function textOf(base: Image, path: string): string {
  const entry = base.layers.findLast((layer) => path in layer.entries)?.entries[path];
  return entry?.type === 'file' && entry.content.kind === 'text' ? entry.content.text : '';
}

/** The libraries and compilers that only the full image has. */
const buildpack: Entries = { '/usr/lib/buildpack-deps.bin': bulk('buildpack-deps', 780_000_000) };

const releases: readonly (readonly [major: string, version: string, npm: string, names: readonly string[]])[] = [
  ['24', '24.11.1', '11.6.2', ['lts', 'krypton']],
  ['22', '22.21.1', '10.9.4', ['jod']],
  ['20', '20.19.5', '10.8.2', ['iron']],
  ['18', '18.20.8', '10.8.2', ['hydrogen']],
  ['25', '25.1.0', '11.6.2', ['latest', 'current']],
];

const withSuffix = (names: readonly string[], suffix: string): readonly string[] =>
  names.map((name) => (name === 'latest' ? suffix.slice(1) : `${name}${suffix}`));

export const node = repository(
  'docker.io/library/node',
  releases.flatMap(([major, version, npm, names]) => {
    const tags = [major, version.split('.').slice(0, 2).join('.'), version, ...names];
    const group = 'groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node';
    return [
      [
        [...tags, ...withSuffix(tags, '-bookworm'), ...withSuffix(tags, '-trixie')],
        () => build('2025-11-12T19:46:07Z', debian(), steps(version, npm, group, debian(), buildpack)),
      ],
      [
        [...withSuffix(tags, '-slim'), ...withSuffix(tags, '-bookworm-slim'), ...withSuffix(tags, '-trixie-slim')],
        () => build('2025-11-12T19:46:07Z', debian(), steps(version, npm, group, debian())),
      ],
      [
        [...withSuffix(tags, '-alpine'), ...withSuffix(tags, '-alpine3.22')],
        () =>
          build(
            '2025-11-12T19:45:12Z',
            alpine(),
            steps(version, npm, 'addgroup -g 1000 node && adduser -u 1000 -G node -s /bin/sh -D node', alpine()),
          ),
      ],
    ] as const;
  }),
);
