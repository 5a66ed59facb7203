import { applets } from '../../src/containers/images/base/busybox';
import { directories, program, symlinks, text, type Entries } from '../../src/containers/images/entries';
import { Image } from '../../src/containers/images/image';
import { ImageLayer } from '../../src/containers/images/layer';
import { repository, type Repository } from '../../src/containers/images/registry';
import {
  build,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  label,
  once,
  run,
  stopSignal,
  volume,
  workdir,
  type Step,
} from '../../src/containers/images/steps';

/** The images that the recordings ran against: busybox under other names, with what these names promise. */
const createdAt = (second: number, nanoseconds = '481624736'): string =>
  `2026-11-20T20:32:${String(second)}.${nanoseconds}Z`;

const passwd = [
  'root:x:0:0:root:/root:/bin/sh',
  'daemon:x:1:1:daemon:/usr/sbin:/bin/false',
  'www-data:x:33:33:www-data:/var/www:/bin/false',
  'nobody:x:65534:65534:nobody:/home:/bin/false',
  '',
].join('\n');

/** What the busybox image holds; the recordings' host has the same in a folder. */
export const busyboxFiles: Entries = {
  ...directories(
    '/bin /etc /root /home /var /var/www /usr /usr/bin /usr/sbin /proc /sys /dev /var/spool /var/spool/mail',
  ),
  ...directories('/tmp', { mode: 0o1777 }),
  '/bin/busybox': program('busybox-debian', 2_066_580),
  ...symlinks('/bin', '/bin/busybox', applets),
  '/etc/passwd': text(passwd),
  '/etc/group': text('root:x:0:\ndaemon:x:1:\nwww-data:x:33:\nnogroup:x:65534:\n'),
};

const busybox = once(
  () =>
    new Image(
      [new ImageLayer(busyboxFiles)],
      { Cmd: ['sh'] },
      [{ created: createdAt(23, '104112604'), created_by: '', comment: 'Imported from -' }],
      createdAt(23, '104112604'),
    ),
);

/** A base as BuildKit takes it up: with a search path, and marked as one whose command it escapes. */
const taken = ({ layers, config, history, created }: Image): Image =>
  new Image(
    layers,
    {
      ArgsEscaped: true,
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...config,
    },
    history,
    created,
  );

const alpine = once(() =>
  build(createdAt(23), taken(busybox()), [
    run(
      `printf 'NAME="Alpine Linux"\\nID=alpine\\nVERSION_ID=3.22.0\\n' > /etc/os-release && echo 3.22.0 > /etc/alpine-release`,
      {
        '/etc/os-release': text('NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.0\n'),
        '/etc/alpine-release': text('3.22.0\n'),
      },
    ),
    cmd('/bin/sh'),
  ]),
);

/** As the BuildKit of the recordings writes it into the history. */
const exposed = (port: string): Step => ({ ...expose(port), says: `EXPOSE [${port}]` });

const page =
  '<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body></html>';
const executable = { mode: 0o755 };

const nginx = once(() =>
  build(createdAt(24), alpine(), [
    label('maintainer', 'NGINX Docker Maintainers <docker-maint@nginx.com>'),
    env('NGINX_VERSION', '1.29.1'),
    run(
      `mkdir -p /usr/share/nginx/html /etc/nginx/conf.d /var/log/nginx && echo '${page}' > /usr/share/nginx/html/index.html`,
      {
        ...directories(
          '/usr/share /usr/share/nginx /usr/share/nginx/html /etc/nginx /etc/nginx/conf.d /var/log /var/log/nginx',
        ),
        '/usr/share/nginx/html/index.html': text(`${page}\n`),
      },
    ),
    copy('nginx', '/usr/sbin/nginx', {
      '/usr/sbin/nginx': text('#!/bin/sh\nexec httpd -f -vv -p 80 -h /usr/share/nginx/html\n', executable),
    }),
    copy('docker-entrypoint.sh', '/', {
      '/docker-entrypoint.sh': text(
        '#!/bin/sh\nset -e\necho "/docker-entrypoint.sh: Configuration complete; ready for start up"\n' +
          'export PATH=/usr/sbin:$PATH\nexec "$@"\n',
        executable,
      ),
    }),
    run(`printf 'server { listen 80; }\\n' > /etc/nginx/conf.d/default.conf`, {
      '/etc/nginx/conf.d/default.conf': text('server { listen 80; }\n'),
    }),
    entrypoint('/docker-entrypoint.sh'),
    exposed('80/tcp'),
    stopSignal('SIGQUIT'),
    cmd('nginx', '-g', 'daemon off;'),
  ]),
);

const redis = once(() =>
  build(createdAt(25), alpine(), [
    run('mkdir /data && chown 33:33 /data', directories('/data', { uid: 33, gid: 33 })),
    volume('/data'),
    { ...workdir('/data'), layer: new ImageLayer({}) },
    exposed('6379/tcp'),
    cmd('nc', '-ll', '-p', '6379', '-e', 'cat'),
  ]),
);

const hello = once(() =>
  build(createdAt(25, '803220415'), undefined, [
    copy('hello', '/', { '/hello': program('hello', 682_700) }),
    cmd('/hello'),
  ]),
);

const published: readonly (readonly [string, readonly (readonly [readonly string[], () => Image])[]])[] = [
  ['busybox', [[['latest', '1.37'], busybox]]],
  ['alpine', [[['latest', '3.22'], alpine]]],
  ['nginx', [[['latest', '1.29-alpine'], nginx]]],
  ['redis', [[['latest', '7-alpine'], redis]]],
  ['hello-world', [[['latest'], hello]]],
];

/** It was an engine that pushed them. */
const asPushed = ({ layers, config, history, created, details }: Image): Image =>
  new Image(layers, config, history, created, { ...details, schema2: true });

/** Docker Hub as the recordings had it. */
export const repositories: readonly Repository[] = published.map(([name, images]) =>
  repository(
    `docker.io/library/${name}`,
    images.map(([tags, make]) => [tags, () => asPushed(make())] as const),
  ),
);

/** The same names in the order in which the recordings' host pushed them to a registry of its own. */
export const pushed: readonly string[] = published.flatMap(([name, images]) =>
  images.flatMap(([tags]) => tags.map((tag) => `${name}:${tag}`)),
);
