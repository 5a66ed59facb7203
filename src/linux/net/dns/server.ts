import type { Sys } from '../../errno';
import type { Process } from '../../process/types';
import type { Endpoint } from '../types';
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

/** Answers questions over UDP beside the program: CoreDNS, Docker's embedded DNS. `answer` may wait (a forwarded question). */
export function serveDns(
  process: Process,
  at: Endpoint,
  answer: (question: Question, from: Endpoint) => Answer | Promise<Answer>,
): Sys<DnsServer> {
  const opened = process.net.datagram(process, at);
  if (!opened.ok) return opened;
  const socket = opened.value;
  let closed = false;

  const reply = async (bytes: Uint8Array, from: Endpoint): Promise<void> => {
    const message = decodeMessage(bytes);
    if (message === undefined || message.response || message.question === undefined) return;
    const answering = answer(message.question, from);
    const given = 'then' in answering ? await answering : answering;
    socket.send(
      from,
      encodeMessage({
        ...message,
        response: true,
        code: given.code,
        authoritative: given.authoritative ?? true,
        recursionAvailable: true,
        answers: given.answers,
        authority: given.authority ?? noRecords,
        additional: given.additional ?? noRecords,
      }),
    );
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
