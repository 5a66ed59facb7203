import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { err, ok, type Result } from '../../../sim/result';
import { readBody } from '../../../linux/net/http/codec';
import { request } from '../../../linux/net/http/client';
import { goUrlError } from '../../../linux/net/http/go-text';
import { parseCertificates } from '../../../linux/net/tls/certificate';
import type { Process } from '../../../linux/process/types';
import type { Engine } from '../../dockerd/engine';
import { BuildFailure } from '../dockerfile/source';
import type { HttpOp } from './types';

interface Fetched {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly mtime: number;
}

/** ADD https://…: over the simulated network, as dockerd itself. */
export async function fetchUrl({ options }: Engine, { url, checksum }: HttpOp): Promise<Fetched> {
  const fetched = await get(options.dockerd, url, 10);
  if (!fetched.ok) throw new BuildFailure(`failed to load cache key: ${fetched.error}`);
  const { status, bytes } = fetched.value;
  if (status < 200 || status >= 400)
    throw new BuildFailure(`failed to load cache key: invalid response status ${status}`);
  const digest = `sha256:${bytesToHex(sha256(bytes))}`;
  if (checksum !== '' && checksum !== digest) throw new BuildFailure(`digest mismatch ${digest}: ${checksum}`);
  return fetched.value;
}

async function get(process: Process, url: string, redirects: number): Promise<Result<Fetched, string>> {
  const bundle = process.fs.readText('/etc/ssl/certs/ca-certificates.crt');
  const answered = await request(process, { url, tls: { roots: bundle.ok ? parseCertificates(bundle.value) : [] } });
  if (!answered.ok) return err(goUrlError('GET', url, answered.error));
  const { status, headers, body } = answered.value;
  const bytes = await readBody(body);
  const location = headers.get('Location');
  if (status >= 300 && status < 400 && location !== undefined) {
    if (redirects === 0) return err(`Get ${JSON.stringify(url)}: stopped after 10 redirects`);
    const origin = /^https?:\/\/[^/]*/.exec(url)?.[0] ?? '';
    return get(process, location.startsWith('/') ? origin + location : location, redirects - 1);
  }
  const modified = Date.parse(headers.get('Last-Modified') ?? '');
  return ok({ status, bytes, mtime: Number.isNaN(modified) ? 0 : modified });
}
