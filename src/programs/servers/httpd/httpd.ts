import type { Process, Program } from '../../../linux/process/types';
import { faultOf } from './check';
import { readConfig, type Config, type Directive } from './config';
import { known } from './directives';
import { builtIn, compiledIn, hostsText, modulesText, runText, settings, usage, versionText } from './dump';
import { errorLine } from './log';
import { parent } from './master';
import type { Build } from './server';

const prefix = '/usr/local/apache2';

/** Apache httpd: a parent that reads the configuration and binds, and children. */
export const httpd: Program = async (process) => {
  const name = (process.argv[0] ?? 'httpd').split('/').at(-1) ?? 'httpd';
  const build = buildOf(process);
  const options = optionsOf(process.args);
  if (typeof options === 'string') {
    await process.stderr.write(`${options === '' ? '' : `${name}: illegal option -- ${options}\n`}${usage(name)}`);
    return 1;
  }
  const { show } = options;
  if (show === 'v' || show === 'l') {
    await process.stdout.write(show === 'v' ? versionText(build) : compiledIn(build));
    return 0;
  }
  if (show === 'V') {
    await process.stdout.write(settings(build, prefix));
    return 0;
  }
  if (show === 'L') {
    for (const entry of known.values())
      await process.stdout.write(
        `${entry.name} (${entry.module === 'core' ? 'core' : `mod_${entry.module}`}.c)\n\t${entry.help}\n`,
      );
    return 0;
  }
  const root = options.root ?? prefix;
  const path =
    options.file === undefined
      ? `${root}/conf/httpd.conf`
      : options.file.startsWith('/')
        ? options.file
        : `${root}/${options.file}`;
  const read = (): Promise<Config | undefined> => load(process, name, path, root, options, build);
  const config = await read();
  if (config === undefined) return 1;
  const dumps = options.defines.filter((one) => one.startsWith('DUMP_'));
  if (dumps.length > 0) {
    if (dumps.includes('DUMP_MODULES')) await process.stdout.write(modulesText(config, build));
    if (dumps.includes('DUMP_VHOSTS')) await process.stdout.write(hostsText(config, addressOf(process)));
    if (dumps.includes('DUMP_INCLUDES')) await process.stdout.write(includesText(config, path));
    if (dumps.includes('DUMP_RUN_CFG'))
      await process.stdout.write(runText(config, build, dumps, (one, file) => idOf(process, one, file)));
    return 0;
  }
  if (options.test) {
    await process.stderr.write('Syntax OK\n');
    return 0;
  }
  const signal = options.signal;
  if (signal !== undefined && signal !== 'start') {
    const done = await control(process, name, config, signal);
    if (done !== undefined) return done;
  } else if (signal === 'start' && running(process, config) !== undefined) {
    await process.stdout.write(`${name} (pid ${running(process, config) ?? ''}) already running\n`);
    return 0;
  }
  const line = [
    name,
    ...(options.root === undefined ? [] : ['-d', options.root]),
    ...(options.file === undefined ? [] : ['-f', options.file]),
    ...options.defines.flatMap((one) => ['-D', one]),
  ].join(' ');
  const foreground = options.defines.includes('FOREGROUND') || options.debug;
  // The configuration is read twice: once to see whether it can be, once to be used.
  if (unnamed(config)) await process.stderr.write(nameless(process, name));
  const start = { build, line, reload: read };
  if (foreground) return parent(process, config, start);
  const started = process.spawn({
    file: (child) => parent(child, config, start),
    argv: process.argv,
    newSession: true,
  });
  return started.ok ? 0 : 1;
};

/** The version that the image has, and who built it. */
function buildOf({ fs, env }: Process): Build {
  const file = fs.readText(`${prefix}/.version`);
  const [version = '2.4.65', flavour = 'Unix'] = (
    file.ok ? file.value.trim() : (env.get('HTTPD_VERSION') ?? '2.4.65')
  ).split(' ');
  return { version, flavour };
}

interface Options {
  readonly defines: string[];
  readonly before: string[];
  readonly after: string[];
  root?: string;
  file?: string;
  show?: string;
  signal?: string;
  test: boolean;
  debug: boolean;
}

/** The options, or the letter that is none. */
function optionsOf(args: readonly string[]): Options | string {
  const options: Options = { defines: [], before: [], after: [], test: false, debug: false };
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) return '';
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if ('DdfCckeE'.includes(letter)) {
        const value = word.slice(at + 1) || args[++index];
        if (value === undefined) return letter;
        if (letter === 'D') options.defines.push(value);
        if (letter === 'd') options.root = value;
        if (letter === 'f') options.file = value;
        if (letter === 'C') options.before.push(value);
        if (letter === 'c') options.after.push(value);
        if (letter === 'k') {
          if (!/^(start|restart|graceful|graceful-stop|stop)$/.test(value)) return 'k';
          options.signal = value;
        }
        break;
      }
      if (letter === 'h') return '';
      if ('vVlL'.includes(letter)) options.show = letter;
      else if (letter === 't') options.test = true;
      else if (letter === 'S') options.defines.push('DUMP_VHOSTS', 'DUMP_RUN_CFG');
      else if (letter === 'M') options.defines.push('DUMP_MODULES');
      else if (letter === 'X') options.debug = true;
      else if (letter !== 'T') return letter;
    }
  }
  return options;
}

/** Reads and checks; what is wrong has been said. */
async function load(
  process: Process,
  name: string,
  path: string,
  root: string,
  options: Options,
  build: Build,
): Promise<Config | undefined> {
  const config = readConfig(process.fs, path, {
    root,
    defines: options.defines,
    builtIn: builtIn(build),
    before: options.before,
    after: options.after,
  });
  for (const { module, text } of config.warnings)
    await process.stderr.write(errorLine(process, process.pid, module, 'warn', text));
  if (config.problem !== undefined) {
    await process.stderr.write(`${name}: ${config.problem}\n`);
    return undefined;
  }
  const fault = faultOf(process, config);
  if (fault !== undefined) {
    const { directive } = fault;
    await process.stderr.write(
      `AH00526: Syntax error on line ${directive?.line ?? 0} of ${directive?.file ?? path}:\n${fault.text}\n`,
    );
    return undefined;
  }
  for (const text of useless(config.directives))
    await process.stderr.write(errorLine(process, process.pid, 'core', 'warn', text));
  const user = argumentOf(config, 'user');
  if (user !== undefined && !user.startsWith('#') && idOf(process, user, '/etc/passwd') === '') {
    await process.stderr.write(`AH00543: ${name}: bad user name ${user}\n`);
    return undefined;
  }
  const group = argumentOf(config, 'group');
  if (group !== undefined && !group.startsWith('#') && idOf(process, group, '/etc/group') === '') {
    await process.stderr.write(`AH00544: ${name}: bad group name ${group}\n`);
    return undefined;
  }
  for (const host of config.directives.filter((one) => one.name.toLowerCase() === 'virtualhost')) {
    const folder = host.block?.findLast((one) => one.name.toLowerCase() === 'documentroot')?.args[0];
    if (folder !== undefined && !process.fs.stat(folder.startsWith('/') ? folder : `${config.root}/${folder}`).ok)
      await process.stderr.write(
        `AH00112: Warning: DocumentRoot [${folder.startsWith('/') ? folder : `${config.root}/${folder}`}] does not exist\n`,
      );
  }
  if (unnamed(config)) await process.stderr.write(nameless(process, name));
  const log = logProblem(process, config);
  if (log !== undefined) {
    await process.stderr.write(`${log}AH00014: Configuration check failed\n`);
    return undefined;
  }
  return config;
}

const argumentOf = ({ directives }: Config, name: string): string | undefined =>
  directives.findLast((one) => one.name.toLowerCase() === name)?.args[0];

function* useless(directives: readonly Directive[]): Generator<string> {
  for (const { name, block = [] } of directives) {
    if (/^location(match)?$/i.test(name)) {
      for (const one of block)
        if (one.name.toLowerCase() === 'allowoverride')
          yield `AH00114: Useless use of AllowOverride in line ${one.line} of ${one.file}.`;
    }
    yield* useless(block);
  }
}

/** Logs whose folder is not there. */
function logProblem({ fs }: Process, config: Config): string | undefined {
  const folderOf = (path: string): string => {
    const whole = path.startsWith('/') ? path : `${config.root}/${path}`;
    return whole.slice(0, whole.lastIndexOf('/') + 1);
  };
  const hosts = config.directives.filter(({ name }) => name.toLowerCase() === 'virtualhost');
  for (const directive of [...config.directives, ...hosts.flatMap(({ block = [] }) => block)]) {
    const [path = ''] = directive.args;
    if (path.startsWith('|') || path.startsWith('syslog')) continue;
    const stat = fs.stat(folderOf(path));
    if (stat.ok) continue;
    const why = `(${stat.error.number})${stat.error.message}: `;
    const shown = path.startsWith('/') ? path : `${config.root}/${path}`;
    if (directive.name.toLowerCase() === 'errorlog')
      return `${why}AH02291: Cannot access directory '${folderOf(path)}' for main error log\n`;
    if (directive.name.toLowerCase() === 'customlog')
      return `${why}AH02297: Cannot access directory '${folderOf(path)}' for log file '${shown}' defined at ${directive.file}:${directive.line}\n`;
  }
  return undefined;
}

const unnamed = (config: Config): boolean => argumentOf(config, 'servername') === undefined;

/** AH00558: the host's own name has no dot. */
function nameless(process: Process, name: string): string {
  return `AH00558: ${name}: Could not reliably determine the server's fully qualified domain name, using ${addressOf(process)}. Set the 'ServerName' directive globally to suppress this message\n`;
}

function addressOf(process: Process): string {
  const { hostname } = process.namespaces.uts;
  const hosts = process.fs.readText('/etc/hosts');
  const line = (hosts.ok ? hosts.value.split('\n') : []).find((one) => one.split(/\s+/).slice(1).includes(hostname));
  return line?.split(/\s+/)[0] ?? '127.0.0.1';
}

function idOf({ fs }: Process, name: string, file: string): string {
  const text = fs.readText(file);
  return (text.ok ? text.value.split('\n') : []).find((line) => line.startsWith(`${name}:`))?.split(':')[2] ?? '';
}

function includesText(config: Config, path: string): string {
  const files = new Set<string>();
  const collect = (directives: readonly Directive[]): void => {
    for (const { file, block = [] } of directives) {
      if (file !== path) files.add(file);
      collect(block);
    }
  };
  collect(config.directives);
  return `Included configuration files:\n  (*) ${path}\n${[...files].map((file) => `    ${file}\n`).join('')}`;
}

function running(process: Process, config: Config): number | undefined {
  const file = argumentOf(config, 'pidfile') ?? 'logs/httpd.pid';
  const text = process.fs.readText(file.startsWith('/') ? file : `${config.root}/${file}`);
  const pid = text.ok ? Number(text.value.trim()) : Number.NaN;
  return Number.isInteger(pid) && pid !== process.pid && process.kill(pid, 0).ok ? pid : undefined;
}

/** `-k stop` and its like: a signal to the pid of the pid file; undefined: go on and start. */
async function control(process: Process, name: string, config: Config, signal: string): Promise<number | undefined> {
  const pid = running(process, config);
  if (pid === undefined) {
    if (signal === 'stop' || signal === 'graceful-stop') {
      await process.stdout.write(`${name} (no pid file) not running\n`);
      return 0;
    }
    await process.stdout.write(`${name} not running, trying to start\n`);
    return undefined;
  }
  const signals = { stop: 'SIGTERM', restart: 'SIGHUP', graceful: 'SIGUSR1', 'graceful-stop': 'SIGWINCH' } as const;
  const sent = process.kill(pid, signals[signal as keyof typeof signals]);
  return sent.ok ? 0 : 1;
}
