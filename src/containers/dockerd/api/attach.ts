import { Headers, type ByteDuplex } from '../../../linux/net/http/message';
import type { ShimProcess } from '../../shim/shim';
import { frame, type Call } from './respond';
import { isLess } from './versions';

interface Wanted {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  /** Closes the process's standard input when the client has sent all. */
  readonly closeStdin: boolean;
}

/**
 * Takes the connection over for a byte stream in both directions. Who asks for an upgrade is told of it; who does not gets
 * the stream as it is. `fields` are what exec says besides (api/server/router/container).
 */
export function hijack(
  { context, request, version }: Call,
  tty: boolean,
  fields: readonly (readonly [string, string])[] = [],
): ByteDuplex | undefined {
  const asked = request.headers.get('Upgrade') !== undefined;
  const kind = tty || !asked || isLess(version, '1.42') ? 'raw' : 'multiplexed';
  const headers = new Headers({ 'Content-Type': `application/vnd.docker.${kind}-stream` });
  if (asked) {
    headers.set('Connection', 'Upgrade');
    headers.set('Upgrade', 'tcp');
  }
  for (const [name, value] of fields) headers.set(name, value);
  return context.upgrade?.(headers, asked ? 101 : 200);
}

/**
 * Connects a client with a process's streams. What the client sends before the process is there waits in the connection.
 * Gives how to plug the process in, and how to let go.
 */
export function pump(duplex: ByteDuplex, { stdin, stdout, stderr, tty, closeStdin }: Wanted) {
  let ends: (() => void)[] = [];
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    for (const end of ends) end();
    ends = [];
    duplex.close();
  };
  const plug = (process: ShimProcess): void => {
    const { streams } = process;
    const send = (stream: 1 | 2) => (bytes: Uint8Array) => duplex.write(tty ? bytes : frame(stream, bytes));
    if (stdout) ends.push(streams.stdout.listen(send(1)));
    if (stderr && !tty) ends.push(streams.stderr.listen(send(2)));
    if (stdin) void feed(process);
    process.onExit(close);
  };
  const feed = async (process: ShimProcess): Promise<void> => {
    for (;;) {
      const bytes = await duplex.read();
      if (bytes === undefined) break;
      if (process.streams.pty !== undefined) process.streams.pty.input(bytes);
      else await process.streams.stdin?.write(bytes);
    }
    if (closeStdin) process.streams.stdin?.close();
  };
  return { plug, close };
}
