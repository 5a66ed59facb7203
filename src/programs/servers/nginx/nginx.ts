import type { Process, Program } from '../../../linux/process/types';
import { readConfig, type Config } from './config';
import { errorLine } from './log';
import { master } from './master';
import { configureText, helpText } from './options';
import { lateProblemOf, problemOf } from './startup';
import { warnings } from './check';

/** nginx: a master that reads the configuration and binds, and workers that answer. */
export const nginx: Program = async (process) => {
  const options = parseOptions(process.args);
  const version = versionOf(process);
  if (typeof options === 'string') {
    await process.stderr.write(`nginx: ${options}\n`);
    return 1;
  }
  if (options.help || options.version !== undefined) {
    await process.stderr.write(`nginx version: nginx/${version}\n`);
    if (options.help) await process.stderr.write(helpText);
    if (options.version === 'V') await process.stderr.write(configureText);
    return 0;
  }
  const prefix = (options.prefix ?? '/etc/nginx').replace(/\/$/, '');
  const path =
    options.config === undefined
      ? options.prefix === undefined
        ? '/etc/nginx/nginx.conf'
        : `${prefix}/conf/nginx.conf`
      : options.config.startsWith('/')
        ? options.config
        : `${prefix}/${options.config}`;
  const config = readConfig(process.fs, path, options.globals);
  const addresses = new Map<string, readonly string[]>();
  const problem = await problemOf(process, config, addresses);
  if (problem !== undefined) return failed(process, problem, options.test === undefined ? undefined : path);
  if (options.signal === undefined) {
    for (const text of warnings(config)) {
      await process.stderr.write(`${errorLine(process, 'warn', text)}nginx: [warn] ${text}\n`);
    }
  }
  const late = lateProblemOf(config);
  if (late !== undefined) {
    if (options.test !== undefined) await process.stderr.write(`nginx: the configuration file ${path} syntax is ok\n`);
    return failed(process, late, options.test === undefined ? undefined : path);
  }
  if (options.signal !== undefined) return signalMaster(process, options.signal, config);
  if (options.test !== undefined) {
    if (!options.quiet) {
      await process.stderr.write(`nginx: the configuration file ${path} syntax is ok\n`);
      await process.stderr.write(`nginx: configuration file ${path} test is successful\n`);
    }
    if (options.test === 'T') {
      for (const file of config.files) await process.stdout.write(`# configuration file ${file.path}:\n${file.text}\n`);
    }
    return 0;
  }
  const start = { path, globals: options.globals, prefix, version, addresses };
  if (config.directives.findLast(({ name }) => name === 'daemon')?.args[0] === 'off')
    return master(process, config, start);
  return daemonized(process, (child) => master(child, config, start));
};

/** `daemon on`: the master is a child of a parent that ends at once. */
function daemonized(process: Process, run: Program): number {
  const started = process.spawn({ file: run, argv: process.argv, newSession: true });
  return started.ok ? 0 : 1;
}

/** The version that the image's package has. */
function versionOf({ fs, env }: Process): string {
  const file = fs.readText('/usr/lib/nginx/.version');
  return file.ok ? file.value.trim() : (env.get('NGINX_VERSION') ?? '1.29.3');
}

interface Options {
  config?: string;
  prefix?: string;
  globals: string;
  test?: 't' | 'T';
  quiet: boolean;
  help: boolean;
  version?: 'v' | 'V';
  signal?: string;
}

/** ngx_get_options: letters may stand together, values behind them or in the next word. */
function parseOptions(args: readonly string[]): Options | string {
  const options: Options = { globals: '', quiet: false, help: false };
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (!word.startsWith('-')) return `invalid option: "${word}"`;
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (letter === 't' || letter === 'T') options.test = letter;
      else if (letter === 'v' || letter === 'V') options.version = letter;
      else if (letter === 'q') options.quiet = true;
      else if (letter === 'h' || letter === '?') options.help = true;
      else if ('pcgse'.includes(letter)) {
        const value = word.slice(at + 1) || args[++index];
        if (value === undefined) return missing[letter] ?? '';
        if (letter === 'p') options.prefix = value;
        if (letter === 'c') options.config = value;
        if (letter === 'g') options.globals = value;
        if (letter === 's') {
          if (!['stop', 'quit', 'reopen', 'reload'].includes(value)) return `invalid option: "-s ${value}"`;
          options.signal = value;
        }
        break;
      } else return `invalid option: "${letter}"`;
    }
  }
  return options;
}

const missing: Readonly<Record<string, string>> = {
  p: 'option "-p" requires directory name',
  c: 'option "-c" requires file name',
  g: 'option "-g" requires parameter',
  s: 'option "-s" requires parameter',
  e: 'option "-e" requires file name',
};

async function failed(process: Process, text: string, tested: string | undefined): Promise<number> {
  await process.stderr.write(errorLine(process, 'emerg', text));
  await process.stderr.write(`nginx: [emerg] ${text}\n`);
  if (tested !== undefined) await process.stderr.write(`nginx: configuration file ${tested} test failed\n`);
  return 1;
}

/** `nginx -s reload`: a signal to the pid in the pid file. */
async function signalMaster(process: Process, name: string, config: Config): Promise<number> {
  const signals = { stop: 'SIGTERM', quit: 'SIGQUIT', reload: 'SIGHUP', reopen: 'SIGUSR1' } as const;
  const signal = signals[name as keyof typeof signals];
  const file = config.directives.findLast((one) => one.name === 'pid')?.args[0] ?? '/run/nginx.pid';
  await process.stderr.write(errorLine(process, 'notice', 'signal process started'));
  const pid = process.fs.readText(file);
  const say = async (text: string): Promise<number> => {
    await process.stderr.write(errorLine(process, 'error', text));
    await process.stderr.write(`nginx: [error] ${text}\n`);
    return 1;
  };
  if (!pid.ok) return say(`open() "${file}" failed (${pid.error.number}: ${pid.error.message})`);
  const number = pid.value.trim();
  if (!/^\d+$/.test(number)) return say(`invalid PID number "${number}" in "${file}"`);
  const sent = process.kill(Number(number), signal);
  return sent.ok
    ? 0
    : say(`kill(${number}, ${name === 'reload' ? 1 : 15}) failed (${sent.error.number}: ${sent.error.message})`);
}
