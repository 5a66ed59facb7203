import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import type { Kind } from '../../apimachinery/kind';
import { hashOf, loadTypes, openapiDocument } from '../openapi/document';
import { openapiV2 } from '../openapi/v2';
import type { Exchange } from './exchange';
import { answer, plain } from './respond';

interface Known {
  readonly kinds: readonly Kind[];
  readonly schemas: readonly unknown[];
  readonly hash: string;
  body: Uint8Array | undefined;
}

/** Documents by what they are made of; a new kind makes new ones. */
const documents = new WeakMap<Kind, Known>();

function documentOf(kinds: readonly Kind[]): Known {
  const [first] = kinds;
  const known = first === undefined ? undefined : documents.get(first);
  const schemas = kinds.map((kind) => kind.openApi ?? kind.schema);
  if (known?.kinds.length === kinds.length && known.schemas.every((schema, at) => schema === schemas[at])) return known;
  const made: Known = { kinds, schemas, hash: hashOf(kinds), body: undefined };
  if (first !== undefined) documents.set(first, made);
  return made;
}

/** The kinds of each group version, by its path: `apis/apps/v1`. */
function groupVersions({ server }: Exchange): ReadonlyMap<string, Kind[]> {
  const groups = new Map<string, Kind[]>();
  for (const kind of server.registry.storage.views) {
    const path = kind.names.group === '' ? `api/${kind.apiVersion}` : `apis/${kind.apiVersion}`;
    groups.set(path, [...(groups.get(path) ?? []), kind]);
  }
  return groups;
}

/** `/openapi/v3` with the documents of the group versions, and `/openapi/v2`. */
export function openapi(exchange: Exchange): Response | Promise<Response> | undefined {
  const { info } = exchange;
  const parts = info.path.split('/').filter((part) => part !== '');
  if (parts[0] !== 'openapi') return undefined;
  if (parts[1] === 'v2' && parts.length === 2) return older(exchange);
  if (parts[1] !== 'v3') return undefined;
  const groups = groupVersions(exchange);
  if (parts.length === 2) {
    const paths: Record<string, unknown> = {};
    for (const path of [...groups.keys()].sort())
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${documentOf(groups.get(path) ?? []).hash}` };
    return answer(200, { paths });
  }
  const kinds = groups.get(parts.slice(2).join('/'));
  return kinds === undefined ? undefined : described(exchange, kinds);
}

/** The texts come from outside the simulation, which waits for them: they take no time in it. */
async function described({ server, info }: Exchange, kinds: readonly Kind[]): Promise<Response> {
  const document = documentOf(kinds);
  if (document.body === undefined) {
    await server.clock.external(() => loadTypes(kinds));
    document.body = encode(JSON.stringify(openapiDocument(kinds)));
  }
  const { body, hash } = document;
  const wanted = info.query.get('hash');
  return {
    status: 200,
    headers: new Headers({
      // Asked for by its hash, it never changes.
      'Cache-Control': wanted === hash ? 'public, immutable' : 'no-cache, private',
      'Content-Type': 'application/json',
      Etag: `"${hash}"`,
      Vary: 'Accept',
      'Content-Length': String(body.length),
    }),
    body,
  };
}

/** One document of all kinds. Who takes it as protobuf only (real kubectl, for plaintext-openapiv2) does without. */
async function older(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange;
  const accept = request.headers.get('Accept') ?? '*/*';
  if (!/application\/json|\*\/\*/.test(accept)) return plain(406, '406 Not Acceptable\n');
  const groups = [...groupVersions(exchange)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kinds]) => kinds);
  await server.clock.external(() => loadTypes(groups.flat()));
  return answer(200, openapiV2(groups.map(openapiDocument)));
}
