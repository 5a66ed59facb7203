import type { Process, Program } from '../../../linux/process/types';
import { resolve } from '../../../linux/net/dns/resolve';
import { Connection, encodeCommand, type Reply } from './protocol';

/** redis-cli: one command from its arguments, or commands line by line from standard input. */
export const redisCli: Program = async (process) => {
  const rest = [...process.args];
  let [host, port] = ['127.0.0.1', 6379];
  let password: string | undefined;
  for (;;) {
    const flag = rest[0];
    if (flag !== '-h' && flag !== '-p' && flag !== '-a' && flag !== '-n') break;
    const value = rest[1] ?? '';
    if (flag === '-h') host = value;
    if (flag === '-p') port = Number(value);
    if (flag === '-a') password = value;
    rest.splice(0, 2);
  }
  const refuse = async (why: string): Promise<number> => {
    await process.stderr.write(`Could not connect to Redis at ${host}:${port}: ${why}\n`);
    return 1;
  };
  const address = await addressOf(process, host);
  if (address === undefined) return refuse('Name or service not known');
  const socket = await process.net.connect(process, { address, port });
  if (!socket.ok) return refuse(socket.error.message);
  const connection = new Connection(socket.value);
  const terminal = process.fds.get(1)?.kind === 'tty';
  const ask = async (words: readonly string[]): Promise<Reply | undefined> => {
    await connection.send(encodeCommand(words));
    return connection.reply();
  };
  if (password !== undefined) await ask(['AUTH', password]);
  if (rest.length > 0) {
    const reply = await ask(rest);
    await process.stdout.write(
      `${reply === undefined ? 'Error: Server closed the connection' : show(reply, terminal)}\n`,
    );
    return reply === undefined || reply.kind === 'error' ? 1 : 0;
  }
  for (;;) {
    if (terminal) await process.stdout.write(`${host}:${port}> `);
    const line = await process.stdin.readLine();
    if (line === undefined) return 0;
    const words = wordsOf(line);
    if (words.length === 0) continue;
    if (['quit', 'exit'].includes(words[0] ?? '')) return 0;
    const reply = await ask(words);
    if (reply === undefined) return refuse('Server closed the connection');
    await process.stdout.write(`${show(reply, terminal)}\n`);
  }
};

async function addressOf(process: Process, host: string): Promise<string | undefined> {
  if (/^[\d.]+$/.test(host)) return host;
  const resolved = await resolve(process, host);
  return resolved.ok ? resolved.value[0] : undefined;
}

/** `set a "b c"` as three words. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double?.replace(/\\(.)/g, '$1') ?? single ?? plain ?? '',
  );

/** As redis-cli prints: with types and numbers on a terminal, plain into a pipe. */
function show(reply: Reply, terminal: boolean, indent = ''): string {
  switch (reply.kind) {
    case 'simple':
      return reply.text;
    case 'error':
      return terminal ? `(error) ${reply.text}` : reply.text;
    case 'integer':
      return terminal ? `(integer) ${reply.value}` : String(reply.value);
    case 'nil':
      return terminal ? '(nil)' : '';
    case 'bulk':
      return terminal ? JSON.stringify(reply.text) : reply.text;
    case 'array': {
      if (reply.items.length === 0) return terminal ? '(empty array)' : '';
      const width = String(reply.items.length).length;
      return reply.items
        .map((item, index) => {
          const head = terminal ? `${String(index + 1).padStart(width)}) ` : '';
          return `${index === 0 ? '' : indent}${head}${show(item, terminal, `${indent}${' '.repeat(head.length)}`)}`;
        })
        .join('\n');
    }
  }
}
