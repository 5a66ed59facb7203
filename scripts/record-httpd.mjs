// Asks the real Apache httpd (Debian's apache2, run as root) what it says, and writes it into
// src/programs/servers/httpd/recorded.json: `node scripts/record-httpd.mjs`. Versions, dates, pids and ports are masked.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';

const folder = '/srv/run';
const root = `${folder}/root`;
const made = new Date('2026-11-20T10:00:00Z');
const modules =
  'mpm_event authn_file authn_core authz_host authz_groupfile authz_user authz_core access_compat auth_basic reqtimeout filter mime env headers setenvif status autoindex dir alias proxy proxy_http rewrite';

const files = {
  'index.html': '<h1>index hello</h1>\n',
  'a.txt': 'hello world',
  'missing.html': 'custom 404\n',
  'sub/index.html': 'sub index\n',
  'sub/b.txt': 'bbb\n',
  'sub/deep/c.txt': 'ccc\n',
  'style.css': 'body{}\n',
  'app.js': 'let a;\n',
  'x.unknown': '??\n',
  'pic.png': 'not really',
  'big.txt': ['0123456789', 300],
  'list/one.txt': '1\n',
  'list/two & <3>.txt': '22\n',
  'list/dir/x': 'x',
  'list/longlonglonglonglonglonglonglonglong.txt': ['l', 2048],
  'list/pic.gif': ['g', 1_500_000],
  'list/.hidden': 'h',
  'empty/.keep': '',
  'other/index.html': 'other site\n',
  'other/index.php': 'php?\n',
  'outside.txt': 'aliased\n',
  users: 'u1:$apr1$salt1234$EAcAK6AlWog6ZyZq4LOg./\nu2:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=\n',
  groups: 'staff: u1\n',
};

const get = (path, headers = {}) => ({ path, headers });
const auth = (text) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

const cases = [
  {
    name: 'static',
    requests: [
      ...['/', '/nope', '/a.txt', '/sub', '/sub/', '/sub?x=1', '/style.css', '/app.js', '/x.unknown', '/pic.png'].map(
        (path) => get(path),
      ),
      ...[
        '/index.html/more',
        '/a.txt/more',
        '/%2e%2e/etc/passwd',
        '/../x',
        '/a%2Fb',
        '/a%zz',
        '//a.txt',
        '/./a.txt',
      ].map((path) => get(path)),
      ...['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'FOO'].map((method) => ({
        path: '/a.txt',
        method,
      })),
      { path: '/', method: 'OPTIONS' },
      { path: '/', method: 'POST', body: 'x=1' },
      get('/big.txt', { Range: 'bytes=0-9' }),
      get('/big.txt', { Range: 'bytes=-5' }),
      get('/a.txt', { 'If-Modified-Since': made.toUTCString() }),
      get('/a.txt', { 'If-None-Match': '"b-644000000"' }),
      get('/empty/'),
    ],
  },
  {
    name: 'autoindex plain',
    conf: '<Directory ROOT/list>\nOptions +Indexes\n</Directory>',
    requests: [get('/list/'), get('/list'), get('/list/?C=S;O=D'), get('/list/dir/'), get('/empty/')],
  },
  {
    name: 'autoindex fancy',
    conf: 'IndexOptions FancyIndexing\nIndexIgnore .??* *~',
    requests: [get('/list/'), get('/list/?C=S;O=D'), get('/list/?C=M;O=A'), get('/list/?C=N;O=D')],
  },
  {
    name: 'autoindex fancy html table',
    conf: 'IndexOptions FancyIndexing HTMLTable VersionSort NameWidth=*',
    requests: [get('/list/')],
  },
  {
    name: 'no indexes',
    conf: '<Directory ROOT>\nOptions -Indexes +FollowSymLinks\n</Directory>',
    requests: [get('/list/'), get('/')],
  },
  {
    name: 'denied',
    conf: '<Directory ROOT/sub>\nRequire all denied\n</Directory>\n<Files "a.*">\nRequire all denied\n</Files>\n<Location /other>\nRequire ip 10.0.0.0/8\n</Location>\n<LocationMatch "^/list">\nRequire all denied\n</LocationMatch>',
    requests: [get('/sub/'), get('/sub/b.txt'), get('/a.txt'), get('/other/'), get('/list/one.txt'), get('/')],
  },
  {
    name: 'require ip',
    conf: '<Location /sub>\nRequire ip 127.0.0.1\n</Location>\n<Location /list>\n<RequireAny>\nRequire ip 10.1\nRequire local\n</RequireAny>\n</Location>\n<Location /other>\n<RequireAll>\nRequire all granted\nRequire not ip 127\n</RequireAll>\n</Location>\n<Location /a.txt>\nRequire method POST\n</Location>',
    requests: [get('/sub/'), get('/list/one.txt'), get('/other/'), get('/a.txt')],
  },
  {
    name: 'old access',
    conf: '<Location /sub>\nOrder deny,allow\nDeny from all\nAllow from 127.0.0.1\n</Location>\n<Location /list>\nOrder allow,deny\nAllow from all\nDeny from 127.0.0.1\n</Location>',
    requests: [get('/sub/'), get('/list/one.txt')],
  },
  {
    name: 'directory index',
    conf: 'DirectoryIndex nothing.html index.php index.html',
    requests: [get('/'), get('/other/'), get('/list/')],
  },
  {
    name: 'alias',
    conf: 'Alias /out ROOT/other\nAlias "/one.txt" "ROOT/outside.txt"\nAliasMatch "^/num/(\\d+)" "ROOT/sub/$1.txt"\nScriptAlias /cgi/ ROOT/sub/\nAlias /secret /etc',
    requests: [get('/out/'), get('/out'), get('/one.txt'), get('/num/5'), get('/outer'), get('/secret/passwd')],
  },
  {
    name: 'redirect',
    conf: 'Redirect /old /new\nRedirect permanent /perm http://example.com/x\nRedirect 303 /see https://example.com/see\nRedirect gone /gone\nRedirectMatch 301 "^/img/(.*)\\.gif$" "/pics/$1.png"\nRedirect 404 /hidden\nRedirectPermanent /pp /qq\nRedirectTemp /tt http://h.example/\nRedirect seeother /so /there',
    requests: [
      '/old',
      '/old/a?b=c',
      '/older',
      '/perm/y',
      '/see',
      '/gone',
      '/gone/x',
      '/img/a/b.gif?q',
      '/hidden',
      '/pp/1',
      '/tt',
      '/so',
    ].map((path) => get(path)),
  },
  {
    name: 'error documents',
    conf: 'ErrorDocument 404 /missing.html\nErrorDocument 403 "No entry, sorry"\nErrorDocument 410 http://example.com/gone\nRedirect gone /gone\n<Location /sub>\nRequire all denied\n</Location>\n<Location /other>\nErrorDocument 404 "Nothing of the other"\n</Location>\n<Location /list>\nErrorDocument 404 /also-missing.html\n</Location>',
    requests: ['/nope', '/sub/', '/gone', '/other/nope', '/list/nope'].map((path) => get(path)),
  },
  {
    name: 'virtual hosts',
    conf: '<VirtualHost *:PORT>\nServerName first.example\nDocumentRoot ROOT/sub\n</VirtualHost>\n<VirtualHost *:PORT>\nServerName second.example\nServerAlias www.second.example *.more.example\nDocumentRoot ROOT/other\nHeader set X-Host second\n</VirtualHost>',
    requests: [
      get('/'),
      get('/', { Host: 'first.example' }),
      get('/', { Host: 'second.example' }),
      get('/', { Host: 'www.second.example:8080' }),
      get('/', { Host: 'x.more.example' }),
      get('/', { Host: 'unknown.example' }),
      get('/nope', { Host: 'SECOND.example' }),
    ],
  },
  {
    name: 'headers',
    conf: 'Header set X-One "a b"\nHeader append X-One c\nHeader add X-Two 1\nHeader add X-Two 2\nHeader unset ETag\nHeader always set X-Always "yes %{HTTP_HOST}e"\nHeader set X-Time "%D" env=never\nHeader merge X-Three z\nHeader setifempty X-Four "w"\nHeader edit X-Four w v\n<Location /sub>\nHeader unset X-One\nHeader set Cache-Control "max-age=60"\n</Location>\nRequestHeader set X-Req 1',
    requests: [get('/a.txt'), get('/nope'), get('/sub/b.txt')],
  },
  {
    name: 'server tokens',
    conf: 'ServerTokens Prod\nServerSignature Off',
    requests: [get('/nope'), get('/a.txt')],
  },
  {
    name: 'server signature',
    conf: 'ServerSignature On\nServerTokens Minimal\nServerAdmin you@example.com\nAddDefaultCharset utf-8\nFileETag None',
    requests: [get('/nope'), get('/a.txt'), get('/list/')],
  },
  {
    name: 'rewrite',
    conf: 'RewriteEngine On\nRewriteRule ^/r1$ /a.txt\nRewriteRule ^/r2/(.*)$ /sub/$1 [L]\nRewriteRule ^/r3$ /new [R]\nRewriteRule ^/r4/(.*) http://example.com/$1 [R=301,L]\nRewriteRule ^/r5 - [F]\nRewriteRule ^/r6 - [G]\nRewriteCond %{QUERY_STRING} ^id=(\\d+)$\nRewriteRule ^/r7$ /seven/%1? [R=302,L]\nRewriteCond %{HTTP_USER_AGENT} curl [NC]\nRewriteRule ^/r8$ /sub/b.txt\nRewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-f\nRewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-d\nRewriteCond %{REQUEST_URI} ^/spa\nRewriteRule ^ /index.html [L]\nRewriteRule ^/r9$ /x?y=1 [QSA,R]\nRewriteRule ^/(.*)\\.htm$ /$1.html [NC,R=301]\nRewriteRule ^/p/(.*)$ http://127.0.0.1:UP/$1 [P]',
    requests: [
      ...[
        '/r1',
        '/r2/b.txt',
        '/r3',
        '/r3?a=b',
        '/r4/x/y',
        '/r5',
        '/r6',
        '/r7?id=12',
        '/r7?id=x',
        '/r9?z=2',
        '/spa/deep',
        '/index.htm',
        '/p/q?r=s',
      ].map((path) => get(path)),
      get('/r8', { 'User-Agent': 'Curl/8' }),
      get('/r8'),
    ],
  },
  {
    name: 'htaccess',
    conf: '<Directory ROOT/sub>\nAllowOverride All\n</Directory>',
    files: {
      'sub/.htaccess':
        'Header set X-From htaccess\nErrorDocument 404 "none in sub"\nRewriteEngine On\nRewriteRule ^go/(.*)$ $1\nRewriteRule ^away$ /a.txt [R=302,L]\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule ^app/ index.html [L]\nRedirect 301 /sub/moved /a.txt\n<Files "secret.txt">\nRequire all denied\n</Files>\n',
      'sub/secret.txt': 's',
    },
    requests: [
      '/sub/b.txt',
      '/sub/nope',
      '/sub/go/b.txt',
      '/sub/away',
      '/sub/app/x/y',
      '/sub/moved',
      '/sub/secret.txt',
      '/sub/.htaccess',
      '/sub/',
    ].map((path) => get(path)),
  },
  {
    name: 'htaccess ignored',
    files: { 'sub/.htaccess': 'Require all denied\n' },
    requests: [get('/sub/b.txt')],
  },
  {
    name: 'htaccess broken',
    conf: '<Directory ROOT/sub>\nAllowOverride All\n</Directory>\n<Directory ROOT/other>\nAllowOverride AuthConfig\n</Directory>',
    files: { 'sub/.htaccess': 'Foo bar\n', 'other/.htaccess': 'Redirect /x /y\n' },
    requests: [get('/sub/b.txt'), get('/other/'), get('/')],
  },
  {
    name: 'basic auth',
    conf: '<Directory ROOT/sub>\nAllowOverride AuthConfig\n</Directory>\n<Location /other>\nAuthType Basic\nAuthName Staff\nAuthUserFile ROOT/users\nAuthGroupFile ROOT/groups\nRequire group staff\n</Location>\n<Location /list>\nAuthType Basic\nAuthName "One user"\nAuthUserFile ROOT/users\nRequire user u2\n</Location>',
    files: {
      'sub/.htaccess': 'AuthType Basic\nAuthName "Restricted area"\nAuthUserFile ROOT/users\nRequire valid-user\n',
    },
    requests: [
      get('/sub/b.txt'),
      get('/sub/b.txt', auth('u1:pass')),
      get('/sub/b.txt', auth('u1:wrong')),
      get('/sub/b.txt', auth('nobody:pass')),
      get('/sub/b.txt', { Authorization: 'Bearer x' }),
      get('/other/', auth('u1:pass')),
      get('/other/', auth('u2:pass')),
      get('/list/one.txt', auth('u1:pass')),
      get('/list/one.txt', auth('u2:pass')),
    ],
  },
  {
    name: 'proxy',
    conf: 'ProxyPass /api/ http://127.0.0.1:UP/v1/\nProxyPassReverse /api/ http://127.0.0.1:UP/v1/\nProxyPass /no !\nProxyPass /dead http://127.0.0.1:1/\n<Location /loc>\nProxyPass http://127.0.0.1:UP/in\nProxyPassReverse http://127.0.0.1:UP/in\n</Location>\nProxyPass /kept http://127.0.0.1:UP/kept\n',
    requests: [
      get('/api/hello?x=1'),
      get('/api/redir'),
      get('/api/status/404'),
      get('/api/status/500'),
      get('/no/thing'),
      get('/dead/x'),
      get('/loc/y'),
      get('/kept'),
      { path: '/api/post', method: 'POST', body: 'data=1' },
      get('/api/cookies', { 'X-Forwarded-For': '9.9.9.9' }),
    ],
  },
  {
    name: 'proxy preserve host',
    conf: 'ProxyPreserveHost On\nProxyAddHeaders On\nRequestHeader set X-Forwarded-Proto "http"\nProxyPass / http://127.0.0.1:UP/\nProxyPassReverse / http://127.0.0.1:UP/',
    requests: [get('/x', { Host: 'site.example' }), get('/redir', { Host: 'site.example' })],
  },
  {
    name: 'logs',
    log: '"%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" ',
    requests: [
      get('/', { 'User-Agent': 'me "x"', Referer: 'http://r/' }),
      get('/nope'),
      get('/a.txt?q=1', { 'User-Agent': 'y' }),
    ],
  },
  {
    name: 'log formats',
    log: '"%a %A %B %f %H %m %p %q %U %s %>s %v %V %{Host}i %{Content-Type}o %% %{%Y}t %X" ',
    requests: [get('/a.txt?q=1'), get('/sub'), get('/nope'), get('/sub/')],
  },
  {
    name: 'mime',
    conf: 'AddType text/x-mine .mine\nAddType application/x-httpd-php .php\nAddCharset utf-8 .txt\nAddEncoding x-gzip .gz\nDefaultType none\n<FilesMatch "\\.unknown$">\nForceType text/plain\n</FilesMatch>',
    files: { 'f.mine': 'm\n', 'g.txt.gz': 'z\n' },
    requests: [get('/f.mine'), get('/other/index.php'), get('/a.txt'), get('/g.txt.gz'), get('/x.unknown')],
  },
  {
    name: 'env',
    conf: 'SetEnv GREETING hello\nSetEnvIf User-Agent "bot" robot\nHeader set X-Robot yes env=robot\nHeader set X-Greeting "%{GREETING}e"\n<If "%{REQUEST_URI} == \'/a.txt\'">\nHeader set X-If yes\n</If>\n<IfModule mod_rewrite.c>\nHeader set X-Module there\n</IfModule>\n<IfModule !mod_rewrite.c>\nHeader set X-Module gone\n</IfModule>\n<IfDefine NEVER>\nNonsense\n</IfDefine>\nDefine where sub\nAlias /defined ROOT/${where}',
    requests: [get('/a.txt', { 'User-Agent': 'a bot' }), get('/'), get('/defined/b.txt')],
  },
];

const broken = [
  ['fine', ''],
  ['no server name', 'UNNAMED'],
  ['unknown directive', 'Foo bar'],
  ['misspelled', 'ServerNam x'],
  ['unclosed', '<Directory /srv>\nRequire all granted'],
  ['wrong close', '<Directory /srv>\nRequire all granted\n</Location>'],
  ['close alone', '</Directory>'],
  ['unclosed bracket', '<Directory /srv\nRequire all granted\n</Directory>'],
  ['no argument', '<Directory>\n</Directory>'],
  ['document root', 'DocumentRoot /nowhere'],
  ['listen twice words', 'Listen abc'],
  ['listen nothing', 'Listen'],
  ['listen many', 'Listen 1 2 3'],
  ['require', '<Directory /srv>\nRequire foo\n</Directory>'],
  ['require outside', 'Require all granted'],
  ['require all what', '<Directory /srv>\nRequire all maybe\n</Directory>'],
  ['options', '<Directory /srv>\nOptions Foo\n</Directory>'],
  ['options mixed', '<Directory /srv>\nOptions Indexes +FollowSymLinks\n</Directory>'],
  ['allow override', '<Directory /srv>\nAllowOverride Foo\n</Directory>'],
  ['allow override in location', '<Location /srv>\nAllowOverride All\n</Location>'],
  ['redirect', 'Redirect foo /a http://b/'],
  ['redirect url', 'Redirect /a b'],
  ['redirect one', 'Redirect /a'],
  ['error document', 'ErrorDocument abc /x'],
  ['error document one', 'ErrorDocument 404'],
  ['rewrite', 'RewriteEngine maybe'],
  ['rewrite regex', 'RewriteRule "(" /x'],
  ['rewrite flag', 'RewriteRule ^x /y [FOO]'],
  ['proxy pass', 'ProxyPass'],
  ['proxy pass url', 'ProxyPass /x'],
  ['header', 'Header frob X y'],
  ['load module', 'LoadModule foo_module modules/mod_foo.so'],
  ['load module twice', 'LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so'],
  ['include', 'Include /nowhere/x.conf'],
  ['include optional', 'IncludeOptional /nowhere/*.conf'],
  ['include glob', 'Include /nowhere/*.conf'],
  ['custom log', 'CustomLog /nowhere/x.log common'],
  ['error log', 'ErrorLog /nowhere/e.log'],
  ['log level', 'LogLevel foo'],
  ['user', 'User nosuchuser'],
  ['vhost', '<VirtualHost *:80>\nDocumentRoot /nowhere\n</VirtualHost>'],
  ['vhost unclosed', '<VirtualHost *:80>\nServerName x'],
  ['ssl', 'SSLEngine on'],
  ['server root', 'ServerRoot /nowhere'],
  ['keepalive', 'KeepAlive Maybe'],
  ['timeout', 'Timeout x'],
  ['undefined variable', 'DocumentRoot ${NOPE}'],
  ['nested', '<Directory /srv>\n<Directory /x>\n</Directory>\n</Directory>'],
  ['auth type', '<Location />\nAuthUserFile\n</Location>'],
];

const commands = [
  {
    name: 'names',
    args: ['-S'],
    text: '<VirtualHost *:PORT>\nServerName a.example\nServerAlias b.example *.c.example\n</VirtualHost>\n<VirtualHost *:PORT>\nServerName d.example\n</VirtualHost>\n<VirtualHost *:8443>\nServerName tls.example\n</VirtualHost>',
  },
  { name: 'no names', args: ['-S'], text: '' },
  { name: 'one name', args: ['-S'], text: '<VirtualHost *:PORT>\nServerName a.example\n</VirtualHost>' },
  {
    name: 'vhosts only',
    args: ['-t', '-D', 'DUMP_VHOSTS'],
    text: '<VirtualHost 10.0.0.1:80>\nServerName ip.example\n</VirtualHost>',
  },
  { name: 'modules', args: ['-M'], text: '' },
  { name: 'unknown option', args: ['-Z'], text: '' },
  { name: 'no such file', args: ['-t', '-f', '/nowhere.conf'], text: '' },
  { name: 'bad signal', args: ['-k', 'foo'], text: '' },
  { name: 'help', args: ['-h'], text: '' },
];

const port = 18080;
const up = 18081;
const unmask = (text) => text.replaceAll('ROOT', root).replaceAll('PORT', String(port)).replaceAll('UP', String(up));
const mask = (text) =>
  text
    .replace(/Apache\/2\.4\.\d+ \((Debian|Unix)\)/g, 'SERVER')
    .replace(/Apache\/2\.4\.\d+/g, 'VERSION')
    .replace(/\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000/g, 'DATE')
    .replace(/^\[\w{3} \w{3} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\] /gm, '[DATE] ')
    .replace(/\[pid \d+(:tid \d+)?\]/g, '[pid P]')
    .replace(/:\d{4,5}\](?= AH)/g, ':N]')
    .replaceAll(root, 'ROOT')
    .replaceAll(folder, 'FOLDER')
    .replaceAll(String(port), 'PORT')
    .replaceAll(String(up), 'UP');

const base = (unnamed) =>
  [
    `ServerRoot ${folder}`,
    `Listen ${port}`,
    ...modules.split(' ').map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    `PidFile ${folder}/httpd.pid`,
    `ErrorLog ${folder}/error.log`,
    'User www-data',
    'Group www-data',
    'TypesConfig /etc/mime.types',
    `DocumentRoot ${root}`,
    '<Directory />',
    'AllowOverride none',
    'Require all denied',
    '</Directory>',
    `<Directory ${root}>`,
    'Options Indexes FollowSymLinks',
    'AllowOverride None',
    'Require all granted',
    '</Directory>',
    'DirectoryIndex index.html',
    '<Files ".ht*">',
    'Require all denied',
    '</Files>',
    ...(unnamed ? [] : ['ServerName localhost']),
  ].join('\n') + '\n';

/** Waits until the server takes connections. */
async function listening() {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    await sleep(200);
    if (open) return;
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function place(extra = {}) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const [name, text] of Object.entries({ ...files, ...extra })) {
    mkdirSync(dirname(`${root}/${name}`), { recursive: true });
    writeFileSync(`${root}/${name}`, typeof text === 'string' ? unmask(text) : text[0].repeat(text[1]));
    utimesSync(`${root}/${name}`, made, made);
  }
  for (const name of ['sub', 'sub/deep', 'empty', 'list', 'list/dir', 'other', '.'])
    utimesSync(`${root}/${name}`, made, made);
  chmodSync(folder, 0o755);
}

function ask({ path, method = 'GET', headers = {}, body = '' }) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const head = text.slice(0, end).split('\r\n');
      let rest = text.slice(end + 4);
      if (head.includes('Transfer-Encoding: chunked')) {
        let whole = '';
        for (let size = parseInt(rest, 16); size > 0; size = parseInt(rest, 16)) {
          const at = rest.indexOf('\r\n') + 2;
          whole += rest.slice(at, at + size);
          rest = rest.slice(at + size + 2);
        }
        rest = whole;
      }
      const shown = mask(rest);
      const variable = /VERSION|SERVER|ROOT|UP|PORT/.test(shown);
      resolve({
        head: head
          .filter((line) => !/^(Date): /.test(line))
          .map((line) => mask(variable ? line.replace(/^Content-Length: .*/, 'Content-Length: N') : line)),
        body: shown,
      });
    });
    const all = {
      Host: `localhost:${port}`,
      Connection: 'close',
      ...headers,
      ...(body === '' ? {} : { 'Content-Length': body.length }),
    };
    socket.write(
      `${method} ${path} HTTP/1.1\r\n${Object.entries(all)
        .map(([key, value]) => `${key}: ${value}\r\n`)
        .join('')}\r\n${body}`,
    );
  });
}

const upstream = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const status = Number(/\/status\/(\d+)/.exec(request.url)?.[1] ?? (request.url.includes('/redir') ? 302 : 200));
    const lines = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2)
      lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}\n`);
    response.sendDate = false;
    response.statusCode = status;
    response.setHeader('X-Up', 'yes');
    if (status === 302) response.setHeader('Location', `http://127.0.0.1:${up}${request.url}/done`);
    if (request.url.includes('/cookies')) response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.setHeader('Content-Type', 'text/plain');
    const text = `${request.method} ${request.url}\n${lines.join('')}\n${body}`;
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.end(text);
  });
});
await new Promise((resolve) => upstream.listen(up, '127.0.0.1', resolve));

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const result = { files, base: mask(base(true)), cases: [], broken: [], commands: [] };
for (const { name, conf = '', files: extra = {}, log, requests } of cases) {
  place(extra);
  const format = log ?? '"%h %l %u %t \\"%r\\" %>s %b" ';
  writeFileSync(`${folder}/httpd.conf`, `${base(false)}CustomLog ${folder}/access.log ${format}\n${unmask(conf)}\n`);
  const server = spawn('apache2', ['-d', folder, '-f', `${folder}/httpd.conf`, '-DFOREGROUND'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await listening();
  const results = [];
  for (const request of requests) {
    const [before, beforeErrors] = [read(`${folder}/access.log`).length, read(`${folder}/error.log`).length];
    const answer = await ask(request);
    await sleep(60);
    results.push({
      ...answer,
      access: mask(read(`${folder}/access.log`).slice(before)),
      errors: mask(read(`${folder}/error.log`).slice(beforeErrors)),
    });
  }
  const ended = new Promise((resolve) => server.on('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  result.cases.push({
    name,
    conf,
    files: extra,
    log: format,
    requests,
    results,
    log_errors: mask(read(`${folder}/error.log`))
      .split('\n')
      .filter((line) => /mpm_event|core:notice/.test(line)),
  });
}

const lineOffset = base(false).split('\n').length - 1;
const maskLine = (text, offset) => text.replace(/on line (\d+) of/g, (_, line) => `on line ${line - offset} of`);
for (const [name, text] of broken) {
  place();
  const unnamed = text === 'UNNAMED';
  writeFileSync(`${folder}/httpd.conf`, base(unnamed) + (unnamed ? '' : `${unmask(text)}\n`));
  const { stdout, stderr, status } = spawnSync('apache2', ['-t', '-d', folder, '-f', `${folder}/httpd.conf`], {
    encoding: 'utf8',
  });
  result.broken.push({ name, text, stdout: mask(stdout), stderr: mask(maskLine(stderr, lineOffset)), status });
}
for (const { name, args, text } of commands) {
  place();
  writeFileSync(`${folder}/httpd.conf`, `${base(false)}${unmask(text)}\n`);
  const whole =
    args.includes('-f') || args.includes('-h') || args.includes('-Z') ? args : [...args, '-f', `${folder}/httpd.conf`];
  const { stdout, stderr, status } = spawnSync('apache2', ['-d', folder, ...whole], { encoding: 'utf8' });
  result.commands.push({
    name,
    args,
    text,
    stdout: mask(maskLine(stdout, lineOffset)),
    stderr: mask(maskLine(stderr, lineOffset)),
    status,
  });
}
upstream.close();
rmSync(folder, { recursive: true, force: true });
mkdirSync('src/programs/servers/httpd', { recursive: true });
writeFileSync('src/programs/servers/httpd/recorded.json', `${JSON.stringify(result, null, 1)}\n`);
