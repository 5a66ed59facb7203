import { encode } from '../../../linux/io/bytes';
import type { Process, Program } from '../../../linux/process/types';
import { formatUrl } from '../../../linux/net/http/url';
import { isTty } from '../streams';
import type { Parsed } from '../options';
import { uploadOf } from './data';
import { untrusted } from './failure';
import { parseCurl } from './options';
import { meter, meterStart } from './progress';
import { curlVersion, Transfer, type Output, type Report } from './transfer';
import { writeOut, type Variables } from './write-out';

const tryHelp = "curl: try 'curl --help' or 'curl --manual' for more information\n";

/** curl(1): transfers URLs. */
export const curl: Program = async (process) => {
  const { stdout, stderr } = process;
  const parsed = parseCurl(process.args);
  if (parsed.error) {
    const what = parsed.error.kind === 'unknown' ? 'is unknown' : 'requires parameter';
    await stderr.write(`curl: option ${parsed.error.option}: ${what}\n${tryHelp}`);
    return 2;
  }
  if (parsed.has('V')) {
    await stdout.write(versionText);
    return 0;
  }
  if (parsed.has('h')) {
    await stdout.write(helpText);
    return 0;
  }
  const urls = [...parsed.values('url'), ...parsed.operands];
  if (urls.length === 0) {
    await stderr.write(`curl: (2) no URL specified\n${tryHelp}`);
    return 2;
  }
  const upload = await uploadOf(process, parsed);
  if (!upload.ok) {
    await stderr.write(
      `curl: Failed to open ${upload.error}\ncurl: option -d: error encountered when reading a file\n${tryHelp}`,
    );
    return 26;
  }
  let status = 0;
  for (const [index, url] of urls.entries()) status = await withRetries(process, parsed, url, index, upload.value);
  return status;
};

async function withRetries(
  process: Process,
  parsed: Parsed,
  url: string,
  index: number,
  upload: ConstructorParameters<typeof Transfer>[3],
): Promise<number> {
  let left = Number(parsed.value('retry') ?? 0);
  let wait = 1000;
  for (;;) {
    const report = await transferOne(process, parsed, url, index, upload);
    const retry = left > 0 ? retriable(parsed, report) : undefined;
    if (retry === undefined) return finish(process, parsed, report);
    const delay = parsed.has('retry-delay') ? Number(parsed.value('retry-delay')) * 1000 : wait;
    if (!parsed.has('s')) {
      const unit = delay === 1000 ? 'second' : 'seconds';
      await process.stderr.write(
        `Warning: Problem: ${retry}. Will retry in ${delay / 1000} ${unit}. ${left} ${left === 1 ? 'retry' : 'retries'} left.\n`,
      );
    }
    await process.sleep(delay);
    wait = Math.min(wait * 2, 600_000);
    left--;
  }
}

/** Why a transfer is tried again (retrycheck in src/tool_operate.c). */
function retriable(parsed: Parsed, { error, response }: Report): string | undefined {
  if (error?.code === 28 || error?.code === 6) return error.code === 6 ? 'hostname' : 'timeout';
  if (error?.code === 7 && parsed.has('retry-connrefused')) return 'connection refused';
  if (response && [408, 429, 500, 502, 503, 504].includes(response.status)) return 'HTTP error';
  return error && parsed.has('retry-all-errors') ? '(retrying all errors)' : undefined;
}

async function transferOne(
  process: Process,
  parsed: Parsed,
  url: string,
  index: number,
  upload: ConstructorParameters<typeof Transfer>[3],
): Promise<Report> {
  const target = outputPath(parsed, url, index);
  const toScreen = target === undefined && isTty(process, 1);
  const meters = !parsed.has('s', 'no-progress-meter') && !toScreen && !parsed.has('#');
  if (meters) await process.stderr.write(meterStart());
  const output = new Sink(process, parsed, target);
  const transfer = new Transfer(process, parsed, output, upload);
  const report = await transfer.run(url);
  if (!report.error) await output.finish();
  if (meters) {
    const { received, sent, total, times } = report;
    const state = { received, sent, elapsed: times.ended - times.started, ...(total === undefined ? {} : { total }) };
    await process.stderr.write(
      `\r${meter(report.error && received === 0 ? { received: 0, sent: 0, elapsed: 0 } : state)}\n`,
    );
  }
  return report;
}

function outputPath(parsed: Parsed, url: string, index: number): string | undefined {
  const targets = parsed.options.filter(({ name }) => name === 'o' || name === 'O');
  const target = targets[index] ?? (parsed.has('remote-name-all') ? { name: 'O', value: '' } : undefined);
  if (target === undefined || (target.name === 'o' && target.value === '-')) return undefined;
  const name =
    target.name === 'o'
      ? target.value
      : (url
          .replace(/[?#].*$/, '')
          .split('/')
          .at(-1) ?? '');
  const directory = parsed.value('output-dir');
  return directory === undefined ? name : `${directory}/${name}`;
}

/** Standard output or a file, with the heads where they are wanted. */
class Sink implements Output {
  #created = false;
  constructor(
    readonly process: Process,
    readonly parsed: Parsed,
    readonly path: string | undefined,
  ) {}

  async head(text: string): Promise<void> {
    const dump = this.parsed.value('D');
    if (dump === '-') await this.process.stdout.write(text);
    else if (dump !== undefined) this.process.fs.appendFile(dump, text);
    if (this.parsed.has('i', 'I')) await this.body(encode(text));
  }

  async body(bytes: Uint8Array): Promise<boolean> {
    if (this.path === undefined) {
      await this.process.stdout.write(bytes);
      return true;
    }
    if (!this.#create()) return false;
    return this.process.fs.appendFile(this.path, bytes).ok;
  }

  /** An empty body makes an empty file. */
  async finish(): Promise<void> {
    if (this.path !== undefined) this.#create();
  }

  #create(): boolean {
    if (this.#created || this.path === undefined) return true;
    const { fs } = this.process;
    const slash = this.path.lastIndexOf('/');
    if (this.parsed.has('create-dirs') && slash > 0) fs.mkdirAll(this.path.slice(0, slash));
    this.#created = true;
    const stat = fs.stat(this.path);
    if (stat.ok && stat.value.type !== 'file') return true;
    return fs.writeFile(this.path, '').ok;
  }
}

async function finish(process: Process, parsed: Parsed, report: Report): Promise<number> {
  const { error } = report;
  const format = parsed.value('w');
  if (error && (!parsed.has('s') || parsed.has('S'))) {
    await process.stderr.write(`curl: (${error.code}) ${error.message}\n${error.code === 60 ? untrusted : ''}`);
  }
  if (format !== undefined) {
    const text = format.startsWith('@') ? process.fs.readText(format.slice(1)) : { ok: true as const, value: format };
    const { stdout, stderr } = writeOut(text.ok ? text.value : '', variablesOf(report));
    if (stdout !== '') await process.stdout.write(stdout);
    if (stderr !== '') await process.stderr.write(stderr);
  }
  return error?.code ?? 0;
}

function variablesOf({ url, response, error, received, sent, redirects, times }: Report): Variables {
  const since = (instant: number): string => ((instant - times.started) / 1000).toFixed(6);
  const code = (response?.status ?? 0).toString().padStart(3, '0');
  const total = times.ended - times.started;
  const reached = (instant: number): string => (instant === times.started ? '0.000000' : since(instant));
  return {
    ...{ http_code: code, response_code: code, http_connect: '000', http_version: response ? '1.1' : '0' },
    ...{ exitcode: String(error?.code ?? 0), errormsg: error?.message ?? '' },
    time_total: since(times.ended),
    time_namelookup: reached(times.lookup),
    time_connect: reached(times.connected),
    time_appconnect: reached(times.secured),
    time_pretransfer: reached(Math.max(times.connected, times.secured)),
    time_starttransfer: reached(times.first),
    time_redirect: '0.000000',
    size_download: String(received),
    size_upload: String(sent),
    size_header: String(response ? headSize(response.line, response.headers) : 0),
    size_request: '0',
    speed_download: total === 0 ? '0' : String(Math.floor((received * 1000) / total)),
    speed_upload: total === 0 ? '0' : String(Math.floor((sent * 1000) / total)),
    remote_ip: response?.remote.address ?? '',
    remote_port: String(response?.remote.port ?? ''),
    local_ip: response?.local.address ?? '',
    local_port: String(response?.local.port ?? ''),
    num_connects: response ? String(redirects + 1) : '0',
    num_redirects: String(redirects),
    redirect_url: response && response.status >= 300 ? (response.headers.get('Location') ?? '') : '',
    url: url ? formatUrl(url) : '',
    url_effective: url ? formatUrl(url) : '',
    scheme: url?.scheme ?? '',
    method: '',
    content_type: response?.headers.get('Content-Type') ?? '',
    ssl_verify_result: '0',
    filename_effective: '',
  };
}

const headSize = (line: string, headers: Iterable<readonly [string, string]>): number =>
  [...headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, line.length + 4);

const versionText = `curl ${curlVersion} (x86_64-pc-linux-gnu) libcurl/${curlVersion} OpenSSL/3.5.1 zlib/1.3.1
Release-Date: 2025-06-04
Protocols: file http https
Features: alt-svc AsynchDNS HSTS HTTPS-proxy IPv6 Largefile SSL threadsafe UnixSockets
`;

const helpText = `Usage: curl [options...] <url>
 -d, --data <data>           HTTP POST data
 -f, --fail                  Fail fast with no output on HTTP errors
 -h, --help <subject>        Get help for commands
 -o, --output <file>         Write to file instead of stdout
 -O, --remote-name           Write output to file named as remote file
 -i, --show-headers          Show response headers in output
 -s, --silent                Silent mode
 -T, --upload-file <file>    Transfer local FILE to destination
 -u, --user <user:password>  Server user and password
 -A, --user-agent <name>     Send User-Agent <name> to server
 -v, --verbose               Make the operation more talkative
 -V, --version               Show version number and quit

This is not the full help; this menu is split into categories.
Use "--help category" to get an overview of all categories, which are:
auth, connection, curl, deprecated, dns, file, ftp, global, http, imap, ldap, output, pop3, post, proxy, scp, sftp, smb,
smtp, ssh, telnet, timeout, tls, upload, verbose.
Use "--help all" to list all options
`;
