import { concat, decode, encode } from '../../../../linux/io/bytes';
import type { Cli } from '../../cli';
import { Failure, PlainFailure, StatusError } from '../../errors';
import { at, list, text } from '../../json';
import type { Query } from '../../rest/client';
import type { MessageChannel } from '../../rest/transport';

/** Channels of `v5.channel.k8s.io` (apimachinery remotecommand): the first byte of each message. */
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
const protocols = ['v5.channel.k8s.io'];

export interface StreamOptions {
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly stderr: boolean;
  /** Tells the first size one larger, so that the program redraws (attach does so). */
  readonly nudge?: boolean;
  /** Where the output goes; default: our own streams. */
  readonly onStdout?: (bytes: Uint8Array) => Promise<unknown>;
  readonly onStderr?: (bytes: Uint8Array) => Promise<unknown>;
  /** What is sent instead of our own standard input. */
  readonly input?: AsyncIterable<Uint8Array>;
}

/** Runs exec or attach over a WebSocket until the other side is done. A status that is no success is thrown. */
export async function stream(cli: Cli, path: string, query: Query, options: StreamOptions): Promise<void> {
  await cli.flushWarnings();
  const channel = await open(cli, path, query);
  const restore = options.tty ? raw(cli, channel, options.nudge ?? false) : () => undefined;
  try {
    if (options.stdin) feed(cli, channel, options.input).catch(() => undefined);
    await receive(cli, channel, options);
  } finally {
    restore();
    channel.close();
  }
}

/** Who does not take WebSockets is asked for SPDY, which our own servers do not take either: it is their answer that counts. */
async function open(cli: Cli, path: string, query: Query): Promise<MessageChannel> {
  const { client } = cli.factory;
  try {
    return await client.upgrade(path, query, protocols);
  } catch (reason) {
    if (!(reason instanceof StatusError)) throw reason;
    await client.json('POST', path, {
      query,
      headers: { Connection: 'Upgrade', Upgrade: 'SPDY/3.1', 'X-Stream-Protocol-Version': 'v4.channel.k8s.io' },
    });
    throw reason;
  }
}

async function receive(cli: Cli, channel: MessageChannel, options: StreamOptions): Promise<void> {
  const out = options.onStdout ?? ((bytes: Uint8Array) => cli.process.stdout.write(bytes));
  const err = options.onStderr ?? ((bytes: Uint8Array) => cli.process.stderr.write(bytes));
  let status: string | undefined;
  for (let message = await channel.read(); message !== undefined; message = await channel.read()) {
    const bytes = message.subarray(1);
    if (message[0] === channels.stdout && bytes.length > 0) await out(bytes);
    else if (message[0] === channels.stderr && bytes.length > 0) await err(bytes);
    else if (message[0] === channels.error) status = (status ?? '') + decode(bytes);
  }
  if (status === undefined)
    throw new Failure(
      'error reading from error stream: next reader: websocket: close 1006 (abnormal closure): unexpected EOF',
    );
  judge(status);
}

/** The Status that ends a session (client-go remotecommand/v4.go). */
function judge(source: string): void {
  let status: unknown;
  try {
    status = JSON.parse(source);
  } catch {
    throw new Failure(`error stream protocol error: ${source}`);
  }
  if (at(status, 'status') === 'Success') return;
  if (text(status, 'reason') === 'NonZeroExitCode') {
    const cause = list(status, 'details', 'causes').find((each) => text(each, 'reason') === 'ExitCode');
    const code = Number(text(cause, 'message'));
    if (!Number.isInteger(code)) throw new Failure('error stream protocol error: no ExitCode cause given');
    throw new PlainFailure(`command terminated with exit code ${code}`, code);
  }
  throw new Failure(
    text(status, 'message') === '' ? 'error stream protocol error: unknown error' : text(status, 'message'),
  );
}

const message = (channel: number, bytes: Uint8Array): Uint8Array => concat([Uint8Array.of(channel), bytes]);

/** Sends standard input as it comes, then closes that channel. */
async function feed(cli: Cli, channel: MessageChannel, input?: AsyncIterable<Uint8Array>): Promise<void> {
  if (input) for await (const chunk of input) await channel.write(message(channels.stdin, chunk));
  else {
    const { stdin } = cli.process;
    for (let chunk = await stdin.read(); chunk !== undefined; chunk = await stdin.read())
      await channel.write(message(channels.stdin, chunk));
  }
  await channel.write(Uint8Array.of(channels.close, channels.stdin));
}

/** Puts our terminal in raw mode and tells its size, now and whenever it changes. The result undoes it. */
function raw(cli: Cli, channel: MessageChannel, nudge: boolean): () => void {
  const { tty, signals } = cli.process;
  if (!tty) return () => undefined;
  const before = { ...tty.termios };
  Object.assign(tty.termios, {
    canonical: false,
    echo: false,
    signals: false,
    outputNewline: false,
    inputNewline: false,
    flowControl: false,
  });
  const tell = (extra: number): void => {
    const { rows, columns } = tty.size;
    const size = JSON.stringify({ Width: columns + extra, Height: rows + extra });
    channel.write(message(channels.resize, encode(size))).catch(() => undefined);
  };
  if (nudge) tell(1);
  tell(0);
  const stop = signals.handle('SIGWINCH', () => tell(0));
  return () => {
    Object.assign(tty.termios, before);
    stop();
  };
}

/** Whether `-t` can be had; says so where it cannot (exec.SetupTTY). */
export async function terminalWanted(cli: Cli, wanted: boolean, stdin: boolean, quiet: boolean): Promise<boolean> {
  if (!stdin || !wanted) return false;
  if (cli.terminalIn) return true;
  if (!quiet) await cli.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return false;
}
