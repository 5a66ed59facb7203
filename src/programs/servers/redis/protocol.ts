import { concat, decode, encode, noBytes } from '../../../linux/io/bytes';
import type { StreamSocket } from '../../../linux/net/types';

/** A reply of the Redis serialization protocol (RESP2). */
export type Reply =
  | { readonly kind: 'simple' | 'error' | 'bulk'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'nil' }
  | { readonly kind: 'array'; readonly items: readonly Reply[] };

export const simple = (text: string): Reply => ({ kind: 'simple', text });
export const error = (text: string): Reply => ({ kind: 'error', text });
export const bulk = (text: string): Reply => ({ kind: 'bulk', text });
export const integer = (value: number): Reply => ({ kind: 'integer', value });
export const array = (items: readonly Reply[]): Reply => ({ kind: 'array', items });
export const nil: Reply = { kind: 'nil' };

export function encodeReply(reply: Reply): string {
  switch (reply.kind) {
    case 'simple':
      return `+${reply.text}\r\n`;
    case 'error':
      return `-${reply.text}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'nil':
      return '$-1\r\n';
    case 'bulk':
      return `$${encode(reply.text).length}\r\n${reply.text}\r\n`;
    case 'array':
      return `*${reply.items.length}\r\n${reply.items.map(encodeReply).join('')}`;
  }
}

export const encodeCommand = (words: readonly string[]): string => encodeReply(array(words.map(bulk)));

/** Reads commands and replies from a connection. */
export class Connection {
  #rest: Uint8Array = noBytes;

  constructor(readonly socket: StreamSocket) {}

  /** A command: an array of bulk strings, or an inline line as typed into telnet. Undefined at the end. */
  async command(): Promise<readonly string[] | undefined> {
    const line = await this.#line();
    if (line === undefined) return undefined;
    if (!line.startsWith('*')) return line.split(/\s+/).filter((word) => word !== '');
    const words: string[] = [];
    for (let left = Number(line.slice(1)); left > 0; left--) {
      const head = await this.#line();
      if (head === undefined) return undefined;
      const word = await this.#bytes(Number(head.slice(1)));
      if (word === undefined) return undefined;
      words.push(word);
    }
    return words;
  }

  async reply(): Promise<Reply | undefined> {
    const line = await this.#line();
    if (line === undefined) return undefined;
    const rest = line.slice(1);
    switch (line.charAt(0)) {
      case '+':
        return simple(rest);
      case '-':
        return error(rest);
      case ':':
        return integer(Number(rest));
      case '$': {
        if (rest === '-1') return nil;
        const text = await this.#bytes(Number(rest));
        return text === undefined ? undefined : bulk(text);
      }
      default: {
        const items: Reply[] = [];
        for (let left = Number(rest); left > 0; left--) {
          const item = await this.reply();
          if (item === undefined) return undefined;
          items.push(item);
        }
        return array(items);
      }
    }
  }

  async send(text: string): Promise<boolean> {
    return (await this.socket.write(encode(text))).ok;
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end >= 0) {
        const line = decode(this.#rest.subarray(0, end)).replace(/\r$/, '');
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (!(await this.#more())) return undefined;
    }
  }

  /** So many bytes, and the line's end after them. */
  async #bytes(count: number): Promise<string | undefined> {
    while (this.#rest.length < count + 2) if (!(await this.#more())) return undefined;
    const text = decode(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count + 2);
    return text;
  }

  async #more(): Promise<boolean> {
    const read = await this.socket.read();
    if (!read.ok || read.value === undefined) return false;
    this.#rest = concat([this.#rest, read.value]);
    return true;
  }
}
