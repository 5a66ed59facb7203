import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { httpDate } from '../src/linux/net/http/server';
import {
  Headers,
  type BodyStream,
  type Handler,
  type Request,
  type RequestContext,
  type Response,
} from '../src/linux/net/http/message';
import type { Clock } from '../src/sim/clock';
import { SocketDuplex } from './duplex';
import type { Pump } from './pump';

export interface ServeOptions {
  readonly clock: Clock;
  readonly pump: Pump;
  readonly handler: Handler;
  /** False while the simulated server is down: connections break off. */
  readonly up?: () => boolean;
  /** Certificates, if the server speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
  /** Changes what came in before the world sees it. */
  readonly translate?: (incoming: Incoming) => Incoming;
  readonly remote?: string;
  readonly fault: (error: unknown) => void;
}

/** A request of a real client. */
export interface Incoming {
  readonly request: Request;
  readonly peer: RequestContext['peer'];
}

/** A real HTTP server whose answers are those of a handler in the world. */
export function createServer(options: ServeOptions): Server {
  const { tls } = options;
  const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
    exchange(options, message, response).catch((error: unknown) => {
      options.fault(error);
      message.socket.destroy();
    });
  };
  const timeouts = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 30_000 };
  const server =
    tls === undefined
      ? createHttpServer(timeouts, onRequest)
      : createHttpsServer({ ...timeouts, ...tls, requestCert: true, rejectUnauthorized: false }, onRequest);
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    switchProtocols(options, message, socket, head).catch((error: unknown) => {
      options.fault(error);
      socket.destroy();
    });
  });
  server.on('clientError', (_error, socket: Duplex) => socket.destroy());
  return server as Server;
}

async function exchange(options: ServeOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer);
  } catch {
    return; // the client went away before it had said all
  }
  if (options.up?.() === false) {
    message.socket.destroy();
    return;
  }
  const incoming = received(options, message, Buffer.concat(chunks));
  options.pump.enter(() => {
    ask(options, incoming, {}).then(
      (answer) => answerWith(options, message.method ?? 'GET', response, answer),
      (error: unknown) => {
        options.fault(error);
        response.destroy();
      },
    );
  });
}

/** The handler's answer. Runs in the world. */
async function ask(
  { handler, remote = '127.0.0.1' }: ServeOptions,
  { request, peer }: Incoming,
  more: Pick<RequestContext, 'upgrade'>,
): Promise<Response> {
  return handler(request, { remote, ...more, ...(peer === undefined ? {} : { peer }) });
}

function received({ translate }: ServeOptions, message: IncomingMessage, body: Uint8Array): Incoming {
  const headers = new Headers();
  const { rawHeaders, socket } = message;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  const incoming: Incoming = {
    request: { method: message.method ?? 'GET', url: message.url ?? '/', headers, body },
    peer: socket instanceof TLSSocket ? peerOf(socket) : undefined,
  };
  return translate?.(incoming) ?? incoming;
}

function peerOf(socket: TLSSocket): RequestContext['peer'] {
  // Without a certificate there is none; a resumed session calls itself authorized all the same.
  const { subject } = socket.getPeerCertificate() as { readonly subject?: { CN?: string; O?: string | string[] } };
  if (!socket.authorized || subject === undefined) return undefined;
  const { CN = '', O = [] } = subject;
  return { commonName: CN, organizations: typeof O === 'string' ? [O] : O };
}

function answerWith(options: ServeOptions, method: string, response: ServerResponse, answer: Response): void {
  const { body } = answer;
  response.sendDate = false;
  response.setHeader('Date', httpDate(options.clock.now));
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.writeHead(answer.status);
  if (body instanceof Uint8Array) {
    response.end(method === 'HEAD' ? undefined : body);
    return;
  }
  if (method === 'HEAD') {
    response.end();
    options.pump.enter(() => body.cancel());
    return;
  }
  response.flushHeaders();
  stream(options, body, response);
}

/** Passes chunks on as they come. */
function stream({ pump, fault }: ServeOptions, body: BodyStream, response: ServerResponse): void {
  let over = false;
  response.on('close', () => {
    if (over) return;
    over = true;
    pump.enter(() => body.cancel());
  });
  response.on('error', () => undefined);
  const fail = (error: unknown): void => {
    over = true;
    fault(error);
    response.destroy();
  };
  const next = (): void => {
    body.read().then((chunk) => {
      if (over) return;
      if (chunk === undefined) {
        over = true;
        response.end();
      } else if (chunk.length === 0 || response.write(chunk)) next();
      else response.once('drain', () => pump.enter(next));
    }, fail);
  };
  next();
}

/** A request that would like another protocol; the handler decides. */
async function switchProtocols(
  options: ServeOptions,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { pump, clock } = options;
  if ('setNoDelay' in socket) (socket as TLSSocket).setNoDelay(true);
  const duplex = new SocketDuplex(socket, head, pump, clock);
  // Node hands the connection over with the body (`docker exec start` has one) still to be read.
  const body = await duplex.take(Number(message.headers['content-length'] ?? 0));
  if (options.up?.() === false || body === undefined) {
    socket.destroy();
    return;
  }
  const incoming = received(options, message, body);
  let switched = false;
  const upgrade: RequestContext['upgrade'] = (headers, status = 101) => {
    switched = true;
    const reason = status === 101 && headers.get('Upgrade') === 'tcp' ? 'UPGRADED' : STATUS_CODES[status];
    socket.write(headText(status, reason, headers));
    return duplex;
  };
  pump.enter(() => {
    ask(options, incoming, { upgrade }).then(
      (answer) => {
        if (!switched) void plainAnswer(options, socket, answer);
      },
      (error: unknown) => {
        options.fault(error);
        socket.destroy();
      },
    );
  });
}

/** The handler did not switch: an ordinary answer, after which the connection ends. */
async function plainAnswer(
  { clock }: ServeOptions,
  socket: Duplex,
  { status, headers, body }: Response,
): Promise<void> {
  const fields = new Headers();
  for (const [name, value] of headers) fields.set(name, value);
  fields.set('Date', httpDate(clock.now));
  fields.set('Connection', 'close');
  if (body instanceof Uint8Array) fields.set('Content-Length', String(body.length));
  socket.write(headText(status, STATUS_CODES[status], fields));
  if (body instanceof Uint8Array) socket.write(body);
  else for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) socket.write(chunk);
  socket.end();
}

function headText(status: number, reason = '', headers: Headers): string {
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}
