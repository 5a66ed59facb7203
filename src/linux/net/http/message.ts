/**
 * HTTP messages of the simulated network. They have the shape of the web platform's Request and Response, but their own
 * bodies: the platform's are read through real event loop turns (Chromium posts tasks), which virtual time cannot see.
 */
export class Headers {
  readonly #entries = new Map<string, { name: string; value: string }>();
  #repeated = 0;

  constructor(init: Readonly<Record<string, string>> = {}) {
    for (const name in init) this.set(name, init[name] ?? '');
  }

  /** The same fields, for whoever adds to them. */
  copy(): Headers {
    const copy = new Headers();
    for (const [key, entry] of this.#entries) copy.#entries.set(key, entry);
    copy.#repeated = this.#repeated;
    return copy;
  }

  get(name: string): string | undefined {
    return this.#entries.get(name.toLowerCase())?.value;
  }
  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }
  set(name: string, value: string): void {
    this.#entries.set(name.toLowerCase(), { name, value });
  }
  append(name: string, value: string): void {
    const key = name.toLowerCase();
    const old = this.#entries.get(key);
    this.#entries.set(key, { name, value: old === undefined ? value : `${old.value}, ${value}` });
  }
  /** Another field of that name, on a line of its own: cookies may not be joined by commas. */
  add(name: string, value: string): void {
    const key = name.toLowerCase();
    this.#entries.set(this.#entries.has(key) ? `${key} ${++this.#repeated}` : key, { name, value });
  }
  delete(name: string): void {
    if (this.#repeated > 0) {
      for (const key of this.#entries.keys()) if (key.startsWith(`${name.toLowerCase()} `)) this.#entries.delete(key);
    }
    this.#entries.delete(name.toLowerCase());
  }
  /** With the names as they were written. */
  [Symbol.iterator](): Iterator<readonly [string, string]> {
    const pairs: (readonly [string, string])[] = [];
    for (const { name, value } of this.#entries.values()) pairs.push([name, value]);
    return pairs[Symbol.iterator]();
  }

  /** As lines of a message's head. */
  get text(): string {
    let text = '';
    for (const { name, value } of this.#entries.values())
      text += `${name}: ${breaks.test(value) ? value.replace(/[\r\n]+/g, ' ') : value}\r\n`;
    return text;
  }
}

const breaks = /[\r\n]/;

/** Bytes known at once, or a stream that is pulled. */
export type Body = Uint8Array | BodyStream;

export interface BodyStream {
  /** The next chunk; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** The reader goes away (a watch's client closed). */
  cancel(): void;
}

export interface Request {
  readonly method: string;
  /** Path with query, as on the request line. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Body;
  /** Where it is not HTTP/1.1. */
  readonly protocol?: 'HTTP/1.0';
}

export interface Response {
  readonly status: number;
  /** The words after the status where they are not Go's. */
  readonly reason?: string;
  readonly headers: Headers;
  readonly body: Body;
}

/** What a server knows besides the request. */
export interface RequestContext {
  /** The client's address, or 'unix' for AF_UNIX. */
  readonly remote: string;
  /** Who the client proved to be (TLS client certificate: CN and O), if it did. */
  readonly peer?: {
    readonly commonName: string;
    readonly organizations: readonly string[];
    /** SHA-256 of the certificate, hexadecimal. */
    readonly fingerprint?: string;
  };
  /** Switches protocols (101): gives the raw byte duplex after the headers are sent. */
  readonly upgrade?: (headers: Headers, status?: number) => ByteDuplex;
  /** The span that caused the request. */
  readonly cause?: number;
}

export interface ByteDuplex {
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  /** Half-close: the other side reads the end, and may still write (stdin of `docker attach` has ended). */
  closeWrite?(): void;
  close(): void;
}

export type Handler = (request: Request, context: RequestContext) => Promise<Response>;
