import { err, ok, type Result } from '../../sim/result';
import { decode, encode, noBytes } from '../../linux/io/bytes';
import { request, type ClientResponse } from '../../linux/net/http/client';
import { readBody } from '../../linux/net/http/codec';
import { goUrlError } from '../../linux/net/http/go-text';
import { Headers, type Body } from '../../linux/net/http/message';
import { parseCertificates } from '../../linux/net/tls/certificate';
import { base64 } from '../../linux/net/tls/pem';
import type { Process } from '../../linux/process/types';

export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

/** One way to reach a registry: docker and containerd try them in turn. */
export interface RegistryEndpoint {
  /** `http://localhost:5000`. */
  readonly base: string;
  /** Certificates are not verified. */
  readonly insecure?: boolean;
  /** Files with roots besides the system's. */
  readonly roots?: readonly string[];
}

/** Why a registry did not give what was asked. */
export type RegistryFailure =
  /** It could not be reached, or did not speak the language: Go's url.Error. */
  | { readonly kind: 'transport'; readonly text: string }
  /** It refused. `code` is the API's: `MANIFEST_UNKNOWN`. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly url: string;
      readonly method: string;
    };

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** For a bearer token: `pull` or `pull,push`. */
  readonly actions?: string;
}

/** Asks one registry, on behalf of a process: its network, its time, its certificates. */
export class RegistryClient {
  #authorization: string | undefined;
  #challenge: string | undefined;

  constructor(
    readonly process: Process,
    readonly endpoint: RegistryEndpoint,
    readonly agent: string,
    readonly credentials: Credentials | undefined,
  ) {}

  /** GET /v2/: is that a registry, and what does it want to know of us? */
  async ping(): Promise<Result<void, RegistryFailure>> {
    const sent = await this.#exchange('GET', '/v2/', {});
    if (!sent.ok) return sent;
    const { status } = sent.value;
    await readBody(sent.value.body);
    this.#challenge = sent.value.headers.get('WWW-Authenticate');
    if (status === 200 || status === 401) return ok(undefined);
    return err(this.#refusal('GET', '/v2/', status, noBytes));
  }

  /** A request under the credentials; statuses from 400 are failures. */
  async send(method: string, path: string, asked: Asked = {}): Promise<Result<ClientResponse, RegistryFailure>> {
    if (this.#challenge !== undefined && this.#authorization === undefined) {
      const authorized = await this.#authorize(method, path, asked.actions ?? 'pull');
      if (!authorized.ok) return authorized;
    }
    const sent = await this.#exchange(method, path, asked);
    if (!sent.ok || sent.value.status < 400) return sent;
    const body = await readBody(sent.value.body);
    return err(this.#refusal(method, path, sent.value.status, body));
  }

  /** The whole body of an answer. */
  async read(
    method: string,
    path: string,
    asked: Asked = {},
  ): Promise<Result<{ bytes: Uint8Array; headers: Headers }, RegistryFailure>> {
    const sent = await this.send(method, path, asked);
    return sent.ok ? ok({ bytes: await readBody(sent.value.body), headers: sent.value.headers }) : sent;
  }

  async #exchange(
    method: string,
    path: string,
    { headers = {}, body }: Asked,
  ): Promise<Result<ClientResponse, RegistryFailure>> {
    const { process, endpoint } = this;
    const url = path.startsWith('http') ? path : `${endpoint.base}${path}`;
    const all = new Headers({ 'User-Agent': this.agent, ...headers });
    if (this.#authorization !== undefined) all.set('Authorization', this.#authorization);
    const sent = await request(process, {
      url,
      method,
      headers: all,
      ...(body === undefined ? {} : { body }),
      ...(url.startsWith('https:') ? { tls: { roots: this.#roots(), insecure: endpoint.insecure ?? false } } : {}),
    });
    if (!sent.ok) return err({ kind: 'transport', text: goUrlError(method, url, sent.error) });
    return sent;
  }

  #roots() {
    const files = ['/etc/ssl/certs/ca-certificates.crt', ...(this.endpoint.roots ?? [])];
    return files.flatMap((file) => {
      const text = this.process.fs.readText(file);
      return text.ok ? parseCertificates(text.value) : [];
    });
  }

  async #authorize(method: string, path: string, actions: string): Promise<Result<void, RegistryFailure>> {
    const { username = '', password = '' } = this.credentials ?? {};
    const basic = username === '' ? undefined : `Basic ${base64(encode(`${username}:${password}`))}`;
    const [, scheme = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(this.#challenge ?? '') ?? [];
    if (scheme.toLowerCase() !== 'bearer') {
      this.#authorization = basic;
      if (basic !== undefined) return ok(undefined);
      const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
      return err({ kind: 'transport', text: `${verb} "${this.endpoint.base}${path}": no basic auth credentials` });
    }
    const param = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(rest)?.[1];
    const query = new URLSearchParams();
    const [, name] = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(path) ?? [];
    if (name !== undefined) query.set('scope', `repository:${name}:${actions}`);
    const service = param('service');
    if (service !== undefined) query.set('service', service);
    const asked = await this.#exchange(
      'GET',
      `${param('realm') ?? ''}?${query.toString()}`,
      basic === undefined ? {} : { headers: { Authorization: basic } },
    );
    if (!asked.ok) return asked;
    const body = await readBody(asked.value.body);
    if (asked.value.status !== 200) return err(this.#refusal('GET', param('realm') ?? '', asked.value.status, body));
    const { token, access_token: other } = JSON.parse(decode(body)) as { token?: string; access_token?: string };
    this.#authorization = `Bearer ${token ?? other ?? ''}`;
    return ok(undefined);
  }

  #refusal(method: string, path: string, status: number, body: Uint8Array): RegistryFailure {
    const url = path.startsWith('http') ? path : `${this.endpoint.base}${path}`;
    const [first] = errorsIn(body);
    const usual =
      status === 401
        ? ['UNAUTHORIZED', 'authentication required']
        : status === 403
          ? ['DENIED', 'requested access to the resource is denied']
          : status === 429
            ? ['TOOMANYREQUESTS', 'too many requests']
            : ['UNKNOWN', 'unknown error'];
    const { code = usual[0] ?? '', message = usual[1] ?? '' } = first ?? {};
    return { kind: 'refused', status, code, message, url, method };
  }
}

function errorsIn(body: Uint8Array): readonly { readonly code?: string; readonly message?: string }[] {
  try {
    const { errors = [] } = JSON.parse(decode(body)) as { errors?: { code?: string; message?: string }[] };
    return errors;
  } catch {
    return [];
  }
}

/** The first endpoint that answers; else what the last one said. */
export async function openRegistry(
  process: Process,
  endpoints: readonly RegistryEndpoint[],
  agent: string,
  credentials?: Credentials,
): Promise<Result<RegistryClient, RegistryFailure>> {
  let failure: RegistryFailure = { kind: 'transport', text: 'no endpoint' };
  for (const endpoint of endpoints) {
    const client = new RegistryClient(process, endpoint, agent, credentials);
    const answered = await client.ping();
    if (answered.ok) return ok(client);
    failure = answered.error;
  }
  return err(failure);
}

/** errcode.Error's text: `manifest unknown: manifest unknown`. */
export const failureText = (failure: RegistryFailure): string =>
  failure.kind === 'transport'
    ? failure.text
    : `${failure.code.toLowerCase().replaceAll('_', ' ')}: ${failure.message}`;
