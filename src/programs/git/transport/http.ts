import { concat, decode, encode } from '../../../linux/io/bytes';
import { request, type HttpFailure } from '../../../linux/net/http/client';
import { readBody } from '../../../linux/net/http/codec';
import { Headers } from '../../../linux/net/http/message';
import { parseCertificates } from '../../../linux/net/tls/certificate';
import { fatal, GitError } from '../error';
import type { Git } from '../git';
import type { Oid } from '../objects/object';
import { decodePack, flush, packet } from './pack';
import type { RemoteRef, RemoteRepository } from './remote-repository';

/** libcurl's words for what went wrong, as remote-curl passes them on. */
function words(failure: HttpFailure): string {
  switch (failure.kind) {
    case 'dns':
      return `Could not resolve host: ${failure.host}`;
    case 'connect':
      return `Failed to connect to ${failure.host} port ${typeof failure.to === 'string' ? failure.to : failure.to.port} after ${Math.round(failure.elapsed)} ms: Couldn't connect to server`;
    case 'tls':
      return 'server certificate verification failed. CAfile: none CRLfile: none';
    case 'timeout':
      return 'Connection timed out';
    default:
      return 'Empty reply from server';
  }
}

interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly url: string;
}

async function ask(git: Git, url: string, body?: Uint8Array): Promise<Answer> {
  const { process } = git;
  let at = url;
  for (let redirects = 0; redirects < 20; redirects++) {
    const bundle = process.fs.readText(process.env.get('GIT_SSL_CAINFO') ?? '/etc/ssl/certs/ca-certificates.crt');
    const got = await request(process, {
      url: at,
      method: body === undefined ? 'GET' : 'POST',
      headers: new Headers({
        'User-Agent': 'git/2.39.5',
        Accept: '*/*',
        ...(body === undefined ? {} : { 'Content-Type': 'application/x-git-upload-pack-request' }),
      }),
      ...(body === undefined ? {} : { body }),
      tls: {
        roots: bundle.ok ? parseCertificates(bundle.value) : [],
        insecure: !git.config.boolean('http.sslverify', true) || process.env.has('GIT_SSL_NO_VERIFY'),
        library: 'openssl',
      },
    });
    if (!got.ok) return fatal(`unable to access '${url.replace(/info\/refs.*$/, '')}': ${words(got.error)}`);
    const bytes = await readBody(got.value.body);
    const location = got.value.headers.get('Location');
    if (location === undefined || got.value.status < 300 || got.value.status > 399) {
      return { status: got.value.status, bytes, url: at };
    }
    at = location;
  }
  return fatal(`unable to access '${url}': Maximum (20) redirects followed`);
}

/** The lines of a reply; `undefined` for a flush. What follows the lines in a pack's reply stays as `rest`. */
function* packets(bytes: Uint8Array): Generator<Uint8Array | undefined> {
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = Number.parseInt(decode(bytes.subarray(at, at + 4)), 16);
    if (length < 4) {
      at += 4;
      yield undefined;
      continue;
    }
    yield bytes.subarray(at + 4, at + length);
    at += length;
  }
}

/** A repository over HTTP (gitprotocol-http(5), version 0). */
export async function connectHttp(git: Git, given: string): Promise<RemoteRepository> {
  const url = given.replace(/\/$/, '');
  const { status, bytes, url: at } = await ask(git, `${url}/info/refs?service=git-upload-pack`);
  if (status === 401 || status === 403) {
    const host = /^(https?:\/\/[^/]*)/.exec(url)?.[1] ?? url;
    return fatal(`could not read Username for '${host}': No such device or address`);
  }
  if (status === 404) return fatal(`repository '${given.endsWith('/') ? given : `${given}/`}' not found`);
  if (status !== 200) return fatal(`unable to access '${given}/': The requested URL returned error: ${status}`);
  const refs: RemoteRef[] = [];
  let head: string | undefined;
  for (const line of packets(bytes)) {
    const text = line === undefined ? '' : decode(line).replace(/\n$/, '');
    const [, oid = '', rest = ''] = /^([0-9a-f]{40}) (.*)$/s.exec(text) ?? [];
    if (oid === '') continue;
    const [name = '', capabilities = ''] = rest.split('\0');
    head ??= /symref=HEAD:(\S+)/.exec(capabilities)?.[1];
    if (name !== 'HEAD' && !name.endsWith('^{}') && name !== 'capabilities^{}') refs.push({ name, oid });
  }
  const base = at.replace(/\/info\/refs.*$/, '');
  return {
    refs,
    head,
    async fetch(wants) {
      const { objects, refs: own } = git.repository;
      const missing = wants.filter((oid) => !objects.has(oid));
      if (missing.length === 0) return 0;
      const haves = own.list().map(({ oid }) => oid);
      const body = concat([
        ...missing.map((oid, index) => packet(`want ${oid}${index === 0 ? ' ofs-delta agent=git/2.39.5' : ''}\n`)),
        flush,
        ...haves.map((oid: Oid) => packet(`have ${oid}\n`)),
        packet('done\n'),
      ]);
      const reply = await ask(git, `${base}/git-upload-pack`, body);
      const start = indexOf(reply.bytes, encode('PACK'));
      if (start < 0) return fatal('early EOF');
      const found = decodePack(reply.bytes.subarray(start), (oid) => objects.find(oid));
      for (const object of found) objects.write(object);
      return found.length;
    },
    async push() {
      const host = /^(https?:\/\/[^/]*)/.exec(url)?.[1] ?? url;
      throw new GitError(`fatal: could not read Username for '${host}': No such device or address`, 128, '');
    },
  };
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
