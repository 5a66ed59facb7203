import { noBytes } from '../../linux/io/bytes';
import { readBody } from '../../linux/net/http/codec';
import { Headers, type Response } from '../../linux/net/http/message';
import { sha256HexOf } from '../images/digest';
import { refusal, type Problem } from './errors';
import type { RepositoryCall } from './handle';
import { parseManifest, typeOf, types } from './manifest';

/** GET and HEAD of a manifest (registry/handlers/manifests.go). */
export function getManifest(
  { store, name, request, options }: RepositoryCall,
  reference: string,
  isDigest: boolean,
): Response {
  let digest = isDigest ? reference : store.tagged(name, reference);
  const modern = (options.version ?? 2) >= 3;
  if (digest === undefined)
    return refusal({ code: 'MANIFEST_UNKNOWN', detail: modern ? `unknown tag=${reference}` : { Tag: reference } });
  let bytes = store.manifest(name, digest);
  let manifest = bytes === undefined ? undefined : parseManifest(bytes);
  if (bytes === undefined || manifest === undefined) {
    const detail = modern ? `unknown manifest name=${name} revision=${digest}` : { Name: name, Revision: digest };
    return refusal({ code: 'MANIFEST_UNKNOWN', detail });
  }
  const accepts = (request.headers.get('Accept') ?? '').split(',').map((type) => type.split(';')[0]?.trim() ?? '');
  const type = typeOf(manifest);
  // Version 2 serves OCI documents to those only who ask for them, and a list as its linux/amd64 to older clients.
  if (!modern && type === types.ociManifest && !accepts.includes(type))
    return refusal({
      code: 'MANIFEST_UNKNOWN',
      message: 'OCI manifest found, but accept header does not support OCI manifests',
    });
  if (!modern && type === types.ociIndex && !accepts.includes(type))
    return refusal({
      code: 'MANIFEST_UNKNOWN',
      message: 'OCI index found, but accept header does not support OCI indexes',
    });
  if (!modern && type === types.dockerList && !isDigest && !accepts.includes(type)) {
    const own = manifest.manifests?.find(
      ({ platform }) => platform?.architecture === 'amd64' && platform.os === 'linux',
    );
    const single = own === undefined ? undefined : store.manifest(name, own.digest);
    if (own === undefined || single === undefined) return refusal({ code: 'MANIFEST_UNKNOWN' });
    digest = own.digest;
    bytes = single;
    manifest = parseManifest(single) ?? manifest;
  }
  const headers = new Headers({
    'Content-Type': typeOf(manifest),
    'Docker-Content-Digest': digest,
    Etag: JSON.stringify(digest),
  });
  if (request.headers.get('If-None-Match')?.includes(digest) === true)
    return { status: 304, headers: new Headers(), body: noBytes };
  return { status: 200, headers, body: bytes };
}

/** PUT: taken only if everything that it names is here. */
export async function putManifest(
  { store, name, request }: RepositoryCall,
  reference: string,
  isDigest: boolean,
): Promise<Response> {
  const bytes = await readBody(request.body);
  const manifest = parseManifest(bytes);
  if (manifest === undefined) return refusal({ code: 'MANIFEST_INVALID', detail: {} });
  const digest = `sha256:${sha256HexOf([bytes])}`;
  if (isDigest && digest !== reference) return refusal({ code: 'DIGEST_INVALID' });
  if (manifest.schemaVersion !== 2)
    return refusal({
      code: 'MANIFEST_INVALID',
      detail: `unrecognized manifest schema version ${manifest.schemaVersion}`,
    });
  const missing: Problem[] = [];
  for (const { digest: blob } of [
    ...(manifest.config === undefined ? [] : [manifest.config]),
    ...(manifest.layers ?? []),
  ])
    if (store.blobSize(name, blob) === undefined) missing.push({ code: 'MANIFEST_BLOB_UNKNOWN', detail: blob });
  for (const { digest: child } of manifest.manifests ?? [])
    if (store.manifest(name, child) === undefined) missing.push({ code: 'MANIFEST_BLOB_UNKNOWN', detail: child });
  if (missing.length > 0) return refusal(missing);
  store.putManifest(name, bytes);
  if (!isDigest) store.tag(name, reference, digest);
  const host = request.headers.get('Host') ?? 'localhost';
  return {
    status: 201,
    headers: new Headers({
      'Docker-Content-Digest': digest,
      Location: `http://${host}/v2/${name}/manifests/${digest}`,
    }),
    body: noBytes,
  };
}

export function deleteManifest(
  { store, name, options }: RepositoryCall,
  reference: string,
  isDigest: boolean,
): Response {
  const modern = (options.version ?? 2) >= 3;
  // Version 2 deletes by digest only.
  if (options.deletes !== true || (!isDigest && !modern)) return refusal({ code: 'UNSUPPORTED' });
  const gone = isDigest ? store.deleteManifest(name, reference) : store.untag(name, reference);
  if (!gone) return refusal({ code: 'MANIFEST_UNKNOWN' });
  return { status: 202, headers: new Headers(), body: noBytes };
}
