import type { Process } from '../../../../linux/process/types';
import { userName } from '../../postgres/libpq';
import { parseOptions, type Options, type OptionSpec } from '../../../toolkit/options';
import { flavourOf, optionFile, optionFiles } from '../settings';
import type { Flavour } from '../types';
import type { Target } from './connection';

const common: OptionSpec = {
  short: 'u:p::h:P:S:?VvsfC',
  long: {
    'user:': 'u',
    'password::': 'p',
    'host:': 'h',
    'port:': 'P',
    'socket:': 'S',
    'protocol:': 'protocol',
    help: 'help',
    version: 'V',
    verbose: 'v',
    silent: 's',
    force: 'f',
    compress: 'C',
    'no-defaults': 'no-defaults',
    'defaults-extra-file:': 'extra',
    'defaults-file:': 'file',
    'default-character-set:': 'charset',
    'ssl-mode:': 'ssl',
    ssl: 'ssl',
    'skip-ssl': 'ssl',
    'ssl-ca:': 'ssl',
    'ssl-verify-server-cert': 'ssl',
    'skip-ssl-verify-server-cert': 'ssl',
    'connect-timeout:': 'timeout',
    'get-server-public-key': 'key',
    'enable-cleartext-plugin': 'key',
    'default-auth:': 'key',
  },
  bare: true,
};

/** A client as it was started. */
export interface Started {
  readonly options: Options;
  readonly flavour: Flavour;
  /** `mysql`, as messages begin. */
  readonly name: string;
  readonly target: Target;
}

/** What a client's command line, option files and variables say; a number is the status after a mistake. */
export async function start(
  process: Process,
  spec: OptionSpec,
  sections: readonly string[],
): Promise<Started | number> {
  const flavour = flavourOf(process);
  const name = (process.argv[0] ?? '').replace(/.*\//, '');
  const options = parseOptions(process.args, {
    short: `${common.short ?? ''}${spec.short ?? ''}`,
    long: { ...common.long, ...spec.long },
    bare: true,
  });
  if (typeof options === 'string') {
    const found = /'?(-{0,2}[\w-]+)'?$/.exec(options.replace(/^unrecognized option /, ''))?.[1] ?? '';
    const text = /^unrecognized/.test(options)
      ? flavour.name === 'mysql'
        ? `[ERROR] unknown option '${found}'.`
        : `unknown option '${found}'`
      : options;
    await process.stderr.write(`${name}: ${text}\n`);
    return 2;
  }
  const files = new Map<string, string>();
  const named = ['client', ...sections];
  const paths =
    options.value('file') !== undefined
      ? [options.value('file') ?? '']
      : options.has('no-defaults')
        ? []
        : [...optionFiles(process), ...options.values('extra')];
  for (const path of paths) for (const [key, value] of optionFile(process, path, named)) files.set(key, value);
  let password = options.has('p') ? options.value('p') : (files.get('password') ?? process.env.get('MYSQL_PWD') ?? '');
  if (password === undefined) password = await ask(process);
  else if (options.has('p') && flavour.name === 'mysql')
    await process.stderr.write(`${name}: [Warning] Using a password on the command line interface can be insecure.\n`);
  const protocol = options.value('protocol') ?? files.get('protocol') ?? '';
  const host = options.value('h') ?? files.get('host') ?? process.env.get('MYSQL_HOST');
  const target: Target = {
    host: host === '' ? undefined : host,
    port: Number(options.value('P') ?? files.get('port') ?? process.env.get('MYSQL_TCP_PORT') ?? 3306),
    socket:
      options.value('S') ??
      files.get('socket') ??
      process.env.get('MYSQL_UNIX_PORT') ??
      (flavour.name === 'mysql' ? '/var/run/mysqld/mysqld.sock' : '/run/mysqld/mysqld.sock'),
    user: options.value('u') ?? files.get('user') ?? userName(process),
    password,
    database: options.value('D') ?? files.get('database'),
    tcp:
      /^tcp$/i.test(protocol) ||
      (options.has('P') && flavour.name === 'mariadb' && protocol === '' && host === 'localhost' && !options.has('S')),
  };
  return { options, flavour, name, target };
}

async function ask(process: Process): Promise<string> {
  const { tty } = process;
  await process.stderr.write('Enter password: ');
  if (tty !== undefined) tty.termios.echo = false;
  const line = await process.stdin.readLine();
  if (tty !== undefined) tty.termios.echo = true;
  await process.stderr.write('\n');
  return line ?? '';
}

/** `mysql  Ver 8.4.7 for Linux on x86_64 (MySQL Community Server - GPL)`. */
export function versionText(name: string, { name: flavour, version, comment }: Flavour): string {
  if (flavour === 'mysql') return `${name}  Ver ${version} for Linux on x86_64 (${comment})`;
  const number = version.replace(/-MariaDB.*/, '');
  return number.startsWith('10.')
    ? `${name}  Ver 15.1 Distrib ${number}-MariaDB, for debian-linux-gnu (x86_64) using  EditLine wrapper`
    : `${name} from ${number}-MariaDB, client 15.2 for debian-linux-gnu (x86_64) using  EditLine wrapper`;
}
