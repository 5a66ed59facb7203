import { bulk, directories, program, symlink, text, type Entries } from './entries';
import { alpine } from './base/alpine';
import { debian } from './base/debian';
import { nginxConf, defaultConf, errorPage, welcomePage, mimeTypes } from './nginx/files';
import { entrypointScript, listenOnIpv6, localResolvers, envsubstOnTemplates, tuneWorkers } from './nginx/entrypoint';
import { build, cmd, copy, entrypoint, env, expose, label, run, stopSignal, type Step } from './steps';
import type { Image } from './image';
import { repository } from './registry';

const executable = { mode: 0o755 };

const files: Entries = {
  ...directories('/etc/nginx /etc/nginx/conf.d /var/log/nginx /usr/share/nginx/html'),
  ...directories('/var/cache/nginx', { uid: 101, gid: 101 }),
  '/usr/sbin/nginx': program('nginx', 1_560_560),
  '/etc/nginx/nginx.conf': text(nginxConf),
  '/etc/nginx/conf.d/default.conf': text(defaultConf),
  '/etc/nginx/mime.types': text(mimeTypes),
  '/usr/share/nginx/html/index.html': text(welcomePage),
  '/usr/share/nginx/html/50x.html': text(errorPage),
  '/var/log/nginx/access.log': symlink('/dev/stdout'),
  '/var/log/nginx/error.log': symlink('/dev/stderr'),
  '/docker-entrypoint.d': { type: 'directory', mode: 0o755, uid: 0, gid: 0 },
};

const account: Entries = {
  '/etc/passwd': text(
    'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nnginx:x:101:101:nginx user:/nonexistent:/bin/false\n',
  ),
  '/etc/group': text(
    'root:x:0:\ndaemon:x:1:\ntty:x:5:\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\nnginx:x:101:\n',
  ),
};

/** The scripts that prepare a container before nginx begins. */
const scripts: readonly (readonly [string, string])[] = [
  ['10-listen-on-ipv6-by-default.sh', listenOnIpv6],
  ['15-local-resolvers.envsh', localResolvers],
  ['20-envsubst-on-templates.sh', envsubstOnTemplates],
  ['30-tune-worker-processes.sh', tuneWorkers],
];

const common = (version: string): readonly Step[] => [
  label('maintainer', 'NGINX Docker Maintainers <docker-maint@nginx.com>'),
  env('NGINX_VERSION', version),
  env('NJS_VERSION', '0.9.4'),
  env('NJS_RELEASE', '1~trixie'),
  env('PKG_RELEASE', '1~trixie'),
  env('DYNPKG_RELEASE', '1~trixie'),
];

const ending: readonly Step[] = [
  copy('docker-entrypoint.sh', '/', { '/docker-entrypoint.sh': text(entrypointScript, executable) }),
  ...scripts.map(([name, content]) =>
    copy(name, '/docker-entrypoint.d', { [`/docker-entrypoint.d/${name}`]: text(content, executable) }),
  ),
  entrypoint('/docker-entrypoint.sh'),
  expose('80/tcp'),
  stopSignal('SIGQUIT'),
  cmd('nginx', '-g', 'daemon off;'),
];

/** On Debian, with curl as the real image has it. */
const onDebian = (version: string, created: string): Image =>
  build(created, debian(), [
    ...common(version),
    run('set -x     && groupadd --system --gid 101 nginx && apt-get install nginx curl', {
      ...files,
      ...account,
      '/usr/lib/nginx/.version': text(`${version}\n`),
      '/usr/bin/curl': program('curl', 321_192),
      '/usr/bin/envsubst': program('envsubst', 43_632),
      '/usr/lib/x86_64-linux-gnu/libcurl.so.4': bulk('libcurl', 912_000),
      '/usr/lib/x86_64-linux-gnu/nginx-modules': bulk(`modules of nginx ${version}`, 71_000_000),
    }),
    ...ending,
  ]);

const onAlpine = (version: string, created: string): Image =>
  build(created, alpine(), [
    ...common(version),
    run('set -x     && addgroup -g 101 -S nginx && apk add nginx curl', {
      ...files,
      ...account,
      '/usr/lib/nginx/.version': text(`${version}\n`),
      '/usr/bin/curl': program('curl', 255_408),
      '/usr/bin/envsubst': program('envsubst', 43_632),
      '/usr/lib/nginx-modules': bulk(`modules of nginx ${version}, musl`, 40_000_000),
    }),
    ...ending,
  ]);

export const nginx = repository('docker.io/library/nginx', [
  [['latest', '1', '1.29', '1.29.3', 'mainline', 'trixie'], () => onDebian('1.29.3', '2025-10-28T21:49:10Z')],
  [['1.28', '1.28.0', 'stable'], () => onDebian('1.28.0', '2025-08-13T17:02:31Z')],
  [['1.27', '1.27.5'], () => onDebian('1.27.5', '2025-04-16T14:50:31Z')],
  [['1.26', '1.26.3'], () => onDebian('1.26.3', '2025-02-05T21:27:16Z')],
  [['1.25', '1.25.5'], () => onDebian('1.25.5', '2024-04-16T17:32:04Z')],
  [['1.24', '1.24.0'], () => onDebian('1.24.0', '2023-04-11T17:21:50Z')],
  [['1.23', '1.23.4'], () => onDebian('1.23.4', '2023-03-28T17:24:26Z')],
  [['1.22', '1.22.1'], () => onDebian('1.22.1', '2022-10-19T09:05:08Z')],
  [['1.21', '1.21.6'], () => onDebian('1.21.6', '2022-01-25T18:54:33Z')],
  [['1.20', '1.20.2'], () => onDebian('1.20.2', '2021-11-16T18:24:38Z')],
  [['1.19', '1.19.10'], () => onDebian('1.19.10', '2021-04-13T17:23:52Z')],
  [['1.18', '1.18.0'], () => onDebian('1.18.0', '2020-04-21T17:04:17Z')],
  [['1.17', '1.17.10'], () => onDebian('1.17.10', '2020-04-14T16:51:24Z')],
  [['1.16', '1.16.1'], () => onDebian('1.16.1', '2019-08-13T12:44:06Z')],
  [['1.14', '1.14.2'], () => onDebian('1.14.2', '2018-12-04T17:16:09Z')],
  [['1.7.9'], () => onDebian('1.7.9', '2014-12-23T16:32:12Z')],
  [
    ['alpine', '1-alpine', '1.29-alpine', '1.29.3-alpine', 'mainline-alpine'],
    () => onAlpine('1.29.3', '2025-10-28T21:49:52Z'),
  ],
  [['stable-alpine', '1.28-alpine'], () => onAlpine('1.28.0', '2025-08-13T17:03:06Z')],
  [['1.27-alpine'], () => onAlpine('1.27.5', '2025-04-16T14:51:04Z')],
]);
