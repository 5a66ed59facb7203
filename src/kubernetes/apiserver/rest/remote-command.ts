import { encode, decode } from '../../../linux/io/bytes';
import { webSocketAnswer, webSocketOver, type WebSocket } from '../../../linux/net/http/websocket';
import { Headers, type ByteDuplex, type Response } from '../../../linux/net/http/message';
import { noBytes } from '../../../linux/io/bytes';
import type { Clock } from '../../../sim/clock';
import type { Deferred } from '../../../sim/deferred';
import type { Pod } from '../../api/core/pod';
import { badRequest, failure, serviceUnavailable } from '../../apimachinery/status';
import type { Routed } from './exchange';
import type { RemoteSession, RemoteStreams, SessionEnd } from './node-connections';
import { refuse } from './respond';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** exec, attach and portforward over a WebSocket (k8s.io/apimachinery/pkg/util/remotecommand, v5). */
export async function serveRemote(exchange: Routed, pod: Pod, container: string): Promise<Response> {
  const { info, server, request, context } = exchange;
  const { nodes } = server;
  if (nodes === undefined) return refuse(serviceUnavailable('no connection to the nodes'));
  const { query } = info;
  if (info.subresource === 'portforward') return portForward(exchange, pod);

  const wants = {
    container,
    stdin: flag(query, 'stdin'),
    stdout: flag(query, 'stdout'),
    stderr: flag(query, 'stderr'),
    tty: flag(query, 'tty'),
  };
  const command = query.getAll('command');
  if (info.subresource === 'exec' && command.length === 0)
    return refuse(badRequest('you must specify at least 1 command for the container'));
  const handshake = webSocketAnswer(request, protocols);
  if (handshake === undefined || context.upgrade === undefined)
    return refuse(failure(400, 'BadRequest', 'Upgrade request required'));
  const session = await (info.subresource === 'exec'
    ? nodes.exec(pod, { ...wants, command })
    : nodes.attach(pod, wants));
  if (!session.ok && session.error.code !== 500) return refuse(session.error);
  const socket = webSocketOver(context.upgrade(handshake.headers));
  if (!session.ok) {
    // The stream translator has switched protocols before it hears what the kubelet says.
    await finish(socket, { error: session.error.message });
    return switched;
  }
  await converse(server.clock, socket, session.value);
  return switched;
}

/** The answer was given by the upgrade. */
const switched: Response = { status: 101, headers: new Headers(), body: noBytes };

const flag = (query: URLSearchParams, name: string): boolean => {
  const value = query.get(name);
  return value === 'true' || value === '1';
};

/** Carries the streams until the program ends or the client goes. */
async function converse(clock: Clock, socket: WebSocket, session: RemoteSession): Promise<void> {
  const streams = new ChannelStreams(clock, socket);
  const receiving = streams.receive();
  const end = await session(streams);
  // NewInternalError of the kubelet's NewInternalError.
  await finish(socket, 'error' in end ? { error: `${internal}${internal}${end.error}` } : end);
  await receiving;
}

const internal = 'Internal error occurred: ';

async function finish(socket: WebSocket, end: SessionEnd): Promise<void> {
  await socket.send(frame(channel.error, encode(JSON.stringify(statusOf(end)))));
  await socket.close(1000);
}

class ChannelStreams implements RemoteStreams {
  readonly #stdin: Uint8Array[] = [];
  #stdinEnded = false;
  #waiting: Deferred<void> | undefined;
  #resize: ((size: { readonly width: number; readonly height: number }) => void) | undefined;
  #lastSize: { readonly width: number; readonly height: number } | undefined;
  #closed: (() => void) | undefined;

  constructor(
    readonly clock: Clock,
    readonly socket: WebSocket,
  ) {}

  async readStdin(): Promise<Uint8Array | undefined> {
    while (this.#stdin.length === 0 && !this.#stdinEnded) {
      this.#waiting = this.clock.deferred<void>();
      await this.#waiting.promise;
    }
    return this.#stdin.shift();
  }
  stdout(bytes: Uint8Array): Promise<void> {
    return this.socket.send(frame(channel.stdout, bytes));
  }
  stderr(bytes: Uint8Array): Promise<void> {
    return this.socket.send(frame(channel.stderr, bytes));
  }
  onResize(handler: (size: { readonly width: number; readonly height: number }) => void): void {
    this.#resize = handler;
    if (this.#lastSize !== undefined) handler(this.#lastSize);
  }
  onClose(handler: () => void): void {
    this.#closed = handler;
  }

  /** Reads the client's frames until it goes. */
  async receive(): Promise<void> {
    for (;;) {
      const message = await this.socket.receive();
      if (message === undefined) break;
      const [which, second] = message.bytes;
      const payload = message.bytes.subarray(1);
      if (which === channel.stdin) this.#stdin.push(payload);
      else if (which === channel.close && second === channel.stdin) this.#stdinEnded = true;
      else if (which === channel.resize) this.#resized(payload);
      this.#waiting?.resolve();
    }
    this.#stdinEnded = true;
    this.#waiting?.resolve();
    this.#closed?.();
  }

  #resized(payload: Uint8Array): void {
    const { Width, Height } = JSON.parse(decode(payload)) as { Width?: number; Height?: number };
    this.#lastSize = { width: Width ?? 80, height: Height ?? 24 };
    this.#resize?.(this.#lastSize);
  }
}

function frame(which: number, bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(bytes.length + 1);
  framed[0] = which;
  framed.set(bytes, 1);
  return framed;
}

/** What the error channel says at the end. */
function statusOf(end: SessionEnd): object {
  if ('error' in end)
    return {
      metadata: {},
      status: 'Failure',
      message: end.error,
      reason: 'InternalError',
      details: { causes: [{ message: end.error }] },
      code: 500,
    };
  if (end.exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${end.exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(end.exitCode) }] },
  };
}

/**
 * Port-forward: one WebSocket a connection, the port in the query, data and errors on two channels
 * (v4.channel.k8s.io of the kubelet's portforward package).
 */
async function portForward({ info, server, request, context }: Routed, pod: Pod): Promise<Response> {
  const port = Number(info.query.get('ports') ?? NaN);
  if (!Number.isInteger(port)) return refuse(badRequest('query parameter "port" is required'));
  const handshake = webSocketAnswer(request, ['v4.channel.k8s.io', 'portforward.k8s.io']);
  if (handshake === undefined || context.upgrade === undefined)
    return refuse(failure(400, 'BadRequest', 'Upgrade request required'));
  const connect = await server.nodes?.portForward(pod, port);
  if (connect === undefined) return refuse(serviceUnavailable('no connection to the nodes'));
  if (!connect.ok) return refuse(connect.error);
  const socket = webSocketOver(context.upgrade(handshake.headers));
  const portBytes = Uint8Array.from([port & 255, port >> 8]);
  await socket.send(frame(0, portBytes));
  await socket.send(frame(1, portBytes));
  const duplex: ByteDuplex = {
    read: async () => {
      for (;;) {
        const message = await socket.receive();
        if (message === undefined) return undefined;
        if (message.bytes[0] === 0 && message.bytes.length > 1) return message.bytes.subarray(1);
      }
    },
    write: (bytes) => socket.send(frame(0, bytes)),
    close: () => void socket.close(1000),
  };
  await connect.value(duplex);
  await socket.close(1000);
  return switched;
}
