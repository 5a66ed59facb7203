import { concat } from '../../linux/io/bytes';
import { StreamReader } from '../../linux/net/http/stream';
import type { StreamSocket } from '../../linux/net/types';
import { deserialize, serialize, type Doc, type Value } from './bson';

const OP_MSG = 2013;

/** A message of the wire protocol: one document, and lists of documents that came as sections beside it. */
export interface Message {
  readonly id: number;
  readonly body: Doc;
}

export function encodeMessage(id: number, responseTo: number, body: Doc): Uint8Array {
  const bytes = serialize(body);
  const head = new Uint8Array(21);
  const view = new DataView(head.buffer);
  view.setInt32(0, 21 + bytes.length, true);
  view.setInt32(4, id, true);
  view.setInt32(8, responseTo, true);
  view.setInt32(12, OP_MSG, true);
  return concat([head, bytes]);
}

/** Reads OP_MSG after OP_MSG from a connection. */
export class MessageReader {
  readonly #reader: StreamReader;
  constructor(socket: StreamSocket) {
    this.#reader = new StreamReader(socket);
  }

  /** The next message; undefined at the end, or where somebody speaks something else. */
  async next(): Promise<Message | undefined> {
    const head = await this.#exactly(16);
    if (head === undefined) return undefined;
    const view = new DataView(head.buffer, head.byteOffset, 16);
    const length = view.getInt32(0, true);
    if (view.getInt32(12, true) !== OP_MSG || length < 21 || length > 48_000_000) return undefined;
    const rest = await this.#exactly(length - 16);
    return rest === undefined ? undefined : { id: view.getInt32(4, true), body: sections(rest) };
  }

  async #exactly(count: number): Promise<Uint8Array | undefined> {
    const read = await this.#reader.exactly(count);
    return read.ok && read.value.length === count ? read.value : undefined;
  }
}

/** Section 0 is the command; sections 1 are its `documents`, `updates`, `deletes`. */
function sections(bytes: Uint8Array): Doc {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let body: Doc = new Map();
  const lists: [string, Value[]][] = [];
  let at = 4;
  while (at < bytes.length) {
    const kind = bytes[at++];
    const size = view.getInt32(at, true);
    if (kind === 0) {
      body = deserialize(bytes, at);
      at += size;
      continue;
    }
    const end = at + size;
    const nameEnd = bytes.indexOf(0, at + 4);
    const name = new TextDecoder().decode(bytes.subarray(at + 4, nameEnd));
    const list: Value[] = [];
    for (at = nameEnd + 1; at < end; at += view.getInt32(at, true)) list.push(deserialize(bytes, at));
    lists.push([name, list]);
    at = end;
  }
  for (const [name, list] of lists) body.set(name, list);
  return body;
}
