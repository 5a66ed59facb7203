import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { readBody } from '../../../linux/net/http/codec';
import { request, type ClientResponse, type HttpFailure } from '../../../linux/net/http/client';
import { goFailureText } from '../../../linux/net/http/go-text';
import { Headers, type ByteDuplex } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';
import { CommandError } from './command';

export const clientVersion = '28.5.2';
const maxVersion = '1.51';

export interface Answer {
  readonly status: number;
  readonly text: string;
  json<T>(): T;
}

/** The engine refused. */
export class ApiRefusal extends CommandError {
  constructor(
    message: string,
    readonly httpStatus: number,
  ) {
    super(`Error response from daemon: ${message}`);
  }
}

/** The Engine API, from the client's side: HTTP over /var/run/docker.sock. */
export class Api {
  #pinged = false;
  readonly socket: string;
  readonly version: string;

  constructor(readonly process: Process) {
    const host = process.env.get('DOCKER_HOST') ?? 'unix:///var/run/docker.sock';
    this.socket = host.replace(/^unix:\/\//, '');
    this.version = process.env.get('DOCKER_API_VERSION') ?? maxVersion;
  }

  get host(): string {
    return `unix://${this.socket}`;
  }

  /** Sends a request; statuses from 400 are thrown as refusals. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.open(method, path, body);
    const text = decode(await readBody(response.body));
    if (response.status >= 400) throw new ApiRefusal(messageOf(text, response), response.status);
    return { status: response.status, text, json: <T>() => JSON.parse(text) as T };
  }

  async get<T>(path: string): Promise<T> {
    return (await this.send('GET', path)).json<T>();
  }

  /** Opens a response whose body is read as it comes. */
  async stream(method: string, path: string, body?: unknown): Promise<ClientResponse> {
    const response = await this.open(method, path, body);
    if (response.status < 400) return response;
    throw new ApiRefusal(messageOf(decode(await readBody(response.body)), response), response.status);
  }

  /** Sends a request that turns the connection into a raw stream. */
  async hijack(path: string, body?: unknown): Promise<ByteDuplex> {
    const response = await this.open('POST', path, body, { Connection: 'Upgrade', Upgrade: 'tcp' });
    if (response.status >= 400)
      throw new ApiRefusal(messageOf(decode(await readBody(response.body)), response), response.status);
    const duplex = response.upgrade?.();
    if (duplex === undefined) throw new CommandError('unable to upgrade to tcp, received ' + response.status);
    return duplex;
  }

  async open(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ClientResponse> {
    if (!this.#pinged) {
      this.#pinged = true;
      await this.#exchange('HEAD', '/_ping', undefined, {});
    }
    return this.#exchange(method, `/v${this.version}${path}`, body, more);
  }

  async #exchange(
    method: string,
    path: string,
    body: unknown,
    more: Readonly<Record<string, string>>,
  ): Promise<ClientResponse> {
    const headers = new Headers({
      Host: 'api.moby.localhost',
      'User-Agent': `Docker-Client/${clientVersion} (linux)`,
      ...more,
    });
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    const sent = await request(this.process, {
      url: `http://api.moby.localhost${path}`,
      unixPath: this.socket,
      method,
      headers,
      ...(body === undefined
        ? method === 'POST'
          ? { body: noBytes }
          : {}
        : { body: encode(`${JSON.stringify(body)}\n`) }),
    });
    if (sent.ok) return sent.value;
    throw new CommandError(this.#failure(sent.error, path));
  }

  #failure(failure: HttpFailure, path: string): string {
    if (failure.kind === 'connect' && failure.error.code === 'EACCES') {
      const url = `http://${encodeURIComponent(this.socket)}${path}`;
      return `permission denied while trying to connect to the Docker daemon socket at ${this.host}: Get "${url}": ${goFailureText(failure)}`;
    }
    if (failure.kind === 'connect' || failure.kind === 'empty')
      return `Cannot connect to the Docker daemon at ${this.host}. Is the docker daemon running?`;
    return `error during connect: ${goFailureText(failure)}`;
  }
}

function messageOf(text: string, response: ClientResponse): string {
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

/** `--filter name=value`, more than once, as the API takes it. */
export function filtersParam(filters: readonly string[]): string | undefined {
  if (filters.length === 0) return undefined;
  const all: Record<string, Record<string, true>> = {};
  for (const filter of filters) {
    const equals = filter.indexOf('=');
    const name = filter.slice(0, equals).trim().toLowerCase();
    (all[name] ??= {})[filter.slice(equals + 1).trim()] = true;
  }
  return JSON.stringify(all);
}
