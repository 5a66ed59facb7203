import { sha1 } from '@noble/hashes/legacy.js';
import type { Random } from '../../../sim/random';
import { concat, encode, noBytes } from '../../io/bytes';
import { base64 } from '../tls/pem';
import { Headers, type ByteDuplex, type Request } from './message';

/** A WebSocket message (RFC 6455): text and binary are both bytes to Kubernetes' channel protocols. */
export interface WebSocketMessage {
  readonly binary: boolean;
  readonly bytes: Uint8Array;
}

export interface WebSocket {
  /** The next message; undefined after a close frame or the end of the connection. */
  receive(): Promise<WebSocketMessage | undefined>;
  send(bytes: Uint8Array, options?: { readonly text?: boolean }): Promise<void>;
  ping(): Promise<void>;
  close(code?: number, reason?: string): Promise<void>;
  /** The code of the close frame received. */
  readonly closeCode: number | undefined;
}

/** RFC 6455 §1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Sec-WebSocket-Accept of a key. */
export const acceptOf = (key: string): string => base64(sha1(encode(key + guid)));

/** The header fields with which a client asks for a WebSocket. */
export function webSocketRequest(random: Random, protocols: readonly string[] = []): Headers {
  const headers = new Headers({
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': base64(random.bytes(16)),
    'Sec-WebSocket-Version': '13',
  });
  if (protocols.length > 0) headers.set('Sec-WebSocket-Protocol', protocols.join(','));
  return headers;
}

/** Whether a request asks for a WebSocket. */
export const asksForWebSocket = ({ headers }: Request): boolean =>
  /websocket/i.test(headers.get('Upgrade') ?? '') && /upgrade/i.test(headers.get('Connection') ?? '');

/**
 * The fields of the 101 answer, with the first of our protocols that the client offers; undefined if the request is no
 * proper handshake or it wants protocols and has none of ours.
 */
export function webSocketAnswer(
  request: Request,
  protocols: readonly string[] = [],
): { readonly headers: Headers; readonly protocol: string | undefined } | undefined {
  const key = request.headers.get('Sec-WebSocket-Key');
  if (key === undefined || !asksForWebSocket(request)) return undefined;
  const offered = (request.headers.get('Sec-WebSocket-Protocol') ?? '').split(',').map((name) => name.trim());
  const protocol = offered.find((name) => protocols.includes(name));
  if (protocols.length > 0 && protocol === undefined && offered.some((name) => name !== '')) return undefined;
  const headers = new Headers({
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Accept': acceptOf(key),
  });
  if (protocol !== undefined) headers.set('Sec-WebSocket-Protocol', protocol);
  return { headers, protocol };
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
type Opcode = (typeof opcodes)[keyof typeof opcodes];

/** One frame (RFC 6455 §5.2). Clients mask, servers do not. */
export function encodeFrame(opcode: Opcode, payload: Uint8Array, mask?: Uint8Array): Uint8Array {
  const { length } = payload;
  const masked = mask === undefined ? 0 : 0x80;
  const head =
    length < 126
      ? [0x80 | opcode, masked | length]
      : length < 65_536
        ? [0x80 | opcode, masked | 126, length >> 8, length & 0xff]
        : [
            0x80 | opcode,
            masked | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >>> 16) & 255,
            (length >>> 8) & 255,
            length & 255,
          ];
  if (mask === undefined) return concat([Uint8Array.from(head), payload]);
  return concat([Uint8Array.from(head), mask, payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0))]);
}

export interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** Takes one frame from the beginning of `bytes`; undefined if it is not all there yet. */
export function decodeFrame(bytes: Uint8Array): { readonly frame: Frame; readonly rest: Uint8Array } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2) return undefined;
  const [first, second] = [view.getUint8(0), view.getUint8(1)];
  let at = 2;
  let length = second & 0x7f;
  if (length === 126) {
    if (bytes.length < 4) return undefined;
    length = view.getUint16(2);
    at = 4;
  } else if (length === 127) {
    if (bytes.length < 10) return undefined;
    length = view.getUint32(2) * 2 ** 32 + view.getUint32(6);
    at = 10;
  }
  const mask = (second & 0x80) === 0 ? undefined : bytes.subarray(at, at + 4);
  if (mask) at += 4;
  if (bytes.length < at + length) return undefined;
  const data = bytes.subarray(at, at + length);
  const payload = mask ? data.map((byte, index) => byte ^ (mask[index & 3] ?? 0)) : data;
  return { frame: { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload }, rest: bytes.subarray(at + length) };
}

/** A WebSocket over an upgraded connection. `mask`: we are the client, with this source of masks. */
export function webSocketOver(duplex: ByteDuplex, mask?: Random): WebSocket {
  let buffer: Uint8Array = noBytes;
  let closeCode: number | undefined;
  let closing = false;
  const put = (opcode: Opcode, payload: Uint8Array): Promise<void> =>
    duplex.write(encodeFrame(opcode, payload, mask?.bytes(4)));

  const nextFrame = async (): Promise<Frame | undefined> => {
    for (;;) {
      const decoded = decodeFrame(buffer);
      if (decoded) {
        buffer = decoded.rest;
        return decoded.frame;
      }
      const more = await duplex.read();
      if (more === undefined) return undefined;
      buffer = buffer.length === 0 ? more : concat([buffer, more]);
    }
  };

  return {
    get closeCode() {
      return closeCode;
    },
    async receive() {
      const parts: Uint8Array[] = [];
      let binary = false;
      for (let frame = await nextFrame(); frame !== undefined; frame = await nextFrame()) {
        switch (frame.opcode) {
          case opcodes.ping:
            await put(opcodes.pong, frame.payload);
            break;
          case opcodes.pong:
            break;
          case opcodes.close:
            closeCode = ((frame.payload[0] ?? 0x03) << 8) | (frame.payload[1] ?? 0xed);
            if (!closing) await put(opcodes.close, frame.payload.subarray(0, 2));
            closing = true;
            duplex.close();
            return undefined;
          default:
            if (frame.opcode !== opcodes.continuation) binary = frame.opcode === opcodes.binary;
            parts.push(frame.payload);
            if (frame.final) return { binary, bytes: concat(parts) };
        }
      }
      return undefined;
    },
    async send(bytes, { text = false } = {}) {
      if (!closing) await put(text ? opcodes.text : opcodes.binary, bytes);
    },
    ping: () => put(opcodes.ping, noBytes),
    async close(code = 1000, reason = '') {
      if (closing) return;
      closing = true;
      await put(opcodes.close, concat([Uint8Array.of(code >> 8, code & 0xff), encode(reason)]));
    },
  };
}
