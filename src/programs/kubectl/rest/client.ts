import type { Body } from '../../../linux/net/http/message';
import { concat, decode, encode } from '../../../linux/io/bytes';
import { ConnectionError, Failure, PlainFailure, StatusError } from '../errors';
import { at, isObject, object, text, type JsonObject } from '../json';
import { compactJson } from '../printers/json';
import { buildInfo } from '../../../kubernetes/apimachinery/version';
import type { ClientConfig } from './config';
import type { MessageChannel, Transport, TransportResponse } from './transport';

/** The media types that kubectl asks for. Protobuf comes first where its typed clients ask; our server answers JSON. */
export const accepts = {
  json: 'application/json',
  any: 'application/json, */*',
  typed: 'application/vnd.kubernetes.protobuf,application/json',
  table:
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
  discovery:
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
} as const;

export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  readonly accept?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  /** Milliseconds; the default is `--request-timeout`. */
  readonly timeout?: number;
}

/** One event of a watch, or the failure that ended it. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

export interface WatchStream {
  /** The next event; undefined when the server ended the watch. */
  next(): Promise<WatchEvent | undefined>;
  cancel(): void;
}

/** Requests to one server: paths and JSON in, JSON or `StatusError` out. */
export class RestClient {
  readonly #warned = new Set<string>();
  warnings = 0;

  constructor(
    readonly config: ClientConfig,
    readonly transport: Transport,
    readonly command: string,
    readonly timeout: number,
    readonly warn: (message: string) => void,
  ) {}

  async get(path: string, options: RequestOptions = {}): Promise<JsonObject> {
    return this.json('GET', path, options);
  }

  /** Sends and reads a JSON object. Throws `StatusError` for an answer that is none. */
  async json(method: string, path: string, options: RequestOptions = {}): Promise<JsonObject> {
    const response = await this.send(method, path, options);
    const body = decode(await readAll(response.body));
    if (response.status >= 400) throw statusError(response, body, method, path);
    return parseObject(body);
  }

  /** Sends and reads a text of a path as it was given, whatever it leads to. */
  async text(method: string, path: string, options: RequestOptions = {}): Promise<string> {
    const response = await this.send(method, path, options);
    const body = decode(await readAll(response.body));
    if (response.status >= 400) throw statusError(response, body, method);
    return body;
  }

  /** The response with its body still to be read. Errors of the server are not looked at. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<TransportResponse> {
    const { body, contentType = body === undefined ? undefined : 'application/json', accept = accepts.json } = options;
    const timeout = options.timeout ?? this.timeout;
    const query = this.timeout !== 0 ? { timeout: `${this.timeout / 1000}s`, ...options.query } : (options.query ?? {});
    const full = this.#path(path, query);
    const headers = this.#headers({
      ...options.headers,
      Accept: accept,
      ...(contentType === undefined || contentType === '' ? {} : { 'Content-Type': contentType }),
    });
    const answer = await this.transport.send({
      method,
      path: full,
      headers,
      ...(body === undefined ? {} : { body: encode(typeof body === 'string' ? body : compactJson(body)) }),
      ...(timeout > 0 ? { timeout } : {}),
    });
    if (!answer.ok) throw this.#unreachable(method, full, answer.error.message);
    this.#takeWarnings(answer.value);
    return answer.value;
  }

  /** Opens a WebSocket; a refusal is thrown as the server's Status. */
  async upgrade(path: string, query: Query, protocols: readonly string[], method = 'GET'): Promise<MessageChannel> {
    const full = this.#path(path, query);
    const answer = await this.transport.upgrade({ method, path: full, headers: this.#headers({}), protocols });
    if (!answer.ok) throw this.#unreachable(method, full, answer.error.message);
    if (answer.value.kind === 'channel') return answer.value.channel;
    const { response } = answer.value;
    throw statusError(response, decode(await readAll(response.body)), method, path);
  }

  /** Opens a watch. The caller takes events with `next` and must `cancel` unless it read to the end. */
  async watch(path: string, options: RequestOptions = {}): Promise<WatchStream> {
    const response = await this.send('GET', path, options);
    if (response.status >= 400) throw statusError(response, decode(await readAll(response.body)), 'GET', path);
    const lines = new LineReader(response.body);
    return {
      cancel: () => lines.cancel(),
      next: async () => {
        for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
          if (line === '') continue;
          const event = parseObject(line);
          return { type: text(event, 'type') as WatchEvent['type'], object: object(event, 'object') };
        }
        return undefined;
      },
    };
  }

  #path(path: string, query: Query): string {
    const encoded = encodeQuery(query);
    const base = basePath(this.config.server);
    return `${base}${path}${encoded === '' ? '' : path.includes('?') ? `&${encoded}` : `?${encoded}`}`;
  }

  #headers(own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { token, basic, impersonate } = this.config;
    const headers: Record<string, string> = { ...own, 'User-Agent': userAgent, 'Kubectl-Command': this.command };
    // Secrets are not sent over plain http (client-go transport/round_trippers.go).
    if (token !== undefined && this.config.server.startsWith('https:')) headers['Authorization'] = `Bearer ${token}`;
    else if (basic !== undefined) headers['Authorization'] = `Basic ${btoa(`${basic.username}:${basic.password}`)}`;
    if (impersonate.user !== '') headers['Impersonate-User'] = impersonate.user;
    if (impersonate.uid !== '') headers['Impersonate-Uid'] = impersonate.uid;
    if (impersonate.groups.length > 0) headers['Impersonate-Group'] = impersonate.groups.join(', ');
    return headers;
  }

  #unreachable(method: string, path: string, message: string): Failure {
    if (message === 'context deadline exceeded') return new PlainFailure(message);
    const verb = method.slice(0, 1) + method.slice(1).toLowerCase();
    const { server } = this.config;
    const origin = server.replace(/^([a-z]+:\/\/[^/]*).*$/, '$1');
    return new ConnectionError(verb, `${origin}${path}`, origin.replace(/^[a-z]+:\/\//, ''), message);
  }

  #takeWarnings({ headers }: TransportResponse): void {
    const header = headers.get('Warning');
    if (header === undefined) return;
    for (const [, quoted = ''] of header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) {
      const message = quoted.replace(/\\(.)/g, '$1');
      if (this.#warned.has(message)) continue;
      this.#warned.add(message);
      this.warnings++;
      this.warn(message);
    }
  }
}

const userAgent = `kubectl/${buildInfo.gitVersion} (${buildInfo.platform}) kubernetes/${buildInfo.gitCommit.slice(0, 7)}`;

const basePath = (server: string): string => server.replace(/^[a-z]+:\/\/[^/]*/, '').replace(/\/$/, '');

/** net/url's Values.Encode: sorted by key. */
export function encodeQuery(query: Query): string {
  return Object.keys(query)
    .sort()
    .flatMap((key) => {
      const value = query[key];
      if (value === undefined || (key === 'fieldManager' && value === '')) return [];
      const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
      return values.map((each) => `${escapeQuery(key)}=${escapeQuery(each)}`);
    })
    .join('&');
}

/** url.QueryEscape. */
const escapeQuery = (word: string): string =>
  encodeURIComponent(word)
    .replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+');

export async function readAll(body: Body): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) chunks.push(chunk);
  return concat(chunks);
}

/** Lines of a body as they come. */
export class LineReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #ended = false;
  #taken = false;
  constructor(readonly body: Body) {}

  /** The next line without its end; undefined when there are no more. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      if (this.#ended) {
        const last = this.#rest;
        this.#rest = '';
        return last === '' ? undefined : last;
      }
      const chunk = await this.#chunk();
      if (chunk === undefined) this.#ended = true;
      else this.#rest += this.#decoder.decode(chunk, { stream: true });
    }
  }

  #chunk(): Promise<Uint8Array | undefined> {
    if (!(this.body instanceof Uint8Array)) return this.body.read();
    const whole = this.#taken ? undefined : this.body;
    this.#taken = true;
    return Promise.resolve(whole);
  }

  cancel(): void {
    this.#ended = true;
    if (!(this.body instanceof Uint8Array)) this.body.cancel();
  }
}

export function parseObject(body: string): JsonObject {
  if (body === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Failure(`couldn't get version/kind; json parse error: invalid character in ${body.slice(0, 40)}`);
  }
  return isObject(value) ? value : {};
}

/** A Status of what the server said, or of what its code means (api/errors NewGenericServerResponse). */
export function statusError(response: TransportResponse, body: string, method = 'GET', path = ''): StatusError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  if (isObject(parsed) && text(parsed, 'kind') === 'Status' && at(parsed, 'status') === 'Failure') {
    const status = parsed as unknown as StatusError['status'];
    return new StatusError({ ...status, message: status.message ?? 'unknown' });
  }
  const [reason, said] = generic(response.status, method, body);
  const message = `${said}${subjectOf(method, path)}`;
  return new StatusError({ code: response.status, message, ...(reason === undefined ? {} : { reason }) });
}

/** ` (get boats.harbour.example.com anna)`: what was asked of which resource. */
function subjectOf(method: string, path: string): string {
  const [, group, resource, name] =
    /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/[^/]+(?=\/))?\/([^/?]+)(?:\/([^/?]+))?/.exec(path) ?? [];
  if (resource === undefined) return '';
  const words = [method.toLowerCase(), group === undefined ? resource : `${resource}.${group}`, name];
  return ` (${words.filter((word) => word !== undefined).join(' ')})`;
}

function generic(
  code: number,
  method: string,
  body: string,
): readonly [StatusError['status']['reason'] | undefined, string] {
  switch (code) {
    case 400:
      return ['BadRequest', 'the server rejected our request for an unknown reason'];
    case 401:
      return ['Unauthorized', 'the server has asked for the client to provide credentials'];
    case 403:
      return [
        'Forbidden',
        body.trim() === '' ? 'the server does not allow access to the requested resource' : body.trim(),
      ];
    case 404:
      return ['NotFound', 'the server could not find the requested resource'];
    case 405:
      return ['MethodNotAllowed', 'the server does not allow this method on the requested resource'];
    case 406:
      return ['NotAcceptable', body.trim()];
    case 409:
      return method === 'POST'
        ? ['AlreadyExists', 'the server reported a conflict']
        : ['Conflict', 'the server reported a conflict'];
    case 415:
      return ['UnsupportedMediaType', body.trim()];
    case 429:
      return ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'];
    case 503:
      return ['ServiceUnavailable', 'the server is currently unable to handle the request'];
    case 504:
      return [
        'Timeout',
        'the server was unable to return a response in the time allotted, but may still be processing the request',
      ];
    default:
      return code >= 500
        ? [
            'InternalError',
            `an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`,
          ]
        : [
            undefined,
            'the server responded with the status code ' + String(code) + ' but did not return more information',
          ];
  }
}
