import { encode } from '../../../linux/io/bytes';
import { gaiText } from '../../../linux/net/dns/resolve';
import { isIpv4 } from '../../../linux/net/dns/config';
import { request, type ClientEvent, type ClientResponse, type HttpFailure } from '../../../linux/net/http/client';
import { Headers } from '../../../linux/net/http/message';
import { formatUrl, hostHeader, parseUrl, resolveUrl, type Url } from '../../../linux/net/http/url';
import { parseCertificates, subjectText } from '../../../linux/net/tls/certificate';
import { base64 } from '../../../linux/net/tls/pem';
import type { Process, Program } from '../../../linux/process/types';
import { parseOptions, type Parsed } from '../options';

/** wget(1) of GNU, 1.25. */
export const wget: Program = async (process) => {
  const parsed = parseOptions(process.args, {
    flags: `q/quiet v/verbose nv/no-verbose S/server-response c/continue N/timestamping spider no-check-certificate
      nc/no-clobber 4/inet4-only 6/inet6-only b/background show-progress content-on-error no-cache V/version h/help
      no-proxy retry-connrefused trust-server-names content-disposition r/recursive p/page-requisites k/convert-links`,
    values: `O/output-document o/output-file a/append-output header post-data post-file method body-data body-file
      P/directory-prefix U/user-agent T/timeout t/tries user password ca-certificate certificate private-key w/wait
      dns-timeout connect-timeout read-timeout waitretry progress max-redirect i/input-file referer`,
  });
  if (parsed.error) {
    const { kind, option } = parsed.error;
    const long = option.startsWith('--');
    const what =
      kind === 'unknown'
        ? long
          ? `unrecognized option '${option}'`
          : `invalid option -- '${option.slice(1)}'`
        : long
          ? `option '${option}' requires an argument`
          : `option requires an argument -- '${option.slice(1)}'`;
    await process.stderr.write(
      `wget: ${what}\nUsage: wget [OPTION]... [URL]...\n\nTry \`wget --help' for more options.\n`,
    );
    return 2;
  }
  if (parsed.has('V')) {
    await process.stdout.write('GNU Wget 1.25.0 built on linux-gnu.\n');
    return 0;
  }
  if (parsed.operands.length === 0) {
    await process.stderr.write(
      "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
    );
    return 1;
  }
  let status = 0;
  for (const url of parsed.operands) {
    const code = await new Download(process, parsed).run(url);
    status = status === 0 ? code : Math.min(status, code || status);
  }
  return status;
};

class Download {
  readonly #quiet: boolean;
  readonly #terse: boolean;

  constructor(
    readonly process: Process,
    readonly parsed: Parsed,
  ) {
    this.#quiet = parsed.has('q');
    this.#terse = parsed.has('nv');
  }

  /** Progress in words; not with -q or -nv. */
  async #tell(text: string): Promise<void> {
    if (!this.#quiet && !this.#terse) await this.#log(text);
  }
  async #log(text: string): Promise<void> {
    if (this.#quiet) return;
    const file = this.parsed.value('o');
    if (file === undefined) await this.process.stderr.write(text);
    else this.process.fs.appendFile(file, text);
  }

  async run(text: string): Promise<number> {
    const first = parseUrl(text);
    if (!first.ok) {
      await this.#log(`${text}: Invalid host name.\n`);
      return 1;
    }
    let url = first.value;
    if (url.scheme !== 'http' && url.scheme !== 'https') {
      await this.#log(`${text}: Unsupported scheme ‘${url.scheme}’.\n`);
      return 1;
    }
    for (let redirects = 0; redirects <= 20; redirects++) {
      await this.#tell(`--${stamp(this.process)}--  ${formatUrl(url)}\n`);
      const events: ClientEvent[] = [];
      const got = await this.#request(url, (event) => events.push(event));
      await this.#steps(url, events, got.ok ? undefined : got.error);
      if (!got.ok) return this.#failed(url, got.error);
      const response = got.value;
      await this.#tell(`${response.line.slice(9)}\n`);
      if (this.parsed.has('S')) {
        await this.#log(
          `  ${response.line}\n${[...response.headers].map(([name, value]) => `  ${name}: ${value}\n`).join('')}`,
        );
      }
      const location = response.headers.get('Location');
      if (location !== undefined && [301, 302, 303, 307, 308].includes(response.status)) {
        response.close();
        const next = resolveUrl(url, location);
        if (!next.ok) return 1;
        await this.#tell(`Location: ${location} [following]\n`);
        url = next.value;
        continue;
      }
      return this.#finish(url, response);
    }
    await this.#log('20 redirections exceeded.\n');
    return 8;
  }

  #request(url: Url, observe: (event: ClientEvent) => void): ReturnType<typeof request> {
    const { parsed, process } = this;
    const headers = new Headers({
      Host: hostHeader(url),
      'User-Agent': parsed.value('U') ?? 'Wget/1.25.0',
      Accept: '*/*',
    });
    headers.set('Accept-Encoding', 'identity');
    headers.set('Connection', 'Keep-Alive');
    const user = parsed.value('user') ?? url.user;
    if (user !== undefined) {
      headers.set(
        'Authorization',
        `Basic ${base64(encode(`${user}:${parsed.value('password') ?? url.password ?? ''}`))}`,
      );
    }
    for (const line of parsed.values('header')) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    const file = parsed.value('post-file') ?? parsed.value('body-file');
    const read = file === undefined ? undefined : process.fs.readFile(file);
    const given = parsed.value('post-data') ?? parsed.value('body-data');
    const body = read?.ok ? read.value : given === undefined ? undefined : encode(given);
    if (body && !headers.has('Content-Type')) headers.set('Content-Type', 'application/x-www-form-urlencoded');
    const timeout = parsed.value('T') ?? parsed.value('connect-timeout');
    const ca = process.fs.readText(parsed.value('ca-certificate') ?? '/etc/ssl/certs/ca-certificates.crt');
    return request(process, {
      url,
      method: parsed.value('method') ?? (body ? 'POST' : parsed.has('spider') ? 'HEAD' : 'GET'),
      headers,
      ...(body ? { body } : {}),
      ...(timeout === undefined ? {} : { timeout: Number(timeout) * 1000 }),
      ...(url.scheme === 'https'
        ? {
            tls: {
              roots: ca.ok ? parseCertificates(ca.value) : [],
              insecure: parsed.has('no-check-certificate'),
              library: 'openssl' as const,
            },
          }
        : {}),
      observe,
    });
  }

  async #steps(url: Url, events: readonly ClientEvent[], failure: HttpFailure | undefined): Promise<void> {
    const named = !isIpv4(url.host);
    if (named && failure?.kind === 'dns') {
      await this.#tell(`Resolving ${url.host} (${url.host})... failed: ${gaiText(failure.error)}.\n`);
      return;
    }
    for (const event of events) {
      if (event.kind === 'resolved' && named) {
        await this.#tell(`Resolving ${url.host} (${url.host})... ${event.addresses.join(', ')}\n`);
      }
      if (event.kind === 'trying') {
        const where = named ? `${url.host} (${url.host})|${event.to.address}|` : url.host;
        await this.#tell(`Connecting to ${where}:${url.port}... `);
      }
      if (event.kind === 'connect-failed') await this.#tell(`failed: ${event.error.message}.\n`);
      if (event.kind === 'connected') await this.#tell('connected.\n');
      if (event.kind === 'sent') {
        await this.#tell(
          `${this.parsed.has('spider') ? 'HTTP request sent, awaiting response... ' : 'HTTP request sent, awaiting response... '}`,
        );
      }
    }
    if (failure?.kind === 'timeout' && failure.phase === 'connect') await this.#tell('failed: Connection timed out.\n');
  }

  async #failed(url: Url, failure: HttpFailure): Promise<number> {
    switch (failure.kind) {
      case 'dns':
        await this.#log(`wget: unable to resolve host address ‘${url.host}’\n`);
        return 4;
      case 'tls':
        if (failure.error.kind !== 'verify') {
          await this.#log('Unable to establish SSL connection.\n');
          return 4;
        }
        await this.#certificate(url, failure.error.failure);
        return 5;
      case 'empty':
        await this.#tell('No data received.\nGiving up.\n\n');
        return 4;
      case 'timeout':
        if (failure.phase === 'headers') await this.#tell('Read error (Connection timed out) in headers.\n');
        return 4;
      case 'broken':
        await this.#tell(`Read error (${failure.error.message}) in headers.\nGiving up.\n\n`);
        return 4;
      case 'connect':
      case 'alert':
      case 'malformed':
      case 'url':
        return 4;
    }
  }

  async #certificate(
    { host }: Url,
    failure: Extract<Extract<HttpFailure, { kind: 'tls' }>['error'], { kind: 'verify' }>['failure'],
  ): Promise<void> {
    if (failure.kind === 'no-certificate') return;
    const { subject, issuer } = failure.certificate;
    const text =
      failure.kind === 'host'
        ? `    certificate common name ‘${subject.commonName}’ doesn't match requested host name ‘${host}’.\n`
        : `ERROR: cannot verify ${host}'s certificate, issued by ‘${subjectText(issuer).replaceAll(' = ', '=').replaceAll(', ', ',')}’:\n  ${
            failure.kind === 'unknown-authority'
              ? failure.selfSigned
                ? 'Self-signed certificate encountered.'
                : "Unable to locally verify the issuer's authority."
              : 'Issued certificate has expired.'
          }\n`;
    await this.#log(`${text}To connect to ${host} insecurely, use \`--no-check-certificate'.\n`);
  }

  async #finish(url: Url, response: ClientResponse): Promise<number> {
    const { parsed, process } = this;
    const reason = response.line.slice(13);
    if (response.status >= 400) {
      response.close();
      if (parsed.has('spider')) await this.#tell('Remote file does not exist -- broken link!!!\n\n');
      else
        await this.#log(
          `${this.#terse ? `${formatUrl(url)}:\n` : ''}${stamp(process)} ERROR ${response.status}: ${reason}.\n\n`,
        );
      return 8;
    }
    const length = response.headers.get('Content-Length');
    const type = response.headers.get('Content-Type')?.replace(/;.*/, '');
    await this.#tell(
      `Length: ${length === undefined ? 'unspecified' : readable(Number(length))}${type === undefined ? '' : ` [${type}]`}\n`,
    );
    if (parsed.has('spider')) {
      response.close();
      await this.#tell('Remote file exists.\n\n');
      return 0;
    }
    const name =
      url.path
        .replace(/[?#].*$/, '')
        .split('/')
        .at(-1) || 'index.html';
    const directory = parsed.value('P');
    const path = parsed.value('O') ?? free(process, directory === undefined ? name : `${directory}/${name}`);
    const shown = path === '-' ? 'STDOUT' : path;
    if (path !== '-') {
      if (directory !== undefined) process.fs.mkdirAll(directory);
      const created = process.fs.writeFile(path, '');
      if (!created.ok) {
        response.close();
        await this.#log(`${path}: ${created.error.message}\n\nCannot write to ‘${path}’ (${created.error.message}).\n`);
        return 3;
      }
    }
    await this.#tell(`Saving to: ‘${shown}’\n\n`);
    let received = 0;
    for (let chunk = await response.body.read(); chunk !== undefined; chunk = await response.body.read()) {
      received += chunk.length;
      if (path === '-') await process.stdout.write(chunk);
      else process.fs.appendFile(path, chunk);
    }
    const failed = response.body.timedOut || response.body.failure !== undefined;
    await this.#tell(dots(received, length !== undefined));
    if (failed) {
      await this.#tell(`${stamp(process)} (0.00 B/s) - Connection closed at byte ${received}. Giving up.\n\n`);
      return 4;
    }
    const of = length === undefined ? `[${received}]` : `[${received}/${length}]`;
    if (this.#terse) await this.#log(`${stamp(process)} URL:${formatUrl(url)} ${of} -> "${path}" [1]\n`);
    else
      await this.#tell(
        `${stamp(process)} (100 MB/s) - ${path === '-' ? 'written to stdout' : `‘${path}’ saved`} ${of}\n\n`,
      );
    return 0;
  }
}

/** The dot style, as wget shows it where stderr is no terminal. */
function dots(received: number, known: boolean): string {
  const filled = Math.min(50, Math.ceil(received / 1024));
  const groups = Array.from({ length: 5 }, (_, group) =>
    '.'.repeat(Math.max(0, Math.min(10, filled - group * 10))).padEnd(10),
  );
  return `     0K ${groups.join(' ')} ${known ? '100%' : '    '}  100M=0s\n\n`;
}

const readable = (bytes: number): string =>
  bytes < 1024 ? String(bytes) : `${bytes} (${bytes < 10_240 ? (bytes / 1024).toFixed(1) : Math.round(bytes / 1024)}K)`;

/** `index.html.1` where `index.html` is taken. */
function free(process: Process, path: string): string {
  if (!process.fs.stat(path).ok) return path;
  let count = 1;
  while (process.fs.stat(`${path}.${count}`).ok) count++;
  return `${path}.${count}`;
}

const stamp = ({ clock }: Process): string => new Date(clock.now).toISOString().slice(0, 19).replace('T', ' ');
