import { encode, noBytes } from '../../linux/io/bytes';
import { Headers, type Handler, type Request, type Response } from '../../linux/net/http/message';
import { refusal } from './errors';
import { deleteManifest, getManifest, putManifest } from './manifests';
import { shelfHeader, shelved } from './shelf';
import type { RegistryStore } from './store';
import { upload } from './uploads';

export interface RegistryOptions {
  readonly store: RegistryStore;
  readonly now: () => number;
  /** A new upload's id. */
  readonly uuid: () => string;
  /** `storage.delete.enabled`. */
  readonly deletes?: boolean;
  /** `storage.maintenance.readonly`. */
  readonly readOnly?: boolean;
  /** 2 or 3. */
  readonly version?: number;
  /** Basic authentication: is that header someone who may come in? */
  readonly authenticate?: { readonly realm: string; readonly allows: (header: string | undefined) => boolean };
}

/** A request that is about one repository. */
export interface RepositoryCall {
  readonly options: RegistryOptions;
  readonly store: RegistryStore;
  readonly request: Request;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly name: string;
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const named = `(${component}(?:/${component})*)`;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** The distribution API over a store (registry/handlers). */
export const registryHandler =
  (options: RegistryOptions): Handler =>
  async (request) => {
    const question = request.url.indexOf('?');
    const path = question < 0 ? request.url : request.url.slice(0, question);
    const query = new URLSearchParams(question < 0 ? '' : request.url.slice(question + 1));
    if (path === '/v2') return { status: 301, headers: new Headers({ Location: '/v2/' }), body: noBytes };
    if (path === '/') return { status: 200, headers: new Headers({ 'Cache-Control': 'no-cache' }), body: noBytes };
    const response = path.startsWith('/v2/') ? await answer(options, request, path, query) : notFound();
    if (path.startsWith('/v2/')) response.headers.set('Docker-Distribution-Api-Version', 'registry/2.0');
    response.headers.set('X-Content-Type-Options', 'nosniff');
    return request.method === 'HEAD' && response.body instanceof Uint8Array
      ? headOf(response, response.body)
      : response;
  };

async function answer(
  options: RegistryOptions,
  request: Request,
  path: string,
  query: URLSearchParams,
): Promise<Response> {
  const { store, authenticate } = options;
  const { method } = request;
  const rest = path.slice('/v2/'.length);
  const match = (pattern: string): RegExpExecArray | null => new RegExp(`^${named}/${pattern}$`).exec(rest);
  const manifest = match('manifests/([^/]+)');
  const tags = manifest === null ? match('tags/list') : null;
  const uploads = match('blobs/uploads/([a-zA-Z0-9-_.=]*)');
  const blob = uploads === null ? match('blobs/([^/]+)') : null;
  const found = manifest ?? tags ?? uploads ?? blob;
  const name = found?.[1];
  if (authenticate !== undefined && !authenticate.allows(request.headers.get('Authorization'))) {
    const who = { 'Www-Authenticate': `Basic realm=${JSON.stringify(authenticate.realm)}` };
    return refusal({ code: 'UNAUTHORIZED', detail: accesses(rest, name, method, query) }, who);
  }
  if (rest === '') return jsonOf({});
  if (rest === '_catalog') return method === 'GET' ? catalog(store, query) : wrongMethod();
  if (name === undefined) return notFound();
  const call: RepositoryCall = { options, store, request, method, query, name };
  if (manifest !== null) return manifestCall(call, manifest[2] ?? '');
  if (tags !== null) return method === 'GET' ? tagList(call) : wrongMethod();
  if (uploads !== null) return upload(call, uploads[2] ?? '');
  return blobCall(call, blob?.[2] ?? '');
}

/** What would have been needed, as the challenge's detail tells it (registry/auth Access). */
function accesses(rest: string, name: string | undefined, method: string, query: URLSearchParams): unknown {
  if (rest === '_catalog') return [{ Type: 'registry', Class: '', Name: 'catalog', Action: '*' }];
  if (name === undefined) return null;
  const access = (Name: string, Action: string) => ({ Type: 'repository', Class: '', Name, Action });
  if (method === 'GET' || method === 'HEAD') return [access(name, 'pull')];
  if (method === 'DELETE') return [access(name, 'delete')];
  const from = query.get('from');
  return [access(name, 'pull'), access(name, 'push'), ...(from === null ? [] : [access(from, 'pull')])];
}

function catalog(store: RegistryStore, query: URLSearchParams): Response {
  const count = Number(query.get('n') ?? 100);
  if (!Number.isInteger(count) || count <= 0)
    return refusal({ code: 'PAGINATION_NUMBER_INVALID', detail: { n: Number(query.get('n')) } });
  const last = query.get('last') ?? '';
  const all = store.repositories().filter((name) => name > last);
  const repositories = all.slice(0, count);
  const next =
    all.length > count
      ? `</v2/_catalog?last=${encodeURIComponent(repositories.at(-1) ?? '')}&n=${count}>; rel="next"`
      : undefined;
  return jsonOf({ repositories }, next === undefined ? {} : { Link: next });
}

function tagList({ store, name, query, options }: RepositoryCall): Response {
  const listed = store.tags(name);
  // Version 2 lists them as the disk does.
  const tags = query.get('n') === null && (options.version ?? 2) < 3 ? listed : listed?.toSorted();
  if (tags === undefined) return refusal({ code: 'NAME_UNKNOWN', detail: { name } });
  const count = query.get('n') === null ? tags.length : Number(query.get('n'));
  const last = query.get('last') ?? '';
  const rest = tags.filter((tag) => tag > last);
  const shown = rest.slice(0, count);
  const more = rest.length > shown.length && query.get('n') !== null;
  const next = `</v2/${name}/tags/list?last=${encodeURIComponent(shown.at(-1) ?? '')}&n=${count}>; rel="next"`;
  // A slice of Go's that nobody appended to.
  return jsonOf({ name, tags: tags.length === 0 ? null : shown }, more ? { Link: next } : {});
}

async function manifestCall(call: RepositoryCall, reference: string): Promise<Response> {
  const isDigest = digestPattern.test(reference);
  if (!isDigest && !/^\w[\w.-]{0,127}$/.test(reference)) return notFound();
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return getManifest(call, reference, isDigest);
    case 'PUT':
      return call.options.readOnly === true ? wrongMethod() : putManifest(call, reference, isDigest);
    case 'DELETE':
      return call.options.readOnly === true ? wrongMethod() : deleteManifest(call, reference, isDigest);
    default:
      return wrongMethod();
  }
}

function blobCall({ store, name, method, request, options }: RepositoryCall, digest: string): Response {
  if (!digestPattern.test(digest)) return notFound();
  const size = store.blobSize(name, digest);
  if (method === 'DELETE') {
    if (options.deletes !== true || options.readOnly === true) return refusal({ code: 'UNSUPPORTED' });
    if (!store.unlinkBlob(name, digest)) return refusal({ code: 'BLOB_UNKNOWN', detail: digest });
    const headers = new Headers({ 'Content-Length': '0', 'Docker-Content-Digest': digest });
    return { status: 202, headers, body: noBytes };
  }
  if (method !== 'GET' && method !== 'HEAD') return wrongMethod();
  if (size === undefined) return refusal({ code: 'BLOB_UNKNOWN', detail: digest });
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'max-age=31536000',
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    Etag: JSON.stringify(digest),
  });
  if (method === 'HEAD') {
    headers.set('Content-Length', String(size));
    return { status: 200, headers, body: noBytes };
  }
  if (request.headers.get(shelfHeader) !== undefined && shelved(digest)?.compressedSize === size) {
    headers.set(shelfHeader, digest);
    return { status: 200, headers, body: noBytes };
  }
  return { status: 200, headers, body: store.blob(digest) ?? noBytes };
}

/** An answer without its body. */
function headOf({ status, headers }: Response, body: Uint8Array): Response {
  if (!headers.has('Content-Length')) headers.set('Content-Length', String(body.length));
  return { status, headers, body: noBytes };
}

const jsonOf = (value: unknown, more: Readonly<Record<string, string>> = {}): Response => ({
  status: 200,
  headers: new Headers({ 'Content-Type': 'application/json; charset=utf-8', ...more }),
  body: encode(`${JSON.stringify(value)}${JSON.stringify(value) === '{}' ? '' : '\n'}`),
});

const notFound = (): Response => ({
  status: 404,
  headers: new Headers({ 'Content-Type': 'text/plain; charset=utf-8' }),
  body: encode('404 page not found\n'),
});

const wrongMethod = (): Response => ({ status: 405, headers: new Headers(), body: noBytes });
