import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { readBody } from '../../../linux/net/http/codec';
import { request, type ClientResponse, type HttpFailure } from '../../../linux/net/http/client';
import { goFailureText } from '../../../linux/net/http/go-text';
import { Headers, type BodyStream, type ByteDuplex } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';
import { ComposeError } from '../cli/error';

export const version = '2.40.3';
const apiVersion = '1.51';

/** The engine refused. */
export class Refusal extends ComposeError {
  constructor(
    message: string,
    readonly httpStatus: number,
  ) {
    super(`Error response from daemon: ${message}`);
  }
}

/** What is used of an answer. */
export type ApiResponse = Pick<ClientResponse, 'status' | 'line' | 'upgrade' | 'close'> & { readonly body: BodyStream };

/** The Engine API over the socket of docker, as compose's client speaks it. */
export class Api {
  #pinged = false;
  #asked = false;
  readonly #socket: string;
  /** Nothing is really done. */
  readonly dryRun: boolean = false;

  constructor(readonly process: Process) {
    this.#socket = (process.env.get('DOCKER_HOST') ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
  }

  /** Sends a request; statuses from 400 are thrown as refusals. */
  async send<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.open(method, path, body);
    const text = decode(await readBody(response.body));
    if (response.status >= 400) throw new Refusal(messageOf(text, response), response.status);
    return (text === '' || !/^[[{"]/.test(text) ? text : JSON.parse(text)) as T;
  }

  /** A resource, or undefined where there is none. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.send<T>('GET', path);
    } catch (error) {
      if (error instanceof Refusal && error.httpStatus === 404) return undefined;
      throw error;
    }
  }

  /** Opens a response whose body is read as it comes. `body` may be bytes, an archive. */
  async stream(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    const response = await this.open(method, path, body, headers);
    if (response.status < 400) return response;
    throw new Refusal(messageOf(decode(await readBody(response.body)), response), response.status);
  }

  /** Sends a request that turns the connection into a raw stream. */
  async hijack(path: string, body?: unknown): Promise<ByteDuplex> {
    const response = await this.stream('POST', path, body, { Connection: 'Upgrade', Upgrade: 'tcp' });
    const duplex = response.upgrade?.();
    if (duplex === undefined) throw new ComposeError(`unable to upgrade to tcp, received ${response.status}`);
    return duplex;
  }

  /** Which API the engine speaks is asked once, before anything is made for it (RuntimeVersion). */
  async runtimeVersion(): Promise<void> {
    if (this.#asked) return;
    this.#asked = true;
    await this.send('GET', '/version');
  }

  protected async open(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    if (!this.#pinged) {
      this.#pinged = true;
      const pong = await this.#exchange('HEAD', '/_ping', undefined, {});
      await readBody(pong.body);
    }
    return this.#exchange(method, `/v${apiVersion}${path}`, body, more);
  }

  async #exchange(
    method: string,
    path: string,
    body: unknown,
    more: Readonly<Record<string, string>>,
  ): Promise<ClientResponse> {
    const headers = new Headers({ Host: 'api.moby.localhost', 'User-Agent': `compose/${version}`, ...more });
    const isBytes = body instanceof Uint8Array;
    if (body !== undefined) headers.set('Content-Type', isBytes ? 'application/x-tar' : 'application/json');
    const sent = await request(this.process, {
      url: `http://api.moby.localhost${path}`,
      unixPath: this.#socket,
      method,
      headers,
      ...(body === undefined
        ? method === 'POST'
          ? { body: noBytes }
          : {}
        : { body: isBytes ? body : encode(`${JSON.stringify(body)}\n`) }),
    });
    if (sent.ok) return sent.value;
    throw new ComposeError(this.#failure(sent.error, path));
  }

  #failure(failure: HttpFailure, path: string): string {
    const host = `unix://${this.#socket}`;
    if (failure.kind === 'connect' && failure.error.code === 'EACCES') {
      const url = `http://${encodeURIComponent(this.#socket)}${path}`;
      return `permission denied while trying to connect to the Docker daemon socket at ${host}: Get "${url}": ${goFailureText(failure)}`;
    }
    if (failure.kind === 'connect' || failure.kind === 'empty')
      return `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`;
    return `error during connect: ${goFailureText(failure)}`;
  }
}

function messageOf(text: string, response: ApiResponse): string {
  try {
    const { message } = JSON.parse(text) as { message?: string };
    if (message !== undefined) return message;
  } catch {
    // Not JSON: shown as it is.
  }
  return text.trim() || response.line;
}

/** A query string from what is set. */
export function query(params: Readonly<Record<string, string | undefined>>): string {
  const search = new URLSearchParams();
  for (const name of Object.keys(params).sort()) {
    const value = params[name];
    if (value !== undefined) search.set(name, value);
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** `filters` of a list: all labels have to be there. */
export const labelFilter = (...labels: readonly string[]): string =>
  JSON.stringify({ label: Object.fromEntries([...labels].sort().map((label) => [label, true])) });
