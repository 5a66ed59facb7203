import { noBytes } from '../../linux/io/bytes';
import { readBody } from '../../linux/net/http/codec';
import { Headers, type Response } from '../../linux/net/http/message';
import { goTimestamp } from '../shim/timestamp';
import { sha256HexOf } from '../images/digest';
import { refusal } from './errors';
import type { RepositoryCall } from './handle';
import { shelfHeader, shelved } from './shelf';

/** `/v2/<name>/blobs/uploads/…` (registry/handlers/blobupload.go): whole, in pieces, or taken from another repository. */
export async function upload(call: RepositoryCall, id: string): Promise<Response> {
  const { store, name, request, method, query, options } = call;
  if (id === '') return method === 'POST' ? start(call) : { status: 405, headers: new Headers(), body: noBytes };
  const size = store.uploaded(name, id);
  if (size === undefined) return refusal({ code: 'BLOB_UPLOAD_UNKNOWN' });
  switch (method) {
    case 'GET':
    case 'HEAD':
      return underWay(call, id, 204);
    case 'PATCH': {
      const range = /^(\d+)-(\d+)$/.exec(request.headers.get('Content-Range') ?? '');
      if (range !== null && Number(range[1]) !== size) return refusal({ code: 'RANGE_INVALID' });
      if (request.body instanceof Uint8Array) store.append(name, id, request.body);
      else
        for (let chunk = await request.body.read(); chunk !== undefined; chunk = await request.body.read())
          store.append(name, id, chunk);
      return underWay(call, id, 202);
    }
    case 'PUT': {
      const digest = query.get('digest') ?? '';
      if (!/^sha256:[0-9a-f]{64}$/.test(digest))
        return refusal({ code: 'DIGEST_INVALID', detail: digest === '' ? 'digest missing' : 'digest parsing failed' });
      const layer = request.headers.get(shelfHeader) === digest ? shelved(digest) : undefined;
      const last = await readBody(request.body);
      if (layer !== undefined) {
        store.putBlob(name, digest, { size: layer.compressedSize, make: () => layer.blob() });
      } else {
        store.append(name, id, last);
        const bytes = size === 0 ? last : (store.upload(name, id) ?? noBytes);
        const real = `sha256:${sha256HexOf([bytes])}`;
        if (real !== digest) {
          store.endUpload(name, id);
          return refusal({
            code: 'DIGEST_INVALID',
            detail: `invalid digest for referenced layer: ${digest}, content does not match digest`,
          });
        }
        store.putBlob(name, digest, bytes);
      }
      store.endUpload(name, id);
      return created(call, digest);
    }
    case 'DELETE':
      store.endUpload(name, id);
      return { status: 204, headers: new Headers({ 'Docker-Upload-Uuid': id }), body: noBytes };
    default:
      return { status: 405, headers: new Headers(), body: noBytes };
  }

  function underWay(of: RepositoryCall, uploadId: string, status: number): Response {
    const done = of.store.uploaded(of.name, uploadId) ?? 0;
    const headers = uploadHeaders(of, uploadId);
    headers.set('Range', `0-${Math.max(0, done - 1)}`);
    return { status, headers, body: noBytes };
  }

  function start(of: RepositoryCall): Response {
    if (options.readOnly === true) return { status: 405, headers: new Headers(), body: noBytes };
    const [mount, from] = [query.get('mount'), query.get('from')];
    if (mount !== null && from !== null && store.mount(name, mount, from)) return created(of, mount);
    const fresh = options.uuid();
    store.startUpload(name, fresh, goTimestamp(options.now()));
    const headers = uploadHeaders(of, fresh);
    headers.set('Range', '0-0');
    return { status: 202, headers, body: noBytes };
  }
}

const hostOf = ({ request }: RepositoryCall): string => `http://${request.headers.get('Host') ?? 'localhost'}`;

const uploadHeaders = (call: RepositoryCall, id: string): Headers =>
  new Headers({
    'Content-Length': '0',
    'Docker-Upload-Uuid': id,
    Location: `${hostOf(call)}/v2/${call.name}/blobs/uploads/${id}`,
  });

const created = (call: RepositoryCall, digest: string): Response => ({
  status: 201,
  headers: new Headers({
    'Content-Length': '0',
    'Docker-Content-Digest': digest,
    Location: `${hostOf(call)}/v2/${call.name}/blobs/${digest}`,
  }),
  body: noBytes,
});
