import { decode, encode } from '../../../linux/io/bytes';
import { request, type ClientEvent, type ClientResponse, type HttpFailure } from '../../../linux/net/http/client';
import { Headers } from '../../../linux/net/http/message';
import { parseUrl, resolveUrl, type Url } from '../../../linux/net/http/url';
import { parseCertificates, parseKey, type Certificate } from '../../../linux/net/tls/certificate';
import type { TlsClientOptions } from '../../../linux/net/tls/connection';
import { base64 } from '../../../linux/net/tls/pem';
import type { Process } from '../../../linux/process/types';
import type { Result } from '../../../sim/result';
import type { Parsed } from '../options';
import type { Upload } from './data';
import { curlError, type CurlError } from './failure';
import { Verbose } from './verbose';

const version = '8.14.1';
export { version as curlVersion };

/** Where a transfer's output goes. */
export interface Output {
  /** The response's heads, for -i, -I and -D. */
  head(text: string): Promise<void>;
  /** False where it cannot be written. */
  body(bytes: Uint8Array, total: number | undefined): Promise<boolean>;
}

/** What `-w` and the tool's end need of a finished transfer. */
export interface Report {
  url: Url | undefined;
  response: ClientResponse | undefined;
  error: CurlError | undefined;
  received: number;
  sent: number;
  redirects: number;
  total: number | undefined;
  readonly times: { started: number; lookup: number; connected: number; secured: number; first: number; ended: number };
}

const seconds = (text: string | undefined): number | undefined =>
  text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text) * 1000;

/** One URL with its redirects, as libcurl performs it. */
export class Transfer {
  readonly report: Report;
  readonly #verbose: Verbose;

  constructor(
    readonly process: Process,
    readonly parsed: Parsed,
    readonly output: Output,
    readonly upload: Upload | undefined,
  ) {
    const { now } = process.clock;
    this.report = {
      ...{
        url: undefined,
        response: undefined,
        error: undefined,
        received: 0,
        sent: 0,
        redirects: 0,
        total: undefined,
      },
      times: { started: now, lookup: now, connected: now, secured: now, first: now, ended: now },
    };
    this.#verbose = new Verbose(process, parsed.has('v'));
  }

  async run(text: string): Promise<Report> {
    const parsed = parseUrl(text);
    if (!parsed.ok) return this.#end(curlError({ kind: 'url', url: text, problem: parsed.error }, 0, undefined));
    let url = parsed.value;
    if (url.scheme === 'file') return this.#file(url);
    let method = this.#method();
    // `-G` puts it into the address instead.
    let body = this.parsed.has('G') ? undefined : this.upload?.bytes;
    const limit = Number(this.parsed.value('max-redirs') ?? 50);
    for (;;) {
      this.report.url = url;
      const got = await this.#once(url, method, body);
      if (!got.ok) return this.#end(curlError(got.error, url.port, this.#maxTime));
      const response = got.value;
      this.report.response = response;
      const location = response.headers.get('Location');
      const follow =
        this.parsed.has('L', 'location-trusted') &&
        location !== undefined &&
        [301, 302, 303, 307, 308].includes(response.status);
      const failed = await this.#receive(response, method, follow);
      if (failed) return this.#end(failed);
      if (!follow) return this.#end(undefined);
      if (this.report.redirects >= limit && limit >= 0)
        return this.#end({ code: 47, message: `Maximum (${limit}) redirects followed` });
      const next = resolveUrl(url, location);
      if (!next.ok) return this.#end({ code: 3, message: 'URL rejected: Malformed input to a URL function' });
      this.report.redirects++;
      url = next.value;
      if (response.status === 303 || (response.status <= 302 && method === 'POST')) {
        // RFC 9110 §15.4.4; -X holds for all requests.
        method = this.parsed.value('X') ?? (method === 'HEAD' ? 'HEAD' : 'GET');
        body = undefined;
      }
      await this.#verbose.note(
        `Issue another request to this URL: '${url.scheme}://${url.host}${url.explicitPort ? `:${url.port}` : ''}${url.path}'`,
      );
    }
  }

  #method(): string {
    const given = this.parsed.value('X');
    if (given !== undefined) return given;
    if (this.parsed.has('I')) return 'HEAD';
    if (this.parsed.has('T')) return 'PUT';
    return this.upload && !this.parsed.has('G') ? 'POST' : 'GET';
  }

  get #maxTime(): number | undefined {
    return seconds(this.parsed.value('m'));
  }

  async #once(given: Url, method: string, body: Uint8Array | undefined): Promise<Result<ClientResponse, HttpFailure>> {
    const { process, parsed, report } = this;
    const url = this.#withQuery(given);
    const addresses = this.#pinned(url);
    const unixPath = parsed.value('unix-socket');
    const connectTimeout = seconds(parsed.value('connect-timeout'));
    const elapsed = process.clock.now - report.times.started;
    const timeout = this.#maxTime === undefined ? undefined : Math.max(1, this.#maxTime - elapsed);
    if (body) report.sent += body.length;
    const tls = url.scheme === 'https' ? this.#tls() : undefined;
    if (tls !== undefined && 'code' in tls) {
      this.#configuration = tls;
      return { ok: false, error: { kind: 'empty' } };
    }
    const got = await request(process, {
      url,
      method,
      headers: this.#headers(url, body),
      ...(body ? { body } : {}),
      ...(addresses ? { addresses } : {}),
      ...(unixPath === undefined ? {} : { unixPath }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(connectTimeout === undefined ? {} : { connectTimeout }),
      ...(tls ? { tls } : {}),
      observe: (event) => this.#observe(event, url),
    });
    await this.#verbose.flush();
    return got;
  }

  /** A certificate file that cannot be used ends the transfer before it begins. */
  #configuration: CurlError | undefined;

  #tls(): (Partial<TlsClientOptions> & Pick<TlsClientOptions, 'roots'>) | CurlError {
    const { process, parsed } = this;
    const insecure = parsed.has('k');
    const file = parsed.value('cacert') ?? process.env.get('CURL_CA_BUNDLE') ?? process.env.get('SSL_CERT_FILE');
    const read = process.fs.readText(file ?? '/etc/ssl/certs/ca-certificates.crt');
    const roots: readonly Certificate[] = read.ok ? parseCertificates(read.value) : [];
    if (file !== undefined && roots.length === 0 && !insecure) {
      return { code: 77, message: `error adding trust anchors from file: ${file}` };
    }
    const certificate = parsed.value('E')?.replace(/:[^/]*$/, '');
    if (certificate === undefined) return { roots, insecure, library: 'openssl' };
    const chain = process.fs.readText(certificate);
    const key = process.fs.readText(parsed.value('key') ?? certificate);
    const certificates = chain.ok ? parseCertificates(chain.value) : [];
    const privateKey = key.ok ? parseKey(key.value) : undefined;
    if (certificates.length === 0) {
      return {
        code: 58,
        message: `could not load PEM client certificate from ${certificate}, OpenSSL error error:80000002:system library::No such file or directory, (no key found, wrong pass phrase, or wrong file format?)`,
      };
    }
    if (!privateKey) {
      return { code: 58, message: `unable to set private key file: '${parsed.value('key') ?? certificate}' type PEM` };
    }
    return { roots, insecure, library: 'openssl', identity: { chain: certificates, key: privateKey } };
  }

  #withQuery(url: Url): Url {
    if (!this.parsed.has('G') || !this.upload) return url;
    const data = decode(this.upload.bytes);
    return { ...url, path: `${url.path}${url.path.includes('?') ? '&' : '?'}${data}` };
  }

  /** `--resolve host:port:address`, `--connect-to` host:port:host:port where the target is an address. */
  #pinned({ host, port }: Url): readonly string[] | undefined {
    for (const entry of this.parsed.values('resolve')) {
      const match = /^[+]?([^:]*):(\d+):(.*)$/.exec(entry);
      if (match && (match[1] === host || match[1] === '*') && Number(match[2]) === port)
        return (match[3] ?? '').split(',');
    }
    return undefined;
  }

  #headers(url: Url, body: Uint8Array | undefined): Headers {
    const { parsed, upload } = this;
    const custom = parsed.values('H').map((line) => {
      const colon = line.search(/[:;]/);
      const name = (colon < 0 ? line : line.slice(0, colon)).trim();
      const value = colon < 0 ? '' : line.slice(colon + 1).trim();
      return { name, value, remove: line.charAt(colon) === ':' && value === '' };
    });
    const headers = new Headers();
    const base = new Headers({ Host: url.explicitPort || url.port ? hostOf(url) : url.host });
    const user = parsed.value('u') ?? (url.user === undefined ? undefined : `${url.user}:${url.password ?? ''}`);
    if (user !== undefined)
      base.set('Authorization', `Basic ${base64(encode(user.includes(':') ? user : `${user}:`))}`);
    const bearer = parsed.value('oauth2-bearer');
    if (bearer !== undefined) base.set('Authorization', `Bearer ${bearer}`);
    base.set('User-Agent', parsed.value('A') ?? `curl/${version}`);
    base.set('Accept', parsed.has('json') ? 'application/json' : '*/*');
    if (parsed.has('e')) base.set('Referer', parsed.value('e') ?? '');
    if (parsed.has('compressed')) base.set('Accept-Encoding', 'deflate, gzip, br, zstd');
    const cookie = parsed.value('b');
    if (cookie?.includes('=')) base.set('Cookie', cookie);
    for (const [name, value] of base) {
      const own = custom.find((header) => header.name.toLowerCase() === name.toLowerCase());
      if (own === undefined) headers.set(name, value);
      // A Host of one's own stands where Host stands.
      else if (name === 'Host' && !own.remove) headers.set(name, own.value);
    }
    for (const { name, value, remove } of custom)
      if (!remove && name.toLowerCase() !== 'host') headers.append(name, value);
    if (body && !this.parsed.has('G')) {
      headers.set('Content-Length', String(body.length));
      if (upload?.type !== undefined && !custom.some(({ name }) => name.toLowerCase() === 'content-type')) {
        headers.set('Content-Type', upload.type);
      }
    }
    return headers;
  }

  #observe(event: ClientEvent, url: Url): void {
    const { times } = this.report;
    const { now } = this.process.clock;
    if (event.kind === 'resolved') times.lookup = now;
    if (event.kind === 'connected') times.connected = now;
    if (event.kind === 'tls') times.secured = now;
    if (event.kind === 'received') times.first = now;
    this.#verbose.observe(event, url, this.upload?.bytes.length ?? 0, this.parsed.has('k'));
  }

  async #receive(response: ClientResponse, method: string, discard: boolean): Promise<CurlError | undefined> {
    const { parsed, report } = this;
    if (parsed.has('f') && response.status >= 400) {
      response.close();
      return { code: 22, message: `The requested URL returned error: ${response.status}` };
    }
    await this.output.head(headText(response));
    const length = response.headers.get('Content-Length');
    report.total = length === undefined ? undefined : Number(length);
    if (method === 'HEAD') response.close();
    let first = true;
    for (let chunk = await response.body.read(); chunk !== undefined; chunk = await response.body.read()) {
      if (discard) continue;
      if (first) await this.#verbose.data(chunk.length);
      first = false;
      report.received += chunk.length;
      if (!(await this.output.body(chunk, report.total))) {
        response.close();
        return { code: 23, message: 'client returned ERROR on write, 0 passed, 0 returned' };
      }
    }
    if (response.body.timedOut) {
      const of = report.total === undefined ? '' : ` out of ${report.total}`;
      return {
        code: 28,
        message: `Operation timed out after ${(this.#maxTime ?? 0) + 1} milliseconds with ${report.received}${of} bytes received`,
      };
    }
    const { failure } = response.body;
    if (failure?.kind === 'errno') return { code: 56, message: `Recv failure: ${failure.error.message}` };
    if (failure?.kind === 'malformed-chunk') return { code: 56, message: 'chunk hex-length char not a hex digit: 0x0' };
    if (failure?.kind === 'truncated') {
      return report.total === undefined
        ? { code: 18, message: 'transfer closed with outstanding read data remaining' }
        : { code: 18, message: `end of response with ${failure.missing} bytes missing` };
    }
    if (parsed.has('fail-with-body') && response.status >= 400) {
      return { code: 22, message: `The requested URL returned error: ${response.status}` };
    }
    return undefined;
  }

  async #file(url: Url): Promise<Report> {
    const content = this.process.fs.readFile(url.path);
    if (!content.ok) return this.#end({ code: 37, message: `Could not open file ${url.path}` });
    this.report.received = content.value.length;
    await this.output.body(content.value, content.value.length);
    return this.#end(undefined);
  }

  async #end(error: CurlError | undefined): Promise<Report> {
    this.report.error = this.#configuration ?? error;
    this.report.times.ended = this.process.clock.now;
    await this.#verbose.end(this.report);
    return this.report;
  }
}

/** A response's head as it came. */
function headText({ line, headers }: ClientResponse): string {
  let text = `${line}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}

const hostOf = ({ scheme, host, port }: Url): string =>
  (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443) ? host : `${host}:${port}`;
