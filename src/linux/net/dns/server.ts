import type { Sys } from '../../errno';
import type { Process } from '../../process/types';
import type { Endpoint, StreamSocket } from '../types';
import {
  decodeMessage,
  encodeMessage,
  noRecords,
  type Question,
  type ResourceRecord,
  type ResponseCode,
} from './message';

/** What a server says to a question. */
export interface Answer {
  readonly code: ResponseCode;
  readonly answers: readonly ResourceRecord[];
  /** The SOA of negative answers (RFC 2308). */
  readonly authority?: readonly ResourceRecord[];
  readonly additional?: readonly ResourceRecord[];
  readonly authoritative?: boolean;
}

export interface DnsServer {
  /** The socket's address. */
  readonly local: Endpoint;
  close(): void;
}

type Responder = (question: Question, from: Endpoint) => Answer | Promise<Answer>;

/** The answer to a message; undefined if it is no question. */
async function respond(bytes: Uint8Array, from: Endpoint, answer: Responder): Promise<Uint8Array | undefined> {
  const message = decodeMessage(bytes);
  if (message === undefined || message.response || message.question === undefined) return undefined;
  const answering = answer(message.question, from);
  const given = 'then' in answering ? await answering : answering;
  return encodeMessage({
    ...message,
    response: true,
    code: given.code,
    authoritative: given.authoritative ?? true,
    recursionAvailable: true,
    answers: given.answers,
    authority: given.authority ?? noRecords,
    additional: given.additional ?? noRecords,
  });
}

/** Answers questions over UDP beside the program: CoreDNS, Docker's embedded DNS. `answer` may wait (a forwarded question). */
export function serveDns(process: Process, at: Endpoint, answer: Responder): Sys<DnsServer> {
  const opened = process.net.datagram(process, at);
  if (!opened.ok) return opened;
  const socket = opened.value;
  let closed = false;

  const reply = async (bytes: Uint8Array, from: Endpoint): Promise<void> => {
    const response = await respond(bytes, from, answer);
    if (response !== undefined) socket.send(from, response);
  };

  const serve = async (): Promise<void> => {
    while (!closed) {
      const received = await socket.receive();
      if (!received.ok) {
        if (received.error.code === 'EINTR' || received.error.code === 'ECONNREFUSED') continue;
        return;
      }
      // A forwarded question must not hold up the next.
      const { bytes, from } = received.value;
      process.thread(() => reply(bytes, from));
    }
  };

  process.thread(serve);
  return {
    ok: true,
    value: {
      local: socket.local,
      close: () => {
        closed = true;
        socket.close();
      },
    },
  };
}

/** Answers questions over TCP, each message behind its length (RFC 1035 §4.2.2). */
export function serveDnsTcp(process: Process, at: Endpoint, answer: Responder): Sys<DnsServer> {
  const opened = process.net.listen(process, at);
  if (!opened.ok) return opened;
  const listener = opened.value;
  process.thread(async () => {
    for (;;) {
      const accepted = await listener.accept();
      if (accepted.ok) process.thread(() => serveStream(accepted.value, answer));
      else if (accepted.error.code !== 'EINTR') return;
    }
  });
  return { ok: true, value: { local: listener.local, close: () => listener.close() } };
}

async function serveStream(socket: StreamSocket, answer: Responder): Promise<void> {
  let pending = new Uint8Array(0);
  for (;;) {
    const [high = 0, low = 0] = pending;
    const length = high * 256 + low;
    if (pending.length >= 2 && pending.length >= 2 + length) {
      const response = await respond(pending.slice(2, 2 + length), socket.remote, answer);
      pending = pending.slice(2 + length);
      if (response === undefined) break;
      const framed = new Uint8Array(2 + response.length);
      framed.set([response.length >> 8, response.length & 255]);
      framed.set(response, 2);
      await socket.write(framed);
      continue;
    }
    const read = await socket.read();
    if (!read.ok || read.value === undefined) break;
    const joined = new Uint8Array(pending.length + read.value.length);
    joined.set(pending);
    joined.set(read.value, pending.length);
    pending = joined;
  }
  socket.close();
}
