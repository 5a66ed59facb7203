import { alpine } from './base/alpine';
import { debian } from './base/debian';
import { bulk, directories, program, symlink, text, type Entries } from './entries';
import { apachectl, extra, httpdConf, moduleNames } from './httpd/files';
import { mimeTypes } from './nginx/files';
import { repository } from './registry';
import { build, cmd, copy, env, expose, run, stopSignal, workdir } from './steps';

const prefix = '/usr/local/apache2';
const page = `<html><body><h1>It works!</h1></body></html>\n`;
const executable = { mode: 0o755 };

/** One type and its extensions a line, where nginx's list has braces. */
const types = (): string =>
  mimeTypes
    .replace(/^\s*types\s*\{\s*|\}\s*$/g, '')
    .replace(/;/g, '')
    .replace(/^\s+/gm, '')
    .replace('application/javascript', 'text/javascript');

const files = (version: string): Entries => ({
  ...directories(
    [
      '',
      '/bin',
      '/build',
      '/cgi-bin',
      '/conf',
      '/conf/extra',
      '/conf/original',
      '/error',
      '/htdocs',
      '/icons',
      '/include',
      '/modules',
    ]
      .map((path) => `${prefix}${path}`)
      .join(' '),
  ),
  ...directories(`${prefix}/logs`),
  [`${prefix}/bin/httpd`]: program('apache-httpd', 2_260_120),
  [`${prefix}/bin/htpasswd`]: program('htpasswd', 39_480),
  [`${prefix}/bin/apachectl`]: text(apachectl, executable),
  [`${prefix}/conf/httpd.conf`]: text(httpdConf()),
  [`${prefix}/conf/original/httpd.conf`]: text(httpdConf()),
  [`${prefix}/conf/mime.types`]: text(types()),
  [`${prefix}/conf/magic`]: text('# Magic data for mod_mime_magic\n'),
  [`${prefix}/htdocs/index.html`]: text(page),
  [`${prefix}/.version`]: text(`${version} Unix\n`),
  [`${prefix}/icons/.bulk`]: bulk(`icons of httpd ${version}`, 500_000),
  '/etc/mime.types': symlink(`${prefix}/conf/mime.types`),
  ...Object.fromEntries(
    Object.entries(extra).map(([name, content]) => [`${prefix}/conf/extra/${name}`, text(content)]),
  ),
  ...Object.fromEntries(
    moduleNames.map((name) => [
      `${prefix}/modules/mod_${name}.so`,
      bulk(`mod_${name} of httpd ${version}`, name === 'ssl' || name === 'http2' ? 1_100_000 : 290_000),
    ]),
  ),
});

const steps = (version: string) => [
  env('HTTPD_PREFIX', prefix),
  env('PATH', `${prefix}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`),
  workdir(prefix),
  env('HTTPD_VERSION', version),
  run('set -eux; make install', files(version)),
  stopSignal('SIGWINCH'),
  copy('httpd-foreground', '/usr/local/bin/', {
    '/usr/local/bin/httpd-foreground': text(
      '#!/bin/sh\nset -e\n\n# Apache gets grumpy about PID files pre-existing\nrm -f /usr/local/apache2/logs/httpd.pid\n\nexec httpd -DFOREGROUND "$@"\n',
      executable,
    ),
  }),
  expose('80/tcp'),
  cmd('httpd-foreground'),
];

export const httpd = repository('docker.io/library/httpd', [
  [['latest', '2', '2.4', '2.4.65', 'trixie'], () => build('2025-11-04T01:11:20Z', debian(), steps('2.4.65'))],
  [
    ['alpine', '2.4-alpine', '2-alpine', '2.4.65-alpine'],
    () => build('2025-10-09T00:12:11Z', alpine(), steps('2.4.65')),
  ],
]);
