import { debian } from './base/debian';
import { alpine } from './base/alpine';
import { bulk, directories, program, symlink, text, type Entries } from './entries';
import { repository } from './registry';
import { build, cmd, copy, env, expose, run, stopSignal, workdir } from './steps';

const conf = `ServerRoot "/usr/local/apache2"
Listen 80
User www-data
Group www-data
ServerAdmin you@example.com
DocumentRoot "/usr/local/apache2/htdocs"
<Directory "/usr/local/apache2/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>
DirectoryIndex index.html
ErrorLog /proc/self/fd/2
LogLevel warn
LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
CustomLog /proc/self/fd/1 common
`;

const page = `<html><body><h1>It works!</h1></body></html>\n`;

const files = (version: string): Entries => ({
  ...directories('/usr/local/apache2 /usr/local/apache2/htdocs /usr/local/apache2/conf /usr/local/apache2/logs'),
  '/usr/local/apache2/bin/httpd': program('apache-httpd', 2_260_120),
  '/usr/local/apache2/conf/httpd.conf': text(conf),
  '/usr/local/apache2/htdocs/index.html': text(page),
  '/usr/local/apache2/.version': text(`${version}\n`),
  '/usr/local/apache2/modules/all.so': bulk(`modules of httpd ${version}`, 37_000_000),
  '/etc/mime.types': symlink('/usr/local/apache2/conf/mime.types'),
});

const steps = (version: string) => [
  env('HTTPD_PREFIX', '/usr/local/apache2'),
  env('PATH', '/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
  workdir('/usr/local/apache2'),
  env('HTTPD_VERSION', version),
  run('set -eux; make install', files(version)),
  stopSignal('SIGWINCH'),
  copy('httpd-foreground', '/usr/local/bin/', {
    '/usr/local/bin/httpd-foreground': text(
      '#!/bin/sh\nset -e\n\n# Apache gets grumpy about PID files pre-existing\nrm -f /usr/local/apache2/logs/httpd.pid\n\nexec httpd -DFOREGROUND "$@"\n',
      { mode: 0o755 },
    ),
  }),
  expose('80/tcp'),
  cmd('httpd-foreground'),
];

export const httpd = repository('docker.io/library/httpd', [
  [['latest', '2', '2.4', '2.4.65', 'trixie'], () => build('2025-11-04T01:11:20Z', debian(), steps('2.4.65'))],
  [['alpine', '2.4-alpine'], () => build('2025-10-09T00:12:11Z', alpine(), steps('2.4.65'))],
]);
