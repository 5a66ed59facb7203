import { encode } from '../../../linux/io/bytes';
import { request, type HttpFailure } from '../../../linux/net/http/client';
import { Headers } from '../../../linux/net/http/message';
import { formatUrl, hostHeader, parseUrl, resolveUrl, type Url } from '../../../linux/net/http/url';
import { base64 } from '../../../linux/net/tls/pem';
import type { Process, Program } from '../../../linux/process/types';
import { parseOptions, type Parsed } from '../options';

const usage = `BusyBox v1.37.0 (2025-01-20 00:00:00 UTC) multi-call binary.

Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...
`;

/** busybox wget (networking/wget.c). */
export const busyboxWget: Program = async (process) => {
  const parsed = parseOptions(process.args, {
    flags: 'c/continue q/quiet S/server-response spider no-check-certificate b',
    values:
      'O/output-document o/output-file header post-data post-file Y/proxy P/directory-prefix U/user-agent T/timeout t/tries',
  });
  if (parsed.error || parsed.operands.length === 0) {
    const what = parsed.error
      ? parsed.error.option.startsWith('--')
        ? `unrecognized option: ${parsed.error.option.slice(2)}`
        : `${parsed.error.kind === 'unknown' ? 'unrecognized option' : 'option requires an argument'}: ${parsed.error.option.slice(1)}`
      : undefined;
    await process.stderr.write(`${what === undefined ? '' : `wget: ${what}\n`}${usage}`);
    return 1;
  }
  for (const url of parsed.operands) {
    const failure = await fetchOne(process, parsed, url);
    if (failure !== undefined) {
      await process.stderr.write(`wget: ${failure}\n`);
      return 1;
    }
  }
  return 0;
};

async function fetchOne(process: Process, parsed: Parsed, text: string): Promise<string | undefined> {
  const tell = async (line: string): Promise<void> => {
    if (!parsed.has('q')) await process.stderr.write(`${line}\n`);
  };
  const first = parseUrl(text);
  if (!first.ok) return `bad address '${text}'`;
  let url = first.value;
  if (url.scheme !== 'http' && url.scheme !== 'https') return `not an http or ftp url: ${text}`;
  const timeout = Number(parsed.value('T') ?? 900) * 1000;
  for (let redirects = 0; redirects < 20; redirects++) {
    const trying: { address?: string } = {};
    const connecting: string[] = [];
    const got = await request(process, {
      url,
      ...requestOf(process, parsed, url),
      timeout,
      ...(url.scheme === 'https' ? { tls: { roots: [], insecure: true } } : {}),
      observe: (event) => {
        if (event.kind !== 'trying') return;
        trying.address = event.to.address;
        connecting.push(`Connecting to ${hostHeader(url)} (${event.to.address}:${event.to.port})`);
      },
    });
    for (const line of connecting.slice(0, 1)) await tell(line);
    if (!got.ok) return failureText(got.error, url, trying.address);
    const response = got.value;
    if (parsed.has('S')) {
      await process.stderr.write(`  ${response.line}\n`);
      for (const [name, value] of response.headers) await process.stderr.write(`  ${name}: ${value}\n`);
    }
    const location = response.headers.get('Location');
    if (response.status >= 300 && response.status < 400 && location !== undefined) {
      response.close();
      const next = resolveUrl(url, location);
      if (!next.ok) return `bad address '${location}'`;
      url = next.value;
      continue;
    }
    if (response.status >= 400) {
      response.close();
      return `server returned error: ${response.line}`;
    }
    if (parsed.has('spider')) {
      response.close();
      await tell('remote file exists');
      return undefined;
    }
    return save(process, parsed, url, response, tell);
  }
  return 'too many redirections';
}

function requestOf(
  process: Process,
  parsed: Parsed,
  url: Url,
): { readonly method: string; readonly headers: Headers; readonly body?: Uint8Array } {
  const headers = new Headers({
    Host: hostHeader(url),
    'User-Agent': parsed.value('U') ?? 'Wget',
    Connection: 'close',
  });
  if (url.user !== undefined)
    headers.set('Authorization', `Basic ${base64(encode(`${url.user}:${url.password ?? ''}`))}`);
  for (const line of parsed.values('header')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const file = parsed.value('post-file');
  const read = file === undefined ? undefined : process.fs.readFile(file);
  const data = read?.ok ? read.value : parsed.has('post-data') ? encode(parsed.value('post-data') ?? '') : undefined;
  if (data === undefined) return { method: parsed.has('spider') ? 'HEAD' : 'GET', headers };
  if (!headers.has('Content-Type')) headers.set('Content-Type', 'application/x-www-form-urlencoded');
  return { method: 'POST', headers, body: data };
}

async function save(
  process: Process,
  parsed: Parsed,
  url: Url,
  response: {
    readonly headers: Headers;
    readonly body: { read(): Promise<Uint8Array | undefined>; readonly timedOut: boolean; readonly failure: unknown };
  },
  tell: (line: string) => Promise<void>,
): Promise<string | undefined> {
  const name =
    url.path
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) || 'index.html';
  const directory = parsed.value('P');
  const path = parsed.value('O') ?? (directory === undefined ? name : `${directory}/${name}`);
  const toStdout = path === '-';
  if (!toStdout) {
    // Without -O it does not overwrite (O_EXCL).
    if (!parsed.has('O', 'c') && process.fs.stat(path).ok) return `can't open '${path}': File exists`;
    const created = process.fs.writeFile(path, '');
    if (!created.ok) return `can't open '${path}': ${created.error.message}`;
  }
  await tell(toStdout ? 'writing to stdout' : `saving to '${path}'`);
  let received = 0;
  for (let chunk = await response.body.read(); chunk !== undefined; chunk = await response.body.read()) {
    received += chunk.length;
    if (toStdout) await process.stdout.write(chunk);
    else {
      const written = process.fs.appendFile(path, chunk);
      if (!written.ok) return `write error: ${written.error.message}`;
    }
  }
  if (response.body.timedOut) return 'download timed out';
  if (response.body.failure !== undefined) return 'connection closed prematurely';
  const total = Number(response.headers.get('Content-Length') ?? received);
  await tell(bar(toStdout ? '-' : path, received, total));
  await tell(toStdout ? 'written to stdout' : `'${path}' saved`);
  return undefined;
}

/** libbb/progress.c at the end of a transfer. */
function bar(name: string, received: number, total: number): string {
  const percent = total === 0 ? 100 : Math.floor((received * 100) / total);
  const size =
    received < 100_000
      ? received.toString().padStart(5)
      : `${Math.floor(received / 1024)
          .toString()
          .padStart(4)}k`;
  return `${name.slice(0, 20).padEnd(20)} ${percent.toString().padStart(3)}% |${'*'.repeat(32)}| ${size}  0:00:00 ETA`;
}

function failureText(failure: HttpFailure, url: Url, address: string | undefined): string {
  switch (failure.kind) {
    case 'dns':
      return `bad address '${hostHeader(url)}'`;
    case 'connect':
      return `can't connect to remote host (${address ?? url.host}): ${failure.error.message}`;
    case 'timeout':
      return 'download timed out';
    case 'tls':
      return 'error getting response: Connection reset by peer';
    case 'empty':
      return 'error getting response';
    case 'broken':
    case 'alert':
      return 'error getting response: Connection reset by peer';
    case 'malformed':
      return `bad header line: ${failure.head}`;
    case 'url':
      return `bad address '${formatUrl(url)}'`;
  }
}
