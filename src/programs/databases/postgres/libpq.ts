import type { Process } from '../../../linux/process/types';
import { parseOptions, type Options, type OptionSpec } from '../../toolkit/options';
import { Connection, type Target } from './client';

/** The options that all of PostgreSQL's clients take. */
export const connectionOptions = {
  short: 'h:p:U:wWd:',
  long: {
    'host:': 'h',
    'port:': 'p',
    'username:': 'U',
    'no-password': 'w',
    password: 'W',
    'dbname:': 'd',
  },
} satisfies OptionSpec;

/** The name of the user that runs a process. */
export function userName({ fs, credentials }: Process): string {
  const passwd = fs.readText('/etc/passwd');
  const lines = (passwd.ok ? passwd.value : '').split('\n').map((line) => line.split(':'));
  return (
    lines.find(([, , uid]) => uid !== undefined && Number(uid) === credentials.uid)?.[0] ?? String(credentials.uid)
  );
}

export interface Wanted extends Target {
  readonly password: string | undefined;
}

/** Where to connect: a connection string, options, PG* variables, defaults. */
export function targetOf(
  process: Process,
  options: Options,
  database: string | undefined,
  application: string,
): Wanted {
  const { env } = process;
  const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
  const uri = database === undefined ? undefined : uriOf(database);
  const user = options.value('U') ?? uri?.get('user') ?? nonEmpty(env.get('PGUSER')) ?? userName(process);
  return {
    host: options.value('h') ?? uri?.get('host') ?? nonEmpty(env.get('PGHOST')),
    port: Number(options.value('p') ?? uri?.get('port') ?? nonEmpty(env.get('PGPORT')) ?? 5432),
    user,
    database: (uri === undefined ? nonEmpty(database) : uri.get('dbname')) ?? nonEmpty(env.get('PGDATABASE')) ?? user,
    application,
    password: uri?.get('password'),
  };
}

/** `postgresql://user:password@host:port/database?…` or `host=… dbname=…`. */
function uriOf(text: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  const match = /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^:/?]*)(?::(\d+))?(?:\/([^?]*))?(?:\?(.*))?$/.exec(
    text,
  );
  if (match !== null) {
    ['', 'user', 'password', 'host', 'port', 'dbname'].forEach((name, index) => {
      const value = match[index];
      if (index > 0 && value !== undefined && value !== '') found.set(name, decodeURIComponent(value));
    });
    for (const pair of (match[6] ?? '').split('&')) {
      const [name = '', value = ''] = pair.split('=');
      if (name !== '') found.set(name, decodeURIComponent(value));
    }
    return found;
  }
  if (!/^\s*\w+\s*=/.test(text)) return undefined;
  for (const [, name = '', quoted, plain = ''] of text.matchAll(/(\w+)\s*=\s*(?:'([^']*)'|(\S*))/g))
    found.set(name, quoted ?? plain);
  return found;
}

/** Connects, asking for a password where one is needed: PGPASSWORD, ~/.pgpass, the terminal. */
export async function connect(process: Process, wanted: Wanted, options: Options): Promise<Connection | string> {
  const known = wanted.password ?? process.env.get('PGPASSWORD') ?? fromFile(process, wanted);
  return Connection.open(process, wanted, async () => {
    if (known !== undefined && known !== '' && !options.has('W')) return known;
    if (options.has('w')) return undefined;
    return askPassword(process, `Password for user ${wanted.user}: `);
  });
}

function fromFile(process: Process, { host, port, database, user }: Wanted): string | undefined {
  const path = process.env.get('PGPASSFILE') ?? `${process.env.get('HOME') ?? ''}/.pgpass`;
  const file = process.fs.readText(path);
  if (!file.ok) return undefined;
  const mode = process.fs.stat(path);
  if (mode.ok && (mode.value.mode & 0o077) !== 0) {
    void process.stderr.write(
      `WARNING: password file "${path}" has group or world access; permissions should be u=rw (0600) or less\n`,
    );
    return undefined;
  }
  const wanted = [host ?? 'localhost', String(port), database, user];
  for (const line of file.value.split('\n')) {
    if (line.startsWith('#')) continue;
    const fields = line.split(/(?<!\\):/).map((field) => field.replace(/\\(.)/g, '$1'));
    if (fields.length >= 5 && wanted.every((value, index) => fields[index] === '*' || fields[index] === value))
      return fields[4];
  }
  return undefined;
}

/** Reads a line from the terminal without showing it. */
export async function askPassword(process: Process, prompt: string): Promise<string | undefined> {
  const { tty } = process;
  if (tty === undefined) return undefined;
  await process.stderr.write(prompt);
  tty.termios.echo = false;
  const line = await process.stdin.readLine();
  tty.termios.echo = true;
  await process.stderr.write('\n');
  return line;
}

/** Takes a client's command line apart; a number is the status after --help, --version or a mistake. */
export async function optionsOf(
  process: Process,
  name: string,
  spec: OptionSpec,
  version: string,
  usage: string,
): Promise<Options | number> {
  const options = parseOptions(
    process.args.map((arg) => (arg === '-V' ? '--version' : arg === '-?' ? '--help' : arg)),
    spec,
  );
  if (typeof options === 'string') {
    await process.stderr.write(`${name}: ${options}\n${name}: hint: Try "${name} --help" for more information.\n`);
    return 1;
  }
  const early = options.last('help', 'version');
  if (early === undefined) return options;
  await process.stdout.write(early === 'help' ? usage : `${name} (PostgreSQL) ${version}\n`);
  return 0;
}
