import { err, ok, type Result } from '../../sim/result';
import { decode, encode } from '../../linux/io/bytes';
import { request } from '../../linux/net/http/client';
import { readBody } from '../../linux/net/http/codec';
import { goUrlError } from '../../linux/net/http/go-text';
import { Headers } from '../../linux/net/http/message';
import { parseCertificates, parseKey } from '../../linux/net/tls/certificate';
import type { Process } from '../../linux/process/types';
import type { Kind } from '../apimachinery/kind';
import type { ApiObject, Draft, ListMeta } from '../apimachinery/object';
import { failure, type Status } from '../apimachinery/status';
import type { RestConfig } from './kubeconfig';

export { loadKubeconfig, type RestConfig } from './kubeconfig';

/** No answer, or one that is no success: always a Status; `code` 0 where the server was not reached. */
export type RestResult<T> = Promise<Result<T, Status>>;

export interface ListAnswer<T> {
  readonly metadata: ListMeta;
  readonly items: readonly T[];
}

export interface WatchLine<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

export interface WatchStream<T> {
  /** The next event; undefined when the server closed the stream. */
  next(): Promise<WatchLine<T> | undefined>;
  stop(): void;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';
const patchTypes: Readonly<Record<PatchKind, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Talks to the apiserver over the simulated network, as a program does: JSON over HTTP, TLS with client certificates. */
export class RestClient {
  constructor(
    readonly process: Process,
    readonly config: RestConfig,
    /** User agent, and field manager of what it writes. */
    readonly agent: string,
  ) {}

  /** The path of a kind's collection or object. */
  path(kind: Kind, namespace?: string, name?: string, subresource?: string): string {
    const base = kind.names.group === '' ? '/api/v1' : `/apis/${kind.apiVersion}`;
    const space = kind.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
    const rest = [name, subresource].filter((part) => part !== undefined).map((part) => `/${part}`);
    return `${base}${space}/${kind.names.plural}${rest.join('')}`;
  }

  get<T extends ApiObject>(kind: Kind<T>, namespace: string | undefined, name: string): RestResult<T> {
    return this.send('GET', this.path(kind as unknown as Kind, namespace, name));
  }
  list<T extends ApiObject>(kind: Kind<T>, namespace?: string, query: Query = {}): RestResult<ListAnswer<T>> {
    return this.send('GET', this.path(kind as unknown as Kind, namespace), { query });
  }
  post<T extends ApiObject>(kind: Kind<T>, draft: Draft<T>, query: Query = {}): RestResult<T> {
    const body = { ...draft, apiVersion: kind.apiVersion, kind: kind.names.kind };
    return this.send('POST', this.path(kind as unknown as Kind, draft.metadata.namespace), { query, body });
  }
  put<T extends ApiObject>(kind: Kind<T>, object: T, subresource?: string): RestResult<T> {
    const { namespace, name } = object.metadata;
    return this.send('PUT', this.path(kind as unknown as Kind, namespace, name, subresource), { body: object });
  }
  patch<T extends ApiObject>(
    kind: Kind<T>,
    namespace: string | undefined,
    name: string,
    type: PatchKind,
    patch: unknown,
    options: { readonly subresource?: string; readonly query?: Query } = {},
  ): RestResult<T> {
    return this.send('PATCH', this.path(kind as unknown as Kind, namespace, name, options.subresource), {
      body: patch,
      contentType: patchTypes[type],
      query: { fieldManager: this.agent, ...options.query },
    });
  }
  delete(kind: Kind, namespace: string | undefined, name: string, query: Query = {}): RestResult<ApiObject | Status> {
    return this.send('DELETE', this.path(kind, namespace, name), { query });
  }

  /** Any request; the answer is parsed JSON. */
  async send<T>(
    method: string,
    path: string,
    options: { readonly query?: Query; readonly body?: unknown; readonly contentType?: string } = {},
  ): RestResult<T> {
    const answered = await this.#request(method, path, options);
    if (!answered.ok) return answered;
    const { status, body } = answered.value;
    const text = decode(await readBody(body));
    const value = parseJson(text);
    if (status < 400) return ok(value as T);
    if (isStatus(value)) return err(value);
    return err(failure(status, 'Unknown', text.trim() === '' ? 'an error on the server has occurred' : text.trim()));
  }

  async watch<T extends ApiObject>(kind: Kind<T>, namespace?: string, query: Query = {}): RestResult<WatchStream<T>> {
    const path = this.path(kind as unknown as Kind, namespace);
    const answered = await this.#request('GET', path, { query: { ...query, watch: true } });
    if (!answered.ok) return answered;
    const { status, body } = answered.value;
    if (status >= 400) {
      const value = parseJson(decode(await readBody(body)));
      return err(isStatus(value) ? value : failure(status, 'Unknown', 'an error on the server has occurred'));
    }
    let rest = '';
    return ok({
      next: async () => {
        for (;;) {
          const end = rest.indexOf('\n');
          if (end >= 0) {
            const line = rest.slice(0, end);
            rest = rest.slice(end + 1);
            if (line !== '') return JSON.parse(line) as WatchLine<T>;
            continue;
          }
          const chunk = await body.read();
          if (chunk === undefined) return undefined;
          rest += decode(chunk);
        }
      },
      stop: () => body.cancel(),
    });
  }

  async #request(
    method: string,
    path: string,
    {
      query = {},
      body,
      contentType = 'application/json',
    }: { readonly query?: Query; readonly body?: unknown; readonly contentType?: string },
  ) {
    const { server, token, certificateAuthority, clientCertificate, clientKey, insecure } = this.config;
    const parameters = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) parameters.set(key, String(value));
    const url = `${server}${path}${parameters.size === 0 ? '' : `?${parameters}`}`;
    const key = clientKey === undefined ? undefined : parseKey(clientKey);
    const chain = clientCertificate === undefined ? [] : parseCertificates(clientCertificate);
    const answered = await request(this.process, {
      url,
      method,
      headers: new Headers({
        Accept: 'application/json, */*',
        'User-Agent': `${this.agent}/v1.33.13 (linux/amd64)`,
        ...(body === undefined ? {} : { 'Content-Type': contentType }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      }),
      ...(body === undefined ? {} : { body: encode(JSON.stringify(body)) }),
      tls: {
        roots: certificateAuthority === undefined ? [] : parseCertificates(certificateAuthority),
        ...(insecure ? { insecure } : {}),
        ...(key === undefined || chain.length === 0 ? {} : { identity: { chain, key } }),
      },
    });
    if (!answered.ok) return err(failure(0, 'Unknown', goUrlError(method, url, answered.error)));
    return ok(answered.value);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isStatus = (value: unknown): value is Status =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status';
