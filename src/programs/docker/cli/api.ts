import { decode, encode, noBytes } from '../../../linux/io/bytes';
import { readBody } from '../../../linux/net/http/codec';
import { request, type ClientResponse, type HttpFailure } from '../../../linux/net/http/client';
import { goFailureText } from '../../../linux/net/http/go-text';
import { Headers, type ByteDuplex } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';
import { apiVersion } from './build';
import { pipeOf } from '../pipe';
import { CommandError } from './command';
import { Session, type Endpoint } from './session';

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
  #endpoint: Endpoint | undefined;
  #version: string;
  /** Whether the version was chosen by hand, and is not to be negotiated. */
  readonly #fixed: boolean;

  constructor(
    readonly process: Process,
    readonly session: Session = new Session(process),
    /** Who asks; plugins do so by other names. */
    readonly agent = `Docker-Client/${session.build.version} (linux)`,
  ) {
    const wanted = process.env.get('DOCKER_API_VERSION') ?? '';
    this.#fixed = wanted !== '';
    this.#version = wanted === '' ? apiVersion : wanted.replace(/^v/, '');
  }

  get endpoint(): Endpoint {
    return (this.#endpoint ??= this.session.endpoint());
  }

  get host(): string {
    return this.endpoint.host;
  }

  /** The version of the API in requests' paths. */
  get version(): string {
    return this.#version;
  }

  /** Sends a request; statuses from 400 are thrown as refusals. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await this.open(method, path, body, more);
    const text = decode(await readBody(response.body));
    if (response.status >= 400) throw new ApiRefusal(messageOf(text, response), response.status);
    return { status: response.status, text, json: <T>() => JSON.parse(text) as T };
  }

  async get<T>(path: string): Promise<T> {
    return (await this.send('GET', path)).json<T>();
  }

  /** Opens a response whose body is read as it comes. */
  async stream(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ClientResponse> {
    const response = await this.open(method, path, body, more);
    if (response.status < 400) return response;
    throw new ApiRefusal(messageOf(decode(await readBody(response.body)), response), response.status);
  }

  /** Sends a request that turns the connection into a raw stream. */
  async hijack(path: string, body?: unknown): Promise<ByteDuplex> {
    const response = await this.open('POST', path, body, { Connection: 'Upgrade', Upgrade: 'tcp' });
    const duplex = response.status === 101 ? response.upgrade?.() : undefined;
    // Whatever the engine says of it is not read any more (moby client/hijack.go).
    if (duplex === undefined) throw new CommandError(`unable to upgrade to tcp, received ${response.status}`);
    return duplex;
  }

  async open(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ClientResponse> {
    await this.ping();
    return this.#exchange(method, `/v${this.version}${path}`, body, more);
  }

  /** What a command does first; if nobody answers, its first request says so. */
  async greet(): Promise<void> {
    const { host } = this.endpoint;
    try {
      if (host !== '') await this.ping();
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      this.#pinged = false;
    }
  }

  /** Asks who is there, once: the version that both speak is the one used. Undefined if that was done before. */
  async ping(): Promise<ClientResponse | undefined> {
    if (this.#pinged) return undefined;
    this.#pinged = true;
    const response = await this.#exchange('HEAD', '/_ping', undefined, {});
    const theirs = response.headers.get('Api-Version');
    if (!this.#fixed && theirs !== undefined && theirs !== null && isLess(theirs, this.#version))
      this.#version = theirs;
    return response;
  }

  async #exchange(
    method: string,
    path: string,
    body: unknown,
    more: Readonly<Record<string, string>>,
  ): Promise<ClientResponse> {
    const headers = new Headers({
      'User-Agent': this.agent,
      ...more,
    });
    const archive = body instanceof Uint8Array ? body : undefined;
    if (body !== undefined)
      headers.set('Content-Type', archive === undefined ? 'application/json' : 'application/x-tar');
    const { host, tls } = this.endpoint;
    const [, scheme = '', address = ''] = /^([a-z]+):\/\/(.*)$/.exec(host) ?? [];
    const pipe = pipeOf(host);
    // Pipes are there where Windows is near.
    const local = scheme === 'unix' || (pipe !== undefined && this.process.fs.stat(pipe).ok);
    if (!local && scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https')
      throw new CommandError(`Failed to initialize: protocol not available`);
    if (local) headers.set('Host', 'api.moby.localhost');
    this.process.record(method, path, body === undefined || archive !== undefined ? { host } : { host, body });
    const secure = tls || scheme === 'https';
    const sent = await request(this.process, {
      url: `${secure ? 'https' : 'http'}://${local ? 'api.moby.localhost' : address}${path}`,
      ...(local ? { unixPath: pipe ?? address } : {}),
      method,
      headers,
      ...(body === undefined
        ? method === 'POST'
          ? { body: noBytes }
          : {}
        : { body: archive ?? encode(`${JSON.stringify(body)}\n`) }),
    });
    if (sent.ok) return sent.value;
    throw new CommandError(this.#failure(sent.error, method, path));
  }

  #failure(failure: HttpFailure, method: string, path: string): string {
    const address = this.host.replace(/^[a-z]+:\/\//, '');
    const local = this.host.startsWith('unix:');
    const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
    const url = `${this.endpoint.tls ? 'https' : 'http'}://${local ? encodeURIComponent(address) : address}${path}`;
    if (failure.kind === 'connect' && failure.error.code === 'EACCES')
      return `permission denied while trying to connect to the Docker daemon socket at ${this.host}: ${verb} "${url}": ${goFailureText(failure)}`;
    if (local ? failure.kind === 'connect' || failure.kind === 'empty' : isRefused(failure))
      return `Cannot connect to the Docker daemon at ${this.host}. Is the docker daemon running?`;
    return `error during connect: ${verb} "${url}": ${goFailureText(failure)}`;
  }
}

const isRefused = (failure: HttpFailure): boolean =>
  failure.kind === 'connect' && (failure.error.code === 'ECONNREFUSED' || failure.error.code === 'ETIMEDOUT');

function isLess(a: string, b: string): boolean {
  if (a === b) return false;
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA < majorB || (majorA === majorB && minorA < minorB);
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
