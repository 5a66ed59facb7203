import type { Config, Directive } from './config';
import type { Build } from './server';

/** `httpd -h`. */
export const usage = (name: string): string => {
  const blank = ' '.repeat(name.length);
  return `Usage: ${name} [-D name] [-d directory] [-f file]
       ${blank} [-C "directive"] [-c "directive"]
       ${blank} [-k start|restart|graceful|graceful-stop|stop]
       ${blank} [-v] [-V] [-h] [-l] [-L] [-t] [-T] [-S] [-X]
Options:
  -D name            : define a name for use in <IfDefine name> directives
  -d directory       : specify an alternate initial ServerRoot
  -f file            : specify an alternate ServerConfigFile
  -C "directive"     : process directive before reading config files
  -c "directive"     : process directive after reading config files
  -e level           : show startup errors of level (see LogLevel)
  -E file            : log startup errors to file
  -v                 : show version number
  -V                 : show compile settings
  -h                 : list available command line options (this page)
  -l                 : list compiled in modules
  -L                 : list available configuration directives
  -t -D DUMP_VHOSTS  : show parsed vhost settings
  -t -D DUMP_RUN_CFG : show parsed run settings
  -S                 : a synonym for -t -D DUMP_VHOSTS -D DUMP_RUN_CFG
  -t -D DUMP_MODULES : show all loaded modules 
  -M                 : a synonym for -t -D DUMP_MODULES
  -t -D DUMP_INCLUDES: show all included configuration files
  -t                 : run syntax check for config files
  -T                 : start without DocumentRoot(s) check
  -X                 : debug mode (only one worker, do not detach)
`;
};

/** What is part of the program: Debian's has more in it than httpd's own build. */
export const builtIn = ({ flavour }: Build): readonly string[] =>
  (flavour === 'Debian' ? 'core so watchdog http log_config logio version unixd' : 'core so http')
    .split(' ')
    .map((name) => `${name}_module`);

/** `httpd -l`. */
export const compiledIn = (build: Build): string =>
  `Compiled in modules:\n${builtIn(build)
    .map((name) => name.replace(/_module$/, ''))
    .map((name) => (name === 'core' ? '  core.c\n' : name === 'http' ? '  http_core.c\n' : `  mod_${name}.c\n`))
    .join('')}`;

export const versionText = ({ version, flavour }: Build): string =>
  `Server version: Apache/${version} (${flavour})\nServer built:   Jul 23 2025 19:27:02\n`;

/** `httpd -V`. */
export const settings = (
  build: Build,
  root: string,
): string => `${versionText(build)}Server's Module Magic Number: 20120211:141
Server loaded:  APR 1.7.5, APR-UTIL 1.6.3, PCRE 10.46 2025-08-27
Compiled using: APR 1.7.5, APR-UTIL 1.6.3, PCRE 10.46 2025-08-27
Architecture:   64-bit
Server MPM:     event
  threaded:     yes (fixed thread count)
    forked:     yes (variable process count)
Server compiled with....
 -D APR_HAS_SENDFILE
 -D APR_HAS_MMAP
 -D APR_HAVE_IPV6 (IPv4-mapped addresses enabled)
 -D APR_USE_PROC_PTHREAD_SERIALIZE
 -D APR_USE_PTHREAD_SERIALIZE
 -D SINGLE_LISTEN_UNSERIALIZED_ACCEPT
 -D APR_HAS_OTHER_CHILD
 -D AP_HAVE_RELIABLE_PIPED_LOGS
 -D DYNAMIC_MODULE_LIMIT=256
 -D HTTPD_ROOT="${root}"
 -D SUEXEC_BIN="${root}/bin/suexec"
 -D DEFAULT_PIDLOG="logs/httpd.pid"
 -D DEFAULT_SCOREBOARD="logs/apache_runtime_status"
 -D DEFAULT_ERRORLOG="logs/error_log"
 -D AP_TYPES_CONFIG_FILE="conf/mime.types"
 -D SERVER_CONFIG_FILE="conf/httpd.conf"
`;

/** `httpd -M`. */
export function modulesText(config: Config, build: Build): string {
  const fixed = new Set(builtIn(build));
  return `Loaded Modules:\n${config.modules.map((name) => ` ${name} (${fixed.has(name) ? 'static' : 'shared'})\n`).join('')}`;
}

const argument = (directives: readonly Directive[], name: string): string | undefined =>
  directives.findLast((one) => one.name.toLowerCase() === name)?.args[0];

/** `-D DUMP_VHOSTS` (ap_dump_vhosts). */
export function hostsText(config: Config, fallback: string): string {
  const byAddress = new Map<string, Directive[]>();
  for (const section of config.directives) {
    if (section.name.toLowerCase() !== 'virtualhost') continue;
    for (const address of section.args) {
      const key = address === '_default_' ? '*:*' : address.includes(':') ? address : `${address}:*`;
      byAddress.set(key, [...(byAddress.get(key) ?? []), section]);
    }
  }
  const nameOf = ({ block = [] }: Directive): string =>
    argument(block, 'servername')?.replace(/:\d+$/, '') ??
    argument(config.directives, 'servername')?.replace(/:\d+$/, '') ??
    fallback;
  let text = 'VirtualHost configuration:\n';
  for (const [address, sections] of byAddress) {
    const [first] = sections;
    if (first === undefined) continue;
    const at = ({ file, line }: Directive): string => `(${file}:${line})`;
    if (sections.length === 1 && !(first.block ?? []).some(({ name }) => name.toLowerCase() === 'serveralias')) {
      text += `${address.padEnd(22)} ${nameOf(first)} ${at(first)}\n`;
      continue;
    }
    if (sections.length === 1) {
      text += `${address.padEnd(22)} ${nameOf(first)} ${at(first)}\n${aliases(first)}`;
      continue;
    }
    text += `${address.padEnd(22)} is a NameVirtualHost\n         default server ${nameOf(first)} ${at(first)}\n`;
    for (const section of sections)
      text += `         port ${address.split(':').at(-1) ?? ''} namevhost ${nameOf(section)} ${at(section)}\n${aliases(section)}`;
  }
  return text;
}

const aliases = ({ block = [] }: Directive): string => {
  const names = block.flatMap(({ name, args }) => (name.toLowerCase() === 'serveralias' ? args : []));
  const wild = names.filter((name) => /[*?]/.test(name));
  const plain = names.filter((name) => !/[*?]/.test(name));
  const line = (kind: string, name: string): string => `                 ${kind} ${name}\n`;
  return [...plain.map((name) => line('alias', name)), ...wild.map((name) => line('wild alias', name))].join('');
};

/** `-D DUMP_RUN_CFG` (core_dump_config). */
export function runText(
  config: Config,
  build: Build,
  defines: readonly string[],
  ids: (name: string, file: string) => string,
): string {
  const value = (name: string, standard: string): string => argument(config.directives, name) ?? standard;
  const absolute = (path: string): string => (path.startsWith('/') ? path : `${config.root}/${path}`);
  const mutexes = [
    ['proxy_module', 'proxy'],
    ['ssl_module', 'ssl-cache'],
    ['rewrite_module', 'rewrite-map'],
    ['watchdog_module', 'watchdog-callback'],
  ] as const;
  const where = build.flavour === 'Debian' ? '/var/run/apache2/' : `${config.root}/logs/`;
  const lines = [
    `ServerRoot: "${config.root}"`,
    `Main DocumentRoot: "${absolute(value('documentroot', 'htdocs'))}"`,
    `Main ErrorLog: "${absolute(value('errorlog', 'logs/error_log'))}"`,
    ...mutexes.flatMap(([module, name]) => (config.modules.includes(module) ? [`Mutex ${name}: using_defaults`] : [])),
    `Mutex default: dir="${where}" mechanism=default `,
    `PidFile: "${absolute(value('pidfile', 'logs/httpd.pid'))}"`,
    ...[...defines, ...config.defines.keys()]
      .filter((one, index, all) => all.indexOf(one) === index)
      .map((name) => `Define: ${name}`),
    `User: name="${value('user', 'daemon')}" id=${ids(value('user', 'daemon'), '/etc/passwd')}`,
    `Group: name="${value('group', 'daemon')}" id=${ids(value('group', 'daemon'), '/etc/group')}`,
  ];
  return `${lines.join('\n')}\n`;
}
