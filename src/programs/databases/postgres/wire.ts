import { concat, decode, encode } from '../../../linux/io/bytes';
import type { StreamSocket } from '../../../linux/net/types';

/** One message of PostgreSQL's protocol 3.0: its type and what follows the length. The start-up message has type ''. */
export interface Message {
  readonly type: string;
  readonly body: Uint8Array;
}

/** A message as it goes over the wire. */
export function frame(type: string, body: Uint8Array | string = ''): Uint8Array {
  const bytes = typeof body === 'string' ? encode(body) : body;
  const head = type === '' ? 4 : 5;
  const whole = new Uint8Array(head + bytes.length);
  if (type !== '') whole[0] = type.charCodeAt(0);
  new DataView(whole.buffer).setUint32(head - 4, bytes.length + 4);
  whole.set(bytes, head);
  return whole;
}

/** Takes a run of complete messages apart. */
export function messagesIn(bytes: Uint8Array): Message[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Message[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const length = view.getUint32(at + 1);
    messages.push({
      type: String.fromCharCode(bytes[at] ?? 0),
      body: bytes.subarray(at + 5, at + 1 + length),
    });
    at += 1 + length;
  }
  return messages;
}

/** Reads the messages of one side of a connection. */
export class MessageReader {
  #rest: Uint8Array = new Uint8Array(0);
  constructor(readonly socket: StreamSocket) {}

  /** Is at least one byte here already? */
  get buffered(): boolean {
    return this.#rest.length > 0;
  }

  /** The next message; undefined when the other side is gone. */
  async next(typed = true): Promise<Message | undefined> {
    const head = typed ? 5 : 4;
    if (!(await this.#fill(head))) return undefined;
    const view = new DataView(this.#rest.buffer, this.#rest.byteOffset);
    const length = view.getUint32(head - 4);
    const whole = head - 4 + length;
    if (length < 4 || !(await this.#fill(whole))) return undefined;
    const bytes = this.#rest;
    this.#rest = bytes.subarray(whole);
    return { type: typed ? String.fromCharCode(bytes[0] ?? 0) : '', body: bytes.subarray(head, whole) };
  }

  async #fill(wanted: number): Promise<boolean> {
    while (this.#rest.length < wanted) {
      const read = await this.socket.read(65536);
      if (!read.ok) {
        if (read.error.code === 'EINTR') continue;
        return false;
      }
      if (read.value === undefined) return false;
      this.#rest = concat([this.#rest, read.value]);
    }
    return true;
  }
}

/** Takes numbers and C strings from a message's body. */
export class Cursor {
  #at = 0;
  readonly #view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.bytes.length;
  }

  int16(): number {
    this.#at += 2;
    return this.#view.getInt16(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#view.getInt32(this.#at - 4);
  }

  byte(): number {
    return this.bytes[this.#at++] ?? 0;
  }

  text(): string {
    let end = this.bytes.indexOf(0, this.#at);
    if (end < 0) end = this.bytes.length;
    const text = decode(this.bytes.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  take(length: number): Uint8Array {
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }
}

/** A body of C strings and 32-bit numbers. */
export function body(...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  return concat(
    parts.map((part) => {
      if (typeof part === 'string') return encode(`${part}\0`);
      if (typeof part !== 'number') return part;
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setInt32(0, part);
      return bytes;
    }),
  );
}

/** The fields of an ErrorResponse or NoticeResponse by their letters. */
export function fieldsOf({ body: bytes }: Message): ReadonlyMap<string, string> {
  const cursor = new Cursor(bytes);
  const fields = new Map<string, string>();
  while (!cursor.done) {
    const code = cursor.byte();
    if (code === 0) break;
    fields.set(String.fromCharCode(code), cursor.text());
  }
  return fields;
}

/** An ErrorResponse of our own making. */
export const errorFrame = (
  severity: string,
  code: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
) =>
  frame(
    'E',
    body(
      `S${severity}`,
      `V${severity}`,
      `C${code}`,
      `M${message}`,
      ...Object.entries(more).map(([letter, text]) => letter + text),
      new Uint8Array(1),
    ),
  );
