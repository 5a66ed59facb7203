import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { readBody } from '../../../linux/net/http/codec';
import {
  Headers,
  type BodyStream,
  type Request,
  type RequestContext,
  type Response,
} from '../../../linux/net/http/message';
import type { Clock } from '../../../sim/clock';
import type { ApiError } from '../api-types';
import type { EngineBuild } from '../build-info';
import type { Engine } from '../engine';
import { parseGoJson } from './go-json';

/** One request as handlers see it. */
export interface Call {
  readonly engine: Engine;
  readonly build: EngineBuild;
  /** The version of the API that the client asked for, as `1.51`. */
  readonly version: string;
  readonly request: Request;
  readonly context: RequestContext;
  /** What the path's pattern matched. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
}

export type Route = readonly [method: string, path: RegExp, handle: (call: Call) => Response | Promise<Response>];

/**
 * The largest integers of Go do not fit into JavaScript's numbers: they are rounded up, and a client of Go's would refuse
 * what overflows its type. They are written as what they were.
 */
const goJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(':18446744073709552000', ':18446744073709551615')
    .replaceAll(':9223372036854776000', ':9223372036854775807');

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export const json = (value: unknown, status = 200): Response => ({
  status,
  headers: new Headers({ 'Content-Type': 'application/json' }),
  body: encode(`${goJson(value)}\n`),
});

export const failure = ({ status, message }: ApiError): Response => json({ message }, status);
export const noContent = (status = 204): Response => ({ status, headers: new Headers(), body: noBytes });

export const flag = (query: URLSearchParams, name: string): boolean =>
  ['1', 'true', 'True', 'yes'].includes(query.get(name) ?? '');

/** Thrown by a handler's helper: the request is refused. */
export class ApiProblem extends Error implements ApiError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The body as JSON; undefined where there is none (httputils.ReadJSON). */
export async function readJson<T>({ request }: Call): Promise<T | undefined> {
  const bytes = await readBody(request.body);
  const type = request.headers.get('Content-Type') ?? '';
  if (type === '' && bytes.length === 0) return undefined;
  if (!/^application\/json\s*(;|$)/.test(type)) {
    throw new ApiProblem(
      400,
      type === '' ? 'mime: no media type' : `unsupported Content-Type header (${type}): must be 'application/json'`,
    );
  }
  if (bytes.length === 0) return undefined;
  const parsed = parseGoJson(decode(bytes));
  if (!parsed.ok) throw new ApiProblem(400, `invalid JSON: ${parsed.error}`);
  return parsed.value as T;
}

/** `filters={"label":{"a=b":true}}` or with lists, as older clients send them. */
export function filtersOf(query: URLSearchParams): ReadonlyMap<string, readonly string[]> {
  const text = query.get('filters');
  if (text === null || text === '') return new Map();
  try {
    const parsed = JSON.parse(text) as Record<string, Record<string, boolean> | string[]>;
    return new Map(
      Object.entries(parsed).map(([name, values]) => [name, Array.isArray(values) ? values : Object.keys(values)]),
    );
  } catch {
    throw new ApiProblem(400, 'invalid filter');
  }
}

/** A body that is written while it is read: progress, logs, events, wait. */
export class Stream implements BodyStream {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #wake: (() => void) | undefined;
  readonly #cancelled = new Set<() => void>();

  constructor(readonly clock: Clock) {}

  write(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#wake?.();
  }

  /** As Go's encoder writes it; answers that are one document leave `<`, `>` and `&` as they are (WriteJSON). */
  json(value: unknown, end = '\r\n'): void {
    this.write(encode(`${goJson(value).replace(/[<>&\u2028\u2029]/g, escaped)}${end}`));
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  onCancel(listener: () => void): void {
    this.#cancelled.add(listener);
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) return chunk;
      if (this.#ended) return undefined;
      const woken = this.clock.deferred<void>();
      this.#wake = () => woken.resolve();
      await woken.promise;
      this.#wake = undefined;
    }
  }

  cancel(): void {
    this.#ended = true;
    this.#wake?.();
    for (const listener of this.#cancelled) listener();
    this.#cancelled.clear();
  }

  response(type = 'application/json', status = 200): Response {
    return { status, headers: new Headers({ 'Content-Type': type }), body: this };
  }
}

/** One frame of a multiplexed stream: which stream, three zeros, the length, the bytes (pkg/stdcopy). */
export function frame(stream: 0 | 1 | 2, bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(8 + bytes.length);
  framed[0] = stream;
  new DataView(framed.buffer).setUint32(4, bytes.length);
  framed.set(bytes, 8);
  return framed;
}

/** A promise from a function that takes a callback. */
export function when<T>(clock: Clock, start: (done: (value: T) => void) => void): Promise<T> {
  const result = clock.deferred<T>();
  start((value) => result.resolve(value));
  return result.promise;
}
