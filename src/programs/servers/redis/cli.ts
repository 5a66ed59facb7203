import type { Process, Program } from '../../../linux/process/types';
import { resolve } from '../../../linux/net/dns/resolve';
import { Prompt } from '../../toolkit/prompt';
import { Connection, encodeCommand, type Reply } from './protocol';

interface Options {
  host: string;
  port: number;
  password: string | undefined;
  user: string | undefined;
  database: number;
  raw: boolean | undefined;
  repeat: number;
  interval: number;
  words: readonly string[];
}

/** The options before the command; a text where one is wrong. */
function optionsOf(process: Process): Options | string {
  const rest = [...process.args];
  const options: Options = {
    host: '127.0.0.1',
    port: 6379,
    password: process.env.get('REDISCLI_AUTH'),
    user: undefined,
    database: 0,
    raw: undefined,
    repeat: 1,
    interval: 0,
    words: [],
  };
  while (rest[0]?.startsWith('-') === true) {
    const flag = rest.shift() ?? '';
    if (flag === '--raw') options.raw = true;
    else if (flag === '--no-raw') options.raw = false;
    else if (['--no-auth-warning', '-2', '-3', '-e', '-x', '-c'].includes(flag)) continue;
    else if (['-h', '-p', '-a', '--pass', '--user', '-n', '-r', '-i', '-u'].includes(flag)) {
      const value = rest.shift();
      if (value === undefined) return `Unrecognized option or bad number of args for: '${flag}'`;
      if (flag === '-h') options.host = value;
      if (flag === '-p') options.port = Number(value);
      if (flag === '-a' || flag === '--pass') options.password = value;
      if (flag === '--user') options.user = value;
      if (flag === '-n') options.database = Number(value);
      if (flag === '-r') options.repeat = Number(value);
      if (flag === '-i') options.interval = Number(value) * 1000;
      if (flag === '-u') {
        const [, password, host = options.host, port, database] =
          /^rediss?:\/\/(?:(?:[^:@]*:)?([^@]*)@)?([^:/]+)(?::(\d+))?(?:\/(\d+))?/.exec(value) ?? [];
        Object.assign(options, {
          host,
          port: Number(port ?? 6379),
          database: Number(database ?? 0),
          password: password ?? options.password,
        });
      }
    } else return `Unrecognized option or bad number of args for: '${flag}'`;
  }
  options.words = rest;
  return options;
}

/** redis-cli: one command from its arguments, or commands line by line from standard input. */
export const redisCli: Program = async (process) => {
  if (process.args[0] === '--version' || process.args[0] === '-v') {
    const version = process.fs.readText('/etc/redis-version');
    await process.stdout.write(`redis-cli ${version.ok ? version.value.trim() : '8.2.3'}\n`);
    return 0;
  }
  const options = optionsOf(process);
  if (typeof options === 'string') {
    await process.stderr.write(`${options}\n`);
    return 1;
  }
  const { host, port, password, words } = options;
  const terminal = process.fds.get(1)?.kind === 'tty';
  const formatted = options.raw === undefined ? terminal : !options.raw;
  const refuse = async (why: string): Promise<number> => {
    await process.stderr.write(`Could not connect to Redis at ${host}:${port}: ${why}\n`);
    return 1;
  };
  const address = await addressOf(process, host);
  if (address === undefined) return refuse('Name or service not known');
  const socket = await process.net.connect(process, { address, port });
  if (!socket.ok) return refuse(socket.error.message);
  const connection = new Connection(socket.value);
  const ask = async (command: readonly string[]): Promise<Reply | undefined> => {
    await connection.send(encodeCommand(command));
    return connection.reply();
  };
  const print = (reply: Reply) => process.stdout.write(formatted ? `${show(reply)}\n` : `${plain(reply)}\n`);
  if (password !== undefined) {
    if (process.args.some((arg) => arg === '-a' || arg === '--pass') && !process.args.includes('--no-auth-warning')) {
      await process.stderr.write(
        "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n",
      );
    }
    const reply = await ask(options.user === undefined ? ['AUTH', password] : ['AUTH', options.user, password]);
    if (reply?.kind === 'error') await process.stderr.write(`AUTH failed: ${reply.text}\n`);
  }
  let database = 0;
  if (options.database > 0 && (await ask(['SELECT', String(options.database)]))?.kind === 'simple')
    ({ database } = options);
  const listen = async (): Promise<number> => {
    if (terminal) await process.stdout.write('Reading messages... (press Ctrl-C to quit or any key to type command)\n');
    for (let reply = await connection.reply(); reply !== undefined; reply = await connection.reply())
      await print(reply);
    return 0;
  };
  if (words.length > 0) {
    let status = 0;
    for (let turn = 0; turn < options.repeat || options.repeat < 0; turn++) {
      const reply = await ask(words);
      if (reply === undefined)
        return /^shutdown$/i.test(words[0] ?? '')
          ? 0
          : (await process.stderr.write('Error: Server closed the connection\n'), 1);
      if (/^shutdown$/i.test(words[0] ?? '') && reply.kind === 'simple') return 0;
      await print(reply);
      if (/^p?subscribe$/i.test(words[0] ?? '')) return listen();
      status = reply.kind === 'error' ? 1 : 0;
      if (options.interval > 0) await process.sleep(options.interval);
    }
    return status;
  }
  let queuing = false;
  const prompt = new Prompt(process);
  prompt.shows = false;
  for (;;) {
    const typed = await prompt.read(
      `${host}:${port}${database === 0 ? '' : `[${database}]`}${queuing ? '(TX)' : ''}> `,
    );
    if (typed.kind !== 'line') {
      if (typed.kind === 'end' && terminal) await process.stdout.write('\n');
      return 0;
    }
    prompt.remember(typed.text);
    const command = wordsOf(typed.text);
    if (command === undefined) {
      await process.stdout.write('Invalid argument(s)\n');
      continue;
    }
    const word = command[0]?.toLowerCase();
    if (word === undefined || word.startsWith('#')) continue;
    if (word === 'quit' || word === 'exit') return 0;
    if (word === 'clear') {
      await process.stdout.write('\u001b[H\u001b[2J');
      continue;
    }
    const reply = await ask(command);
    if (word === 'shutdown' && reply?.kind !== 'error') return 0;
    if (reply === undefined) return refuse('Server closed the connection');
    if (reply.kind !== 'error') {
      if (word === 'select') database = Number(command[1]);
      if (word === 'multi') queuing = true;
    }
    if (word === 'exec' || word === 'discard') queuing = false;
    await print(reply);
    if (!formatted && reply.kind === 'error') await process.stdout.write('\n');
    if (/^p?subscribe$/.test(word)) return listen();
  }
};

async function addressOf(process: Process, host: string): Promise<string | undefined> {
  if (/^[\d.]+$/.test(host)) return host;
  const resolved = await resolve(process, host);
  return resolved.ok ? resolved.value[0] : undefined;
}

/** `set a "b c"` as three words; undefined where a quote stays open (sdssplitargs). */
function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:\\.|[^"\\])*)"(?=\s|$)|'((?:\\'|[^'])*)'(?=\s|$)|([^\s"']\S*))/y;
  for (pattern.lastIndex = 0; pattern.lastIndex < line.trimEnd().length;) {
    const match = pattern.exec(line);
    if (match === null) return undefined;
    const [, double, single, bare] = match;
    words.push(
      double?.replace(/\\(x[0-9a-f]{2}|.)/gi, (_, text: string) =>
        text.length > 1 ? String.fromCharCode(Number.parseInt(text.slice(1), 16)) : (escapes[text] ?? text),
      ) ??
        single?.replaceAll("\\'", "'") ??
        bare ??
        '',
    );
  }
  return words;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\u0007' };
const marks: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\u0007': '\\a',
  '"': '\\"',
  '\\': '\\\\',
};

/** A string in quotes, as sdscatrepr writes it: bytes beyond ASCII as `\xHH`. */
const quoted = (text: string): string => {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) {
    const char = String.fromCharCode(byte);
    out += marks[char] ?? (byte >= 32 && byte < 127 ? char : `\\x${byte.toString(16).padStart(2, '0')}`);
  }
  return `"${out}"`;
};

/** With types and numbers, as on a terminal. */
function show(reply: Reply, indent = ''): string {
  switch (reply.kind) {
    case 'simple':
      return reply.text;
    case 'error':
      return `(error) ${reply.text}`;
    case 'integer':
      return `(integer) ${reply.value}`;
    case 'nil':
      return '(nil)';
    case 'bulk':
      return quoted(reply.text);
    case 'array': {
      if (reply.items.length === 0) return '(empty array)';
      const width = String(reply.items.length).length;
      return reply.items
        .map((item, index) => {
          const head = `${String(index + 1).padStart(width)}) `;
          return `${index === 0 ? '' : indent}${head}${show(item, `${indent}${' '.repeat(head.length)}`)}`;
        })
        .join('\n');
    }
  }
}

/** As into a pipe. */
function plain(reply: Reply): string {
  if (reply.kind === 'array') return reply.items.map(plain).join('\n');
  if (reply.kind === 'nil') return '';
  return reply.kind === 'integer' ? String(reply.value) : reply.text;
}
